"""Colours, fonts and cell formats of the workbooks.

Orange and blue stay apart for colour-blind readers, and every coloured difference is also bold and
underlined, so that a black-and-white print says the same.
"""

from typing import Any

FONT, SIZE = "Arial", 10
"""Its digits are of one width, and every office suite has it or a face of the same measures."""
INK, PALE, LINE = "#1F2937", "#6B7583", "#C5CCD6"
NAVY, SKY = "#1F3864", "#DCE6F2"
AMBER, SAND, CREAM = "#9C5700", "#FFE08A", "#FFF8E1"
OLD_INK, OLD_FILL = "#A63A00", "#FCEBDD"
NEW_INK, NEW_FILL = "#0B4F9E", "#E1EEFB"
GREEN, GREY, ALARM = "#CDEBD3", "#E3E5E8", "#F4A582"

AS_TEXT = 49
"""The built-in number format `@` (ECMA-376 part 1, §18.8.30)."""
TEXT = {"num_format": AS_TEXT, "font_name": FONT, "font_size": SIZE, "font_color": INK}
CELL = TEXT | {"text_wrap": True, "valign": "top", "border": 1, "border_color": LINE}
HEAD = CELL | {"bold": True, "align": "center", "valign": "vcenter"}
STYLES: dict[str, dict[str, Any]] = {
    "nomor": {"num_format": "0", "align": "center", "font_color": PALE},
    "teks": {},
    "tebal": {"bold": True},
    "lama": {"bg_color": OLD_FILL},
    "baru": {"bg_color": NEW_FILL},
    "kiri": {"bg_color": NEW_FILL},
    "kanan": {"bg_color": OLD_FILL},
    "kartu": {},
}
"""What each column style adds to a cell."""
MARKED = {"bold": True, "underline": 1}
INKS = {"lama": OLD_INK, "kanan": OLD_INK}


class Looks:
    """The formats of one workbook, made when first asked for and shared by equal cells."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def cell(self, style: str, *, first: bool = True, pale: bool = False) -> Any:
        """Return a locked data cell; `first` draws the line above a new person."""
        top = {"top": 1, "top_color": NAVY} if first else {}
        ink = {"font_color": PALE, "bold": False} if pale else {}
        return self.format(**CELL | STYLES[style] | top | ink)

    def marked(self, style: str, *, first: bool = True) -> Any:
        """Return a data cell whose whole value differs."""
        top = {"top": 1, "top_color": NAVY} if first else {}
        return self.format(**CELL | STYLES[style] | top | MARKED | {"font_color": _ink(style)})

    def entry(self, style: str, *, first: bool = True) -> Any:
        """Return an operator's cell: unlocked, cream."""
        top = {"top": 1, "top_color": NAVY} if first else {}
        return self.format(**CELL | STYLES[style] | top | {"locked": False, "bg_color": CREAM})


def _ink(style: str) -> str:
    return INKS.get(style, NEW_INK)
