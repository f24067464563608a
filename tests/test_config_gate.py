"""Section [validate] of dtkstool.toml: what it says, and every mistake answered by name."""

from pathlib import Path

import polars as pl
import pytest

from dtkstool.config.gate import Custom, gate_config, with_options
from dtkstool.errors import BadConfiguration, Where
from dtkstool.pipeline.checking import rules_of
from dtkstool.rules.custom import blamed, custom_rules
from dtkstool.rules.selection import by_code, chosen, with_severity
from tests.judging import judged

RULE = """
[[validate.rules]]
code = "KAB01"
column = "alamat"
wrong_when = "LENGTH(alamat_asal) < 5"
message = "Alamat terlalu pendek"
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "dtkstool.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def mistake(*args, **options):
    with pytest.raises(BadConfiguration) as raised:
        rules_of(gate_config(*args, **options))
    return str(raised.value)


def test_without_a_file_everything_is_as_usual(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = gate_config(None)
    assert (config.fail_on, config.max_rate, config.select, config.rules) == ("galat", None, (), ())


def test_the_file_in_the_working_folder_counts(written, monkeypatch):
    monkeypatch.chdir(written('[validate]\nfail-on = "fatal"').parent)
    assert gate_config(None).fail_on == "fatal"


def test_other_sections_are_none_of_its_business(written):
    assert gate_config(written('[run]\nregistry = "reg"')).ignore == ()


def test_everything_that_can_be_said(written):
    path = written(
        """
        [validate]
        select = ["nik", "KK"]
        ignore = "NIK07"
        fail_on = "peringatan"
        max-rate = "5%"
        baseline = "dasar.txt"
        severity = {NIK08 = "info"}
        max-rates = {NIK = 0.1, TGL = "2 %"}
        [validate.expect]
        "*Dukun*" = ["35.25.01"]
        "*" = ["3525"]
        """
    )
    config = gate_config(path)
    assert config.select == ("NIK", "KK")
    assert config.ignore == ("NIK07",)
    assert config.fail_on == "peringatan"
    assert config.max_rate == 0.05
    assert config.baseline == path.parent / "dasar.txt"
    assert config.severity == {"NIK08": "info"}
    assert config.max_rates == {"NIK": 0.1, "TGL": 0.02}
    assert config.expect == {"*Dukun*": ("352501",), "*": ("3525",)}


def test_options_go_before_the_file_and_ignore_adds_to_it(written):
    config = with_options(
        gate_config(written('[validate]\nselect = ["KK"]\nignore = ["KK08"]\nmax-rate = 0.1')),
        select=["nik,nam"], ignore=["NIK08 NIK09"], fail_on="info", max_rate=["5%", "KK08=2%"],
        expect=["3525"], baseline=Path("b.txt"),
    )  # fmt: skip
    assert config.select == ("NIK", "NAM")
    assert config.ignore == ("KK08", "NIK08", "NIK09")
    assert (config.max_rate, config.max_rates) == (0.05, {"KK08": 0.02})
    assert (config.fail_on, config.expect) == ("info", {"*": ("3525",)})


def test_a_baseline_in_the_file_holds_nothing_back_from_a_new_one(written):
    config = gate_config(written('[validate]\nbaseline = "belum-ada.txt"'))
    assert with_options(config, everything=True).baseline is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("validate = 3", "validate"),
        ("[validate]\npilih = ['NIK']", "pilih"),
        ("[validate]\nselect = 3", "validate.select"),
        ("[validate]\nselect = ['NIX']", "NIX"),
        ("[validate]\nmax-rate = 'banyak'", "banyak"),
        ("[validate]\nmax-rate = 5", "5"),
        ("[validate]\nmax-rate = true", "validate.max_rate"),
        ("[validate]\nseverity = {NIK08 = 'besar'}", "besar"),
        ("[validate]\nseverity = 'info'", "validate.severity"),
        ("[validate]\nfail-on = 'besar'", "besar"),
        ("[validate]\nexpect = ['Gresik']", "Gresik"),
        ("[validate]\nexpect = []", "region code"),
        ("[validate]\nrules = 3", "validate.rules"),
        ("[validat]\nignore = ['NIK']", "unknown keys: validat"),
        ("[validate]\nmax-rate = '1%'\nmax_rate = '2%'", "max-rate"),
    ],
)
def test_a_mistake_is_named_with_its_file(written, text, said):
    told = mistake(written(text))
    assert said in told and "dtkstool.toml" in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('message = "Alamat terlalu pendek"', ""), "KAB01 is not complete: message"),
        (('"KAB01"', '"kab1"'), "kab1 is no rule code"),
        (('"KAB01"', '"NIK01"'), "NIK01 is taken"),
        (('column = "alamat"', 'column = "alamatt"'), "unknown columns: alamatt"),
        (("LENGTH(alamat_asal) < 5", "LENGTH(alamt_asal) < 5"), "unknown columns: alamt_asal"),
        (("LENGTH(alamat_asal) < 5", "LENGTH(alamat_asal <"), "cannot be worked out"),
        (("LENGTH(alamat_asal) < 5", "LENGTH(alamat_asal)"), "true or false for each row (UInt32)"),
        (("LENGTH(alamat_asal) < 5", "COUNT(nik) > 5"), "true or false for each row (one value)"),
        (("LENGTH(alamat_asal) < 5", "rt = 'satu'"), "cannot be worked out"),
        (('code = "KAB01"', 'code = "KAB01"\nseverity = "besar"'), "there is no besar"),
        (('code = "KAB01"', 'code = "KAB01"\naction = "hapus"'), "there is no hapus"),
        (('code = "KAB01"', 'code = "KAB01"\nsql = "x"'), "unknown keys: sql"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_names_the_rule_and_what_is_wrong(written, change, said):
    assert said in mistake(written(RULE.replace(*change)))


def test_a_code_given_twice_is_taken(written):
    assert "KAB01 is taken" in mistake(written(RULE + RULE))


def test_a_rule_of_the_file_finds_its_cell(written):
    rules = rules_of(gate_config(written(RULE)))
    findings = judged([{"alamat": "RT 1"}, {"alamat": "KP. BARU"}, {}], rules=rules)
    found = findings.filter(code="KAB01").row(0, named=True)
    assert findings["code"].to_list().count("KAB01") == 1
    assert (found["row"], found["column"], found["value"]) == (2, "alamat", "RT 1")
    assert (found["severity"], found["action"]) == ("peringatan", "verifikasi")
    assert found["message"] == "Alamat terlalu pendek"


def test_a_rule_may_look_across_rows():
    custom = Custom("KAB02", "nokk", "COUNT(*) OVER (PARTITION BY nokk) > 1", "KK {berulang}")
    (rule,) = custom_rules([custom], Where())
    findings = judged([{}, {}, {"nokk": "3201010904120009"}], rules=[rule])
    assert rule.scope == "group"
    assert findings.select("row", "message").rows() == [(2, "KK {berulang}"), (3, "KK {berulang}")]


def test_a_rule_that_fails_on_a_cell_is_blamed_without_the_cell():
    custom = Custom("KAB03", "alamat", "CAST(alamat_asal AS INT) > 3", "x")
    (rule,) = custom_rules([custom], Where(file="dtkstool.toml"))
    error = blamed(pl.DataFrame({"alamat_asal": ["JALAN MAWAR"]}), [rule], Where("dtkstool.toml"))
    assert "rule KAB03" in str(error) and "MAWAR" not in str(error)


@pytest.mark.parametrize(
    ("select", "ignore", "wanted"),
    [
        ((), (), {"NIK01", "NIK02", "KK01"}),
        (("NIK",), (), {"NIK01", "NIK02"}),
        (("ALL",), ("NIK",), {"KK01"}),
        (("NIK02",), ("NIK",), {"NIK02"}),
        (("NIK",), ("NIK02",), {"NIK01"}),
        (("NIK02",), ("NIK02",), set()),
        ((), ("ALL",), set()),
    ],
)
def test_the_longer_name_wins(select, ignore, wanted):
    few = [rule for rule in rules_of(gate_config(None)) if rule.code in ("NIK01", "NIK02", "KK01")]
    assert {rule.code for rule in chosen(few, select, ignore)} == wanted


def test_a_family_gives_its_value_to_each_rule_and_a_code_overrides_it():
    few = [rule for rule in rules_of(gate_config(None)) if rule.code in ("NIK01", "NIK02", "KK01")]
    assert by_code(few, {"NIK": 1, "NIK02": 2}) == {"NIK01": 1, "NIK02": 2}
    severities = {r.code: r.severity for r in with_severity(few, {"ALL": "info", "NIK": "fatal"})}
    assert severities == {"NIK01": "fatal", "NIK02": "fatal", "KK01": "info"}


def test_a_severity_of_the_file_is_the_findings():
    rules = with_severity(rules_of(gate_config(None)), {"NIK01": "info"})
    assert judged([{"nik": ""}], rules=rules)["severity"].to_list() == ["info"]
