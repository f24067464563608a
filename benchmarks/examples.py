"""Print what a run got wrong on a world: false and missed links, deaths, removals, duplicates.

    python benchmarks/examples.py WORLD RUN REGISTRY [--most 10]

Each example shows the record as the world's truth has it (as written, for `otherworld.py`), the
registry person it was linked to, and the person it should have been. Made-up people only: this
prints whole names and NIKs.
"""

import argparse
from pathlib import Path

import polars as pl
from judge import AUTOMATIC, GONE, joined, moved, pairs

WRITTEN = ("nik", "nokk", "nama", "tanggal_lahir", "nama_ibu")
PERSON = ("nik", "nokk", "nama_asal", "tanggal_lahir", "nama_ibu_asal", "hubungan", "kode_desa")


def cases(df: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the records that went wrong, by how."""
    verdict = pl.col("verdict").cast(pl.String)
    right = pl.col("in_registry") & pl.col("linked").eq_missing(pl.col("nik_benar"))
    linked, found = pl.col("linked").is_not_null(), pl.col("flags").list.contains
    reported = pl.col("in_registry") & (pl.col("reported") != "tidak")
    truth = pl.col("status_benar")
    entitled = ~truth.is_in(["meninggal", "pindah_keluar"])
    gone = pl.col("action").is_in(GONE)
    lost = df.filter(entitled).group_by("person").agg(lost=gone.all()).filter("lost")
    return {
        "linked automatically to somebody else": df.filter(
            verdict.is_in(AUTOMATIC) & linked & ~right
        ),
        "shown for review with somebody else": df.filter((verdict == "tinjau") & linked & ~right),
        "in the registry and not found": df.filter(pl.col("in_registry") & ~linked),
        "found but not automatically, at most one fault": df.filter(
            (verdict == "tinjau") & right & (pl.col("corruptions").list.len() <= 1)
        ),
        "living people flagged dead": df.filter(
            found(pl.lit("meninggal")) & (truth != "meninggal")
        ),
        "reported deaths not flagged": df.filter(
            reported & (truth == "meninggal") & ~found(pl.lit("meninggal"))
        ),
        "flagged as moved away, wrongly": df.filter(
            found(pl.lit("pindah_keluar")) & (truth != "pindah_keluar")
        ),
        "reported moves away not flagged": df.filter(
            reported & (truth == "pindah_keluar") & ~found(pl.lit("pindah_keluar"))
        ),
        "flagged as moved inside, wrongly": df.filter(
            found(pl.lit("pindah_dalam")) & ~pl.col("elsewhere")
        ),
        "reported moves inside not flagged": df.filter(
            reported
            & (truth == "pindah_dalam")
            & pl.col("elsewhere")
            & ~found(pl.lit("pindah_dalam"))
        ),
        "declared gone though entitled": df.filter(gone & entitled & (pl.col("status") != "ganda")),
        "people left without a record": df.join(lost, on="person", how="semi"),
    }


def described(row: dict, people: dict[str, dict]) -> str:
    """Return one example."""
    lines = [
        f"  {row['source_file']} {row['sheet']} {row['row']}: {row['verdict']} by {row['pass']}, "
        f"weight {row['weight']}, margin {row['margin']}; {row['status']}, {row['action']}; "
        f"{', '.join(row['corruptions'])}",
        f"    list     {line(row, WRITTEN)}",
    ]
    if row["linked"]:
        lines.append(f"    linked   {line(people.get(row['linked'], {}), PERSON)}")
    if row["linked"] != row["nik_benar"]:
        lines.append(f"    truth    {line(people.get(row['nik_benar'], {}), PERSON)}")
    return "\n".join([*lines, f"    evidence {row['evidence']}"])


def line(row: dict, names: tuple[str, ...]) -> str:
    """Return the values of a row, `-` where there is none."""
    return " | ".join(str(row.get(name) or "-") for name in names)


def main() -> None:
    """Print the examples."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    for name in ("world", "run", "registry"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--most", type=int, default=10, help="examples of each kind")
    options = parser.parse_args()
    df = moved(joined(options.world, options.run))
    df = df.filter(pl.col("record_id").is_not_null() & pl.col("record").is_not_null())
    wanted = pl.concat([df["linked"], df["nik_benar"]]).drop_nulls().unique()
    registry = pl.scan_parquet(options.registry / "persons.parquet").select(PERSON)
    persons = registry.filter(pl.col("nik").is_in(wanted.implode())).collect()
    people = {row["nik"]: row for row in persons.iter_rows(named=True)}
    for name, wrong in cases(df).items():
        print(f"\n{name}: {wrong.height}")
        for row in wrong.head(options.most).iter_rows(named=True):
            print(described(row, people))
    real, said = pairs(df, "duplicate_group"), pairs(df, "group_id")
    rows = {row["record"]: row for row in df.iter_rows(named=True)}
    for name, wrong in (("duplicates missed", real - said), ("not duplicates", said - real)):
        print(f"\n{name}: {len(wrong)}")
        for pair in sorted(wrong)[: options.most]:
            print("\n".join(described(rows[record], people) for record in pair), end="\n\n")


if __name__ == "__main__":
    main()
