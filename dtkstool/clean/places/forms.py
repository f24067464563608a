"""The forms of a place name: as written, without its type word, each half of `A / B`."""

from collections.abc import Callable
from functools import cache

import polars as pl

from dtkstool.wilayah.aliases import ALIASES
from dtkstool.wilayah.spelling import plain_words, squashed, written_out
from dtkstool.wilayah.table import Level

_TYPE_WORDS: dict[Level, tuple[str, str]] = {
    "provinsi": ("PROVINSI PROPINSI PROV PROP", "DAERAH ISTIMEWA KHUSUS IBUKOTA KEPULAUAN"),
    "kabupaten": (
        "KABUPATEN KAB KABUPATENKOTA",
        "KOTA KOTAMADYA KODYA KOT ADMINISTRASI ADMINISTRATIF ADM KEPULAUAN PULAU",
    ),
    "kecamatan": (
        "KECAMATAN KEC KC KCE EKC KECC KECAMATA KECAMATN DISTRIK DISTRICT KAPANEWON KEMANTREN",
        "KOTA PULAU PULAUPULAU KEPULAUAN",
    ),
    "desa": (
        "DESA DS KELURAHAN KEL KELDESA DESAKEL KALURAHAN KAL KLH",
        "DESA KAMPUNG KAMPONG NAGARI NAG GAMPONG GP PEKON LEMBANG TIYUH KUTE KEPENGHULUAN "
        "PENGHULU NEGERI NEGRI NEGORI NEGORIJ OHOI DUSUN MARGA BANUA JORONG ADAT ADMINISTRATIF "
        "ADM PERSIAPAN UPT KOTA PULAU",
    ),
}
"""Words that are no part of any name, and words that are part of some."""

HALF = 4


def _without(words: pl.Expr, leading: str) -> pl.Expr:
    """Words less the ones of `leading` at their beginning; unchanged if nothing would be left."""
    pattern = rf"^ (?:(?:{leading.replace(' ', '|')})  )+"
    return words.str.replace(pattern, " ")


_BETWEEN = r"[/(),;:\[\]|]"


def _halves(names: pl.DataFrame) -> pl.DataFrame:
    several = names.filter(pl.col("name").str.contains(_BETWEEN))
    if several.is_empty():
        return several
    parts = pl.col("name").str.replace_all(_BETWEEN, "/").str.split("/")
    return (
        several.with_columns(name=parts)
        .explode("name", empty_as_null=True)
        .filter(plain_words(pl.col("name")).str.count_matches("[A-Z]") >= 3)
    )


def forms(names: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return each row once per form of its `name`, which is dropped: words, key, plain, cost added.

    `key` is `plain` with numerals and abbreviations written out.
    The dearer a form, the more was taken away from what was written: 0 nothing, 1 type words
    (`KEC`, `DESA`), 2 words that belong to some names (`NAGARI`, `KOTA`), 3 a number in front,
    4 and more half of a name written as `A / B` or `A (B)`.
    """
    half = _halves(names)
    whole = names.with_columns(cost=pl.lit(0, pl.Int8))
    if not half.is_empty():
        whole = pl.concat([whole, half.with_columns(cost=pl.lit(HALF, pl.Int8))])
    ids = [column for column in names.columns if column != "name"]
    written = whole.select(*ids, "cost", words=plain_words(pl.col("name")))
    return (
        _every(written, level)
        .with_columns(plain=squashed(pl.col("words")), words=written_out(pl.col("words")))
        .with_columns(key=squashed(pl.col("words")))
        .filter(pl.col("key") != "")
        .sort("cost", maintain_order=True)
        .unique([*ids, "key"], keep="first", maintain_order=True)
    )


def _every(written: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the rows, and behind them each once more for every step that takes words away."""
    sure, some = _TYPE_WORDS[level]
    leading = rf"^ (?:{f'{sure} {some}'.replace(' ', '|')}|\d+)  "
    titled = written.filter(pl.col("words").str.contains(leading))
    if titled.is_empty():
        return written
    steps: tuple[Callable[[pl.Expr], pl.Expr], ...] = (
        lambda words: _without(words, sure),
        lambda words: _without(words, f"{sure} {some}"),
        lambda words: words.str.replace(r"^ (?:\d+  )+", " "),
    )
    found, before = [written], titled
    for step in steps:
        after = before.with_columns(words=step(pl.col("words")), cost=pl.col("cost") + 1)
        found.append(after.filter(after["words"] != before["words"]))
        before = after
    return pl.concat(found)


@cache
def _former() -> pl.DataFrame:
    """Return code, key of the former and short names of regions."""
    return pl.DataFrame(
        [(code, key) for code, keys in ALIASES.items() for key in keys.split()],
        schema=["code", "key"],
        orient="row",
    )


def official_forms(children: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the forms of regions (parent, code, name), their former and short names among them.

    A kabupaten or kota costs nothing by any form: `BOGOR` is as much the one as the other.
    """
    columns = ["parent", "code", "words", "key", "plain", "cost"]
    known = (
        _former()
        .join(children.select("code", "parent"), on="code")
        .select("parent", "code", words=pl.lit(" ") + pl.col("key") + " ", key="key", plain="key")
    )
    every = pl.concat(
        [
            forms(children, level).select(columns),
            known.with_columns(cost=pl.lit(0, pl.Int8)).select(columns),
        ]
    )
    return every.with_columns(pl.col("cost") * 0) if level == "kabupaten" else every
