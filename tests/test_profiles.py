"""Kinds of files: how they are told, what does not judge them, and that the month obeys them too."""

from dataclasses import replace

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.columns import ALIASES, COLUMN
from dtkstool.config.gate import GateConfig, gate_config, with_options
from dtkstool.errors import BadConfiguration
from dtkstool.frames import FINDINGS
from dtkstool.messages import LANGUAGES, message
from dtkstool.pipeline.checking import rules_of, validate
from dtkstool.pipeline.month import Order, looked_at
from dtkstool.pipeline.plan import fingerprint
from dtkstool.pipeline.planning import Wish, plan_of
from dtkstool.pipeline.watch import Watch
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.profiles import PROFILES, WIDEST, guessed, silenced, within
from dtkstool.rules.selection import closeness
from tests.judging import TODAY
from tests.town import CHILD, HEAD, listed, month

PERSON = {"NIK": "3201015107700001", "Nama": "SITI AMINAH"}
FAMILY = {**PERSON, "No KK": "3201010904120003"}
HEADERS = {
    "dtks": "ID DTKS|NIK|Nama Lengkap|No. KK|Tgl Lahir|JK|Hubungan",
    "dtsen-keluarga": "id_keluarga|nomor_kartu_keluarga|nik_kepala_keluarga|nama_kepala_keluarga|alamat|desil",
    "dtsen-anggota": "id_keluarga|id_art|nik|nama_art|nokk|tanggal_lahir|hubungan_keluarga|desil_nasional",
    "usulan": "NAMA|NIK|NO KK|TGL LAHIR|FOTO KTP|FOTO RUMAH|ALASAN",
    "penyaluran": "NIK KPM|NAMA KPM|NO KKS|JENIS_BANSOS|TAHAP SALUR|NOMINAL",
    "registri": "NIK|NO_KK|NAMA_LGKP|TMPT_LHR|TGL_LHR|JENIS_KLMIN|STAT_HBKEL",
    "peristiwa": "NO_AKTA_MATI|NIK_JNSAH|NAMA_JNSAH|TGL_LHR|TGL_MATI",
}
UNSURE = {
    "persons only": "NIK|NAMA|NO KK|ALAMAT|PKH",
    "paid members of families": "NIK|NAMA|NO KK|HUBUNGAN|NO KKS|ID DTKS",
    "proposals that are paid": "NIK|NAMA|FOTO KTP|FOTO RUMAH|NO REKENING",
    "a biodata extract with aid in it": "NIK|NO_KK|NAMA_LGKP|TMPT_LHR|TGL_LHR|STAT_HBKEL|PKH",
    "deaths in a register": "ID DTKS|NIK|NAMA|TGL_MATI",
}


def columns(headers):
    """What the reader knows of a sheet with these headers."""
    keys = [
        (h, ALIASES.get(h.lower().replace(".", "").replace(" ", "_"))) for h in headers.split("|")
    ]
    known = {field: ("A", header) for header, field in keys if field}
    if "nama" not in known and "nama_kepala" in known:
        known["nama"] = known.pop("nama_kepala")
    return known


@pytest.mark.parametrize("name", HEADERS)
def test_a_kind_is_told_by_its_columns(name):
    assert guessed(columns(HEADERS[name])).name == name


@pytest.mark.parametrize("headers", UNSURE.values(), ids=UNSURE)
def test_what_is_unsure_is_the_widest(headers):
    assert guessed(columns(headers)) is WIDEST


def test_every_kind_has_its_words_and_names_fields_and_rules_there_are():
    assert WIDEST.off == ()
    for profile in PROFILES:
        assert all(message(f"profiles.what.{profile.name}", lang) for lang in LANGUAGES)
        assert set(profile.required) <= COLUMN.keys()
        assert all(any(closeness(r.code, [off]) >= 0 for r in RULES) for off in profile.off)


def test_only_the_sheets_of_a_kind_are_spared():
    kind = next(p for p in PROFILES if p.name == "penyaluran")
    rows = [
        {"source_file": f, "sheet": "", "code": c} for f in ("a", "b") for c in ("KK08", "NIK01")
    ]
    findings = pl.DataFrame(rows, schema=FINDINGS)
    left = within(findings, {("a", ""): kind}, RULES).select("source_file", "code").rows()
    assert left == [("a", "NIK01"), ("b", "KK08"), ("b", "NIK01")]
    assert {"KK08", "SHD05"} < silenced(kind, RULES)


def checked(tmp_path, rows, **options):
    pl.DataFrame(rows).write_csv(tmp_path / "KPM Dukun.csv")
    config = with_options(options.pop("config", GateConfig()), **options)
    return validate(
        [str(tmp_path / "KPM Dukun.csv")], today=TODAY, column_map=None, lang="en", config=config
    )


HEADLESS = [
    FAMILY | {"Hubungan": "ANAK", "ID DTKS": "A1"},
    FAMILY | {"NIK": "3201015207700002", "Nama": "BUDI", "Hubungan": "ANAK", "ID DTKS": "A2"},
]


def test_a_kind_that_is_asked_for_goes_before_the_guess(tmp_path):
    guess = checked(tmp_path, HEADLESS)
    assert "KK08" in guess.outcome.findings["code"].to_list()
    assert list(guess.outcome.profiles.values()) == ["dtks"]
    asked = checked(tmp_path, HEADLESS, profile="penyaluran")
    assert "KK08" not in asked.outcome.findings["code"].to_list()
    by_name = GateConfig(profile={"kpm*": "penyaluran", "*": "usulan"})
    assert checked(tmp_path, HEADLESS, config=by_name).outcome.profiles == asked.outcome.profiles


def test_a_missing_required_column_is_named(tmp_path):
    found = checked(tmp_path, HEADLESS, profile="usulan").outcome.findings.filter(code="FIL10")
    assert "foto_ktp, foto_rumah" in found["message"].item()
    assert checked(tmp_path, HEADLESS).outcome.findings.filter(code="FIL10").height == 0


def test_an_unsure_guess_is_said(tmp_path, capsys):
    pl.DataFrame([PERSON]).write_csv(tmp_path / "a.csv")
    with pytest.raises(SystemExit):
        main(["validate", str(tmp_path / "a.csv"), "--lang", "en"])
    seen = capsys.readouterr()
    assert (
        "Sheets whose kind is not clear from their columns: 1;" in seen.err and "umum" in seen.out
    )


def test_a_kind_there_is_not_is_refused_before_reading(tmp_path):
    with pytest.raises(BadConfiguration, match="penyaluran"):
        checked(tmp_path, HEADLESS, profile="bansos")
    (tmp_path / "dtkstool.toml").write_text('[validate.profile]\n"KPM*" = "bansos"')
    written = gate_config(tmp_path / "dtkstool.toml")
    with pytest.raises(BadConfiguration, match=r"dtkstool.toml › \[validate\]"):
        checked(tmp_path, HEADLESS, config=written)
    with pytest.raises(BadConfiguration, match="called bantuan · Kinds"):
        checked(tmp_path, HEADLESS, config=with_options(written, profile="bantuan"))


def test_the_command_lists_all_kinds(capsys):
    main_ended = pytest.raises(SystemExit)
    with main_ended:
        main(["profiles", "--lang", "en"])
    shown = capsys.readouterr().out
    assert all(profile.name in shown for profile in PROFILES)


GATE = """
[validate]
ignore = ["GND"]
profile = "penyaluran"
[validate.severity]
NIK01 = "fatal"
[[validate.rules]]
code = "KAB01"
column = "nama"
wrong_when = "LENGTH(nama_asal) < 5"
message = "Nama terlalu pendek"
"""


@pytest.mark.slow
def test_the_month_judges_by_the_same_section(tmp_path):
    (tmp_path / "dtkstool.toml").write_text(GATE)
    gate = gate_config(tmp_path / "dtkstool.toml")
    rows = [
        listed(HEAD, Hubungan="ANAK"), listed(HEAD, "A2", Hubungan="ANAK"),
        listed(CHILD, "A3", NIK="-", Nama="RUDI"),
    ]  # fmt: skip
    month(tmp_path, rows, [HEAD, CHILD])
    files = [str(tmp_path / "masuk")]
    order = Order(files, tmp_path / "registri", tmp_path, None, None, TODAY, "id", gate=gate)
    _, _, found = looked_at(order, Watch())
    by_validate = validate(
        files, today=TODAY, column_map=None, lang="id", config=gate
    ).outcome.findings
    assert found.equals(by_validate)
    said = dict(found.select("code", pl.col("severity").cast(pl.String)).rows())
    assert said["NIK01"] == "fatal" and said["KAB01"] == "peringatan"
    assert not {"GND01", "KK08"} & said.keys()
    assert {"KAB01"} <= {rule.code for rule in rules_of(gate)}


def test_the_section_reaches_the_plan_of_a_month_and_its_fingerprint(tmp_path):
    (tmp_path / "dtkstool.toml").write_text(
        GATE + '[run]\nfiles = ["*.csv"]\nregistry = "registri"\nout = "hasil"\n'
    )
    config = tmp_path / "dtkstool.toml"
    wish = Wish((), None, None, config, None, None, None, TODAY, "id")
    pl.DataFrame([PERSON]).write_csv(tmp_path / "a.csv")
    plan = plan_of(wish)
    assert plan.order(tmp_path).gate == gate_config(config)
    nothing = pl.DataFrame({"a": [1]})
    marks = [
        fingerprint(replace(plan, gate=g), [], "r", nothing) for g in (plan.gate, GateConfig())
    ]
    assert marks[0] != marks[1]
