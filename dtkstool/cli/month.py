"""The month of one office: run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    LANG,
    Lang,
    Map,
    ModelFile,
    Quiet,
    Today,
    finish,
    never_over,
    reference_date,
    screen_for,
    words,
)
from dtkstool.messages import message

if TYPE_CHECKING:
    from dtkstool.pipeline.journal import Journal
    from dtkstool.terminal import Screen

BUSY = 3
"""Exit code when another run holds the ledger."""


def told(key: str) -> str:
    """Return a help text (`ledger.<key>`) in the language of this start."""
    return message(f"ledger.{key}", LANG)


SomeFiles = Annotated[list[str] | None, typer.Argument(help=words("option.files"))]
Config = Annotated[Path | None, typer.Option("--config", help=told("option.config"))]
Ledger = Annotated[Path | None, typer.Option("--ledger", help=told("option.ledger"))]


@app.command(help=words("help.run"))
def run(
    files: SomeFiles = None,
    registry: Annotated[
        Path | None, typer.Option("--registry", help=words("option.registry"))
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help=told("option.out"))] = None,
    config: Config = None,
    ledger: Ledger = None,
    keputusan: Annotated[
        list[str] | None, typer.Option("--keputusan", help=told("option.decisions"))
    ] = None,
    column_map: Map = None,
    model: ModelFile = None,
    today: Today = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=told("option.dry_run"))] = False,
    log_json: Annotated[
        Path | None, typer.Option("--log-json", allow_dash=True, help=told("option.log_json"))
    ] = None,
    quiet: Quiet = False,
    lang: Lang = "",
) -> None:
    """Do the whole month: from files to correction workbooks."""
    from dtkstool.pipeline.planning import Wish, plan_of
    from dtkstool.pipeline.scheduled import look, run_month
    from dtkstool.terminal import ledger as shown

    day = reference_date(today) if today else None
    plan = plan_of(
        Wish(
            tuple(files or ()), registry, out, config, ledger, column_map, model, day, lang,
            tuple(keputusan or ()),
        )
    )  # fmt: skip
    screen = screen_for(plan.lang, quiet)
    never_over(plan.files, log_json)
    with journal_to(log_json) as journal, at_once(screen):
        if dry_run:
            dry = look(plan, journal)
            shown.looked(screen, dry)
            finish(screen, dry.register.read.failures)
            return
        month = run_month(plan, journal)
    shown.finished(screen, month)
    finish(screen, month.done.outcome.register.read.failures)


@contextmanager
def at_once(screen: "Screen") -> Iterator[None]:
    """Leave with BUSY, saying who holds it, if the ledger is in use."""
    from dtkstool.ledger.lock import LedgerBusy

    try:
        yield
    except LedgerBusy as error:
        screen.error(error)
        raise typer.Exit(BUSY) from error


@contextmanager
def journal_to(path: Path | None) -> Iterator["Journal"]:
    """Give the log that was asked for: none, on stdout (`-`), or added to a file."""
    from dtkstool.pipeline.journal import Journal

    if path is None:
        yield Journal()
    elif str(path) == "-":
        yield Journal(sys.stdout)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            yield Journal(stream)
