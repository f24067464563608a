"""Make the world in this folder again: `python sample_data/make.py`."""

import shutil
from pathlib import Path

from dtkstool.sample.generate import generate
from dtkstool.sample.settings import Settings

SETTINGS = Settings(
    seed=2026, kabupaten=("3525",), kecamatan=4, persons=6_000, records=1_200, messy=True
)


def main() -> None:
    """Replace dtks/, registry/ and truth/ beside this file."""
    here = Path(__file__).parent
    for name in ("dtks", "registry", "truth"):
        shutil.rmtree(here / name, ignore_errors=True)
    print(generate(SETTINGS, here))


if __name__ == "__main__":
    main()
