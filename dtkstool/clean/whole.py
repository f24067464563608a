"""What whole columns say, that a slice of the records is judged by.

A register too large to be held is cleaned in slices. Nearly everything is judged cell by cell; what
takes the column is gathered here from all slices first, in a form that can be summed: distinct
numbers, votes, counts, places as typed, hashes of ids.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from dtkstool.clean.codes import Lists, english_layouts, with_codes
from dtkstool.clean.dates import date_votes, with_dates
from dtkstool.clean.hubungan import TOLD, bare_number, list_evidence, list_odds, with_number
from dtkstool.clean.identity import (
    TIE_BREAKERS,
    Ids,
    keys,
    numbered,
    repeated_keys,
    shares_of,
    typed_ids,
    with_typed_id,
)
from dtkstool.clean.nik import Damage, understood, with_nik
from dtkstool.clean.nik_column import damage_of, numbers
from dtkstool.clean.places import known_places, typed_places

Slices = Callable[[], Iterator[pl.DataFrame]]
"""Gives `frames.RECORDS` slice by slice, as often as it is asked."""
NUMBERS = ("nik", "nokk")


@dataclass(frozen=True)
class Whole:
    """What `clean_facts` asks of whole columns; None is worked out from the frame at hand."""

    ids: Ids | None = None
    damage: Damage | None = None
    votes: pl.DataFrame | None = None
    lists: Lists | None = None
    places: pl.DataFrame | None = None


def whole(slices: Slices, today: date) -> Whole:
    """Return what all slices together say."""
    seen = [_seen(df, today) for df in slices()]
    damage = {field: damage_of(pl.concat(one.numbers[field] for one in seen)) for field in NUMBERS}
    result = Whole(damage=damage)
    if any(of["zero_damaged"].any() or of["even_damaged"].any() for of in damage.values()):
        votes = [date_votes(_with_numbers(df, damage), today) for df in slices()]
    else:
        votes = [one.votes for one in seen]
    result = replace(result, votes=pl.concat(votes))
    english = frozenset().union(*(one.english for one in seen))
    result = replace(result, lists=Lists(english))
    if any(one.bare_numbers for one in seen):
        evidence = [_list_evidence(df, result, today) for df in slices()]
        result = replace(result, lists=Lists(english, list_odds(evidence)))
    places = known_places(
        (one.places for one in seen), lambda: (_with_numbers(df, damage) for df in slices())
    )
    return replace(result, places=places, ids=_ids(seen, slices))


@dataclass(frozen=True)
class _Seen:
    """What one slice says by itself."""

    numbers: dict[str, pl.DataFrame]
    votes: pl.DataFrame
    """Right unless a column of NIK turns out to be damaged."""
    english: frozenset[int]
    bare_numbers: bool
    places: pl.DataFrame
    ids: pl.DataFrame
    keys: pl.DataFrame


def _seen(df: pl.DataFrame, today: date) -> _Seen:
    known = {field: understood(df, field) for field in NUMBERS}
    identified = with_typed_id(df)
    return _Seen(
        {field: numbers(known[field]) for field in NUMBERS},
        date_votes(df.with_columns(known["nik"]["nik"]), today),
        english_layouts(df),
        bool(
            df["hubungan_asal"]
            .unique()
            .to_frame("cell")
            .select(bare_number(pl.col("cell")).any())
            .item()
        ),
        typed_places(df),
        typed_ids(identified),
        keys(identified),
    )


def _with_numbers(df: pl.DataFrame, damage: Damage) -> pl.DataFrame:
    """Return a slice with its NIK and No KK understood, `TIES` among them."""
    return with_nik(df.lazy(), damage).collect()


def _list_evidence(df: pl.DataFrame, given: Whole, today: date) -> pl.DataFrame:
    people = _with_numbers(df, given.damage or {}).lazy().pipe(with_dates, today, given.votes)
    nobodys = pl.DataFrame(schema={"layout": pl.UInt16, "odds": pl.Float64})
    lists = replace(given.lists or Lists(frozenset()), odds=nobodys)
    return list_evidence(with_number(people.pipe(with_codes, lists).collect()).select(TOLD))


def _ids(seen: list[_Seen], slices: Slices) -> Ids:
    shares = shares_of(one.ids for one in seen)
    repeated = repeated_keys(pl.concat(one.keys for one in seen), shares)
    if repeated.is_empty():
        return Ids(shares, pl.DataFrame(schema={"record": pl.UInt32, "nth": pl.Int64}))
    typed = pl.concat(
        df.select(TIE_BREAKERS).join(repeated, on="record", how="semi") for df in slices()
    )
    return Ids(shares, numbered(typed.join(repeated, on="record")))
