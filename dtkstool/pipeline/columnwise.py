"""Checking a register that is large but not huge: cleaned column by column, judged slice by slice.

The records lie on disk, and so does what the rules read of their cleaned columns: only those
columns are held that are being cleaned, only those slices that are being judged.
"""

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

import polars as pl

from dtkstool.clean.columnwise import Cleaning
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
    KEYED_BY,
    Together,
    column_findings,
    groups_of_all,
    keys_of,
    read_by,
    slice_facts,
    verdicts_of,
)
from dtkstool.write.pieces import Pieces, stored

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
) -> Pieces:
    """Return the findings on files, beside those on columns and records, as `found` gives them.

    What is held is a few columns of all records, or two slices of them; the findings lie on disk.
    """
    at = letters(sliced.read)
    judging = placeable(rules, at)
    facts = _facts(sliced, today, judging)
    groups = groups_of_all([keys_of(df) for df in facts.slices(KEYED_BY)], facts)
    verdicts = verdicts_of(facts, groups, judging, where or Where())
    on_records = tuple(rule for rule in judging if rule.scope in ("row", "group"))
    together = Together(groups, verdicts, on_records, lang)

    def judged(part: int) -> pl.DataFrame:
        return together.judged(facts.slice(part), facts.starts[part])

    def pieces() -> Iterator[pl.DataFrame]:
        with ThreadPoolExecutor(2) as pool:
            columns = pool.submit(column_findings, facts, groups, judging, lang)
            by_record = pool.map(judged, range(len(facts.cleaned)))
            yield pl.concat([files, placed(columns.result(), at)])
            yield from (placed(part, at) for part in by_record)

    profiles = kinds.of if kinds else {}
    return stored((within(part, profiles, rules) for part in pieces()), sliced.slices.spool.keep)


@dataclass(frozen=True)
class _Facts:
    """What the records show by themselves, worked out whenever it is asked for."""

    cleaned: Sequence[pl.LazyFrame]
    """Slice by slice."""
    starts: Sequence[int]
    """The first record of each slice."""
    today: date
    columns: frozenset[str]

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each slice, all its columns or those asked for."""
        if columns is not None and len(columns) <= NARROW:
            yield self.whole(columns)
        else:
            yield from (self.slice(at, columns) for at in range(len(self.cleaned)))

    def whole(self, columns: Collection[str]) -> pl.DataFrame:
        """Return these columns of all records."""
        return self._facts(pl.concat(self.cleaned), columns)

    def slice(self, at: int, columns: Collection[str] | None = None) -> pl.DataFrame:
        """Return one slice, all its columns or those asked for."""
        return self._facts(self.cleaned[at], columns or self.columns)

    def _facts(self, cleaned: pl.LazyFrame, wanted: Collection[str]) -> pl.DataFrame:
        there = cleaned.collect_schema()
        if all(name in there for name in wanted):
            return cleaned.select(wanted).collect(engine="in-memory").rechunk()
        return slice_facts(cleaned, self.today, wanted)


def _facts(sliced: Sliced, today: date, rules: Sequence[Rule]) -> _Facts:
    slices = sliced.slices
    heights = [height for height, _ in slices.parts]
    needed = read_by(rules)
    wanted = [name for name in CLEANED if name in needed and name not in RECORDS]
    cleaning = Cleaning(list(slices.queries), heights, wanted, slices.spool.keep)
    there = with_row_evidence(pl.LazyFrame(schema=CLEANED), today).collect_schema()
    shown = frozenset(name for name in there if name in needed)
    return _Facts(cleaning.cleaned(today), list(accumulate(heights, initial=0)), today, shown)
