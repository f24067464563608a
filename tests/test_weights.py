"""Match weights: the model file, and evidence against strangers and relatives together."""

import json

import numpy as np
import pytest

from dtkstool.errors import BadConfiguration
from dtkstool.link.comparisons import COMPARISONS, LAHIR, NAMA, NIK
from dtkstool.link.weigh import Evidence
from dtkstool.link.weights import load, probability, read


def test_the_shipped_model_loads_and_orders_its_cuts():
    model = load()
    assert model.review < model.automatic < model.strict


def test_a_level_that_is_unknown_weighs_nothing():
    model = load()
    assert all(model.ladders[c.name].bits[0] == 0 for c in COMPARISONS if c is not NIK)
    assert model.nik.date_agrees[0] == model.nik.date_differs[0] == 0
    assert model.relatives.nama_lahir[0, 0] == 0


@pytest.mark.parametrize("born", ["kosong", "sama", "beda"])
def test_a_name_that_agrees_better_weighs_more_against_a_relative(born):
    bits = load().relatives.nama_lahir[:, LAHIR.at(born)]
    assert bits[NAMA.at("sama")] > bits[NAMA.at("mirip")] > bits[NAMA.at("beda")]


def test_a_file_that_is_no_model_says_so(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"version": 1}), "utf-8")
    with pytest.raises(BadConfiguration):
        load(path)


def test_the_weakest_rival_decides_the_weight():
    parts = {"prior": np.array([-20.0, -20.0]), "nama": np.array([40.0, 10.0])}
    weight = Evidence(parts, relative=np.array([5.0, 30.0])).weight
    assert weight.round(2).tolist() == [5.0, -10.0]


def test_probability_is_even_at_zero_bits_and_never_overflows():
    assert probability(np.array([0.0, 1.0, 2000.0, -2000.0])).tolist() == [0.5, 2 / 3, 1.0, 0.0]


def test_the_shipped_model_says_what_it_was_made_from():
    assert all(part["settled"] > 1000 for part in read(None)["made_from"])
