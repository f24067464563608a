"""The words behind the cleaning of names, read from `data/nama.toml` and `data/bunyi.toml`.

The files say what each table means and hold the sources of its choices.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, cast

import polars as pl


@cache
def table(name: str) -> dict[str, Any]:
    """Return `data/<name>.toml` as nested tables."""
    text = files("dtkstool").joinpath("data", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def words(section: str, key: str) -> list[str]:
    """Return one list of words of `nama.toml`."""
    return cast(list[str], table("nama")[section][key])


def spellings(pattern: str) -> list[str]:
    """Return every spelling a pattern stands for: `R(A|O)H` gives RAH and ROH."""
    parts = re.split(r"[()]", pattern)
    choices = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


def one_spelling(families: dict[str, list[str]]) -> dict[str, str]:
    """Return spelling → family's name for families of patterns; the first family to claim wins.

    A family's own name always stays itself.
    """
    found = {name: name for name in families}
    for name, patterns in families.items():
        for spelling in (s for pattern in patterns for s in spellings(pattern)):
            found.setdefault(spelling, name)
    return found


@cache
def standard_words() -> pl.DataFrame:
    """Return the one-token spellings that change `nama`: columns `kata`, `baku` (may be two)."""
    names = table("nama")
    found = one_spelling({**names["baku"], **names["urai"]})
    return pl.DataFrame({"kata": list(found), "baku": list(found.values())})


def any_word(choices: list[str]) -> str:
    """Return a regex for any of these words, the longest first."""
    return "(?:" + "|".join(sorted(choices, key=lambda w: (-len(w), w))) + ")"


def titled(title: str) -> str:
    """Return a regex for a title given as `S.PD.I`: glued, dotted, or apart where that is sure.

    Two single letters never count as a title when they stand apart without a dot: S H may be
    anybody's initials.
    """
    first, *rest = title.split(".")
    regex = first.replace(" ", " +")
    for before, part in zip([first, *rest], rest, strict=False):
        sure = len(before) > 1 or len(part) > 1
        regex += (r"[ .]*" if sure else r"(?: *\. *)?") + part
    return regex


def dotted(title: str) -> str:
    """Return a regex for a title that is one only with its dots: `M.A` is, MA is not."""
    parts = title.split(".")
    return r" *\. *".join(parts) if len(parts) > 1 else title + r" *\."


def any_title(titles: list[str]) -> str:
    """Return a regex for any of these titles as `titled` reads them."""
    return "(?:" + "|".join(titled(t) for t in sorted(titles, key=lambda t: (-len(t), t))) + ")"


@cache
def reserved() -> frozenset[str]:
    """Return the words that mean something beside a name; a split never sets one free."""
    names = table("nama")
    lists = [*names["gelar"].values(), *names["pemisah"].values(), names["ibu"]["kosong"]]
    return frozenset(word.replace(".", "") for words_ in lists for word in words_)
