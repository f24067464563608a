"""The gate: exit codes and their reasons, baselines, and what CI and cron run."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtkstool.cli import main
from dtkstool.config.gate import gate_config
from dtkstool.errors import BadConfiguration
from dtkstool.pipeline.checking import rules_of
from dtkstool.write.baseline import HEADER, fingerprints, load, unknown, write
from dtkstool.write.formats import FORMATS
from dtkstool.write.gate import Limits, judge
from tests.judging import judged

ROOT = Path(__file__).parent.parent
HEADINGS = "NIK,Nama,No KK,Tanggal Lahir,JK\n"
SOUND = "3201015107700001,SITI AMINAH,3201010904120003,11-07-1970,P\n"
FAULTY = "320101510770001,NURHAYATI,3201010904120004,11-07-1970,P\n"
MESSY = judged(
    [
        {"nik": "320101510770001"},
        {"nik": "", "nokk": "3201010904120004"},
        {"tanggal_lahir": "25-12-1982", "nik": "3201015107700003", "nokk": "3201010904120005"},
    ]
)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with one clean file, one with a fault, one that cannot be read, one without rows."""
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "bersih.csv": HEADINGS + SOUND,
        "salah.csv": HEADINGS + SOUND + FAULTY,
        "rusak.xls": "<html><body>NIK</body></html>",
        "kosong.csv": HEADINGS,
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def validate(capsys, *argv):
    """Run `dtkstool validate`; return exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["validate", *map(str, argv), "--lang", "en", "--today", "2026-11-01"])
    seen = capsys.readouterr()
    return ended.value.code or 0, seen.out, seen.err


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits("galat"), 1),
        (Limits("fatal"), 0),
        (Limits("never"), 0),
        (Limits("info"), 1),
        (Limits("galat", max_rate=0.5), 0),
        (Limits("galat", max_rate=0.1), 1),
        (Limits("galat", max_rates={"NIK01": 0.2, "NIK02": 0.2}), 0),
        (Limits("galat", max_rates={"NIK01": 0.2}), 1),
        (Limits("galat", max_rate=0.5, max_rates={"NIK08": 0.05}), 1),
        (Limits("fatal", max_rates={"NIK08": 0.05}), 1),
        (Limits("never", max_rates={"NIK08": 0.05}), 0),
    ],
)
def test_the_gate(limits, code):
    assert judge(MESSY, limits, records=10).code == code


def test_every_reason_is_told():
    verdict = judge(MESSY, Limits("galat", 0.1, {"NIK08": 0.0}), records=10)
    assert [(b.code, b.rows, b.share, b.allowed) for b in verdict.breaches] == [
        ("", 2, 0.2, 0.1),
        ("NIK08", 1, 0.1, 0.0),
    ]


@pytest.mark.parametrize("fail_on", ["galat", "never"])
def test_no_records_are_never_a_success(fail_on):
    assert judge(MESSY.clear(), Limits(fail_on), records=0).code == 2


def test_a_damaged_column_fails_the_gate_whatever_the_rate():
    findings = judged([{"nik": "3.20101E+15"}] * 2).filter(pl.col("code") == "FIL03")
    verdict = judge(findings, Limits("galat", 1.0), records=2)
    assert (verdict.code, verdict.breaches[0].code) == (1, "FIL03")
    assert (
        judge(findings, Limits("galat", max_rates={"FIL": 1.0, "FIL03": 1.0}), records=2).code == 1
    )


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["bersih.csv"], 0),
        (["bersih.csv", "rusak.xls", "--fail-on", "never"], 2),
        (["kosong.csv"], 2),
        (["tidak-ada.csv"], 2),
        (["salah.csv", "--max-rate", "NIK02=50%"], 0),
        (["bersih.csv", "salah.csv", "--max-rate", "30%"], 1),
        (["salah.csv", "--select", "KK", "--select", "NIK02"], 1),
        (["bersih.csv", "--select", "XYZ"], 2),
        (["bersih.csv", "--format", "pdf"], 2),
        (["bersih.csv", "--format", "json", "--format", "text"], 2),
        (["bersih.csv", "--fail-on", "besar"], 2),
        (["bersih.csv", "--config", "tidak-ada.toml"], 2),
        (["bersih.csv", "--baseline", "tidak-ada.txt"], 2),
    ],
)
def test_exit_codes(capsys, files, argv, code):
    assert validate(capsys, *argv)[0] == code


def test_a_failed_gate_says_why_on_stderr_and_masks_what_it_shows(capsys, files):
    code, out, err = validate(capsys, "salah.csv")
    assert code == 1 and "NIK02" in out and "320101510770001" not in out
    assert "1 rows (50.00%) have findings of severity error or above; 0.00% are allowed" in err
    assert "gate" not in out


def test_several_formats_at_once(capsys, files):
    asked = [arg for form in FORMATS for arg in ("--format", f"{form.name}=hasil/{form.name}.out")]
    assert "NIK02" in validate(capsys, "salah.csv", *asked, "--format", "text")[1]
    assert all((files / "hasil" / f"{form.name}.out").stat().st_size for form in FORMATS)


def test_output_is_the_file_of_the_one_format_without(capsys, files):
    _, out, _ = validate(capsys, "salah.csv", "--format", "jsonl", "--output", "a/temuan.jsonl")
    assert out == "" and '"code":"NIK02"' in (files / "a/temuan.jsonl").read_text()


def test_a_device_is_written_to_and_not_replaced(capsys, files):
    os.mkfifo(files / "pipa")
    reader = subprocess.Popen(["cat", str(files / "pipa")], stdout=subprocess.PIPE, text=True)
    assert validate(capsys, "bersih.csv", "--format", "markdown=pipa")[0] == 0
    assert "### dtkstool" in reader.communicate(timeout=20)[0]
    assert (files / "pipa").is_fifo()


def test_unmasked_has_to_be_asked_for(capsys, files):
    assert "320101510770001" in validate(capsys, "salah.csv", "--unmasked")[1]


def test_the_configuration_file_counts_and_options_go_before_it(capsys, files):
    (files / "dtkstool.toml").write_text('[validate]\nignore = ["NIK"]')
    assert validate(capsys, "salah.csv")[0] == 0
    (files / "dtkstool.toml").write_text('[validate]\nfail-on = "never"')
    assert validate(capsys, "salah.csv", "--fail-on", "galat")[0] == 1


def test_a_rule_that_meets_a_cell_it_cannot_turn_is_named_without_the_cell(capsys, files):
    (files / "dtkstool.toml").write_text(
        '[validate]\nrules = [{code = "KAB01", column = "nama", message = "x",'
        ' wrong_when = "CAST(nama_asal AS INT) > 3"}]'
    )
    code, _, err = validate(capsys, "salah.csv")
    assert code == 2 and "KAB01" in err and "TRY_CAST" in err and "SITI" not in err


def test_a_file_of_another_region_is_refused(capsys, files):
    (files / "gresik.csv").write_text(
        "NIK,Nama,Kabupaten,Kecamatan\n3201015107700001,SITI,KAB. GRESIK,DUKUN\n"
    )
    code, out, err = validate(capsys, "gresik.csv", "--expect", "3201", "--max-rate", "100%")
    assert code == 1 and "FIL06" in out and "FIL06" in err
    (files / "dtkstool.toml").write_text('[validate.expect]\n"gre*" = ["3525"]\n"*" = ["3201"]')
    assert validate(capsys, "gresik.csv")[0] == 0


def test_a_baseline_lets_through_what_it_knows_and_nothing_else(capsys, files):
    assert validate(capsys, "salah.csv", "--write-baseline", "dasar.txt")[0] == 0
    code, out, err = validate(capsys, "bersih.csv", "salah.csv", "--baseline", "dasar.txt")
    assert code == 0 and "NIK02" not in out
    assert "1 findings are known and not counted, 0 are there no more" in err
    (files / "salah.csv").write_text(HEADINGS + FAULTY + SOUND + FAULTY.replace("NUR", "SRI "))
    code, out, _ = validate(capsys, "salah.csv", "--baseline", "dasar.txt")
    assert code == 1 and "A4" in out and "A2" not in out


@settings(max_examples=20, deadline=None)
@given(st.randoms())
def test_a_baseline_knows_its_findings_in_any_order_and_under_any_file_name(random):
    order = random.sample(range(MESSY.height), MESSY.height)
    later = MESSY[order].with_columns(source_file=pl.lit("bulan depan.xlsx"), row=pl.col("row") + 7)
    assert sorted(fingerprints(later)) == sorted(fingerprints(MESSY))


def test_a_baseline_counts_findings_that_look_alike(tmp_path):
    write(MESSY, tmp_path / "b.txt")
    twice = pl.concat([MESSY, MESSY.head(1)])
    assert unknown(twice, load(tmp_path / "b.txt")).height == 1


def test_a_baseline_holds_nothing_personal_and_is_the_same_in_any_order(tmp_path):
    write(MESSY, tmp_path / "a.txt")
    write(MESSY.reverse(), tmp_path / "b.txt")
    text = (tmp_path / "a.txt").read_text()
    assert text == (tmp_path / "b.txt").read_text()
    assert all(re.fullmatch(r"[A-Z]+\d\d [0-9a-f]{16} \d+", line) for line in text.splitlines()[1:])


@pytest.mark.parametrize("text", ["", "NIK01 abc 1", f"{HEADER}\nNIK01 abc", f"{HEADER}\na b c"])
def test_what_is_no_baseline_is_refused(tmp_path, text):
    (tmp_path / "b.txt").write_text(text)
    with pytest.raises(BadConfiguration):
        load(tmp_path / "b.txt")


def test_an_empty_baseline_knows_nothing(tmp_path):
    write(MESSY.clear(), tmp_path / "b.txt")
    assert unknown(MESSY, load(tmp_path / "b.txt")).equals(MESSY)


def run(script, folder, shell=("bash", "-eo", "pipefail"), **environment):
    """Run a shell script with the tool's own `dtkstool` first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*shell, "-c", script], cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip


def step(name):
    """The shell of one step of action.yml."""
    text = (ROOT / "action.yml").read_text()
    block = text.split(f"- name: {name}\n")[1].split("run: |\n")[1]
    return "".join(
        line[8:] + "\n" for line in block.splitlines() if not line.strip() or line[:8].isspace()
    )


def inputs(**given):
    """The step's environment as GitHub gives it; what is not given is empty."""
    names = re.findall(
        r"^        ([A-Z_]+): \$\{\{ inputs", (ROOT / "action.yml").read_text(), re.M
    )
    return dict.fromkeys(names, "") | {"DTKSTOOL_LANG": "id"} | given


def test_the_action_annotates_sums_up_and_ends_with_the_gate(files):
    github = {
        "GITHUB_STEP_SUMMARY": str(files / "ringkasan.md"),
        "GITHUB_OUTPUT": str(files / "keluaran"),
    }
    (files / "ringkasan.md").write_text("# job\n")
    given = inputs(
        FILES="salah.csv\n\nber*.csv\n", SARIF="hasil.sarif", JUNIT="hasil.xml", MAX_RATE="10%"
    )
    ended = run(step("Check the files"), files, **given, **github)
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout.startswith("::error file=salah.csv,line=3,title=NIK02 ")
    assert (files / "keluaran").read_text() == "exit-code=1\n"
    assert "# job" in (files / "ringkasan.md").read_text()
    assert "| NIK02 |" in (files / "ringkasan.md").read_text()
    assert (files / "hasil.sarif").exists() and (files / "hasil.xml").exists()


def test_nothing_given_to_the_action_is_run_as_shell():
    assert "${{" not in step("Check the files")


def test_the_pre_commit_hook_runs_on_the_files_it_asks_for(files):
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    entry = re.search(r"entry: (.+)", hook).group(1)
    pattern = re.search(r"files: (.+)", hook).group(1)
    chosen = sorted(f.name for f in files.iterdir() if re.search(pattern, f.name))
    assert chosen == ["bersih.csv", "kosong.csv", "rusak.xls", "salah.csv"]
    assert run(f"{entry} bersih.csv salah.csv", files).returncode == 1


def documented(language):
    """The blocks of one language in docs/ci.md."""
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/ci.md").read_text(), re.S)


def test_the_documented_cron_job_leaves_a_report_and_the_exit_code(files):
    for folder in ("masuk", "laporan"):
        (files / folder).mkdir()
    (files / "salah.csv").rename(files / "masuk" / "salah.csv")
    (script,) = documented("sh")
    assert run(script, files, shell=["sh"], DTKS=str(files)).returncode == 1
    assert sorted(f.suffix for f in (files / "laporan").iterdir()) == [
        ".csv",
        ".html",
        ".log",
        ".tsv",
        ".txt",
    ]
    assert (files / "laporan" / "riwayat.tsv").read_text().endswith("\t1\tada temuan\n")


def test_the_documented_configuration_is_one(tmp_path):
    (block,) = documented("toml")
    (tmp_path / "dtkstool.toml").write_text(block)
    config = gate_config(tmp_path / "dtkstool.toml")
    assert {rule.code for rule in rules_of(config)} >= {"KAB01", "KAB02"}
    assert tomllib.loads(block).keys() == {"validate"}


def test_every_format_and_option_is_documented():
    text = (ROOT / "docs/ci.md").read_text()
    options = re.findall(r'option\("([a-z-]+)"', (ROOT / "dtkstool/cli/checking.py").read_text())
    missing = [name for name in options if f"--{name}" not in text and name != "output"]
    assert missing == []
    assert all(f"`{form.name}`" in text for form in FORMATS)
