"""Judge a run against the truth of a sample world.

    python benchmarks/judge.py WORLD RUN

WORLD is a folder of `dtkstool sample`, RUN the `--out` of `dtkstool run` on it. Prints reading,
links, deaths, moves, duplicates and false removals; `--json` prints the same as one document.
"""

import argparse
import json
from pathlib import Path

import polars as pl

AUTOMATIC = ["padan", "padan_perbaikan"]
GONE = ["hapus", "ganti"]


def joined(world: Path, run: Path) -> pl.DataFrame:
    """Return one row per record of the truth with what the run said of it."""
    truth = pl.read_parquet(world / "truth" / "records.parquet")
    place = ["source_file", "sheet", "row"]
    decisions = pl.read_parquet(run / "decisions.parquet").with_columns(
        pl.col("source_file").str.split("dtks/").list.last()
    )
    links = pl.read_parquet(run / "links.parquet").select(
        "record_id", "verdict", "weight", "margin", "pass", linked="nik_dukcapil"
    )
    groups = pl.read_parquet(run / "duplicates.parquet").select("record_id", "group_id", "keep")
    return (
        truth.join(decisions.drop("id_dtks", "probability"), on=place, how="full", coalesce=True)
        .join(links, on="record_id", how="left")
        .join(groups, on="record_id", how="left")
    )


def ratio(part: int, whole: int) -> float | None:
    """Return a share, or None of nothing."""
    return round(part / whole, 6) if whole else None


def precision_recall(true: int, said: int, real: int) -> dict[str, float | int | None]:
    """Return precision and recall with the counts behind them."""
    precision, recall = ratio(true, said), ratio(true, real)
    f1 = 2 * true / (said + real) if said + real else None
    return {
        "precision": precision,
        "recall": recall,
        "f1": f1 and round(f1, 6),
        "said": said,
        "real": real,
    }


def links(df: pl.DataFrame, verdicts: list[str]) -> dict[str, float | int | None]:
    """Judge the links with one of `verdicts`: the right person, or a wrong one."""
    said = df.filter(pl.col("verdict").is_in(verdicts) & pl.col("linked").is_not_null())
    true = said.filter(pl.col("linked") == pl.col("nik_benar")).height
    return precision_recall(true, said.height, df.filter("in_registry").height)


def status(df: pl.DataFrame, name: str) -> dict[str, dict[str, float | int | None]]:
    """Judge one status over the people whose death or move the registry reports."""
    real = (
        (pl.col("status_benar") == name) & (pl.col("reported") != "tidak") & pl.col("in_registry")
    )
    flagged = pl.col("flags").list.contains(pl.lit(name))
    removed = (pl.col("status") == name) & pl.col("action").is_in(GONE)
    return {
        "flagged": precision_recall(
            df.filter(real & flagged).height, df.filter(flagged).height, df.filter(real).height
        ),
        "removal": precision_recall(
            df.filter((pl.col("status_benar") == name) & removed).height,
            df.filter(removed).height,
            df.filter(real).height,
        ),
    }


def pairs(df: pl.DataFrame, group: str) -> set[tuple[int, int]]:
    """Return the pairs of records that share a group."""
    listed = df.filter(pl.col(group).is_not_null()).group_by(group).agg(pl.col("record").sort())
    return {
        (a, b) for rows in listed["record"] for i, a in enumerate(rows) for b in list(rows)[i + 1 :]
    }


def duplicates(df: pl.DataFrame) -> dict[str, float | int | None]:
    """Judge duplicate pairs."""
    real, said = pairs(df, "duplicate_group"), pairs(df, "group_id")
    return precision_recall(len(real & said), len(said), len(real))


def false_removals(df: pl.DataFrame) -> dict[str, int]:
    """Count removals of the living: records, and people left without any record."""
    removed = pl.col("action").is_in(GONE)
    entitled = ~pl.col("status_benar").is_in(["meninggal", "pindah_keluar"])
    alive = df.filter(entitled & pl.col("person").is_not_null())
    people = alive.group_by("person").agg(lost=removed.all())
    wrong = df.filter(removed & entitled & (pl.col("status") != "ganda")).height
    return {"records_declared_gone": wrong, "people_without_any_record": int(people["lost"].sum())}


def kecamatan(df: pl.DataFrame) -> dict[str, float | None]:
    """Judge the resolved kecamatan."""
    known = df.filter(pl.col("kecamatan").is_not_null())
    right = known.filter(pl.col("kecamatan") == pl.col("kode_kecamatan")).height
    return {"resolved": ratio(known.height, df.height), "right": ratio(right, known.height)}


def judge(world: Path, run: Path) -> dict[str, object]:
    """Return every figure of a run on a world."""
    df = joined(world, run)
    read = df.filter(pl.col("record_id").is_not_null() & pl.col("record").is_not_null())
    return {
        "records": {
            "truth": df["record"].drop_nulls().len(),
            "read": read.height,
            "extra": df.filter(pl.col("record").is_null()).height,
        },
        "kecamatan": kecamatan(read),
        "automatic": links(read, AUTOMATIC),
        "with_review": links(read, [*AUTOMATIC, "tinjau"]),
        "deaths": status(read, "meninggal"),
        "moves_out": status(read, "pindah_keluar"),
        "moves_inside": status(read, "pindah_dalam"),
        "duplicates": duplicates(read),
        "false_removals": false_removals(read),
    }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("world", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = judge(options.world, options.run)
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    for name, value in figures.items():
        print(f"{name:15} {value}")


if __name__ == "__main__":
    main()
