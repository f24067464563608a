"""The READMEs: both name the same commands, and every one of them runs in the order it is shown."""

import re
import shlex
from pathlib import Path

import polars as pl
import pytest

from dtkstool.cli import main
from tests.photos import jpeg
from tests.town import CHILD, HEAD, death, departure, listed, strangers

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "README.id.md")
BACK = {"NIK": HEAD["NIK"], "NAMA_LGKP": HEAD["NAMA_LGKP"], "TGL_LHR": HEAD["TGL_LHR"],
        "TGL_DATANG": "09-09-2025", "NO_DATANG": "SKDWNI/1"}  # fmt: skip


def commands(page):
    """The command lines of `dtkstool` in a page's blocks, one each."""
    text = (ROOT / page).read_text("utf-8").replace("\\\n", " ")
    lines = re.findall(r"(?m)^    dtkstool (.*)$", text)
    return [tuple(shlex.split(line, comments=True)) for line in lines]


def mentioned(page):
    """The subcommands a page names anywhere."""
    return set(re.findall(r"`dtkstool ([a-z]+)", (ROOT / page).read_text("utf-8")))


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder that holds what the READMEs' commands ask for; one stands in it."""
    monkeypatch.chdir(tmp_path)
    for folder in ("data", "dukcapil", "foto"):
        Path(folder).mkdir()
    mistyped = listed(CHILD, "A2", NIK="3201919903040001")
    pl.DataFrame([listed(HEAD), mistyped, listed(CHILD, "A3")]).write_excel("data/desa.xlsx")
    pl.DataFrame([HEAD, CHILD, *strangers()]).write_csv("dukcapil/biodata_01.csv")
    events = {"mati": death(CHILD), "pindah": departure(HEAD), "datang": BACK}
    for name, entry in events.items():
        pl.DataFrame([entry]).write_excel(f"dukcapil/{name}.xlsx")
    photos = {"Foto KTP": "ktp.jpg", "Foto Rumah": "rumah.jpg", "Alasan": ""}
    pl.DataFrame([listed(strangers(1)[0]) | photos]).write_excel("usulan.xlsx")
    for at, name in enumerate(("ktp.jpg", "rumah.jpg")):
        Path("foto", name).write_bytes(jpeg(at))
    return tmp_path


@pytest.mark.slow
def test_every_command_of_the_readme_runs(desk):
    codes = {}
    for words in commands("README.md"):
        if words[0] == "apply":
            Path("hasil/2026-11/koreksi").rename("koreksi")
        with pytest.raises(SystemExit) as ended:
            main([*words])
        codes[words] = ended.value.code or 0
    assert len(codes) >= 10
    assert {words: code for words, code in codes.items() if code != (words[0] == "validate")} == {}
    left = {path.relative_to(desk).as_posix() for path in desk.rglob("*") if path.is_file()}
    assert {
        "peta.toml", "temuan.csv", "registri/registry.json", "hasil/2026-11/decisions.parquet",
        "hasil/usulan/usulan.csv", "terkoreksi/register/desa.xlsx",
    } <= left  # fmt: skip


def test_both_languages_name_the_same_commands():
    assert commands(PAGES[0]) == commands(PAGES[1])
    assert mentioned(PAGES[0]) == mentioned(PAGES[1])


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page):
    text = (ROOT / page).read_text("utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)", text)
    assert links and [link for link in links if not (ROOT / link).exists()] == []
