"""What reading gives: the records, how each sheet was understood, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dtkstool.errors import DtksError
from dtkstool.messages import Language, message


@dataclass(frozen=True)
class Note:
    """Something worth telling about a sheet; its sentence is `read.<key>`."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Language) -> str:
        """Return the note as a sentence."""
        return message(f"read.{self.key}", lang, **self.values)


@dataclass(frozen=True)
class Layout:
    """How the columns of one sheet were understood."""

    index: int
    source_file: str
    sheet: str
    header_row: int | None
    """Row of the header, of its upper row when it has two; None if the sheet has no header."""
    columns: Mapping[str, tuple[str, str]]
    """Field → (column letter, header as typed). A field split off another column has that one's."""
    unmapped: tuple[tuple[str, str], ...]
    """(column letter, header as typed) of every other column that holds anything."""
    hidden: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet or text file and where its rows went: seen = read + skipped."""

    source_file: str
    sheet: str
    hidden: bool
    rows_seen: int
    """Rows that hold anything."""
    rows_read: int
    rows_skipped: int
    reason: str = ""
    """Why no record was read from it: a key `read.<reason>`; empty if records were."""
    rows_blank: int = 0


@dataclass(frozen=True)
class ReadResult:
    """Everything that reading gives."""

    records: pl.DataFrame
    """`frames.RECORDS`."""
    layouts: tuple[Layout, ...]
    sheets: tuple[Sheet, ...]
    skipped: pl.DataFrame
    """`frames.SKIPPED`: every row that holds something and is no record."""
    failures: tuple[DtksError, ...]
    """One per file, or sheet, that could not be used; the others went on."""
