"""The synthetic world: sample."""

from typing import Annotated

import typer

from dtkstool.cli.app import app
from dtkstool.cli.options import Lang, Out, screen_for, words


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

    screen = screen_for(lang)
    wish = Wish(preset, persons, records, seed, kabupaten, messy, dirtiness, tuple(rate or ()))
    screen.sample(make(wish, out), out)
