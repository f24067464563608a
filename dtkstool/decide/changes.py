"""Proposed cell changes: where a record that was found differs from the civil registry."""

import polars as pl

from dtkstool.decide.facts import current_desa
from dtkstool.frames import CHANGES, conform


def _plain(column: str) -> pl.Expr:
    """Return a text as two clerks would agree it reads: upper case, no signs, single spaces."""
    return pl.col(column).str.to_uppercase().str.replace_all(r"[^0-9A-Z]+", " ").str.strip_chars()


def _proposals() -> dict[str, tuple[pl.Expr, pl.Expr]]:
    """Return, per field, whether it differs and what the registry has."""
    mother = pl.col("nama_ibu_dukcapil").is_not_null() & (
        pl.col("nama_ibu_folk").ne_missing(pl.col("nama_ibu_folk_dukcapil"))
    )
    return {
        "nik": (
            pl.col("nik").ne_missing(pl.col("nik_dukcapil")),
            pl.col("nik_dukcapil"),
        ),
        "nokk": (
            pl.col("nokk").ne_missing(pl.col("nokk_dukcapil")),
            pl.col("nokk_dukcapil"),
        ),
        "nama": (_plain("nama_asal") != _plain("nama_asal_dukcapil"), pl.col("nama_asal_dukcapil")),
        "tanggal_lahir": (
            pl.col("tanggal_lahir").ne_missing(pl.col("tanggal_lahir_dukcapil")),
            pl.col("tanggal_lahir_dukcapil").dt.strftime("%d-%m-%Y"),
        ),
        "jenis_kelamin": (
            pl.col("jenis_kelamin").ne_missing(pl.col("jenis_kelamin_dukcapil")),
            pl.col("jenis_kelamin_dukcapil"),
        ),
        "nama_ibu": (mother, pl.col("nama_ibu_asal_dukcapil")),
    }


def moves(names: pl.DataFrame) -> dict[str, tuple[pl.Expr, pl.Expr]]:
    """Return the place changes of misplaced records; `names` has code and name of places."""
    code = current_desa()
    known, called = names["code"], names["name"]
    kecamatan = code.str.slice(0, 6).replace_strict(known, called, default=None)
    desa = pl.when(code.str.len_chars() == 10).then(
        code.replace_strict(known, called, default=None)
    )
    return {
        "kecamatan": (code.str.slice(0, 6) != pl.col("kode_kecamatan"), kecamatan),
        "desa": (code != pl.col("kode_desa"), desa),
    }


def changes(facts: pl.DataFrame, fields: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return one row per proposed cell change (`frames.CHANGES`) of the records that were found.

    Only columns the record's file has are proposed: `fields` (layout, field) lists them. A field
    the registry leaves empty is never proposed.
    """
    found = facts.filter("linked")
    rows = [_rows(found, field, differs, new) for field, (differs, new) in _proposals().items()]
    moved = found.filter("misplaced")
    rows += [_rows(moved, field, differs, new) for field, (differs, new) in moves(names).items()]
    proposed = pl.concat(rows).join(
        fields, left_on=["layout", "column"], right_on=["layout", "field"], how="semi"
    )
    return conform(proposed.sort("record", "column").select(CHANGES.keys()), CHANGES, "changes")


def _rows(found: pl.DataFrame, field: str, differs: pl.Expr, new: pl.Expr) -> pl.DataFrame:
    return found.filter(differs & new.is_not_null()).select(
        "record",
        "layout",
        "record_id",
        "id_dtks",
        column=pl.lit(field),
        old=f"{field}_asal",
        new=new,
        source=pl.lit("dukcapil"),
        probability="probability",
    )
