"""The world of the simulated year: people, the register's lines, what happens between months.

Everything is text as it stands in files, kept here and not read back from any result of the tool,
so that it can be held against them. A line keeps its number (`UID`, a column the tool does not
know) as long as it stands in the register.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from year_text import numbered, rows

UID = "NO_SISTEM"
FIELDS = {
    "nik": "NIK", "nokk": "NOKK", "nama": "NAMA", "tanggal_lahir": "TANGGAL_LAHIR",
    "jenis_kelamin": "JENIS_KELAMIN", "nama_ibu": "NAMA_IBU", "desa": "DESA",
    "kecamatan": "KECAMATAN",
}  # fmt: skip
"""Fields the tool proposes changes for, and their columns."""
EVENTS = ("kematian", "pindah", "datang")


@dataclass
class Person:
    """Somebody, as they are; `nik` is empty for whoever the civil registry does not know."""

    nik: str
    nokk: str
    nama: str
    lahir: str
    """dd-mm-yyyy."""
    jk: str
    ibu: str
    status: str = "hidup"
    """hidup, meninggal, pindah_keluar, pindah_dalam."""

    @property
    def gone(self) -> bool:
        """Whether they should be on no list any more."""
        return self.status in ("meninggal", "pindah_keluar")

    def fact(self, name: str) -> str | None:
        """Return the true value of one of FIELDS, None where the clerk takes the tool's word."""
        return {
            "nik": self.nik, "nokk": self.nokk, "nama": self.nama, "tanggal_lahir": self.lahir,
            "jenis_kelamin": self.jk,
        }.get(name) or None  # fmt: skip


@dataclass
class Line:
    """One line of the register."""

    uid: str
    who: str
    """Key into `World.people`."""
    file: str
    cells: dict[str, str]


@dataclass
class Rates:
    """What happens in a month, as shares."""

    died: float = 0.003
    left: float = 0.002
    moved: float = 0.002
    arrived: float = 0.006
    reported: float = 0.85
    """Of deaths and departures: entered in the civil registry."""
    relapsed: float = 0.05
    """Of the cells repaired this month: broken again by the central system."""
    returned: float = 0.01
    """Of the lines removed this month: back in the next export."""
    broken: float = 0.002
    """Of the lines: a NIK that loses its last digit."""


@dataclass
class World:
    """The register and the civil registry, month by month."""

    columns: list[str]
    lines: list[Line]
    people: dict[str, Person]
    by_nik: dict[str, str]
    biodata: dict[str, dict[str, str]]
    """NIK → row of the biodata extract."""
    events: dict[str, list[dict[str, str]]]
    chance: random.Random
    without_ids: str
    """File whose lines have no ID DTKS; empty for none."""
    rates: Rates = field(default_factory=Rates)
    born: int = 0

    def person(self, line: Line) -> Person:
        """Return who a line is about."""
        return self.people[line.who]

    def next_uid(self) -> str:
        """Return a line number that was never used."""
        self.born += 1
        return f"S{self.born:07}"


def opened(sample: Path, seed: int) -> World:
    """Return the world that `dtkstool sample --preset kabupaten` wrote into a folder."""
    truth = pl.read_parquet(sample / "truth" / "records.parquet")
    files = sorted((sample / "dtks").glob("*.csv"))
    cells = {path.name: dict(numbered(path)) for path in files}
    columns = [*next(iter(cells[files[0].name].values())), UID]
    people, by_nik = _people(truth)
    world = World(
        columns, [], people, by_nik, _biodata(sample / "registry"),
        {name: list(rows(sample / "registry" / f"{name}.csv")) for name in EVENTS},
        random.Random(seed), files[0].name if len(files) > 1 else "",
    )  # fmt: skip
    for name, row, person in truth.select("source_file", "row", "person").iter_rows():
        file = Path(name).name
        line = Line(world.next_uid(), f"p{person}", file, dict(cells[file][row]))
        if file == world.without_ids:
            line.cells["ID_DTKS"] = ""
        line.cells[UID] = line.uid
        world.lines.append(line)
    return world


def _people(truth: pl.DataFrame) -> tuple[dict[str, Person], dict[str, str]]:
    wanted = ["person", "nik", "nokk", "nama", "tanggal_lahir", "jenis_kelamin", "nama_ibu",
              "status_benar", "nik_benar"]  # fmt: skip
    people, by_nik = {}, {}
    for person, nik, nokk, nama, lahir, jk, ibu, status, known in truth.select(wanted).iter_rows():
        born = lahir.strftime("%d-%m-%Y")
        people[f"p{person}"] = Person(nik, nokk, nama, born, jk, ibu or "", status)
        if known:
            by_nik[known] = f"p{person}"
    return people, by_nik


def _biodata(folder: Path) -> dict[str, dict[str, str]]:
    return {
        row["NIK"].strip(): {key: value.strip() for key, value in row.items()}
        for path in sorted(folder.glob("biodata*.csv"))
        for row in rows(path)
        if row["NIK"].strip().isdigit()
    }


def somebody(world: World, nik: str) -> str:
    """Return the key of whoever has a NIK in the civil registry; new people become known here."""
    if nik in world.by_nik:
        return world.by_nik[nik]
    row = world.biodata[nik]
    key = f"r{nik}"
    sex = "L" if row["JENIS_KLMIN"] == "1" else "P"
    world.people[key] = Person(
        nik, row["NO_KK"], row["NAMA_LGKP"], row["TGL_LHR"], sex, row["NAMA_LGKP_IBU"]
    )
    world.by_nik[nik] = key
    return key


def happen(world: World, month: date) -> dict[str, int]:
    """Let a month pass: deaths, departures, moves, arrivals; return how many of each."""
    chance, rates = world.chance, world.rates
    alive = [line for line in world.lines if not world.person(line).gone]
    counts = dict.fromkeys(("died", "left", "moved", "arrived"), 0)
    for line in alive:
        person, fate = world.person(line), chance.random()
        if person.gone:
            continue
        if fate < rates.died:
            person.status = "meninggal"
            counts["died"] += 1
            _enter(world, "kematian", _death(world, person, month))
        elif fate < rates.died + rates.left:
            person.status = "pindah_keluar"
            counts["left"] += 1
            _enter(world, "pindah", _departure(world, person, month))
        elif fate < rates.died + rates.left + rates.moved and person.nik in world.biodata:
            counts["moved"] += 1
            _move(world, person)
    counts["arrived"] = _arrive(world, round(rates.arrived * len(alive)))
    return counts


def _enter(world: World, register: str, entry: dict[str, str]) -> None:
    if world.chance.random() < world.rates.reported:
        head = world.events[register][0]
        world.events[register].append({key: entry.get(key, "") for key in head})


def _day(world: World, month: date) -> str:
    return f"{month - timedelta(days=world.chance.randrange(1, 28)):%d-%m-%Y}"


def _home(world: World, person: Person) -> dict[str, str]:
    row = world.biodata.get(person.nik, {})
    return {key: row.get(key, "") for key in ("NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL")}


def _death(world: World, person: Person, month: date) -> dict[str, str]:
    nik = person.nik if world.chance.random() < 0.85 else ""
    return {
        "NO_AKTA_MATI": f"KM-{month:%Y%m}-{world.chance.randrange(10**6):06}", "NIK_JNSAH": nik,
        "NAMA_JNSAH": person.nama, "JENIS_KLMIN": "1" if person.jk == "L" else "2",
        "TGL_LHR": person.lahir, "TGL_MATI": _day(world, month), "NAMA_LGKP_IBU": person.ibu,
    } | _home(world, person)  # fmt: skip


def _departure(world: World, person: Person, month: date) -> dict[str, str]:
    return {
        "NO_PINDAH": f"SKPWNI/{month:%Y%m}/{world.chance.randrange(10**6):06}", "NIK": person.nik,
        "NO_KK": person.nokk, "NAMA_LGKP": person.nama, "TGL_LHR": person.lahir,
        "JENIS_KLMIN": "1" if person.jk == "L" else "2", "TGL_PINDAH": _day(world, month),
        "KLASIFIKASI_PINDAH": "ANTAR PROVINSI", "ALASAN_PINDAH": "PEKERJAAN",
        "PROP_TUJUAN": "SULAWESI SELATAN", "KAB_TUJUAN": "KABUPATEN LUWU",
    } | _home(world, person)  # fmt: skip


def _move(world: World, person: Person) -> None:
    """Let somebody join another household of the kabupaten."""
    host = world.chance.choice(list(world.biodata.values()))
    home = ("NO_KK", "ALAMAT", "NO_RT", "NO_RW", "DUSUN", "NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL")
    world.biodata[person.nik] |= {key: host[key] for key in home if key in host}
    person.nokk = host["NO_KK"]


def _arrive(world: World, count: int) -> int:
    """Add lines for people who were on no list, one in five with a damaged NIK."""
    listed = {world.person(line).nik for line in world.lines}
    free = sorted(set(world.biodata) - listed)
    model = {line.file: line for line in world.lines}
    for nik in world.chance.sample(free, min(count, len(free))):
        who = somebody(world, nik)
        person = world.people[who]
        if person.gone:
            continue
        like = world.chance.choice(list(model.values()))
        cells = dict.fromkeys(world.columns, "") | {
            name: like.cells[name]
            for name in ("KODE_WILAYAH", "PROVINSI", "KABUPATEN", "KECAMATAN", "DESA")
        }
        written = nik if world.chance.random() > 0.2 else nik[:-1] + "0"
        cells |= {
            "NIK": written, "NOKK": person.nokk, "NAMA": person.nama, "NAMA_IBU": person.ibu,
            "TANGGAL_LAHIR": person.lahir, "JENIS_KELAMIN": person.jk, "HUBUNGAN": "LAINNYA",
        }  # fmt: skip
        add(world, Line(world.next_uid(), who, like.file, cells))
    return count


def add(world: World, line: Line) -> None:
    """Put a line at the end of its file, with an ID DTKS where its file has them."""
    line.cells[UID] = line.uid
    if line.file != world.without_ids and not line.cells["ID_DTKS"]:
        line.cells["ID_DTKS"] = f"N{line.uid}"
    world.lines.append(line)
