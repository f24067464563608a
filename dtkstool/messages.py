"""The message catalogue: every sentence a person in the field reads, in Indonesian and English.

The catalogue is `data/messages/*.toml`. A key is `page.entry.part`, the page being the file's
name; every leaf is a table with `id` and `en`, whose `{placeholders}` agree.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")


@cache
def page(name: str) -> dict[str, Any]:
    """Return one page of the catalogue as nested tables."""
    text = files("dtkstool").joinpath("data", "messages", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def template(key: str, lang: Language) -> str:
    """Return the sentence at `key` with its placeholders unfilled; KeyError if there is none."""
    name, *parts = key.split(".")
    entry: Any = page(name)
    for part in parts:
        entry = entry[part]
    return cast(str, entry[lang])


def message(key: str, lang: Language, **values: object) -> str:
    """Return the sentence at `key` with its placeholders filled from `values`."""
    return template(key, lang).format(**values)
