"""The command line's root, which the commands hang themselves on."""

from typing import Annotated

import typer

from dtkstool import __version__
from dtkstool.cli.options import words

app = typer.Typer(help=words("help.app"), no_args_is_help=True, pretty_exceptions_enable=False)
registry_app = typer.Typer(help=words("help.registry"), no_args_is_help=True)
app.add_typer(registry_app, name="registry")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"dtkstool {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=words("option.version")
        ),
    ] = False,
) -> None:
    """Hold the options every command shares."""
