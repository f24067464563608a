"""Whether a photo is a whole image: begun as one, with a size, and not cut off.

Pixels are not decoded. A photo that lost its end on the way (a phone's upload that broke off)
lacks the mark that every format puts there; what apps append behind the mark does no harm.
"""

import re
import struct
from collections.abc import Callable
from mmap import mmap

Image = bytes | mmap
JPEG_FRAME = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
JPEG_SCAN = 0xDA
BRANDS = (b"heic", b"heix", b"mif1", b"avif", b"hevc")
TIFF_WIDTH, TIFF_HEIGHT, TIFF_OFFSETS, TIFF_COUNTS = 256, 257, (273, 324), (279, 325)


def is_image(beginning: bytes) -> bool:
    """Return whether a file that begins so is an image, whatever its name says."""
    return _format(beginning) is not None


def is_whole(data: Image) -> bool:
    """Return whether an image has a size of its own and its end."""
    whole = _format(data[:32])
    try:
        return whole is not None and whole(data)
    except (struct.error, IndexError):
        return False


def _format(beginning: bytes) -> Callable[[Image], bool] | None:
    for start, whole in FORMATS:
        if re.match(start, beginning, re.S):
            return whole
    return None


def _jpeg(data: Image) -> bool:
    """ITU-T T.81 annex B: segments down to the scan, then coded data down to FFD9."""
    at, sized = 2, False
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if marker in JPEG_FRAME:
            # Of the height 0 may be told: then it comes behind the scan.
            sized = struct.unpack_from(">HH", data, at + 5)[1] > 0
        if marker == JPEG_SCAN:
            return sized and data.find(b"\xff\xd9", at + 2 + length) > 0
        at += 2 + length
    return False


def _png(data: Image) -> bool:
    """ISO/IEC 15948, 5.3: chunks of length, type, data, checksum, down to IEND."""
    width, height = struct.unpack_from(">II", data, 16)
    at, kinds = 8, set()
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        kinds.add(kind)
        at += 12 + length
        if kind == b"IEND":
            return width > 0 and height > 0 and b"IDAT" in kinds and at <= len(data)
    return False


def _gif(data: Image) -> bool:
    """GIF89a: a screen's size, an image, and the trailer."""
    width, height = struct.unpack_from("<HH", data, 6)
    end = data[-64:].rstrip(b"\0")
    return width > 0 and height > 0 and b"," in data[13:] and end.endswith(b";")


def _bmp(data: Image) -> bool:
    """The header's size of the file, and of the image."""
    size, _, _, _, head = struct.unpack_from("<IHHII", data, 2)
    form = "<HH" if head == 12 else "<ii"
    width, height = struct.unpack_from(form, data, 18)
    whole: bool = width > 0 and height != 0 and 26 <= size <= len(data)
    return whole


def _webp(data: Image) -> bool:
    """RIFF: the length that the head tells is there."""
    size, _, kind, length = struct.unpack_from("<I4s4sI", data, 4)
    whole: bool = length >= 5 and 12 < size + 8 <= len(data)
    return whole and kind in (b"VP8 ", b"VP8L", b"VP8X")


def _heif(data: Image) -> bool:
    """ISO/IEC 23008-12: boxes that fit the file, their sizes (`ispe`) and coded data."""
    at, left = 0, {b"meta", b"mdat"}
    while left and at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        at = len(data) if size == 0 else at + max(size, 8)
        left -= {kind} if at <= len(data) else set()
    place = data.find(b"ispe")
    width, height = struct.unpack_from(">II", data, place + 8) if place > 0 else (0, 0)
    return not left and width > 0 and height > 0


def _tiff(data: Image) -> bool:
    """TIFF 6.0: a first directory with a size, and strips or tiles that lie within the file."""
    order = "<" if data[:2] == b"II" else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (entries,) = struct.unpack_from(f"{order}H", data, at)
    tags = dict(_tiff_tag(data, order, at + 2 + 12 * nth) for nth in range(entries))
    struct.unpack_from(f"{order}I", data, at + 2 + 12 * entries)
    sized = min(tags.get(TIFF_WIDTH, [0])[0], tags.get(TIFF_HEIGHT, [0])[0]) > 0
    starts = [start for tag in TIFF_OFFSETS for start in tags.get(tag, [])]
    counts = [count for tag in TIFF_COUNTS for count in tags.get(tag, [])]
    ends = [start + count for start, count in zip(starts, counts, strict=False)]
    return sized and bool(ends) and max(ends) <= len(data)


def _tiff_tag(data: Image, order: str, at: int) -> tuple[int, list[int]]:
    """Return a directory's entry: its tag, and its values if they are whole numbers."""
    tag, kind, count = struct.unpack_from(f"{order}HHI", data, at)
    sign, size = {3: ("H", 2), 4: ("I", 4)}.get(kind, ("", 0))
    if not sign or count * size > len(data):
        return tag, [0]
    place = at + 8
    if count * size > 4:
        (place,) = struct.unpack_from(f"{order}I", data, at + 8)
    return tag, list(struct.unpack_from(f"{order}{count}{sign}", data, place))


FORMATS: tuple[tuple[bytes, Callable[[Image], bool]], ...] = (
    (rb"\xff\xd8\xff", _jpeg),
    (rb"\x89PNG\r\n\x1a\n", _png),
    (rb"GIF8[79]a", _gif),
    (rb"BM", _bmp),
    (rb"II\*\0|MM\0\*", _tiff),
    (rb"RIFF....WEBP", _webp),
    (rb"....ftyp(?:" + b"|".join(BRANDS) + rb")", _heif),
)
"""How an image begins, and whether it is whole."""
