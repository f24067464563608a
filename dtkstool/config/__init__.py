"""`dtkstool.toml`: read once, checked at once, one section a stage.

Each section has a module here that turns its table into a frozen dataclass and names every key
it does not know.
"""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from dtkstool.errors import BadConfiguration, Where

SECTIONS = ("run", "validate")
"""What a configuration file is made of: a section misspelt would be one that says nothing."""


def load(path: Path) -> dict[str, Any]:
    """Return the tables of a configuration file; BadConfiguration if it is missing or no TOML.

    Also for a section that nothing reads.
    """
    where = Where(file=str(path))
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise BadConfiguration("config_missing", where=where) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration("config_syntax", where=where, reason=str(error)) from error
    demand_known(tables, SECTIONS, where)
    return tables


def demand_known(table: Mapping[str, Any], known: Collection[str], where: Where) -> None:
    """Raise BadConfiguration naming the keys of `table` that are not in `known`."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise BadConfiguration(
            "config_key", where=where, keys=", ".join(unknown), known=", ".join(sorted(known))
        )
