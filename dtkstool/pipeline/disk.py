"""What Polars says of a full or broken disk, said as the operating system says it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl


@contextmanager
def told_as_os_error() -> Iterator[None]:
    """Turn Polars' "underlying IO error … (os error 28)" into the OSError that it was."""
    try:
        yield
    except pl.exceptions.ComputeError as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if not number:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from error
