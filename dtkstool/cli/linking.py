"""Commands about links: match, dedupe, train, evaluate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    LANG,
    Files,
    Lang,
    Map,
    ModelFile,
    Out,
    Quiet,
    RegistryFolder,
    Today,
    finish,
    never_over,
    reference_date,
    screen_for,
    words,
)
from dtkstool.messages import message

if TYPE_CHECKING:
    from dtkstool.pipeline.clock import Clock
    from dtkstool.pipeline.register import Register


def _help(key: str) -> str:
    return message(f"linking.{key}", LANG)


Explain = Annotated[str, typer.Option("--explain", help=_help("option.explain"))]
Unmasked = Annotated[bool, typer.Option("--unmasked", help=_help("option.unmasked"))]
ModelOut = Annotated[Path, typer.Option("--out", help=_help("option.model_out"))]
Start = Annotated[Path | None, typer.Option("--start", help=_help("option.start"))]
Also = Annotated[list[Path] | None, typer.Option("--also", help=_help("option.also"))]
Seed = Annotated[int, typer.Option("--seed", help=_help("option.seed"))]
Precision = Annotated[
    float, typer.Option("--precision", min=0.5, max=0.999999, help=_help("option.precision"))
]
RunFolder = Annotated[Path, typer.Argument(help=_help("option.run"))]
Truth = Annotated[Path | None, typer.Option("--truth", help=_help("option.truth"))]
Decisions = Annotated[
    list[Path] | None, typer.Option("--decisions", help=_help("option.decisions"))
]
RunFiles = Annotated[list[str] | None, typer.Option("--file", help=_help("option.files"))]
Registry = Annotated[Path | None, typer.Option("--registry", help=words("option.registry"))]
Format = Annotated[str, typer.Option("--format", help=_help("option.format"))]
Ledger = Annotated[Path | None, typer.Option("--ledger", help=_help("option.ledger"))]
MatchOut = Annotated[Path | None, typer.Option("--out", help=words("option.out"))]


def _opened(files: list[str], column_map: Path | None, today: str) -> tuple["Register", "Clock"]:
    """Return the register in these files, cleaned, and the clock that timed it."""
    from dtkstool.pipeline.clock import Clock
    from dtkstool.pipeline.register import load_register

    clock, day = Clock(), reference_date(today)
    return load_register(files, today=day, column_map=column_map, clock=clock), clock


@app.command(help=words("help.match"))
def match(
    files: Files,
    registry: RegistryFolder,
    out: MatchOut = None,
    explain: Explain = "",
    unmasked: Unmasked = False,
    column_map: Map = None,
    model: ModelFile = None,
    ledger: Ledger = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Find every record in the registry; or explain one record's link."""
    from dtkstool.pipeline import linking
    from dtkstool.pipeline.month import estimated
    from dtkstool.pipeline.planning import demand_no_registry
    from dtkstool.pipeline.remembering import remembered_in
    from dtkstool.pipeline.single import write_links
    from dtkstool.registry import open_registry
    from dtkstool.terminal.linking import show_explanation

    screen = screen_for(lang, quiet)
    linking.demand_purpose(out, explain)
    demand_no_registry(out)
    register, clock = _opened(files, column_map, today)
    if explain:
        known = open_registry(registry)
        found = linking.explain_record(register, known, explain, model, unmasked=unmasked)
        show_explanation(screen, found)
    if out is not None:
        decided = remembered_in(ledger)
        links = write_links(register, registry, out, model, clock, decided)
        screen.counts(links, "verdict")
        screen.expected(estimated(links, register.cleaned, model), links)
    finish(screen, register.read.failures)


@app.command(help=words("help.dedupe"))
def dedupe(
    files: Files,
    out: Out,
    column_map: Map = None,
    model: ModelFile = None,
    ledger: Ledger = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Find duplicates inside the register."""
    from dtkstool.pipeline.planning import demand_no_registry
    from dtkstool.pipeline.remembering import remembered_in
    from dtkstool.pipeline.single import write_duplicates

    screen = screen_for(lang, quiet)
    demand_no_registry(out)
    register, clock = _opened(files, column_map, today)
    groups = write_duplicates(register, out, model, clock, remembered_in(ledger))
    screen.counts(groups, "reason")
    finish(screen, register.read.failures)


@app.command(help=_help("help.train"))
def train(
    files: Files,
    registry: RegistryFolder,
    out: ModelOut,
    start: Start = None,
    also: Also = None,
    seed: Seed = 1,
    precision: Precision = 0.9998,
    column_map: Map = None,
    today: Today = "",
    quiet: Quiet = False,
    lang: Lang = "id",
) -> None:
    """Learn a model from a register and its registry."""
    from dtkstool.pipeline import linking
    from dtkstool.registry import open_registry
    from dtkstool.terminal.linking import show_training

    screen = screen_for(lang, quiet)
    never_over(files, out)
    register, _ = _opened(files, column_map, today)
    known = open_registry(registry)
    tables = linking.train_model(
        register, known, out, start=start, also=also or [], seed=seed, precision=precision
    )
    show_training(screen, tables, out)
    finish(screen, register.read.failures)


@app.command(help=_help("help.evaluate"))
def evaluate(
    run: RunFolder,
    truth: Truth = None,
    decisions: Decisions = None,
    file: RunFiles = None,
    registry: Registry = None,
    form: Format = "text",
    today: Today = "",
    lang: Lang = "id",
) -> None:
    """Judge links against what is known to be right."""
    from dtkstool.pipeline import linking
    from dtkstool.terminal.linking import show_figures

    screen = screen_for(lang)
    linking.demand_truth(truth, decisions or [], form)
    figures = linking.evaluate(
        run,
        truth=truth,
        decisions=decisions or [],
        files=file or [],
        registry=registry,
        today=reference_date(today),
    )
    if form == "json":
        screen.result(linking.as_json(figures))
    else:
        show_figures(screen, figures)
