"""Why a record was linked as it was."""

import pytest

from dtkstool.link.explain import STEPS, explain
from dtkstool.link.matching import match
from dtkstool.link.weights import load
from tests.linking import people, registry
from tests.test_matching import FATHER, SITI, SON, TWIN


def explained(record, *registered):
    _, keys, words = registry(*registered)
    return explain(people(record), keys, words, load())


def test_the_steps_of_a_waterfall_add_up_to_the_weight():
    for candidate in explained({**SITI, "nik": None, "nik_digits": None}, SITI, TWIN, FATHER):
        assert [name for name, _, _ in candidate.steps] == list(STEPS)
        assert sum(bits for _, _, bits in candidate.steps) == pytest.approx(candidate.weight)


def test_candidates_come_best_first_and_only_the_best_is_accepted():
    found = explained(SITI, SITI, TWIN)
    assert [c.rank for c in found] == list(range(1, len(found) + 1))
    assert [c.reason == "accepted" for c in found] == [True, *[False] * (len(found) - 1)]


def test_a_veto_is_named_as_the_reason():
    nikless = {
        **SON,
        "nik": None,
        "nik_digits": None,
        "nik_kelas": "kosong",
        "nokk": FATHER["nokk"],
    }
    best = explained(nikless, FATHER)[0]
    assert best.reason in {"vetoed", "weak", "hopeless"}


def test_a_record_nobody_resembles_has_no_candidates():
    assert explained({"nama": "WARTINI"}, SITI) == []


@pytest.mark.parametrize(
    ("record", "poor"),
    [
        ({"nama": "SITI", "jenis_kelamin": "P"}, True),
        ({**SITI, "nik": "3204019999999999", "nik_digits": None, "nama": "WARTINI"}, False),
    ],
)
def test_a_record_is_poor_when_not_even_its_double_could_be_linked(record, poor):
    _, keys, words = registry(SITI)
    link = match(people(record), keys, words, load()).links.row(0, named=True)
    assert (link["verdict"] in {"tinjau", "tidak_ditemukan"}, link["poor"]) == (True, poor)
