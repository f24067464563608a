"""What CI, git and cron run: the action, the pre-commit hook, the scripts and options of docs/ci.md."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dtkstool.cli import main
from dtkstool.config.gate import gate_config
from dtkstool.pipeline.checking import rules_of
from dtkstool.write.formats import FORMATS

ROOT = Path(__file__).parent.parent


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
    assert all(re.search(pattern, name) for name in ("DESA.XLSX", "desa.csv.gz", "Paket.Zip"))
    tool, *words = shlex.split(entry)
    assert tool == "dtkstool"
    with pytest.raises(SystemExit) as ended:
        main([*words, "bersih.csv", "salah.csv"])
    assert ended.value.code == 1


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
