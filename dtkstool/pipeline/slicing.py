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
from dtkstool.rules.check import by_record, placeable, placed
from dtkstool.rules.profiles import within
from dtkstool.rules.rule import Rule
from dtkstool.rules.sliced import (
    Keys,
    Together,
    column_findings,
    groups_of_all,
    judged_alone,
    judged_together,
    keys_of,
    merged,
    read_again,
    read_by,
    slice_facts,
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
    at = letters(sliced.read)
    judging = placeable(rules, at)
    alone = judged_alone(judging, today)
    beside = judged_together(judging, alone)
    seen = _seen(sliced, alone, today=today, lang=lang, rules=judging)
    groups = groups_of_all(seen.keys, seen.facts)
    seen.keys.clear()
    columns = column_findings(seen.facts, groups, judging, lang)
    verdicts = verdicts_of(seen.facts, groups, beside, where or Where())
    profiles = kinds.of if kinds else {}

    def pieces() -> Iterator[pl.DataFrame]:
        yield within(pl.concat([files, placed(columns, at)]), profiles, rules)
        others = Together(groups, verdicts, beside, lang)
        for alone_, other in zip(seen.found, others.each(seen.facts), strict=True):
            yield within(placed(merged([alone_.collect(), other], rules), at), profiles, rules)

    return stored(pieces(), sliced.slices.spool.keep)


@dataclass(frozen=True)
class Kept:
    """Slices that were put on disk without their empty columns."""

    schema: pl.Schema
    parts: Sequence[pl.LazyFrame]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that every slice has."""
        return frozenset(self.schema)

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each slice, all its columns or those asked for."""
        wanted = list(self.schema) if columns is None else columns
        for part in self.parts:
            there = part.collect_schema()
            empty = {c: pl.lit(None, self.schema[c]) for c in wanted if c not in there}
            yield part.with_columns(**empty).select(wanted).collect()


@dataclass(frozen=True)
class _Seen:
    """What the slices said one by one."""

    keys: list[Keys]
    facts: Kept
    """What is read again of each."""
    found: list[pl.LazyFrame]
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
        df = slice_facts(cleaned(records, today, given).lazy(), today, read_by(rules))
        found.append(keep(by_record(df, alone, lang)))
        keys.append(keys_of(df))
        df = df.select(name for name in df.columns if name in again)
        kept.append(keep(df.select(s for s in df if s.null_count() < len(s))))
        schema = df.schema
    return _Seen(keys, Kept(schema, kept), found)
