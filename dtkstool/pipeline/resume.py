"""Stages kept on disk while a run is under way, so that one cut off need not begin again.

The register itself is read and cleaned again: writing it down (2.8 kB a record) would cost every
run what it saves a few. What is kept is only ever used by a run of the same inputs, registry,
configuration and program: the folder's name is a fingerprint of all of them.
"""

import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from dtkstool.pipeline.register import Register
from dtkstool.pipeline.watch import Watch
from dtkstool.registry import Registry
from dtkstool.write.tables import replacing

T = TypeVar("T")


@dataclass
class Resuming(Watch):
    """Keeps finished stages in a folder and tells what it sees to whoever started the run."""

    folder: Path = Path()
    look: Callable[[Register, Registry], None] = lambda register, registry: None
    resumed: list[str] = field(default_factory=list)
    """Stages that an earlier, cut-off run had finished."""

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """Return a stage's result, from the folder if a run that was cut off left it there."""
        path = self.folder / f"{name}.pickle"
        try:
            with path.open("rb") as stream:
                found = cast(T, pickle.load(stream))
        except (FileNotFoundError, EOFError, pickle.UnpicklingError):
            return self._made(path, make)
        self.resumed.append(name)
        return found

    def _made(self, path: Path, make: Callable[[], T]) -> T:
        made = make()
        with replacing(path) as temporary, temporary.open("wb") as stream:
            pickle.dump(made, stream, protocol=pickle.HIGHEST_PROTOCOL)
        return made

    def loaded(self, register: Register, registry: Registry) -> None:
        """Pass on what was read."""
        self.look(register, registry)


def resting_place(part: Path, mark: str) -> Path:
    """Return the folder for the stages of a run with this fingerprint; those of others go."""
    stages = part / "tahap"
    if stages.is_dir():
        for other in stages.iterdir():
            if other.name != mark:
                shutil.rmtree(other)
    (stages / mark).mkdir(parents=True, exist_ok=True)
    return stages / mark
