"""Text files as UTF-8, whatever they were written in; large ones are rewritten on disk."""

import codecs
import mmap
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dtkstool.read.result import Note
from dtkstool.read.sniff import Content, looks_utf16

CHUNK = 16 << 20
OF_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
"""A letter with a mark, or a sign, in UTF-8; as cp1252 two or three signs that nobody types."""


@dataclass(frozen=True)
class Utf8:
    """The bytes of a text file in UTF-8 without BOM, and what was done to get there."""

    data: Content
    changed: bool
    """False if these are the bytes of the file."""
    notes: tuple[Note, ...] = ()


def as_utf8(data: Content) -> Utf8:
    """Return `data` in UTF-8: by its BOM, else UTF-16 by its zeros, else strict UTF-8, else cp1252.

    Bytes that cp1252 leaves undefined are read as latin-1. What is UTF-8 in a file that is not
    wholly so is noted: each such sign is read as two or three others. NUL characters are dropped
    and old Mac line ends become `\\n`; both are noted. What is mapped stays mapped, as a file of
    our own.
    """
    encoding = looks_utf16(data[:4096]) or ("utf-8-sig" if _is_utf8(data) else "cp1252")
    notes = [] if encoding == "utf-8-sig" else [Note("encoding", {"encoding": encoding})]
    mixed = sum(len(OF_UTF8.findall(part)) for part in chunks(data)) if encoding == "cp1252" else 0
    if mixed:
        notes.append(Note("encodings_mixed", {"count": mixed}))
    if isinstance(data, mmap.mmap) and encoding == "utf-8-sig" and _is_plain(data):
        return Utf8(data, changed=False)
    text, nuls = _on_disk(data, encoding) if isinstance(data, mmap.mmap) else _held(data, encoding)
    if nuls:
        notes.append(Note("nul_stripped", {"count": nuls}))
    return Utf8(text, len(text) != len(data) or encoding != "utf-8-sig", tuple(notes))


def release(data: Content, start: int, end: int) -> None:
    """Let go of the memory that holds a part of what is mapped; it can be read again."""
    if isinstance(data, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        first = start - start % mmap.PAGESIZE
        data.madvise(mmap.MADV_DONTNEED, first, end - first)


def chunks(data: Content) -> Iterator[bytes]:
    """Give the bytes in order, some at a time."""
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]
        release(data, start, min(start + CHUNK, len(data)))


def _is_plain(data: mmap.mmap) -> bool:
    """Return whether there is nothing to take out: no BOM, no NUL, no odd line or file end."""
    odd = data[:3] == codecs.BOM_UTF8 or data[-1:] == b"\x1a" or data.find(b"\n") < 0
    return not odd and all(b"\x00" not in part for part in chunks(data))


def _is_utf8(data: Content) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in chunks(data):
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


def _held(data: bytes, encoding: str) -> tuple[bytes, int]:
    """Return the text, and how many NULs were dropped."""
    text = b"".join(_transcoded(data, encoding))
    nuls = text.count(0) if 0 in text else 0
    if nuls:
        text = text.translate(None, b"\x00")
    if b"\n" not in text and b"\r" in text:
        text = text.replace(b"\r", b"\n")
    return text.removesuffix(b"\x1a"), nuls


def _on_disk(data: mmap.mmap, encoding: str) -> tuple[Content, int]:
    """Return the same as `_held`, the text in a file that is gone when nobody reads it any more."""
    nuls, has_lines = 0, False
    with tempfile.TemporaryFile(prefix="dtkstool-") as file:
        for part in _transcoded(data, encoding):
            dropped = part.count(0)
            nuls += dropped
            file.write(part.translate(None, b"\x00") if dropped else part)
            has_lines = has_lines or b"\n" in part
        if not has_lines:
            _with_new_lines(file)
        size = file.seek(-1, 2)
        if file.read(1) != b"\x1a":
            size += 1
        file.truncate(size)
        file.flush()
        return (mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""), nuls


def _with_new_lines(file: BinaryIO) -> None:
    """Write the line ends of an old Mac's text, which has no others, anew."""
    at = 0
    while True:
        file.seek(at)
        part = file.read(CHUNK)
        if not part:
            return
        file.seek(at)
        file.write(part.replace(b"\r", b"\n"))
        at += len(part)


def _transcoded(data: Content, encoding: str) -> Iterator[bytes]:
    """Give the text in UTF-8 without BOM."""
    if encoding == "utf-8-sig":
        for nth, part in enumerate(chunks(data)):
            yield part if nth else part.removeprefix(codecs.BOM_UTF8)
        return
    errors = "dtkstool_latin1" if encoding == "cp1252" else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for part in chunks(data):
        yield decoder.decode(part).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
