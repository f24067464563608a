"""Cleaning column by column: what is being cleaned is read, what is asked for is put away."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from dtkstool.clean.codes import with_codes
from dtkstool.clean.dates import with_dates
from dtkstool.clean.identity import with_record_id
from dtkstool.clean.names import with_names
from dtkstool.clean.nik import with_nik
from dtkstool.clean.nik_facts import with_nik_facts
from dtkstool.clean.places import TIES, with_places

Kernel = Callable[[pl.LazyFrame], pl.LazyFrame]
Keep = Callable[[pl.DataFrame], pl.LazyFrame]
READ_LATER = ("nik", "tanggal_lahir", *TIES)
"""Cleaned columns that kernels after their own read."""


@dataclass(frozen=True)
class Cleaning:
    """Cleans `frames.RECORDS`, which may lie on disk in slices; what is cleaned lies there too."""

    records: Sequence[pl.LazyFrame]
    heights: Sequence[int]
    """How many records each slice has."""
    wanted: Collection[str]
    """The cleaned columns that are kept."""
    keep: Keep
    """Puts a frame where a query finds it again."""

    def cleaned(self, today: date) -> list[pl.LazyFrame]:
        """Return each slice of the records with the wanted columns that cleaning adds."""
        dated = partial(with_dates, today=today)
        facts = (with_nik, dated, partial(with_nik_facts, today=today), with_codes, with_places)
        with ThreadPoolExecutor(1) as other:
            names = other.submit(self._each, (with_record_id, with_names))
            columns = [*self._each(facts), *names.result()]
        slices = zip(*columns, strict=True)
        return [
            pl.concat([records, *added], how="horizontal")
            for records, added in zip(self.records, slices, strict=True)
        ]

    def _each(self, kernels: Sequence[Kernel]) -> list[list[pl.LazyFrame]]:
        """Return what each kernel adds, put away slice by slice; later ones read earlier ones."""
        lf = pl.concat(self.records)
        kept = []
        for kernel in kernels:
            added = self._added(lf, kernel)
            kept.append(self._put_away(added))
            read_later = [name for name in added.columns if name in READ_LATER]
            lf = pl.concat([lf, added.select(read_later).lazy()], how="horizontal")
        return kept

    def _added(self, lf: pl.LazyFrame, kernel: Kernel) -> pl.DataFrame:
        there, after = lf.collect_schema(), kernel(lf)
        added = [name for name in after.collect_schema() if name not in there]
        return after.select(n for n in added if n in self.wanted or n in READ_LATER).collect()

    def _put_away(self, added: pl.DataFrame) -> list[pl.LazyFrame]:
        wanted = added.select(name for name in added.columns if name in self.wanted)
        slices, start = [], 0
        for height in self.heights:
            slices.append(self.keep(wanted.slice(start, height)))
            start += height
        return slices
