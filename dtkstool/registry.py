"""The prepared civil registry: built once from Dukcapil's extracts, opened every month.

A registry is a folder of Parquet files: `persons` (`frames.REGISTRY`), `keys` (`link.keys.KEYS`
and `link.rarity.COUNTS`, row for row the same people), one dictionary a kind of word, and
`registry.json` with counts and the fingerprint of the extracts it was made from.
"""

import json
import os
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.errors import UnusableInput, Where
from dtkstool.frames import REGISTRY, conform
from dtkstool.link.attach import attached
from dtkstool.link.keys import Dictionaries, dictionaries, encode
from dtkstool.link.matching import match
from dtkstool.link.rarity import counted
from dtkstool.link.weights import Model

VERSION = 3
WORDS = ("tokens", "names", "mothers", "birthplaces")

STATUS_WORDS = {
    "meninggal": r"MATI|MENINGGAL|WAFAT|ALMARHUM|^ALM",
    "pindah_keluar": r"PINDAH",
    "tidak_aktif": r"TIDAK VALID|TIDAK AKTIF|NON ?AKTIF|HILANG|PERGI|BLOKIR|GANDA",
}
"""How SIAK and OpenSID write a status; OpenSID's codes are 2 mati, 3 pindah, 4 hilang, 6 pergi,
9 tidak valid (domain source: OpenSID status_dasar)."""
STATUS_CODES = {
    "2": "meninggal",
    "3": "pindah_keluar",
    **dict.fromkeys(("4", "6", "9"), "tidak_aktif"),
}
WITHIN = r"ANTAR ?(DESA|KEL|KEC)|DALAM (SATU |1 )?(DESA|KEL|KEC|KAB|KOTA)|^[12]$"
"""A move that stays inside the kabupaten, as registers classify it (OpenSID: 1 desa, 2 kec)."""
STATUS = ("status", "status_sumber")
GONE = ("meninggal", "pindah_keluar")


@dataclass(frozen=True)
class Registry:
    """A prepared registry folder."""

    folder: Path

    @cached_property
    def meta(self) -> dict[str, Any]:
        """What `registry.json` says: version, persons, fingerprint, inputs, events, built."""
        loaded: dict[str, Any] = json.loads((self.folder / "registry.json").read_text("utf-8"))
        return loaded

    @cached_property
    def keys(self) -> pl.DataFrame:
        """The integer keys (`link.keys.KEYS`) and `link.rarity.COUNTS`, one row per person."""
        return pl.read_parquet(self.folder / "keys.parquet").rechunk()

    @cached_property
    def words(self) -> Dictionaries:
        """The dictionaries of tokens, names, mothers and birthplaces."""
        frames = {name: pl.read_parquet(self.folder / f"{name}.parquet") for name in WORDS}
        return Dictionaries(**frames, persons=self.meta["persons"])

    def persons(self, wanted: pl.Series) -> pl.DataFrame:
        """Return the `frames.REGISTRY` rows of the persons in `wanted`, in order of person."""
        chosen = wanted.drop_nulls().unique().implode()
        scan = pl.scan_parquet(self.folder / "persons.parquet")
        return scan.filter(pl.col("person").is_in(chosen)).sort("person").collect()

    def names(self, wanted: pl.Series) -> pl.Series:
        """Return the names, as the registry writes them, of the persons in `wanted`, row by row."""
        stored = pl.scan_parquet(self.folder / "persons.parquet").select("nama_asal").collect()
        return stored["nama_asal"].gather(wanted)

    def households(self, nokk: pl.Series) -> pl.DataFrame:
        """Return the rows of everybody whose No KK is in `nokk`, in order of person."""
        chosen = nokk.drop_nulls().unique().implode()
        scan = pl.scan_parquet(self.folder / "persons.parquet")
        return scan.filter(pl.col("nokk").is_in(chosen)).sort("person").collect()


def open_registry(folder: Path) -> Registry:
    """Return the registry at `folder`; UnusableInput if none, of another version or damaged."""
    meta = folder / "registry.json"
    if not meta.is_file():
        raise UnusableInput("registry_missing", where=Where(file=str(folder)))
    registry = Registry(folder)
    try:
        version = registry.meta["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise UnusableInput("registry_damaged", where=Where(str(folder)), name=meta.name) from error
    if version != VERSION:
        raise UnusableInput("registry_version", where=Where(file=str(folder)))
    for name in ("persons", "keys", *WORDS):
        if not _is_whole(folder / f"{name}.parquet"):
            raise UnusableInput(
                "registry_damaged", where=Where(str(folder)), name=f"{name}.parquet"
            )
    return registry


def _is_whole(path: Path) -> bool:
    """Return whether a Parquet file is there and ends as one does."""
    if not path.is_file() or path.stat().st_size < 12:
        return False
    with path.open("rb") as file:
        file.seek(-4, os.SEEK_END)
        return file.read() == b"PAR1"


def biodata_status() -> tuple[pl.Expr, ...]:
    """Return status and its source as the biodata itself gives them (status_hidup_asal)."""
    typed = pl.col("status_hidup_asal").str.strip_chars().str.to_uppercase()
    status = typed.replace_strict(STATUS_CODES, default=None, return_dtype=pl.String)
    for name, pattern in STATUS_WORDS.items():
        status = pl.when(typed.str.contains(pattern)).then(pl.lit(name)).otherwise(status)
    return (
        status.fill_null("hidup").cast(REGISTRY["status"]).alias("status"),
        pl.lit("biodata").cast(REGISTRY["status_sumber"]).alias("status_sumber"),
    )


def persons(biodata: pl.LazyFrame) -> pl.DataFrame:
    """Return `frames.REGISTRY` from the cleaned biodata, before any event, in order of NIK."""
    nothing = {
        "status_tanggal": pl.lit(None, pl.Date),
        "status_bukti": pl.lit(None, pl.String),
        "tujuan": pl.lit(None, pl.String),
        "kode_desa_tujuan": pl.lit(None, pl.String),
    }
    kept = [name for name in REGISTRY if name not in {*nothing, *STATUS, "person"}]
    people = biodata.with_columns(*biodata_status(), **nothing).select(*kept, *nothing, *STATUS)
    ordered = _in_order(people.collect(), ["nik", "nokk", "nama_asal"])
    numbered = ordered.with_columns(person=pl.int_range(pl.len(), dtype=pl.UInt32))
    return conform(numbered.select(REGISTRY.keys()), REGISTRY, "registry")


def _in_order(df: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return `df` sorted, nulls last, taking its columns from it one by one.

    A sort holds the whole of a table twice, which for a province is more than an office has.
    """
    order = df.select(pl.arg_sort_by(by, nulls_last=True, maintain_order=True)).to_series()
    names = df.columns
    return pl.DataFrame([df.drop_in_place(name).gather(order) for name in names])


def event_status(kind: str, home: str) -> pl.Expr:
    """Return what an event of a register makes of a person: meninggal, pindah_… or hidup.

    `kind` is kematian, pindah or datang; `home` the kabupaten (4 digits) the registry is of. A
    move stays inside when its destination code does, or the register says so. Who arrives lives
    where the arrival says, which is a move inside until the biodata shows it.
    """
    if kind == "kematian":
        return pl.lit("meninggal")
    if kind == "datang":
        settled = pl.col("kode_desa").str.slice(0, 4) == home
        return pl.when(settled).then(pl.lit("pindah_dalam")).otherwise(pl.lit("hidup"))
    said = pl.col("jenis_peristiwa_asal").str.strip_chars().str.to_uppercase().str.contains(WITHIN)
    coded = pl.col("kode_desa_tujuan").str.slice(0, 4) == home
    inside = pl.coalesce(coded, said, pl.lit(False))
    return pl.when(inside).then(pl.lit("pindah_dalam")).otherwise(pl.lit("pindah_keluar"))


def events(kind: str, register: pl.DataFrame, whose: pl.DataFrame, home: str) -> pl.DataFrame:
    """Return person, status, status_tanggal, status_bukti, status_sumber, tujuan, kode_desa_tujuan.

    One row per event whose person was found; `whose` is what `link.attach.attached` found. An
    event that is not the person's by its own NIK, or has neither date nor number, is marked as the
    weaker evidence: it will be looked at, never acted on.
    """
    dated = pl.col("tanggal_peristiwa").is_not_null()
    documented = dated | pl.col("no_peristiwa_asal").str.contains(r"\d").fill_null(False)
    strong = pl.col("by_nik") & documented
    source = pl.when(strong).then(pl.lit("register_nik")).otherwise(pl.lit("register_nama"))
    words = ["alamat_tujuan_asal", "desa_tujuan_asal", "kecamatan_tujuan_asal",
             "kabupaten_tujuan_asal", "provinsi_tujuan_asal"]  # fmt: skip
    return register.join(whose, on="record").select(
        "person",
        status=event_status(kind, home).cast(REGISTRY["status"]),
        status_tanggal="tanggal_peristiwa",
        status_bukti="no_peristiwa_asal",
        status_sumber=source.cast(REGISTRY["status_sumber"]),
        tujuan=pl.concat_str(words, separator=", ", ignore_nulls=True).replace("", None),
        kode_desa_tujuan="kode_desa" if kind == "datang" else "kode_desa_tujuan",
    )


def with_latest_events(people: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """Return the people with each one's latest event as status.

    An undated event is the oldest; on one day a death outranks the rest, whoever arrives or moves
    within has not left, and evidence by NIK outranks evidence by name. One dies once: where the own
    NIK or the biodata say so, an entry by name that tells of a death or a departure is some
    namesake's, or the same death entered again. A move inside the kabupaten that the biodata
    already shows is over.
    """
    order = {"meninggal": 0, "pindah_dalam": 1, "hidup": 2, "pindah_keluar": 3, "tidak_aktif": 4}
    left = pl.col("status").is_in(GONE)
    latest = (
        happened.with_columns(
            rank=pl.col("status").replace_strict(order, return_dtype=pl.UInt8),
            by_name=pl.col("status_sumber") == "register_nama",
        )
        .filter(~(pl.col("by_name") & left & _died().any().over("person")))
        .sort(
            ["person", "status_tanggal", "rank", "by_name", "status_bukti"],
            descending=[False, True, False, False, False],
            nulls_last=True,
        )
        .unique("person", keep="first", maintain_order=True)
        .drop("rank", "by_name")
    )
    seen = people.select("person").join(latest, on="person", how="left", maintain_order="left")
    dead = (people["status"] == "meninggal") & (seen["status_sumber"] == "register_nama")
    again = dead & seen["status"].is_in(GONE)
    has_event = seen["status"].is_not_null() & ~again.fill_null(False)
    # Only these columns are made anew: the rest of the people is shared, not copied.
    merged = people.with_columns(
        seen[name].zip_with(has_event, people[name]) for name in latest.columns if name != "person"
    )
    arrived = (pl.col("status") == "pindah_dalam") & pl.col("kode_desa").str.starts_with(
        pl.col("kode_desa_tujuan")
    )
    return merged.with_columns(
        status=pl.when(arrived).then(pl.lit("hidup", REGISTRY["status"])).otherwise("status")
    ).select(REGISTRY.keys())


def _died() -> pl.Expr:
    return (pl.col("status") == "meninggal") & (pl.col("status_sumber") == "register_nik")


def home_of(people: pl.DataFrame) -> str:
    """Return the kabupaten (4 digits) most of the people live in; "" if none is known."""
    codes = people["kode_kecamatan"].drop_nulls().str.slice(0, 4)
    return str(codes.mode().sort().first()) if len(codes) else ""


def build(
    people: pl.DataFrame, registers: dict[str, list[pl.DataFrame]], model: Model
) -> tuple[pl.DataFrame, pl.DataFrame, Dictionaries, dict[str, Any]]:
    """Return persons, keys, dictionaries and event counts of a new registry.

    `people` are what `persons` gives; `registers` has the cleaned event registers by kind
    (kematian, pindah, datang), each with tanggal_peristiwa, kode_desa_tujuan and alias_folk.
    """
    words = dictionaries(people)
    keys = counted(encode(people, words))
    home = home_of(people)
    happened: list[pl.DataFrame] = []
    counts: dict[str, tuple[int, int]] = {}
    for kind, frames in registers.items():
        for register in frames:
            found = match(register, keys, words, replace(model, absent=1.0))
            whose = attached(register, found, keys, words, model)
            linked = events(kind, register, whose, home)
            happened.append(linked)
            total, known = counts.get(kind, (0, 0))
            counts[kind] = (total + register.height, known + linked.height)
    if happened:
        people = with_latest_events(people, pl.concat(happened))
    return people, keys, words, {"home": home, "events": counts}


def save(
    folder: Path,
    people: pl.DataFrame,
    keys: pl.DataFrame,
    words: Dictionaries,
    meta: dict[str, Any],
) -> None:
    """Write a registry folder; `registry.json` last, so that a half-written one does not open."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "registry.json").unlink(missing_ok=True)
    people.write_parquet(folder / "persons.parquet", compression="lz4", statistics=True)
    keys.write_parquet(
        folder / "keys.parquet", compression="lz4", row_group_size=max(keys.height, 1)
    )
    for name in WORDS:
        getattr(words, name).write_parquet(folder / f"{name}.parquet")
    whole = {"version": VERSION, "persons": people.height, **meta}
    (folder / "registry.json").write_text(json.dumps(whole, indent=2, sort_keys=True), "utf-8")
