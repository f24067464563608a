"""The register as written: clean records of the listed people, then all the damage."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.digits import last_digit_zeroed, scientific
from dtkstool.sample.events import Events
from dtkstool.sample.families import HEAD, Ints
from dtkstool.sample.fault import LOG, Fault, Slip, damage, hit
from dtkstool.sample.faults_dates import DATE_FAULTS, FORMS, TWO_DIGITS, in_forms
from dtkstool.sample.faults_names import MOTHER_FAULTS, NAME_FAULTS, NAME_LOOKS
from dtkstool.sample.faults_numbers import NUMBER_FAULTS, OLD_FAMILY_NUMBER, SECOND_NUMBER
from dtkstool.sample.faults_rest import RELATIONS, REST_FAULTS
from dtkstool.sample.listing import EXACT, OTHER_NIK, Listing, listing
from dtkstool.sample.text import address, chance, full_name, person_text
from dtkstool.sample.world import World, stage_rng

FIELDS = (
    "id_dtks", "id_keluarga", "nokk", "nik", "nama", "tempat_lahir", "tanggal_lahir",
    "jenis_kelamin", "hubungan", "status_kawin", "pekerjaan", "nama_ibu", "alamat", "rt", "rw",
    "dusun", "kode_wilayah", "provinsi", "kabupaten", "kecamatan", "desa", "program", "desil",
)  # fmt: skip
"""Canonical columns of the register."""

STATUS_KAWIN = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")
BLOCKS = (
    Fault("blok_nik_digit16", "nik", lambda rng, rows: last_digit_zeroed(rows["nik"])),
    Fault("blok_nik_ilmiah", "nik", lambda rng, rows: scientific(rng, rows["nik"])),
    Fault("blok_nik_apostrof", "nik", lambda rng, rows: "'" + rows["nik"]),
    Fault("blok_nokk_digit16", "nokk", lambda rng, rows: last_digit_zeroed(rows["nokk"])),
    Fault("blok_nokk_ilmiah", "nokk", lambda rng, rows: scientific(rng, rows["nokk"])),
    Fault("blok_huruf_kecil", "nama", lambda rng, rows: rows["nama"].str.to_titlecase()),
)
"""Damage to a whole column of one desa's submission."""


@dataclass(frozen=True)
class Register:
    """The register: what is written, what is true, and what was done to it."""

    listing: Listing
    written: pl.DataFrame
    """One row per record: record and `FIELDS`, all text."""
    clean: pl.DataFrame
    """The same before damage, and with the person's own NIK."""
    log: pl.DataFrame
    """record, column, fault; cells that in the end look undamaged are left out."""


def _neighbours(world: World, who: Ints, known: npt.NDArray[np.bool_]) -> dict[str, Ints]:
    """Return for each record the persons whose numbers get mixed up with theirs."""
    n = world.people.height
    household = world.people["household"].to_numpy()
    spouse = world.people["spouse"].to_numpy()[who]
    after, before = np.minimum(who + 1, n - 1), np.maximum(who - 1, 0)
    relative = np.where(household[after] == household[who], after, before)
    relative = np.where(household[relative] == household[who], relative, who)
    head = np.searchsorted(household, household[who]).astype(np.int32)
    return {
        "pasangan": np.where(spouse >= 0, spouse, relative),
        "keluarga": relative,
        "kepala": np.where(world.people["slot"].to_numpy()[head] == HEAD, head, who),
        "orang_lain": ((who.astype(np.int64) * 7_919 + 104_729) % n).astype(np.int32),
    }


def _context(world: World, listed: Listing) -> dict[str, pl.Series]:
    """Return what damage borrows from others: numbers, names, addresses, places."""
    near = _neighbours(world, listed.who, listed.known)
    nik = world.people["nik"].cast(pl.String)
    n = world.people.height
    prefixes = np.concatenate([world.places.same_province, world.places.other[::40]])
    luck, family = chance(listed.who, 21), chance(listed.home, 22)
    codes = pl.Series(prefixes).cast(pl.String)
    elsewhere = ((listed.home.astype(np.int64) * 31 + 17) % world.households.height).astype(int)
    relative = world.people[near["keluarga"]]
    there = (listed.who.astype(np.int64) * 13 + 5) % n
    other_desa = world.desa[there]
    return {
        **{f"nik_{name}": nik.gather(index) for name, index in near.items()},
        "nama_keluarga": full_name(world.stock.words, relative, "w"),
        "prefix_lain": codes.gather((luck * len(codes)).astype(int)),
        "prefix_keluarga": codes.gather((family * len(codes)).astype(int)),
        "alamat_lain": address(world.households[elsewhere]),
        "desa_lain": world.places.desa["desa"].gather(other_desa),
        "keluarga": pl.Series(listed.home),
    }


def _programs(listed: Listing) -> dict[str, pl.Series]:
    luck = chance(listed.home, 31)
    names = ["PKH;BPNT", "BPNT", "PBI-JK", "BPNT;PBI-JK", "BST", ""]
    program = np.array(names)[np.searchsorted([0.2, 0.45, 0.65, 0.85, 0.9], luck)]
    desil = 1 + np.minimum((chance(listed.home, 32) ** 1.6 * 5).astype(int), 9)
    return {"program": pl.Series(program), "desil": pl.Series(desil).cast(pl.String)}


def _ids(listed: Listing) -> dict[str, pl.Series]:
    """Return register ids: 12 hexadecimal signs per record, 10 per family."""
    record = np.arange(len(listed.who), dtype=np.uint64)
    original = np.where(listed.copy_of >= 0, listed.copy_of, record).astype(np.uint64)
    mixed = (original + np.uint64(11)) * np.uint64(0x9E3779B97F4A7C15)
    family = (listed.home.astype(np.uint64) + np.uint64(7)) * np.uint64(0xC2B2AE3D27D4EB4F)
    return {
        "id_dtks": pl.Series([f"{value >> 16:012X}" for value in mixed.tolist()]),
        "id_keluarga": pl.Series([f"KK{value >> 28:09X}" for value in family.tolist()]),
    }


def clean_records(world: World, listed: Listing, form: pl.Series) -> pl.DataFrame:
    """Return the register without damage, with the columns that damage needs beside it."""
    text = person_text(world, listed.who, listed.home)
    relation = pl.Series(RELATIONS).gather(text["hubungan"].cast(pl.UInt32) - 1)
    married = pl.Series(STATUS_KAWIN).gather(text["status_kawin"].cast(pl.UInt32) - 1)
    mother = pl.col("nama_ibu")
    return text.with_columns(
        record=pl.int_range(pl.len(), dtype=pl.UInt32),
        lahir=pl.col("tanggal_lahir"),
        tanggal_lahir=in_forms(text["tanggal_lahir"], form),
        form=form,
        hubungan=relation,
        status_kawin=married,
        nama_ibu_benar=mother,
        kode_wilayah=pl.col("kode_desa"),
        rt=pl.col("rt").cast(pl.String).str.zfill(3),
        rw=pl.col("rw").cast(pl.String).str.zfill(3),
        **_ids(listed),
        **_programs(listed),
        **_context(world, listed),
    )


def _block_hits(
    rng: np.random.Generator, block: npt.NDArray[np.int64], rate: float
) -> npt.NDArray[np.int64]:
    """Return the rows of the blocks that are hit."""
    return np.flatnonzero((rng.random(int(block.max(initial=0)) + 1) < rate)[block])


def _damage_blocks(
    rng: np.random.Generator, world: World, rows: pl.DataFrame, block: npt.NDArray[np.int64]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    logs = []
    for fault in BLOCKS:
        at = _block_hits(rng, block, world.settings.rates.fault(fault.name))
        if fault.column != "nama":
            whole = rows[fault.column].str.contains(r"^\d{16}$").fill_null(False).to_numpy()
            at = at[whole[at]]
        if len(at):
            rows, log = hit(rng, rows, fault, at)
            logs.append(log)
    return rows, logs


def _exchange(
    rng: np.random.Generator, world: World, rows: pl.DataFrame, block: npt.NDArray[np.int64],
    log: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Exchange NIK and No KK of single records and of whole submissions, with their damage."""
    rates = world.settings.rates
    single = rng.random(rows.height) < rates.fault("kolom_tertukar")
    single[_block_hits(rng, block, rates.fault("blok_kolom_tertukar"))] = True
    at, before = np.flatnonzero(single), rows
    taken = pl.col("record").is_in(rows["record"].gather(at).implode())
    other_column = pl.col("column").replace({"nik": "nokk", "nokk": "nik"})
    log = log.with_columns(pl.when(taken).then(other_column).otherwise("column").alias("column"))
    for column, other in (("nik", "nokk"), ("nokk", "nik")):
        fault = Fault("kolom_tertukar", column, _from(before, other))
        rows, more = hit(rng, rows, fault, at)
        log = pl.concat([log, more])
    return rows, log


def _from(before: pl.DataFrame, column: str) -> Slip:
    return lambda rng, rows: before[column].gather(rows["record"])


def _forms(rng: np.random.Generator, world: World, listed: Listing, block: Ints) -> pl.Series:
    """Return the form of dates per record: one per submission, mostly one per kecamatan."""
    desa = world.households["desa"].to_numpy()[listed.home]
    kecamatan = world.places.kecamatan[desa] % 1_000
    usual = rng.choice(len(FORMS), 1_000, p=[0.3, 0.3, 0.25, 0.03, 0.07, 0.05])
    form = np.array(FORMS)[usual[kecamatan]]
    short = _block_hits(rng, block, world.settings.rates.fault("blok_tahun_dua_digit"))
    form[short] = TWO_DIGITS[0]
    return pl.Series(form.tolist())


def _drift(
    rng: np.random.Generator, world: World, rows: pl.DataFrame, listed: Listing
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Give families their old No KK and people listed under two NIKs their second one."""
    old = chance(listed.home, 41) < world.settings.rates.fault("nokk_lama")
    rows, first = hit(rng, rows, OLD_FAMILY_NUMBER, np.flatnonzero(old))
    rows, second = hit(rng, rows, SECOND_NUMBER, np.flatnonzero(listed.kind == OTHER_NIK))
    return rows, [first, second]


def _copies(
    written: pl.DataFrame, log: pl.DataFrame, listed: Listing
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows and log with exact copies made equal to what they copy."""
    copies = np.flatnonzero(listed.kind == EXACT)
    source = np.arange(written.height)
    source[copies] = listed.copy_of[copies]
    rows = written[source].with_columns(record=pl.int_range(pl.len(), dtype=pl.UInt32))
    pairs = pl.DataFrame({"record": pl.Series(listed.copy_of[copies], dtype=pl.UInt32),
                          "copy": pl.Series(copies, dtype=pl.UInt32)})  # fmt: skip
    own = log.filter(~pl.col("record").is_in(pairs["copy"].implode()))
    copied = own.join(pairs, on="record").select(pl.col("copy").alias("record"), "column", "fault")
    return rows, pl.concat([own, copied]).sort("record", "column", "fault")


def _visible(log: pl.DataFrame, written: pl.DataFrame, clean: pl.DataFrame) -> pl.DataFrame:
    """Return the log without cells that look undamaged in the end."""
    parts = []
    for column in log["column"].unique().sort():
        mine = log.filter(pl.col("column") == column)
        at = mine["record"]
        parts.append(mine.filter(written[column].gather(at).ne_missing(clean[column].gather(at))))
    return pl.concat([*parts, pl.DataFrame(schema=LOG)]).unique().sort("record", "column", "fault")


def register(world: World, events: Events) -> Register:
    """Return the register of a world."""
    rng, listed = stage_rng(world.settings, "kerusakan"), listing(world, events)
    desa = world.households["desa"].to_numpy()[listed.home]
    block = desa.astype(np.int64)
    filth = rng.lognormal(-0.18, 0.6, world.places.desa.height)[desa]
    clean = clean_records(world, listed, _forms(rng, world, listed, block))
    rows, log = _drift(rng, world, clean, listed)
    groups = (NUMBER_FAULTS, NAME_FAULTS, NAME_LOOKS, MOTHER_FAULTS, DATE_FAULTS, REST_FAULTS)
    for faults in groups:
        rows, more = damage(rng, rows, faults, world.settings.rates, filth)
        log += more
    second = rng.random(rows.height) < 0.12
    rows, more = damage(rng, rows, NAME_FAULTS[1:-1], world.settings.rates, filth * second)
    log += more
    rows, more = _damage_blocks(rng, world, rows, block)
    rows, logged = _exchange(rng, world, rows, block, pl.concat([*log, *more]))
    rows, logged = _copies(rows, logged, listed)
    written = rows.select("record", *FIELDS)
    return Register(listed, written, clean, _visible(logged, written, clean))
