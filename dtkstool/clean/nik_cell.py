"""What one NIK or No KK cell holds, judged by the cell alone (domain.md §1.5).

Whether the column was damaged by Excel is `nik_column`'s question.
"""

import polars as pl

from dtkstool.clean.cells import ESCAPED_BLANK, QUOTES, says_nothing, visible, without_marks
from dtkstool.distinct import spread, told_apart
from dtkstool.frames import NIK_KELAS

PLAIN_FILLERS = (1212121212121212, 1010101010101010, 9876543210987654)
"""The fillers that look like a NIK in what `_is_plain` asks and are not `_is_uniform`."""

ASCENDING, DESCENDING = "12345678901234567890", "98765432109876543210"
FILLERS = (
    *(ASCENDING[:length] for length in range(4, 21)),
    *(DESCENDING[:length] for length in range(4, 21)),
    *("0" + ASCENDING[:length] for length in range(4, 16)),
    "9998",  # No KK: `KK hilang`; 9999 `tidak punya KK` is a repeated digit
)
SAME_TAIL = "^[0-9]{6}(?:" + "|".join(f"{digit}{{10}}" for digit in range(2, 10)) + ")$"
ALIKE = "^(?:" + "|".join(f"{d}*(?:[0-9]{d}*){{0,2}}" for d in range(1, 10)) + ")$"
"""Digits that are the same but for two."""

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
    """Return what each cell holds, in order.

    The columns are `nik, kelas, digits, kandidat, kedua, repair, via_float, value`. `nik` is null
    for every class but `nomor`, and so is `value`, the same as a number; `via_float` says that the
    cell's text shows a number that was a float64 (`….0`, `3.2…E15`). Null is `kosong`.
    """
    value = cells.cast(pl.UInt64, strict=False)
    plain = _is_plain(cells, value)
    few = cells.filter(~plain)
    first, number = told_apart(few)
    different = few.gather(first)
    read = read_odd_cells(different.to_frame("cell").lazy()).collect(engine="in-memory")
    odd = spread(read, different).with_columns(value=pl.col("nik").cast(pl.UInt64))
    nowhere = pl.repeat(None, len(cells), dtype=pl.UInt32, eager=True)
    at = nowhere.scatter((~plain).arg_true(), number)
    return pl.DataFrame({"cell": cells, "typed": value, "plain": plain}).select(
        nik=_either("cell", odd["nik"], at),
        kelas=_either(pl.lit("nomor", NIK_KELAS), odd["kelas"], at),
        digits=_either("cell", odd["digits"], at),
        kandidat=odd["kandidat"].gather(at),
        kedua=odd["kedua"].gather(at),
        repair=odd["repair"].gather(at),
        via_float=_either(pl.lit(False), odd["via_float"], at),
        value=_either("typed", odd["value"], at),
    )


def _either(plain: str | pl.Expr, odd: pl.Series, at: pl.Series) -> pl.Expr:
    """Return `plain` where the cell is, else what the odd cells say."""
    return pl.when("plain").then(plain).otherwise(odd.gather(at))


def _is_plain(cells: pl.Series, value: pl.Series) -> pl.Series:
    """Return whether a cell is nothing but a NIK: 16 digits, a month in their place, no filler.

    `value` is the cell as a number: cheaper to look at than its text. Never null.
    """
    df = pl.DataFrame({"cell": cells, "value": value})
    number = pl.col("value")
    sixteen = (pl.col("cell").str.len_bytes() == 16) & (number >= 10**15)
    is_month = (number // 10**6 % 100).is_between(1, 12)
    plain = sixteen & is_month & ~number.is_in(PLAIN_FILLERS)
    # all but two of 16 digits alike: one of the first two fours is uniform, or the last eight are
    front, back = number // 10**8, number % 10**8
    fours = (front // 10**4 % 1111 == 0) | (front % 10**4 % 1111 == 0)
    suspect = fours | (back % 11_111_111 == 0)
    found = df.select(plain=plain.fill_null(False), suspect=(plain & suspect).fill_null(False))
    few = found["suspect"].arg_true()
    return found["plain"].scatter(few, ~df[few].select(is_monotonous(pl.col("cell"))).to_series())


def read_odd_cells(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return what `read_cells` does but for `value`, with all the tests there are, in any order."""
    classed = _prepared(lf).pipe(_with_class)
    unsure = pl.col("kelas").is_in(["dua_nilai", "bukan_angka"])
    known = [
        classed.filter(~unsure).with_columns(kandidat=pl.lit(None, pl.String)),
        classed.filter(unsure).with_columns(kandidat=_candidate()),
    ]
    return pl.concat(known).pipe(_result)


def _prepared(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add what the class of a cell is told by; digits alone need none of the work for it."""
    bare = pl.col("cell").str.contains("^[1-9][0-9]{0,19}$").fill_null(False)
    rest = lf.filter(~bare).pipe(_with_text).pipe(_with_runs).pipe(_with_number).select(PREPARED)
    nothing, no = pl.lit(None, pl.String), pl.lit(False)
    digits = lf.filter(bare).with_columns(
        seen="cell", text="cell", body="cell", number="cell", label=no, empty=no, twice=no,
        several=no, tail=no, exact=no, short_by_one=no, one=nothing, two=nothing, mantissa=nothing,
    )  # fmt: skip
    return pl.concat([digits.select(PREPARED), rest])


PREPARED = (
    "cell", "seen", "text", "body", "number", "label", "empty", "one", "two", "several", "twice",
    "mantissa", "exact", "short_by_one", "tail",
)  # fmt: skip


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
            several=pl.col("runs").is_not_null(),
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
    return (number.str.len_bytes() == 16) & number.str.contains(ALIKE)


def _with_class(lf: pl.LazyFrame) -> pl.LazyFrame:
    number, body = pl.col("number"), pl.col("body")
    digits_only = number.str.contains("^[0-9]+$")
    sixteen = digits_only & (number.str.len_bytes() == 16)
    kelas = (
        pl.when(pl.col("text").str.contains(MASKED)).then(pl.lit("tersamar"))
        .when("empty").then(pl.lit("kosong"))
        .when(pl.col("several") & ~pl.col("twice")).then(pl.lit("dua_nilai"))
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
        kandidat="kandidat",
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
