"""Keys of a name's tokens: in modern spelling (EYD), and as people hear them (folk)."""

from functools import cache
from typing import cast

import polars as pl

from dtkstool.clean.name_words import one_spelling, table

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DOUBLED = {letter * 2: letter for letter in LETTERS}


def eyd(tokens: pl.Series) -> pl.Series:
    """Return upper-case tokens in the spelling of 1972 (EYD): OE → U, DJ → J, TJ → C, SJ → SY.

    J becomes Y only beside DJ, TJ or SJ (TJAHJONO = CAHYONO): on its own it is a modern J.
    Null in, null out.
    """
    old = tokens.str.contains("[DTS]J").fill_null(False)
    framed = _framed(tokens)
    certain = _replaced(framed.filter(old), "ejaan_lama_pasti")
    usual = _replaced(framed.filter(~old), "ejaan_lama")
    return _bare(_interleaved(old, certain, usual))


def folk(tokens: pl.Series) -> pl.Series:
    """Return the folk-phonetic key of tokens that are in EYD; one key may serve several names.

    An initial stays as it is. Null in, null out.
    """
    heard = _heard(tokens)
    families = _families()
    heard = heard.replace(families["bunyi"], families["serumpun"])
    return tokens.zip_with(tokens.str.len_bytes() == 1, heard)


@cache
def _families() -> pl.DataFrame:
    found = one_spelling(table("bunyi")["serumpun"])
    spelled = pl.DataFrame({"ejaan": list(found), "nama": list(found.values())})
    return (
        spelled.select(bunyi=_heard(eyd(spelled["ejaan"])), serumpun=_heard(eyd(spelled["nama"])))
        .filter(pl.col("bunyi").str.len_chars() > 2)
        .unique("bunyi", keep="first", maintain_order=True)
        .filter(pl.col("bunyi") != pl.col("serumpun"))
    )


def _heard(tokens: pl.Series) -> pl.Series:
    heard = _framed(tokens).str.replace(r"(.{4})OH\$$", "${1}AH$$")
    for step in ("pangkal", "konsonan", "vokal"):
        heard = _replaced(heard, step)
    return _single(_single(_bare(heard)))


def _single(tokens: pl.Series) -> pl.Series:
    return tokens.str.replace_many(DOUBLED, leftmost=True)


def _replaced(framed: pl.Series, step: str) -> pl.Series:
    return framed.str.replace_many(cast(dict[str, str], table("bunyi")[step]), leftmost=True)


def _framed(tokens: pl.Series) -> pl.Series:
    return "^" + tokens + "$"


def _bare(framed: pl.Series) -> pl.Series:
    return framed.str.strip_chars("^$")


def _interleaved(mask: pl.Series, yes: pl.Series, no: pl.Series) -> pl.Series:
    """Return `yes` where the mask holds and `no` elsewhere, in the mask's order."""
    order = pl.concat([mask.arg_true(), (~mask).arg_true()])
    return pl.concat([yes, no]).gather(order.arg_sort())
