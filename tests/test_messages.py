"""The catalogue speaks both languages and says the same in both."""

import string
from pathlib import Path

import pytest

from dtkstool.messages import page

PAGES = sorted(p.stem for p in (Path(__file__).parent.parent / "dtkstool/data/messages").glob("*"))


def leaves(table, path=()):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, key))
        else:
            yield path, key, value


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", PAGES)
def test_every_message_is_in_both_languages_with_the_same_placeholders(name):
    entries = {}
    for path, lang, text in leaves(page(name)):
        entries.setdefault(path, {})[lang] = text
    for path, texts in entries.items():
        assert texts.keys() == {"id", "en"}, path
        assert placeholders(texts["id"]) == placeholders(texts["en"]), path
