"""A sample world from what was asked for on the command line."""

from dataclasses import dataclass
from pathlib import Path

from dtkstool.errors import BadConfiguration
from dtkstool.sample.generate import generate
from dtkstool.sample.settings import PRESETS, Rates, Summary, preset


@dataclass(frozen=True)
class Wish:
    """What was asked for; None and "" leave the preset's value."""

    preset: str
    persons: int | None
    records: int | None
    seed: int
    kabupaten: str
    messy: bool
    dirtiness: float
    rates: tuple[str, ...]
    """Single rates as `name=0.05`."""


def make(wish: Wish, out: Path) -> Summary:
    """Write the world to `out`; BadConfiguration for a preset, rate or region there is not."""
    if wish.preset not in PRESETS:
        raise BadConfiguration("bad_preset", value=wish.preset, known=", ".join(PRESETS))
    sizes = {"persons": wish.persons, "records": wish.records}
    changes: dict[str, object] = {name: size for name, size in sizes.items() if size is not None}
    if wish.kabupaten:
        changes["kabupaten"] = tuple(wish.kabupaten.split(","))
    rates = _rates(wish)
    try:
        settings = preset(wish.preset, seed=wish.seed, messy=wish.messy, rates=rates, **changes)
        return generate(settings, out)
    except ValueError as error:
        raise BadConfiguration("bad_world", reason=str(error)) from error


def _rates(wish: Wish) -> Rates:
    try:
        pairs = [text.split("=", 1) for text in wish.rates]
        return Rates(wish.dirtiness, {name: float(value) for name, value in pairs})
    except ValueError as error:
        raise BadConfiguration("bad_rates", reason=str(error)) from error
