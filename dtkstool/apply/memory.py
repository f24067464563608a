"""What clerks decided, kept for the months to come, until what it was about changes."""

from hashlib import blake2b

import polars as pl

KEPUTUSAN = {
    "record_id": pl.String(),  # as the corrected register gives it; the old one if it has gone
    "record_id_lama": pl.String(),  # as the workbook had it
    "other_id": pl.String(),  # the pair's other record (GANDA), else null
    "sheet": pl.String(),
    "column": pl.String(),  # the field decided on (UBAH), else null
    "decision": pl.String(),
    "fate": pl.String(),
    "value": pl.String(),  # the value decided for, the NIK chosen, or the successor's NIK
    "proposed": pl.String(),  # what the tool proposed for the cell (UBAH), else null
    "tl": pl.String(),
    "proof": pl.String(),
    "note": pl.String(),
    "values": pl.String(),  # what it was about, as typed, U+001F between
    "values_hash": pl.String(),
    "petugas": pl.String(),
    "jabatan": pl.String(),
    "selesai": pl.String(),  # the day the clerk wrote on PETUNJUK, as typed
    "period": pl.String(),
    "kecamatan": pl.String(),
    "file": pl.String(),
    "tab": pl.String(),
    "row": pl.UInt32(),
    "applied": pl.Date(),
}
"""One row per clerk's decision that was accepted, copies of one answer left out."""

PERSON = ("nik", "nokk", "nama", "tanggal_lahir", "nama_ibu")
"""Typed fields a decision about a person or a pair rests on."""
SETTLED = ("ubah", "tetap", "hapus", "ganti", "konsolidasi")
HASH_BYTES = 12


def values_of(record_ids: pl.DataFrame, current: pl.DataFrame) -> pl.Series:
    """Return, row for row, the typed values that decisions are about; null if a record is gone.

    `record_ids` has record_id, other_id, column; `current` record_id and `<field>_asal`. One
    field for a cell, PERSON for a person, those of both in order of id for a pair.
    """
    asked = record_ids.select("record_id", "other_id", "column").with_row_index("place")
    texts = current.select("record_id", *_texts(current)).unique("record_id", keep="first")
    people = texts.select(
        "record_id", person=pl.concat_str([f"v_{f}" for f in PERSON], separator="\x1f")
    )
    others = people.rename({"record_id": "other_id", "person": "other"})
    cells = texts.unpivot(
        index="record_id", variable_name="column", value_name="cell"
    ).with_columns(pl.col("column").str.strip_prefix("v_"))
    wanted = asked.select("record_id", "column").drop_nulls().unique()
    cells = cells.join(wanted, on=["record_id", "column"], how="semi")
    joined = (
        asked.join(people, on="record_id", how="left", maintain_order="left")
        .join(others, on="other_id", how="left", maintain_order="left")
        .join(cells, on=["record_id", "column"], how="left", maintain_order="left")
    )
    first = pl.col("record_id") <= pl.col("other_id")
    pair = (
        pl.when(first)
        .then(pl.concat_str("person", "other", separator="\x1e"))
        .otherwise(pl.concat_str("other", "person", separator="\x1e"))
    )
    about = (
        pl.when(pl.col("column").is_not_null()).then("cell")
        .when(pl.col("other_id").is_not_null()).then(pair)
        .otherwise("person")
    )  # fmt: skip
    return joined.select(values=about).to_series()


def _texts(current: pl.DataFrame) -> list[pl.Expr]:
    fields = [name.removesuffix("_asal") for name in current.columns if name.endswith("_asal")]
    there = {
        f: pl.col(f"{f}_asal").str.replace_all(r"\s+", " ").str.strip_chars().fill_null("")
        for f in fields
    }
    for field in PERSON:
        there.setdefault(field, pl.lit(""))
    return [text.alias(f"v_{field}") for field, text in there.items()]


def hashed(values: pl.Series) -> pl.Series:
    """Return the hash of each text, the same on every machine and version; null is null."""
    hashes = [
        None if text is None else blake2b(text.encode(), digest_size=HASH_BYTES).hexdigest()
        for text in values.to_list()
    ]
    return pl.Series("values_hash", hashes, pl.String)


def remembered(decisions: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions (`KEPUTUSAN`) that still hold for the register as it is now.

    Of several about one cell, person or pair the latest counts. One lapses when a value it was
    about is typed differently, or a record of it is gone. What was left open is not among them.
    `current` has record_id and `<field>_asal`.
    """
    pair = (pl.min_horizontal("record_id", "other_id"), pl.max_horizontal("record_id", "other_id"))
    latest = (
        decisions.sort("applied", "period", nulls_last=False, maintain_order=True)
        .with_columns(one=pair[0], two=pair[1])
        .unique(["sheet", "one", "two", "column"], keep="last", maintain_order=True)
        .drop("one", "two")
        .filter(pl.col("fate").is_in(SETTLED))
    )
    now = hashed(values_of(latest, current))
    return latest.filter((pl.col("values_hash") == now).fill_null(False))
