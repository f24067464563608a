"""The command for proposals: usulan."""

from pathlib import Path
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    LANG,
    Files,
    Lang,
    Map,
    Out,
    Quiet,
    Today,
    reference_date,
    screen_for,
)
from dtkstool.messages import message


def help_text(key: str) -> str:
    """Return a help text (`usulan.<key>`) in the language of this start."""
    return message(f"usulan.{key}", LANG)


@app.command(help=help_text("help"))
def usulan(
    files: Files,
    out: Out,
    foto: Annotated[Path, typer.Option("--foto", help=help_text("option.foto"))],
    register: Annotated[
        list[str] | None, typer.Option("--register", help=help_text("option.register"))
    ] = None,
    ditolak: Annotated[
        list[str] | None, typer.Option("--ditolak", help=help_text("option.ditolak"))
    ] = None,
    registry: Annotated[
        Path | None, typer.Option("--registry", help=help_text("option.registry"))
    ] = None,
    column_map: Map = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Judge proposals: accepted, or returned with reasons."""
    from dtkstool.pipeline.usulan import Proposals, judge
    from dtkstool.terminal.usulan import show_proposals

    screen = screen_for(lang, quiet)
    asked = Proposals(
        files, foto, out, register or (), ditolak or (), registry, column_map,
        reference_date(today), screen.lang,
    )  # fmt: skip
    judged = judge(asked)
    show_proposals(screen, judged, out)
    screen.failed_files(judged.failures)
    if judged.failures:
        raise typer.Exit(2)
    raise typer.Exit(int(judged.reasons.height > 0))
