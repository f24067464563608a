"""Commands that look at files: validate, columns."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    LANG,
    Files,
    Lang,
    Map,
    Today,
    never_over,
    reference_date,
    screen_for,
    words,
)
from dtkstool.errors import BadConfiguration
from dtkstool.messages import message

if TYPE_CHECKING:
    from datetime import date

    from dtkstool.config.gate import GateConfig
    from dtkstool.pipeline.checking import Checked, Report
    from dtkstool.terminal import Screen


def option(name: str, *short: str) -> Any:
    """Return an option of `validate` with its help."""
    return typer.Option(
        f"--{name}", *short, help=message(f"gate.option.{name.replace('-', '_')}", LANG)
    )


@app.command(help=message("gate.help.validate", LANG))
def validate(
    files: Files,
    format: Annotated[list[str] | None, option("format", "-f")] = None,
    output: Annotated[Path | None, option("output")] = None,
    config: Annotated[Path | None, option("config")] = None,
    select: Annotated[list[str] | None, option("select")] = None,
    ignore: Annotated[list[str] | None, option("ignore")] = None,
    fail_on: Annotated[str | None, option("fail-on")] = None,
    max_rate: Annotated[list[str] | None, option("max-rate")] = None,
    expect: Annotated[list[str] | None, option("expect")] = None,
    profile: Annotated[str | None, option("profile")] = None,
    baseline: Annotated[Path | None, option("baseline")] = None,
    write_baseline: Annotated[Path | None, option("write-baseline")] = None,
    fix: Annotated[bool, option("fix")] = False,
    out: Annotated[Path | None, option("out")] = None,
    unmasked: Annotated[bool, option("unmasked")] = False,
    column_map: Map = None,
    today: Today = "",
    lang: Lang = "id",
) -> None:
    """Check files against the rules."""
    from dtkstool.config.gate import gate_config, with_options
    from dtkstool.pipeline import checking
    from dtkstool.terminal.gate import show_verdict, show_written

    screen = screen_for(lang)
    if fix != (out is not None):
        raise BadConfiguration("fix_needs_out")
    reports = checking.reports(format or (), output)
    never_over(files, write_baseline, *(report.path for report in reports))
    gate = with_options(
        gate_config(config),
        select=select or (),
        ignore=ignore or (),
        fail_on=fail_on,
        max_rate=max_rate or (),
        expect=expect or (),
        profile=profile,
        baseline=baseline,
        everything=write_baseline is not None,
    )
    day = reference_date(today)
    if out:
        files = fixed(screen, files, out, gate, day, column_map)
    checked = checking.validate(
        files, today=day, column_map=column_map, lang=screen.lang, config=gate
    )
    give_out(checked, reports, unmasked)
    screen.failed_files(checked.failures)
    if write_baseline:
        checking.write_baseline(checked, write_baseline)
        show_written(screen, checked, str(write_baseline))
        raise typer.Exit(2 if checked.failures else 0)
    show_verdict(screen, checked)
    raise typer.Exit(checked.verdict.code)


def fixed(
    screen: "Screen",
    files: list[str],
    out: Path,
    gate: "GateConfig",
    day: "date",
    column_map: Path | None,
) -> list[str]:
    """Write the files into `out` with the safe repairs made; return what is to be checked."""
    from dtkstool.pipeline.checking import rules_of
    from dtkstool.pipeline.fixing import fix
    from dtkstool.terminal.fixing import show_fixed

    done = fix(files, out, rules=rules_of(gate), today=day, column_map=column_map)
    show_fixed(screen, done)
    return list(done.paths)


def give_out(checked: "Checked", reports: "Iterable[Report]", unmasked: bool) -> None:
    """Write each report to its file or the screen."""
    from dtkstool.pipeline.checking import rendered, write_report

    for report in reports:
        if report.path:
            write_report(checked, report, unmasked=unmasked)
        else:
            for piece in rendered(checked, report, unmasked=unmasked):
                typer.echo(piece, nl=False)


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
    never_over(files, save)
    read = read_files(files, column_map=column_map)
    screen.layouts(read)
    screen.failed_files(read.failures)
    if save:
        save_map(read, save)
    raise typer.Exit(2 if read.failures else 0)
