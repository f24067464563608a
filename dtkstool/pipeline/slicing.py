"""Checking a register that is too large to be held: cleaned and judged slice by slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dtkstool.clean.whole import Whole, whole
from dtkstool.errors import Where
from dtkstool.messages import Language
from dtkstool.pipeline.profiling import Kinds
from dtkstool.pipeline.register import cleaned, letters
from dtkstool.read import Sliced
from dtkstool.read.people import Load
from dtkstool.rules.check import by_record, placed
from dtkstool.rules.profiles import within
from dtkstool.rules.rule import Rule
from dtkstool.rules.sliced import (
    Keys,
    column_findings,
    groups_of,
    judged_alone,
    judged_together,
    keys_of,
    merged,
    read_again,
    row_facts,
    together,
    verdicts_of,
)
from dtkstool.write.pieces import Pieces, stored


def found_in_slices(
    sliced: Sliced,
    files: pl.DataFrame,
    *,
    today: date,
    lang: Language,
    rules: Sequence[Rule],
    where: Where | None = None,
    kinds: Kinds | None = None,
) -> Pieces:
    """Return the findings on files, beside those on columns and records, as `found` gives them.

    What is held is one slice and the keys of all records (some 150 bytes each); the findings lie
    on disk.
    """
    alone = judged_alone(rules, today)
    beside = judged_together(rules, alone)
    seen = _seen(sliced, alone, today=today, lang=lang, rules=rules)
    groups = groups_of(seen.keys, seen.facts)
    seen.keys.clear()
    columns = column_findings(seen.facts, groups, rules, lang)
    verdicts = verdicts_of(seen.facts, groups, beside, where or Where())
    at = letters(sliced.read)
    profiles = kinds.of if kinds else {}

    def pieces() -> Iterator[pl.DataFrame]:
        yield within(pl.concat([files, placed(columns, at)]), profiles, rules)
        others = together(seen.facts, groups, verdicts, rules=beside, lang=lang)
        for load, other in zip(seen.found, others, strict=True):
            yield within(placed(merged([load(), other], rules), at), profiles, rules)

    return stored(pieces(), sliced.slices.spool.keep)


@dataclass(frozen=True)
class Kept:
    """Slices that were put on disk without their empty columns."""

    schema: pl.Schema
    loads: Sequence[Load]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that every slice has."""
        return frozenset(self.schema)

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each slice, all its columns or those asked for."""
        wanted = list(self.schema) if columns is None else list(columns)
        for load in self.loads:
            df = load() if columns is None else load(columns=wanted)
            empty = [pl.lit(None, self.schema[c]).alias(c) for c in wanted if c not in df.columns]
            yield df.with_columns(empty).select(wanted)


@dataclass(frozen=True)
class _Seen:
    """What the slices said one by one."""

    keys: list[Keys]
    facts: Kept
    """What is read again of each."""
    found: list[Load]
    """What is wrong with each by itself, before its cell is known."""


def _seen(
    sliced: Sliced, alone: Sequence[Rule], *, today: date, lang: Language, rules: Sequence[Rule]
) -> _Seen:
    slices = sliced.slices
    keep = slices.spool.keep
    given: Whole = whole(slices.__iter__, today)
    again = read_again(rules, alone)
    keys, kept, found, schema = [], [], [], pl.Schema()
    for records in slices:
        df = row_facts(cleaned(records, today, given), today, rules)
        found.append(keep(by_record(df, alone, lang)))
        keys.append(keys_of(df))
        df = df.select(name for name in df.columns if name in again)
        kept.append(keep(df.select(s for s in df if s.null_count() < len(s))))
        schema = df.schema
    return _Seen(keys, Kept(schema, kept), found)
