"""Editing a delimited text file: the decided cells change, every other byte stays.

The text is handled as Latin-1 letters, one per byte, so that it comes out as it went in; only new
values are encoded as the file is.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from dtkstool.write.register_cells import CellEdit, Removed, fitted

LONGEST = 100
"""Lines that one quoted cell may run over."""


Lines = list[str | None]
"""The file's lines; an edited record of several lines stands in its first, the rest None."""


def edit_text(
    data: bytes, edits: list[CellEdit], removed: Removed, rows: set[int], delimiter: str
) -> tuple[bytes, list[int], set[int]]:
    """Return the file with cells changed and records removed, and what could not be found.

    `rows` are the lines on which records start. The ids of edits whose cell does not hold what
    was read there, and the removed rows that do not hold whom they should, come back beside it.
    """
    letters, encoding = _letters(data)
    mark = "\n" if "\n" in letters else "\r"
    text = _Text([*letters.split(mark)], mark, encoding, delimiter, rows)
    missing = {row for row, probe in removed.items() if not text.holds(row, probe)}
    by_row: dict[int, list[CellEdit]] = {}
    for edit in edits:
        by_row.setdefault(edit.row, []).append(edit)
    unplaced = [id for row, wanted in by_row.items() for id in text.edit(row, wanted)]
    for row in removed.keys() - missing:
        text.remove(row)
    kept = mark.join(line for line in text.lines if line is not None)
    return kept.encode(encoding if encoding.startswith("utf-16") else "latin-1"), unplaced, missing


@dataclass
class _Text:
    """A text file while it is edited."""

    lines: Lines
    mark: str
    encoding: str
    delimiter: str
    rows: set[int]

    def holds(self, row: int, probe: CellEdit | None) -> bool:
        """Return whether the record of a row holds what the probe says."""
        if not 0 < row <= len(self.lines):
            return False
        if probe is None:
            return True
        return self._find(self._cells(self._record(row)[0]), probe) is not None

    def edit(self, row: int, edits: list[CellEdit]) -> list[int]:
        """Change cells of one record; return the ids of edits whose cell holds something else."""
        if not 0 < row <= len(self.lines):
            return [edit.id for edit in edits]
        record, last = self._record(row)
        cells, unplaced = self._cells(record), []
        for edit in edits:
            index = self._find(cells, edit)
            if index is None:
                unplaced.append(edit.id)
                continue
            new = fitted(self._decoded(cells[index]), edit) or ""
            cells[index] = _written(self._encoded(new), cells[index], self.delimiter)
        end = "\r" if record.endswith("\r") else ""
        self.lines[row - 1 : last] = [self.delimiter.join(cells) + end, *[None] * (last - row)]
        return unplaced

    def remove(self, row: int) -> None:
        """Take the record of a row out."""
        last = self._record(row)[1]
        self.lines[row - 1 : last] = [None] * (last - row + 1)

    def _record(self, first: int) -> tuple[str, int]:
        """Return the record that starts on line `first`, and its last line."""
        record = self.lines[first - 1] or ""
        if not record.count('"') % 2:
            return record, first
        whole = record
        for last in range(first + 1, min(first + LONGEST, len(self.lines)) + 1):
            line = self.lines[last - 1]
            if last in self.rows or line is None:
                break
            whole += self.mark + line
            if line.count('"') % 2:
                closed = _holds_together(whole.removesuffix("\r"), self.delimiter)
                return (whole, last) if closed else (record, first)
        return record, first

    def _cells(self, record: str) -> list[str]:
        """Return a record's cells as they stand in it, quotes and all."""
        whole = record.removesuffix("\r")
        if '"' not in whole:
            return whole.split(self.delimiter)
        return [whole[start:end] for start, end in cell_spans(whole, self.delimiter)]

    def _find(self, cells: list[str], edit: CellEdit) -> int | None:
        """Return which cell is the edit's; a delimiter typed inside a cell may have moved it."""

        def fits(index: int) -> bool:
            return fitted(self._decoded(cells[index]), edit) is not None

        if edit.column < len(cells) and fits(edit.column):
            return edit.column
        if not edit.old:
            return None
        moved = [index for index in range(edit.column + 1, len(cells)) if fits(index)]
        return moved[0] if len(moved) == 1 else None

    def _encoded(self, value: str) -> str:
        if self.encoding.startswith("utf-16"):
            return value
        return value.encode(self.encoding, "replace").decode("latin-1")

    def _decoded(self, cell: str) -> str:
        plain = _unquoted(cell)
        if self.encoding.startswith("utf-16") or (plain.isascii() and "\0" not in plain):
            return plain
        return plain.encode("latin-1").decode(self.encoding, "replace").replace("\0", "")


def _letters(data: bytes) -> tuple[str, str]:
    """Return the text, one letter per byte unless it is UTF-16, and how new values are encoded."""
    wide = _utf16(data)
    if wide:
        return data.decode(wide), wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1"), "cp1252"
    return data.decode("latin-1"), "utf-8"


def _utf16(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    head = data[:4096]
    half = len(head) // 2
    even, odd = head[::2].count(0), head[1::2].count(0)
    if half >= 4 and odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if half >= 4 and even > 0.7 * half and odd < 0.1 * half else ""


def _written(value: str, old: str, delimiter: str) -> str:
    quoted = old.startswith('"') and old.endswith('"') and len(old) > 1
    if quoted or any(sign in value for sign in (delimiter, "\n", "\r")) or value.startswith('"'):
        return '"' + value.replace('"', '""') + '"'
    return value


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def cell_spans(record: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Yield where each cell starts and ends; a quote that wraps no whole cell is a letter."""
    start = 0
    while True:
        end = _quoted_end(record, start, delimiter)
        if end < 0:
            end = record.find(delimiter, start)
            end = len(record) if end < 0 else end
        yield start, end
        if end >= len(record):
            return
        start = end + 1


def _quoted_end(record: str, start: int, delimiter: str) -> int:
    """Return where the quoted cell that opens at `start` ends, -1 if there is none."""
    if not record.startswith('"', start):
        return -1
    close = record.find('"', start + 1)
    while close >= 0:
        after = record[close + 1 : close + 2]
        if after in ("", delimiter):
            return close + 1
        if after != '"':
            return -1
        close = record.find('"', close + 2)
    return -1


def _holds_together(record: str, delimiter: str) -> bool:
    return all(
        "\n" not in record[a:b] or record[a] == '"' for a, b in cell_spans(record, delimiter)
    )
