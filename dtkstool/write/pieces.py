"""Findings piece by piece: those of a large register lie on disk and are never held together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

Keep = Callable[[pl.DataFrame], pl.LazyFrame]
"""Puts a piece where a query finds it again."""


@dataclass(frozen=True)
class Pieces:
    """Findings in pieces, in their order.

    All findings of one record are in one piece, those on files and columns in the first.
    """

    parts: tuple[tuple[int, pl.LazyFrame], ...]
    """Number of findings, and a query that reads what it uses of them; one piece at least."""
    keep: Keep

    @property
    def height(self) -> int:
        """How many findings there are."""
        return sum(count for count, _ in self.parts)

    def each(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each piece, all its columns or those asked for."""
        for _, part in self.parts:
            yield (part if columns is None else part.select(columns)).collect()

    def changed(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> "Pieces":
        """Return every piece changed."""
        return stored((change(piece) for piece in self.each()), self.keep)


Findings = pl.DataFrame | Pieces


def stored(pieces: Iterable[pl.DataFrame], keep: Keep) -> Pieces:
    """Return findings put away piece by piece as they come."""
    return Pieces(tuple((piece.height, keep(piece)) for piece in pieces), keep)


def pieces_of(findings: Findings, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
    """Give findings piece by piece; those that are held are one piece."""
    if isinstance(findings, Pieces):
        yield from findings.each(columns)
    else:
        yield findings


def changed(findings: Findings, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Findings:
    """Return findings changed, wherever they lie."""
    return findings.changed(change) if isinstance(findings, Pieces) else change(findings)


def whole(findings: Findings) -> pl.DataFrame:
    """Return all findings in one frame; all are held."""
    return pl.concat(pieces_of(findings))


def summed(findings: Findings, by: Sequence[str], **counts: pl.Expr) -> pl.DataFrame:
    """Return one row per `by`, in the order they appear, with counts that add up over pieces."""
    read = {name for count in counts.values() for name in count.meta.root_names()}.union(by)
    parts = [
        piece.group_by(by, maintain_order=True).agg(**counts)
        for piece in pieces_of(findings, sorted(read))
    ]
    if len(parts) == 1:
        return parts[0]
    return pl.concat(parts).group_by(by, maintain_order=True).agg(pl.all().sum())


def first(
    findings: Findings, count: int, by: Sequence[str] = (), *, worst: bool = False
) -> pl.DataFrame:
    """Return the first findings of each `by`, of all without one; the most severe if `worst`."""

    def head(df: pl.DataFrame) -> pl.DataFrame:
        ordered = df.sort("severity", descending=True, maintain_order=True) if worst else df
        if not by:
            return ordered.head(count)
        kept = ordered.group_by(by, maintain_order=True).head(count)
        return kept.select(df.columns)

    parts = [head(piece) for piece in pieces_of(findings)]
    return parts[0] if len(parts) == 1 else head(pl.concat(parts))
