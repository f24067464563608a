"""What clerks decided, kept for the months to come, until what it was about changes."""

from collections.abc import Collection
from hashlib import blake2b

import polars as pl

from dtkstool.frames import RECALLED, conform

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
    "dasar": pl.String(),  # what the row rested on (`decide.remembered.with_basis`)
    "kandidat": pl.String(),  # NIKs of the candidates shown, blanks between
    "nik": pl.String(),  # the record's own, as typed: finds it again under another id
    "values": pl.String(),  # what it was about, as typed, U+001F between; null: cannot be told
    "values_hash": pl.String(),
    "sebelum": pl.String(),  # the same before the decision was carried out
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
LEAVING = ("hapus", "ganti")
CHANGING = ("ubah", "ganti")
HASH_BYTES = 12


def as_keputusan(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return a frame as `KEPUTUSAN`: columns an earlier version did not write are null."""
    return decisions.select(
        pl.col(name).cast(dtype) if name in decisions.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in KEPUTUSAN.items()
    )


def values_of(record_ids: pl.DataFrame, current: pl.DataFrame) -> pl.Series:
    """Return, row for row, the typed values that decisions are about; null if a record is gone.

    `record_ids` has record_id, other_id, column; `current` record_id and `<field>_asal`. One
    field for a cell, PERSON for a person, those of both in order of id for a pair.
    """
    asked = record_ids.select("record_id", "other_id", "column").with_row_index("place")
    fields = {*PERSON, *asked["column"].drop_nulls().unique()}
    texts = current.select("record_id", *_texts(current, fields)).unique("record_id", keep="first")
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


def _texts(current: pl.DataFrame, fields: Collection[str]) -> list[pl.Expr]:
    there = {
        f: pl.col(f"{f}_asal").str.replace_all(r"\s+", " ").str.strip_chars().fill_null("")
        for f in sorted(fields)
        if f"{f}_asal" in current.columns
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


def plain(values: pl.Expr) -> pl.Expr:
    """Return values as two exports of one register agree on them: another layout is no change.

    Capitals, dates as year-month-day, letters and digits only; the signs between values stay.
    """
    day_first = r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})\b"
    year_first = r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
    return (
        values.str.to_uppercase()
        .str.replace_all(year_first, "$1\x1d$2\x1d$3")
        .str.replace_all(day_first, "$3\x1d$2\x1d$1")
        .str.replace_all(r"\x1d0(\d)\b", "\x1d$1")
        .str.replace_all(r"[^\pL\pN\x1d\x1e\x1f]+", "")
    )


def recalled(decisions: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Return all decisions (`KEPUTUSAN`), oldest first, as they stand now (`frames.RECALLED`).

    `current` has record_id and `<field>_asal`. A decision about somebody who is there under
    another id, made of other values, is found by the NIK if one record alone has it; one that
    took a record out is not: who has that NIK now may be somebody else.
    """
    known = _found_again(as_keputusan(decisions), current)
    about = pl.concat([known["record_id"], known["other_id"]]).drop_nulls().unique()
    there = current.filter(pl.col("record_id").is_in(about.implode()))
    now = values_of(known, there)
    subject = (
        pl.when(pl.col("column").is_not_null()).then(pl.lit("sel"))
        .when(pl.col("other_id").is_not_null()).then(pl.lit("pasangan"))
        .otherwise(pl.lit("orang"))
    )  # fmt: skip
    ordered = (
        known.with_columns(now=now, now_hash=hashed(now))
        .sort("applied", "period", nulls_last=False, maintain_order=True)
        .with_row_index("nth")
        .with_columns(subject=subject.cast(RECALLED["subject"]), state=_state())
    )
    pair = (pl.min_horizontal("record_id", "other_id"), pl.max_horizontal("record_id", "other_id"))
    one = ["subject", "one", "two", "column"]
    told = ordered.with_columns(one=pair[0], two=pair[1]).with_columns(
        latest=pl.col("nth") == pl.col("nth").max().over(one)
    )
    return conform(told.select(RECALLED.keys()), RECALLED, "recalled")


def _state() -> pl.Expr:
    now, then, before = (plain(pl.col(name)) for name in ("now", "values", "sebelum"))
    same = pl.coalesce(now == then, pl.col("now_hash") == pl.col("values_hash"))
    told = pl.col("values_hash").is_not_null()
    as_seen = (now == before).fill_null(False) & told
    # What changed beside it, by another decision that has not arrived, is no change of this one.
    held = (same.fill_null(False) & told) | (as_seen & ~pl.col("fate").is_in(CHANGING))
    return (
        pl.when(pl.col("now").is_null()).then(pl.lit("hilang"))
        .when(held).then(pl.lit("sama"))
        .when(as_seen).then(pl.lit("sebelum"))
        .otherwise(pl.lit("berubah"))
    ).cast(RECALLED["state"])  # fmt: skip


def _found_again(decisions: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with the ids that people who are still there have now."""
    here = pl.col("record_id").is_in(current["record_id"].implode())
    lost = decisions.filter(
        ~here, pl.col("other_id").is_null(), ~pl.col("fate").is_in(LEAVING), _usable("nik")
    )
    if lost.is_empty():
        return decisions
    named = current.select("record_id", nik=pl.col("nik_asal").str.strip_chars())
    alone = named.filter(_usable("nik")).unique("nik", keep="none")
    again = pl.col("found").is_not_null() & ~here & pl.col("other_id").is_null()
    again &= ~pl.col("fate").is_in(LEAVING)
    return (
        decisions.join(
            alone.rename({"record_id": "found"}), on="nik", how="left", maintain_order="left"
        )
        .with_columns(record_id=pl.when(again).then("found").otherwise("record_id"))
        .drop("found")
    )


def _usable(column: str) -> pl.Expr:
    return pl.col(column).str.contains(r"^\d{16}$").fill_null(False)


def remembered(decisions: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions (`frames.RECALLED`) that still hold for the register as it is now.

    Of several about one cell, person or pair the latest counts. One lapses when a value it was
    about changes, or a record of it is gone. What was left open is not among them.
    """
    told = recalled(decisions, current)
    return told.filter("latest", pl.col("fate").is_in(SETTLED), pl.col("state") == "sama")
