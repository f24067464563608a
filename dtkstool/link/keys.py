"""People as integers: what blocking and the cheap comparisons work on.

Names become codes of their folk-phonetic tokens, so that two tokens agree when their codes do;
NIK, No KK and dates become numbers. 0 stands for "not known" in every column but `birth`, where
`NO_DATE` does. The dictionaries carry how many registry persons hold each token, name and mother.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

TOKENS = tuple(f"t{i}" for i in range(6))
"""Columns of the name's token codes; a seventh token and on are ignored."""
NO_DATE = -1_000_000
SLICE = 1_000_000
"""People encoded at once."""

KEYS: dict[str, pl.DataType] = {
    "nik": pl.UInt64(),  # all 16 digits
    "nik6": pl.UInt32(),  # region part
    "nik12": pl.UInt64(),  # region and date
    "nik10": pl.UInt64(),  # date and serial
    "nik4": pl.UInt32(),  # serial
    "nokk": pl.UInt64(),
    "birth": pl.Int32(),  # days since 1970
    "birth_swapped": pl.Int32(),
    "sex": pl.UInt8(),  # 1 L, 2 P
    **dict.fromkeys(TOKENS, pl.UInt32()),
    "name": pl.UInt32(),  # code of the whole name, tokens sorted
    "mother": pl.UInt32(),  # code of the mother's whole name, tokens sorted
    "desa": pl.UInt64(),
    "kecamatan": pl.UInt32(),
    "rt": pl.Int16(),
    "rw": pl.Int16(),
    "birthplace": pl.UInt32(),
}


FIELDS: dict[str, pl.DataType] = {
    "record": pl.UInt32(),
    "nik": pl.String(),
    "nik_digits": pl.String(),
    "nik_kelas": pl.String(),
    "nokk": pl.String(),
    "tanggal_lahir": pl.Date(),
    "tanggal_lahir_tukar": pl.Date(),
    "jenis_kelamin": pl.String(),
    "nama_folk": pl.String(),
    "nama_alias": pl.String(),
    "alias_folk": pl.String(),
    "nama_ibu_folk": pl.String(),
    "kode_desa": pl.String(),
    "kode_kecamatan": pl.String(),
    "rt": pl.Int16(),
    "rw": pl.Int16(),
    "tempat_lahir": pl.String(),
}
"""What linking reads of a person; everything may be unknown."""


def mapped(df: pl.DataFrame, fields: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return any table of people as linking reads it (`FIELDS`), unmapped fields unknown.

    A field means what it does in linking, whatever it is called elsewhere: `nik` a number of one
    person, `nokk` a number of the household, `nama_ibu_folk` another name kept with the person.
    """
    blank = {name: pl.lit(None) for name in FIELDS if name not in fields}
    given = {"record": pl.int_range(pl.len()), **blank, **fields}
    return df.select(expr.cast(FIELDS[name]).alias(name) for name, expr in given.items()).select(
        *FIELDS
    )


def twins(keys: pl.DataFrame) -> pl.Series:
    """Return who shares No KK and birth date with somebody else (Boolean, row by row of `KEYS`)."""
    known = (pl.col("nokk") > 0) & (pl.col("birth") != NO_DATE)
    born = keys.lazy().with_row_index("row").filter(known).select("row", "nokk", "birth")
    shared = born.filter(pl.len().over("nokk", "birth") > 1).select("row").collect()["row"]
    return pl.Series(np.isin(np.arange(keys.height), shared.to_numpy()))


@dataclass(frozen=True)
class Dictionaries:
    """Words and how often the registry has them, a word's code being its row number plus one.

    Each frame has `word` (String) and `count` (UInt32), by falling count.
    """

    tokens: pl.DataFrame
    names: pl.DataFrame
    mothers: pl.DataFrame
    birthplaces: pl.DataFrame
    persons: int
    """How many persons the registry holds: what counts are shares of."""


def sorted_tokens(name: str) -> pl.Expr:
    """Return the tokens of column `name` in alphabetical order, joined by spaces."""
    return pl.col(name).str.split(" ").list.sort().list.join(" ")


def _counted(words: pl.Series) -> pl.DataFrame:
    return (
        words.drop_nulls()
        .rename("word")
        .to_frame()
        .filter(pl.col("word") != "")
        .group_by("word")
        .agg(pl.len().cast(pl.UInt32).alias("count"))
        .sort(["count", "word"], descending=[True, False])
    )


def dictionaries(people: pl.DataFrame) -> Dictionaries:
    """Return the dictionaries of `people`: nama_folk, nama_ibu_folk, tempat_lahir."""
    tokens = people.get_column("nama_folk").str.split(" ").explode(empty_as_null=True)
    return Dictionaries(
        tokens=_counted(tokens),
        names=_counted(people.select(sorted_tokens("nama_folk")).to_series()),
        mothers=_counted(people.select(sorted_tokens("nama_ibu_folk")).to_series()),
        birthplaces=_counted(people.get_column("tempat_lahir")),
        persons=people.height,
    )


def extended(known: Dictionaries, people: pl.DataFrame) -> Dictionaries:
    """Return `known` with the words of `people` it lacks added behind, with a count of zero."""
    own = dictionaries(people)

    def grown(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
        unknown = new.join(old, on="word", how="anti").sort("word")
        return pl.concat([old, unknown.with_columns(count=pl.lit(0, pl.UInt32))])

    return Dictionaries(
        tokens=grown(known.tokens, own.tokens),
        names=grown(known.names, own.names),
        mothers=grown(known.mothers, own.mothers),
        birthplaces=grown(known.birthplaces, own.birthplaces),
        persons=known.persons,
    )


def _codes(words: pl.Series, dictionary: pl.DataFrame) -> pl.Series:
    numbered = dictionary.select("word", code=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    return (
        words.rename("word")
        .to_frame()
        .join(numbered, on="word", how="left", maintain_order="left")
        .get_column("code")
        .fill_null(0)
    )


def _token_codes(names: pl.Series, dictionary: pl.DataFrame) -> pl.DataFrame:
    """Return the codes of each name's first tokens, one column a token, 0 where there is none."""
    split = names.rename("token").to_frame().lazy().select(pl.col("token").str.split(" "))
    columns = split.select(
        pl.col("token").list.get(i, null_on_oob=True).alias(TOKENS[i]) for i in range(len(TOKENS))
    ).collect()
    return columns.select(_codes(columns[t], dictionary).alias(t) for t in TOKENS)


def _number(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    return text.cast(dtype, strict=False).fill_null(0)


def encode(people: pl.DataFrame, words: Dictionaries) -> pl.DataFrame:
    """Return `KEYS` for each of `people`, in their order.

    A province's people are encoded a slice at a time: names as text take far more than keys.

    Reads nik, nokk, tanggal_lahir, jenis_kelamin, nama_folk, nama_ibu_folk, kode_desa,
    kode_kecamatan, rt, rw, tempat_lahir; and, where there, nik_digits (a damaged NIK's digits,
    used for its parts only) and tanggal_lahir_tukar.
    """
    slices = list(people.iter_slices(SLICE)) or [people]
    return pl.concat([_encoded(part, words) for part in slices], rechunk=True)


def _encoded(people: pl.DataFrame, words: Dictionaries) -> pl.DataFrame:
    digits = pl.col("nik_digits") if "nik_digits" in people.columns else pl.lit(None, pl.String)
    parts = pl.coalesce("nik", digits)
    parts = pl.when(parts.str.len_chars() >= 14).then(parts)
    swapped = "tanggal_lahir_tukar" if "tanggal_lahir_tukar" in people.columns else "tanggal_lahir"
    numbers = people.select(
        nik=_number(pl.col("nik"), pl.UInt64()),
        nik6=_number(parts.str.slice(0, 6), pl.UInt32()),
        nik12=_number(parts.str.slice(0, 12), pl.UInt64()),
        nik10=_number(parts.str.slice(-10, 10), pl.UInt64()),
        nik4=_number(parts.str.slice(-4, 4), pl.UInt32()),
        nokk=_number(pl.col("nokk"), pl.UInt64()),
        birth=pl.col("tanggal_lahir").cast(pl.Int32).fill_null(NO_DATE),
        birth_swapped=pl.col(swapped).cast(pl.Int32).fill_null(NO_DATE),
        sex=pl.col("jenis_kelamin").replace_strict({"L": 1, "P": 2}, default=0).cast(pl.UInt8),
        desa=_number(pl.col("kode_desa"), pl.UInt64()),
        kecamatan=_number(pl.col("kode_kecamatan"), pl.UInt32()),
        rt=pl.col("rt").fill_null(0),
        rw=pl.col("rw").fill_null(0),
        names=sorted_tokens("nama_folk"),
        mothers=sorted_tokens("nama_ibu_folk"),
    )
    coded = numbers.drop("names", "mothers").with_columns(
        *_token_codes(people["nama_folk"], words.tokens).get_columns(),
        _codes(numbers["names"], words.names).alias("name"),
        _codes(numbers["mothers"], words.mothers).alias("mother"),
        _codes(people["tempat_lahir"], words.birthplaces).alias("birthplace"),
    )
    return coded.select(pl.col(name).cast(dtype) for name, dtype in KEYS.items())
