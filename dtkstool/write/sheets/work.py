"""One work sheet: header, rows, drop-downs, colours of decided rows, protection, print."""

from dataclasses import dataclass
from typing import Any

from dtkstool.messages import Language, message
from dtkstool.write.sheets.checks import add_rules
from dtkstool.write.sheets.definition import (
    BAND_ROW,
    FIRST_ROW,
    GUIDE_ROW,
    HEADER_ROW,
    KEY_ROW,
    TITLE_ROW,
    Column,
    Sheet,
)
from dtkstool.write.sheets.looks import (
    AMBER,
    HEAD,
    NAVY,
    SAND,
    SKY,
    TEXT,
    Looks,
)

CARDS = ("kiri", "kanan", "kartu")
SAMPLES = ((True, False), (False, False), (True, True), (False, True))
"""First row of a person or not × the value differs as a whole or not."""
PAGE_PIXELS = 1_000
"""What A4 landscape holds between the margins, at 96 per inch."""
PROTECTION = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


@dataclass(frozen=True)
class Heading:
    """What stands above and below every sheet of a workbook."""

    place: str
    period: str
    lang: Language


def write_work(worksheet: Any, sheet: Sheet, rows: int, looks: Looks, heading: Heading) -> None:
    """Write one work sheet of that many rows, sample rows standing where they will come."""
    _set_columns(worksheet, sheet, looks, heading.lang)
    _write_head(worksheet, sheet, looks, heading, empty=not rows)
    _write_samples(worksheet, sheet, looks)
    last = FIRST_ROW + max(rows, 1) - 1
    worksheet.autofilter(HEADER_ROW, 0, last, len(sheet.columns) - 1)
    add_rules(worksheet, sheet, last, looks, heading.lang)
    worksheet.freeze_panes(FIRST_ROW, sheet.frozen)
    worksheet.set_tab_color(sheet.tab)
    worksheet.set_zoom(90)
    finish(worksheet, heading, landscape=True)
    worksheet.repeat_rows(HEADER_ROW)
    if sheet.pages_wide > 1:
        _spread(worksheet, sheet)


def finish(worksheet: Any, heading: Heading, *, landscape: bool) -> None:
    """Protect a sheet without a password and set it up for A4, one page wide."""
    worksheet.protect("", PROTECTION)
    worksheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    worksheet.set_landscape() if landscape else worksheet.set_portrait()
    worksheet.set_paper(9)
    worksheet.set_margins(left=0.3, right=0.3, top=0.4, bottom=0.6)
    worksheet.fit_to_pages(1, 0)
    worksheet.hide_gridlines(2)
    place = f"{heading.place} - {heading.period}".replace("&", "&&")[:80]
    centre, right = (message(f"workbook.{key}", heading.lang) for key in ("footer", "page"))
    worksheet.set_footer(f"&L&8{place}&C&8{centre}&R&8{right}")


def _spread(worksheet: Any, sheet: Sheet) -> None:
    """Print the data on one page and, after the frozen columns, the operator's on the next."""
    asked = next(i for i, column in enumerate(sheet.columns) if column.operator)
    pixels = sum(c.width * 7 + 5 for c in sheet.columns[:asked] if not c.hidden)
    worksheet.set_print_scale(int(100 * PAGE_PIXELS / pixels))
    worksheet.set_v_pagebreaks([asked])
    worksheet.print_across()
    worksheet.repeat_columns(0, sheet.frozen - 1)


def _set_columns(worksheet: Any, sheet: Sheet, looks: Looks, lang: Language) -> None:
    for position, column in enumerate(sheet.columns):
        # A column of typed digits keeps them: the whole column is text, also below the last row.
        whole = looks.format(**TEXT | {"locked": not column.operator})
        worksheet.set_column(position, position, column.width, whole, {"hidden": column.hidden})


def _write_head(
    worksheet: Any, sheet: Sheet, looks: Looks, heading: Heading, *, empty: bool
) -> None:
    last = len(sheet.columns)
    lang = heading.lang
    worksheet.set_row(KEY_ROW, None, None, {"hidden": True})
    for position, column in enumerate(sheet.columns):
        worksheet.write_string(KEY_ROW, position, column.key, looks.format(**TEXT))
    title = f"{message(f'workbook.heading.{sheet.key}', lang)}  |  {heading.place}"
    guide = message("workbook.guide.nothing" if empty else f"workbook.guide.{sheet.key}", lang)
    for row, text, height, looks_like in (
        (
            TITLE_ROW,
            f"{title}  |  {heading.period}",
            24,
            {"bold": True, "font_size": 14, "font_color": NAVY},
        ),
        (GUIDE_ROW, guide, 18, {"italic": True}),
    ):
        cell = looks.format(**TEXT | looks_like | {"valign": "vcenter"})
        worksheet.set_row(row, height)
        worksheet.write_string(row, 0, text, cell)
        for position in range(1, last):
            worksheet.write_blank(row, position, None, cell)
    _write_bands(worksheet, sheet, looks, lang)
    worksheet.set_row(HEADER_ROW, 32)
    for position, column in enumerate(sheet.columns):
        worksheet.write_string(
            HEADER_ROW, position, message(f"workbook.columns.{column.key}", lang),
            header(looks, operator=column.operator),
        )  # fmt: skip


def header(looks: Looks, *, operator: bool = False) -> Any:
    """Return the format of a column header."""
    return looks.format(**HEAD | {"bg_color": SAND if operator else SKY, "font_color": NAVY})


def _write_bands(worksheet: Any, sheet: Sheet, looks: Looks, lang: Language) -> None:
    asked = [i for i, column in enumerate(sheet.columns) if column.operator]
    for first, last, key, colour in (
        (0, asked[0] - 1, "data", NAVY),
        (asked[0], asked[-1], "operator", AMBER),
    ):
        band = looks.format(**HEAD | {"bg_color": colour, "font_color": "#FFFFFF"})
        text = message(f"workbook.band.{key}", lang)
        worksheet.merge_range(BAND_ROW, first, BAND_ROW, last, text, band)


def _write_samples(worksheet: Any, sheet: Sheet, looks: Looks) -> None:
    """Write one row per sample, for `splice` to read the styles from and to replace."""
    for row, (first, whole) in enumerate(SAMPLES, start=FIRST_ROW):
        for position, column in enumerate(sheet.columns):
            look = _look(column, looks, first=first, whole=whole)
            worksheet.write_blank(row, position, None, look)


def _look(column: Column, looks: Looks, *, first: bool, whole: bool) -> Any:
    if column.operator:
        return looks.entry(column.style, first=first)
    if whole and column.compare:
        return looks.marked(column.style, first=first)
    return looks.cell(column.style, first=first, pale=column.person and not first)
