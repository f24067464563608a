"""What one date cell may mean, by the cell alone: one reading or two (domain.md §2.1, §5).

Every written form comes down to three numbers `a b c` and the order they stand in (`dmy`, `mdy`,
`ymd`, `ydm`), with a second order where the cell does not say which.
"""

from datetime import date

import polars as pl

from dtkstool.clean.cells import says_nothing, visible, without_marks
from dtkstool.clean.civil import OLDEST, date_or_null, likely_year

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN I", "FEB PEB II", "MAR MRT III", "APR IV", "MEI MAY V", "JUN JNI VI",
            "JUL JLI VII", "AGU AGS AGT AUG VIII", "SEP SPT IX", "OKT OCT X", "NOV NOP XI",
            "DES DEC XII",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
"""Month by the first three letters of its Indonesian or English name, or by Roman numeral."""

CLOCK = (
    r"([0-9])(?:T|[ ,]+)[0-9]{1,2}"
    r"(?::[0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?|\.[0-9]{2}\.[0-9]{2}$)"
    r" ?(?:AM|PM)? ?(?:Z|UTC|(?:GMT|UTC)?[+-][0-9]{2}:?[0-9]{2}|GMT|WIB|WITA|WIT)?"
    r"(?: \(.*\))?(?: |$)"
)
FLOAT_TAIL = r"([0-9]{4})[.,]0+$"
LATE_UTC = r"[0-9](?:T| )(?:1[4-9]|2[0-3]):[0-9:.]+ ?(?:Z|UTC|GMT|\+00:?00)$"
"""Midnight in Indonesia, written as 15–17 hours of the day before: software that stores UTC."""
EAST_HOURS = 9
"""UTC+9 (WIT) is the earliest of the three midnights; adding it brings all three to their day."""

NOISE = (
    r"^(?:[\p{L} .()-]*,\s*)|\b(?:SENIN|SELASA|RABU|KAMIS|JUMAT|SABTU|MINGGU|AHAD|TGL|TANGGAL"
    r"|BLN|BULAN|THN|TAHUN|TH|(?:MON|TUES?|WED(?:NES)?|THU(?:RS)?|FRI|SAT(?:UR)?|SUN)(?:DAY)?)\b"
)
ORDINAL = r"([0-9])(?:ST|ND|RD|TH)\b"
ZERO_DATE = (
    r"^0+([-/. ]0+){0,2}$|^0{1,2}[-/. ]0{1,2}[-/. ](?:0+|19(?:00)?)$"
    r"|^(?:1900|0001|0000)[-/.]0*[01]?[-/.]0+$|^0?1/00?/(?:19)?00$|^00?[-/.]0*1[-/.]1900$"
    r"|^0001-01-01$|^0?1[-/.]0?1[-/.]0001$|^1899[-/.]12[-/.]3[01]$|^3[01][-/.]12[-/.]1899$"
)
"""What MySQL (0000-00-00), Excel (1900-01-00, 1899-12-30) and clerks (00-00-1900) show for none."""

PLAIN = r"^[0-9]{2}[-/][0-9]{2}[-/](?:19[1-9]|20[0-9])[0-9]$"
PLAIN_ISO = r"^(?:19[1-9]|20[0-9])[0-9]-(?:0[1-9]|1[0-2])-[0-9]{2}(?: 00:00:00)?$"
"""The forms nearly all cells have, which need none of the tests below."""

PACKED_ISO = r"^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])(?:[0-9]{6})?$"
PACKED = r"^([0-9]{1,2})([0-9]{2})([0-9]{4})$"
PACKED_SHORT = r"^([0-9]{2})([0-9]{2})([0-9]{2})$"

SERIAL_1900 = date(1899, 12, 30)
SERIAL_1904 = date(1904, 1, 1)
MIN_SERIAL, MAX_SERIAL = 1_000, 60_000
YEARS = (1900, 2100)
"""Four digits in this range are a year without a day, not a serial."""

KINDS = pl.Enum(["pasti", "miring", "tanda", "rapat", "enam", "seri"])
"""What leaves a choice between two readings: nothing; day and month around `/`; around another
sign; in eight digits; ddmmyy or yymmdd in six; an Excel serial of 1900 or 1904."""


def read_dates(lf: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return the readings of each text in `cell`, in any order of rows.

    `first` and `second`: dates from 1900 to `today`, null where that reading is none; `second` is
    the less usual one (month first, year first, serial of 1904). `<reading>_exchanged`: the same
    with day and month exchanged, null where that is no other date. `<reading>_key`: day, month,
    two-digit year as ddmmyy. `kind`: `KINDS`. `short`: the year had two digits. `wild`: a year out
    of bounds, so that `first` is a guess that only a NIK may confirm. `empty`: the cell says
    nothing.
    """
    plain = pl.col("cell").str.contains(f"{PLAIN}|{PLAIN_ISO}").fill_null(False)
    odd = lf.filter(~plain).pipe(_with_text).pipe(_with_counts).pipe(_with_tokens).pipe(_with_order)
    tokens = pl.concat(
        [lf.filter(plain).pipe(_with_plain_tokens).select(TOKENS), odd.select(TOKENS)]
    )
    return tokens.pipe(_with_dates, today).pipe(_with_derived).select(
        "cell", "first", "second", "first_exchanged", "second_exchanged", "first_key",
        "second_key", "kind", "short", "wild", "empty",
    )  # fmt: skip


TOKENS = (
    "cell", "a", "b", "c", "order", "other", "kind", "short", "late", "empty", "direct",
    "direct_1904",
)  # fmt: skip
"""What is known of a cell before it becomes dates; `direct…` are dates counted, not written."""


def _with_plain_tokens(lf: pl.LazyFrame) -> pl.LazyFrame:
    cell = pl.col("cell")
    iso = cell.str.slice(4, 1) == "-"
    slash = cell.str.slice(2, 1) == "/"
    spans = {"a": ((0, 4), (0, 2)), "b": ((5, 2), (3, 2)), "c": ((8, 2), (6, 4))}
    numbers = {
        name: pl.when(iso).then(cell.str.slice(*of_iso)).otherwise(cell.str.slice(*usual))
        for name, (of_iso, usual) in spans.items()
    }
    return lf.with_columns(
        **{name: number.cast(pl.Int32) for name, number in numbers.items()},
        order=pl.when(iso).then(pl.lit("ymd")).otherwise(pl.lit("dmy")),
        other=pl.when(~iso).then(pl.lit("mdy")),
        kind=pl.when(iso).then(pl.lit("pasti")).when(slash).then(pl.lit("miring"))
        .otherwise(pl.lit("tanda")),
        short=pl.lit(False), late=pl.lit(False), empty=pl.lit(False),
        direct=pl.lit(None, pl.Date), direct_1904=pl.lit(None, pl.Date),
    )  # fmt: skip


def _with_text(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `text`, the cell without clock, weekday and place; `late` and `empty`."""
    seen = without_marks(visible(pl.col("cell"))).str.to_uppercase()
    day = (
        pl.col("seen").str.replace(CLOCK, "${1} ")
        .str.replace(FLOAT_TAIL, "${1}").str.strip_chars(" .,;:-/")
    )  # fmt: skip
    text = (
        day.str.replace_all(NOISE, " ").str.replace_all(ORDINAL, "${1}").str.strip_chars(" .,;:-/")
    )
    return lf.with_columns(seen=seen).with_columns(
        text=text,
        late=pl.col("seen").str.contains(LATE_UTC).fill_null(False),
        empty=says_nothing(pl.col("seen")) | day.str.contains(ZERO_DATE).fill_null(True),
    )


def _with_counts(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `direct`, `direct_1904`: days since 1900 or 1904, seconds or milliseconds since 1970."""
    json = _whole(pl.col("seen").str.extract(r"DATE\((-?[0-9]+)(?:[+-][0-9]{4})?\)", 1))
    days = _whole(pl.col("text").str.extract(r"^([0-9]{4,5})(?:[.,][0-9]+)?$", 1))
    is_serial = days.is_between(MIN_SERIAL, MAX_SERIAL) & ~days.is_between(*YEARS)
    serial = pl.when(is_serial).then(days)
    count = _whole(pl.col("seen").str.extract(r"^(-[0-9]{6,13}|[0-9]{9,13})(?:[.,]0+)?$", 1))
    seconds = pl.coalesce(json // 1000, pl.when(count.abs() < 10**10).then(count), count // 1000)
    return lf.with_columns(
        direct=pl.coalesce(
            _after(SERIAL_1900, serial),
            _after(date(1970, 1, 1), (seconds + EAST_HOURS * 3600) // 86_400),
        ),
        direct_1904=_after(SERIAL_1904, serial),
    )


def _whole(digits: pl.Expr) -> pl.Expr:
    return digits.cast(pl.Int64, strict=False)


def _after(start: date, days: pl.Expr) -> pl.Expr:
    """Return the date so many days after `start`; null for null and far from our time."""
    epoch = (start - date(1970, 1, 1)).days
    near = pl.when(days.is_between(-30_000, 84_000)).then(days)
    return (near + epoch).cast(pl.Int32).cast(pl.Date)


def _with_tokens(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `a b c` as numbers, months too, and the facts that decide their order."""
    text = pl.col("text")
    spaced = (
        text.str.replace(PACKED_ISO, "${1}-${2}-${3}")
        .str.replace(PACKED, "${1}-${2}-${3}")
        .str.replace(PACKED_SHORT, "${1}-${2}-${3}")
    )
    parts = pl.col("parts")
    token = [parts.list.get(place, null_on_oob=True) for place in range(3)]
    counted = pl.col("direct").is_not_null() | (parts.list.len() != 3)
    name = text.str.extract(r"(\p{L}+)", 1)
    month = name.replace_strict(MONTHS, default=None, return_dtype=pl.Int32).fill_null(
        name.str.extract(r"^(\p{L}{3})", 1).replace_strict(
            MONTHS, default=None, return_dtype=pl.Int32
        )
    )
    return lf.with_columns(parts=spaced.str.extract_all(r"\p{L}+|[0-9]+")).with_columns(
        month=month,
        width_a=token[0].str.len_bytes(), width_c=token[2].str.len_bytes(),
        **{
            letter: pl.when(~counted).then(part.cast(pl.Int32, strict=False))
            for letter, part in zip("abc", token, strict=True)
        },
    )  # fmt: skip


def _with_order(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add `order`, `other`, `kind` and `short`; a month's name takes the empty place among a, b."""
    a, b, month = pl.col("a"), pl.col("b"), pl.col("month")
    english = a.is_null() & b.is_not_null() & month.is_not_null()
    named = b.is_null() & a.is_not_null() & month.is_not_null()
    year_first = (pl.col("width_a") >= 3) | ((a > 31) & (pl.col("width_c") <= 2))
    order = (
        pl.when(english).then(pl.lit("mdy"))
        .when(year_first & (b > 12)).then(pl.lit("ydm"))
        .when(year_first).then(pl.lit("ymd"))
        .otherwise(pl.lit("dmy"))
    )  # fmt: skip
    six = pl.col("text").str.contains(PACKED_SHORT)
    kind = (
        pl.when(pl.col("direct").is_not_null()).then(pl.lit("seri"))
        .when((order != "dmy") & ~six | named).then(pl.lit("pasti"))
        .when(six).then(pl.lit("enam"))
        .when(pl.col("text").str.contains(PACKED)).then(pl.lit("rapat"))
        .when(pl.col("text").str.contains("/")).then(pl.lit("miring"))
        .otherwise(pl.lit("tanda"))
    )  # fmt: skip
    width = pl.when(order.str.starts_with("y")).then("width_a").otherwise("width_c")
    return lf.with_columns(
        a=pl.when(english).then(month).otherwise(a),
        b=pl.when(named).then(month).otherwise(b),
        order=pl.when(six).then(pl.lit("dmy")).otherwise(order),
        other=pl.when(six)
        .then(pl.lit("ymd"))
        .when(kind.is_in(["rapat", "miring", "tanda"]))
        .then(pl.lit("mdy")),
        kind=kind,
        short=(width <= 2).fill_null(False),
    )


def _with_dates(lf: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Add `first`, `second` and `wild`."""
    shift = pl.duration(days=pl.col("late").cast(pl.Int32))
    dates = {
        "first": pl.coalesce("direct", _date("first") + shift),
        "second": pl.coalesce("direct_1904", _date("second")),
    }
    wild = ~pl.col("believed") & ~pl.col("short") & pl.col("direct").is_null()
    return (
        lf.with_columns(
            _part(order, letter).alias(f"{name}_{letter}")
            for name, order in (("first", "order"), ("second", "other"))
            for letter in "ymd"
        )
        .with_columns(believed=pl.col("first_y").is_between(OLDEST.year, today.year))
        .with_columns(_full_year("first", today), _full_year("second", today))
        .with_columns(wild=wild.fill_null(False), **dates)
        .with_columns(pl.when(pl.col(name).is_between(OLDEST, today)).then(name) for name in dates)
    )


def _full_year(name: str, today: date) -> pl.Expr:
    year, month, day = (pl.col(f"{name}_{letter}") for letter in "ymd")
    as_written = ~pl.col("short") & ((name == "second") | pl.col("believed"))
    return pl.when(as_written).then(year).otherwise(likely_year(year, month, day, today))


def _date(name: str) -> pl.Expr:
    return date_or_null(*(pl.col(f"{name}_{letter}") for letter in "ymd"))


def _part(order: str, letter: str) -> pl.Expr:
    """Return the number that stands where `order` has `letter`; null for no order."""
    place = pl.col(order).str.find(letter, literal=True)
    return pl.when(place == 0).then("a").when(place == 1).then("b").when(place == 2).then("c")


def _with_derived(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Add what `read_dates` gives beside each reading."""
    for name in ("first", "second"):
        part = pl.col(name).dt
        day, month = pl.col("day"), pl.col("month")
        lf = lf.with_columns(
            day=part.day().cast(pl.Int32), month=part.month().cast(pl.Int32), year=part.year()
        ).with_columns(
            pl.when(day != month)
            .then(date_or_null(pl.col("year"), day, month))
            .alias(f"{name}_exchanged"),
            (day * 10_000 + month * 100 + pl.col("year") % 100).alias(f"{name}_key"),
        )
    return lf
