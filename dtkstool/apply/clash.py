"""Decisions that contradict each other: all of them are refused, none is preferred."""

import polars as pl

from dtkstool.apply.words import told


def with_clashes(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with `problem` set where two of them disagree, and `repeats`.

    Reads target (record of the register) beside what `understood` gives. `repeats` is the entry
    that said the same first; null for the first.
    """
    return decisions.pipe(_with_copies).pipe(_with_fates).pipe(_with_mutual_pairs)


def _question() -> pl.Expr:
    """Return what a row asks: one cell of a record, a record, or a pair in either order."""
    sides = ("record_id", "left_id")
    pair = pl.concat_str(pl.min_horizontal(*sides), pl.max_horizontal(*sides), separator="|")
    return pl.when(pl.col("sheet") == "ganda").then(pair).otherwise(pl.col("record_id"))


def _answer() -> pl.Expr:
    """Return what a row answers; two wordings of one answer are equal."""
    removed = pl.when(pl.col("sheet") == "ganda").then("target_id")
    told_right = pl.concat_str(
        [told(pl.col(c)).fill_null("") for c in ("nik_benar", "nama_benar")], separator="|"
    )
    parts = (
        pl.col("fate"), removed, pl.col("tl"), told(pl.col("value")), pl.col("candidate"),
        pl.when(pl.col("decision") == "perbaiki").then(told_right),
        pl.when(pl.col("sheet") == "verifikasi").then("decision"),
        pl.when(pl.col("fate") == "ganti").then("successor_nik"),
    )  # fmt: skip
    return pl.concat_str([p.fill_null("") for p in parts], separator="\x1f")


def _with_copies(decisions: pl.DataFrame) -> pl.DataFrame:
    question = ["sheet", "question", "asked"]
    asked = pl.when(pl.col("sheet") == "ubah").then("column").otherwise(pl.lit(""))
    sound = pl.col("problem").is_null()
    valid = decisions.filter(sound).select(
        "entry", "sheet", question=_question(), asked=asked, answer=_answer()
    )
    copies = valid.with_columns(
        answers=pl.col("answer").n_unique().over(question),
        first=pl.col("entry").min().over([*question, "answer"]),
    )
    clash = pl.when(pl.col("answers") > 1).then(pl.lit("bertentangan"))
    repeats = pl.when(pl.col("first") != pl.col("entry"), pl.col("answers") == 1).then("first")
    judged = copies.select("entry", clash=clash, repeats=repeats)
    return (
        decisions.join(judged, on="entry", how="left", maintain_order="left")
        .with_columns(problem=pl.coalesce("problem", "clash"))
        .drop("clash")
    )


def _with_fates(decisions: pl.DataFrame) -> pl.DataFrame:
    """Refuse all decisions about a record of which one removes it and another cannot have it so.

    A removal for being listed twice leaves the person there: only `TETAP` and `GANTI` on the
    record contradict it.
    """
    double = pl.col("sheet") == "ganda"
    goes = (pl.col("fate") == "hapus") & ~double
    doubled = (pl.col("fate") == "hapus") & double
    replaced, kept = pl.col("fate") == "ganti", pl.col("stays")
    insists = kept & (pl.col("sheet") == "hapus_ganti")
    contradicted = (
        (goes.any() & (kept.any() | replaced.any()))
        | (replaced.any() & kept.any())
        | (doubled.any() & (replaced.any() | insists.any()))
    )
    about = pl.coalesce("target", "record")
    valid = (
        decisions.filter(pl.col("problem").is_null())
        .with_columns(about=about)
        .filter(pl.col("about").is_not_null())
    )
    bad = valid.group_by("about").agg(contradicted.alias("bad")).filter("bad")
    party = goes | doubled | replaced | kept
    entries = valid.filter(party).join(bad, on="about", how="semi")["entry"]
    return _refused(decisions, entries, "bertentangan")


def _with_mutual_pairs(decisions: pl.DataFrame) -> pl.DataFrame:
    """Refuse removals in favour of somebody who, down the line, goes in favour of them."""
    open_pairs = (
        (pl.col("sheet") == "ganda") & pl.col("problem").is_null() & pl.col("hasil").is_null()
    )
    going = decisions.filter(open_pairs, pl.col("fate") == "hapus")
    chain = (
        going.select("target", "favour")
        .drop_nulls()
        .unique("target", keep="first", maintain_order=True)
    )
    following = dict(chain.iter_rows())
    lost = [start for start in following if _comes_back(following, start)]
    return _refused(decisions, going.filter(pl.col("target").is_in(lost))["entry"], "berputar")


def _comes_back(following: dict[int, int], start: int) -> bool:
    seen = {start}
    here = following[start]
    while here in following and here not in seen:
        seen.add(here)
        here = following[here]
    return here in seen


def _refused(decisions: pl.DataFrame, entries: pl.Series, problem: str) -> pl.DataFrame:
    hit = pl.col("entry").is_in(entries.implode()) & pl.col("problem").is_null()
    return decisions.with_columns(problem=pl.when(hit).then(pl.lit(problem)).otherwise("problem"))
