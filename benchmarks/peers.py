"""dtkstool, Splink 5 and recordlinkage on the same standardised files, in one go.

    python -m venv peers && peers/bin/pip install -r benchmarks/requirements-peers.txt
    python benchmarks/peers.py WORLD [WORLD …] --python peers/bin/python

WORLD is a folder of `dtkstool sample`. The registry is prepared and both sides are standardised
once by dtkstool and exported as Parquet; every tool then links from there, each in a process of
its own. Splink's total is its own preparation, training and prediction; dtkstool's is opening the
prepared registry and matching. What preparing cost is shown beside. A tool that is not installed
under --python is skipped and named.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
from measure import Measured, cost_table, dtkstool, machine, measured

HERE = Path(__file__).parent
TOOLS = {
    "dtkstool": ("peer_dtkstool.py", "link", ()),
    "splink levenshtein": ("peer_splink.py", "", ("levenshtein",)),
    "splink damerau": ("peer_splink.py", "", ("damerau_levenshtein",)),
    "recordlinkage": ("peer_recordlinkage.py", "", ()),
}
NEEDS = {"peer_splink.py": "splink", "peer_recordlinkage.py": "recordlinkage"}
AUTOMATIC = ["padan", "padan_perbaikan"]


def prepare(world: Path, standard: Path) -> list[Measured]:
    """Prepare a world's registry and export both sides, unless that is done."""
    if (standard / "READY").exists():
        return []
    registers = [
        part
        for name in ("biodata", "kematian", "pindah", "datang")
        for part in (f"--{name}", world / "registry" / f"{name}*")
    ]
    build = dtkstool("registry", "build", *registers, "--out", standard / "registry", "--quiet")
    export = [sys.executable, str(HERE / "peer_dtkstool.py"), "standardise", world, standard]
    steps = [
        measured("registry build", build, standard / "build.log"),
        measured("standardise and export", list(map(str, export)), standard / "export.log"),
    ]
    (standard / "READY").touch()
    return steps


def can_run(script: str, python: str) -> bool:
    """Say whether what a tool needs is installed."""
    module = NEEDS.get(script)
    return (
        module is None
        or not subprocess.run(
            [python, "-c", f"import {module}"], capture_output=True, check=False
        ).returncode
    )


def linked(tool: str, standard: Path, python: str) -> tuple[Measured, Path]:
    """Run one tool on standardised files."""
    script, todo, options = TOOLS[tool]
    out = standard / tool.replace(" ", "_")
    interpreter = python if script in NEEDS else sys.executable
    todos = [todo] if todo else []
    command = [interpreter, str(HERE / script), *todos, str(standard), str(out), *options]
    return measured(tool, command, standard / f"{out.name}.log"), out


def judged(world: Path, standard: Path, out: Path) -> pl.DataFrame:
    """Return the truth of every record with the best candidate a tool found."""
    place = ["source_file", "sheet", "row"]
    registry = pl.read_parquet(standard / "registry.parquet", columns=["unique_id", "nik"])
    persons = registry.select(unique_id_r=pl.col("unique_id").cast(pl.Int64), linked="nik")
    records = pl.read_parquet(standard / "records.parquet", columns=["unique_id", *place])
    best = pl.read_parquet(out / "links.parquet").with_columns(
        pl.col("unique_id_l", "unique_id_r").cast(pl.Int64)
    )
    truth = pl.read_parquet(world / "truth" / "records.parquet")
    return (
        truth.join(
            records.with_columns(
                pl.col("source_file").str.split("dtks/").list.last(),
                unique_id_l=pl.col("unique_id").cast(pl.Int64),
            ),
            on=place,
            how="left",
        )
        .join(best.join(persons, on="unique_id_r", how="left"), on="unique_id_l", how="left")
        .with_columns(right=pl.col("in_registry") & pl.col("linked").eq(pl.col("nik_benar")))
    )


def quality(said: int, right: int, real: int) -> dict[str, float]:
    """Return precision, recall and F1."""
    return {
        "precision": round(right / said, 5) if said else 0.0,
        "recall": round(right / real, 5),
        "f1": round(2 * right / (said + real), 5),
    }


def best_cut(df: pl.DataFrame) -> tuple[float, dict[str, float]]:
    """Return the weight that gives the best F1, and the quality there."""
    real = int(df["in_registry"].sum())
    cuts = (
        df.filter(pl.col("weight").is_not_null())
        .group_by("weight")
        .agg(said=pl.len(), right=pl.col("right").sum())
        .sort("weight", descending=True)
        .with_columns(pl.col("said", "right").cum_sum())
        .with_columns(f1=2 * pl.col("right") / (pl.col("said") + real))
    )
    cut = cuts.sort("f1").tail(1).row(0, named=True)
    return cut["weight"], quality(cut["said"], cut["right"], real)


def at_default(df: pl.DataFrame) -> dict[str, float]:
    """Return the quality of what a tool accepts by itself: automatic, or probability ≥ 0.5."""
    said = df.filter(pl.col("verdict").is_in(AUTOMATIC))
    return quality(said.height, int(said["right"].sum()), int(df["in_registry"].sum()))


def by_corruption(df: pl.DataFrame, cut: float) -> dict[str, float]:
    """Return F1 at a cut among the records with each corruption."""
    said = pl.col("weight").is_not_null() & (pl.col("weight") >= cut)
    rows = (
        df.with_columns(said=said.fill_null(False))
        .explode("corruptions")
        .group_by(pl.col("corruptions").fill_null("tanpa_cacat"))
        .agg(
            n=pl.len(),
            f1=2 * (pl.col("said") & pl.col("right")).sum()
            / (pl.col("said").sum() + pl.col("in_registry").sum()),
        )
        .filter(pl.col("n") >= 20)
    )  # fmt: skip
    return dict(rows.sort("corruptions").select("corruptions", pl.col("f1").round(4)).rows())


def contest(world: Path, standard: Path, options: argparse.Namespace) -> dict:
    """Run every tool on one world and return figures and what preparing cost."""
    standard.mkdir(parents=True, exist_ok=True)
    prepared = prepare(world, standard)
    rows, skipped = [], []
    records = pl.scan_parquet(world / "truth" / "records.parquet").select(pl.len()).collect().item()
    for tool in options.tools:
        script = TOOLS[tool][0]
        if not can_run(script, options.python):
            skipped.append(f"{tool}: not installed under {options.python}")
        elif tool == "recordlinkage" and records > options.recordlinkage_up_to:
            skipped.append(f"{tool}: more than {options.recordlinkage_up_to} records")
        else:
            cost, out = linked(tool, standard, options.python)
            df = judged(world, standard, out)
            cut, best = best_cut(df)
            stages = json.loads((out / "stages.json").read_text())
            top = int(df["right"].fill_null(False).sum()) / int(df["in_registry"].sum())
            rows.append(
                {
                    "tool": tool,
                    "cost": cost,
                    **stages,
                    "total": round(sum(stages["seconds"].values()), 2),
                    "best": {"cut": round(cut, 2), **best},
                    "default": at_default(df),
                    "right_person_first": round(top, 5),
                    "by_corruption": by_corruption(df, cut),
                }
            )
    return {"records": records, "prepared": prepared, "rows": rows, "skipped": skipped}


def page(world: Path, found: dict) -> str:
    """Return one world's table as text."""
    lines = [f"{world.name}: {found['records']:,} records", *cost_table(found["prepared"]), ""]
    lines.append(
        f"{'tool':20} {'total s':>8} {'cpu s':>8} {'peak MB':>8} {'pairs':>12} "
        f"{'P':>8} {'R':>8} {'F1 best':>8} {'P':>8} {'R':>8} {'F1 def.':>8} {'top':>8}"
    )
    for row in found["rows"]:
        cost, best, own = row["cost"], row["best"], row["default"]
        lines.append(
            f"{row['tool']:20} {row['total']:8.2f} {cost.cpu_seconds:8.2f} {cost.peak_mb:8.0f} "
            f"{row['pairs']:12,} {best['precision']:8.5f} {best['recall']:8.5f} {best['f1']:8.5f} "
            f"{own['precision']:8.5f} {own['recall']:8.5f} {own['f1']:8.5f} "
            f"{row['right_person_first']:8.5f}{'  loaded' if cost.loaded else ''}"
        )
        lines.append("  " + ", ".join(f"{name} {s:.2f} s" for name, s in row["seconds"].items()))
    return "\n".join([*lines, *found["skipped"], *worse(found["rows"])])


def worse(rows: list[dict]) -> list[str]:
    """Return the kinds of corruption in which some peer's best F1 is above dtkstool's."""
    ours = next((row["by_corruption"] for row in rows if row["tool"] == "dtkstool"), {})
    best: dict[str, tuple[float, str]] = {}
    for row in rows:
        for kind, f1 in row["by_corruption"].items():
            best[kind] = max(best.get(kind, (0.0, "")), (f1, row["tool"]))
    return [
        f"  {tool} is better at {kind}: {f1:.4f} against {ours[kind]:.4f}"
        for kind, (f1, tool) in best.items()
        if f1 > ours.get(kind, 1.0)
    ]


def main() -> None:
    """Run the contest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("worlds", type=Path, nargs="+")
    parser.add_argument("--python", default=sys.executable, help="interpreter with the peers")
    parser.add_argument("--work", type=Path, default=Path("bench-data"), help="cache folder")
    parser.add_argument("--tools", nargs="+", default=list(TOOLS), choices=TOOLS, metavar="TOOL")
    parser.add_argument("--recordlinkage-up-to", type=int, default=20_000, help="records")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print(f"{machine()}\n", file=sys.stderr)
    for world in options.worlds:
        standard = options.work.resolve() / f"standard_{world.name}"
        found = contest(world, standard, options)
        print(json.dumps(found, indent=2, default=vars) if options.json else page(world, found))
        print()


if __name__ == "__main__":
    main()
