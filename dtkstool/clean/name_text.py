"""From a name as typed to words: folding to ASCII, brackets, slashes, dots, digits.

Names come in frames of *distinct* names, with the text in `nama`.
"""

from collections.abc import Callable
from functools import cache

import polars as pl

from dtkstool.clean.name_words import any_title, any_word, words

LOOKALIKES = (("1", "I"), ("3", "E"), ("4", "A"), ("5", "S"), ("8", "B"))
SLASHES = r'[/\\|@"]+'
GLUED_INITIALS = (("R", "A"), ("A", "A"), ("I", "B"))
FOREIGN = {
    "â€™": "'", "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "´": "'", "`": "'", "′": "'", "�": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "Ø": "O", "Ł": "L", "Đ": "D", "ẞ": "SS",
    "Æ": "AE", "Œ": "OE", "Þ": "TH", "ð": "D", "\u00ad": "", "\u200b": "", "\u200c": "",
    "\u200d": "", "\u2060": "", "\ufeff": "", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M",
    "Н": "H", "О": "O", "Р": "P", "С": "C", "Т": "T", "У": "Y", "Х": "X",
}  # fmt: skip
"""What does not decompose to ASCII: quotes, joined letters, Cyrillic look-alikes (upper case)."""


def folded(names: pl.Series) -> pl.Series:
    """Return names in upper case, Latin letters without their marks; other scripts stay."""
    upper = names.str.to_uppercase()
    foreign = upper.str.contains(r"[^\x00-\x7F]")
    if not foreign.any():
        return upper
    ascii_ = (
        upper.filter(foreign)
        .str.replace_many(FOREIGN, leftmost=True)
        .str.normalize("NFKD")
        .str.replace_all(r"\p{Mn}", "")
        .str.to_uppercase()
    )
    return upper.scatter(foreign.arg_true(), ascii_)


def punctuated(parts: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with brackets, slashes and dots in `nama` turned into words.

    Adds `semula`, the text before that; both are null where a spreadsheet says #N/A or the like.
    """
    name = pl.col("nama").str.strip_chars(' "')
    name = filled(pl.when(~name.str.starts_with("#")).then(name))
    return (
        parts.pipe(changed, r"[^!-~ ]|  ", _spaced, ["nama"])
        .with_columns(nama=name, semula=name)
        .pipe(changed, r'[(\[{<\])}>"]', _unbracketed, ["nama"])
        .pipe(changed, r"[.,']|^A/N", _undotted, ["nama"])
        .pipe(changed, rf"{SLASHES}|{alias_word()}", slashed, ["nama"])
    )


def _spaced(name: pl.Expr) -> pl.Expr:
    return name.str.replace_all(r"[\s\p{C}]+", " ")


def _unbracketed(name: pl.Expr) -> pl.Expr:
    """Return names whose brackets say BIN, ALM or ALIAS in words; remarks and numbers are gone."""
    meant = any_word(words("pemisah", "bin") + words("gelar", "almarhum"))
    remark = any_word(words("pemisah", "catatan"))
    return (
        name.str.replace_all(r'([A-Z]) *"([^"]+)"', "${1} (${2})")
        .str.replace_all(r"[\[{<]", "(")
        .str.replace_all(r"[\]}>]", ")")
        .str.replace_all(rf"\( *({meant}\b[^)]*)\)?", " ${1} ")
        .str.replace_all(rf"\( *(?:{remark}|[^A-Z)]*|[A-Z])[ .]*(?:\)|$)", " ")
        .str.replace(r"^(.*?)\(([^()]*)\)?(.*)$", "${1} ${3} ALIAS ${2}")
    )


def _undotted(name: pl.Expr) -> pl.Expr:
    """Return names whose dots and commas that mean something are words: B. BIN, AL. ALIAS."""
    front = any_title(front_titles())
    for one, two in GLUED_INITIALS:
        name = name.str.replace(rf"^{one} *\. *{two}(?: *\. *| )", f"{one}{two} ")
    return (
        name.str.replace(r"^A/N[. ]+", "")
        .str.replace(r"([A-Z]{2}) +B *\. *([A-Z]{2})", "${1} BIN ${2}")
        .str.replace(r"([A-Z]{2}) +(?:AL *\.|A\.K\.A\.?) *([A-Z]{2})", "${1} ALIAS ${2}")
        .str.replace(rf"^(.*[A-Z]{{2}}.*?) *, *((?:{front}(?:[ .,]+|$))+)$", "${2} ${1}")
        .str.replace(r"^(.*[A-Z]) +'([A-Z ]{2,})'$", "${1} ALIAS ${2}")
    )


def slashed(name: pl.Expr) -> pl.Expr:
    """Return names with ALIAS where a slash, an at-sign, a quote or another word says so."""
    return (
        name.str.replace_all(SLASHES, " ALIAS ")
        .str.replace_all(rf"\b{alias_word()}\b[.:, ]*", " ALIAS ")
        .str.replace_all(r" +", " ")
        .str.replace_all("(?:ALIAS ){2,}", "ALIAS ")
    )


@cache
def alias_word() -> str:
    """Return a regex for the words that announce another name."""
    return any_word(words("pemisah", "alias"))


def where(
    parts: pl.DataFrame, affected: pl.Expr, change: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Return the parts, in any order, changed where `affected`: most rows are spared the work."""
    mask = parts.select(affected.fill_null(False)).to_series()
    if not mask.any():
        return parts
    return pl.concat([parts.filter(~mask), change(parts.filter(mask))])


def changed(
    parts: pl.DataFrame, sign: str, change: Callable[[pl.Expr], pl.Expr], columns: list[str]
) -> pl.DataFrame:
    """Return the parts, in any order, with `columns` changed where one of them holds `sign`."""
    affected = pl.any_horizontal(pl.col(columns).str.contains(sign).fill_null(False))
    return parts.pipe(where, affected, lambda some: some.with_columns(change(pl.col(columns))))


def undigited(name: pl.Expr) -> pl.Expr:
    """Return names without digits: look-alikes inside a word become letters, the rest is noise."""
    for _ in range(2):
        name = name.str.replace_all(r"([A-Z])0([A-Z]|\b)", "${1}O${2}")
        for digit, letter in LOOKALIKES:
            name = name.str.replace_all(f"([A-Z]){digit}([A-Z])", f"${{1}}{letter}${{2}}")
    return name.str.replace_all(r"\b0([A-Z])", "O${1}").str.replace_all("[0-9]+", " ")


def worded(name: pl.Expr) -> pl.Expr:
    """Return names as ASCII words: apostrophes join, everything else but letters separates."""
    return filled(name.str.replace_all("'", "").str.replace_all(r"[^A-Z]+", " "))


def front_titles() -> list[str]:
    """Return what stands before a name and is no part of it: titles, address, marks of the dead."""
    return words("gelar", "depan") + words("gelar", "sapaan") + words("gelar", "almarhum")


def filled(text: pl.Expr) -> pl.Expr:
    """Return the text without spaces at its ends; null where nothing is left."""
    bare = text.str.strip_chars()
    return pl.when(bare != "").then(bare)
