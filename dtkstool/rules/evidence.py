"""What several rules look at, computed once: the date digits, swapped numbers, NIK and KK groups.

Nulls: a row whose NIK (or No KK) is not a number has null in every column derived from it and is
in no group.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dtkstool.rules.faults import date_fault, letters, name_fault, nokk_fault
from dtkstool.rules.namesakes import namesakes
from dtkstool.rules.occupation import with_office

NIK_DI_NOKK = pl.col("nik") == pl.col("nokk")
DIGITS = {"day": 8, "month": 6, "year": 4}
"""Two-digit parts of a NIK or No KK and the power of ten they stand at."""
FAMILY = pl.col("nokk").cast(pl.Int64).alias("kk")
"""The No KK as a key: 16 digits group faster as an integer than as text."""
ALIKE = 0.7
"""Dice share of common letter pairs from which two names may be one name with a slip in it;
AMINAH/AMINHA behind one given name has 0.78."""


def with_evidence(cleaned: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `frames.CLEANED` with what rules look at beside its columns, in the same row order.

    Adds what `with_row_evidence` and `with_groups` do. Needs all records.
    """
    lf = with_row_evidence(cleaned, today)
    return with_groups(lf, Groups(nik_groups(lf), families(members(lf)), people(lf), namesakes(lf)))


def with_row_evidence(cleaned: pl.LazyFrame, today: date) -> pl.LazyFrame:
    """Return `frames.CLEANED` with what rules look at that a record shows by itself.

    Adds `today`; `nama_huruf`, the name in plain letters; the `DIGITS` of NIK and No KK as
    `nik_day`, `nokk_year` …; `nik_cacat`, `nokk_cacat`, `nama_cacat` (see `faults`); `tertukar` and
    `salah_kolom` (see `misplaced`); `jabatan` (see `occupation`).
    """
    return (
        cleaned.with_columns(
            pl.lit(today).alias("today"),
            letters(pl.col("nama_asal")).alias("nama_huruf"),
            *digits("nik"),
            *digits("nokk"),
        )
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


def with_groups(lf: pl.LazyFrame, groups: Groups) -> pl.LazyFrame:
    """Return the records with what their groups show, in the same row order.

    Adds `nokk_orang` (the No KK is the NIK of somebody in the data) and the columns of
    `nik_groups`, `families` and `namesakes`.
    """
    joined = (
        lf.select("record", FAMILY)
        .join(groups.nik, on="record", how="left", maintain_order="left")
        .join(groups.families, on="kk", how="left", maintain_order="left")
        .join(groups.people, on="kk", how="left", maintain_order="left")
        .join(groups.namesakes, on="record", how="left", maintain_order="left")
        .drop("record", "kk")
    )
    return pl.concat([lf, joined], how="horizontal")


def digits(number: str) -> list[pl.Expr]:
    """Return the `DIGITS` of `nik` or `nokk` as integers."""
    whole = pl.col(number).cast(pl.Int64)
    return [(whole // 10**place % 100).alias(f"{number}_{part}") for part, place in DIGITS.items()]


def misplaced() -> list[pl.Expr]:
    """Return `tertukar` and `salah_kolom`, by where the birth date is found.

    `tertukar`: NIK and No KK stand in each other's column. That takes two facts: the No KK carries
    the birth date (and by +40 the sex), the NIK does not. `salah_kolom`: so, or the NIK cell
    repeats the No KK and does not carry the birth date: no rule on NIK applies. Both are false
    where one of the three is missing.
    """
    born = pl.col("tanggal_lahir").dt
    female = pl.col("jenis_kelamin") == "P"

    def carries(number: str) -> pl.Expr:
        day, month, year = (pl.col(f"{number}_{part}") for part in ("day", "month", "year"))
        same_tail = (month == born.month()) & (year == born.year() % 100)
        return same_tail & (day - pl.when(day > 40).then(40).otherwise(0) == born.day())

    same_sex = ((pl.col("nokk_day") > 40) == female).fill_null(True)
    swapped = carries("nokk") & same_sex & ~carries("nik") & ~NIK_DI_NOKK
    repeated = NIK_DI_NOKK & ~carries("nik")
    return [
        swapped.fill_null(False).alias("tertukar"),
        (swapped | repeated).fill_null(False).alias("salah_kolom"),
    ]


def people(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per NIK that somebody has, as `kk` to be held against No KK."""
    owned = lf.filter(pl.col("nik").is_not_null() & ~pl.col("salah_kolom"))
    number = owned.select(pl.col("nik").cast(pl.Int64).alias("kk")).unique()
    return number.with_columns(pl.lit(True).alias("nokk_orang"))


def nik_groups(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per record whose NIK another record has too.

    Columns: `record`; `nik_sama` = `orang_sama`, `mirip` (names alike, perhaps twins) or
    `orang_lain`; `nik_sama_file`, `nik_sama_row` where the other record is: its neighbour in the
    same list if it has one there, which `nik_sama_list` tells, else its neighbour anywhere;
    `nik_nokk` in how many different No KK the NIK stands. A list is a file, or where it has
    amounts or KKS numbers the payments of one programme in it.
    """
    is_number = pl.col("nik").is_not_null() & ~pl.col("salah_kolom")
    paid = pl.col("nominal_asal").is_not_null() | pl.col("no_kks_asal").is_not_null()
    programme = pl.when(paid).then("program_asal").alias("programme")
    twice = (
        lf.filter(is_number & pl.col("nik").is_duplicated()).with_columns(programme).sort("record")
    )
    record, same_list = pl.col("record"), ("nik", "source_file", "programme")
    in_list = pl.coalesce(record.shift(1).over(same_list), record.shift(-1).over(same_list))
    anywhere = pl.coalesce(record.shift(1).over("nik"), record.shift(-1).over("nik"))
    group = twice.select(
        *("record", "source_file", "row", "nokk", "nama_folk", "tanggal_lahir"),
        in_list.is_not_null().alias("nik_sama_list"),
        pl.coalesce(in_list, anywhere).alias("other"),
        pl.col("nokk").drop_nulls().n_unique().over("nik").alias("nik_nokk"),
    )
    return group.join(group, left_on="other", right_on="record", suffix="_other").select(
        "record",
        same_person().alias("nik_sama"),
        "nik_sama_list",
        pl.col("source_file_other").alias("nik_sama_file"),
        pl.col("row_other").alias("nik_sama_row"),
        "nik_nokk",
    )


def same_person() -> pl.Expr:
    """Return how far two records of one NIK are one person, by name and birth date.

    `orang_sama` needs birth dates that agree (or miss) and a name contained in the other; a name
    that is only alike counts when the No KK differs too, since twins share theirs.
    """
    same_date = (pl.col("tanggal_lahir") == pl.col("tanggal_lahir_other")).fill_null(True)
    left, right = (pl.col(name).str.split(" ") for name in ("nama_folk", "nama_folk_other"))
    common = left.list.set_intersection(right).list.len()
    shorter = pl.min_horizontal(left.list.unique().list.len(), right.list.unique().list.len())
    contained = (common == shorter).fill_null(False)
    alike = (dice("nama_folk", "nama_folk_other") >= ALIKE).fill_null(False)
    other_family = (pl.col("nokk") != pl.col("nokk_other")).fill_null(False)
    return (
        pl.when(same_date & (contained | (alike & other_family)))
        .then(pl.lit("orang_sama"))
        .when(contained | alike)
        .then(pl.lit("mirip"))
        .otherwise(pl.lit("orang_lain"))
    )


def dice(left: str, right: str) -> pl.Expr:
    """Return the Dice share (0–1) of letter pairs two names have in common; null if one is null."""

    def letter_pairs(name: str) -> pl.Expr:
        letters = pl.col(name).str.replace_all(" ", "").str.split("")
        return letters.list.eval(pl.element() + pl.element().shift(-1)).list.drop_nulls()

    a, b = letter_pairs(left).list.unique(), letter_pairs(right).list.unique()
    return 2 * a.list.set_intersection(b).list.len() / (a.list.len() + b.list.len())


def members(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per record that is in a family, with what `families` counts."""
    misplaced_nokk = pl.col("tertukar") | (NIK_DI_NOKK & ~pl.col("salah_kolom"))
    own_nik = pl.when(~pl.col("salah_kolom")).then("nik")
    return lf.filter(pl.col("nokk").is_not_null() & ~misplaced_nokk.fill_null(False)).select(
        FAMILY,
        "record",
        "tanggal_lahir",
        pl.coalesce(own_nik, "nama").hash().alias("person"),
        (pl.col("hubungan") == "kepala").alias("head"),
        pl.col("hubungan").is_not_null().alias("known"),
        pl.col("jabatan").is_not_null().alias("office"),
        pl.col("kode_desa").cast(pl.Int64, strict=False).alias("desa"),
    )


def families(members: pl.LazyFrame) -> pl.LazyFrame:
    """Return one row per No KK with its members.

    Columns: `kk` the No KK as an integer; `kk_pertama` the record that speaks for the family;
    `kk_anggota` members; `kk_kepala` heads; `kk_hubungan` members whose relation is known;
    `kk_tersebar` members in more than one desa; `kk_jabatan` one of them has a `jabatan`;
    `kk_kepala_lahir` the birth date of the head, null unless there is exactly one. A person listed
    twice counts once.
    """
    person, heads = pl.col("person"), pl.col("person").filter("head").n_unique()
    return members.group_by("kk").agg(
        pl.col("record").min().alias("kk_pertama"),
        person.n_unique().alias("kk_anggota"),
        heads.alias("kk_kepala"),
        person.filter("known").n_unique().alias("kk_hubungan"),
        (pl.col("desa").min() != pl.col("desa").max()).alias("kk_tersebar"),
        pl.col("office").any().alias("kk_jabatan"),
        pl.when(heads == 1)
        .then(pl.col("tanggal_lahir").filter("head").min())
        .alias("kk_kepala_lahir"),
    )
