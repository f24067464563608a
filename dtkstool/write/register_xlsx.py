"""Editing a workbook in place: cells and rows of its sheets' XML, everything else as it was.

Only the sheets with changes are rewritten, and of those only the cells and rows that change. New
texts are inline strings, so a NIK stays text. Source: ECMA-376 part 1, §18.3.1.4 (`c`), §18.3.1.73
(`row`).
"""

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from html import escape, unescape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from dtkstool.write.register_cells import CellEdit, Removed, fitted

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
ROW = re.compile(r"<((?:\w+:)?)row\b([^>]*?)(?:/>|>(.*?)</\1row>)", re.S)
CELL = re.compile(r"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</\1c>)", re.S)
TEXT = re.compile(r"<((?:\w+:)?)t\b[^>]*?(?:/>|>(.*?)</\1t>)", re.S)
VALUE = re.compile(r"<((?:\w+:)?)v\b[^>]*>(.*?)</\1v>", re.S)
PHONETIC = re.compile(r"<((?:\w+:)?)rPh\b.*?</\1rPh>", re.S)
DATE_CELL = re.compile(r"^(\d{4})-(\d\d)-(\d\d) 00:00:00$")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)

Edits = dict[str, list[CellEdit]]
"""By the name of the sheet."""


def edit_workbook(
    data: bytes, edits: Edits, removed: dict[str, Removed]
) -> tuple[bytes, list[int], dict[str, set[int]]]:
    """Return the workbook with cells changed and rows removed, and what could not be found.

    In a workbook with formulas, and where cells are merged downwards, a removed row is emptied
    instead, so that what refers to its neighbours stays right.
    """
    source = ZipFile(BytesIO(data))
    parts = sheet_parts(source)
    strings = _strings(source)
    formulas = any(b"<f" in source.read(part) for part in parts.values())
    old_epoch = b'date1904="1"' in source.read("xl/workbook.xml")
    rewritten: dict[str, bytes] = {}
    unplaced: list[int] = []
    missing: dict[str, set[int]] = {}
    for name in sorted({*edits, *removed}):
        part = parts.get(name)
        if part is None:
            unplaced += [edit.id for edit in edits.get(name, [])]
            missing[name] = set(removed.get(name, {}))
            continue
        sheet = _Sheet(source.read(part).decode("utf-8-sig"), strings, formulas, old_epoch)
        xml = sheet.edited(edits.get(name, []), removed.get(name, {}))
        rewritten[part] = xml.encode("utf-8")
        unplaced += sheet.unplaced
        missing[name] = sheet.missing
    return repacked(source, rewritten), unplaced, missing


def sheet_parts(source: ZipFile) -> dict[str, str]:
    """Return the part of the package that each sheet is in, by the sheet's name."""
    targets = {
        rel.get("Id"): rel.get("Target", "")
        for rel in ET.fromstring(source.read("xl/_rels/workbook.xml.rels"))
    }
    book = ET.fromstring(source.read("xl/workbook.xml"))
    sheets = [s for ns in (MAIN, STRICT) for s in book.iter(f"{ns}sheet")]
    found = {}
    for sheet in sheets:
        rel = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        target = targets.get(rel, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in source.namelist():
            found[sheet.get("name", "")] = part
    return found


def _strings(source: ZipFile) -> list[str]:
    """Return the shared strings as plain text."""
    if "xl/sharedStrings.xml" not in source.namelist():
        return []
    xml = source.read("xl/sharedStrings.xml").decode("utf-8-sig")
    items = re.findall(r"<((?:\w+:)?)si\b[^>]*?(?:/>|>(.*?)</\1si>)", xml, re.S)
    return [_text(content) for _, content in items]


def _text(content: str) -> str:
    texts = (unescape(found[1]) for found in TEXT.findall(PHONETIC.sub("", content)))
    return ESCAPED.sub(lambda m: chr(int(m[1], 16)), "".join(texts))


class _Sheet:
    """One sheet's XML while it is edited."""

    def __init__(self, xml: str, strings: list[str], formulas: bool, old_epoch: bool) -> None:
        self.xml = xml
        self.strings = strings
        self.formulas = formulas
        self.epoch = EPOCH_1904 if old_epoch else EPOCH_1900
        self.merged = _merged(xml)
        self.unplaced: list[int] = []
        self.missing: set[int] = set()

    def edited(self, edits: list[CellEdit], removed: Removed) -> str:
        """Return the XML with the edits made and the rows gone."""
        by_row: dict[int, list[CellEdit]] = {}
        for edit in edits:
            by_row.setdefault(edit.row, []).append(edit)
        self.missing = set(removed)
        dropped: list[int] = []
        number, done, out = 0, 0, []
        for found in ROW.finditer(self.xml):
            number = _number(found[2], number + 1)
            text = found[0]
            if number in removed and self._holds(found, removed[number]):
                self.missing.discard(number)
                text = self._without(found, number)
                if not text:
                    dropped.append(number)
            elif number in by_row:
                text = self._row(found, by_row.pop(number))
            if text and dropped:
                text = _renumbered(text, number - len(dropped))
            out += [self.xml[done : found.start()], text]
            done = found.end()
        self.unplaced += [edit.id for left in by_row.values() for edit in left]
        tail = self.xml[done:]
        return "".join(out) + (_shifted(tail, dropped) if dropped else tail)

    def _holds(self, row: re.Match[str], probe: CellEdit | None) -> bool:
        """Return whether a row holds whom it should."""
        if probe is None:
            return True
        cell = _cells(row[3] or "").get(probe.column)
        return fitted(self._value(cell, probe), probe) is not None

    def _without(self, row: re.Match[str], number: int) -> str:
        """Return nothing, or the row emptied where removing it would break references."""
        shared = self.merged.get(number, set())
        if not self.formulas and not shared:
            return ""

        def emptied(cell: re.Match[str]) -> str:
            if _column(cell[2]) in shared or "<f" in (cell[3] or ""):
                return cell[0]
            return f"<{cell[1]}c{_without_type(cell[2])}/>"

        return CELL.sub(emptied, row[0])

    def _row(self, row: re.Match[str], edits: list[CellEdit]) -> str:
        text = row[0]
        for edit in edits:
            now = ROW.match(text)
            found = _cells((now and now[3]) or "").get(edit.column)
            new = None if found is None and edit.old else fitted(self._value(found, edit), edit)
            if new is None or (found is not None and "<f" in (found[3] or "")):
                self.unplaced.append(edit.id)
                continue
            cell = self._written(row, found, edit, new)
            text = (
                text.replace(found[0], cell, 1)
                if found
                else _inserted(text, row[1], edit.column, cell)
            )
        return text

    def _value(self, cell: re.Match[str] | None, edit: CellEdit) -> str:
        """Return the text of a cell as a reader gives it; a day's number as the date it was."""
        if cell is None or not cell[3]:
            return ""
        if 't="s"' in cell[2]:
            index = VALUE.search(cell[3])
            return self.strings[int(index[2])] if index else ""
        if 't="inlineStr"' in cell[2]:
            return _text(cell[3])
        value = VALUE.search(cell[3])
        number = number_as_read(unescape(value[2])) if value else ""
        if DATE_CELL.match(edit.old or "") and number.isdigit():
            return f"{self.epoch + timedelta(days=int(number))} 00:00:00"
        return number

    def _written(
        self, row: re.Match[str], cell: re.Match[str] | None, edit: CellEdit, new: str
    ) -> str:
        prefix = row[1]
        attributes = _without_type(cell[2]) if cell else f' r="{letters(edit.column)}{edit.row}"'
        day = DATE_CELL.match(new)
        if day:
            serial = (date(int(day[1]), int(day[2]), int(day[3])) - self.epoch).days
            return f"<{prefix}c{attributes}><{prefix}v>{serial}</{prefix}v></{prefix}c>"
        safe = escape(ESCAPED.sub(r"_x005F_x\1_", new), quote=False)
        text = f'<{prefix}is><{prefix}t xml:space="preserve">{safe}</{prefix}t></{prefix}is>'
        return f'<{prefix}c{attributes} t="inlineStr">{text}</{prefix}c>'


def number_as_read(value: str) -> str:
    """Return a number's digits the way the reader prints them."""
    try:
        number = float(value)
    except ValueError:
        return value
    return str(int(number)) if number.is_integer() and abs(number) < 1e17 else value


def _cells(content: str) -> dict[int, re.Match[str]]:
    """Return the cells of a row by their column."""
    found: dict[int, re.Match[str]] = {}
    place = -1
    for cell in CELL.finditer(content):
        named = _column(cell[2])
        place = place + 1 if named is None else named
        found[place] = cell
    return found


def _number(attributes: str, otherwise: int) -> int:
    found = re.search(r'\br="(\d+)"', attributes)
    return int(found[1]) if found else otherwise


def _column(attributes: str) -> int | None:
    found = re.search(r'\br="([A-Z]+)\d+"', attributes)
    return index_of(found[1]) if found else None


def _without_type(attributes: str) -> str:
    return re.sub(r'\s+t="\w+"', "", attributes).rstrip().removesuffix("/").rstrip()


def _inserted(row: str, prefix: str, column: int, cell: str) -> str:
    """Return the row with a new cell at its place in the order of columns."""
    if row.endswith("/>") and "</" not in row:
        return f"{row[:-2]}>{cell}</{prefix}row>"
    head = row.index(">") + 1
    content = row[head : row.rindex("</")]
    after = [c for place, c in _cells(content).items() if place > column]
    at = head + (min(c.start() for c in after) if after else len(content))
    return row[:at] + cell + row[at:]


def _renumbered(row: str, number: int) -> str:
    head, sign, rest = row.partition(">")
    head = re.sub(r'\br="\d+"', f'r="{number}"', head, count=1)
    return head + sign + re.sub(r'(<(?:\w+:)?c\b[^>]*?\br="[A-Z]+)\d+"', rf'\g<1>{number}"', rest)


def _merged(xml: str) -> dict[int, set[int | None]]:
    """Return, by row, the columns of the cells there that are merged with rows above or below."""
    found: dict[int, set[int | None]] = {}
    for left, top, right, bottom in re.findall(
        r'mergeCell\b[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', xml
    ):
        if top != bottom:
            columns = range(index_of(left), index_of(right) + 1)
            for row in range(int(top), int(bottom) + 1):
                found.setdefault(row, set()).update(columns)
    return found


def _shifted(tail: str, dropped: list[int]) -> str:
    """Return what follows the rows with its references moved up past the removed rows."""

    def moved(row: int) -> int:
        return row - sum(1 for gone in dropped if gone < row)

    def reference(found: re.Match[str]) -> str:
        cells = re.sub(r"([A-Z]+)(\d+)", lambda m: f"{m[1]}{moved(int(m[2]))}", found[2])
        return f'{found[1]}"{cells}"'

    return re.sub(r'(\b(?:ref|sqref)=)"([^"]*)"', reference, tail)


def letters(column: int) -> str:
    """Return the letters of a column, 0 = A."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(ord("A") + digit) + text
    return text


def index_of(name: str) -> int:
    """Return the position of a column by its letters, A = 0."""
    index = 0
    for sign in name.upper():
        index = index * 26 + ord(sign) - ord("A") + 1
    return index - 1


def repacked(source: ZipFile, rewritten: dict[str, bytes]) -> bytes:
    """Return the package with some parts rewritten; the order of its parts stays."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as out:
        for member in source.infolist():
            content = rewritten.get(member.filename)
            out.writestr(member, source.read(member) if content is None else content)
    return target.getvalue()
