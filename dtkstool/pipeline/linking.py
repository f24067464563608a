"""Learning the weights, judging links, and explaining one record's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.errors import BadConfiguration, UnusableInput, Where
from dtkstool.link.blocking import BLOCKS, Block, candidates
from dtkstool.link.evaluate import each_kind, judge
from dtkstool.link.explain import Candidate, explain
from dtkstool.link.keys import extended
from dtkstool.link.matching import match, people
from dtkstool.link.train import pooled, train
from dtkstool.link.weights import CUTS, load, read
from dtkstool.masking import mask_date, mask_name, mask_number
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import Register, load_register
from dtkstool.pipeline.truth import load_truth
from dtkstool.registry import Registry, open_registry
from dtkstool.write.tables import write_json

FORMS = ("text", "json")


def train_model(
    register: Register,
    registry: Registry,
    out: Path,
    *,
    start: Path | None,
    also: Sequence[Path],
    seed: int,
    precision: float,
) -> dict[str, Any]:
    """Learn a model from a register and its registry, write it to `out`, return its tables.

    `also` are models learned elsewhere: the result is the mean of all of them, with the strictest
    of their cuts. BadConfiguration when a file is no model; UnusableInput, nothing written, when
    fewer than `train.LEAST_SETTLED` records carry their own truth.
    """
    others = [_tables(path) for path in also]
    tables = train(
        register.cleaned,
        registry.keys,
        registry.words,
        _tables(start),
        seed=seed,
        precision=precision,
    )
    made_from = {**tables["made_from"], "registry": registry.meta["fingerprint"]}
    whole = pooled([{**tables, "made_from": made_from}, *others])
    write_json(whole, out)
    return whole


def _tables(path: Path | None) -> dict[str, Any]:
    load(path)
    return read(path)


@dataclass(frozen=True)
class Explained:
    """One record's link and the candidates behind it."""

    record: dict[str, Any]
    link: dict[str, Any]
    candidates: list[Candidate]
    persons: dict[int, dict[str, Any]]
    """What the registry says of each candidate, by person."""
    cuts: dict[str, float]


def explain_record(
    register: Register,
    registry: Registry,
    wanted: str,
    model_path: Path | None,
    *,
    unmasked: bool,
) -> Explained:
    """Return why the record with this record_id or DTKS id was linked as it was.

    UnusableInput if there is none. Of several records with one DTKS id the first is explained.
    """
    model = load(model_path)
    known = (pl.col("record_id") == wanted) | (pl.col("id_dtks") == wanted)
    record = register.cleaned.filter(known).head(1)
    if record.is_empty():
        raise UnusableInput("unknown_record", value=wanted)
    found = explain(record, registry.keys, registry.words, model)
    link = match(record, registry.keys, registry.words, model).links.row(0, named=True)
    persons = registry.persons(pl.Series([c.person for c in found], dtype=pl.UInt32))
    shown = _shown(persons, pl.col("nik"), unmasked).with_columns(persons["person"])
    typed = _shown(record, pl.coalesce("nik", "nik_digits", pl.lit("–")), unmasked)
    cuts = {name: float(getattr(model, name)) for name in CUTS}
    return Explained(
        typed.with_columns(record=record["record_id"]).row(0, named=True),
        link,
        found,
        {row.pop("person"): row for row in shown.rows(named=True)},
        cuts,
    )


def _shown(people: pl.DataFrame, nik: pl.Expr, unmasked: bool) -> pl.DataFrame:
    """Return name, nik and born of people as text, masked unless asked otherwise."""
    plain = people.select(
        name=pl.col("nama_asal").fill_null("–"),
        nik=nik,
        born=pl.col("tanggal_lahir").dt.strftime("%d-%m-%Y").fill_null("–"),
    )
    if unmasked:
        return plain
    return plain.select(mask_name(pl.col("name")), mask_number(pl.col("nik")),
                        mask_date(pl.col("born")))  # fmt: skip


def evaluate(
    run: Path,
    *,
    truth: Path | None,
    decisions: Sequence[Path],
    files: Sequence[str],
    registry: Path | None,
    today: date,
) -> dict[str, Any]:
    """Return the figures of a run's links against a truth file or clerks' filled workbooks.

    `run` is a folder of `run` or `match`, or a links file. With `files` and `registry` the pair
    completeness of the blocking rules is measured too. BadConfiguration without any truth.
    """
    links, places = _links(run)
    known = load_truth(truth, decisions, links, places)
    figures = judge(links, known)
    if files and registry:
        clock = Clock()
        register = load_register(list(files), today=today, column_map=None, clock=clock)
        figures["pair_completeness"], kinds = completeness(register, open_registry(registry), known)
        for kind, share in kinds.items():
            figures["by_kind"][kind]["pair_completeness"] = share
    return figures


def _links(run: Path) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    path = run / "links.parquet" if run.is_dir() else run
    if not path.is_file():
        raise UnusableInput("links_missing", where=Where(file=str(path)))
    decisions = path.parent / "decisions.parquet"
    places = None
    if decisions.is_file():
        places = pl.read_parquet(
            decisions, columns=["record_id", "source_file", "sheet", "row", "kecamatan"]
        )
    return pl.read_parquet(path), places


def completeness(
    register: Register, registry: Registry, truth: pl.DataFrame
) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the share of true pairs that each blocking rule finds, and all rules together.

    And, where the truth knows kinds of corruption, all rules' share by kind.
    """
    person = registry.keys.select(
        nik=pl.col("nik").cast(pl.String), person=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    true = (
        register.cleaned.select("record", "record_id")
        .join(truth.select("record_id", nik="nik_benar").drop_nulls(), on="record_id")
        .join(person, on="nik")
        .select("record", "person")
    )
    words = extended(
        registry.words, register.cleaned.select("nama_folk", "nama_ibu_folk", "tempat_lahir")
    )
    side = people(register.cleaned, words)

    def found(blocks: tuple[Block, ...]) -> tuple[pl.DataFrame, int]:
        by = candidates(side.keys, registry.keys, blocks)
        pairs = by.pairs.select(record=side.owner.gather(by.pairs["left"]), person="right")
        return true.join(pairs.unique(), on=["record", "person"], how="semi"), pairs.height

    every, total = found(BLOCKS)
    rules = {"semua": (every, total), **{block.name: found((block,)) for block in BLOCKS}}
    shares = {
        name: {"found": hits.height, "share": hits.height / max(true.height, 1), "pairs": pairs}
        for name, (hits, pairs) in rules.items()
    }
    return shares, _by_kind(true, every, truth, register)


def _by_kind(
    true: pl.DataFrame, found: pl.DataFrame, truth: pl.DataFrame, register: Register
) -> dict[str, float]:
    """Return which share of the true pairs was found, by kind of corruption."""
    if "kinds" not in truth.columns:
        return {}
    ids = register.cleaned.select("record", "record_id")
    kinds = each_kind(truth).join(ids, on="record_id").select("record", "kinds")
    hit = true.join(found.with_columns(hit=pl.lit(True)), on=["record", "person"], how="left")
    shares = kinds.join(hit, on="record").group_by("kinds").agg(pl.col("hit").is_not_null().mean())
    return dict(shares.sort("kinds").rows())


def as_json(figures: dict[str, Any]) -> str:
    """Return figures as one JSON document."""
    return json.dumps(figures, ensure_ascii=False, indent=2, default=str)


def demand_truth(truth: Path | None, decisions: Sequence[Path], form: str) -> None:
    """Raise BadConfiguration when there is nothing to judge against, or no such format."""
    if truth is None and not decisions:
        raise BadConfiguration("no_truth")
    if form not in FORMS:
        raise BadConfiguration("bad_format", value=form, known=", ".join(FORMS))


def demand_purpose(out: Path | None, explain: str) -> None:
    """Raise BadConfiguration when `match` was asked neither to write nor to explain."""
    if out is None and not explain:
        raise BadConfiguration("no_purpose")
