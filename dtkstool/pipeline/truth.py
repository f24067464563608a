"""What is known to be right: from a truth file, or from what clerks decided in workbooks."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from dtkstool.errors import UnusableInput, Where

TRUE_NIK = ("nik_benar", "true_nik", "nik_true", "nik_dukcapil", "nik_asli")
KINDS = ("corruptions", "kinds", "kerusakan", "jenis_kerusakan")
PLACE = ("kecamatan", "kode_kecamatan")
WHERE = ("source_file", "sheet", "row")
IN_REGISTRY = ("in_registry", "di_registri")
TYPED = ("nik benar", "nik yang benar", "correct nik")


def load_truth(
    truth: Path | None,
    decisions: Sequence[Path],
    links: pl.DataFrame,
    places: pl.DataFrame | None,
) -> pl.DataFrame:
    """Return record_id, nik_benar and, where known, kinds (list) and kecamatan.

    A truth file (Parquet or CSV) names records by record_id, by file, sheet and row, or by DTKS id.
    UnusableInput when its columns say neither who a record is nor what its NIK should be.
    """
    known = _from_sheets(decisions) if truth is None else _from_file(truth, links, places)
    if places is not None and "kecamatan" not in known.columns:
        known = known.join(places.select("record_id", "kecamatan"), on="record_id", how="left")
    if known.is_empty():
        raise UnusableInput("truth_empty", where=Where(file=str(truth or "")))
    return known


def _from_file(path: Path, links: pl.DataFrame, places: pl.DataFrame | None) -> pl.DataFrame:
    if not path.is_file():
        raise UnusableInput("truth_missing", where=Where(file=str(path)))
    parquet = path.suffix == ".parquet"
    try:
        df = pl.read_parquet(path) if parquet else pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.ComputeError, pl.exceptions.NoDataError) as error:
        reason = str(error).splitlines()[0]
        raise UnusableInput("truth_unread", where=Where(str(path)), reason=reason) from error
    df = df.rename({name: name.strip().lower() for name in df.columns})
    nik = _first(df, TRUE_NIK) or ("nik" if "nik" in df.columns else "")
    named = _named(df, links, places)
    if not nik or named is None:
        raise UnusableInput(
            "truth_columns", where=Where(file=str(path)), seen=", ".join(df.columns)
        )
    present = _first(df, IN_REGISTRY)
    absent = pl.col(present).cast(pl.String).str.to_lowercase().is_in(["false", "0", "tidak"])
    number = pl.col(nik).cast(pl.String).str.strip_chars().replace("", None)
    extra = {}
    if kinds := _first(df, KINDS):
        extra["kinds"] = _listed(df, kinds)
    if place := _first(df, PLACE):
        extra["kecamatan"] = pl.col(place).cast(pl.String)
    return named.select(
        "record_id",
        nik_benar=pl.when(~absent).then(number) if present else number,
        **extra,
    ).unique("record_id", keep="first", maintain_order=True)


def _first(df: pl.DataFrame, names: Sequence[str]) -> str:
    return next((name for name in names if name in df.columns), "")


def _listed(df: pl.DataFrame, column: str) -> pl.Expr:
    if df.schema[column] == pl.List(pl.String):
        return pl.col(column).fill_null([])
    return pl.col(column).fill_null("").str.extract_all(r"[^\s,;|\[\]'\"]+")


def _named(
    df: pl.DataFrame, links: pl.DataFrame, places: pl.DataFrame | None
) -> pl.DataFrame | None:
    """Return the truth with record_id, or None when it does not say which record is meant."""
    if "record_id" in df.columns:
        return df.with_columns(pl.col("record_id").cast(pl.String))
    if places is not None and {"source_file", "row"} <= set(df.columns):
        found = places.drop("kecamatan").with_columns(
            pl.col("source_file").str.split("/").list.last()
        )
        keys = [name for name in WHERE if name in df.columns]
        typed = df.with_columns(
            pl.col("source_file").str.split("/").list.last(),
            pl.col("row").cast(pl.UInt32),
            *(pl.col(name).fill_null("") for name in keys if name == "sheet"),
        )
        return typed.join(found.select("record_id", *keys), on=keys)
    if "id_dtks" in df.columns:
        once = links.filter(pl.col("id_dtks").is_unique() & pl.col("id_dtks").is_not_null())
        return df.join(once.select("id_dtks", "record_id"), on="id_dtks")
    return None


def _from_sheets(paths: Sequence[Path]) -> pl.DataFrame:
    """Return what the VERIFIKASI sheets of filled workbooks say of who is who."""
    found = [_filled(path) for path in paths]
    empty = pl.DataFrame(schema={"record_id": pl.String, "nik_benar": pl.String})
    return pl.concat([empty, *found]).unique("record_id", keep="last", maintain_order=True)


def _filled(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise UnusableInput("truth_missing", where=Where(file=str(path)))
    sheets = pl.read_excel(path, sheet_id=0, has_header=False, infer_schema_length=0,
                           drop_empty_rows=False, raise_if_empty=False)  # fmt: skip
    told = [_decided(sheet) for sheet in sheets.values() if sheet.height]
    empty = pl.DataFrame(schema={"record_id": pl.String, "nik_benar": pl.String})
    return pl.concat([empty, *(part for part in told if part is not None)])


def _decided(sheet: pl.DataFrame) -> pl.DataFrame | None:
    """Return the candidates chosen on one sheet, or None if it is not a VERIFIKASI sheet.

    The columns go by the keys of our own workbooks' first row, or by their headings.
    """
    words = [[_plain(value) for value in row] for row in sheet.rows()]
    top = next((i for i, row in enumerate(words) if "record id" in row), None)
    if top is None or not any("kandidat 1" in word or "candidate 1" in word for word in words[top]):
        return None
    header = words[top]
    rows = sheet.slice(top + 1).rename(dict(zip(sheet.columns, _unique(header), strict=True)))
    choice = _first(rows, ("keputusan", "decision"))
    if not choice:
        return None
    made = pl.col(choice).str.to_uppercase().str.replace_all(r"[^A-Z0-9]+", "_")
    nik = pl.lit(None, pl.String)
    for k in (1, 2, 3):
        shown = (f"kandidat {k} nik", f"nik kandidat {k}", f"nik candidate {k}")
        if column := _first(rows, shown):
            chosen = made.str.contains(f"(KANDIDAT|CANDIDATE)_{k}")
            nik = pl.when(chosen).then(column).otherwise(nik)
    typed = next((n for n in rows.columns if n.startswith(TYPED)), "")
    if typed:
        nik = pl.coalesce(pl.col(typed).str.extract(r"(\d{16})"), nik)
    nobody = made.str.contains("BUKAN_KANDIDAT|NOT_A_CANDIDATE|NONE_OF")
    return (
        rows.select(record_id="record id", nik_benar=nik, nobody=nobody)
        .filter(
            pl.col("record_id").is_not_null()
            & (pl.col("nik_benar").is_not_null() | pl.col("nobody"))
        )
        .select("record_id", "nik_benar")
    )


def _plain(value: object) -> str:
    return str(value or "").strip().lower().replace("_", " ")


def _unique(header: Sequence[str]) -> list[str]:
    return [word if header.index(word) == i else f"{word}#{i}" for i, word in enumerate(header)]
