"""Honouring what clerks decided in earlier months, and showing it where it no longer holds.

What the tool sees of a record (status, flags, codes, evidence) is never touched. An earlier
decision only says what is left to ask: `action`, and in `ingatan` why.
"""

from dataclasses import dataclass

import polars as pl

from dtkstool.frames import ACTION, INGATAN, REMEMBERED

QUIET = ("ganda", "pindah_dalam", "perbaikan", "padan")
"""Flags that ask nothing about the person: pairs and cells are asked about on their own sheets."""
GONE = ("meninggal", "pindah_keluar")
ASKED = ("hapus", "ganti", "verifikasi", "konsolidasi")
OPEN = ("verifikasi", "konsolidasi")
HERE = ("tetap", "benar")
"""Decisions that the person is there and the record right."""
BY_EVENT = ("TL01", "TL02")
"""Reasons to go that the civil registry may take back: died, moved."""
NOT_FOUND = "TL03"
SETTLED = ("ubah", "tetap", "hapus", "ganti", "konsolidasi")
LAST = {
    "nth": "last_nth", "decision": "last_decision", "fate": "last_fate", "value": "last_value",
    "tl": "last_tl", "dasar": "last_dasar", "kandidat": "last_kandidat", "state": "last_state",
    "text": "last_text", "again": "last_again",
}  # fmt: skip


@dataclass(frozen=True)
class Honoured:
    """Decisions and changes with what was decided before, and what that came to."""

    decisions: pl.DataFrame
    """`frames.DECISIONS` and `frames.REMEMBERED`."""
    changes: pl.DataFrame
    """`frames.CHANGES` and keputusan_lalu, without those a clerk refused before."""
    silenced: pl.DataFrame
    """record_id, column of the changes that were left out."""


def with_basis(decisions: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Return the decisions with `dasar`: `flag|NIK|date|proof`, what a proposal rests on.

    The flag is the first that asks something about the person; the NIK is that of the person
    found, surely or not; date and proof are the event's. Equal texts are the same evidence.
    """
    nik = links.select("record_id", link_nik="nik_dukcapil")
    flags = pl.col("flags").cast(pl.List(pl.String))
    first = flags.list.eval(pl.element().filter(~pl.element().is_in(QUIET))).list.first()
    parts = (first, pl.col("link_nik"), pl.col("event_date").cast(pl.String), pl.col("event_proof"))
    return (
        decisions.join(nik, on="record_id", how="left", maintain_order="left")
        .with_columns(dasar=pl.concat_str([p.fill_null("") for p in parts], separator="|"))
        .drop("link_nik")
    )


def honoured(
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    niks: pl.DataFrame,
    recalled: pl.DataFrame,
    leaving: pl.DataFrame,
) -> Honoured:
    """Return decisions and changes after what clerks decided before; every record stays listed.

    `decisions` has dasar; `niks` record_id, nik (the record's own); `recalled` is
    `frames.RECALLED`, text (the decision in words) and again (and why it is asked again);
    `leaving` record_id, nth: who a pair's decision took out.
    """
    judged = _cells(changes, recalled)
    cells = judged.filter(~pl.col("settled"))
    silenced = judged.filter("settled").select("record_id", "column")
    told = _with_last(decisions, niks, recalled, leaving)
    left = cells.select("record_id").unique().with_columns(cells_left=True)
    quiet = silenced.select("record_id").unique().with_columns(cells_quiet=True)
    lapsed = cells.filter(pl.col("fate").is_in(SETTLED)).select("record_id").unique()
    told = (
        told.join(left, on="record_id", how="left", maintain_order="left")
        .join(quiet, on="record_id", how="left", maintain_order="left")
        .join(lapsed.with_columns(cells_lapsed=True), on="record_id", how="left",
              maintain_order="left")
        .with_columns(pl.col("cells_left", "cells_quiet", "cells_lapsed").fill_null(False))
        .with_columns(ingatan=_ingatan())
        .with_columns(action=_action().cast(ACTION), keputusan_lalu=_shown())
    )  # fmt: skip
    result = told.select(*decisions.columns, *(c for c in REMEMBERED if c != "dasar"))
    edited = result.filter(pl.col("action") == "ubah").select("record_id")
    kept = cells.select(*changes.columns, "keputusan_lalu").join(
        edited, on="record_id", how="semi", maintain_order="left"
    )
    return Honoured(result, kept, silenced)


def _cells(changes: pl.DataFrame, recalled: pl.DataFrame) -> pl.DataFrame:
    """Return the changes with what was decided before (fate, keputusan_lalu) and `settled`.

    A change is settled when the cell reads as it was decided to read and the tool proposes what
    it proposed then.
    """
    last = recalled.filter("latest", pl.col("subject") == "sel").select(
        "record_id", "column", "proposed", "fate", "state", keputusan_lalu="again"
    )
    told = changes.join(last, on=["record_id", "column"], how="left", maintain_order="left")
    again = _plain("proposed") == _plain("new")
    settled = pl.col("fate").is_in(["ubah", "tetap"]) & (pl.col("state") == "sama") & again
    return told.with_columns(settled=settled.fill_null(False))


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.to_uppercase().str.replace_all(r"[^\pL\pN]+", "")


def _with_last(
    decisions: pl.DataFrame, niks: pl.DataFrame, recalled: pl.DataFrame, leaving: pl.DataFrame
) -> pl.DataFrame:
    """Return the decisions beside the latest thing a clerk decided about each person."""
    last = recalled.filter("latest", pl.col("subject") == "orang").select(
        "record_id", *(pl.col(theirs).alias(ours) for theirs, ours in LAST.items())
    )
    pair = leaving.join(recalled.select("nth", pair_text="text"), on="nth").select(
        "record_id", "pair_text", pair_nth="nth"
    )
    return (
        decisions.join(last, on="record_id", how="left", maintain_order="left")
        .join(pair, on="record_id", how="left", maintain_order="left")
        .join(niks.select("record_id", own_nik="nik"), on="record_id", how="left",
              maintain_order="left")
    )  # fmt: skip


def _part(column: str, place: int) -> pl.Expr:
    return pl.col(column).str.split("|").list.get(place, null_on_oob=True)


def _same_basis() -> pl.Expr:
    """Return whether the proposal rests on what it rested on when the clerk decided.

    A decision that does not say what it rested on (of an earlier version) is held to its values
    alone. Another of the candidates that were shown then is nothing new.
    """
    nik, then = _part("dasar", 1), _part("last_dasar", 1)
    seen = (nik == then) | pl.col("last_kandidat").str.split(" ").list.contains(nik)
    event = pl.all_horizontal(_part("dasar", i) == _part("last_dasar", i) for i in (0, 2, 3))
    return pl.col("last_dasar").is_null() | (event & seen.fill_null(False)).fill_null(False)


def _ingatan() -> pl.Expr:
    """Return what the earlier decision comes to now."""
    action, held = pl.col("action").cast(pl.String), pl.col("last_state") == "sama"
    decision, same = pl.col("last_decision"), _same_basis()
    asked, open_ = action.is_in(ASKED), action.is_in(OPEN)
    nobody = _part("dasar", 1) == ""
    here = held & decision.is_in(HERE)
    revived = _revived()
    passed_on = (pl.col("last_fate") == "ganti") & (pl.col("own_nik") != pl.col("last_value"))
    out = held & ((pl.col("last_fate") == "hapus") | passed_on) & ~revived
    overruled = (pl.col("last_nth") > pl.col("pair_nth")) & decision.is_in(HERE)
    pair_out = pl.col("pair_nth").is_not_null() & ~overruled.fill_null(False)
    settled = pl.col("last_fate").is_in(SETTLED)
    back = pl.col("last_fate").is_in(["hapus", "ganti"]) & held & revived
    cells = (action == "ubah") & pl.col("cells_quiet") & ~pl.col("cells_left")
    return (
        pl.when((out | pair_out).fill_null(False)).then(pl.lit("keluar"))
        .when((here & asked & same).fill_null(False)).then(pl.lit("dihormati"))
        .when((held & (decision == "konsolidasi") & open_ & same).fill_null(False))
        .then(pl.lit("menunggu"))
        .when((held & (decision == "bukan_kandidat") & open_ & nobody).fill_null(False))
        .then(pl.lit("menunggu"))
        .when(cells).then(pl.lit("dihormati"))
        .when((settled & (asked | back)).fill_null(False) | pl.col("cells_lapsed"))
        .then(pl.lit("gugur"))
    ).cast(INGATAN)  # fmt: skip


def _revived() -> pl.Expr:
    """Return whether the registry now speaks against the reason somebody was taken out for.

    It took back the death or move the clerk was shown; or it has found, alive and without any
    question left, whom nobody knew in the field.
    """
    then, now = _part("last_dasar", 0), _part("dasar", 0)
    taken_back = pl.col("last_tl").is_in(BY_EVENT) & then.is_in(GONE) & ~now.is_in(GONE)
    found = (pl.col("last_tl") == NOT_FOUND) & (then != "") & (now == "")
    return (taken_back | found).fill_null(False)


def _action() -> pl.Expr:
    """Return what is left to do.

    Somebody taken out whom the registry has alive again is asked about; a duplicate whose own
    question is settled is still one of a pair.
    """
    ingatan, last = pl.col("ingatan").cast(pl.String), pl.col("last_fate")
    duplicate = pl.col("status").cast(pl.String) == "ganda"
    action = pl.col("action").cast(pl.String)
    returned = (ingatan == "gugur") & last.is_in(["hapus", "ganti"]) & ~action.is_in(ASKED)
    held = pl.col("last_state") == "sama"
    return (
        pl.when(ingatan == "keluar").then(pl.lit("hapus"))
        .when((ingatan == "dihormati") & duplicate & action.is_in(ASKED)).then(action)
        .when(ingatan == "dihormati").then(pl.lit("tetap"))
        .when((ingatan == "menunggu") & (pl.col("last_decision") == "konsolidasi") & ~duplicate)
        .then(pl.lit("konsolidasi"))
        .when((returned & held).fill_null(False)).then(pl.lit("verifikasi"))
        .otherwise(action)
    )  # fmt: skip


def _shown() -> pl.Expr:
    """Return the earlier decision in words; of a record where nothing was decided, null."""
    by_pair = pl.col("pair_text").is_not_null() & (
        pl.col("last_nth").is_null() | (pl.col("pair_nth") > pl.col("last_nth"))
    )
    again = pl.when(pl.col("ingatan").cast(pl.String) == "gugur").then("last_again")
    return pl.when(by_pair).then("pair_text").otherwise(again.otherwise("last_text"))


def pairs_before(recalled: pl.DataFrame) -> pl.DataFrame:
    """Return record_id, other_id, keputusan_lalu of pairs decided before, the ids in order."""
    said = recalled.filter("latest", pl.col("subject") == "pasangan")
    return said.select(
        record_id=pl.min_horizontal("record_id", "other_id"),
        other_id=pl.max_horizontal("record_id", "other_id"),
        keputusan_lalu="again",
    )
