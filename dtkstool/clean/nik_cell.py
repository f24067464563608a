"""What one NIK or No KK cell holds, judged by the cell alone (domain.md §1.5).

Whether the column was damaged by Excel is `nik_column`'s question.
"""

import polars as pl

from dtkstool.clean.cells import ESCAPED_BLANK, QUOTES, says_nothing, visible, without_marks
from dtkstool.distinct import read_distinct
from dtkstool.frames import NIK_KELAS

PLAIN = r"^[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-9]{6}$"
PLAIN_FILLERS = ("1212121212121212", "1010101010101010")
"""The fillers of two digits that have a month where a NIK has one; the others fail `PLAIN`."""
RUNS = [str(digit) * 5 for digit in range(10)]
"""What every number of `is_monotonous` holds; it is looked at closely."""

ASCENDING, DESCENDING = "12345678901234567890", "98765432109876543210"
FILLERS = (
    *(ASCENDING[:length] for length in range(4, 21)),
    *(DESCENDING[:length] for length in range(4, 21)),
    *("0" + ASCENDING[:length] for length in range(4, 16)),
    "9998",  # No KK: `KK hilang`; 9999 `tidak punya KK` is a repeated digit
)
SAME_TAIL = "^[0-9]{6}(?:" + "|".join(f"{digit}{{10}}" for digit in range(2, 10)) + ")$"

LABEL = (
    r"^(?:(?:NO|NOMOR|NOMER)?[ .]*(?:NIK|N\.I\.K|NKK|KK|KTP|KARTU KELUARGA)|NO|NOMOR|NOMER)"
    r"[ .:=]*([0-9])"
)
SEPARATORS = r"[ .,;:/|\\()\[\]{}<>+_·\p{Pd}]"
FLOAT_TAIL = r"^([0-9]{5,}|[0-9]{1,3}(?:\.[0-9]{3}){3,}|[0-9]{1,3}(?:,[0-9]{3}){3,})[.,]0+$"
SCIENTIFIC = r"^([0-9]+)(?:[.,]([0-9]+))?E\+?([0-9]{1,2})$"
MASKED = r"^[0-9 .\-]*[*X•●#∗✱×]{2,}[0-9*X•●#∗✱× .\-]*$|^[0-9]+[?_]{2,}[0-9?_]*$"
LOOK_ALIKE = {
    "O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "!": "1", "S": "5", "B": "8",
    "Z": "2",
}  # fmt: skip
LOOK_ALIKE_NUMBER = r"^[0-9OQDILSBZ|!]{16}$"
MIN_DIGITS = 5
"""Fewer digits tell nothing about a number and are not kept."""

FLOAT_EXACT = 2**53
"""Above it (9 007 199 254 740 992: Papua's prefixes) a float64 holds even integers only."""


def read_cells(cells: pl.Series) -> pl.DataFrame:
    """Return `nik, kelas, digits, kandidat, kedua, repair, via_float` for each cell, in order.

    `nik` is null for every class but `nomor`; `via_float` says that the cell's text shows a
    number that was a float64 (`….0`, `3.2…E15`). Null is `kosong`.
    """
    odd_digits = cells.is_in(PLAIN_FILLERS) | cells.str.contains_any(RUNS)
    plain = (cells.str.contains(PLAIN) & ~odd_digits).fill_null(False)
    odd = read_distinct(cells.filter(~plain), read_odd_cells).drop("cell")
    nothing = pl.lit(None, pl.String)
    as_typed = pl.DataFrame({"cell": cells.filter(plain)}).select(
        nik="cell",
        kelas=pl.lit("nomor", NIK_KELAS),
        digits="cell",
        kandidat=nothing,
        kedua=nothing,
        repair=nothing,
        via_float=False,
    )
    order = pl.concat([plain.arg_true(), (~plain).arg_true()])
    return pl.concat([as_typed, odd])[order.arg_sort()]


def read_odd_cells(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return what `read_cells` does for the cells in `cell`, with all the tests there are."""
    return lf.pipe(_with_text).pipe(_with_runs).pipe(_with_number).pipe(_with_class).pipe(_result)


def _with_text(lf: pl.LazyFrame) -> pl.LazyFrame:
    seen = visible(pl.col("cell"))
    text = without_marks(pl.col("seen")).str.to_uppercase()
    label = pl.col("text").str.contains(LABEL)
    return (
        lf.with_columns(seen=seen)
        .with_columns(text=text)
        .with_columns(label=label, body=pl.col("text").str.replace(LABEL, "${1}"))
        .with_columns(
            body=pl.col("body").str.strip_chars(" .,;:/-"), empty=says_nothing(pl.col("text"))
        )
    )


def _with_runs(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Find the long runs of digits: a cell that holds two numbers has two."""
    runs = pl.col("body").str.extract_all(r"[0-9]{13,}")
    joined = pl.col("body").str.replace_all(SEPARATORS, "").str.extract(r"^([0-9]{32})$", 1)
    halves = pl.concat_list(joined.str.slice(0, 16), joined.str.slice(16))
    several = runs.list.len() >= 2
    return (
        lf.with_columns(runs=pl.when(several).then(runs).when(joined.is_not_null()).then(halves))
        .with_columns(
            one=pl.col("runs").list.get(0, null_on_oob=True),
            two=pl.col("runs").list.get(1, null_on_oob=True),
        )
        .with_columns(twice=(pl.col("one") == pl.col("two")).fill_null(False))
        .with_columns(body=pl.when("twice").then("one").otherwise("body"))
    )


def _with_number(lf: pl.LazyFrame) -> pl.LazyFrame:
    body = pl.col("body")
    whole = body.str.replace_all(" ", "").str.extract_groups(SCIENTIFIC)
    before, after, power = (whole.struct.field(str(part)) for part in (1, 2, 3))
    mantissa = before + after.fill_null("")
    has_16 = before.str.len_bytes() + power.cast(pl.Int64) == 16
    tail = body.str.contains(FLOAT_TAIL)
    number = (
        pl.when(tail).then(body.str.replace(r"[.,]0+$", "")).otherwise(body)
        .str.replace_all(SEPARATORS, "")
    )  # fmt: skip
    return (
        lf.with_columns(mantissa=mantissa, has_16=has_16.fill_null(False), tail=tail)
        .with_columns(
            exact=pl.col("has_16") & (pl.col("mantissa").str.len_bytes() == 16),
            short_by_one=pl.col("has_16") & (pl.col("mantissa").str.len_bytes() == 15),
            number=number,
        )
        .with_columns(number=pl.when("exact").then("mantissa").otherwise("number"))
    )


def is_filler(number: pl.Expr) -> pl.Expr:
    """Return whether digits were typed to fill a field: one or two repeated, 1234…, 9998."""
    length = number.str.len_bytes().cast(pl.Int64)
    repeats = [
        (length > period + (period == 2))
        & (number.str.slice(period) == number.str.head(length - period))
        for period in (1, 2)
    ]
    known = number.is_in(FILLERS) | number.str.contains(SAME_TAIL)
    return repeats[0] | repeats[1] | known | is_monotonous(number)


def is_monotonous(number: pl.Expr) -> pl.Expr:
    """Return whether all but two of 16 digits are the same: `1111111111111112`.

    A region, a date and a serial that are one digit throughout do not come together.
    """
    most = pl.max_horizontal(
        number.str.count_matches(str(digit), literal=True) for digit in range(1, 10)
    )
    return (number.str.len_bytes() == 16) & (most >= 14)


def _with_class(lf: pl.LazyFrame) -> pl.LazyFrame:
    number, body = pl.col("number"), pl.col("body")
    digits_only = number.str.contains("^[0-9]+$")
    sixteen = digits_only & (number.str.len_bytes() == 16)
    kelas = (
        pl.when(pl.col("text").str.contains(MASKED)).then(pl.lit("tersamar"))
        .when("empty").then(pl.lit("kosong"))
        .when(pl.col("runs").is_not_null() & ~pl.col("twice")).then(pl.lit("dua_nilai"))
        .when("short_by_one").then(pl.lit("rusak_digit16"))
        .when(pl.col("mantissa").is_not_null() & ~pl.col("exact")).then(pl.lit("rusak_ilmiah"))
        .when(digits_only & is_filler(number)).then(pl.lit("sentinel"))
        .when(sixteen & number.str.starts_with("0")).then(pl.lit("sementara"))
        .when(sixteen & number.str.ends_with("0" * 8)).then(pl.lit("rusak_ilmiah"))
        .when(sixteen).then(pl.lit("nomor"))
        .when(digits_only).then(pl.lit("panjang_salah"))
        .when(body.str.contains(r"\p{L}|\p{N}|[^\s\p{P}]")).then(pl.lit("bukan_angka"))
        .otherwise(pl.lit("kosong"))
    )  # fmt: skip
    return lf.with_columns(kelas=kelas)


def _result(lf: pl.LazyFrame) -> pl.LazyFrame:
    is_number = pl.col("kelas") == "nomor"
    return lf.select(
        "cell",
        nik=pl.when(is_number).then("number"),
        kelas=pl.col("kelas").cast(NIK_KELAS),
        digits=_digits(),
        kandidat=_candidate(),
        kedua=pl.when(pl.col("kelas") == "dua_nilai").then(_of_16("two")),
        repair=pl.when(is_number).then(_repairs()),
        via_float=pl.col("tail") | pl.col("exact"),
    )


def _of_16(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.len_bytes() == 16).then(name)


def _digits() -> pl.Expr:
    """Return the digits there are; null where their places are unknown or they were invented."""
    found = (
        pl.when("short_by_one").then(pl.col("mantissa") + "0")
        .when(pl.col("kelas") == "dua_nilai").then("one")
        .when(pl.col("number").str.contains("^[0-9]+$")).then("number")
        .when(pl.col("mantissa").is_not_null()).then("mantissa")
        .otherwise(pl.col("number").str.replace_all("[^0-9]", ""))
    )  # fmt: skip
    useless = pl.col("kelas").is_in(["kosong", "sentinel", "tersamar"])
    return pl.when(~useless & (found.str.len_bytes() >= MIN_DIGITS)).then(found)


def _candidate() -> pl.Expr:
    """Return the 16 digits an unsafe reading gives: look-alike letters, or digits amid a text."""
    number = pl.col("number")
    is_alike = number.str.contains(LOOK_ALIKE_NUMBER) & (number.str.count_matches("[0-9]") >= 8)
    alike = number.str.replace_many(LOOK_ALIKE)
    amid = pl.col("body").str.extract(r"(?:^|[^0-9])([0-9]{16})(?:[^0-9]|$)", 1)
    found = (
        pl.when(pl.col("kelas") == "dua_nilai").then(_of_16("one"))
        .when((pl.col("kelas") == "bukan_angka") & is_alike).then(alike)
        .when(pl.col("kelas") == "bukan_angka").then(amid)
    )  # fmt: skip
    return pl.when(~found.str.starts_with("0") & ~is_filler(found)).then(found)


def _repairs() -> pl.Expr:
    """Return the safe repairs in fixed order, comma-separated; null if there were none."""
    apart = (
        pl.col("cell").str.replace_all(ESCAPED_BLANK, "").str.strip_chars().str.contains(SEPARATORS)
    )
    plain_tail = pl.col("text").str.contains(r"^[0-9]+[.,]0+$")
    words = {
        "apostrof": pl.col("cell").str.contains(f"[{QUOTES}´=]"),
        "pemisah": pl.col("label") | pl.col("twice") | (apart & ~pl.col("exact") & ~plain_tail),
        "desimal": pl.col("tail") | pl.col("exact"),
        "tak_terlihat": pl.col("seen") != pl.col("cell").str.replace_all("[´′]", "'"),
    }
    made = pl.concat_str(
        [pl.when(done).then(pl.lit(word)) for word, done in words.items()],
        separator=",",
        ignore_nulls=True,
    )
    return pl.when(made != "").then(made)
