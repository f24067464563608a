"""Region codes that a file is expected to be from: those there are, and what is said of others."""

import pytest

from dtkstool.config.gate import gate_config, with_options
from dtkstool.errors import BadConfiguration
from dtkstool.pipeline.checking import rules_of
from dtkstool.rules.expected import near_codes
from dtkstool.wilayah import regions


def refused(config):
    with pytest.raises(BadConfiguration) as raised:
        rules_of(config)
    return str(raised.value)


def test_a_code_that_no_region_has_is_refused_with_near_ones_and_its_file(tmp_path):
    file = tmp_path / "dtkstool.toml"
    file.write_text('[validate.expect]\n"*" = ["3552", "3201"]', "utf-8")
    told = refused(gate_config(file))
    assert "no region has the code 3552" in told and "3525 Kab. Gresik" in told
    assert "dtkstool.toml" in told and "3201" not in told
    asked = with_options(gate_config(file), expect=["3201.99.2001"])
    assert "3201992001" in refused(asked) and "dtkstool.toml" not in refused(asked)


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("3552", "3525"),  # two digits exchanged
        ("320199", "320919"),
        ("3525119999", "3525112001"),  # nothing alike: what lies in the kecamatan
        ("99", "91"),
    ],
)
def test_what_is_near_a_code_comes_first(typed, near):
    found = near_codes(typed)
    assert 1 <= len(found) <= 3 and set(found) <= set(regions()["code"])
    assert found[0] == near


@pytest.mark.parametrize("code", ["32", "3201", "320101", "3201011001", "9101", "910104"])
def test_codes_of_every_level_and_retired_ones_may_be_expected(code):
    assert rules_of(with_options(gate_config(None), expect=[code]))
