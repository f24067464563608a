"""What becomes of each decision, given the records there are."""

import polars as pl

from dtkstool.apply.resolve import COUNTER

DONE = {
    "ubah": "diubah", "hapus": "dihapus", "ganti": "diganti", "konsolidasi": "konsolidasi",
    "tetap": "tetap", "tunda": "tunda",
}  # fmt: skip
"""What an accepted decision has led to."""
ROLES = {"record_id": "record", "target_id": "target", "favour_id": "favour"}


def placed(decisions: pl.DataFrame, where: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with record, target, favour and whether each still reads as it should.

    `where` is what `resolve.resolved` gives. `<role>_fits` is null where there is no record.
    """
    for id_column, role in ROLES.items():
        fits = pl.col("as_shown") | pl.col("as_decided")
        found = where.select(
            pl.col("id").alias(id_column), pl.col("record").alias(role), fits.alias(f"{role}_fits")
        )
        decisions = decisions.join(found, on=id_column, how="left", maintain_order="left")
    return decisions


def with_presence(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with `hasil` where nothing is left to do, `problem` where late.

    `hasil`: `sudah` the register already is as decided; `gugur` the record has gone. Reads
    `elsewhere`: the row is of a file that was not given, so that nobody knows whether it has.
    """
    on_pair, on_cell = pl.col("sheet") == "ganda", pl.col("sheet") == "ubah"
    leaves, goes = pl.col("fate").is_in(["hapus", "ganti"]), pl.col("fate") == "hapus"
    no_record, no_target, no_favour = (pl.col(role).is_null() for role in ROLES.values())
    removals = decisions.filter(leaves, pl.col("problem").is_null())["target_id"]
    removed = pl.col("record_id").is_in(removals.implode())
    settled = pl.col("fate").is_in(["tetap", "tunda"])
    siblings = pl.col("target_id").str.replace(COUNTER, "") == pl.col("favour_id").str.replace(
        COUNTER, ""
    )
    one_left = on_pair & goes & no_favour & siblings
    one_record = pl.col("target") == pl.col("favour")
    nowhere = no_target & (pl.col("elsewhere") | (on_pair & no_favour & ~siblings))
    unknown = (leaves & nowhere) | (settled & no_record & pl.col("elsewhere"))
    late = ~(pl.col("target_fits") & pl.col("favour_fits").fill_null(True))
    hasil = (
        pl.when(unknown).then(None)
        .when(leaves & no_target).then(pl.lit("sudah"))
        .when(one_left | (on_pair & goes & one_record)).then(pl.lit("sudah"))
        .when(~leaves & no_record & (removed | settled)).then(pl.lit("gugur"))
        .when(on_pair & settled & no_favour).then(pl.lit("gugur"))
    )  # fmt: skip
    problem = (
        pl.when(unknown).then(pl.lit("tidak_ada"))
        .when(on_pair & goes & no_favour).then(pl.lit("pasangan_hilang"))
        .when(no_record & no_target).then(pl.lit("tidak_ada"))
        .when(~on_cell & (pl.col("fate") != "tunda") & late.fill_null(False)).then(pl.lit("basi"))
    )  # fmt: skip
    sound = pl.col("problem").is_null()
    done = decisions.with_columns(hasil=pl.when(sound).then(hasil))
    return done.with_columns(
        problem=pl.when(sound & pl.col("hasil").is_null()).then(problem).otherwise("problem")
    )


def refused(decisions: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with the `problem` and `detail` that `problems` gives some entries."""
    first = problems.select("entry", new_problem="problem", new_detail="detail").unique(
        "entry", keep="first", maintain_order=True
    )
    free = pl.col("problem").is_null() & pl.col("hasil").is_null()
    return (
        decisions.join(first, on="entry", how="left", maintain_order="left")
        .with_columns(
            problem=pl.when(free).then("new_problem").otherwise("problem"),
            detail=pl.coalesce("detail", "new_detail"),
        )
        .drop("new_problem", "new_detail")
    )


def active(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions that still have something to do, copies of one answer left out."""
    free = pl.col("problem").is_null() & pl.col("hasil").is_null() & pl.col("repeats").is_null()
    return decisions.filter(free)


def with_outcome(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with `hasil` where accepted; copies share their first's fate."""
    outcome = pl.when(pl.col("problem").is_null()).then(
        pl.coalesce(
            "hasil", pl.col("fate").replace_strict(DONE, default=None, return_dtype=pl.String)
        )
    )
    judged = decisions.with_columns(hasil=outcome)
    first = judged.select(repeats="entry", first_problem="problem", first_detail="detail")
    copies = judged.join(first, on="repeats", how="left", maintain_order="left")
    is_copy = pl.col("repeats").is_not_null()
    return (
        copies.with_columns(
            problem=pl.coalesce("problem", "first_problem"),
            detail=pl.coalesce("detail", "first_detail"),
        )
        .with_columns(
            hasil=pl.when(pl.col("problem").is_not_null())
            .then(None)
            .when(is_copy)
            .then(pl.lit("sama"))
            .otherwise("hasil")
        )
        .drop("first_problem", "first_detail")
    )
