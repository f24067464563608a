"""The region table: Kemendagri's codes and names, and what a NIK's first six digits say."""

from dtkstool.wilayah.prefix import RETIRED, is_possible, prefix_status
from dtkstool.wilayah.spelling import place_key
from dtkstool.wilayah.table import children, name_of, names, regions

__all__ = [
    "RETIRED", "children", "is_possible", "name_of", "names", "place_key", "prefix_status",
    "regions",
]  # fmt: skip
