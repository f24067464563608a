"""What a run offers to whoever follows it: its clock, resting places, a look at what it read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import Register
from dtkstool.registry import Registry

T = TypeVar("T")


@dataclass
class Watch:
    """Follows a run and leaves it as it is; `scheduled` has one that logs, warns and resumes."""

    clock: Clock = field(default_factory=Clock)

    def keep(self, name: str, make: Callable[[], T]) -> T:
        """Return what the stage called `name` makes, or what it made before the run was cut off."""
        return make()

    def loaded(self, register: Register, registry: Registry) -> None:
        """Look at what was read before anything is done with it; may raise to stop the run."""
