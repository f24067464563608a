"""Bringing filled workbooks back: apply."""

from pathlib import Path
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    LANG,
    Lang,
    Map,
    Out,
    Quiet,
    Today,
    finish,
    reference_date,
    screen_for,
)
from dtkstool.messages import message


@app.command(help=message("apply.help.command", LANG))
def apply(
    sheets: Annotated[list[str], typer.Argument(help=message("apply.help.sheets", LANG))],
    to: Annotated[list[str], typer.Option("--to", help=message("apply.help.to", LANG))],
    out: Out,
    registry: Annotated[
        Path | None, typer.Option("--registry", help=message("apply.help.registry", LANG))
    ] = None,
    column_map: Map = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Bring filled workbooks back into the register."""
    from dtkstool.pipeline import applying
    from dtkstool.terminal.applying import show_applied

    screen = screen_for(lang, quiet)
    order = applying.Order(
        sheets, to, out, registry, column_map, reference_date(today), screen.lang
    )
    applied = applying.apply(order)
    show_applied(screen, applied)
    finish(screen, applied.failures)
