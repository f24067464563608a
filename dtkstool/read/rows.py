"""Which rows are people, and why the others are not: no row leaves without a reason.

Rows with a NIK, or with a name and enough beside it, are people on sight. Only the few others are
looked at with all their cells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from dtkstool.frames import SKIPPED
from dtkstool.read.blocks import family_lines, kk_lines
from dtkstool.read.content import DATE
from dtkstool.read.grid import BLANK, Grid, count_filled, filled, joined, without_blanks
from dtkstool.read.header import Header
from dtkstool.read.heads import headed
from dtkstool.read.people import Body, Keep, People, gathered

_EIGHT_DIGITS = r"(?:\d[\s.'`-]?){8}"
_NOT_A_NIK = (
    r"(?i)\bnip\b|\bkk\b|kartu keluarga|jumlah|total"
    r"|^\W*(?:19|20)\d{6}\s?(?:19|20)\d{4}\s?[12]\s?\d{3}\W*$"
)
"""What a long number under NIK is instead: a NIP (also bare, 18 digits), a No KK said in words."""
_TOTAL = (
    r"(?i)^\W*(?:\d{1,3}\W*\|\s*)?(?:sub[ -]?|grand )?(?:jumlah|total)\b\W*"
    r"(?:$|\||\d|(?:seluruh|seluruhnya|keseluruhan|semua|akhir|kpm|penerima|peserta|orang|jiwa|kk"
    r"|keluarga|anggota|data|desa|kelurahan|kecamatan|dusun|rt|rw|per|laki|perempuan|bantuan|uang"
    r"|rp|halaman|hal)\b)"
)
_SIGNED = (
    r"(?i)\b(?:mengetahui|menyetujui|mengesahkan|nip\b\W*\d|an\. |a\.n\.|dibuat oleh|tanda tangan"
    r"|diketahui|verifikator|pendamping (?:pkh|sosial)|tksk|kepala (?:desa|dinas|dusun|seksi)"
    r"|lurah|camat|sekretaris|petugas|operator|ttd)\b|^\W*(?:catatan|keterangan|sumber|dicetak"
    r"|halaman|hal\.|page)\b\W*[:\d]"
    r"|^\W*\pL[\pL .'-]{2,30}, *(?:\d{1,2}|\.{2,}|…)? *\pL+ *\d{4}\W*$"
)
_PERSON = ("nik", "nokk", "nama", "tanggal_lahir", "ttl", "nama_ibu")
_SUBSTANCE = 4
"""Filled cells that make a row without NIK a person rather than a remark."""


@dataclass(frozen=True)
class Rows:
    """The rows of a sheet, sorted out."""

    people: People
    skipped: pl.DataFrame
    """`row`, `reason`, `text`."""
    seen: int
    blank: int
    kk_column: str | None
    """The cell column that the family lines of per-KK blocks have their number in."""
    filled: int = 0
    """Members that have the No KK of their head's row."""


def sort_out(
    grid: Grid, header: Header | None, columns: dict[str, str], needed: frozenset[str], keep: Keep
) -> Rows:
    """Return the rows of `grid` as people and skipped ones.

    `columns` maps fields to cells; only those of the fields in `needed` are loaded for all rows.
    """
    top = _top(grid, header)
    start = header.last_row if header else 0
    wanted = {field: c for field, c in columns.items() if field in needed}
    body = gathered(_bodies(grid, wanted, start), wanted.get("nokk"), keep)
    unclear = body.rows.filter(~pl.col("on_sight"))["row"]
    doubtful = _cells(grid, unclear)
    blank = doubtful.filter(pl.col("filled") == 0).height
    judged = _judged(grid, header, columns, body, doubtful.filter(pl.col("filled") > 0), top)
    left_out = judged.filter(pl.col("reason").is_not_null())
    out = pl.concat([left_out["row"], doubtful.filter(pl.col("filled") == 0)["row"]])
    families = family_lines(grid, judged.filter(pl.col("reason") == "baris_kk"))
    families = families or headed(grid, body, wanted, out)
    skipped = pl.concat([top, left_out.select("row", "reason", "text")])
    blank += start - top.height if header and grid.header is None else 0
    seen = top.height + body.rows.height - (doubtful["filled"] == 0).sum()
    return Rows(
        People(body.parts, body.rows["row"], out, families),
        skipped.cast({"reason": SKIPPED["reason"]}),
        int(seen),
        blank,
        families.column if families else None,
        families.filled if families else 0,
    )


def _top(grid: Grid, header: Header | None) -> pl.DataFrame:
    """Return the rows down to the header with their reasons."""
    empty = pl.DataFrame(schema={"row": pl.UInt32, "reason": pl.String, "text": pl.String})
    if header is None or grid.header is not None:
        return empty
    reason = (
        pl.when(pl.col("row").is_in(header.rows)).then(pl.lit("kepala_kolom"))
        .when(pl.col("row") == (header.numbers or 0)).then(pl.lit("nomor_kolom"))
        .otherwise(pl.lit("judul"))
    )  # fmt: skip
    rows = grid.head.filter((pl.col("row") <= header.last_row) & (count_filled(grid.columns) > 0))
    return rows.select("row", reason=reason, text=joined(grid.columns))


def _bodies(grid: Grid, columns: dict[str, str], start: int) -> Iterator[pl.DataFrame]:
    """Give the mapped columns of every row, blanks null, and whether it is a person on sight."""
    mapped = list(dict.fromkeys(columns.values()))
    if grid.blocks:
        for block in grid.blocks(mapped):
            yield _seen(block.filter(pl.col("row") > start), columns, mapped)
    else:
        lf = grid.cells.select("row", *mapped).filter(pl.col("row") > start)
        yield _seen(lf.collect(engine="streaming"), columns, mapped)


def _seen(cells: pl.DataFrame, columns: dict[str, str], mapped: list[str]) -> pl.DataFrame:
    body = without_blanks(cells)
    numbered = body.select(_has_nik(columns, mapped)).to_series()
    rest = body.filter(~numbered).filter(_has_substance(columns, mapped))["row"]
    on_sight = numbered | body["row"].is_in(rest.implode()) if len(rest) else numbered
    return body.with_columns(on_sight.alias("on_sight"))


def _has_nik(columns: dict[str, str], mapped: list[str]) -> pl.Expr:
    """Return whether a row has a long number for a NIK and anything beside it."""
    if "nik" not in columns:
        return pl.repeat(False, pl.len())
    nik = pl.col(columns["nik"])
    beside = [pl.col(c).is_not_null() for c in mapped if c != columns["nik"]]
    number = nik.str.contains(_EIGHT_DIGITS) & ~nik.str.contains(_NOT_A_NIK)
    return (number & (pl.any_horizontal(beside) if beside else pl.lit(True))).fill_null(False)


def _has_substance(columns: dict[str, str], mapped: list[str]) -> pl.Expr:
    """Return whether a row without NIK has a name and enough beside it to be a person's."""
    if "nama" not in columns:
        return pl.lit(False)
    name = pl.col(columns["nama"])
    named = name.str.contains(r"\pL\pL") & ~name.str.contains(_TOTAL)
    enough = pl.sum_horizontal(pl.col(c).is_not_null() for c in mapped) >= _SUBSTANCE
    if "nik" not in columns:
        return named & enough & _has_number(columns)
    nik = pl.col(columns["nik"])
    return named & enough & (nik.is_null() | nik.str.contains(r"\d")).fill_null(True)


def _has_number(columns: dict[str, str]) -> pl.Expr:
    """Return whether some mapped cell besides the name has a digit: headers have none."""
    others = [c for field, c in columns.items() if field != "nama"]
    return (
        pl.any_horizontal(pl.col(c).str.contains(r"\d") for c in others)
        if others
        else pl.lit(False)
    )


def _cells(grid: Grid, rows: pl.Series) -> pl.DataFrame:
    """Return `rows` with all their cells, how many are filled, and their text."""
    filled_ = {"filled": count_filled(grid.columns), "text": joined(grid.columns)}
    if grid.pick:
        return grid.pick(rows).with_columns(**filled_)
    wanted = (
        grid.cells.filter(pl.col("row").is_in(rows.implode()))
        if len(rows)
        else (grid.cells.head(0))
    )
    return wanted.with_columns(**filled_).collect(engine="streaming")


def _judged(
    grid: Grid,
    header: Header | None,
    columns: dict[str, str],
    body: Body,
    doubtful: pl.DataFrame,
    top: pl.DataFrame,
) -> pl.DataFrame:
    """Return the doubtful rows with `reason`; null for those that are people after all."""
    titles = top.filter(pl.col("reason") == "judul")["text"].to_list()
    lines = kk_lines(doubtful, columns, grid.columns, members=body)
    by_look = (
        pl.when(_repeats(header, grid)).then(pl.lit("kepala_ulang"))
        .when(_repeats_numbers(header, grid)).then(pl.lit("nomor_kolom"))
        .when(pl.col("row").is_in(lines.implode())).then(pl.lit("baris_kk"))
        .when(pl.col("text").str.contains(_TOTAL) & ~_born(columns)).then(pl.lit("jumlah"))
        .when((pl.col("filled") <= 4) & pl.col("text").str.contains(_SIGNED) & ~_born(columns))
        .then(pl.lit("tanda_tangan"))
        .when(pl.col("text").is_in(titles)).then(pl.lit("judul"))
        .when(pl.col("text").str.contains(r"^[\d\s.|()-]{1,9}$") & ~_identified(columns))
        .then(pl.lit("kosong"))
    )  # fmt: skip
    judged = doubtful.sort("row").with_columns(reason=by_look)
    weak = pl.col("reason").is_null() & (pl.col("filled") < _SUBSTANCE) & ~_numbered(columns)
    judged = _below_footer(judged, body.rows, weak)
    lone = weak & (pl.col("filled") == 1) & pl.col("reason").is_null() & ~_identified(columns)
    texts = [c for f, c in columns.items() if f not in _PERSON]
    in_text = (
        pl.any_horizontal(filled(pl.col(c)).is_not_null() for c in texts)
        if texts
        else (pl.lit(False))
    )
    remark = pl.when(in_text).then(pl.lit("lanjutan")).otherwise(pl.lit("judul"))
    return judged.with_columns(reason=pl.when(lone).then(remark).otherwise(pl.col("reason")))


def _below_footer(judged: pl.DataFrame, rows: pl.DataFrame, weak: pl.Expr) -> pl.DataFrame:
    """Add `tanda_tangan` for scanty rows below a signature or total with no person in between."""
    marks = judged.filter(pl.col("reason").is_in(["jumlah", "tanda_tangan"])).select(
        "row", footer="row"
    )
    people = rows.filter("on_sight").select("row", person="row")
    near = judged.join_asof(marks, on="row").join_asof(people, on="row")
    below = (pl.col("footer") > pl.col("person").fill_null(0)).fill_null(False)
    reason = pl.when(weak & below).then(pl.lit("tanda_tangan")).otherwise(pl.col("reason"))
    return near.with_columns(reason=reason).drop("footer", "person")


def _numbered(columns: dict[str, str]) -> pl.Expr:
    """Return whether a NIK or No KK cell of the row holds a long number."""
    return pl.any_horizontal(
        pl.lit(False),
        *(
            (
                pl.col(columns[f]).str.contains(_EIGHT_DIGITS)
                & ~pl.col(columns[f]).str.contains(_NOT_A_NIK)
            ).fill_null(False)
            for f in ("nik", "nokk")
            if f in columns
        ),
    )


def _born(columns: dict[str, str]) -> pl.Expr:
    """Return whether the row has a long number, or a date where a person's birth date stands."""
    if "tanggal_lahir" not in columns:
        return _numbered(columns)
    date = pl.col(columns["tanggal_lahir"]).str.contains(rf"(?i)^\W*{DATE}")
    return _numbered(columns) | date.fill_null(False)


def _identified(columns: dict[str, str]) -> pl.Expr:
    """Return whether the row has a name, a birth date or a number where a person has them."""
    cells = [
        filled(pl.col(columns[f])) for f in _PERSON if f in columns and f not in ("nik", "nokk")
    ]
    return _numbered(columns) | pl.any_horizontal(
        pl.lit(False), *(cell.is_not_null() for cell in cells)
    )


def _repeats(header: Header | None, grid: Grid) -> pl.Expr:
    """Return whether a row says again what a line of the header says."""
    if header is None or grid.header is not None:
        return pl.lit(False)
    return pl.any_horizontal(_says(line, grid) for line in header.lines)


def _says(line: tuple[str, ...], grid: Grid) -> pl.Expr:
    same = [
        (
            pl.col(column).str.strip_chars(BLANK).str.to_uppercase() == text.strip(BLANK).upper()
        ).fill_null(False)
        for column, text in zip(grid.columns, line, strict=True)
        if text
    ]
    return pl.sum_horizontal(same) >= max(min(2, len(same)), 0.6 * len(same))


def _repeats_numbers(header: Header | None, grid: Grid) -> pl.Expr:
    if header is None or header.numbers is None:
        return pl.lit(False)
    row = grid.head.filter(pl.col("row") == header.numbers).select(grid.columns).row(0)
    return _says(tuple(cell or "" for cell in row), grid)
