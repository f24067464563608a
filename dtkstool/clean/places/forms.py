"""The forms of a place name: as written, without its type word, each half of `A / B`."""

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


def _halves(names: pl.DataFrame) -> pl.DataFrame:
    parts = pl.col("name").str.replace_all(r"[/(),;:\[\]|]", "/").str.split("/")
    several = names.with_columns(name=parts).filter(pl.col("name").list.len() > 1)
    return several.explode("name", empty_as_null=True).filter(
        plain_words(pl.col("name")).str.count_matches("[A-Z]") >= 3
    )


def forms(names: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return each row once per form of its `name`, which is dropped: words, key, plain, cost added.

    `key` is `plain` with numerals and abbreviations written out.
    The dearer a form, the more was taken away from what was written: 0 nothing, 1 type words
    (`KEC`, `DESA`), 2 words that belong to some names (`NAGARI`, `KOTA`), 3 a number in front,
    4 and more half of a name written as `A / B` or `A (B)`.
    """
    whole = names.with_columns(cost=pl.lit(0, pl.Int8))
    half = _halves(names).with_columns(cost=pl.lit(HALF, pl.Int8))
    written = pl.concat([whole, half]).with_columns(words=plain_words(pl.col("name")))
    sure, some = _TYPE_WORDS[level]
    bare = _without(pl.col("words"), sure)
    barest = _without(bare, f"{sure} {some}")
    steps = (pl.col("words"), bare, barest, barest.str.replace(r"^ (?:\d+  )+", " "))
    every = pl.concat(
        [
            written.with_columns(words=words, cost=pl.col("cost") + step)
            for step, words in enumerate(steps)
        ]
    )
    ids = [column for column in names.columns if column != "name"]
    return (
        every.drop("name")
        .with_columns(plain=squashed(pl.col("words")), words=written_out(pl.col("words")))
        .with_columns(key=squashed(pl.col("words")))
        .filter(pl.col("key") != "")
        .sort("cost", maintain_order=True)
        .unique([*ids, "key"], keep="first", maintain_order=True)
    )


def official_forms(children: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return the forms of regions (parent, code, name), their former and short names among them.

    A kabupaten or kota costs nothing by any form: `BOGOR` is as much the one as the other.
    """
    former = pl.DataFrame(
        [(code, key) for code, keys in ALIASES.items() for key in keys.split()],
        schema=["code", "key"],
        orient="row",
    )
    columns = ["parent", "code", "words", "key", "plain", "cost"]
    known = former.join(children.select("code", "parent"), on="code").select(
        "parent", "code", words=pl.lit(" ") + pl.col("key") + " ", key="key", plain="key"
    )
    every = pl.concat(
        [
            forms(children, level).select(columns),
            known.with_columns(cost=pl.lit(0, pl.Int8)).select(columns),
        ]
    )
    return every.with_columns(pl.col("cost") * 0) if level == "kabupaten" else every
