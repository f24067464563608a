"""OpenDocument spreadsheets as the library reads them whole.

A tab or a line break inside a paragraph is an element there (`text:tab`, `text:line-break`), which
calamine passes over: `SITI⇥AMINAH` would be read as SITIAMINAH.
"""

import io
import re
import zipfile
import zlib

CONTENT = "content.xml"
SIGNS = {b"tab": b"\t", b"line-break": b"\n"}
ELEMENT = re.compile(rb"<text:(tab|line-break)\b[^>]*?(?:/>|>\s*</text:\1>)")


def with_signs(data: bytes) -> bytes:
    """Return a spreadsheet's bytes with such elements as the signs they stand for.

    Without any, and if it is no archive with contents, the bytes are returned as they are.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read(CONTENT)
            if not ELEMENT.search(content):
                return data
            members = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError, OSError):
        return data
    members[CONTENT] = ELEMENT.sub(lambda found: SIGNS[found[1]], content)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_STORED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return changed.getvalue()
