"""What several rules look at, computed once: the date digits, swapped numbers, NIK and KK groups.

Nulls: a row whose NIK (or No KK) is not a number has null in every column derived from it and is
in no group.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import polars as pl

from dtkstool.rules.alike import names_alike
from dtkstool.rules.faults import date_fault, name_fault, name_letters, nokk_fault, peculiar
from dtkstool.rules.lists import neighbours, place, with_lists
from dtkstool.rules.namesakes import namesakes
from dtkstool.rules.occupation import with_office

NIK_DI_NOKK = pl.col("nik") == pl.col("nokk")
DATE = {"day": 10_000, "month": 100, "year": 1}
"""What the two-digit parts of a date written ddmmyy are counted in."""
FAMILY = pl.col("nokk").cast(pl.Int64).alias("kk")
"""The No KK as a key: 16 digits group faster as an integer than as text."""
LAST_DAY = 2**16 - 1
"""Days either way of 1970 that birth dates are told apart in: from 1790 to 2149."""


def with_evidence(cleaned: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `frames.CLEANED` with what rules look at beside its columns, in the same row order.

    Adds what `with_row_evidence` and `with_groups` do. Needs all records.
    """
    lf = with_row_evidence(cleaned, today)
    return with_groups(lf, groups_of(lf))


def with_row_evidence(cleaned: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `frames.CLEANED` with what rules look at that a record shows by itself.

    Adds `today`; `nama_ganjil`, whether the name is `peculiar`, and `nama_huruf`, the name in plain
    letters; what `digits` and `birth_key` give; `urutan_wakil` (see `speaking_order`); `nik_cacat`,
    `nokk_cacat`, `nama_cacat` (see `faults`); `tertukar` and `salah_kolom` (see `misplaced`);
    `jabatan` (see `occupation`).
    """
    return (
        cleaned.with_columns(
            pl.lit(today).alias("today"),
            peculiar(pl.col("nama_asal")).alias("nama_ganjil"),
            birth_key().alias("lahir"),
            speaking_order().alias("urutan_wakil"),
            *digits("nik"),
            *digits("nokk"),
        )
        .with_columns(*dates("nik"), *dates("nokk"), name_letters().alias("nama_huruf"))
        .with_columns(
            date_fault("nik").alias("nik_cacat"),
            nokk_fault().alias("nokk_cacat"),
            name_fault().alias("nama_cacat"),
        )
        .with_columns(misplaced())
        .pipe(with_office)
    )  # fmt: skip


@dataclass(frozen=True)
class Groups:
    """What records show together, to be joined to each."""

    nik: pl.LazyFrame
    """`nik_groups`."""
    families: pl.LazyFrame
    people: pl.LazyFrame
    namesakes: pl.LazyFrame


GROUPED_BY = frozenset(("tertukar", "salah_kolom", "jabatan", "urutan_wakil"))
"""What groups are made by beside the cleaned columns."""


def groups_in(facts: pl.DataFrame) -> Groups:
    """Return what records with the columns of `with_row_evidence` show together, ready found."""
    return found_at_once(groups_of(facts.lazy()))


def groups_of(lf: pl.LazyFrame) -> Groups:
    """Return what records with the columns of `with_row_evidence` show together."""
    return Groups(nik_groups(lf), families(members(lf)), people(lf), namesakes(lf))


def found_at_once(groups: Groups) -> Groups:
    """Return the groups, ready found; in threads, for as one plan they are found one by one."""
    with ThreadPoolExecutor() as threads:
        found = threads.map(
            lambda lf: lf.collect(engine="in-memory").lazy(),
            (groups.nik, groups.families, groups.people, groups.namesakes),
        )
        return Groups(*found)


def with_groups(lf: pl.LazyFrame, groups: Groups) -> pl.LazyFrame:
    """Return the records with what their groups show, in the same row order.

    Adds `nokk_orang` (the No KK is the NIK of somebody in the data) and the columns of
    `nik_groups`, `families` and `namesakes`.
    """
    joined = (
        lf.select("record", FAMILY)
        .join(groups.people, on="kk", how="left", maintain_order="left")
        .join(groups.namesakes, on="record", how="left", maintain_order="left")
        .join(groups.nik, on="record", how="left", maintain_order="left")
        .join(groups.families, on="kk", how="left", maintain_order="left")
        .drop("record", "kk")
    )
    return pl.concat([lf, joined], how="horizontal")


def digits(number: str) -> list[pl.Expr]:
    """Return the parts of `nik` or `nokk` as numbers: `_awalan`, `_tanggal` (ddmmyy), `_urut`."""
    whole = pl.col(number).cast(pl.Int64)
    return [
        (whole // 10_000_000_000).cast(pl.Int32).alias(f"{number}_awalan"),
        (whole // 10_000 % 1_000_000).cast(pl.Int32).alias(f"{number}_tanggal"),
        (whole % 10_000).cast(pl.Int32).alias(f"{number}_urut"),
    ]


def dates(number: str) -> list[pl.Expr]:
    """Return the parts of `<number>_tanggal`, `_day`, `_month`, `_year`, and as `_lahir` all three.

    The latter has the calendar's day: 41 to 71 are women's.
    """
    written = pl.col(f"{number}_tanggal")
    woman = written >= 41 * DATE["day"]
    calendar = written - pl.when(woman).then(40 * DATE["day"]).otherwise(0)
    parts = [(written // at % 100).alias(f"{number}_{part}") for part, at in DATE.items()]
    return [*parts, calendar.alias(f"{number}_lahir")]


def birth_key() -> pl.Expr:
    """Return the birth date as ddmmyy."""
    return pl.col("tanggal_lahir").map_batches(
        ddmmyy_by_day, return_dtype=pl.Int32(), is_elementwise=True
    )


def ddmmyy_by_day(born: pl.Series) -> pl.Series:
    """Return dates as ddmmyy, read off a table of days where that is shorter than the dates."""
    number = born.to_physical().cast(pl.Int64)
    from_first = number - number.min()
    span = from_first.max()
    if not isinstance(span, int) or span > len(born):
        return born.to_frame("day").select(ddmmyy("day")).to_series()
    days = pl.int_range(span + 1, dtype=pl.Int32, eager=True) + born.to_physical().min()
    table = days.cast(pl.Date).to_frame("day").select(ddmmyy("day")).to_series()
    return table.gather(from_first)


def ddmmyy(date: str) -> pl.Expr:
    """Return a date as ddmmyy."""
    born = pl.col(date).dt
    parts = {"day": born.day(), "month": born.month(), "year": born.year() % 100}
    return pl.sum_horizontal(
        (part.cast(pl.Int32) * DATE[name] for name, part in parts.items()), ignore_nulls=False
    )


def misplaced() -> list[pl.Expr]:
    """Return `tertukar` and `salah_kolom`, by where the birth date is found.

    `tertukar`: NIK and No KK stand in each other's column. That takes two facts: the No KK carries
    the birth date (and by +40 the sex), the NIK does not. `salah_kolom`: so, or the NIK cell
    repeats the No KK and does not carry the birth date: no rule on NIK applies. Both are false
    where one of the three is missing.
    """
    female = pl.col("jenis_kelamin") == "P"
    nik_carries, nokk_carries = (pl.col(f"{n}_lahir") == pl.col("lahir") for n in ("nik", "nokk"))
    same_sex = ((pl.col("nokk_day") > 40) == female).fill_null(True)
    swapped = nokk_carries & same_sex & ~nik_carries & ~NIK_DI_NOKK
    repeated = NIK_DI_NOKK & ~nik_carries
    return [
        swapped.fill_null(False).alias("tertukar"),
        (swapped | repeated).fill_null(False).alias("salah_kolom"),
    ]


def speaking_order() -> pl.Expr:
    """Return a number of its own for each record: the smallest of a family speaks for it.

    Heads first, then the eldest, then by record id, never by the order of rows: a baseline knows
    a family by who speaks for it, and an infant displaces nobody. No birth date comes last.
    """
    member = (pl.col("hubungan") != "kepala").fill_null(True).cast(pl.UInt64)
    day = pl.col("tanggal_lahir").to_physical().clip(-LAST_DAY, LAST_DAY).fill_null(LAST_DAY)
    born = (day + LAST_DAY).cast(pl.UInt64)
    return member * 2**63 + born * 2**46 + pl.col("record_id").hash() % 2**46


def people(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per No KK that is somebody's NIK, as `kk`."""
    owned = lf.filter(pl.col("nik").is_not_null() & ~pl.col("salah_kolom"))
    number = owned.select(pl.col("nik").cast(pl.Int64).alias("kk"))
    both = number.join(lf.select(FAMILY).drop_nulls(), on="kk", how="semi")
    return both.unique().with_columns(pl.lit(True).alias("nokk_orang"))


def nik_groups(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per record whose NIK another record has too.

    Columns: `record`; `nik_sama` = `orang_sama`, `mirip` (names alike, perhaps twins) or
    `orang_lain`; `nik_sama_file`, `nik_sama_row` where the other record is; `nik_sama_list`, which
    `lists.neighbours` tells; `nik_nokk` in how many different No KK the NIK stands.
    """
    is_number = pl.col("nik").is_not_null() & ~pl.col("salah_kolom")
    twice = lf.filter(is_number & pl.col("nik").cast(pl.Int64).is_duplicated())
    group = neighbours(with_lists(twice)).select(
        *("record", "source_file", "sheet", "row", "nokk", "nama_folk", "tanggal_lahir"),
        *("nik_sama_list", "nth", "other"),
        pl.col("nokk").drop_nulls().n_unique().over("nik").alias("nik_nokk"),
    )
    pairs = group.join(group, left_on="other", right_on="nth", suffix="_other")
    return pairs.with_columns(_names=names_alike()).select(
        "record",
        same_person().alias("nik_sama"),
        "nik_sama_list",
        place("_other").alias("nik_sama_file"),
        pl.col("row_other").alias("nik_sama_row"),
        "nik_nokk",
    )


def same_person() -> pl.Expr:
    """Return how far two records of one NIK are one person, by name and birth date.

    `orang_sama` needs birth dates that agree (or miss) and a name contained in the other; a name
    that is only alike counts when the No KK differs too, since twins share theirs.
    """
    same_date = (pl.col("tanggal_lahir") == pl.col("tanggal_lahir_other")).fill_null(True)
    contained, alike = (pl.col("_names").struct.field(name) for name in ("contained", "alike"))
    other_family = (pl.col("nokk") != pl.col("nokk_other")).fill_null(False)
    return (
        pl.when(same_date & (contained | (alike & other_family)))
        .then(pl.lit("orang_sama"))
        .when(contained | alike)
        .then(pl.lit("mirip"))
        .otherwise(pl.lit("orang_lain"))
    )


def members(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per record that is in a family, with what `families` counts."""
    misplaced_nokk = pl.col("tertukar") | (NIK_DI_NOKK & ~pl.col("salah_kolom"))
    own_nik = pl.when(~pl.col("salah_kolom")).then("nik")
    return lf.filter(pl.col("nokk").is_not_null() & ~misplaced_nokk.fill_null(False)).select(
        FAMILY,
        "urutan_wakil",
        "tanggal_lahir",
        pl.coalesce(own_nik, "nama").hash().alias("person"),
        (pl.col("hubungan") == "kepala").alias("head"),
        pl.col("hubungan").is_not_null().alias("known"),
        pl.col("jabatan").is_not_null().alias("office"),
        pl.col("kode_desa").cast(pl.Int64, strict=False).alias("desa"),
        (pl.col("rw").cast(pl.Int32) * 1000 + pl.col("rt")).alias("rt_rw"),
    )


def families(members: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per No KK with its members.

    Columns: `kk` the No KK as an integer; `kk_wakil` the `speaking_order` of who speaks for it;
    `kk_anggota` members; `kk_kepala` heads; `kk_hubungan` members whose relation is known;
    `kk_tersebar` members in more than one desa, `kk_rt_rw` `split` over RT/RW; `kk_jabatan` one of
    them has a `jabatan`;
    `kk_kepala_lahir` the birth date of the head, null unless there is exactly one. A person listed
    twice counts once.
    """
    person, heads = pl.col("person"), pl.col("person").filter("head").n_unique()
    return members.group_by("kk").agg(
        pl.col("urutan_wakil").min().alias("kk_wakil"),
        person.n_unique().alias("kk_anggota"),
        heads.alias("kk_kepala"),
        person.filter("known").n_unique().alias("kk_hubungan"),
        (pl.col("desa").min() != pl.col("desa").max()).alias("kk_tersebar"),
        split(pl.col("rt_rw")).alias("kk_rt_rw"),
        pl.col("office").any().alias("kk_jabatan"),
        pl.when(heads == 1)
        .then(pl.col("tanggal_lahir").filter("head").min())
        .alias("kk_kepala_lahir"),
    )


def split(place: pl.Expr) -> pl.Expr:
    """Return whether a group's members are in several places, at least two of them in each of two.

    One alone who is elsewhere was mistyped more often than not. Told by the sum: looking at each
    place's own members costs ten times as much, and three places at once are hardly ever one slip.
    """
    low, high, count = place.min(), place.max(), place.count().cast(pl.Int64)
    total = place.cast(pl.Int64).sum()
    alone = (total == low * (count - 1) + high) | (total == low + high * (count - 1))
    return (low != high) & ~alone
