"""One correction workbook, from its rows to its file."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from dtkstool.messages import message
from dtkstool.write.sheets.definition import MACHINE_SHEET, SHEET_ROWS, SHEETS
from dtkstool.write.sheets.looks import FONT, SIZE, Looks
from dtkstool.write.sheets.machine import write_machine
from dtkstool.write.sheets.petunjuk import NAME as PETUNJUK
from dtkstool.write.sheets.petunjuk import write_petunjuk
from dtkstool.write.sheets.ringkasan import NAME as RINGKASAN
from dtkstool.write.sheets.ringkasan import Part, write_ringkasan
from dtkstool.write.sheets.splice import Filling, splice
from dtkstool.write.sheets.work import Heading, write_work
from dtkstool.write.tables import replacing


@dataclass(frozen=True)
class Book:
    """Everything one workbook is written from; small enough to send to another process."""

    path: Path
    heading: Heading
    facts: dict[str, str]
    """What the hidden sheet says: period, kecamatan, language."""
    created: datetime
    """The date in the file's properties: fixed, so that equal inputs give equal bytes."""
    counts: pl.DataFrame
    rows: dict[str, pl.DataFrame]
    """By sheet key."""

    @property
    def size(self) -> int:
        """Return the number of rows to write."""
        return sum(rows.height for rows in self.rows.values())


def write_book(book: Book) -> None:
    """Write one workbook whole, then give it its name."""
    template = BytesIO()
    workbook = xlsxwriter.Workbook(template, _options())
    fillings = _fill(workbook, book)
    workbook.close()
    with replacing(book.path) as temporary:
        splice(template, fillings, temporary)


def _options() -> dict[str, Any]:
    """Return XlsxWriter's options, anew each time because it writes into them."""
    # A font of the scheme `minor` would give way to the theme's, Calibri.
    font = {"font_name": FONT, "font_size": SIZE, "font_scheme": "none"}
    # In memory: names and NIKs never pass through a shared folder for temporary files.
    return {"in_memory": True, "default_format_properties": font}


def _fill(workbook: Any, book: Book) -> list[Filling]:
    """Write everything but the data rows; return those, each with the part they belong to."""
    heading = book.heading
    title = message("workbook.title", heading.lang)
    workbook.set_properties(
        {"title": title, "subject": heading.place, "author": "dtkstool", "created": book.created}
    )
    looks = Looks(workbook)
    front = [workbook.add_worksheet(name) for name in (PETUNJUK, RINGKASAN)]
    parts, fillings = [], []
    for sheet in SHEETS:
        for name, rows in _parts(sheet.name, book.rows[sheet.key]):
            fitted = sheet.fitted({c for c in rows.columns if rows[c].null_count() == rows.height})
            worksheet = workbook.add_worksheet(name)
            # XlsxWriter looks each formula through for 140 functions newer than any used here.
            worksheet._prepare_formula = _without_sign
            write_work(worksheet, fitted, rows.height, looks, heading)
            parts.append(Part(fitted, name, rows.height))
            member = f"xl/worksheets/sheet{len(workbook.worksheets())}.xml"
            fillings.append(Filling(member, fitted, rows))
    write_petunjuk(front[0], looks, heading)
    write_ringkasan(front[1], book.counts, parts, looks, heading)
    machine = workbook.add_worksheet(MACHINE_SHEET)
    write_machine(workbook, machine, parts, book.facts, looks, heading.lang)
    front[0].activate()
    return fillings


def _without_sign(formula: str, _expand: bool = False) -> str:
    """Return a formula as the package holds it."""
    return formula.removeprefix("=")


def _parts(name: str, rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    """Return the sheet whole, or cut where Excel's rows would not do: UBAH, UBAH_2 …"""
    starts = range(0, max(rows.height, 1), SHEET_ROWS)
    return [
        (name if not start else f"{name}_{number}", rows.slice(start, SHEET_ROWS))
        for number, start in enumerate(starts, start=1)
    ]
