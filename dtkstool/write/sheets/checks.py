"""What a sheet checks while it is filled in: drop-downs, colours of decided rows, missing cells."""

from typing import Any

from xlsxwriter.utility import xl_col_to_name

from dtkstool.messages import Language, message
from dtkstool.write.sheets.definition import CHOICES, FIRST_ROW, Column, Sheet, words
from dtkstool.write.sheets.looks import ALARM, GREEN, GREY, Looks

EXCEL_FIRST = FIRST_ROW + 1


def list_name(choices: str) -> str:
    """Return the defined name of a drop-down list on the hidden sheet."""
    return f"dtks_{choices}"


def add_rules(worksheet: Any, sheet: Sheet, last: int, looks: Looks, lang: Language) -> None:
    """Add drop-downs and colours for rows FIRST_ROW to `last`; no two colour ranges overlap."""
    for position, column in enumerate(sheet.columns):
        if column.choices:
            worksheet.data_validation(FIRST_ROW, position, last, position, _list(column, lang))
        elif column.operator and column.key.startswith("nik_"):
            worksheet.data_validation(FIRST_ROW, position, last, position, _nik(position, lang))
    decided = _decided(sheet, looks)
    visible = [(i, c) for i, c in enumerate(sheet.columns) if not c.hidden]
    plain = [i for i, c in visible if not c.required]
    for first, end in _stretches(plain):
        _colour(worksheet, (FIRST_ROW, first, last, end), decided)
    for position, column in visible:
        if column.required:
            rules = [_missing(sheet, column, looks), *decided]
            _colour(worksheet, (FIRST_ROW, position, last, position), rules)


def _list(column: Column, lang: Language) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": f"={list_name(column.choices)}",
        "error_title": message("workbook.alert.title", lang),
        "error_message": message("workbook.alert.choice", lang),
        "error_type": "stop",
    }


def _nik(position: int, lang: Language) -> dict[str, Any]:
    cell = f"{xl_col_to_name(position)}{EXCEL_FIRST}"
    return {
        "validate": "custom",
        "value": f"=AND(LEN({cell})=16,ISNUMBER(VALUE({cell})))",
        "error_title": message("workbook.alert.nik_title", lang),
        "error_message": message("workbook.alert.nik", lang),
        "error_type": "warning",
    }


def _decided(sheet: Sheet, looks: Looks) -> list[dict[str, Any]]:
    cell = f"${xl_col_to_name(sheet.position('keputusan'))}{EXCEL_FIRST}"
    acting = tuple(c.key for c in CHOICES if c.sheet == sheet.key and c.acts)
    return [
        _rule(_is_one_of(cell, words(sheet.key, acting)), looks.format(bg_color=GREEN)),
        _rule(f'{cell}<>""', looks.format(bg_color=GREY)),
    ]


def _missing(sheet: Sheet, column: Column, looks: Looks) -> dict[str, Any]:
    at = {
        key: f"${xl_col_to_name(sheet.position(key))}{EXCEL_FIRST}"
        for key in ("keputusan", column.key, column.unless)
        if key
    }
    empty = [f'{at[key]}=""' for key in (column.key, column.unless) if key]
    asked = _is_one_of(at["keputusan"], words(sheet.key, column.required))
    return _rule(f"AND({asked},{','.join(empty)})", looks.format(bg_color=ALARM))


def _is_one_of(cell: str, choices: tuple[str, ...]) -> str:
    return "OR(" + ",".join(f'{cell}="{word}"' for word in choices) + ")"


def _rule(formula: str, look: Any) -> dict[str, Any]:
    return {"type": "formula", "criteria": f"={formula}", "format": look, "stop_if_true": True}


def _colour(worksheet: Any, area: tuple[int, int, int, int], rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        worksheet.conditional_format(*area, rule)


def _stretches(positions: list[int]) -> list[tuple[int, int]]:
    """Return runs of neighbouring positions as (first, last)."""
    ends = [
        i for i, p in enumerate(positions) if i + 1 == len(positions) or positions[i + 1] > p + 1
    ]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [(positions[a], positions[b]) for a, b in zip(starts, ends, strict=True)]
