"""Commands that link and deduplicate: match, dedupe."""

from dtkstool.cli.app import app
from dtkstool.cli.options import (
    Files,
    Lang,
    Map,
    ModelFile,
    Out,
    Quiet,
    RegistryFolder,
    Today,
    finish,
    reference_date,
    screen_for,
    words,
)


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

    screen, clock = screen_for(lang, quiet), Clock()
    register = load_register(files, today=reference_date(today), column_map=column_map, clock=clock)
    links = write_links(register, registry, out, model, clock)
    screen.counts(links, "verdict")
    finish(screen, register.read.failures)


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

    screen, clock = screen_for(lang, quiet), Clock()
    register = load_register(files, today=reference_date(today), column_map=column_map, clock=clock)
    groups = write_duplicates(register, out, model, clock)
    screen.counts(groups, "reason")
    finish(screen, register.read.failures)
