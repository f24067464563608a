"""The smallest whole images of each format, each number another picture of one pixel."""

import struct
import zlib


def jpeg(number=0):
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
    return head + frame + scan + b"\x11" * 20 + struct.pack(">H", number) + b"\xff\xd9"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(number=0):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 0, 0, 0, 0))
    pixel = zlib.compress(b"\0" + struct.pack(">H", number))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def gif():
    return (
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    )


def bmp():
    return (
        b"BM"
        + struct.pack("<IHHIIiiHHIIIIII", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0)
        + b"\1\2\3\0"
    )


def tiff(order="<"):
    tags = (256, 1), (257, 1), (273, 8), (279, 4)
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in tags)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    strip = b"\1\2\3\4"
    return (
        mark
        + struct.pack(order + "I", 12)
        + strip
        + struct.pack(order + "H", 4)
        + entries
        + b"\0" * 4
    )


def webp():
    data = b"\x2f\x00\x00\x00\x00\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\x01\x00"
    return (
        b"RIFF"
        + struct.pack("<I", 12 + len(data))
        + b"WEBPVP8L"
        + struct.pack("<I", len(data))
        + data
    )


def box(kind, data):
    return struct.pack(">I", 8 + len(data)) + kind + data


def heic():
    size = box(b"ispe", struct.pack(">III", 0, 1, 1))
    meta = box(b"meta", b"\0" * 4 + box(b"iprp", box(b"ipco", size)))
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + meta + box(b"mdat", b"\1" * 30)


WHOLE = {"jpeg": jpeg(), "png": png(), "gif": gif(), "bmp": bmp(), "tiff": tiff(),
         "tiff, the other order": tiff(">"), "webp": webp(), "heic": heic()}  # fmt: skip
