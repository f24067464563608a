"""What clerks decided in earlier months, brought to bear on this month's run."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dtkstool.apply import claims
from dtkstool.apply.memory import KEPUTUSAN, PERSON, SETTLED, plain, recalled
from dtkstool.columns import COLUMNS
from dtkstool.decide.remembered import Honoured, honoured, pairs_before, with_basis
from dtkstool.frames import INGATAN
from dtkstool.ledger.clerks import keputusan
from dtkstool.ledger.store import reading
from dtkstool.link.told import ToldPairs
from dtkstool.messages import Language, message
from dtkstool.write.sheets.definition import CHOICES, REASONS
from dtkstool.write.tables import write_csv

OUT = ("record_id", "id_dtks", "source_file", "sheet", "row", "nik", "nokk", "nama",
       "tanggal_lahir", "nama_ibu", "kecamatan", "alasan", "keterangan")  # fmt: skip
"""Columns of `keluar.csv`: who is out of the counted list, and by which decision."""


@dataclass(frozen=True)
class Memory:
    """Clerks' decisions beside this month's register."""

    told: pl.DataFrame
    """`frames.RECALLED`, text and again."""

    @property
    def persons(self) -> pl.DataFrame:
        """`frames.TOLD_PERSONS`, for `match`."""
        return claims.persons(self.told)

    @property
    def pairs(self) -> ToldPairs:
        """What `dedupe` honours."""
        return ToldPairs(claims.pairs(self.told), claims.out(self.told))

    def decided(
        self,
        decisions: pl.DataFrame,
        changes: pl.DataFrame,
        links: pl.DataFrame,
        records: pl.DataFrame,
    ) -> Honoured:
        """Return a month's decisions and changes after what was decided before."""
        return honoured(
            with_basis(decisions, links),
            changes,
            records.select("record_id", "nik"),
            self.told,
            claims.leaving(self.told),
        )

    @property
    def earlier_pairs(self) -> pl.DataFrame:
        """record_id, other_id, keputusan_lalu: what was decided about pairs before."""
        return pairs_before(self.told)


def memory_of(decisions: pl.DataFrame | None, cleaned: pl.DataFrame, lang: Language) -> Memory:
    """Return the memory of an office from its decisions (`KEPUTUSAN`); None: it has none yet."""
    known = pl.DataFrame(schema=KEPUTUSAN) if decisions is None else decisions
    said = [(choice.sheet, choice.key, choice.word) for choice in CHOICES]
    words = pl.DataFrame(said, schema=["sheet", "decision", "word"], orient="row")
    told = (
        recalled(known, cleaned)
        .join(words, on=["sheet", "decision"], how="left", maintain_order="left")
        .with_columns(pl.coalesce("word", "decision"))
    )
    base, after = _base(lang), _after(lang)
    evidence = pl.lit(message("memory.text.evidence", lang))
    unsettled = ~pl.col("fate").is_in(SETTLED)
    unchanged = pl.when((pl.col("state") == "sama") & ~unsettled).then(evidence)
    return Memory(
        told.with_columns(
            text=pl.concat_str(base, after, separator=". ", ignore_nulls=True),
            again=pl.concat_str(
                base, pl.coalesce(after, unchanged), separator=". ", ignore_nulls=True
            ),
        ).drop("word")
    )


def remembered_in(ledger: Path | None) -> pl.DataFrame | None:
    """Return all clerks' decisions a ledger holds; None without one."""
    if ledger is None:
        return None
    with reading(ledger) as opened:
        return keputusan(opened)


def _base(lang: Language) -> pl.Expr:
    """Return who decided what and when, in words: word, value, reason, note."""
    period = pl.col("period").fill_null(message("memory.text.no_period", lang))
    who = pl.col("petugas").fill_null(message("memory.text.nobody", lang))
    reasons = {code: message(f"workbook.tl.{code}", lang) for code in REASONS}
    tl = pl.col("tl").replace_strict(reasons, default=pl.col("tl"), return_dtype=pl.String)
    return pl.concat_str(
        pl.concat_str(period, pl.lit(", "), who, pl.lit(": "), "word"),
        pl.lit(" → ") + pl.col("value"),
        pl.lit(" (") + tl + pl.lit(")"),
        pl.lit(" – ") + pl.col("note"),
        ignore_nulls=True,
    )


def _after(lang: Language) -> pl.Expr:
    """Return what has become of the values since, null where they are as decided."""
    moved = pl.col("state") == "berubah"
    cell = message("memory.text.cell", lang, value="\x00").split("\x00")
    fields = message("memory.text.changed", lang, fields="\x00").split("\x00")
    then = pl.when(pl.col("values") == "").then(pl.lit("–")).otherwise("values")
    return (
        pl.when(pl.col("state") == "sebelum").then(pl.lit(message("memory.text.undone", lang)))
        .when(moved & (pl.col("subject") == "sel"))
        .then(pl.concat_str(pl.lit(cell[0]), then, pl.lit(cell[1])))
        .when(moved & (pl.col("subject") == "pasangan"))
        .then(pl.lit(message("memory.text.pair", lang)))
        .when(moved)
        .then(pl.concat_str(pl.lit(fields[0]), _changed_fields(), pl.lit(fields[1])))
    )  # fmt: skip


def _changed_fields() -> pl.Expr:
    """Return the names of a person's values that are no longer as they were."""
    labels = {column.name: column.label for column in COLUMNS}
    then, now = (plain(pl.col(name)).str.split("\x1f") for name in ("values", "now"))
    changed = [
        pl.when(
            then.list.get(place, null_on_oob=True).ne_missing(now.list.get(place, null_on_oob=True))
        ).then(pl.lit(labels[field]))
        for place, field in enumerate(PERSON)
    ]
    return pl.concat_list(changed).list.drop_nulls().list.join(", ")


def counts(decisions: pl.DataFrame, silenced: pl.DataFrame, memory: Memory) -> dict[str, int]:
    """Return what earlier decisions came to, for `run.json` and the screen.

    `known` decisions about somebody who is there; records by `ingatan`; `isian` cells and
    `pasangan` pairs that are not asked about again.
    """
    states = decisions["ingatan"].cast(pl.String).value_counts()
    found = dict(states.iter_rows())
    latest = memory.told.filter("latest", pl.col("state") != "hilang")
    return {
        "known": latest.height,
        **{str(name): int(found.get(str(name), 0)) for name in INGATAN.categories},
        "isian": silenced.height,
        "pasangan": memory.pairs.pairs.height,
    }


def with_memory(findings: pl.DataFrame, left: Honoured) -> pl.DataFrame:
    """Return the findings, all of them, with `ingatan`: what an earlier decision settled there.

    By the cell, where its change was refused before; by the person, where the decision was about
    all of them.
    """
    quiet = left.silenced.with_columns(by_cell=pl.lit("dihormati", INGATAN))
    whole = left.decisions.filter(
        pl.col("ingatan").cast(pl.String).is_in(["dihormati", "menunggu", "keluar"])
    ).join(left.silenced, on="record_id", how="anti")
    if quiet.is_empty() and whole.is_empty():
        return findings.with_columns(ingatan=pl.lit(None, INGATAN))
    return (
        findings.join(quiet, on=["record_id", "column"], how="left", maintain_order="left")
        .join(whole.select("record_id", by_person="ingatan"), on="record_id", how="left",
              maintain_order="left")
        .with_columns(ingatan=pl.coalesce("by_cell", "by_person"))
        .drop("by_cell", "by_person")
    )  # fmt: skip


def write_out(decisions: pl.DataFrame, records: pl.DataFrame, memory: Memory, path: Path) -> None:
    """Write `keluar.csv`: who is out of the counted list and may be proposed again."""
    typed = {name: f"{name}_asal" for name in ("nik", "nokk", "nama", "tanggal_lahir", "nama_ibu")}
    out = decisions.filter(pl.col("ingatan").cast(pl.String) == "keluar")
    listed = (
        out.join(records.select("record_id", **typed), on="record_id", how="left",
                 maintain_order="left")
        .join(claims.reasons(memory.told), on="record_id", how="left", maintain_order="left")
        .with_columns(keterangan="keputusan_lalu")
    )  # fmt: skip
    write_csv(listed.select(OUT), path)
