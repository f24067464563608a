"""What applying filled workbooks shows on screen."""

from typing import TYPE_CHECKING

import polars as pl
from rich.table import Table
from rich.text import Text

from dtkstool.messages import message, page

if TYPE_CHECKING:
    from dtkstool.pipeline.applying import Applied
    from dtkstool.terminal import Screen


def show_applied(screen: "Screen", applied: "Applied") -> None:
    """Print what became of the decisions, why some were refused, and how the totals reconcile."""
    if screen.quiet:
        return
    _counted(screen, applied.decisions, "hasil", "accepted")
    _counted(screen, applied.decisions, "problem", "refused")
    for name in applied.files.converted:
        _say(screen, "converted", file=name)
    numbers = {key: screen.number(count) for key, count in applied.counts.items()}
    for key in ("rows", "totals", "changed"):
        _say(screen, key, **numbers)
    _say(screen, "done", folder=applied.order.out)


def _say(screen: "Screen", key: str, **values: object) -> None:
    screen.talk.print(Text(message(f"apply.screen.{key}", screen.lang, **values)), soft_wrap=True)


def _counted(screen: "Screen", decisions: pl.DataFrame, column: str, title: str) -> None:
    counts = decisions.filter(pl.col(column).is_not_null()).group_by(column).len()
    if counts.is_empty():
        return
    texts = page("apply")[f"short_{column}"]
    table = Table(box=None, header_style="bold", title_justify="left")
    table.title = message(f"apply.screen.{title}", screen.lang)
    table.add_column("")
    table.add_column(message("apply.screen.count", screen.lang), justify="right")
    for key, count in counts.sort("len", column, descending=[True, False]).rows():
        table.add_row(texts[key][screen.lang], screen.number(count))
    screen.talk.print(table)
