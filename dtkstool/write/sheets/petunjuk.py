"""The PETUNJUK sheet: how to fill a workbook in, what its words, codes and colours mean."""

from math import ceil
from typing import Any

from dtkstool.messages import message, page
from dtkstool.write.sheets.definition import CHOICES, REASONS, SHEETS
from dtkstool.write.sheets.looks import (
    ALARM,
    CELL,
    CREAM,
    GREEN,
    GREY,
    HEAD,
    NAVY,
    NEW_FILL,
    OLD_FILL,
    TEXT,
    Looks,
)
from dtkstool.write.sheets.rows import CONFIDENCE
from dtkstool.write.sheets.work import Heading, finish

NAME = "PETUNJUK"
FIELDS = ("petugas", "jabatan", "kontak", "selesai", "batas")
"""What the operator fills in here, from FIELD_ROW on, in the second column."""
FIELD_ROW = 5
STEPS = tuple(f"s{number}" for number in range(1, 9))
MIDDLE = {"valign": "vcenter"}
COLOURS = (
    ("lama", OLD_FILL), ("baru", NEW_FILL), ("isian", CREAM),
    ("berubah", GREEN), ("tetap", GREY), ("wajib", ALARM),
)  # fmt: skip


def reason_text(code: str, lang: Any) -> str:
    """Return a TL code as its drop-down shows it; the first four letters are the code."""
    return f"{code} - {message(f'workbook.tl.{code}', lang)}"


def write_petunjuk(worksheet: Any, looks: Looks, heading: Heading) -> None:
    """Write the sheet, from top to bottom."""
    worksheet.set_column(0, 0, 34, looks.format(**TEXT))
    worksheet.set_column(1, 1, 96, looks.format(**TEXT))
    row = _write_form(worksheet, looks, heading)
    for title, lines in _sections(heading):
        row = _write_section(worksheet, row, looks, title, lines)
    worksheet.set_zoom(100)
    worksheet.set_tab_color(NAVY)
    finish(worksheet, heading, landscape=False)


def _write_form(worksheet: Any, looks: Looks, heading: Heading) -> int:
    lang = heading.lang
    big = looks.format(**TEXT | {"bold": True, "font_size": 18, "font_color": NAVY})
    plain = looks.format(**TEXT | {"font_size": 12})
    bold = looks.format(**TEXT | {"font_size": 12, "bold": True})
    who = looks.format(**TEXT | {"italic": True})
    entry = looks.format(**CELL | MIDDLE | {"locked": False, "bg_color": CREAM})
    worksheet.set_row(0, 30)
    worksheet.write_string(0, 0, message("workbook.title", lang), big)
    worksheet.write_string(1, 0, f"{heading.place}  |  {heading.period}", bold)
    worksheet.write_string(2, 0, message("workbook.petunjuk.heading", lang), plain)
    worksheet.write_string(3, 0, message("workbook.petunjuk.who", lang), who)
    _write_title(worksheet, FIELD_ROW - 1, looks, message("workbook.petunjuk.form", lang))
    for row, field in enumerate(FIELDS, start=FIELD_ROW):
        label = message(f"workbook.petunjuk.fields.{field}", lang)
        worksheet.set_row(row, 20)
        worksheet.write_string(row, 0, label, looks.format(**CELL | MIDDLE | {"bold": True}))
        worksheet.write_blank(row, 1, None, entry)
    return FIELD_ROW + len(FIELDS) + 1


def _sections(heading: Heading) -> list[tuple[str, list[tuple[str, str, dict[str, Any]]]]]:
    """Return each section's title and its lines: left text, right text, looks of the left cell."""
    lang = heading.lang
    texts = page("workbook")["petunjuk"]
    bold = {"bold": True}

    def title(key: str, **values: object) -> str:
        return message(f"workbook.petunjuk.{key}", lang, **values)

    steps = [(str(n), texts["step"][key][lang], bold) for n, key in enumerate(STEPS, start=1)]
    colours = [
        (texts["colour_name"][key][lang], texts["colour"][key][lang], {"bg_color": fill})
        for key, fill in COLOURS
    ]
    choices = [
        (
            title("decisions", sheet=sheet.name),
            [
                (c.word, message(f"workbook.choices.{c.sheet}.{c.key}", lang), bold)
                for c in CHOICES
                if c.sheet == sheet.key
            ],
        )
        for sheet in SHEETS
    ]
    reasons = [(code, message(f"workbook.tl.{code}", lang), bold) for code in REASONS]
    sure = [
        (
            message(f"workbook.confidence.{key}", lang),
            message(f"workbook.confidence_meaning.{key}", lang),
            bold,
        )
        for key in (*(key for _, key in CONFIDENCE), "lemah")
    ]
    none = (title("confidence_none"), title("confidence_none_meaning"), bold)
    return [
        (title("steps"), steps),
        (title("colours"), colours),
        *choices,
        (title("reasons"), reasons),
        (title("confidence"), [*sure, none]),
        (title("privacy"), [("UU 27/2022", title("privacy_text"), bold)]),
    ]


def _write_section(
    worksheet: Any, row: int, looks: Looks, title: str, lines: list[tuple[str, str, dict[str, Any]]]
) -> int:
    _write_title(worksheet, row, looks, title)
    for place, (left, right, look) in enumerate(lines, start=row + 1):
        cell = looks.format(**CELL | MIDDLE | look)
        worksheet.set_row(place, 4 + 13 * ceil(len(right) / 110))
        worksheet.write_string(place, 0, left, cell)
        worksheet.write_string(place, 1, right, looks.format(**CELL | MIDDLE))
    return row + len(lines) + 2


def _write_title(worksheet: Any, row: int, looks: Looks, title: str) -> None:
    band = looks.format(**HEAD | {"bg_color": NAVY, "font_color": "#FFFFFF", "align": "left"})
    worksheet.set_row(row, 20)
    worksheet.merge_range(row, 0, row, 1, title, band)
