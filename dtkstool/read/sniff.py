"""What a file is, by its first bytes; its suffix is only compared."""

import io
import mmap
import re
import struct
import zipfile
import zlib
from pathlib import PurePath
from typing import Literal

from dtkstool.errors import UnreadableFile, Where

Content = bytes | mmap.mmap
"""The bytes of a file; those of a large text are mapped and not loaded."""
Kind = Literal["xlsx", "xlsb", "xls", "ods", "parquet", "gzip", "zip", "xmlss", "text"]

SUFFIXES: dict[str, frozenset[Kind]] = {
    ".xlsx": frozenset({"xlsx"}),
    ".xlsm": frozenset({"xlsx"}),
    ".xltx": frozenset({"xlsx"}),
    ".xls": frozenset({"xls"}),
    ".xlsb": frozenset({"xlsb"}),
    ".ods": frozenset({"ods"}),
    ".csv": frozenset({"text"}),
    ".tsv": frozenset({"text"}),
    ".txt": frozenset({"text"}),
    ".tab": frozenset({"text"}),
    ".psv": frozenset({"text"}),
    ".dat": frozenset({"text"}),
    ".xml": frozenset({"xmlss"}),
    ".parquet": frozenset({"parquet"}),
    ".gz": frozenset({"gzip"}),
    ".zip": frozenset({"zip"}),
}
"""The suffixes looked for in folders and archives, and the kinds they promise."""

_OTHER_OLE = (("WordDocument", "Word"), ("PowerPoint", "PowerPoint"), ("__substg1.0", "Outlook"))
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_NOTHING = b"\x00 \t\r\n\x1a\xef\xbb\xbf"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_ERRORS = (
    zipfile.BadZipFile, OSError, EOFError, RuntimeError, ValueError, zlib.error, struct.error,
    OverflowError,
)  # fmt: skip
"""What the zip module raises on archives that are damaged."""
_HTML = re.compile(rb"<(?:!doctype html|html|table|head|body|meta|style|div)\b", re.I)
_SPREADSHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_FOREIGN = ((b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"),
            (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"SQLite format 3", "SQLite"))  # fmt: skip


def kind_of(data: Content, name: str) -> Kind:
    """Return what `data` is; UnreadableFile if it is nothing that can be read."""
    head = data[:65536]
    if not head.strip(_NOTHING) and not data[:].strip(_NOTHING):
        raise UnreadableFile("empty_file", where=Where(name))
    if data[:4] == b"PAR1":
        return "parquet"
    if data[:2] == b"\x1f\x8b":
        return "gzip"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(data[:], name)
    if data[:8] == _OLE:
        return _ole_kind(data[:], name)
    return _text_kind(head, name)


def promised(name: str) -> frozenset[Kind]:
    """Return the kinds that a file's suffix promises; empty if it promises none."""
    return SUFFIXES.get(PurePath(name).suffix.lower(), frozenset())


def _zip_kind(data: bytes, name: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
            manifest = (
                archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            )
    except ZIP_ERRORS as error:
        raise UnreadableFile("truncated_file", where=Where(name), detail=str(error)) from error
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if b"encryption-data" in manifest:
            raise UnreadableFile("locked_file", where=Where(name))
        return "ods"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(n.startswith("xl/") for n in names) and "[Content_Types].xml" in names:
        return "xlsx"
    if "[Content_Types].xml" in names or mimetype:
        raise UnreadableFile("not_a_table", where=Where(name), kind="Word/PowerPoint/OpenDocument")
    return "zip"


def _ole_kind(data: bytes, name: str) -> Kind:
    def stream(title: str) -> bool:
        return title.encode("utf-16-le") in data

    if stream("EncryptedPackage"):
        raise UnreadableFile("locked_file", where=Where(name))
    if not stream("Workbook") and not stream("Book"):
        for title, label in _OTHER_OLE:
            if stream(title):
                raise UnreadableFile("not_a_table", where=Where(name), kind=label)
    return "xls"


def _text_kind(head: bytes, name: str) -> Kind:
    for magic, label in _FOREIGN:
        if head.startswith(magic):
            raise UnreadableFile("not_a_table", where=Where(name), kind=label)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        if _SPREADSHEET_XML in head:
            return "xmlss"
        if _HTML.search(head):
            raise UnreadableFile("html_file", where=Where(name))
        raise UnreadableFile("not_a_table", where=Where(name), kind="XML")
    if _is_noise(head):
        raise UnreadableFile("binary_file", where=Where(name))
    return "text"


def looks_utf16(head: bytes) -> str:
    """Return the UTF-16 variant that `head` is written in, or an empty string."""
    if head[:2] in _UTF16_BOMS:
        return "utf-16"
    size = min(len(head), 4096) // 2
    if size < 4:
        return ""
    even, odd = head[: size * 2 : 2].count(0), head[1 : size * 2 : 2].count(0)
    if odd > 0.7 * size and even < 0.1 * size:
        return "utf-16-le"
    if even > 0.7 * size and odd < 0.1 * size:
        return "utf-16-be"
    return ""


def _is_noise(head: bytes) -> bool:
    if looks_utf16(head):
        return False
    control = bytes(b for b in range(1, 32) if b not in b"\t\n\r\x0b\x0c\x1a\x1b") + b"\x7f"
    noise = len(head) - len(head.translate(None, control))
    nul = head.count(0)
    return noise > 0.005 * len(head) + 2 or nul > 0.2 * len(head)
