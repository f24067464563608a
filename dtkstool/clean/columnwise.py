"""Cleaning column by column: what is being cleaned is read, what is asked for is kept."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
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
LATER = ("nik", "nokk", "tanggal_lahir", "tanggal_lahir_kelas", *TIES)
"""Cleaned columns that kernels after their own read."""


def clean_columns(records: pl.LazyFrame, today: date, kept: Collection[str]) -> pl.DataFrame:
    """Return the columns in `kept` that cleaning adds to `frames.RECORDS`, row for row.

    The records may lie on disk; of them only what a kernel reads is held while it works.
    """
    with ThreadPoolExecutor(1) as other:
        names = other.submit(_ids_and_names, records, kept)
        facts = _added(records, with_nik, kept)
        for kernel in (partial(with_dates, today=today), partial(with_nik_facts, today=today)):
            facts = facts.hstack(_added(_beside(records, facts), kernel, kept))
        codes = _added(_beside(records, facts), with_codes, kept)
        places = _added(_beside(records, facts), with_places, kept)
        added = [facts, codes, places, names.result()]
    return pl.concat(added, how="horizontal").select(pl.col(n) for n in kept)


def _ids_and_names(records: pl.LazyFrame, kept: Collection[str]) -> pl.DataFrame:
    return _added(records, with_record_id, kept).hstack(_added(records, with_names, kept))


def _beside(records: pl.LazyFrame, facts: pl.DataFrame) -> pl.LazyFrame:
    return pl.concat([records, facts.lazy()], how="horizontal")


def _added(lf: pl.LazyFrame, kernel: Kernel, kept: Collection[str]) -> pl.DataFrame:
    """Return the columns that a kernel adds, as far as they are kept or read by a later one."""
    there, after = lf.collect_schema(), kernel(lf)
    wanted = [n for n in after.collect_schema() if n not in there and (n in kept or n in LATER)]
    return after.select(wanted).collect().rechunk()
