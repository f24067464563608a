"""Commands that look at files: validate, columns."""

from pathlib import Path
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import Files, Lang, Map, Today, reference_date, screen_for, words


@app.command(help=words("help.validate"))
def validate(
    files: Files,
    format: Annotated[str, typer.Option("--format", help=words("option.format"))] = "text",
    output: Annotated[Path | None, typer.Option("--output", help=words("option.output"))] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help=words("option.fail_on"))] = "galat",
    max_rate: Annotated[
        str | None, typer.Option("--max-rate", help=words("option.max_rate"))
    ] = None,
    column_map: Map = None,
    today: Today = "",
    lang: Lang = "id",
) -> None:
    """Check files against the rules."""
    from dtkstool.pipeline import checking

    screen = screen_for(lang)
    chosen, severity = checking.form(format), checking.severity(fail_on)
    allowed = checking.rate(max_rate)
    checked = checking.validate(
        files, today=reference_date(today), column_map=column_map, lang=screen.lang
    )
    if output:
        checking.write_report(checked, chosen, output)
    else:
        for piece in checking.rendered(checked, chosen):
            typer.echo(piece, nl=False)
    screen.failed_files(checked.failures)
    raise typer.Exit(checked.code(severity, allowed))


@app.command(help=words("help.columns"))
def columns(
    files: Files,
    column_map: Map = None,
    save: Annotated[Path | None, typer.Option("--save", help=words("option.save"))] = None,
    lang: Lang = "id",
) -> None:
    """Show what the reader understood of files."""
    from dtkstool.read import read_files, save_map

    screen = screen_for(lang)
    read = read_files(files, column_map=column_map)
    screen.layouts(read)
    screen.failed_files(read.failures)
    if save:
        save_map(read, save)
    raise typer.Exit(2 if read.failures else 0)
