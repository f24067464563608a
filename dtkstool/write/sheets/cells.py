"""What stands inside a text cell, as SpreadsheetML: plain text, or runs with coloured differences.

Cells are inline strings whatever they hold, so `=1+1` or `@name` never becomes a formula and a NIK
never a number. Source: ECMA-376 part 1, §18.3.1.53 (`is`), §18.4.4 (`r`), §22.9.2.19 (`_xHHHH_`).
"""

import re
from html import escape

import polars as pl

from dtkstool.write.sheets.diff import Runs, differing
from dtkstool.write.sheets.looks import FONT, INK, INKS, NEW_INK, PALE, SIZE

RICH_LIMIT = 4_000
"""Longer texts are written plain: nobody looks for one letter in them."""
EMPTY = "–"
"""What a card prints for a missing value."""
_HEX = r"_(x[0-9A-Fa-f]{4}_)"
_SPECIAL = re.compile("[&<>_]")


def plain(expr: pl.Expr) -> pl.Expr:
    """Return a text as the content of an inline string; null stays null."""
    safe = (
        expr.str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
        .str.replace_all(_HEX, "_x005F_$1")
    )
    return pl.concat_str(pl.lit('<t xml:space="preserve">'), safe, pl.lit("</t>"))


def rich_value(text: str | None, other: str | None, style: str) -> tuple[str | None, bool]:
    """Return a value with the characters coloured that differ from `other`.

    Beside it whether it differs as a whole: then the cell, not its runs, is to show it.
    """
    if not text or not other or max(len(text), len(other)) > RICH_LIMIT:
        return text and _plain(text), False
    runs = differing(text, other)[0]
    if len(runs) == 1:
        return _plain(text), runs[0][1]
    return _coloured(runs, style), False


def rich_card(text: str | None, other: str | None, style: str) -> str | None:
    """Return a card, labels pale, values coloured where the other card's line differs."""
    if not text or len(text) > RICH_LIMIT:
        return text and _plain(text)
    facing = dict(_line(line) for line in (other or "").split("\n"))
    lines = (_line(line) for line in text.split("\n"))
    return "".join(
        _run(("\n" if number else "") + label, _LABEL)
        + _coloured(_card_runs(value, facing.get(label, EMPTY)), style)
        for number, (label, value) in enumerate(lines)
    )


def _line(line: str) -> tuple[str, str]:
    label, colon, value = line.partition(": ")
    return label + colon, value


def _card_runs(value: str, other: str) -> Runs:
    if EMPTY in (value, other):
        return ((value, False),) if value else ()
    return differing(value, other)[0]


def _coloured(runs: Runs, style: str) -> str:
    return "".join(_run(text, _MARKED[style] if differs else _NORMAL) for text, differs in runs)


def _plain(text: str) -> str:
    safe = text if not _SPECIAL.search(text) else _escaped(text)
    return f'<t xml:space="preserve">{safe}</t>'


def _escaped(text: str) -> str:
    return re.sub(_HEX, r"_x005F_\1", escape(text, quote=False))


def _run(text: str, font: str) -> str:
    return f"<r>{font}{_plain(text)}</r>"


def _font(ink: str, mark: str = "") -> str:
    return (
        f'<rPr>{mark}<sz val="{SIZE}"/><color rgb="FF{ink[1:]}"/>'
        f'<rFont val="{FONT}"/><family val="2"/></rPr>'
    )


_NORMAL = _font(INK)
_LABEL = _font(PALE)
_MARKED = {
    style: _font(INKS.get(style, NEW_INK), "<b/><u/>")
    for style in ("lama", "baru", "kiri", "kanan", "kartu")
}
