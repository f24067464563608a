"""What the workbooks print of each person: where they live, who they are, their card."""

import polars as pl

from dtkstool.messages import Language, message

ILLEGAL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
"""Characters that XML 1.0 §2.2 forbids; Excel calls a file that holds one damaged."""
CELL_LIMIT = 32_000
"""A little under the 32,767 UTF-16 units of an Excel cell."""
CARD = ("nama", "nik", "nokk", "lahir", "jk", "ibu", "alamat", "tempat", "id_dtks")
"""The lines of a card, both sides of a comparison having the same."""


def printable(expr: pl.Expr, lang: Language) -> pl.Expr:
    """Return the text without characters XML forbids, cut with a mark where a cell would overflow.

    Null stays null.
    """
    legal = expr.str.replace_all("\r\n?", "\n").str.replace_all(ILLEGAL, "")
    cut = pl.concat_str(legal.str.slice(0, CELL_LIMIT), pl.lit(message("workbook.cut", lang)))
    return pl.when(legal.str.len_chars() > CELL_LIMIT).then(cut).otherwise(legal)


def typed(field: str) -> pl.Expr:
    """Return the cell as typed; blank as null."""
    asal = pl.col(f"{field}_asal")
    return pl.when(asal.str.strip_chars() != "").then(asal)


def day(expr: pl.Expr) -> pl.Expr:
    """Return a date as people here write it, `17-08-1945`; null stays null."""
    return expr.dt.strftime("%d-%m-%Y")


def resolved(expr: pl.Expr) -> pl.Expr:
    """Return a kecamatan code, or null for anything that is not six digits."""
    return pl.when(expr.str.contains(r"^[0-9]{6}$")).then(expr)


def with_places(records: pl.DataFrame, names: pl.DataFrame, lang: Language) -> pl.DataFrame:
    """Return `record_id`, `kecamatan`, `desa`, `tempat` of every record.

    `desa` is the official name, else what was typed, else a phrase saying it is missing; where
    `kecamatan` is null it is the whole place as typed, so that equal texts come together. `tempat`
    adds the kecamatan. Reads `kecamatan` beside the CLEANED columns.
    """
    missing = pl.lit(message("workbook.place.no_desa", lang))
    desa = pl.coalesce("nama_desa", typed("desa").str.strip_chars(), missing)
    parts = [typed(field).str.strip_chars() for field in ("kabupaten", "kecamatan", "desa")]
    as_typed = pl.concat_str(parts, separator=" › ", ignore_nulls=True)
    nowhere = pl.lit(message("workbook.place.nowhere", lang))
    unresolved = pl.when(as_typed != "").then(as_typed).otherwise(nowhere)
    inside = pl.col("kode_desa").str.starts_with(pl.col("kecamatan"))
    of_desa = names.select(desa_code="code", nama_desa="name")
    of_kecamatan = names.select(kecamatan="code", nama_kecamatan="name")
    return (
        records.with_columns(desa_code=pl.when(inside).then("kode_desa"))
        .join(of_desa, on="desa_code", how="left", maintain_order="left")
        .join(of_kecamatan, on="kecamatan", how="left", maintain_order="left")
        .with_columns(desa=pl.when(pl.col("kecamatan").is_null()).then(unresolved).otherwise(desa))
        .with_columns(
            tempat=pl.concat_str("desa", "nama_kecamatan", separator=", ", ignore_nulls=True)
        )
        .select("record_id", "kecamatan", "desa", "tempat")
    )


def with_person(records: pl.DataFrame, places: pl.DataFrame, lang: Language) -> pl.DataFrame:
    """Return what the sheets print of each record, all text: PERSON columns, trace, `kartu`.

    `rw_key`, `rt_key` sort by neighbourhood; null sorts last.
    """
    numbers = [_number(field).fill_null("-") for field in ("rt", "rw")]
    has_rt = _number("rt").is_not_null() | _number("rw").is_not_null()
    sheet = pl.when(pl.col("sheet") != "").then("sheet")
    row = pl.lit(message("workbook.row", lang) + " ") + pl.col("row").cast(pl.String)
    texts = records.select(
        "record_id",
        "id_dtks",
        rt_key="rt",
        rw_key="rw",
        rt_rw=pl.when(has_rt).then(pl.concat_str(numbers, separator="/")),
        alamat=typed("alamat"),
        nama=typed("nama"),
        nik=typed("nik"),
        nokk=typed("nokk"),
        lahir=pl.coalesce(day(pl.col("tanggal_lahir")), typed("tanggal_lahir")),
        jk=pl.coalesce("jenis_kelamin", typed("jenis_kelamin")),
        ibu=typed("nama_ibu"),
        asal=pl.concat_str("source_file", sheet, row, separator=" › ", ignore_nulls=True),
    )
    return texts.join(places, on="record_id", how="left", maintain_order="left").with_columns(
        kartu=card(lang, alamat=_address(), **{k: pl.col(k) for k in CARD if k != "alamat"})
    )


def card(lang: Language, **values: pl.Expr) -> pl.Expr:
    """Return `Label: value` lines in the order of CARD; a dash where there is no value.

    Lines not given are left out; line breaks inside a value become blanks.
    """
    lines = [
        pl.concat_str(
            pl.lit(message(f"workbook.card.{key}", lang) + ": "),
            values[key].str.replace_all(r"\s*[\r\n]+\s*", " ").fill_null("–"),
        )
        for key in CARD
        if key in values
    ]
    return pl.concat_str(lines, separator="\n")


def _number(field: str) -> pl.Expr:
    """Return RT or RW with three digits, else as typed; null stays null."""
    return pl.coalesce(pl.col(field).cast(pl.String).str.zfill(3), typed(field).str.strip_chars())


def _address() -> pl.Expr:
    rt_rw = pl.lit("RT/RW ") + pl.col("rt_rw")
    joined = pl.concat_str("alamat", rt_rw, separator=" ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)
