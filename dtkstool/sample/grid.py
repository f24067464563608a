"""Lays records out as the cells of a sheet, with titles, repeats, totals and signatures."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from dtkstool.sample.faults_dates import FORMS
from dtkstool.sample.faults_rest import RELATIONS
from dtkstool.sample.layouts import Layout

Cell = str | int | date | None
Row = tuple[Cell, ...]

_REGION = pl.col("kode_wilayah")
COMPOSITES: dict[str, pl.Expr] = {
    "no": pl.int_range(1, pl.len() + 1).cast(pl.String),
    "rt_rw": pl.col("rt") + "/" + pl.col("rw"),
    "ttl": pl.col("tempat_lahir") + ", " + pl.col("tanggal_lahir"),
    "alamat_lengkap": pl.col("alamat") + " RT " + pl.col("rt") + " RW " + pl.col("rw"),
    "kem_prov": _REGION.str.head(2),
    "kem_kab": _REGION.str.head(4),
    "kem_kec": _REGION.str.head(6),
    "kem_desa": _REGION,
    "siak_prov": _REGION.str.slice(0, 2).cast(pl.Int32).cast(pl.String),
    "siak_kab": _REGION.str.slice(2, 2).cast(pl.Int32).cast(pl.String),
    "siak_kec": _REGION.str.slice(4, 2).cast(pl.Int32).cast(pl.String),
    "siak_desa": _REGION.str.slice(6, 4).cast(pl.Int32).cast(pl.String),
    "bps_prov": _REGION.str.slice(0, 2),
    "bps_kab": _REGION.str.slice(2, 2),
    "bps_kec": (_REGION.str.slice(4, 2).cast(pl.Int32) * 10).cast(pl.String).str.zfill(3),
    "bps_desa": (_REGION.str.slice(6, 4).cast(pl.Int32) % 1000).cast(pl.String).str.zfill(3),
    "nama_kepala": pl.col("nama_kepala"),
}
"""Fields of a layout that are made from several."""

PARTS = {
    "rt_rw": ("rt", "rw"),
    "ttl": ("tempat_lahir", "tanggal_lahir"),
    "alamat_lengkap": ("alamat", "rt", "rw"),
}
"""The canonical fields that a composite column shows."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells, and which record each row holds."""

    name: str
    rows: list[Row]
    records: list[int | None]
    hidden: bool = False
    merges: tuple[tuple[int, int, int, str], ...] = field(default=())
    """Row, first and last column and text of merged header cells."""


def headers(layout: Layout) -> tuple[list[str], list[str], list[str]]:
    """Return group, header and field of each column; an empty group is none."""
    groups, names, fields = [], [], []
    for column in layout.columns:
        header, name = column.rsplit("=", 1)
        group, _, below = header.rpartition(">")
        groups.append(group)
        names.append(below)
        fields.append(name)
    return groups, names, fields


def shown_fields(layout: Layout) -> set[str]:
    """Return the canonical fields that a layout shows."""
    fields = headers(layout)[2]
    parts = {part for name in fields for part in PARTS.get(name, (name,))}
    return parts | ({"nokk"} if layout.style == "blok_kk" else set())


def as_this_office_writes(layout: Layout, rows: pl.DataFrame) -> pl.DataFrame:
    """Return records with the layout's codes, and without signs its encoding cannot hold."""
    sex = dict(zip("LP", layout.sex, strict=True))
    rows = rows.with_columns(pl.col("jenis_kelamin").replace(sex))
    if layout.relation == "siak":
        codes = {name: str(number) for number, name in enumerate(RELATIONS, 1)}
        rows = rows.with_columns(pl.col("hubungan").replace(codes))
    text = pl.col(pl.String)
    if layout.encoding in ("cp1252", "latin-1"):
        rows = rows.with_columns(
            text.str.replace_all("[\u200b\ufeff]", "").str.replace_all("’", "'", literal=True)
        )
    if not layout.quoted:
        rows = rows.with_columns(text.str.replace_all('[\n|"]', " "))
    return rows


def open_quotes(rows: pl.DataFrame, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.Series]:
    """Return records with a quote before some names that never ends, and which they are."""
    hit = pl.Series(rng.random(rows.height) < 0.012)
    name = pl.when(hit).then('"' + pl.col("nama")).otherwise(pl.col("nama"))
    return rows.with_columns(nama=name), rows["record"].filter(hit)


def _dates(column: pl.Series) -> list[Cell]:
    """Return date cells where a text is a plain date, else the text."""
    frame = column.to_frame("d")
    forms = [pl.col("d").str.to_date(form, strict=False) for form in FORMS if "%B" not in form]
    plain = pl.col("d").str.contains(r"^[\d/.-]{10}$")
    days = frame.select(pl.when(plain).then(pl.coalesce(forms))).to_series()
    old = days.is_null() | (days < date(1900, 3, 1))
    return [
        text if is_old else day
        for text, day, is_old in zip(column.to_list(), days.to_list(), old.to_list(), strict=True)
    ]


def _numbers(column: pl.Series, where: pl.Series) -> list[Cell]:
    digits = column.str.contains(r"^\d{1,16}$").fill_null(False) & where
    return [
        int(text) if number else text
        for text, number in zip(column.to_list(), digits.to_list(), strict=True)
    ]


def cells(layout: Layout, rows: pl.DataFrame, spoilt: pl.DataFrame) -> list[Row]:
    """Return the person lines; `spoilt` (record, column) tells what Excel held as a number."""
    fields = headers(layout)[2]
    shown = rows.select(
        (COMPOSITES[name] if name in COMPOSITES else pl.col(name)).alias(f"{i}")
        for i, name in enumerate(fields)
    )
    columns: list[list[Any]] = []
    every = pl.Series([True] * rows.height, dtype=pl.Boolean)
    for i, name in enumerate(fields):
        column = shown[f"{i}"]
        if layout.numbers and name in ("no", "rt", "rw"):
            columns.append(_numbers(column, every))
        elif layout.numbers and name in ("nik", "nokk"):
            bad = spoilt.filter(pl.col("column") == name)["record"]
            columns.append(_numbers(column, rows["record"].is_in(bad.implode())))
        elif layout.dates and name == "tanggal_lahir":
            columns.append(_dates(column))
        else:
            columns.append(column.to_list())
    return list(zip(*columns, strict=True))


def top(layout: Layout, kecamatan: str, kabupaten: str) -> tuple[list[Row], list[Row]]:
    """Return the title rows and the header rows (two where headers are grouped)."""
    groups, names, _ = headers(layout)
    title: list[Row] = [(line.format(kecamatan=kecamatan, kabupaten=kabupaten) or None,)
                        for line in layout.title]  # fmt: skip
    upper: Row = tuple(
        (group if group != previous else None) if group else name
        for group, name, previous in zip(groups, names, ["", *groups], strict=False)
    )
    lower: Row = tuple(name if group else None for group, name in zip(groups, names, strict=True))
    head: list[Row] = [upper, lower] if any(groups) else [tuple(names)]
    if layout.column_numbers:
        head = [*head, tuple(f"({i})" for i in range(1, len(names) + 1))]
    return title, head


def merges(layout: Layout, row: int) -> tuple[tuple[int, int, int, str], ...]:
    """Return the merged cells of a grouped header whose upper row is `row` (from 0)."""
    groups = headers(layout)[0]
    spans = []
    for group in dict.fromkeys(g for g in groups if g):
        first = groups.index(group)
        spans.append((row, first, first + groups.count(group) - 1, group))
    return tuple(spans)


def footer(width: int, count: int) -> list[Row]:
    """Return the total and the signatures below a table."""
    left: list[Cell] = [None] * max(width - 3, 1)
    return [
        (None, "JUMLAH", str(count)),
        (None,),
        (*left, "Mengetahui,"),
        (*left, "Camat"),
        (None,),
        (*left, "Drs. H. NAMA PEJABAT, M.Si"),
        (*left, "NIP. 19700101 199503 1 001"),
    ]


def _body(layout: Layout, lines: list[Row], records: list[int], rows: pl.DataFrame,
          head: list[Row]) -> tuple[list[Row], list[int | None]]:  # fmt: skip
    out: list[Row] = []
    owner: list[int | None] = []
    family = None
    nokk = rows["nokk"].to_list()
    for i, (line, record) in enumerate(zip(lines, records, strict=True)):
        if i and layout.blank_every and i % layout.blank_every == 0:
            out.append((None,))
            owner.append(None)
        if i and layout.header_every and i % layout.header_every == 0:
            out.extend(head)
            owner.extend([None] * len(head))
        if layout.style == "blok_kk" and nokk[i] != family:
            family = nokk[i]
            out.append((family,))
            owner.append(None)
        out.append(line)
        owner.append(record)
    return out, owner


def sheet(
    layout: Layout, rows: pl.DataFrame, spoilt: pl.DataFrame, name: str, *, hidden: bool = False
) -> Sheet:
    """Return one sheet of records, with everything that stands around them."""
    kecamatan, kabupaten = rows["kecamatan_benar"][0], rows["kabupaten"][0]
    title, head = top(layout, kecamatan, kabupaten)
    lines = cells(layout, rows, spoilt)
    body, owner = _body(layout, lines, rows["record"].to_list(), rows, head)
    below = footer(len(head[0]), rows.height) if layout.footer else []
    above = [*title, *head]
    return Sheet(
        name=name,
        rows=[*above, *body, *below],
        records=[None] * len(above) + owner + [None] * len(below),
        hidden=hidden,
        merges=merges(layout, len(title)),
    )
