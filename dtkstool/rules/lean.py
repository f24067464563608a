"""Pandera as it is where pandas is not installed: three quarters of a second of processor less.

Pandera imports pandas wherever it can, for frames that are never seen here; checking Polars frames
needs none of it, and a polars-only installation is one that its makers support (pandera#2387).
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from threading import get_ident
from types import ModuleType
from typing import Any


class NotInstalled:
    """A finder to which one package is missing, for the thread that made it."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.thread = get_ident()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for the package; leave all others to the other finders."""
        if name == self.package and get_ident() == self.thread:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


@contextmanager
def without(package: str) -> Iterator[None]:
    """Import in this thread as if a package were not installed; one already imported stays."""
    finder = NotInstalled(package)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def pandera() -> Any:
    """Return `pandera.polars`."""
    with without("pandas"):
        return import_module("pandera.polars")
