"""The RINGKASAN sheet: how much there is to do, how much is filled in, counts per desa."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from dtkstool.messages import message
from dtkstool.write.sheets.definition import FIRST_ROW, Sheet
from dtkstool.write.sheets.looks import CELL, NAVY, SKY, TEXT, Looks
from dtkstool.write.sheets.summary import COUNTS
from dtkstool.write.sheets.work import Heading, finish, header

NAME = "RINGKASAN"
PROGRESS_ROW = 4


@dataclass(frozen=True)
class Part:
    """One written work sheet: its definition, its tab, its number of rows."""

    sheet: Sheet
    name: str
    rows: int


def write_ringkasan(
    worksheet: Any, counts: pl.DataFrame, parts: list[Part], looks: Looks, heading: Heading
) -> None:
    """Write the sheet from the kecamatan's rows of `summary` and the sheets that were written."""
    lang = heading.lang
    worksheet.set_column(0, 0, 34, looks.format(**TEXT))
    worksheet.set_column(1, len(COUNTS), 15, looks.format(**TEXT))
    big = looks.format(**TEXT | {"bold": True, "font_size": 16, "font_color": NAVY})
    bold = looks.format(**TEXT | {"bold": True, "font_size": 12})
    worksheet.set_row(0, 28)
    worksheet.write_string(0, 0, message("workbook.summary.heading", lang), big)
    worksheet.write_string(1, 0, f"{heading.place}  |  {heading.period}", bold)
    worksheet.write_string(
        2, 0, _state(counts, parts, heading), looks.format(**TEXT | {"font_size": 12})
    )
    row = _write_progress(worksheet, parts, looks, heading)
    _write_counts(worksheet, row, counts, looks, heading)
    worksheet.set_tab_color(NAVY)
    finish(worksheet, heading, landscape=True)


def _state(counts: pl.DataFrame, parts: list[Part], heading: Heading) -> str:
    rows = sum(part.rows for part in parts)
    if not rows:
        return message("workbook.summary.nothing", heading.lang)
    records = _thousands(int(counts["diterima"].sum()), heading)
    return message(
        "workbook.summary.todo", heading.lang, rows=_thousands(rows, heading), records=records
    )


def _thousands(number: int, heading: Heading) -> str:
    return f"{number:,}".replace(",", "." if heading.lang == "id" else ",")


def _write_progress(worksheet: Any, parts: list[Part], looks: Looks, heading: Heading) -> int:
    _write_line(worksheet, PROGRESS_ROW, ["progress", "rows", "filled", "left"], looks, heading)
    row = PROGRESS_ROW
    text, number = looks.format(**CELL | {"bold": True}), _number(looks)
    for row, part in enumerate(parts, start=PROGRESS_ROW + 1):
        worksheet.write_string(row, 0, part.name, text)
        worksheet.write_number(row, 1, part.rows, number)
        worksheet.write_formula(row, 2, _filled(part), number, 0)
        worksheet.write_formula(row, 3, f"=B{row + 1}-C{row + 1}", number, part.rows)
    return row + 2


def _filled(part: Part) -> str:
    from xlsxwriter.utility import xl_range_abs

    column = part.sheet.position("keputusan")
    cells = xl_range_abs(FIRST_ROW, column, FIRST_ROW + max(part.rows, 1) - 1, column)
    return f"=COUNTA('{part.name}'!{cells})"


def _write_counts(
    worksheet: Any, row: int, counts: pl.DataFrame, looks: Looks, heading: Heading
) -> None:
    _write_line(worksheet, row, ["per_desa", *COUNTS], looks, heading)
    text, number = looks.format(**CELL), _number(looks)
    for desa, *numbers in counts.select("desa", *COUNTS).iter_rows():
        row += 1
        worksheet.write_string(row, 0, desa, text)
        for column, count in enumerate(numbers, start=1):
            worksheet.write_number(row, column, count, number)
    row += 1
    total = {"bold": True, "bg_color": SKY}
    label = message("workbook.summary.total", heading.lang)
    worksheet.write_string(row, 0, label, looks.format(**CELL | total))
    for column, kind in enumerate(COUNTS, start=1):
        worksheet.write_number(row, column, counts[kind].sum(), _number(looks, **total))
    note = looks.format(**TEXT | {"italic": True})
    worksheet.write_string(row + 1, 0, message("workbook.summary.note", heading.lang), note)


def _write_line(worksheet: Any, row: int, keys: list[str], looks: Looks, heading: Heading) -> None:
    worksheet.set_row(row, 32)
    for column, key in enumerate(keys):
        text = message(f"workbook.summary.{key}", heading.lang)
        worksheet.write_string(row, column, text, header(looks))


def _number(looks: Looks, **more: Any) -> Any:
    return looks.format(**CELL | {"num_format": "#,##0", "align": "right"} | more)
