"""Why a record was linked as it was: its candidates, and what each one's weight is made of."""

from dataclasses import dataclass

import polars as pl

from dtkstool.link.blocking import BLOCKS, candidates
from dtkstool.link.comparisons import COMPARISONS
from dtkstool.link.keys import Dictionaries, extended
from dtkstool.link.matching import people
from dtkstool.link.resolve import named_levels, ranked, verdicts
from dtkstool.link.score import Everyone, Task, cheap_levels, compare, scored, weighed
from dtkstool.link.weigh import FAMILY
from dtkstool.link.weights import Model

STEPS = ("prior", *(c.name for c in COMPARISONS), FAMILY)


@dataclass(frozen=True)
class Candidate:
    """One person a record was compared with."""

    person: int
    rank: int
    block: str
    """The blocking rule that found the pair."""
    steps: tuple[tuple[str, str, float], ...]
    """Of `STEPS`: name, level ("" for the prior and the family), bits; they add up to weight."""
    weight: float
    probability: float
    margin: float
    """Bits to the strongest other candidate; negative for all but the best."""
    reason: str
    """Why it is (not) linked: accepted, beaten, claimed, close, vetoed, weak or hopeless."""


def explain(
    record: pl.DataFrame,
    registry: pl.DataFrame,
    words: Dictionaries,
    model: Model,
    *,
    most: int = 5,
) -> list[Candidate]:
    """Return up to `most` candidates of one record (a frame of one row), the best first.

    Hopeless pairs are kept, so that one sees why they are. `registry` is a `KEYS` frame.
    """
    words = extended(words, record.select("nama_folk", "nama_ibu_folk", "tempat_lahir"))
    register = people(record, words).looked_up(registry)
    found = candidates(register.keys, registry, BLOCKS)
    task = Task(found.pairs, register.side(), Everyone.registered(registry, words), model)
    compared = compare(task, cheap_levels(task))
    parts = weighed(task, compared)
    family = parts.weight - parts.stranger
    whole = scored(task, compared).with_columns(
        **{f"bits_{name}": pl.Series(bits) for name, bits in parts.parts.items()},
        **{f"bits_{FAMILY}": pl.Series(family)},
    )
    if whole.is_empty():
        return []
    everyone = ranked(whole, register.owner)
    judged = verdicts(everyone, model, keep=most)
    return [_candidate(row, model) for row in named_levels(judged).iter_rows(named=True)]


def _candidate(row: dict[str, object], model: Model) -> Candidate:
    steps = tuple(
        (name, str(row.get(f"level_{name}") or ""), float(str(row[f"bits_{name}"])))
        for name in STEPS
    )
    return Candidate(
        person=int(str(row["person"])),
        rank=int(str(row["rank"])),
        block=BLOCKS[int(str(row["block"]))].name,
        steps=steps,
        weight=float(str(row["weight"])),
        probability=float(str(row["probability"])),
        margin=float(str(row["margin"])),
        reason=str(row["reason"]),
    )
