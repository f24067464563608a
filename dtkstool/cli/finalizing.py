"""The end of prelist work: finalize."""

from pathlib import Path
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.month import Config, Ledger, told
from dtkstool.cli.options import Lang, Map, Out, Quiet, Today, reference_date, screen_for


@app.command(help=told("help.finalize"))
def finalize(
    files: Annotated[list[str], typer.Argument(help=told("final.files"))],
    month: Annotated[Path, typer.Option("--month", help=told("option.month_folder"))],
    out: Out,
    keputusan: Annotated[
        list[str] | None, typer.Option("--keputusan", help=told("option.keputusan"))
    ] = None,
    allow_open: Annotated[
        int, typer.Option("--allow-open", min=0, help=told("option.allow_open"))
    ] = 0,
    ledger: Ledger = None,
    config: Config = None,
    column_map: Map = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Settle the final list and its minutes."""
    from dtkstool.pipeline.finalizing import FinalOrder, finalize
    from dtkstool.pipeline.planning import ledger_of
    from dtkstool.terminal import ledger as shown

    screen = screen_for(lang, quiet)
    order = FinalOrder(
        files, month, ledger_of(ledger, config), keputusan or (), out, allow_open, column_map,
        reference_date(today), screen.lang,
    )  # fmt: skip
    shown.finalized(screen, finalize(order))
