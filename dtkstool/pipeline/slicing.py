"""Checking a register that is too large to be held: cleaned and judged slice by slice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from dtkstool.clean.whole import whole
from dtkstool.errors import Where
from dtkstool.messages import Language
from dtkstool.pipeline.register import cleaned, letters
from dtkstool.read import Sliced
from dtkstool.read.people import Load
from dtkstool.rules.rule import Rule
from dtkstool.rules.sliced import check_slices, groups_of, keys_of, row_facts


def found_in_slices(
    sliced: Sliced,
    *,
    today: date,
    lang: Language,
    rules: Sequence[Rule],
    where: Where | None = None,
) -> pl.DataFrame:
    """Return the findings on columns and records, as `check` gives them of all at once.

    What is held is one slice, the keys of all (some 150 bytes a record), and the findings.
    """
    slices = sliced.slices
    given = whole(slices.__iter__, today)
    keys, kept, schema = [], [], pl.Schema()
    for records in slices:
        df = row_facts(cleaned(records, today, given), today, rules)
        keys.append(keys_of(df))
        kept.append(slices.spool.keep(df.select(s for s in df if s.null_count() < len(s))))
        schema = df.schema
    facts = Kept(schema, kept)
    groups = groups_of(keys, facts)
    return check_slices(
        facts, groups, letters(sliced.read), today=today, rules=rules, lang=lang, where=where
    )


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
