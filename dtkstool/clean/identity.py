"""The record id: the same record gets the same id in every export of the register.

It never depends on file, sheet, row or the order of rows, so that findings and decisions of one
month can be found again in the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from dtkstool.clean.cells import says_nothing

TYPED = ("nokk_asal", "nik_asal", "nama_asal")
TIE_BREAKERS = (
    *TYPED, "id_dtks_asal", "tanggal_lahir_asal", "nama_ibu_asal", "alamat_asal", "rt_asal",
    "record",
)  # fmt: skip
FILE = ("source_file", "layout")
PERSON_SHARE = 0.5
"""A column of ids names persons, not families, if this share of a file's ids is distinct; a
family's id is repeated by three or four members on average."""
HASH_BYTES = 10
COUNTER = "~"
OURS = r"~[0-9]+$|^h[0-9a-f]{20}$"
ODD = rf"{OURS}|^[^1-9]*$|^\s|\s$"
"""Ids that may be one of ours or say nothing, or have blanks around them."""


@dataclass(frozen=True)
class Ids:
    """What the records of a whole run say of each other's ids, to give those of a slice."""

    shares: pl.DataFrame
    """`source_file, layout, share`: the share of a file's ids that is distinct."""
    repeated: pl.DataFrame
    """`record, nth`: which of those that share an id a record is."""


def with_record_id(lf: pl.LazyFrame, ids: Ids | None = None) -> pl.LazyFrame:
    """Return `lf` with `record_id`, never null and unique, and `id_dtks`, null if there is none.

    The id is the typed DTKS id where the file's ids name persons; else `h` and 20 hexadecimal
    digits of BLAKE2b over `nokk, nik, nama` as typed, joined by U+001F, outer blanks off. Records
    that share one get `~2`, `~3` … in the order of what was typed in them; rows typed alike in
    everything are interchangeable. A *whole* kernel: it needs every record of the run, or the
    `ids` of the run for a slice of it.
    """
    typed = pl.struct(*TIE_BREAKERS, "source_file", "layout")
    record_id = typed.map_batches(lambda rows: _record_ids(rows, ids), return_dtype=pl.String)
    return lf.with_columns(record_id=record_id, id_dtks=pl.col("id_dtks_asal"))


def _record_ids(typed: pl.Series, ids: Ids | None) -> pl.Series:
    records = with_typed_id(typed.struct.unnest())
    if ids is None:
        twice = _repeated(records["id"])
        based = _with_base(records, _shares(records, twice))
        if based["base"].null_count() or not based["base"].equals(records["id"]):
            twice = _repeated(based["base"])
        nth = numbered(based.filter(twice).with_columns(key="base"))
    else:
        based = _with_base(records, ids.shares)
        nth = ids.repeated
    return _told_apart(based, nth)


def _repeated(ids: pl.Series) -> pl.Series:
    """Return whether each id, told apart by its hash, stands twice; null for null."""
    keys = ids.hash()
    later = pl.repeat(True, len(keys), dtype=pl.Boolean, eager=True)
    later = later.scatter(keys.arg_unique(), False)
    return keys.is_in(keys.filter(later).implode()).set(ids.is_null(), None)


def _told_apart(based: pl.DataFrame, nth: pl.DataFrame) -> pl.Series:
    """Return `base` with the number of each record behind it that is not the first of its id."""
    rows = based.select("record", "base").with_row_index("row")
    later = rows.join(nth.filter(pl.col("nth") > 1), on="record")
    if later.is_empty():
        return based["base"]
    told = later.select(pl.concat_str("base", pl.lit(COUNTER), "nth")).to_series()
    return based["base"].clone().scatter(later["row"], told)


def numbered(repeated: pl.DataFrame) -> pl.DataFrame:
    """Return `record, nth`: 1, 2 … among the records of one `key`, by what was typed in them."""
    nth = pl.int_range(1, pl.len() + 1).over("key")
    return repeated.sort("key", *TIE_BREAKERS, nulls_last=True).select("record", nth=nth)


def with_typed_id(records: pl.DataFrame) -> pl.DataFrame:
    """Return the records with `id`, the DTKS id if they have one that is no word for none."""
    return records.with_columns(id=_typed_id(records["id_dtks_asal"]))


def typed_ids(records: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct ids of a slice, hashed, by file, with how often each stands there."""
    known = records.lazy().drop_nulls("id").select(*FILE, id=pl.col("id").hash())
    return known.group_by(*FILE, "id").agg(count=pl.len()).collect()


def _shares(records: pl.DataFrame, twice: pl.Series) -> pl.DataFrame:
    """Return `shares_of` records that are all there are; `twice` says which ids are repeated."""
    known = records.select(*FILE, "id", twice=twice).drop_nulls("id")
    different = (~pl.col("twice")).sum() + pl.col("id").filter("twice").n_unique()
    return known.group_by(FILE).agg(share=different / pl.len())


def shares_of(ids: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return `source_file, layout, share` from the `typed_ids` of all slices."""
    share = pl.col("id").n_unique() / pl.col("count").sum()
    return pl.concat(ids).group_by(FILE).agg(share=share)


def keys(records: pl.DataFrame) -> pl.DataFrame:
    """Return `record, *FILE` and the hashes of both ids a record may get: `of_id`, `of_typed`."""
    return records.select("record", *FILE, of_id=pl.col("id").hash(), of_typed=_typed_key().hash())


def repeated_keys(keys: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Return `record, key` of the records that share their id with another."""
    judged = keys.join(shares, on=FILE, how="left", nulls_equal=True)
    usable = (pl.col("share") >= PERSON_SHARE).fill_null(False) & pl.col("of_id").is_not_null()
    key = pl.struct(usable, pl.when(usable).then("of_id").otherwise("of_typed")).hash()
    return judged.select("record", key=key).filter(pl.col("key").is_duplicated())


def _typed_id(typed: pl.Series) -> pl.Series:
    """Return the ids without outer blanks; null if empty, or if they look like one of ours.

    The latter would let two records share an id.
    """
    odd = typed.str.contains(ODD).arg_true()
    ids = typed.gather(odd).str.strip_chars()
    words = ids.filter(~ids.str.contains("[1-9]")).unique().to_frame("id")
    empty = words.filter(says_nothing(pl.col("id").str.to_uppercase()))["id"]
    gone = ids.is_in(empty.implode()) | ids.str.contains(OURS)
    return typed.clone().scatter(odd, ids.set(gone, None))


def _with_base(records: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Add `base`: the id where a file's ids name persons, else the hash."""
    persons = pl.col("share") >= PERSON_SHARE
    if shares.select(persons.all()).item() and not records["id"].null_count():
        return records.with_columns(base="id")
    named = shares.select(pl.struct(FILE).filter(persons))
    usable = pl.when(pl.struct(FILE).is_in(named.to_series().implode())).then("id")
    return records.with_columns(base=usable).with_columns(
        pl.col("base").fill_null(
            pl.when(pl.col("base").is_null())
            .then(_typed_key())
            .map_batches(_hashed, return_dtype=pl.String)
        )
    )


def _typed_key() -> pl.Expr:
    return pl.concat_str(
        [pl.col(name).fill_null("").str.strip_chars() for name in TYPED], separator="\x1f"
    )


def _hashed(keys: pl.Series) -> pl.Series:
    """Return the hash of each key; Polars' own hash differs between its versions. Null is null."""
    hashes = [
        None if key is None else "h" + blake2b(key.encode(), digest_size=HASH_BYTES).hexdigest()
        for key in keys.to_list()
    ]
    return pl.Series(keys.name, hashes, dtype=pl.String)
