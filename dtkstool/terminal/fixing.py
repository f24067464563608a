"""What `validate --fix` changed, on screen: counts, and one masked example a rule."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dtkstool.messages import message
from dtkstool.terminal.gate import say

if TYPE_CHECKING:
    from dtkstool.pipeline.fixing import Fixed
    from dtkstool.terminal import Screen


def show_fixed(screen: "Screen", done: "Fixed") -> None:
    """Print how many cells were repaired, by rule, and where the list of all of them is."""
    from dtkstool.pipeline.fixing import LIST, summary

    if screen.quiet:
        return
    table = Table(box=None, header_style="bold")
    for head in ("code", "cells", "title", "place", "example"):
        table.add_column(message(f"gate.head.{head}", screen.lang), overflow="fold")
    for one in summary(done).iter_rows(named=True):
        titles = [message(f"rules.{c}.title", screen.lang) for c in one["codes"].split(",")]
        cells = (one["codes"], screen.number(one["count"]), "; ".join(titles), one["cell"],
                 f"{one['old']!r} → {one['new']!r}")  # fmt: skip
        table.add_row(*(Text(cell) for cell in cells))
    if done.changes.height:
        screen.talk.print(table)
    files = done.changes["source_file"].n_unique()
    counted = {"cells": screen.number(done.changes.height), "files": screen.number(files)}
    say(screen, "fixed", **counted, list=done.out / LIST)
    for file in done.converted:
        say(screen, "fixed_converted", file=file)
    if done.unplaced:
        say(screen, "fixed_unplaced", count=screen.number(done.unplaced))
