"""The register the way it arrives: many files in many formats, none like the next."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.books import SPREADSHEETS, WRITERS, text_lines, usable_suffix
from dtkstool.sample.clean_files import PLACES
from dtkstool.sample.fault import LOG
from dtkstool.sample.faults_rest import RELATIONS
from dtkstool.sample.grid import Row, Sheet, as_this_office_writes, open_quotes, sheet, shown_fields
from dtkstool.sample.layouts import LAYOUTS, Layout
from dtkstool.sample.register import FIELDS, Register
from dtkstool.sample.world import World, stage_rng

HIDDEN_SHARE = 0.04
"""Of the people in a workbook of several sheets: found only on its hidden sheet."""


def _pieces(register: Register) -> list[npt.NDArray[np.int64]]:
    """Return the records of each file: parts of one kecamatan, cut between families."""
    kecamatan = register.clean["kode_kecamatan"].to_numpy()
    home, rows = register.listing.home, np.arange(register.written.height)
    codes = np.unique(kecamatan)
    files = max(len(LAYOUTS), len(codes))
    shares = [files // len(codes) + (i < files % len(codes)) for i in range(len(codes))]
    pieces = []
    for code, parts in zip(codes, shares, strict=True):
        mine = rows[kecamatan == code]
        starts = np.flatnonzero(np.diff(home[mine], prepend=-1))
        cuts = starts[np.linspace(0, len(starts), parts + 1).astype(int)[1:-1]]
        pieces.extend(np.split(mine, cuts))
    return [piece for piece in pieces if len(piece)]


def _name(text: str, limit: int = 28) -> str:
    return "".join(sign if sign.isalnum() or sign == " " else "_" for sign in text)[:limit]


def _summary(rows: pl.DataFrame) -> Sheet:
    """Return a REKAP sheet: counts per desa, nobody on it."""
    counts = rows["desa_benar"].value_counts(name="n").sort("desa_benar")
    lines: list[Row] = [("REKAPITULASI JUMLAH PENERIMA",), (None,), ("NO", "DESA", "JUMLAH JIWA")]
    lines += [(i, name, n) for i, (name, n) in enumerate(counts.iter_rows(), 1)]
    return Sheet("REKAP", lines, [None] * len(lines))


def _sheets(layout: Layout, rows: pl.DataFrame, spoilt: pl.DataFrame, suffix: str) -> list[Sheet]:
    if layout.sheets == "per_desa" and suffix in SPREADSHEETS:
        cut = int(rows.height * (1 - HIDDEN_SHARE))
        open_, hidden = rows.head(cut), rows.tail(rows.height - cut)
        parts = open_.partition_by("desa_benar", maintain_order=True)
        pages = [sheet(layout, part, spoilt, _name(f"{i} {part['desa_benar'][0]}"))
                 for i, part in enumerate(parts, 1)]  # fmt: skip
        behind = [sheet(layout, hidden, spoilt, "Sheet3", hidden=True)] if hidden.height else []
        return [_summary(rows), *pages, *behind]
    if suffix == "zip":
        half = rows.height // 2 or rows.height
        parts = [part for part in (rows.head(half), rows.slice(half)) if part.height]
        return [sheet(layout, part, spoilt, f"bagian_{i}") for i, part in enumerate(parts, 1)]
    return [sheet(layout, rows, spoilt, "Sheet1" if layout.footer else "Data")]


def _ragged(part: Sheet, rng: np.random.Generator) -> Sheet:
    """Return a sheet with the empty ends of rows cut off and stray cells added to others."""
    luck = rng.random(len(part.rows))
    rows: list[Row] = []
    for row, record, chance in zip(part.rows, part.records, luck, strict=True):
        if record is None or chance > 0.12:
            rows.append(row)
        elif chance < 0.06:
            rows.append((*row, "", "") if chance < 0.03 else (*row, "ok"))
        else:
            short = len(row)
            while short and row[short - 1] in (None, ""):
                short -= 1
            rows.append(row[:short])
    return replace(part, rows=rows)


def _places(part: Sheet, layout: Layout, file: str, suffix: str) -> pl.DataFrame:
    """Return where each record of a sheet stands, as a person sees it."""
    book = suffix in SPREADSHEETS
    source = f"{file}/{part.name}.csv" if suffix == "zip" else file
    if book or suffix == "parquet":
        rows = np.arange(1, len(part.rows) + 1)
    else:
        breaks = np.array([line.count("\n") + 1 for line in text_lines(part, layout)])
        rows = np.concatenate([[1], 1 + np.cumsum(breaks)[:-1]])
    return pl.DataFrame({
        "record": pl.Series(part.records, dtype=pl.UInt32),
        "source_file": [source] * len(rows),
        "sheet": [part.name if book else ""] * len(rows),
        "row": rows,
    }).cast(PLACES).filter(pl.col("record").is_not_null())  # type: ignore[arg-type]  # fmt: skip


def _spoilt(register: Register) -> pl.DataFrame:
    damaged = pl.col("fault").str.ends_with("digit16")
    return register.log.filter(damaged).select("record", "column")


def _file_name(layout: Layout, rows: pl.DataFrame, number: int, suffix: str) -> str:
    kecamatan = _name(rows["kecamatan_benar"][0].title(), 40)
    return f"{number:02d} {layout.stem} {kecamatan}.{suffix}"


def _with_heads(register: Register) -> pl.DataFrame:
    """Return the written records with the true kecamatan, desa and name of the family's head."""
    clean = register.clean
    heads = clean.filter(pl.col("hubungan") == RELATIONS[0]).unique(
        "keluarga", keep="first", maintain_order=True
    )
    names = clean.select("keluarga").join(
        heads.select("keluarga", "nama"), on="keluarga", how="left", maintain_order="left"
    )
    return register.written.with_columns(
        nama_kepala=names["nama"].fill_null(""),
        kecamatan_benar=clean["kecamatan"],
        desa_benar=clean["desa"],
        keluarga=clean["keluarga"],
    )


def _visible(log: pl.DataFrame, shown: pl.DataFrame, clean: pl.DataFrame) -> pl.DataFrame:
    """Return the log of one file without cells that look undamaged in its own codes."""
    parts = [pl.DataFrame(schema=LOG)]
    for column in log["column"].unique().sort():
        mine = log.filter(pl.col("column") == column)
        at = shown["record"].search_sorted(mine["record"])
        parts.append(mine.filter(shown[column].gather(at).ne_missing(clean[column].gather(at))))
    return pl.concat(parts)


def _printed_nokk(
    shown: pl.DataFrame, clean: pl.DataFrame, log: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return records of a per-KK layout: the civil registry prints those, so No KK is right."""
    return shown.with_columns(clean["nokk"]), log.filter(pl.col("column") != "nokk")


def _logged(records: pl.Series, column: str, fault: str) -> pl.DataFrame:
    frame = pl.DataFrame({"record": records})
    return frame.with_columns(column=pl.lit(column), fault=pl.lit(fault)).cast(LOG)  # type: ignore[arg-type]


def _office(
    layout: Layout, rows: pl.DataFrame, clean: pl.DataFrame, log: pl.DataFrame,
    rng: np.random.Generator,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Return one file's records as its office writes them, and the log of what is damaged."""
    shown, clean = as_this_office_writes(layout, rows), as_this_office_writes(layout, clean)
    if layout.style == "blok_kk":
        shown, log = _printed_nokk(shown, clean, log)
    if not layout.quoted:
        shown, hit = open_quotes(shown, rng)
        log = pl.concat([log, _logged(hit, "nama", "kutip_terbuka")])
    columns = sorted(shown_fields(layout))
    return shown, _visible(log.filter(pl.col("column").is_in(columns)), shown, clean)


def _write_file(
    layout: Layout, rows: pl.DataFrame, spoilt: pl.DataFrame, number: int, to: Path,
    rng: np.random.Generator,
) -> pl.DataFrame:  # fmt: skip
    """Write one file and return where each of its records stands."""
    suffix = usable_suffix(layout.suffix)
    name = _file_name(layout, rows, number, suffix)
    sheets = _sheets(layout, rows, spoilt, suffix)
    if layout.ragged:
        sheets = [_ragged(part, rng) for part in sheets]
    WRITERS[suffix](sheets, to / name, layout)
    return pl.concat([_places(part, layout, name, suffix) for part in sheets])


def write_messy(world: World, register: Register, to: Path) -> tuple[pl.DataFrame, Register]:
    """Write the register as many files; return where each record stands, and what was written.

    The returned register holds the cells as each file shows them; the log leaves out columns that
    the record's file does not have.
    """
    rng, spoilt = stage_rng(world.settings, "tata_letak"), _spoilt(register)
    table = _with_heads(register)
    places, written, logs = [], [], []
    for number, piece in enumerate(_pieces(register)):
        layout = LAYOUTS[number % len(LAYOUTS)]
        mine = register.log.filter(pl.col("record").is_in(table["record"].gather(piece).implode()))
        rows, log = _office(layout, table[piece], register.clean[piece], mine, rng)
        places.append(_write_file(layout, rows, spoilt, number + 1, to, rng))
        written.append(rows.select("record", *FIELDS))
        logs.append(log)
    together = replace(
        register,
        written=pl.concat(written).sort("record"),
        log=pl.concat(logs).sort("record", "column", "fault"),
    )
    return pl.concat(places).sort("record"), together
