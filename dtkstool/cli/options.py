"""Options that commands share, and what every command does with them."""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dtkstool.errors import BadConfiguration, DtksError, UnusableInput, Where
from dtkstool.messages import LANGUAGES, Language, message

if TYPE_CHECKING:
    from dtkstool.terminal import Screen


def chosen_language(argv: Sequence[str]) -> Language:
    """Return the language of `--lang` anywhere in `argv`, else DTKSTOOL_LANG, else Indonesian."""
    asked = os.environ.get("DTKSTOOL_LANG", "id")
    for position, word in enumerate(argv):
        if word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        elif word == "--lang" and position + 1 < len(argv):
            asked = argv[position + 1]
    return asked if asked in LANGUAGES else "id"


LANG = chosen_language(sys.argv)


def words(key: str) -> str:
    """Return a help text (`cli.<key>`) in the language of this start."""
    return message(f"cli.{key}", LANG)


Files = Annotated[list[str], typer.Argument(help=words("option.files"))]
Map = Annotated[Path | None, typer.Option("--map", help=words("option.map"))]
Out = Annotated[Path, typer.Option("--out", help=words("option.out"))]
RegistryFolder = Annotated[Path, typer.Option("--registry", help=words("option.registry"))]
ModelFile = Annotated[Path | None, typer.Option("--model", help=words("option.model"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q")]
Today = Annotated[str, typer.Option("--today", help=words("option.today"))]
Lang = Annotated[str, typer.Option("--lang", envvar="DTKSTOOL_LANG", help=words("option.lang"))]
Extracts = list[str] | None


def screen_for(lang: str, quiet: bool = False) -> "Screen":
    """Return the terminal in the asked language; BadConfiguration if there is no such one."""
    from dtkstool.terminal import Screen

    if lang not in LANGUAGES:
        raise BadConfiguration("bad_language", value=lang)
    return Screen(lang, quiet=quiet)


def reference_date(text: str) -> date:
    """Return `--today` as a date, today if it is empty; BadConfiguration if it is none."""
    if not text:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadConfiguration("bad_date", value=text) from error


def never_over(files: Sequence[str], *outputs: Path | None) -> None:
    """Raise UnusableInput if one of the outputs is a file that is read."""
    existing = [output for output in outputs if output and output.exists()]
    if not existing:
        return
    from dtkstool.read import expand

    read = expand(files)
    for output in existing:
        if any(path.exists() and output.samefile(path) for path in read):
            raise UnusableInput("over_input", where=Where(file=str(output)))


def finish(screen: "Screen", failures: Sequence[DtksError]) -> None:
    """Name the files that failed and leave with 2 if there were any."""
    screen.failed_files(failures)
    if failures:
        raise typer.Exit(2)
