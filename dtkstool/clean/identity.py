"""The record id: the same record gets the same id in every export of the register.

It never depends on file, sheet, row or the order of rows, so that findings and decisions of one
month can be found again in the next.
"""

from hashlib import blake2b

import polars as pl

from dtkstool.clean.cells import says_nothing

TYPED = ("nokk_asal", "nik_asal", "nama_asal")
TIE_BREAKERS = (
    *TYPED, "id_dtks_asal", "tanggal_lahir_asal", "nama_ibu_asal", "alamat_asal", "rt_asal",
    "record",
)  # fmt: skip
PERSON_SHARE = 0.5
"""A column of ids names persons, not families, if this share of a file's ids is distinct; a
family's id is repeated by three or four members on average."""
HASH_BYTES = 10
COUNTER = "~"
OURS = r"~[0-9]+$|^h[0-9a-f]{20}$"


def with_record_id(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return `lf` with `record_id`, never null and unique, and `id_dtks`, null if there is none.

    The id is the typed DTKS id where the file's ids name persons; else `h` and 20 hexadecimal
    digits of BLAKE2b over `nokk, nik, nama` as typed, joined by U+001F, outer blanks off. Records
    that share one get `~2`, `~3` … in the order of what was typed in them; rows typed alike in
    everything are interchangeable. A *whole* kernel: it needs every record of the run.
    """
    typed = pl.struct(*TIE_BREAKERS, "source_file", "layout")
    record_id = typed.map_batches(_record_ids, return_dtype=pl.String)
    return lf.with_columns(record_id=record_id, id_dtks=pl.col("id_dtks_asal"))


def _record_ids(typed: pl.Series) -> pl.Series:
    records = typed.struct.unnest().with_row_index("place")
    based = records.with_columns(id=_typed_id(records["id_dtks_asal"])).pipe(_with_base)
    repeated = based.filter(pl.col("base").is_duplicated())
    if repeated.is_empty():
        return based["base"]
    nth = pl.int_range(1, pl.len() + 1).over("base")
    counted = repeated.sort("base", *TIE_BREAKERS, nulls_last=True).select("place", nth=nth)
    suffix = pl.when(pl.col("nth") > 1).then(COUNTER + pl.col("nth").cast(pl.String))
    return (
        based.join(counted, on="place", how="left", maintain_order="left")
        .select(pl.concat_str("base", suffix.fill_null("")))
        .to_series()
    )


def _typed_id(typed: pl.Series) -> pl.Series:
    """Return the ids without outer blanks; null if empty, or if they look like one of ours.

    The latter would let two records share an id.
    """
    ids = typed.str.strip_chars()
    words = ids.filter(~ids.str.contains("[1-9]")).unique().to_frame("id")
    empty = words.filter(says_nothing(pl.col("id").str.to_uppercase()))["id"]
    return ids.set(ids.is_in(empty.implode()) | ids.str.contains(OURS), None)


def _with_base(records: pl.DataFrame) -> pl.DataFrame:
    """Add `base`: the id where a file's ids name persons, else the hash."""
    file = ["source_file", "layout"]
    share = pl.col("id").drop_nulls().n_unique() / pl.col("id").count()
    shares = records.group_by(file).agg(share=share)
    judged = records.join(shares, on=file, how="left", nulls_equal=True, maintain_order="left")
    usable = pl.when(pl.col("share") >= PERSON_SHARE).then("id")
    key = pl.concat_str(
        [pl.col(name).fill_null("").str.strip_chars() for name in TYPED], separator="\x1f"
    )
    return judged.with_columns(base=usable).with_columns(
        pl.col("base").fill_null(
            pl.when(pl.col("base").is_null()).then(key).map_batches(_hashed, return_dtype=pl.String)
        )
    )


def _hashed(keys: pl.Series) -> pl.Series:
    """Return the hash of each key; Polars' own hash differs between its versions. Null is null."""
    hashes = [
        None if key is None else "h" + blake2b(key.encode(), digest_size=HASH_BYTES).hexdigest()
        for key in keys.to_list()
    ]
    return pl.Series(keys.name, hashes, dtype=pl.String)
