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
ACTED = {"meninggal": GONE, "pindah_keluar": GONE, "pindah_dalam": ["ubah"]}


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


def moved(df: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with `elsewhere`: the registry has the person, and at another desa.

    Not where another record of the person stands at the registry's desa: that is a duplicate. An
    unreported death or departure changes nothing about what the registry shows.
    """
    if "kode_desa_dukcapil" not in df.columns:
        return df.with_columns(elsewhere=pl.col("status_benar") == "pindah_dalam")
    away = pl.col("kode_desa") != pl.col("kode_desa_dukcapil")
    gone = pl.col("status_benar").is_in(["meninggal", "pindah_keluar"])
    reported = pl.col("reported") != "tidak"
    return df.with_columns(
        elsewhere=pl.col("in_registry") & away.all().over("person") & ~(gone & reported)
    )


def status(df: pl.DataFrame, name: str) -> dict[str, dict[str, float | int | None]]:
    """Judge one status, flagged at any strength and acted upon.

    Recall is over what the registry reports; a move inside the kabupaten, only where it left
    records behind in another desa. Precision is over what is so, reported or not: whoever is
    flagged dead and is dead, is right.
    """
    so = pl.col("elsewhere") if name == "pindah_dalam" else pl.col("status_benar") == name
    real = pl.col("in_registry") & (pl.col("reported") != "tidak")
    real &= pl.col("status_benar") == name
    if name == "pindah_dalam":
        real &= so
    flagged = pl.col("flags").list.contains(pl.lit(name))
    acted = (pl.col("status") == name) & pl.col("action").is_in(ACTED[name])
    return {
        kind: told(df, said, so, real) for kind, said in (("flagged", flagged), ("removal", acted))
    }


def told(
    df: pl.DataFrame, said: pl.Expr, so: pl.Expr, real: pl.Expr
) -> dict[str, float | int | None]:
    """Return precision of `said` over what is `so`, recall over what is `real`."""
    right, flagged = df.filter(said & so).height, df.filter(said).height
    found, wanted = df.filter(said & real).height, df.filter(real).height
    return {
        "precision": ratio(right, flagged),
        "recall": ratio(found, wanted),
        "said": flagged,
        "wrong": flagged - right,
        "real": wanted,
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


def estimated(df: pl.DataFrame, run: Path) -> dict[str, dict[str, float | int | None]]:
    """Judge the label-free estimates of `run.json`: expected beside true, of all, by kecamatan.

    `within` is the calibration: the share of kecamatan whose true count lies no further from the
    expected one than two Poisson deviations (95 of 100 where the estimates are right).
    """
    told = json.loads((run / "run.json").read_text("utf-8"))["estimates"]
    linked, verdict = pl.col("linked").is_not_null(), pl.col("verdict").cast(pl.String)
    right = linked & (pl.col("linked") == pl.col("nik_benar")).fill_null(False)
    true = {
        "false_links": verdict.is_in(AUTOMATIC) & ~right,
        "waiting": (verdict == "tinjau") & right,
        "missed": (verdict == "tidak_ditemukan") & pl.col("in_registry"),
    }
    counted = df.group_by(pl.col("kecamatan").fill_null("")).agg(
        says.sum().alias(name) for name, says in true.items()
    )
    found = {row.pop("kecamatan"): row for row in counted.to_dicts()}
    pairs = [(part, found.get(code, {})) for code, part in told["kecamatan"].items()]
    figures = {}
    for name in true:
        each = [(part[name], real.get(name, 0)) for part, real in pairs]
        within = [abs(said - real) <= 2 * max(said, 1) ** 0.5 for said, real in each]
        figures[name] = {
            "expected": told["all"][name],
            "true": sum(real for _, real in each),
            "kecamatan": len(each),
            "mean_error": round(sum(abs(a - b) for a, b in each) / max(len(each), 1), 3),
            "within": ratio(sum(within), len(within)),
        }
    return figures


def judge(world: Path, run: Path) -> dict[str, object]:
    """Return every figure of a run on a world."""
    df = moved(joined(world, run))
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
        "estimated": estimated(read, run),
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
