"""Cleaning: what each cell says, beside what was typed. Adds columns, changes or drops none."""

from datetime import date

import polars as pl

from dtkstool.clean.codes import with_codes
from dtkstool.clean.dates import with_dates
from dtkstool.clean.identity import with_record_id
from dtkstool.clean.names import with_names
from dtkstool.clean.nik import with_nik
from dtkstool.clean.nik_facts import with_nik_facts
from dtkstool.clean.places import with_places
from dtkstool.clean.whole import Whole


def clean(records: pl.LazyFrame, *, today: date) -> pl.LazyFrame:
    """Return the records (`frames.RECORDS`) with everything understood of them (`frames.CLEANED`).

    `today` bounds birth dates and decides centuries; it is the data's reference date.
    """
    return records.pipe(clean_facts, today=today).pipe(clean_names)


def clean_facts(records: pl.LazyFrame, *, today: date, whole: Whole | None = None) -> pl.LazyFrame:
    """Return the records with all but names understood: ids, numbers, dates, codes, places.

    All records at once, or a slice of them with what the `whole` says.
    """
    given = whole or Whole()
    return (
        records.pipe(with_record_id, given.ids)
        .pipe(with_nik, given.damage)
        .pipe(with_dates, today, given.votes)
        .pipe(with_nik_facts, today)
        .pipe(with_codes, given.lists)
        .pipe(with_places, given.places)
    )


def clean_names(records: pl.LazyFrame) -> pl.LazyFrame:
    """Return the records with their names understood; reads only nama_asal and nama_ibu_asal."""
    return with_names(records)
