"""What became of proposals, on screen."""

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from dtkstool.messages import message

if TYPE_CHECKING:
    from pathlib import Path

    from dtkstool.pipeline.usulan import Judged
    from dtkstool.terminal import Screen


def show_proposals(screen: "Screen", judged: "Judged", out: "Path") -> None:
    """Print how many proposals were accepted and returned, why, and where the list is."""
    results = judged.results
    accepted = results.filter(results["hasil"] == "diterima").height
    table = Table(box=None, header_style="bold")
    for head in ("code", "reason", "count"):
        right = "right" if head == "count" else "left"
        table.add_column(message(f"usulan.head.{head}", screen.lang), justify=right)  # type: ignore[arg-type]
    for code, count in judged.reasons.iter_rows():
        title = message(f"rules.{code}.title", screen.lang)
        table.add_row(code, title, screen.number(count))
    if judged.reasons.height and not screen.quiet:
        screen.talk.print(table)
    counts = {"read": results.height, "accepted": accepted, "returned": results.height - accepted}
    told = {name: screen.number(count) for name, count in counts.items()}
    if not screen.quiet:
        screen.talk.print(
            Text(message("usulan.done", screen.lang, **told, folder=out)), soft_wrap=True
        )
