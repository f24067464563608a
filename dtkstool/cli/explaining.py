"""Commands that explain: rules, profiles, nik."""

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import LANG, Lang, Today, reference_date, screen_for
from dtkstool.errors import BadConfiguration, UnusableInput, Where
from dtkstool.messages import message

FORMATS = ("text", "csv", "json")


def help_text(key: str) -> str:
    """Return a help text (`explain.<key>`) in the language of this start."""
    return message(f"explain.{key}", LANG)


@app.command(help=help_text("help.rules"))
def rules(
    codes: Annotated[list[str] | None, typer.Argument(help=help_text("option.codes"))] = None,
    lang: Lang = "id",
) -> None:
    """Explain rules: a table of all or of a family, or the whole page of a single one."""
    from dtkstool.pipeline.explaining import rules_named
    from dtkstool.terminal.explaining import show_rule, show_rules

    screen = screen_for(lang)
    named = rules_named(codes or [])
    asked = {code.upper() for code in codes or []}
    if asked and {rule.code for rule in named} == asked:
        for rule in named:
            show_rule(screen, rule)
    else:
        show_rules(screen, named)


@app.command(help=message("profiles.help.command", LANG))
def profiles(lang: Lang = "id") -> None:
    """List the kinds of files."""
    from dtkstool.terminal.profiles import show_profiles

    show_profiles(screen_for(lang))


@app.command(help=help_text("help.nik"))
def nik(
    niks: Annotated[list[str], typer.Argument(help=help_text("option.niks"))],
    format: Annotated[str, typer.Option("--format", help=help_text("option.format"))] = "text",
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help=help_text("option.unmasked"))
    ] = False,
    today: Today = "",
    lang: Lang = "id",
) -> None:
    """Explain NIKs; `-` reads them from stdin, one a line."""
    from dtkstool.pipeline import explaining
    from dtkstool.terminal.explaining import show_nik, show_niks

    screen = screen_for(lang)
    if format not in FORMATS:
        raise BadConfiguration("bad_format", value=format, known=", ".join(FORMATS))
    piped = niks == ["-"]
    cells = piped_lines() if piped else niks
    shown = 0
    for known in explaining.explained(cells, today=reference_date(today), lang=screen.lang):
        if format != "text":
            typer.echo(explaining.as_text(known, format, head=not shown), nl=False)
        elif piped:
            show_niks(screen, explaining.masked(known), unmasked=unmasked, head=not shown)
        else:
            for number, one in enumerate(known.iter_rows(named=True)):
                screen.out.print(end="\n" * (number > 0))
                show_nik(screen, one)
        shown += known.height
    if not shown:
        raise UnusableInput("no_records")


def piped_lines() -> Iterator[str]:
    """Give the lines on stdin that hold anything, as they come; UnusableInput if it is no text."""
    stdin = sys.stdin
    if hasattr(stdin, "buffer"):
        stdin = TextIOWrapper(stdin.buffer, encoding="utf-8-sig")
    try:
        yield from (line.rstrip("\n") for line in stdin if line.strip())
    except UnicodeDecodeError as error:
        raise UnusableInput("binary_file", where=Where(file="-")) from error
