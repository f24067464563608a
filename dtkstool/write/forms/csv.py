"""CSV for spreadsheets and programs: the result file with whole values."""

from collections.abc import Iterator

import polars as pl

from dtkstool.write.findings import Outcome
from dtkstool.write.pieces import pieces_of
from dtkstool.write.tables import FORMULA

BOM = "\ufeff"
TYPED = ("id_dtks", "value", "suggestion", "message", "source_file", "sheet")
SLICE = 50_000


def csv(outcome: Outcome) -> Iterator[str]:
    """Give CSV with commas, UTF-8 with a byte-order mark.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    safe = [
        pl.when(pl.col(name).str.contains(FORMULA))
        .then("'" + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in TYPED
    ]
    for nth, piece in enumerate(pieces_of(outcome.findings)):
        if nth == 0:
            yield BOM + piece.clear().write_csv()
        for part in piece.iter_slices(SLICE):
            yield outcome.shown(part).with_columns(safe).write_csv(include_header=False)
