"""Editing an OpenDocument spreadsheet in place: cells and rows of content.xml, all else as it was.

Where a row or cell stands for several like it (`number-rows-repeated`), the one that changes is
taken out of the run. Source: OpenDocument 1.3 part 3, §9.1 (tables), §19.385 (value types).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from xml.parsers import expat
from zipfile import ZipFile

from dtkstool.write.register_cells import CellEdit, Removed, fitted
from dtkstool.write.register_xlsx import Edits, number_as_read, repacked

CONTENT = "content.xml"
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
NAMES = "urn:oasis:names:tc:opendocument:xmlns"
TABLE, TEXT, OFFICE = f"{NAMES}:table:1.0", f"{NAMES}:text:1.0", f"{NAMES}:office:1.0"
CELLS = {f"{TABLE} table-cell", f"{TABLE} covered-table-cell"}
ROW, PARAGRAPH = f"{TABLE} table-row", f"{TEXT} p"
SIGNS = {f"{TEXT} tab": "\t", f"{TEXT} line-break": "\n"}
TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MIDNIGHT = " 00:00:00"
FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no XML may hold."""
OUTSIDE = 1 << 30
VALUED = rb"value-type|value|date-value|time-value|boolean-value|string-value|currency"


@dataclass
class _Part:
    """An element of content.xml: where it lies, and for how many like it it stands."""

    start: int
    end: int = 0
    repeated: int = 1
    attributes: dict[str, str] = field(default_factory=dict)
    inner: list["_Part"] = field(default_factory=list)
    """The cells of a row; what a cell holds that is no text of its own."""
    paragraphs: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        """The text of a cell as the reader gives it."""
        for name in ("string-value", "date-value", "value", "boolean-value"):
            told = self.attributes.get(f"{OFFICE} {name}")
            if told is not None:
                return number_as_read(told) if name == "value" else told
        return "\n".join(self.paragraphs)


def edit_spreadsheet(
    data: bytes, edits: Edits, removed: dict[str, Removed]
) -> tuple[bytes, list[int], dict[str, set[int]]] | None:
    """Return the spreadsheet with cells changed and rows removed, and what could not be found.

    In one with formulas, merged cells or ranges, a removed row is emptied instead, so that what
    refers to its neighbours stays right. None if its contents are no sound UTF-8 XML.
    """
    source = ZipFile(BytesIO(data))
    content = source.read(CONTENT)
    sheets = {name: _Sheet(edits.get(name, []), gone) for name, gone in removed.items()}
    sheets |= {name: _Sheet(of, removed.get(name, {})) for name, of in edits.items()}
    try:
        content.decode("utf-8")
        reader = _Reader(content, sheets)
    except (expat.ExpatError, UnicodeDecodeError):
        return None
    pieces, done = [], 0
    for start, end, new in reader.changes(emptied=_referring(content)):
        pieces += [content[done:start], new]
        done = end
    new_content = b"".join([*pieces, content[done:]])
    unplaced = [edit.id for sheet in sheets.values() for of in sheet.edits.values() for edit in of]
    missing = {name: set(sheet.removed) for name, sheet in sheets.items()}
    return repacked(source, {CONTENT: new_content}), unplaced, missing


def _referring(content: bytes) -> bool:
    """Return whether anything refers to cells by their row."""
    refers = rb":(?:formula|print-ranges|named-range|database-range|shapes)\b"
    merged = rb"|:number-rows-spanned\s*=\s*.(?!1\b)|target-range-address"
    return bool(re.search(refers + merged, content))


class _Sheet:
    """What is left to do in one sheet."""

    def __init__(self, edits: Iterable[CellEdit], removed: Removed) -> None:
        self.edits: dict[int, list[CellEdit]] = {}
        for edit in edits:
            self.edits.setdefault(edit.row, []).append(edit)
        self.removed = dict(removed)

    def touched(self, rows: range) -> list[int]:
        """Return the rows of a run that change."""
        few = rows if len(rows) <= len(self.edits) + len(self.removed) else None
        wanted = few or sorted({*self.edits, *self.removed})
        return [row for row in wanted if row in rows and (row in self.edits or row in self.removed)]


class _Reader:
    """content.xml, parsed once, with the places of what changes."""

    def __init__(self, content: bytes, sheets: dict[str, _Sheet]) -> None:
        self.content = content
        self.sheets = sheets
        self.prefixes: dict[str, str] = {}
        self.runs: list[tuple[_Sheet, int, _Part]] = []
        self._sheet: _Sheet | None = None
        self._row = 0
        self._tables = 0
        self._cell_at = OUTSIDE
        """At what depth the cell lies that is being read."""
        self._open: list[tuple[str, _Part]] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = False
        self._parser.StartNamespaceDeclHandler = self._declared
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._said
        self._parser.Parse(content, True)

    def changes(self, *, emptied: bool) -> Iterator[tuple[int, int, bytes]]:
        """Give start, end and new bytes of each run of rows that changes."""
        for sheet, first, run in self.runs:
            rows = range(first, first + run.repeated)
            pieces, at = [], first
            for row in sheet.touched(rows):
                new = self._changed(sheet, row, run, emptied=emptied)
                if new is not None:
                    pieces += [self._repeated(run, row - at), new]
                    at = row + 1
            yield run.start, run.end, b"".join([*pieces, self._repeated(run, rows.stop - at)])

    def _declared(self, prefix: str | None, uri: str) -> None:
        self.prefixes.setdefault(uri, f"{prefix}:" if prefix else "")

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        part = _Part(self._parser.CurrentByteIndex, attributes=attributes)
        if name == f"{TABLE} table":
            if self._tables == 0:
                self._sheet = self.sheets.get(attributes.get(f"{TABLE} name", ""))
                self._row = 1
            self._tables += 1
        elif name == ROW:
            part.repeated = int(attributes.get(f"{TABLE} number-rows-repeated", 1))
        elif name in CELLS:
            part.repeated = int(attributes.get(f"{TABLE} number-columns-repeated", 1))
            if self._tables == 1:
                self._cell_at = len(self._open)
        elif name == PARAGRAPH and len(self._open) == self._cell_at + 1:
            self._open[-1][1].paragraphs.append("")
        elif name in SIGNS:
            self._said(SIGNS[name])
        elif name == f"{TEXT} s":
            self._said(" " * int(attributes.get(f"{TEXT} c", 1)))
        self._open.append((name, part))

    def _ended(self, name: str) -> None:
        _, part = self._open.pop()
        part.end = self._end_of(part)
        self._tables -= name == f"{TABLE} table"
        if self._sheet is None or self._tables > 1:
            return
        if self._tables == 0:
            self._sheet = None
        elif name == ROW:
            if self._sheet.touched(range(self._row, self._row + part.repeated)):
                self.runs.append((self._sheet, self._row, part))
            self._row += part.repeated
        elif name in CELLS:
            self._cell_at = OUTSIDE
            self._open[-1][1].inner.append(part)
        elif len(self._open) == self._cell_at + 1 and name != PARAGRAPH:
            self._open[-1][1].inner.append(part)

    def _end_of(self, part: _Part) -> int:
        """Return where the element that was just left ends; of an empty tag we are there."""
        at = self._parser.CurrentByteIndex
        start, end = TAG.match(self.content, part.start), TAG.match(self.content, at)
        empty = start is not None and start.end() == at and start[0].endswith(b"/>")
        return at if empty or end is None else end.end()

    def _said(self, text: str) -> None:
        """Take the text of a cell's own paragraphs, not of its notes and drawings."""
        below = self._open[self._cell_at + 1 :]
        if below and below[0][0] == PARAGRAPH:
            self._open[self._cell_at][1].paragraphs[-1] += text

    def _repeated(self, part: _Part, times: int) -> bytes:
        """Return a row or cell as one that stands for `times` of it; nothing for none."""
        if times == 0:
            return b""
        whole = self.content[part.start : part.end]
        return whole if times == part.repeated else _with_repeat(whole, times)

    def _changed(self, sheet: _Sheet, row: int, run: _Part, *, emptied: bool) -> bytes | None:
        """Return one row of a run with its edits made, emptied or gone; None if it stays."""
        probe = sheet.removed.get(row)
        if row in sheet.removed and (probe is None or self._fits(run, probe) is not None):
            del sheet.removed[row]
            sheet.edits.pop(row, None)
            return self._row_with(run, {}, blank=True) if emptied else b""
        new: dict[int, str] = {}
        left = []
        for edit in sheet.edits.pop(row, []):
            text = self._fits(run, edit, new.get(edit.column))
            if text is None:
                left.append(edit)
            else:
                new[edit.column] = text
        if left:
            sheet.edits[row] = left
        return self._row_with(run, new) if new else None

    def _fits(self, run: _Part, edit: CellEdit, before: str | None = None) -> str | None:
        """Return a cell's new text; None if it does not hold what the edit is about."""
        cell = next((c for at, c in _columns(run) if edit.column in at), None)
        if cell is None or f"{TABLE} formula" in cell.attributes:
            return None
        value = cell.value if before is None else before
        return fitted(value, edit)

    def _row_with(self, run: _Part, new: dict[int, str], *, blank: bool = False) -> bytes:
        """Return one row of a run with new texts by column."""
        pieces, done = [], run.start
        for columns, cell in _columns(run):
            touched = sorted(columns if blank and cell.value else new.keys() & set(columns))
            at = columns.start
            pieces.append(self.content[done : cell.start])
            for column in touched:
                pieces.append(self._repeated(cell, column - at))
                pieces.append(self._cell(cell, "" if blank else new[column]))
                at = column + 1
            pieces.append(self._repeated(cell, columns.stop - at))
            done = cell.end
        return _with_repeat(b"".join([*pieces, self.content[done : run.end]]), 1)

    def _cell(self, cell: _Part, text: str) -> bytes:
        """Return a cell with a new text: its style, notes and drawings stay."""
        tag = TAG.match(self.content, cell.start)
        assert tag is not None
        office, paragraph = self.prefixes[OFFICE], self.prefixes.get(TEXT, "text:") + "p"
        bare = re.sub(rb"\s[\w.-]+:(?:" + VALUED + rb")\s*=\s*(?:\"[^\"]*\"|'[^']*')",
                      b"", tag[0])  # fmt: skip
        head = _with_repeat(bare.rstrip(b"/>").rstrip(), 1)
        name = re.match(rb"<([^\s/>]+)", tag[0])
        assert name is not None
        if DAY.fullmatch(text.removesuffix(MIDNIGHT)) and f"{OFFICE} date-value" in cell.attributes:
            day = text.removesuffix(MIDNIGHT)
            typed, lines = f' {office}value-type="date" {office}date-value="{day}"', [day]
        else:
            typed, lines = f' {office}value-type="string"' if text else "", text.split("\n")
        kept = b"".join(self.content[part.start : part.end] for part in cell.inner)
        written = "".join(
            f"<{paragraph}>{self._marked(line)}</{paragraph}>" for line in lines if text
        )
        return head + typed.encode() + b">" + kept + written.encode() + b"</" + name[1] + b">"

    def _marked(self, line: str) -> str:
        """Return a line with the blanks marked that XML would lose."""
        prefix = self.prefixes.get(TEXT, "text:")
        safe = escape(FORBIDDEN.sub("", line), quote=False)
        blanks = re.sub(
            r"^ +| +$|(?<= ) +", lambda m: f'<{prefix}s {prefix}c="{len(m[0])}"/>', safe
        )
        return blanks.replace("\t", f"<{prefix}tab/>")


def _columns(run: _Part) -> Iterator[tuple[range, _Part]]:
    """Give the cells of a row, each with the columns it stands for."""
    at = 0
    for cell in run.inner:
        yield range(at, at + cell.repeated), cell
        at += cell.repeated


def _with_repeat(element: bytes, times: int) -> bytes:
    """Return an element with the number of those it stands for; none is written for one."""
    tag = TAG.match(element)
    head = tag[0] if tag else element
    kind = (
        b"number-rows-repeated" if b"table-row" in head.split()[0] else b"number-columns-repeated"
    )
    found = re.search(rb"\s([\w.-]+:)" + kind + rb"\s*=\s*(?:\"\d*\"|'\d*')", head)
    if found is None:
        return element
    written = b' %s%s="%d"' % (found[1], kind, times) if times > 1 else b""
    return head[: found.start()] + written + head[found.end() :] + element[len(head) :]
