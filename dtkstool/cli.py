"""The command line: thin commands that read options, call the pipeline and show the result.

Exit codes: 0 clean, 1 the gate failed, 2 could not run.
"""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dtkstool import __version__
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


app = typer.Typer(help=words("help.app"), no_args_is_help=True, pretty_exceptions_enable=False)
registry_app = typer.Typer(help=words("help.registry"), no_args_is_help=True)
app.add_typer(registry_app, name="registry")

Files = Annotated[list[str], typer.Argument(help=words("option.files"))]
Map = Annotated[Path | None, typer.Option("--map", help=words("option.map"))]
Out = Annotated[Path, typer.Option("--out", help=words("option.out"))]
RegistryFolder = Annotated[Path, typer.Option("--registry", help=words("option.registry"))]
ModelFile = Annotated[Path | None, typer.Option("--model", help=words("option.model"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q")]
Today = Annotated[str, typer.Option("--today", help=words("option.today"))]
Lang = Annotated[str, typer.Option("--lang", envvar="DTKSTOOL_LANG", help=words("option.lang"))]
Extracts = list[str] | None


def _screen(lang: str, quiet: bool = False) -> "Screen":
    from dtkstool.terminal import Screen

    if lang not in LANGUAGES:
        raise BadConfiguration("bad_language", value=lang)
    return Screen(lang, quiet=quiet)


def _date(text: str) -> date:
    if not text:
        return date.today()
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise BadConfiguration("bad_date", value=text) from error


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

    screen = _screen(lang)
    chosen, severity = checking.form(format), checking.severity(fail_on)
    allowed = checking.rate(max_rate)
    checked = checking.validate(files, today=_date(today), column_map=column_map, lang=screen.lang)
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

    screen = _screen(lang)
    read = read_files(files, column_map=column_map)
    screen.layouts(read)
    screen.failed_files(read.failures)
    if save:
        save_map(read, save)
    raise typer.Exit(2 if read.failures else 0)


@app.command(help=words("help.match"))
def match(
    files: Files,
    registry: RegistryFolder,
    out: Out,
    column_map: Map = None,
    model: ModelFile = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Find every record in the registry."""
    from dtkstool.pipeline.clock import Clock
    from dtkstool.pipeline.month import write_links
    from dtkstool.pipeline.register import load_register

    screen, clock = _screen(lang, quiet), Clock()
    register = load_register(files, today=_date(today), column_map=column_map, clock=clock)
    links = write_links(register, registry, out, model, clock)
    screen.counts(links, "verdict")
    _end(screen, register.read.failures)


@app.command(help=words("help.dedupe"))
def dedupe(
    files: Files,
    out: Out,
    column_map: Map = None,
    model: ModelFile = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Find duplicates inside the register."""
    from dtkstool.pipeline.clock import Clock
    from dtkstool.pipeline.month import write_duplicates
    from dtkstool.pipeline.register import load_register

    screen, clock = _screen(lang, quiet), Clock()
    register = load_register(files, today=_date(today), column_map=column_map, clock=clock)
    groups = write_duplicates(register, out, model, clock)
    screen.counts(groups, "reason")
    _end(screen, register.read.failures)


@app.command(help=words("help.run"))
def run(
    files: Files,
    registry: RegistryFolder,
    out: Out,
    column_map: Map = None,
    model: ModelFile = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Do the whole month: from files to correction workbooks."""
    from dtkstool.pipeline import month

    screen = _screen(lang, quiet)
    done = month.run(
        month.Order(files, registry, out, column_map, model, _date(today), screen.lang)
    )
    screen.run(done)
    _end(screen, done.outcome.register.read.failures)


@registry_app.command("build", help=words("help.registry_build"))
def registry_build(
    biodata: Annotated[list[str], typer.Option("--biodata", help=words("option.biodata"))],
    out: Out,
    kematian: Annotated[Extracts, typer.Option("--kematian", help=words("option.kematian"))] = None,
    pindah: Annotated[Extracts, typer.Option("--pindah", help=words("option.pindah"))] = None,
    datang: Annotated[Extracts, typer.Option("--datang", help=words("option.datang"))] = None,
    column_map: Map = None,
    model: ModelFile = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Prepare the civil registry."""
    from dtkstool.pipeline.extracts import build_registry

    screen = _screen(lang, quiet)
    registers = {"kematian": kematian, "pindah": pindah, "datang": datang}
    given = {kind: paths for kind, paths in registers.items() if paths}
    built = build_registry(
        biodata, given, out, today=_date(today), column_map=column_map, model_path=model
    )
    screen.registry(built)
    _end(screen, built.failures)


@app.command(help=words("help.sample"))
def sample(
    out: Out,
    preset: Annotated[str, typer.Option("--preset", help=words("option.preset"))] = "desa",
    persons: Annotated[int | None, typer.Option("--persons", help=words("option.persons"))] = None,
    records: Annotated[int | None, typer.Option("--records", help=words("option.records"))] = None,
    seed: Annotated[int, typer.Option("--seed", help=words("option.seed"))] = 1,
    kabupaten: Annotated[str, typer.Option("--kabupaten", help=words("option.kabupaten"))] = "",
    messy: Annotated[bool, typer.Option("--messy", help=words("option.messy"))] = False,
    dirtiness: Annotated[
        float, typer.Option("--dirtiness", min=0.0, help=words("option.dirtiness"))
    ] = 1.0,
    rate: Annotated[list[str] | None, typer.Option("--rate", help=words("option.rate"))] = None,
    lang: Lang = "id",
) -> None:
    """Make a synthetic world."""
    from dtkstool.pipeline.world import Wish, make

    screen = _screen(lang)
    wish = Wish(preset, persons, records, seed, kabupaten, messy, dirtiness, tuple(rate or ()))
    screen.sample(make(wish, out), out)


def _end(screen: "Screen", failures: Sequence[DtksError]) -> None:
    """Name the files that failed and leave with 2 if there were any."""
    screen.failed_files(failures)
    if failures:
        raise typer.Exit(2)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; a problem a person can solve ends with one message and exit code 2."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        app(args=given, prog_name="dtkstool")
    except DtksError as error:
        _screen(chosen_language(given)).error(error)
        sys.exit(2)
    except OSError as error:
        told = UnusableInput(
            "os_error", where=Where(file=str(error.filename or "")), reason=error.strerror
        )
        _screen(chosen_language(given)).error(told)
        sys.exit(2)
