"""The command line: thin commands that read options, call the pipeline and show the result.

Exit codes: 0 clean, 1 the gate failed, 2 could not run.
"""

import gc
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from dtkstool.cli import (
    applying,
    checking,
    explaining,
    finalizing,
    ledger,
    linking,
    month,
    registry,
    usulan,
    world,
)
from dtkstool.cli.app import app
from dtkstool.cli.options import chosen_language, screen_for
from dtkstool.errors import DtksError, UnusableInput, Where

COMMANDS = (
    checking,
    explaining,
    registry,
    linking,
    month,
    ledger,
    finalizing,
    world,
    applying,
    usulan,
)
"""The modules whose commands hang on `app`, in the order help lists them."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; a problem a person can solve ends with one message and exit code 2."""
    # Frames are freed by counting; the collector only walks what imports leave, 5 % of a short run.
    gc.set_threshold(200_000)
    given = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")  # a terminal without "·" still shows the rest
    try:
        app(args=given, prog_name="dtkstool")
    except DtksError as error:
        screen_for(chosen_language(given)).error(error)
        sys.exit(2)
    except OSError as error:
        told = UnusableInput(
            "os_error", where=Where(file=str(error.filename or "")), reason=error.strerror or error
        )
        screen_for(chosen_language(given)).error(told)
        sys.exit(2)
