"""Text files as UTF-8, whatever they were written in."""

import codecs
import mmap
from dataclasses import dataclass

from dtkstool.read.result import Note
from dtkstool.read.sniff import Content, looks_utf16

_CHUNK = 16 << 20


@dataclass(frozen=True)
class Utf8:
    """The bytes of a text file in UTF-8 without BOM, and what was done to get there."""

    data: Content
    changed: bool
    """False if these are the bytes of the file."""
    notes: tuple[Note, ...] = ()


def as_utf8(data: Content) -> Utf8:
    """Return `data` in UTF-8: by its BOM, else UTF-16 by its zeros, else strict UTF-8, else cp1252.

    Bytes that cp1252 leaves undefined are read as latin-1. NUL characters are dropped and old Mac
    line ends become `\\n`; both are noted.
    """
    encoding = looks_utf16(data[:4096]) or ("utf-8-sig" if _is_utf8(data) else "cp1252")
    if isinstance(data, mmap.mmap):
        if encoding == "utf-8-sig" and _is_plain(data):
            return Utf8(data, changed=False)
        data = data[:]
    notes = [] if encoding == "utf-8-sig" else [Note("encoding", {"encoding": encoding})]
    if encoding == "utf-8-sig":
        text = data.removeprefix(codecs.BOM_UTF8)
    else:
        text = _transcoded(data, encoding)
    if 0 in text:
        notes.append(Note("nul_stripped", {"count": text.count(0)}))
        text = text.translate(None, b"\x00")
    if b"\n" not in text and b"\r" in text:
        text = text.replace(b"\r", b"\n")
    text = text.removesuffix(b"\x1a")
    return Utf8(text, len(text) != len(data) or encoding != "utf-8-sig", tuple(notes))


def _is_plain(data: mmap.mmap) -> bool:
    """Return whether there is nothing to take out: no BOM, no NUL, no odd line or file end."""
    odd = data[:3] == codecs.BOM_UTF8 or data.find(b"\x00") >= 0 or data[-1:] == b"\x1a"
    return not odd and data.find(b"\n") >= 0


def _is_utf8(data: Content) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            part = bytes(view[start : start + _CHUNK])
            if decoder.getstate()[0] or not part.isascii():
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _latin1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("dtkstool_latin1", _latin1)


def _transcoded(data: bytes, encoding: str) -> bytes:
    errors = "dtkstool_latin1" if encoding == "cp1252" else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    view = memoryview(data)
    parts = [
        decoder.decode(view[start : start + _CHUNK]).encode("utf-8", "replace")
        for start in range(0, len(data), _CHUNK)
    ]
    return b"".join(parts) + decoder.decode(b"", final=True).encode("utf-8", "replace")
