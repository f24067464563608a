"""How good links are: against a known truth, and by the model's own word without one."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from dtkstool.link.estimate import AUTOMATIC, LINKED, expected

BANDS = (0.0, 0.5, 0.9, 0.99, 0.999, 0.9999, 1.0)
"""Edges of the probability bands of the calibration table."""


def judge(links: pl.DataFrame, truth: pl.DataFrame) -> dict[str, Any]:
    """Return every figure of `links` against `truth`, joined by record_id.

    Reads of links record_id, nik_dukcapil, verdict, weight, probability, poor; of truth record_id,
    nik_benar (null: known to be in no registry), and where there, kinds (list of words) and
    kecamatan. Records without truth are left out and counted.
    """
    joined = links.join(truth, on="record_id", how="inner").with_columns(
        right=pl.col("nik_dukcapil") == pl.col("nik_benar")
    )
    figures: dict[str, Any] = {
        "records": joined.height,
        "without_truth": links.height - joined.height,
        "in_registry": joined["nik_benar"].count(),
        "automatic": accuracy(joined, AUTOMATIC),
        "with_review": accuracy(joined, LINKED),
        "best": best_threshold(joined),
        "calibration": calibration(joined).to_dicts(),
        "estimated": expected(joined),
    }
    if "kinds" in joined.columns:
        figures["by_kind"] = by_kind(joined)
    if "kecamatan" in joined.columns:
        figures["by_kecamatan"] = {
            str(code): accuracy(part, AUTOMATIC)
            for (code,), part in joined.sort("kecamatan").group_by("kecamatan", maintain_order=True)
        }
    return figures


def accuracy(joined: pl.DataFrame, verdicts: Sequence[str]) -> dict[str, Any]:
    """Return precision, recall and F1 of the links with one of `verdicts`; None of nothing."""
    said = joined.filter(
        pl.col("verdict").cast(pl.String).is_in(verdicts) & pl.col("nik_dukcapil").is_not_null()
    )
    return _scores(int(said["right"].sum()), said.height, int(joined["nik_benar"].count()))


def _scores(right: int, said: int, real: int) -> dict[str, Any]:
    return {
        "precision": right / said if said else None,
        "recall": right / real if real else None,
        "f1": 2 * right / (said + real) if said + real else None,
        "right": right,
        "wrong": said - right,
        "missed": real - right,
    }


def best_threshold(joined: pl.DataFrame) -> dict[str, Any]:
    """Return the weight at which linking everything above it would score the best F1."""
    real = joined["nik_benar"].count()
    by_weight = joined.filter(pl.col("weight").is_not_null()).sort("weight", descending=True)
    if by_weight.is_empty() or not real:
        return {}
    curve = by_weight.select(
        "weight",
        right=pl.col("right").fill_null(False).cum_sum(),
        said=pl.int_range(1, pl.len() + 1),
    ).with_columns(f1=2 * pl.col("right") / (pl.col("said") + real))
    top = curve.row(int(curve["f1"].arg_max() or 0), named=True)
    return {"weight": top["weight"], **_scores(top["right"], top["said"], real)}


def calibration(joined: pl.DataFrame) -> pl.DataFrame:
    """Return per probability band: band, links, expected and observed share of right ones."""
    labels = [f"{low:g}–{high:g}" for low, high in pairwise(BANDS)]
    linked = joined.filter(pl.col("nik_dukcapil").is_not_null())
    passed = pl.sum_horizontal(pl.col("probability") >= edge for edge in BANDS[1:-1])
    numbered = passed.cast(pl.UInt32).replace_strict(dict(enumerate(labels)))
    return (
        linked.group_by(band=numbered)
        .agg(
            links=pl.len(),
            expected=pl.col("probability").mean(),
            observed=pl.col("right").fill_null(False).mean(),
        )
        .sort(pl.col("band").cast(pl.Enum(labels)))
        .with_columns(pl.col("band").cast(pl.String))
    )


def by_kind(joined: pl.DataFrame) -> dict[str, Any]:
    """Return how the records with each kind of corruption fare: accuracy and calibration."""
    return {
        str(kind): {
            "automatic": accuracy(part, AUTOMATIC),
            "with_review": accuracy(part, LINKED),
            **believed(part),
        }
        for (kind,), part in each_kind(joined).group_by("kinds", maintain_order=True)
    }


def each_kind(truth: pl.DataFrame) -> pl.DataFrame:
    """Return one row per record and kind of corruption, in order of kind; `-` stands for none."""
    none = pl.col("kinds").list.len() == 0
    kinds = pl.when(none).then(["-"]).otherwise("kinds")
    return truth.with_columns(kinds=kinds).explode("kinds").sort("kinds")


def believed(joined: pl.DataFrame) -> dict[str, float | None]:
    """Return the share of links the model expects to be right beside the share that is."""
    linked = joined.filter(pl.col("nik_dukcapil").is_not_null())
    if linked.is_empty():
        return {"expected": None, "observed": None}
    shares = linked.select(
        expected=pl.col("probability").mean(), observed=pl.col("right").fill_null(False).mean()
    )
    return shares.row(0, named=True)
