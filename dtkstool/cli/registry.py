"""Commands on the civil registry: registry build."""

from typing import Annotated

import typer

from dtkstool.cli.app import registry_app
from dtkstool.cli.options import (
    Extracts,
    Lang,
    Map,
    ModelFile,
    Out,
    Quiet,
    Today,
    finish,
    reference_date,
    screen_for,
    words,
)


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

    screen = screen_for(lang, quiet)
    registers = {"kematian": kematian, "pindah": pindah, "datang": datang}
    given = {kind: paths for kind, paths in registers.items() if paths}
    built = build_registry(
        biodata, given, out, today=reference_date(today), column_map=column_map, model_path=model
    )
    screen.registry(built)
    finish(screen, built.failures)
