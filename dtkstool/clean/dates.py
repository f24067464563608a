"""Dates as typed → dates: the column decides the order of day and month, the NIK the cell.

Sources: domain.md §2.1, §5; a NIK's digits 7–12 are the birth date (§1.1).
"""

from datetime import date

import polars as pl

from dtkstool.clean.date_cell import read_dates
from dtkstool.clean.nik_facts import birth_key
from dtkstool.distinct import spread, told_apart
from dtkstool.frames import TANGGAL_KELAS

FEW = 10
"""A reading is the column's own when it has this many times the evidence of the other."""


def with_dates(lf: pl.LazyFrame, today: date, votes: pl.DataFrame | None = None) -> pl.LazyFrame:
    """Return `lf` with `tanggal_lahir`, `tanggal_lahir_kelas`, `tanggal_lahir_tukar`.

    Reads `tanggal_lahir_asal`, `nik` and `layout`: a group kernel, whole layouts at a time, or any
    slice of them with the `date_votes` of all slices, one under another. A cell that may be read in
    two ways (day or month first, serial of 1900 or 1904, ddmmyy or yymmdd) is read as its column
    is: by the cells that allow one reading only, or without any, by how many agree with their NIK;
    in a mixed column a cell follows its own NIK. In a column written one way the NIK overrules
    nothing: there the date was exchanged by whoever typed it, and `tanggal_lahir_tukar` says so.
    `ambigu` remains where nothing decides and the two readings differ; the day is then taken first.
    Day first needs no proof unless the sign is `/`.

    Two-digit years: the latest fitting century, `abad_ditebak` unless the NIK has the same date. A
    year before 1900 or after `today` is repaired to the century that fits where day, month and
    last two digits are the NIK's (`abad_ditebak`), and `tak_terbaca` elsewhere. Null dates are
    `kosong` or `tak_terbaca`; `tukar` is null where day and month are equal or make no date.
    """
    return _with_dates(lf, "tanggal_lahir", birth_key("nik"), today, votes)


def date_votes(df: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return what a slice says of the order of day and month in its columns; sums make the whole.

    Reads `tanggal_lahir_asal`, `nik` and `layout`.
    """
    cells = df.select("layout", cell="tanggal_lahir_asal", nik_key=birth_key("nik"))
    return _votes(_kinds_of(cells, today)[0])


def parse_dates(lf: pl.LazyFrame, field: str, today: date) -> pl.LazyFrame:
    """Return `lf` with `<field>`, `<field>_kelas` and `<field>_tukar` from `<field>_asal`.

    As `with_dates`, for columns that no NIK speaks of; reads `layout` as well.
    """
    return _with_dates(lf, field, pl.lit(None, pl.Int32), today, None)


def _with_dates(
    lf: pl.LazyFrame, field: str, nik_key: pl.Expr, today: date, votes: pl.DataFrame | None
) -> pl.LazyFrame:
    names = [field, f"{field}_kelas", f"{field}_tukar"]
    schema = pl.Struct(dict(zip(names, (pl.Date(), TANGGAL_KELAS, pl.Date()), strict=True)))

    def read(column: pl.Series) -> pl.Series:
        kinds, kind = _kinds_of(column.struct.unnest(), today)
        chosen = _chosen(kinds, _votes(kinds) if votes is None else votes)
        return chosen[kind].rename(dict(zip(chosen.columns, names, strict=True))).to_struct()

    typed = pl.struct(cell=f"{field}_asal", layout="layout", nik_key=nik_key)
    return (
        lf.drop(names, strict=False)
        .with_columns(_dates=typed.map_batches(read, return_dtype=schema))
        .unnest("_dates")
    )


def _kinds_of(cells: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.Series]:
    """Return the kinds of row there are, and the number of each row's: far fewer are judged so.

    Rows of `cell, layout, nik_key` are of one kind where they have one cell and one layout, and
    the NIK agrees with the same readings; `rows` counts them.
    """
    first, cell = told_apart(cells["cell"])
    different = cells["cell"].gather(first)
    read = read_dates(different.to_frame("cell").lazy(), today).collect(engine="in-memory")
    readings = spread(read, different)
    rows = pl.DataFrame({"cell": cell, "layout": cells["layout"]}).with_columns(
        (readings[f"{reading}_key"].gather(cell) == cells["nik_key"])
        .fill_null(False)
        .alias(f"{reading}_agrees")
        for reading in ("first", "second")
    )
    first, kind = told_apart(rows.select(_number()).to_series())
    kinds = rows[first]
    return _judged(readings[kinds["cell"]].hstack(kinds.drop("cell")), kind), kind


def _number() -> pl.Expr:
    """Return one integer for what tells kinds of row apart."""
    agrees = pl.col("first_agrees") * pl.lit(2, pl.UInt64) + pl.col("second_agrees")
    place = pl.col("layout").cast(pl.UInt64) * 2**32 + pl.col("cell")
    return place * 4 + agrees


def _judged(kinds: pl.DataFrame, kind: pl.Series) -> pl.DataFrame:
    """Return the kinds with wild readings gone that no NIK confirms, `contested` and `rows`."""
    rows = kind.value_counts(name="rows").sort(kind.name)["rows"]
    return (
        kinds.lazy()
        .with_columns(
            pl.when(~pl.col("wild") | pl.col("first_agrees")).then(name).alias(name)
            for name in ("first", "first_exchanged")
        )
        .with_columns(rows, contested=(pl.col("first") != pl.col("second")).fill_null(False))
        .collect(engine="in-memory")
    )


def _chosen(kinds: pl.DataFrame, votes: pl.DataFrame) -> pl.DataFrame:
    """Return `date, kelas, tukar` for each kind of row."""
    return (
        kinds.join(_orders(votes), on=["layout", "kind"], how="left", maintain_order="left")
        .lazy()
        .with_columns(_choice())
        .with_columns(_taken())
        .select("date", kelas=_kelas(), tukar="tukar")
        .collect(engine="in-memory")
    )


def _votes(kinds: pl.DataFrame) -> pl.DataFrame:
    """Return per `layout` and `kind` how many cells speak for either reading."""
    first, second = pl.col("first").is_not_null(), pl.col("second").is_not_null()
    written = pl.col("kind").is_in(["miring", "tanda", "rapat"])
    second &= first | ~written | pl.col("second_exchanged").is_null()  # else only still to come
    speaks = {
        "only_first": first & ~second,
        "only_second": second & ~first,
        "nik_first": pl.col("contested") & pl.col("first_agrees"),
        "nik_second": pl.col("contested") & pl.col("second_agrees"),
    }
    return kinds.group_by("layout", "kind").agg(
        pl.col("rows").filter(speaks).sum().cast(pl.Int64).alias(name)
        for name, speaks in speaks.items()
    )


def _orders(votes: pl.DataFrame) -> pl.DataFrame:
    """Return the votes per `layout` and `kind`, and the verdict."""
    counted = votes.group_by("layout", "kind").agg(pl.all().sum())
    return counted.with_columns(_settled()).drop("nik_first", "nik_second")


def _settled() -> list[pl.Expr]:
    """Return whether the column settles its order, on the first or on the second reading."""
    first, second = pl.col("only_first"), pl.col("only_second")
    nik_first, nik_second = pl.col("nik_first"), pl.col("nik_second")
    silent = first + second == 0
    usual = silent & (nik_first + nik_second == 0) & (pl.col("kind") != "miring")
    one = _outweighs(first, second) | (silent & _outweighs(nik_first, nik_second)) | usual
    two = _outweighs(second, first) | (silent & _outweighs(nik_second, nik_first))
    return [one.alias("settled_first"), two.alias("settled_second")]


def _outweighs(votes: pl.Expr, others: pl.Expr) -> pl.Expr:
    return (votes > 0) & (votes >= FEW * others)


def _choice() -> list[pl.Expr]:
    """Return `take_second` and `ambigu` for each row."""
    contested = pl.col("contested")
    pure_first = (pl.col("only_first") > 0) & (pl.col("only_second") == 0)
    pure_second = (pl.col("only_second") > 0) & (pl.col("only_first") == 0)
    by_nik_first = contested & pl.col("first_agrees") & ~pure_second
    by_nik_second = contested & pl.col("second_agrees") & ~pure_first
    unsettled = ~pl.col("settled_first") & ~pl.col("settled_second")
    mostly_second = unsettled & (pl.col("only_second") > pl.col("only_first"))
    by_column = contested & (pl.col("settled_second") | mostly_second) & ~by_nik_first
    return [
        (pl.col("first").is_null() | by_nik_second | by_column).alias("take_second"),
        (contested & unsettled & ~by_nik_first & ~by_nik_second).alias("ambigu"),
    ]


def _taken() -> list[pl.Expr]:
    """Return `date`, `tukar`, and `guessed`: the century is neither the cell's nor the NIK's."""
    second = pl.col("take_second")
    agrees = pl.when(second).then("second_agrees").otherwise("first_agrees")
    taken = [
        pl.when(pl.col("empty")).then(None).when(second).then(f"second{part}").otherwise(f"first{part}")
        .alias(name)
        for name, part in (("date", ""), ("tukar", "_exchanged"))
    ]  # fmt: skip
    return [*taken, (pl.col("wild") | (pl.col("short") & ~agrees)).alias("guessed")]


def _kelas() -> pl.Expr:
    day = pl.col("date").dt.ordinal_day()
    standard = (day == 1) | ((day >= 365) & (pl.col("date").dt.month_end() == pl.col("date")))
    return (
        pl.when("empty").then(pl.lit("kosong", TANGGAL_KELAS))
        .when(pl.col("date").is_null()).then(pl.lit("tak_terbaca", TANGGAL_KELAS))
        .when("ambigu").then(pl.lit("ambigu", TANGGAL_KELAS))
        .when("guessed").then(pl.lit("abad_ditebak", TANGGAL_KELAS))
        .when(standard).then(pl.lit("baku", TANGGAL_KELAS))
        .otherwise(pl.lit("sah", TANGGAL_KELAS))
    )  # fmt: skip
