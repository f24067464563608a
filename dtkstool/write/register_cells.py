"""One cell to change, and what its new text is given what stands there."""

from dataclasses import dataclass

BLANK = " \t\r\n\x0b\x0c\u00a0\u200b\u2007\u202f\u3000\ufeff"


@dataclass(frozen=True)
class CellEdit:
    """A cell to change, if it still holds what was read there."""

    id: int
    row: int
    """As a person counts: row of the sheet, line of the text file."""
    column: int
    """From 0, A = 0."""
    old: str | None
    """As it was read; None for an empty cell."""
    new: str
    part: bool = False
    """Whether the cell holds more than this, such as RT and RW."""
    last: bool = False
    """Of several places in the cell where `old` stands, the last is meant."""
    bare: bool = False
    """Whether what protects digits from spreadsheets goes, the new text standing alone."""


Removed = dict[int, CellEdit | None]
"""Rows to remove, each with a cell of the person it is about, so that nobody else goes."""


def fitted(cell: str, edit: CellEdit) -> str | None:
    """Return the cell's new text; None if it does not hold what the edit is about.

    What protects digits from spreadsheets, `="…"` or an apostrophe, stays around them.
    """
    text, old = cell.strip(BLANK), (edit.old or "").strip(BLANK)
    if edit.part:
        return _replaced(cell, old, edit)
    if _plain(text) != _plain(old):
        return None
    if edit.bare:
        return edit.new
    if text.startswith('="') and text.endswith('"'):
        return f'="{edit.new}"'
    return f"'{edit.new}" if text.startswith("'") and text[1:].strip().isdigit() else edit.new


def _plain(text: str) -> str:
    return " ".join(text.replace("\r\n", "\n").split())


def _replaced(cell: str, old: str, edit: CellEdit) -> str | None:
    if not old or old not in cell:
        return None
    before, _, after = cell.rpartition(old) if edit.last else cell.partition(old)
    return before + edit.new + after
