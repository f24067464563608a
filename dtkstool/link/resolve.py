"""From scored pairs to one verdict a record: best candidate, margin, probability, band."""

import polars as pl

from dtkstool.frames import LINKS
from dtkstool.link.comparisons import COMPARISONS, NAMA, NIK
from dtkstool.link.weights import Model

ALONE = 60.0
"""The margin, in bits, of a candidate without a runner-up."""
LIKELY = 0.0
"""Bits from which a candidate to review whose name fits is taken for the person where nothing is
removed by it: to show a death, or two records that are one person. Between 0 and 3 bits 123 of
124 were right, on six worlds of two generators."""
UNNAMED = 3.25
"""The same where the name does not fit."""
CLEAR = 4.0
"""Bits by which no other candidate may come near then."""
NAMED = ("sama", "mirip", "sebagian", "agak_mirip")
WORDED = (*NAMED, "sebagian_mirip", "terpotong", "panggilan", "satu_kata")
DATED = ("sama", "sama_baku", "tertukar", "satu_bagian", "tahun_dekat")


def ranked(scored: pl.DataFrame, owner: pl.Series) -> pl.DataFrame:
    """Return each record's candidates, best first: one row per record and person.

    `owner` gives the record of each left row: a record with an alias has two rows there. Adds
    record, person, rank (1 the best), and drops the weaker of two pairs for one person.
    """
    return (
        scored.with_columns(record=pl.Series(owner.gather(scored["left"])), person="right")
        .sort(["record", "weight", "person"], descending=[False, True, False])
        .unique(["record", "person"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("record"))
    )


def verdicts(candidates: pl.DataFrame, model: Model, *, keep: int = 1) -> pl.DataFrame:
    """Return each record's `keep` best candidates with probability, margin, reason and verdict.

    The probability weighs one candidate against every other and against there being none:
    2^w / (absent + Σ 2^w). The margin is to the strongest other. Two near-equal
    candidates are never automatic, and only the best can be.
    """
    strength = 2.0 ** pl.col("weight").clip(-60, 60)
    best = pl.col("weight").max().over("record")
    second = pl.col("weight").filter(pl.col("rank") == 2).first().over("record")
    other = pl.when(pl.col("rank") == 1).then(second).otherwise(best)
    others = pl.col("rank") > 1
    named = (pl.col("named") & others).any().over("record")
    unnamed = pl.col("level_nama") > NAMA.at("sebagian")
    rival = (pl.col("claimed") & others).any().over("record") | (named & unnamed)
    fitting = (_fits() & _among("tanggal_lahir", DATED[:2]) & others).any().over("record")
    reason = _reason(model)
    same_nik = pl.col("level_nik") == NIK.at("sama")
    verdict = (
        pl.when((pl.col("reason") == "accepted") & same_nik).then(pl.lit("padan"))
        .when(pl.col("reason") == "accepted").then(pl.lit("padan_perbaikan"))
        .otherwise(pl.lit("tinjau"))
    )  # fmt: skip
    return (
        candidates.with_columns(
            probability=strength / (model.absent + strength.sum().over("record")),
            margin=(pl.col("weight") - other).fill_null(ALONE),
            rival=rival,
            twinned=fitting & ~_fits(),
        )
        .filter(pl.col("rank") <= keep)
        .with_columns(reason=reason)
        .with_columns(verdict=verdict.cast(LINKS["verdict"]))
        .with_columns(probable=_probable())
    )


def _among(comparison: str, levels: tuple[str, ...]) -> pl.Expr:
    ladder = next(c for c in COMPARISONS if c.name == comparison)
    return pl.col(f"level_{comparison}").is_in([ladder.at(level) for level in levels])


def _fits() -> pl.Expr:
    return _among("nama", NAMED)


def _probable() -> pl.Expr:
    """Return which links to review are almost certainly right: no rival, and nothing of a twin.

    A NIK is a twin's where its holder is called otherwise and somebody born the same day fits.
    Where the name does not fit, the birth date must, and the NIK must not be the next one; or the
    NIK is the person's own, something of the name is there and no birth date speaks against it.
    Another sex is a slip beside name and birth date, where the name is more than alike: brother
    and sister may be twins.
    """
    weight = pl.col("weight")
    dated = _among("tanggal_lahir", DATED)
    own = _among("nik", ("sama",)) & _among("nama", WORDED)
    own &= ~_among("tanggal_lahir", ("hari_bulan", "beda"))
    next_one = _among("nik", ("satu_serial", "beda_serial"))
    unnamed = (weight >= UNNAMED) & dated & ~next_one
    likely = ((weight >= LIKELY) & (_fits() | own)) | unnamed
    one_sex = ~_among("jenis_kelamin", ("beda",)) | (_among("nama", NAMED[:3]) & dated)
    alone = ~(pl.col("rival") | pl.col("twinned")).fill_null(False)
    clear = pl.col("margin") >= CLEAR
    return (pl.col("verdict") == "tinjau") & likely & clear & one_sex & alone


def _reason(model: Model) -> pl.Expr:
    """Return `accepted`, or the first thing that keeps a candidate from an automatic link."""
    weight = pl.col("weight")
    vetoed = ~pl.col("linkable") & ~(pl.col("strict") & (weight >= model.strict))
    return (
        pl.when(weight < model.review).then(pl.lit("hopeless"))
        .when(pl.col("rank") > 1).then(pl.lit("beaten"))
        .when(weight < model.automatic).then(pl.lit("weak"))
        .when(vetoed).then(pl.lit("vetoed"))
        .when(pl.col("margin") < model.margin).then(pl.lit("close"))
        .when(pl.col("rival")).then(pl.lit("claimed"))
        .otherwise(pl.lit("accepted"))
    )  # fmt: skip


def named_levels(links: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with each `level_*` as the level's name instead of its index."""
    return links.with_columns(
        pl.col(f"level_{c.name}").replace_strict(
            list(range(len(c.levels))), c.levels, return_dtype=pl.Enum(c.levels)
        )
        for c in COMPARISONS
    )
