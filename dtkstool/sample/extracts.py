"""The civil registry's extracts, with columns as SIAK prints them and flaws of their own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.books import write_book
from dtkstool.sample.digits import one_digit_wrong
from dtkstool.sample.events import BY_NAME, DEAD, SILENT, Events
from dtkstool.sample.text import Index, chance, person_text
from dtkstool.sample.world import World, days, stage_rng

DAY = "%d-%m-%Y"
SHEET_ROWS = 100_000
PART = 400_000
"""Most rows in one file of biodata: extracts arrive in parts."""

BIODATA = {
    "NIK": "nik", "NO_KK": "nokk", "NAMA_LGKP": "nama", "TMPT_LHR": "tempat_lahir",
    "TGL_LHR": "tanggal_lahir", "JENIS_KLMIN": "kode_jk", "AGAMA": "agama",
    "STAT_KWN": "status_kawin", "STAT_HBKEL": "hubungan", "JENIS_PKRJN": "pekerjaan",
    "NAMA_LGKP_IBU": "nama_ibu", "NAMA_LGKP_AYAH": "nama_ayah", "ALAMAT": "alamat",
    "NO_RT": "rt", "NO_RW": "rw", "DUSUN": "dusun", "NO_PROP": "no_prop", "NO_KAB": "no_kab",
    "NO_KEC": "no_kec", "NO_KEL": "no_kel",
}  # fmt: skip
REASONS = ["PEKERJAAN", "KELUARGA", "PERUMAHAN", "LAINNYA"]
_CODE = pl.col("kode_desa")
SIAK_CODES = {
    "no_prop": _CODE.str.slice(0, 2).cast(pl.Int16),
    "no_kab": _CODE.str.slice(2, 2).cast(pl.Int16),
    "no_kec": _CODE.str.slice(4, 2).cast(pl.Int16),
    "no_kel": _CODE.str.slice(6, 4).cast(pl.Int16),
}
"""SIAK keeps region codes as numbers: no zeros in front."""


def _registry_text(world: World, who: Index, home: Index) -> pl.DataFrame:
    """Return biodata rows with the registry's own flaws, decided by person id."""
    rates = world.settings.rates
    text = person_text(world, who, home)
    blank, other, no_rt = (pl.Series(chance(who, salt)) for salt in (1, 2, 3))
    kosong = rates["registri_ibu_kosong"]
    mother = pl.col("nama_ibu")
    short = mother.str.replace(r" \S+$", "")
    return text.with_columns(
        nama_ibu=pl.when(blank < kosong * 0.6)
        .then(pl.lit(""))
        .when(blank < kosong)
        .then(pl.lit("-"))
        .when(other < rates["registri_ibu_lain"])
        .then(short)
        .otherwise(mother),
        rt=pl.when(no_rt < rates["registri_rt_kosong"]).then(None).otherwise(pl.col("rt")),
        kode_jk=pl.when(pl.col("jenis_kelamin") == "L").then(1).otherwise(2),
        **SIAK_CODES,
    )


def biodata(world: World, who: Index, home: Index) -> pl.DataFrame:
    """Return the biodata extract of some people."""
    text = _registry_text(world, who, home).with_columns(pl.col("tanggal_lahir").dt.strftime(DAY))
    return text.select(pl.col(source).alias(name) for name, source in BIODATA.items())


def _parts(kecamatan: npt.NDArray[np.int64], shown: Index) -> Iterator[tuple[int, int, Index]]:
    """Yield code, part number and people of each file: by kecamatan, at most `PART` a file."""
    by_code = shown[np.argsort(kecamatan[shown], kind="stable")]
    codes, starts = np.unique(kecamatan[by_code], return_index=True)
    for code, rows in zip(codes, np.split(by_code, starts[1:]), strict=True):
        for part in range(0, len(rows), PART):
            yield int(code), part // PART + 1, rows[part : part + PART]


def write_biodata(world: World, events: Events, known: npt.NDArray[np.bool_], to: Path) -> int:
    """Write one file of biodata per kecamatan; return the rows written.

    `known` says who is in the civil registry. The second file prints NIK as Oracle's TO_CHAR
    does, with a blank in front; the third separates by semicolons; in a messy world the fourth is
    a workbook of texts.
    """
    household = world.people["household"].to_numpy()
    home = events.biodata_home(household)
    kecamatan = world.places.kecamatan[world.households["desa"].to_numpy()[home]]
    shown = np.flatnonzero(known & ~events.unlisted)
    for number, (code, part, who) in enumerate(_parts(kecamatan, shown)):
        frame = biodata(world, who, home[who])
        name = f"biodata_{code}_{part}"
        if world.settings.biodata == "parquet":
            frame.write_parquet(to / f"{name}.parquet")
            continue
        if number == 3 and world.settings.messy and frame.height < SHEET_ROWS:
            write_book(frame, to / f"{name}.xlsx")
            continue
        if number == 1:
            frame = frame.with_columns(
                (" " + pl.col(name)).alias(name) for name in ("NIK", "NO_KK")
            )
        frame.write_csv(to / f"{name}.csv", separator=";" if number == 2 else ",")
    return len(shown)


def _event_nik(rng: np.random.Generator, world: World, events: Events, who: Index) -> pl.Series:
    """Return NIKs as the registers give them: blank or one digit wrong where told by name."""
    nik = world.people["nik"].gather(who).cast(pl.String)
    wrong = one_digit_wrong(rng, nik)
    by_name, misquoted = (
        pl.Series(events.reported[who] == BY_NAME),
        pl.Series(events.misquoted[who]),
    )
    return pl.select(
        pl.when(misquoted).then(wrong).when(by_name).then(pl.lit("")).otherwise(nik).alias("nik")
    ).to_series()


def _dates(day: npt.NDArray[np.integer]) -> pl.Series:
    return pl.Series(day.astype(np.int32)).cast(pl.Date).dt.strftime(DAY)


def deaths(world: World, events: Events, known: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Return the register of deaths, by date."""
    rng = stage_rng(world.settings, "berkas")
    who = np.flatnonzero(known & (events.status == DEAD) & (events.reported != SILENT))
    who = who[np.argsort(events.day[who], kind="stable")].astype(np.int32)
    text = _registry_text(world, who, world.people["household"].to_numpy()[who])
    late = np.minimum(events.day[who] + rng.geometric(0.02, len(who)), days(world.settings.today))
    title = pl.Series(rng.random(len(who)) < 0.03)
    year = _dates(events.day[who]).str.tail(4)
    number = pl.int_range(1, len(who) + 1, eager=True).cast(pl.String).str.zfill(4)
    code = text["kode_kabupaten"]
    name = pl.when(title).then("ALM. " + pl.col("nama")).otherwise(pl.col("nama"))
    return text.select(
        NO_AKTA_MATI=code + "-KM-" + _dates(late).str.replace_all("-", "") + "-" + number,
        NIK_JNSAH=_event_nik(rng, world, events, who),
        NAMA_JNSAH=name,
        JENIS_KLMIN=pl.col("kode_jk"),
        TMPT_LHR=pl.col("tempat_lahir"),
        TGL_LHR=pl.col("tanggal_lahir").dt.strftime(DAY),
        TGL_MATI=_dates(events.day[who]),
        TAHUN=year,
        NAMA_LGKP_IBU=pl.col("nama_ibu"),
        NO_PROP=pl.col("no_prop"), NO_KAB=pl.col("no_kab"),
        NO_KEC=pl.col("no_kec"), NO_KEL=pl.col("no_kel"),
    ).drop("TAHUN")  # fmt: skip


def _destination(world: World, events: Events, who: Index) -> pl.DataFrame:
    """Return where people went: the desa of their new household, or one elsewhere."""
    columns = ["kode_desa", "provinsi", "kabupaten", "kecamatan", "desa", "kode_kecamatan"]
    away = world.places.destinations.select(columns)
    here = world.places.desa.select(columns)
    home = np.maximum(events.new_home[who], 0)
    inside = world.households["desa"].to_numpy()[home]
    index = np.where(events.destination[who] >= 0, here.height + events.destination[who], inside)
    return pl.concat([here, away])[index]


def _move_level(code: pl.Series, there: pl.Series) -> pl.Series:
    """Return how far people moved, by the 10-digit codes of both desa."""
    return pl.select(
        pl.when(code.str.head(6) == there.str.head(6)).then(pl.lit("ANTAR DESA/KELURAHAN"))
        .when(code.str.head(4) == there.str.head(4)).then(pl.lit("ANTAR KECAMATAN"))
        .when(code.str.head(2) == there.str.head(2)).then(pl.lit("ANTAR KABUPATEN/KOTA"))
        .otherwise(pl.lit("ANTAR PROVINSI")).alias("level")
    ).to_series()  # fmt: skip


def departures(world: World, events: Events, known: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Return the register of moves away and inside, by date."""
    rng = stage_rng(world.settings, "berkas")
    moved = (events.destination >= 0) | (events.new_home >= 0)
    who = np.flatnonzero(known & moved & (events.status != DEAD) & (events.reported != SILENT))
    who = who[np.argsort(events.day[who], kind="stable")].astype(np.int32)
    household = world.people["household"].to_numpy()[who]
    text = _registry_text(world, who, household)
    to = _destination(world, events, who)
    code, there = text["kode_desa"], to["kode_desa"]
    level = _move_level(code, there)
    day = _dates(events.day[who])
    letter = pl.Series(household).cast(pl.String).str.zfill(6)
    return text.select(
        NO_PINDAH="SKPWNI/" + code.str.head(4) + "/" + day.str.replace_all("-", "") + "/" + letter,
        NIK=_event_nik(rng, world, events, who),
        NO_KK=pl.col("nokk"),
        NAMA_LGKP=pl.col("nama"),
        TGL_LHR=pl.col("tanggal_lahir").dt.strftime(DAY),
        JENIS_KLMIN=pl.col("kode_jk"),
        TGL_PINDAH=day,
        KLASIFIKASI_PINDAH=level,
        ALASAN_PINDAH=pl.Series(rng.choice(REASONS, len(who))),
        NO_PROP=pl.col("no_prop"), NO_KAB=pl.col("no_kab"),
        NO_KEC=pl.col("no_kec"), NO_KEL=pl.col("no_kel"),
        PROP_TUJUAN=to["provinsi"], KAB_TUJUAN=to["kabupaten"],
        KEC_TUJUAN=to["kecamatan"], KEL_TUJUAN=to["desa"],
    )  # fmt: skip


def arrivals(world: World, events: Events, known: npt.NDArray[np.bool_]) -> pl.DataFrame:
    """Return the register of arrivals: moves inside, and those who came back, by date."""
    moved = (events.new_home >= 0) & (events.status != DEAD) & (events.reported != SILENT)
    who = np.flatnonzero(known & (moved | (events.back > 0)))
    arrived = np.where(events.back > 0, events.back, events.day + 6)[who]
    order = np.argsort(arrived, kind="stable")
    who = who[order].astype(np.int32)
    arrived = np.minimum(arrived[order], days(world.settings.today))
    household = world.people["household"].to_numpy()[who]
    home = np.where(events.new_home[who] >= 0, events.new_home[who], household)
    text = _registry_text(world, who, home)
    number = pl.int_range(1, len(who) + 1, eager=True).cast(pl.String).str.zfill(5)
    return text.select(
        NO_DATANG="SKDWNI/" + pl.col("kode_kabupaten") + "/" + number,
        NIK=pl.col("nik"),
        NO_KK=pl.col("nokk"),
        NAMA_LGKP=pl.col("nama"),
        TGL_LHR=pl.col("tanggal_lahir").dt.strftime(DAY),
        TGL_DATANG=_dates(arrived),
        ALAMAT=pl.col("alamat"), NO_RT=pl.col("rt"), NO_RW=pl.col("rw"),
        NO_PROP=pl.col("no_prop"), NO_KAB=pl.col("no_kab"),
        NO_KEC=pl.col("no_kec"), NO_KEL=pl.col("no_kel"),
    )  # fmt: skip
