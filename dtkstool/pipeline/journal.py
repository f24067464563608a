"""A run's log: one JSON object a line, for machines; no whole number of a person stands in it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

import polars as pl

from dtkstool.masking import mask_sentence
from dtkstool.pipeline.clock import Clock

OPEN = frozenset({"time", "event", "fingerprint", "sha256", "started", "since"})
"""Keys whose values are never a person's, and would be spoilt by masking."""


def now() -> datetime:
    """Return the time with its offset."""
    return datetime.now().astimezone()


@dataclass
class Journal:
    """Writes events to a stream, or nowhere."""

    stream: TextIO | None = None
    common: dict[str, object] = field(default_factory=dict)
    """What every line of this run says: month, run."""

    def event(self, name: str, level: str = "info", **values: object) -> None:
        """Write one line: time, level, event, and the values with long numbers masked."""
        if self.stream is None:
            return
        line = {"time": now().isoformat(timespec="milliseconds"), "level": level, "event": name}
        told = {key: _masked(key, value) for key, value in (self.common | values).items()}
        self.stream.write(json.dumps(line | told, ensure_ascii=False, default=str) + "\n")
        self.stream.flush()


def _masked(key: str, value: object) -> object:
    if key in OPEN or not isinstance(value, str):
        return value
    return pl.select(mask_sentence(pl.lit(value))).item()


@dataclass
class LoggedClock(Clock):
    """A clock that says when a stage begins and ends."""

    event: Callable[..., None] = Journal().event

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a `with` block under `name`, and log it."""
        self.event("stage_started", stage=name)
        with super().stage(name):
            yield
        self.event("stage_finished", stage=name, seconds=self.seconds[name])
