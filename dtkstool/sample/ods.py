"""A minimal OpenDocument spreadsheet, all cells text: no library, no time of day inside."""

import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

STILL = (1980, 1, 1, 0, 0, 0)
"""The time in archives and workbooks: the same settings give the same bytes."""
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document-content xmlns:office="{_NAMES}:office:1.0"'
    f' xmlns:table="{_NAMES}:table:1.0" xmlns:text="{_NAMES}:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def _blanks(match: re.Match[str]) -> str:
    return f'<text:s text:c="{len(match.group())}"/>'


def _paragraph(text: str) -> str:
    marked = re.sub(r"^ +| +$|(?<= ) +", _blanks, escape(text))
    return "<text:p>" + marked.replace("\t", "<text:tab/>") + "</text:p>"


def _cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    body = "".join(map(_paragraph, text.split("\n")))
    return f'<table:table-cell office:value-type="string">{body}</table:table-cell>'


def write_ods_tables(tables: list[tuple[str, list[list[str]]]], path: Path) -> None:
    """Write tables (name, rows of texts); an empty text is an empty cell."""
    parts = [_HEAD]
    for name, rows in tables:
        parts.append(f"<table:table table:name={quoteattr(name)}>")
        lines = ("".join(map(_cell, row)) for row in rows)
        parts.extend(f"<table:table-row>{line}</table:table-row>" for line in lines)
        parts.append("</table:table>")
    members = {
        "mimetype": MIMETYPE,
        "META-INF/manifest.xml": _MANIFEST,
        "content.xml": "".join([*parts, _TAIL]),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, STILL), text, kind)
