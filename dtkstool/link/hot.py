"""Over-common blocking keys in words: which names and places slow the search down."""

from datetime import date, timedelta

import polars as pl

from dtkstool.link.blocking import BLOCKS, Key, is_date, unpacked
from dtkstool.link.keys import TOKENS, Dictionaries
from dtkstool.masking import mask_number

EPOCH = date(1970, 1, 1)
NUMBERS = ("nik", "nik12", "nik10", "nokk")
SEXES = {1: "L", 2: "P"}


def named(counts: pl.DataFrame, words: Dictionaries) -> pl.DataFrame:
    """Return a rule's counts (`blocking.Candidates.counts`) with hottest as text.

    "SITI AMINAH 1979 (812), …": what a key consists of, and how many registry persons have it.
    Numbers of persons are masked. `words` are the dictionaries the keys were made with.
    """
    keys = {block.name: block.right[0] for block in BLOCKS}
    told = [
        ", ".join(f"{_words(keys[rule], one['key'], words)} ({one['persons']})" for one in hottest)
        for rule, hottest in counts.select("block", "hottest").rows()
    ]
    return counts.with_columns(hottest=pl.Series(told, dtype=pl.String))


def _words(parts: Key, key: int, words: Dictionaries) -> str:
    return " ".join(_word(name, value, words) for name, value in unpacked(parts, key).items())


def _word(column: str, value: int, words: Dictionaries) -> str:
    dictionaries = {"name": words.names, "mother": words.mothers}
    dictionaries |= dict.fromkeys(TOKENS, words.tokens)
    if column in dictionaries:
        return str(dictionaries[column]["word"][value - 1])
    if is_date(column):
        return (EPOCH + timedelta(days=value)).isoformat()
    if column == "sex":
        return SEXES[value]
    text = str(value)
    return str(pl.select(mask_number(pl.lit(text))).item()) if column in NUMBERS else text
