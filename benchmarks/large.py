"""A CSV as large as wanted from a smaller one, with other people in every copy.

    python benchmarks/large.py FILE.csv OUT.csv [--copies 13]

Each copy has its NIK and No KK in another province, ids and names of its own, so that families and
duplicates stay what they are within a copy and hardly anybody is in two of them.
"""

import argparse
import re
from pathlib import Path

PROVINCES = (
    *range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82,
    *range(91, 97),
)  # fmt: skip
NUMBER = re.compile(rb"(?<!\d)(\d\d)(?=\d{14}(?!\d))")
ID = re.compile(rb"(?m)^([0-9A-F])(?=[0-9A-F]{11},)")
NAME = re.compile(rb"(?<=\d{16},)(?=[A-Za-z])")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--copies", type=int, default=13)
    asked = parser.parse_args()
    header, _, body = asked.file.read_bytes().partition(b"\n")
    with asked.out.open("wb") as out:
        out.write(header + b"\n")
        for copy in range(asked.copies):
            out.write(moved(body, copy))


def moved(body: bytes, copy: int) -> bytes:
    """Return the lines with their people in other provinces, `copy` places further in the list."""
    names = [str(province).encode() for province in PROVINCES]
    further = dict(zip(names, names[copy:] + names[:copy], strict=True))
    there = NUMBER.sub(lambda found: further.get(found[1], found[1]), body)
    there = NAME.sub(b"%c%c" % (ord("A") + copy // 5, b"AEIOU"[copy % 5]), there)
    return ID.sub(lambda found: b"%c" % (ord("G") + copy % 20) + found[1], there)


if __name__ == "__main__":
    main()
