"""The hidden `_dtkstool` sheet: what a program needs to read a filled workbook back.

Every column stands for itself, its name in the first row: `fact` and `value` (schema, period,
kecamatan, language, the PETUNJUK cells operators fill in); per work sheet `sheet:<tab>` with the
sheet's key, its header row, first and last data row (as Excel counts) and its column keys; per
drop-down `words:<list>` and beside it `keys:<list>`.
"""

from itertools import zip_longest
from typing import Any

from dtkstool.messages import Language
from dtkstool.write.sheets.checks import list_name
from dtkstool.write.sheets.definition import (
    CHOICES,
    FIRST_ROW,
    HEADER_ROW,
    MACHINE_SHEET,
    REASONS,
    SCHEMA_VERSION,
    SHEETS,
)
from dtkstool.write.sheets.looks import TEXT, Looks
from dtkstool.write.sheets.petunjuk import FIELD_ROW, FIELDS, NAME, reason_text
from dtkstool.write.sheets.ringkasan import Part


def write_machine(
    book: Any, worksheet: Any, parts: list[Part], facts: dict[str, str], looks: Looks,
    lang: Language,
) -> None:  # fmt: skip
    """Write the sheet, hide it, and name the ranges that feed the drop-downs."""
    from xlsxwriter.utility import xl_range_abs

    columns = [*_facts(facts), *(_part(part) for part in parts)]
    for name, texts, keys in _lists(lang):
        cells = xl_range_abs(1, len(columns), len(texts), len(columns))
        book.define_name(list_name(name), f"='{MACHINE_SHEET}'!{cells}")
        columns += [[f"words:{name}", *texts], [f"keys:{name}", *keys]]
    plain = looks.format(**TEXT)
    for row, values in enumerate(zip_longest(*columns)):
        for column, value in enumerate(values):
            if value:
                worksheet.write_string(row, column, value, plain)
    worksheet.protect()
    worksheet.very_hidden()


def _facts(facts: dict[str, str]) -> list[list[str]]:
    cells = {f"cell:{field}": f"{NAME}!B{row + 1}" for row, field in enumerate(FIELDS, FIELD_ROW)}
    everything = {"schema": str(SCHEMA_VERSION), **facts, **cells}
    return [["fact", *everything], ["value", *everything.values()]]


def _part(part: Part) -> list[str]:
    rows = HEADER_ROW + 1, FIRST_ROW + 1, FIRST_ROW + part.rows
    keys = (column.key for column in part.sheet.columns)
    return [f"sheet:{part.name}", part.sheet.key, *map(str, rows), *keys]


def _lists(lang: Language) -> list[tuple[str, list[str], list[str]]]:
    decisions = [
        (sheet.key, [c.word for c in own], [c.key for c in own])
        for sheet in SHEETS
        if (own := [c for c in CHOICES if c.sheet == sheet.key])
    ]
    reasons = ("alasan", [reason_text(code, lang) for code in REASONS], list(REASONS))
    return [*decisions, reasons]
