"""The catalogue is whole: every code once, with texts in both languages and cases of its own."""

import inspect
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from dtkstool.columns import COLUMN
from dtkstool.decide import _link_codes
from dtkstool.frames import ACTION, SEVERITY
from dtkstool.messages import LANGUAGES, page
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.rule import TEXTS, Action, Severity

CASES = {path.stem for path in (Path(__file__).parent / "cases").glob("*.toml")}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_codes_and_names_are_unique():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_every_rule_has_a_page_and_every_page_a_rule():
    assert page("rules").keys() == {rule.code for rule in RULES}


def test_every_code_has_cases_and_no_case_is_an_orphan():
    assert {rule.code for rule in RULES} == CASES


def test_severities_and_actions_are_those_of_the_findings():
    assert list(get_args(Severity)) == SEVERITY.categories.to_list()
    assert list(get_args(Action)) == ACTION.categories.to_list()


@each_rule
def test_a_code_is_letters_and_two_digits_and_a_name_is_kebab_case(rule):
    assert re.fullmatch(r"[A-Z]{2,3}\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)


@each_rule
def test_a_rule_names_fields_that_exist_and_where_it_comes_from(rule):
    assert set(rule.fields) <= COLUMN.keys()
    assert rule.source and rule.since


@each_rule
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_there(rule, lang):
    assert all(rule.text(part, lang).strip() for part in TEXTS)
    assert all(message.strip() for message in rule.messages(lang).values())


@each_rule
def test_the_values_fill_the_messages(rule):
    wanted = set().union(*(placeholders(text) for text in rule.messages("id").values()))
    assert wanted <= {"value", "label", *rule.values}


@each_rule
def test_a_rule_with_several_messages_says_which_applies(rule):
    assert (rule.variant is not None) == (list(rule.messages("id")) != [""])


@each_rule
def test_only_reading_and_the_registry_find_what_no_expression_judges(rule):
    assert (rule.violated is None) == (rule.scope in ("file", "registry"))


def test_every_code_a_decision_can_carry_is_explained():
    decided = set(re.findall(r'"([A-Z]{3}\d\d)":', inspect.getsource(_link_codes)))
    assert len(decided) > 10
    assert decided <= {rule.code for rule in RULES}


def test_no_message_quotes_a_personal_cell():
    personal = [
        r
        for r in RULES
        if any(COLUMN[f].kind in ("nik", "nokk", "nama", "tanggal", "id") for f in r.fields)
    ]
    quoting = [
        r.code
        for r in personal
        if any("value" in placeholders(m) for m in r.messages("id").values())
    ]
    assert quoting == []


def test_no_hapus_without_a_second_fact():
    assert [rule.code for rule in RULES if rule.action == "hapus"] == []


def test_the_generated_pages_are_current():
    script = Path(__file__).parent.parent / "docs" / "generate.py"
    subprocess.run([sys.executable, script, "--check"], check=True)
