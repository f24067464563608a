"""The month of one office: run."""

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

    screen = screen_for(lang, quiet)
    done = month.run(
        month.Order(files, registry, out, column_map, model, reference_date(today), screen.lang)
    )
    screen.run(done)
    finish(screen, done.outcome.register.read.failures)
