"""The rows of a sheet that are people, in parts small enough to be held."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl

DIGITS = r"(?:\d[\s.'`-]?){15}\d"
"""Sixteen digits, as people write them."""


_ABOVE = {"kk": pl.String(), "kk_row": pl.UInt32(), "kk_numeric": pl.Boolean()}
Keep = Callable[[pl.DataFrame], pl.LazyFrame]
"""Puts a frame where a query finds it again, which reads the columns that it uses."""


def in_memory(df: pl.DataFrame) -> pl.LazyFrame:
    """Keep a frame as it is."""
    return df.lazy()


@dataclass(frozen=True)
class Body:
    """The rows below the header."""

    rows: pl.DataFrame
    """`row` and `on_sight` of every row."""
    parts: tuple[tuple[int, pl.LazyFrame], ...]
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

    parts: tuple[tuple[int, pl.LazyFrame], ...]
    rows: pl.Series
    """The row numbers of all parts."""
    out: pl.Series
    """The rows among them that are nobody."""
    families: Families | None

    @property
    def height(self) -> int:
        """How many people there are."""
        return len(self.rows) - len(self.out)

    def each(self) -> Iterator[tuple[int, pl.LazyFrame]]:
        """Give the number of people of each part and, as typed, their columns.

        With them `row`, and `kk, kk_row, kk_numeric` of the line above, null without per-KK blocks.
        """
        start = 0
        for height, rows in self.parts:
            here = self.rows.slice(start, height)
            left_out = here.filter(here.is_in(self.out.implode()))
            yield height - len(left_out), self._people(rows, left_out)
            start += height

    def _people(self, rows: pl.LazyFrame, left_out: pl.Series) -> pl.LazyFrame:
        people = rows.drop("on_sight")
        if len(left_out):
            people = people.filter(~pl.col("row").is_in(left_out.implode()))
        if self.families is None:
            return people.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in _ABOVE.items())
        return people.sort("row").join_asof(self.families.lines.lazy(), on="row")
