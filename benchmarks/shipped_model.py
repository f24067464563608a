"""Make the model that is shipped: worlds from seeds, a model from each, the mean of them.

    python benchmarks/shipped_model.py [--out dtkstool/data/model.json] [--work bench-data]
    python benchmarks/shipped_model.py --check

The shipped file is exactly this script's product. What is set by hand (slopes, caps, weights per
token, the review cut, the margin, where EM starts) stands in `model_start.json`; everything else is
counted. Two generators take part, so that the weights belong to neither. `--check` ends with 1
when the shipped file is another one. On two cores it takes about five minutes and 2 GB.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from measure import dtkstool

from dtkstool.link.train import pooled, train
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import load_register
from dtkstool.registry import open_registry
from dtkstool.write.tables import write_json

HERE = Path(__file__).parent
SHIPPED = HERE.parent / "dtkstool" / "data" / "model.json"
START = HERE / "model_start.json"
TODAY = date(2026, 10, 31)
SEED = 1


@dataclass(frozen=True)
class World:
    """A world to learn from, and how it is made."""

    other: bool
    """Made by `otherworld.py` instead of `dtkstool sample`."""
    seed: int
    kabupaten: str
    records: int
    persons: int
    dirtiness: float

    @property
    def command(self) -> str:
        """Return how to make it, without the folder."""
        maker = "benchmarks/otherworld.py" if self.other else "dtkstool sample --preset kabupaten"
        return (
            f"{maker} --seed {self.seed} --kabupaten {self.kabupaten} --records {self.records} "
            f"--persons {self.persons} --dirtiness {self.dirtiness}"
        )

    def make(self, folder: Path) -> None:
        """Make its files and prepare its registry, unless that is done."""
        if (folder / "READY").exists():
            return
        options = self.command.split(" --", 1)[1].split()
        options = [f"--{options[0]}", *options[1:]]
        if self.other:
            command = [sys.executable, str(HERE / "otherworld.py"), str(folder), *options]
        else:
            command = dtkstool("sample", *options, "--out", folder)
        subprocess.run(command, check=True)
        biodata = "penduduk" if self.other else "biodata"
        registers = [
            part
            for name in ("kematian", "pindah", "datang")
            for part in (f"--{name}", folder / "registry" / f"{name}*")
        ]
        build = ("--biodata", folder / "registry" / f"{biodata}*", *registers)
        prepared = ("--out", folder / "prepared", "--quiet")
        subprocess.run(dtkstool("registry", "build", *build, *prepared), check=True)
        (folder / "READY").touch()


WORLDS = (
    World(False, 202, "6371", 50_000, 200_000, 2.0),
    World(False, 606, "5201", 50_000, 200_000, 2.5),
    World(True, 31, "7205", 30_000, 200_000, 1.5),
)


def learned(world: World, folder: Path) -> dict[str, Any]:
    """Return the tables of the model that one world shows."""
    register = load_register([str(folder / "dtks")], today=TODAY, column_map=None, clock=Clock())
    registry = open_registry(folder / "prepared")
    start = json.loads(START.read_text("utf-8"))
    tables = train(register.cleaned, registry.keys, registry.words, start, seed=SEED)
    return {**tables, "made_from": {"world": world.command, **tables["made_from"]}}


def main() -> None:
    """Make the model, or check the shipped one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--work", type=Path, default=Path("bench-data"), help="cache folder")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    models = []
    for world in WORLDS:
        maker = "other" if world.other else "sample"
        folder = options.work / f"model_{maker}_{world.seed}"
        folder.mkdir(parents=True, exist_ok=True)
        world.make(folder)
        models.append(learned(world, folder))
        print(world.command)
    made = options.work / "model.json" if options.check else options.out
    write_json(pooled(models), made)
    if options.check and made.read_bytes() != SHIPPED.read_bytes():
        sys.exit(f"{made} is not what is shipped")


if __name__ == "__main__":
    main()
