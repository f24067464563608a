"""The rows of a sheet that are people, in parts small enough to be held."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import polars as pl

DIGITS = r"(?:\d[\s.'`-]?){15}\d"
"""Sixteen digits, as people write them."""


class Load(Protocol):
    """Gives a frame that may lie on disk."""

    def __call__(self, *, columns: list[str] | None = None) -> pl.DataFrame:
        """Return the frame, all of it or the columns asked for."""


_ABOVE = {"kk": pl.String(), "kk_row": pl.UInt32(), "kk_numeric": pl.Boolean()}
Keep = Callable[[pl.DataFrame], Load]
"""Puts a frame where it can be had again."""


def in_memory(df: pl.DataFrame) -> Load:
    """Keep a frame as it is."""
    return partial(_columns, df)


def _columns(df: pl.DataFrame, *, columns: list[str] | None = None) -> pl.DataFrame:
    return df if columns is None else df.select(columns)


@dataclass(frozen=True)
class Body:
    """The rows below the header."""

    rows: pl.DataFrame
    """`row` and `on_sight` of every row."""
    parts: tuple[tuple[int, Load], ...]
    """Rows, and the mapped columns with `row`, `on_sight`."""
    own_numbers: float
    """Share of the people on sight, with anything under No KK, that have 16 digits there."""
    blank_numbers: float = 0.0
    """Share of the people on sight with nothing under No KK; 0 without such a column."""


def gathered(bodies: Iterable[pl.DataFrame], nokk: str | None, keep: Keep) -> Body:
    """Return the rows of all parts of a sheet; `nokk` is the column of their No KK."""
    rows, parts, seen, written, numbers = [], [], 0, 0, 0
    for body in bodies:
        rows.append(body.select("row", "on_sight"))
        parts.append((body.height, keep(body)))
        if nokk:
            own = body.filter("on_sight")[nokk]
            seen += len(own)
            written += own.count()
            numbers += int(own.str.contains(DIGITS).sum())
    return Body(
        pl.concat(rows),
        tuple(parts),
        numbers / written if written else 0.0,
        1 - written / seen if seen else 0.0,
    )


@dataclass(frozen=True)
class Families:
    """The family lines of per-KK blocks."""

    lines: pl.DataFrame
    """`row`, `kk`, `kk_row`, `kk_numeric`, in order."""
    column: str
    """The cell column that most of them have their number in."""
    filled: int = 0
    """Members that get the number of their head's row, where the heads are the family lines."""


@dataclass(frozen=True)
class People:
    """The people of a sheet, part by part."""

    parts: tuple[tuple[int, Load], ...]
    rows: pl.Series
    """The row numbers of all parts."""
    out: pl.Series
    """The rows among them that are nobody."""
    families: Families | None

    @property
    def height(self) -> int:
        """How many people there are."""
        return len(self.rows) - len(self.out)

    def each(self) -> Iterator[tuple[int, Load]]:
        """Give the number of people of each part, and how to load it."""
        start = 0
        for height, load in self.parts:
            here = self.rows.slice(start, height)
            left_out = int(here.is_in(self.out.implode()).sum())
            yield height - left_out, partial(self._people, load)
            start += height

    def _people(self, load: Load, *, columns: list[str] | None = None) -> pl.DataFrame:
        """Return `row`, the columns as typed, and `kk, kk_row, kk_numeric` of the line above.

        The latter are null without per-KK blocks.
        """
        wanted = None if columns is None else [c for c in columns if c not in _ABOVE]
        people = load(columns=wanted).drop("on_sight", strict=False)
        if len(self.out):
            people = people.filter(~pl.col("row").is_in(self.out.implode()))
        if self.families is None:
            return people.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in _ABOVE.items())
        return people.sort("row").join_asof(self.families.lines, on="row")
