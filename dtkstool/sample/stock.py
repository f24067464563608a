"""The name stocks: words with Zipf-like weights by people, sex and cohort."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Ids = npt.NDArray[np.uint16]
Weights = npt.NDArray[np.floating[Any]]
COHORTS = ("tua", "madya", "muda")
SEXES = "LP"


def page(name: str) -> dict[str, Any]:
    """Return one page of the hand-written stocks as nested tables."""
    text = files("dtkstool").joinpath("data", "sample", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def region_table() -> pl.DataFrame:
    """Return the packaged region table: code, name."""
    with files("dtkstool").joinpath("data", "wilayah.parquet").open("rb") as source:
        return pl.read_parquet(source.read())


@dataclass(frozen=True)
class Words:
    """Words to draw from, as ids into `Stock.words`, with cumulative weights."""

    ids: Ids
    cumulative: Weights

    def draw(self, rng: np.random.Generator, size: int) -> Ids:
        """Return `size` word ids."""
        return self.ids[np.searchsorted(self.cumulative, rng.random(size), side="right")]


@dataclass(frozen=True)
class Pattern:
    """How a full name is put together: one letter or word id set per slot."""

    slots: tuple[str | Words, ...]
    """`C` family name, `U` birth-order name, or the words to draw from."""


@dataclass(frozen=True)
class Style:
    """The names of one people, sex and cohort."""

    patterns: tuple[Pattern, ...]
    cumulative: Weights
    marga: Words | None


@dataclass(frozen=True)
class Stock:
    """All words and styles; word id 0 means no word."""

    words: tuple[str, ...]
    styles: dict[tuple[str, str, str], Style]
    peoples: tuple[str, ...]
    birth_order: tuple[Words, ...]
    twins: dict[str, npt.NDArray[np.uint16]]
    """Per sex an array of pairs."""
    mix: dict[str, Weights]
    """Share of each people by province code; `lain` for the others."""


class _Vocabulary:
    """Gives every word an id in order of first mention."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {"": 0}

    def __call__(self, word: str) -> int:
        return self.ids.setdefault(word, len(self.ids))

    def zipf(self, words: list[str]) -> Words:
        weights = (np.arange(len(words)) + 4.0) ** -0.95
        return self.weighted(words, weights)

    def weighted(self, words: list[str], weights: Weights) -> Words:
        ids = np.array([self(w) for w in words], dtype=np.uint16)
        return Words(ids, np.minimum(np.cumsum(weights) / np.sum(weights), 1.0 + 1e-12))


def weighted_items(text: str) -> tuple[list[str], Weights]:
    """Return the words and weights of `A:3 B:1`."""
    pairs = [item.rsplit(":", 1) for item in text.split()]
    return [p[0] for p in pairs], np.array([float(p[1]) for p in pairs])


def _composed(parts: list[str]) -> list[str]:
    heads, tails = (part.split() for part in parts)
    return [head + tail for tail in tails for head in heads]


def _style(names: dict[str, Any], cohort: str, number: _Vocabulary, spelling: Any) -> Style:
    listed = names[cohort].split()
    composed = [w for w in _composed(names.get(f"{cohort}_susun", ["", ""])) if w not in listed]
    first = number.zipf(listed + composed)
    marga = number.zipf(names["marga"].split()) if "marga" in names else None
    second = number.zipf(names["kedua"].split())
    known: dict[str, str | Words] = {"A": first, "B": second, "C": "C", "U": "U"}

    def slot(word: str) -> str | Words:
        if word in known:
            return known[word]
        if word in spelling:
            return number.weighted(*weighted_items(spelling[word]))
        return number.zipf([word])

    lines = [line.split() for line in names[f"pola_{cohort}"]]
    weights = np.array([float(line[0]) for line in lines])
    patterns = tuple(Pattern(tuple(slot(w) for w in line[1:])) for line in lines)
    return Style(patterns, np.cumsum(weights) / weights.sum(), marga)


def _mix(shares: dict[str, str], peoples: tuple[str, ...]) -> dict[str, Weights]:
    def row(text: str) -> Weights:
        names, weights = weighted_items(text)
        given = dict(zip(names, weights, strict=True))
        row = np.array([given.get(p, 0.0) for p in peoples])
        return np.asarray(row / row.sum())

    return {province: row(text) for province, text in shares.items()}


@cache
def stock() -> Stock:
    """Return the stocks of `data/sample/nama.toml`."""
    names, number = page("nama"), _Vocabulary()
    peoples = tuple(name for name in names if "L" in names[name])
    styles = {
        (people, sex, cohort): _style(names[people][sex], cohort, number, names["ejaan"])
        for people in peoples
        for sex in SEXES
        for cohort in COHORTS
    }
    order = tuple(number.zipf(names["urutan_bali"][str(i)].split()) for i in (1, 2, 3, 4))
    pairs = {
        sex: np.array(
            [[number(w) for w in pair.split("/")] for pair in page("ejaan")["kembar"][sex].split()],
            dtype=np.uint16,
        )
        for sex in SEXES
    }
    return Stock(tuple(number.ids), styles, peoples, order, pairs, _mix(names["suku"], peoples))
