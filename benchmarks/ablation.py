"""Which part of the linkage buys what: match a sample world with one part taken out at a time.

    python benchmarks/ablation.py WORLD REGISTRY [--markdown]

WORLD is a folder of `dtkstool sample`, REGISTRY what `registry build` made of it. Prints per
variant the automatic precision and recall, F1 with review, and the best F1 over all cuts.
"""

import argparse
import json
import platform
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl

from dtkstool.link import score
from dtkstool.link.blocking import BLOCKS
from dtkstool.link.comparisons import COMPARISONS, NIK, Side
from dtkstool.link.evaluate import judge
from dtkstool.link.matching import match
from dtkstool.link.nicknames import Partners
from dtkstool.link.niks import OWNER_NOKK
from dtkstool.link.rarity import WordBits, counted, rarity
from dtkstool.link.weights import model, read
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import load_register
from dtkstool.registry import Registry, open_registry

Tables = dict[str, Any]
VALUES = {"nama": "name", "tanggal_lahir": "birth", "nokk": "nokk", "nama_ibu": "mother",
          "tempat_lahir": "birthplace", "tempat_tinggal": "desa"}  # fmt: skip
NIK_BLOCKS = ("nik_", "nokk_di_kolom_nik")


def without_frequencies(tables: Tables, registry: Registry) -> Tables:
    """Return the model with every value as rare as the average one."""
    side = Side.of(counted(registry.keys))
    rows = np.arange(registry.keys.height)
    chosen = np.random.default_rng(1).choice(rows, min(50_000, len(rows)), replace=False)
    rare = rarity(side.keys, chosen, WordBits.of(registry.words))
    plain = dict(tables)
    for comparison in COMPARISONS:
        if comparison is NIK or comparison.name not in VALUES:
            continue
        usual = float(np.mean(getattr(rare, VALUES[comparison.name])))
        plain[comparison.name] = {
            name: {"bits": level["bits"] + level.get("rarity", 0) * min(usual, level.get("cap", 0))}
            for name, level in tables[comparison.name].items()
        }
    plain["nama"]["sama"] |= {"rarity": 0.0, "cap": 99.0}
    return plain


def without_composite(tables: Tables, _: Registry) -> Tables:
    """Return the model that adds household facts up as if they were independent."""
    return {**tables, "household_discount": 1.0}


def without_relatives(tables: Tables, _: Registry) -> Tables:
    """Return the model that knows strangers only."""
    return {**tables, "keluarga": {**tables["keluarga"], "prior": 99.0}}


def whole(tables: Tables, _: Registry) -> Tables:
    """Return the model as it is."""
    return tables


def without_moves(tables: Tables, _: Registry) -> Tables:
    """Return the model that counts a new No KK and a new place as two disagreements."""
    still = {a: dict.fromkeys(row, 0.0) for a, row in tables["pindah"].items()}
    return {**tables, "pindah": still}


def no_owners(keys: pl.DataFrame, _: pl.DataFrame) -> pl.DataFrame:
    """Return the keys as if nobody held the NIKs typed."""
    return keys.with_columns(pl.lit(0, pl.UInt64).alias(OWNER_NOKK))


def no_partners(left: np.ndarray, right: np.ndarray, words: pl.Series) -> Partners:
    """Return that no word is a piece of another."""
    nobody = np.zeros(len(left), bool)
    return Partners(nobody, nobody, np.zeros(len(left), int), np.zeros(len(left), np.uint8))


def never_cut(left: pl.Series, right: pl.Series, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Return that no name is the start of another."""
    return np.zeros(len(i))


def no_veto(levels: dict[str, Any], twin: Any = None) -> score.Vetoes:
    """Return vetoes that forbid nothing."""
    everything = np.ones(len(levels["nama"]), bool)
    return score.Vetoes(everything, everything)


VARIANTS: tuple[tuple[str, Callable[[Tables, Registry], Tables], dict[str, Any]], ...] = (
    ("everything", whole, {}),
    ("without term frequencies", without_frequencies, {}),
    ("without the household composite", without_composite, {}),
    ("without relatives as a rival", without_relatives, {}),
    (
        "without pass b (NIK neighbourhood)",
        whole,
        {
            "dtkstool.link.matching.BLOCKS": tuple(
                b for b in BLOCKS if not b.name.startswith(NIK_BLOCKS)
            )
        },
    ),
    ("without moves as one event", without_moves, {}),
    (
        "without the owner of a NIK",
        whole,
        {"dtkstool.link.matching.with_owners": no_owners},
    ),
    (
        "without nicknames and cut names",
        whole,
        {
            "dtkstool.link.names.partners": no_partners,
            "dtkstool.link.names.cut_short": never_cut,
        },
    ),
    ("without vetoes", whole, {"dtkstool.link.score.vetoes": no_veto}),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("world", type=Path)
    parser.add_argument("registry", type=Path)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    registry = open_registry(options.registry)
    register = load_register(
        [str(options.world / "dtks")], today=date(2026, 10, 31), column_map=None, clock=Clock()
    )
    place = ["source_file", "sheet", "row"]
    known = pl.read_parquet(options.world / "truth" / "records.parquet").select(
        *place, nik_benar=pl.when("in_registry").then("nik_benar")
    )
    truth = (
        register.cleaned.select("record_id", *place)
        .with_columns(pl.col("source_file").str.split("dtks/").list.last())
        .join(known, on=place)
        .select("record_id", "nik_benar")
    )
    rows = []
    for name, change, patches in VARIANTS:
        changed = model(change(read(None), registry))
        with ExitStack() as stack:
            for target, replacement in patches.items():
                stack.enter_context(patch(target, replacement))
            links = match(register.cleaned, registry.keys, registry.words, changed).links
        rows.append({"variant": name, **_figures(judge(links, truth))})
    about = {
        "records": register.cleaned.height,
        "persons": registry.keys.height,
        "machine": f"{platform.machine()}, {platform.system()}",
        "python": platform.python_version(),
        "polars": pl.__version__,
    }
    print(_markdown(rows) if options.markdown else json.dumps({"about": about, "rows": rows}))


def _figures(figures: dict[str, Any]) -> dict[str, float]:
    return {
        "precision": figures["automatic"]["precision"],
        "recall": figures["automatic"]["recall"],
        "wrong": figures["automatic"]["wrong"],
        "f1_with_review": figures["with_review"]["f1"],
        "best_f1": figures["best"]["f1"],
    }


def _markdown(rows: list[dict[str, Any]]) -> str:
    head = (
        "| | automatic precision | recall | wrong | F1 with review | best F1 |\n"
        "|---|---|---|---|---|---|"
    )
    lines = [
        f"| {r['variant']} | {r['precision']:.5f} | {r['recall']:.4f} | {r['wrong']} "
        f"| {r['f1_with_review']:.5f} | {r['best_f1']:.5f} |"
        for r in rows
    ]
    return "\n".join([head, *lines])


if __name__ == "__main__":
    main()
