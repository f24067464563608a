"""What the month is told beforehand: configuration, options, what it warns of, `init`, the cron page."""

import os
import re
from datetime import date, datetime
from pathlib import Path

import pytest

from dtkstool.cli import main
from dtkstool.config.month import Expectations
from dtkstool.errors import BadConfiguration, UnusableInput
from dtkstool.pipeline.journal import Journal
from dtkstool.pipeline.provenance import sha256
from dtkstool.pipeline.scheduled import look
from dtkstool.pipeline.starting import start
from tests.months import recorded as written
from tests.scheduling import TOML, exported, plan, ran
from tests.town import HEAD, listed


def warned(office, today=None):
    return look(plan(office, today), Journal()).warnings


def test_fewer_records_and_files_identical_to_last_months_are_warned_of(office):
    sent = office / "masuk" / "2026-12" / "dtks.csv"
    before = [{"file": "dtks.csv", "bytes": 1, "sha256": sha256(sent)}]
    (office / "hasil").mkdir()
    lines = [(f"A{i}", "tetap") for i in range(4)]
    written(plan(office).ledger, "2026-11", *lines, inputs=before)
    told = [warning.text("id") for warning in warned(office, date(2026, 12, 31))]
    assert told == [
        "hanya 2 data, 50 % lebih sedikit dari 4 di 2026-11",
        "1 berkas sama persis dengan berkas bulan 2026-11: dtks.csv",
    ]


def test_another_kabupaten_is_warned_of(office):
    elsewhere = {"Kabupaten": "KAB GRESIK", "Kecamatan": "DUKUN", "Desa": "LOWAYU"}
    exported(office, "2026-11", [listed(HEAD, **elsewhere)])
    (warning,) = warned(office)
    assert warning.text("id") == "sebagian besar data bukan dari kabupaten 3201, melainkan 3525"


def test_an_old_registry_is_warned_of(office, registry):
    old = datetime(2026, 9, 1).timestamp()
    os.utime(registry / "registry.json", (old, old))
    (office / "dtkstool.toml").write_text(TOML.replace("registry_days = 0", "registry_days = 45"))
    (warning,) = warned(office)
    assert (warning.key, warning.values["days"]) == ("registry_old", 90)


def test_a_warning_can_be_made_to_stop_the_run(office):
    (office / "dtkstool.toml").write_text(TOML + 'kabupaten = "3525"\nstop = true\n')
    with pytest.raises(UnusableInput, match="bukan dari kabupaten 3525"):
        ran(office)
    assert not (office / "hasil" / "2026-11" / "decisions.parquet").exists()


def test_options_come_before_the_configuration(office):
    changed = plan(office, ledger=Path("x.sqlite"), out=office / "lain", today=date(2026, 12, 1))
    assert changed.folder == office / "lain" / "2026-12"
    assert (changed.ledger, changed.month, changed.expect) == (
        Path("x.sqlite"), "2026-12", Expectations(registry_days=0),
    )  # fmt: skip


def test_without_a_configuration_out_is_the_folder_and_the_ledger_lies_in_it(office):
    free = plan(
        office, config=None, files=("a.csv",), registry=office / "registri", out=office / "h"
    )
    assert (free.folder, free.ledger) == (office / "h", office / "h" / "ledger.sqlite")
    with pytest.raises(BadConfiguration, match="not complete: FILES, --registry"):
        plan(office, config=None, out=office / "h")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[lain]", "unknown keys: lain"),
        ("[run]\nfile = 'x'", "unknown keys: file"),
        ("[run]\ntoday = 'kemarin'", "value kemarin cannot be used for run.today"),
        ("[run.expect]\nmax_drop = 30", "value 30 cannot be used for run.expect.max_drop"),
        ("[run]\nfiles = [3]", r"value \[3\] cannot be used for run.files"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(office, text, told):
    (office / "dtkstool.toml").write_text(text)
    with pytest.raises(BadConfiguration, match=told):
        plan(office)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("3299", r"no region has the code 3299.*dtkstool\.toml › \[run\.expect\]"),
        ("320101", "value 320101 cannot be used for run.expect.kabupaten"),
        ("Bogor", "value Bogor cannot be used for run.expect.kabupaten"),
    ],
)
def test_an_expected_kabupaten_that_is_none_is_named(office, code, told):
    (office / "dtkstool.toml").write_text(TOML + f'kabupaten = "{code}"')
    with pytest.raises(BadConfiguration, match=f"(?s){told}"):
        plan(office)


@pytest.mark.parametrize("code", ["3201", "32.01", "9101"])
def test_an_expected_kabupaten_may_have_dots_or_be_a_retired_one(office, code):
    (office / "dtkstool.toml").write_text(TOML + f'kabupaten = "{code}"')
    assert plan(office).expect.kabupaten == code.replace(".", "")


@pytest.mark.parametrize("lang", ["id", pytest.param("en", marks=pytest.mark.slow)])
def test_init_writes_a_configuration_that_runs(office, lang):
    (office / "dtkstool.toml").unlink()
    (office / "biodata_3201.csv").write_text("NIK")
    path = start(office, office / "dtkstool.toml", lang)
    text = path.read_text()
    assert 'files = ["masuk/2026-11", "masuk/2026-12"]' in text
    assert "--biodata 'biodata_3201.csv'" in text and 'kabupaten = "3201"' in text
    assert look(plan(office), Journal()).register.cleaned.height == 4
    with pytest.raises(BadConfiguration, match="already"):
        start(office, path, "id")


def test_the_command_lines_in_the_cron_page_parse(capsys):
    text = (Path(__file__).parent.parent / "docs" / "cron.md").read_text()
    joined = re.sub(r'"\$\([^)]*\)"', "2026-11-30", text.replace("\\\n", " "))
    lines = re.findall(
        r"(?m)dtkstool ((?:run|progress|ledger|init|registry|finalize)\b[^\n`|&;>]*)", joined
    )
    assert len(lines) >= 6
    for line in lines:
        words = [word.strip("'\"") for word in line.split()]
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help"])
        assert ended.value.code in (None, 0), line
        known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
        assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("command", ["run", "match", "dedupe"])
def test_results_never_come_to_lie_in_a_registry(office, registry, command):
    asked = [] if command == "dedupe" else ["--registry", str(registry)]
    before = sorted(registry.iterdir())
    with pytest.raises(SystemExit) as ended:
        main([command, str(office / "masuk" / "2026-12"), "--out", str(registry), *asked])
    assert ended.value.code == 2 and sorted(registry.iterdir()) == before


def test_a_model_is_not_learned_from_a_handful_of_records(office, registry, capsys):
    with pytest.raises(SystemExit) as ended:
        asked = ["--registry", str(registry), "--out", str(office / "model.json")]
        main(["train", str(office / "masuk" / "2026-12"), *asked])
    assert ended.value.code == 2 and not (office / "model.json").exists()
    assert "500" in capsys.readouterr().err
