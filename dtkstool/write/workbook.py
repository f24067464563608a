"""The correction workbooks: one per kecamatan, and one for places that could not be resolved.

Which record stands where:

- UBAH: every row of `changes`.
- GANDA: every record of a duplicate group but the one proposed to be kept, in the workbook of
  its own kecamatan.
- HAPUS_GANTI: actions `hapus` and `ganti`, but for duplicates that GANDA asks about.
- What a clerk decided before is not asked again while it holds (`ingatan` of the decisions); where
  it no longer does, `keputusan_lalu` says what was decided.
- VERIFIKASI: actions `verifikasi` and `konsolidasi`, and `ubah` for which no new value is known;
  duplicates that GANDA asks about only if something else is open too.

Every kecamatan of the decisions gets a workbook: one with nothing to do says so on RINGKASAN, so
that its operators need not wonder whether theirs was forgotten.
"""

import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from dtkstool.frames import REMEMBERED, Schema
from dtkstool.messages import Language, message
from dtkstool.wilayah import regions
from dtkstool.write.sheets.book import Book, write_book
from dtkstool.write.sheets.definition import SHEETS
from dtkstool.write.sheets.people import printable, resolved, with_person, with_places
from dtkstool.write.sheets.rows import (
    ganda_rows,
    hapus_ganti_rows,
    ubah_rows,
    verifikasi_rows,
)
from dtkstool.write.sheets.summary import COUNTS, summary
from dtkstool.write.sheets.work import Heading

FOLDER = "koreksi"
EARLIER = {"record_id": pl.String(), "other_id": pl.String(), "keputusan_lalu": pl.String()}
UNRESOLVED = "tanpa_kecamatan"
SLUG_LENGTH = 60
WORTH_A_PROCESS = 3_000
"""Rows below which starting another Python takes longer than writing them here."""


def write_workbooks(
    folder: Path,
    *,
    records: pl.DataFrame,
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    duplicates: pl.DataFrame,
    candidates: pl.DataFrame,
    period: str,
    lang: Language,
    earlier: pl.DataFrame | None = None,
    processes: int = 2,
) -> pl.DataFrame:
    """Write `folder/koreksi/…` and return one row per workbook.

    Columns: `path` (relative to `folder`), `kecamatan` (null: unresolved), then the counts of
    RINGKASAN (`summary.COUNTS`). Frames as in `frames`: CLEANED, DECISIONS, CHANGES, DUPLICATES;
    `candidates` has record_id, nik, nama, tanggal_lahir, nokk, nama_ibu, alamat, rank.
    `earlier` has record_id, other_id, keputusan_lalu of pairs decided before. `period` is
    `2026-11`. A kecamatan code that is not six digits counts as unresolved. Equal inputs give
    equal bytes, whatever `processes`.
    """
    names = regions().select("code", "name")
    decisions = _with_columns(decisions, REMEMBERED)
    changes = _with_columns(changes, {"keputusan_lalu": pl.String()})
    pairs = pl.DataFrame(schema=EARLIER) if earlier is None else earlier
    placed = _with_decided_place(records, decisions)
    places = with_places(placed, names, lang)
    rows = _rows(placed, places, decisions, changes, duplicates, pairs, candidates, lang)
    counts = summary(places, decisions, rows)
    books = list(_books(folder, rows, counts, _Names(names, lang), period, lang))
    _write_all(books, processes)
    return _report(folder, books)


def _with_columns(df: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return the frame with the columns that a month without earlier decisions may lack."""
    return df.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name not in df.columns
    )


def _with_decided_place(records: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the records with the kecamatan decided for them; a record on one side only stays."""
    decided = decisions.select("record_id", kecamatan=resolved(pl.col("kecamatan")))
    return records.drop("kecamatan", strict=False).join(
        decided, on="record_id", how="full", coalesce=True, maintain_order="left_right"
    )


def _rows(
    placed: pl.DataFrame,
    places: pl.DataFrame,
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    duplicates: pl.DataFrame,
    earlier: pl.DataFrame,
    candidates: pl.DataFrame,
    lang: Language,
) -> dict[str, pl.DataFrame]:
    """Return the rows of each sheet by its key, with `kecamatan`, `desa` and the data columns."""
    open_cases = decisions.filter(pl.col("action") != "tetap")
    involved = pl.concat(
        df.select("record_id") for df in (open_cases, changes, duplicates)
    ).unique()
    people = with_person(placed.join(involved, on="record_id", how="semi"), places, lang)
    pairs = ganda_rows(duplicates, decisions, earlier, people, lang)
    rows = {
        "ubah": ubah_rows(changes, decisions, people, lang),
        "hapus_ganti": hapus_ganti_rows(decisions, pairs, people, lang),
        "ganda": pairs,
        "verifikasi": verifikasi_rows(decisions, changes, pairs, candidates, people, lang),
    }
    nowhere = pl.lit(message("workbook.place.nowhere", lang))
    return {
        sheet.key: rows[sheet.key].select(
            "kecamatan",
            pl.col("desa").fill_null(nowhere),
            *(
                printable(pl.col(c.key), lang)
                for c in sheet.columns
                if not c.operator and c.key not in ("no", "desa")
            ),
        )
        for sheet in SHEETS
    }


class _Names:
    """What codes are called, and the safe file names made of that."""

    def __init__(self, names: pl.DataFrame, lang: Language) -> None:
        regional = names.filter(pl.col("code").str.len_chars().is_in([4, 6]))
        self._names: dict[str, str] = dict(regional.iter_rows())
        self.lang = lang

    def place(self, code: str | None) -> str:
        if code is None:
            return message("workbook.unresolved", self.lang)
        return message(
            "workbook.kecamatan", self.lang,
            kecamatan=self._kecamatan(code), kabupaten=self._kabupaten(code),
        )  # fmt: skip

    def path(self, code: str | None) -> Path:
        if code is None:
            return Path(FOLDER, UNRESOLVED, f"{UNRESOLVED}.xlsx")
        kabupaten = f"{code[:4]}_{slug(self._kabupaten(code))}"
        return Path(FOLDER, kabupaten, f"{code}_{slug(self._kecamatan(code))}.xlsx")

    def _kabupaten(self, code: str) -> str:
        return self._names.get(code[:4], message("workbook.unknown_kabupaten", self.lang))

    def _kecamatan(self, code: str) -> str:
        return self._names.get(code, message("workbook.unknown_kecamatan", self.lang, code=code))


def slug(name: str) -> str:
    """Return a name as a safe part of a file name: a–z, 0–9 and single hyphens.

    Never empty (`tanpa-nama`), never longer than SLUG_LENGTH.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:SLUG_LENGTH].strip("-") or "tanpa-nama"


def _books(
    folder: Path,
    rows: dict[str, pl.DataFrame],
    counts: pl.DataFrame,
    names: _Names,
    period: str,
    lang: Language,
) -> Iterator[Book]:
    parts = {key: _by_kecamatan(df) for key, df in rows.items()}
    for code, desa in _by_kecamatan(counts).items():
        heading = Heading(names.place(code), message("workbook.period", lang, period=period), lang)
        yield Book(
            path=folder / names.path(code),
            heading=heading,
            facts={"period": period, "kecamatan": code or "", "language": lang},
            created=_first_day(period),
            counts=desa,
            rows={key: of.get(code, rows[key].clear()) for key, of in parts.items()},
        )


def _by_kecamatan(df: pl.DataFrame) -> dict[str | None, pl.DataFrame]:
    parts = df.partition_by("kecamatan", as_dict=True, maintain_order=True)
    return {code: part for (code,), part in parts.items()}


def _first_day(period: str) -> datetime:
    found = re.match(r"(\d{4})-(0[1-9]|1[0-2])", period)
    return datetime(int(found[1]), int(found[2]), 1) if found else datetime(2000, 1, 1)


def _write_all(books: list[Book], processes: int) -> None:
    """Write the books, the largest first; in this process when it would not pay to start more."""
    ordered = sorted(books, key=lambda book: -book.size)
    if processes < 2 or len(books) < 2 or sum(book.size for book in books) < WORTH_A_PROCESS:
        _write_here(ordered)
        return
    # A forked child inherits Polars' locks but not its threads; spawned ones start clean.
    try:
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            for _ in pool.map(write_book, ordered):
                pass
    except BrokenProcessPool:
        # No second Python can be started here (a frozen or interactive program, little memory).
        _write_here(ordered)


def _write_here(books: list[Book]) -> None:
    for book in books:
        write_book(book)


def _report(folder: Path, books: list[Book]) -> pl.DataFrame:
    paths = [book.path.relative_to(folder).as_posix() for book in books]
    kecamatan = [book.facts["kecamatan"] or None for book in books]
    totals = [book.counts.select(pl.col(COUNTS).sum()) for book in books]
    empty = pl.DataFrame(schema=dict.fromkeys(COUNTS, pl.Int64))
    return (
        pl.concat([empty, *totals])
        .insert_column(0, pl.Series("path", paths, pl.String))
        .insert_column(1, pl.Series("kecamatan", kecamatan, pl.String))
        .sort("path")
    )
