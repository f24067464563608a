"""A second world, made differently from `dtkstool sample`, so that quality rests on two generators.

    python benchmarks/otherworld.py OUT [--records 20000] [--persons 300000] [--seed 7]
                                        [--kabupaten 7306] [--dirtiness 1]

Written from what field files look like, not from the sample's code: names of Sulawesi with a long
tail, careful and careless desa (errors come in clusters), five file layouts with headers of their
own, whole files with damaged NIKs, 31-12 birth dates in heaps, a death register with the
reporter's NIK in the NIK column. The truth folder has the columns `judge.py` reads.
"""

import argparse
import datetime as dt
import random
from pathlib import Path

import polars as pl
from otherfiles import write_dtks, write_registry
from otherpeople import TODAY, World


def fate(world: World, person: dict) -> None:
    """Let a person of the list die, move away or inside, or live on; most of it is reported."""
    rng = world.rng
    status = rng.choices(("hidup", "meninggal", "pindah_keluar", "pindah_dalam"), (90, 4, 3, 3))[0]
    person["status"] = status
    if status == "pindah_dalam":
        person["asal"] = {key: person[key] for key in ("kode", "desa", "kecamatan", "kk")}
        person |= dict(zip(("kode", "desa", "kecamatan"), rng.choice(world.desa), strict=True))
        person["kk"] = world.number(person["kode"], dt.date(2023, 5, rng.randint(1, 28)), False)
        person["reported"] = "biodata"
    elif status != "hidup" and rng.random() < 0.85:
        person["reported"] = "register"
        since_birth = (TODAY - person["lahir"]).days
        person["pada"] = TODAY - dt.timedelta(days=min(rng.randrange(30, 1500), since_birth))
        person["kembali"] = status == "pindah_keluar" and rng.random() < 0.08
        if person["kembali"]:
            person["status"] = "hidup"


def doubles(world: World, family: list[dict], person: dict) -> list[dict]:
    """Return the record of a person, and now and then one more of another list."""
    rng = world.rng
    then = person | person.get("asal", {}) | {"truth": person}
    records = [world.record(then, family)]
    if rng.random() < 0.03:
        kind = rng.choice(("sama", "lintas", "tanpa_nik", "lain"))
        again = dict(records[0]) if kind == "sama" else world.record(then, family, 2.0)
        if kind == "lintas":
            again |= dict(zip(("kode", "desa", "kecamatan"), rng.choice(world.desa), strict=True))
        if kind == "tanpa_nik":
            again |= {"nik": "", "corruptions": [*again["corruptions"], "nik_kosong"]}
        records.append(again | {"kind": kind})
        for row in records:
            row["group"] = person["person"]
    return records


def populate(world: World, persons: int, records: int) -> list[dict]:
    """Fill a world with families and return the records of those on the list."""
    listed: list[dict] = []
    while len(world.people) < persons:
        family = world.household()
        if len(listed) < records and world.rng.random() < 1.25 * records / persons:
            for person in family:
                fate(world, person)
                person["in_registry"] = world.rng.random() > 0.025
            for person in family:
                listed += doubles(world, family, person)
    return listed


def truth_row(row: dict) -> dict:
    """Return the truth of one record, as `judge.py` reads it."""
    person = row["truth"]
    return {
        "record": row["record"],
        "person": person["person"],
        "nik_benar": person["nik"],
        "in_registry": person["in_registry"],
        "status_benar": person["status"],
        "reported": "tidak" if person.get("kembali") else person["reported"],
        "duplicate_group": row.get("group"),
        "duplicate_kind": row.get("kind", ""),
        "kode_kecamatan": row["kode"][:6],
        "kode_desa": row["kode"],
        "kode_desa_dukcapil": person["truth"]["kode"],
        "corruptions": row["corruptions"],
        "nama_benar": person["nama"],
        **{
            key: row[key]
            for key in ("nik", "nama", "jk", "hubungan", "source_file", "sheet", "row")
        },
        **{"id_dtks": row["id_dtks"], "nokk": row["kk"], "nama_ibu": row["ibu"]},
        "tanggal_lahir": row["lahir"],
    }


def places(kabupaten: str) -> list[tuple[str, str, str]]:
    """Return code, desa and kecamatan of every desa of a kabupaten, by today's region table."""
    table = Path(__file__).parents[1] / "dtkstool" / "data" / "wilayah.parquet"
    names = dict(pl.read_parquet(table).filter(pl.col("code").str.starts_with(kabupaten)).rows())
    return [(code, name, names[code[:6]]) for code, name in names.items() if len(code) == 10]


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--persons", type=int, default=300_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kabupaten", default="7306")
    parser.add_argument("--dirtiness", type=float, default=1.0)
    return parser.parse_args()


def main() -> None:
    """Make the world."""
    options = arguments()
    rng = random.Random(options.seed)
    world = World(rng, places(options.kabupaten), options.dirtiness)
    listed = populate(world, options.persons, options.records)
    for folder in ("dtks", "registry", "truth"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    write_dtks(rng, listed, options.out / "dtks")
    write_registry(rng, world, options.out / "registry")
    truth = pl.DataFrame(map(truth_row, listed), infer_schema_length=None)
    truth.write_parquet(options.out / "truth" / "records.parquet")
    print(f"{len(listed)} records of {len(world.people)} persons in {options.out}")


if __name__ == "__main__":
    main()
