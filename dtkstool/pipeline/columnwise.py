"""Checking a register that is large but not huge: cleaned column by column, judged slice by slice.

The records lie on disk, and of each column only what is being cleaned or judged is read. What is
held is what the rules read of the cleaned columns.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import polars as pl

from dtkstool.clean.columnwise import clean_columns
from dtkstool.errors import Where
from dtkstool.frames import CLEANED, RECORDS
from dtkstool.messages import Language
from dtkstool.pipeline.profiling import Kinds
from dtkstool.pipeline.register import letters
from dtkstool.read import Sliced
from dtkstool.rules.check import placeable, placed
from dtkstool.rules.evidence import with_row_evidence
from dtkstool.rules.profiles import within
from dtkstool.rules.rule import Rule
from dtkstool.rules.sliced import (
    Together,
    column_findings,
    groups_of_all,
    keys_of,
    read_by,
    slice_facts,
    verdicts_of,
)

NARROW = 8
"""Columns up to which those of all records are read at once."""


def found_by_columns(
    sliced: Sliced,
    files: pl.DataFrame,
    *,
    today: date,
    lang: Language,
    rules: Sequence[Rule],
    where: Where | None = None,
    kinds: Kinds | None = None,
) -> pl.DataFrame:
    """Return the findings on files, beside those on columns and records, as `found` gives them."""
    at = letters(sliced.read)
    judging = placeable(rules, at)
    facts = _facts(sliced, today, judging)
    groups = groups_of_all([keys_of(df) for df in facts.slices()], facts)
    columns = column_findings(facts, groups, judging, lang)
    verdicts = verdicts_of(facts, groups, judging, where or Where())
    on_records = tuple(rule for rule in judging if rule.scope in ("row", "group"))
    together = Together(groups, verdicts, on_records, lang)

    def judged(part: int) -> pl.DataFrame:
        return placed(together.judged(facts.slice(part), facts.starts[part]), at)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(judged, range(len(facts.records))))
    return within(pl.concat([files, placed(columns, at), *found]), kinds.of if kinds else {}, rules)


@dataclass(frozen=True)
class _Facts:
    """What the records show by themselves, worked out whenever it is asked for."""

    records: Sequence[pl.LazyFrame]
    starts: Sequence[int]
    """The first record of each slice, and how many there are in all."""
    cleaned: pl.DataFrame
    today: date
    columns: frozenset[str]

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each slice, all its columns or those asked for."""
        if columns is not None and len(columns) <= NARROW:
            yield self._facts(pl.concat(self.records), self.cleaned, columns)
            return
        for at in range(len(self.records)):
            yield self.slice(at, columns)

    def slice(self, at: int, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return one slice, all its columns or those asked for."""
        start, end = self.starts[at : at + 2]
        return self._facts(self.records[at], self.cleaned[start:end], columns or self.columns)

    def _facts(
        self, records: pl.LazyFrame, cleaned: pl.DataFrame, wanted: Collection[str]
    ) -> pl.DataFrame:
        there = pl.concat([records, cleaned.lazy()], how="horizontal")
        if all(name in self.cleaned.columns or name in RECORDS for name in wanted):
            return there.select(wanted).collect(engine="in-memory").rechunk()
        return slice_facts(there, self.today, wanted)


def _facts(sliced: Sliced, today: date, rules: Sequence[Rule]) -> _Facts:
    records = tuple(sliced.slices.queries)
    starts = [0, *accumulate(count for count, _ in sliced.slices.parts)]
    needed = read_by(rules)
    kept = [name for name in CLEANED if name in needed and name not in RECORDS]
    there = with_row_evidence(pl.LazyFrame(schema=CLEANED), today).collect_schema()
    cleaned = clean_columns(pl.concat(records), today, kept)
    return _Facts(records, starts, cleaned, today, frozenset(n for n in there if n in needed))
