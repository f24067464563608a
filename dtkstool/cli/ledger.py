"""Commands around the ledger: progress, ledger export/verify/backup/restore/take, init."""

from pathlib import Path
from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.month import Config, Ledger, at_once, told
from dtkstool.cli.options import LANG, Lang, Quiet, screen_for
from dtkstool.errors import BadConfiguration
from dtkstool.messages import message

ledger_app = typer.Typer(help=told("help.ledger"), no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")

BREAKDOWNS = "kecamatan, desa, kode, petugas"


def _path(ledger: Path | None, config: Path | None) -> Path:
    """Return where the ledger is that the options or the configuration name."""
    from dtkstool.pipeline.planning import ledger_of

    return ledger_of(ledger, config)


@app.command(help=told("help.progress"))
def progress(
    ledger: Ledger = None,
    config: Config = None,
    by: Annotated[
        str, typer.Option("--by", help=message("ledger.option.by", LANG, known=BREAKDOWNS))
    ] = "kecamatan",
    since: Annotated[str, typer.Option("--since", help=told("option.since"))] = "",
    format: Annotated[str, typer.Option("--format", help=told("option.format"))] = "text",
    lang: Lang = "id",
) -> None:
    """Show what was repaired, what is open, new and recurring, from month to month."""
    from dtkstool.pipeline.ledgers import view
    from dtkstool.terminal import ledger as shown

    forms = {"text": shown.progress, "csv": shown.as_csv, "json": shown.as_json}
    if format not in forms:
        raise BadConfiguration("bad_format", value=format, known=", ".join(forms))
    forms[format](screen_for(lang), view(_path(ledger, config), by, since))


@ledger_app.command("export", help=told("help.export"))
def export(
    out: Annotated[Path, typer.Option("--out", help=told("option.export"))],
    ledger: Ledger = None,
    config: Config = None,
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Write every table as Parquet."""
    from dtkstool.pipeline import ledgers
    from dtkstool.terminal import ledger as shown

    screen = screen_for(lang, quiet)
    for path, rows in ledgers.export(_path(ledger, config), out).items():
        shown.say(screen, "ledger.exported", rows=screen.number(rows), path=path)


@ledger_app.command("verify", help=told("help.verify"))
def verify(
    ledger: Ledger = None, config: Config = None, quiet: Quiet = False, lang: Lang = "id"
) -> None:
    """Check that the ledger is sound."""
    from dtkstool.pipeline import ledgers
    from dtkstool.terminal import ledger as shown

    screen = screen_for(lang, quiet)
    problems, counts = ledgers.verify(_path(ledger, config))
    for text in problems:
        shown.warn(screen, "ledger.problem", text=text)
    if problems:
        raise typer.Exit(1)
    numbers = {name: screen.number(count) for name, count in counts.items()}
    shown.say(screen, "ledger.sound", **numbers)


@ledger_app.command("backup", help=told("help.backup"))
def backup(
    target: Annotated[Path, typer.Argument(help=told("option.copy"))],
    ledger: Ledger = None,
    config: Config = None,
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Copy the ledger, even while it is in use."""
    from dtkstool.pipeline import ledgers
    from dtkstool.terminal import ledger as shown

    ledgers.backup(_path(ledger, config), target)
    shown.say(screen_for(lang, quiet), "ledger.backed_up", path=target)


@ledger_app.command("restore", help=told("help.restore"))
def restore(
    copy: Annotated[Path, typer.Argument(help=told("option.copy"))],
    ledger: Ledger = None,
    config: Config = None,
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Put a ledger back from a copy."""
    from dtkstool.pipeline import ledgers
    from dtkstool.terminal import ledger as shown

    screen, path = screen_for(lang, quiet), _path(ledger, config)
    with at_once(screen):
        aside = ledgers.restore(copy, path)
    if aside:
        shown.say(screen, "ledger.set_aside", path=aside)
    shown.say(screen, "ledger.restored", path=path)


@ledger_app.command("take", help=told("help.take"))
def take(
    files: Annotated[list[str], typer.Argument(help=told("option.keputusan"))],
    ledger: Ledger = None,
    config: Config = None,
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Take clerks' decisions into the ledger."""
    from dtkstool.pipeline import ledgers
    from dtkstool.terminal import ledger as shown

    screen = screen_for(lang, quiet)
    with at_once(screen):
        count = ledgers.take(_path(ledger, config), files)
    shown.say(screen, "ledger.taken", count=screen.number(count))


@app.command(help=told("help.init"))
def init(
    folder: Annotated[Path, typer.Argument(help=told("option.folder"))] = Path(),
    output: Annotated[
        Path | None, typer.Option("--output", help=told("option.init_output"))
    ] = None,
    lang: Lang = "id",
) -> None:
    """Write a commented dtkstool.toml from what is in a folder."""
    from dtkstool.pipeline.starting import start
    from dtkstool.terminal import ledger as shown

    screen = screen_for(lang)
    path = start(folder, output or folder / "dtkstool.toml", screen.lang)
    shown.say(screen, "init.done", path=path)
