"""Who may follow a person that leaves."""

import polars as pl
import pytest

from dtkstool.pipeline.extracts import build_registry
from tests.filling import (
    FAMILY,
    bring_back,
    by_person,
    corrected,
    crowd,
    fill,
    office,
    one_each,
)
from tests.town import CHILD, HEAD, TODAY, TODDLER, death, departure, strangers

PEOPLE = crowd(8)
STRANGER = strangers(2)[1]
DEAD = {**HEAD, "NIK": "3201015207800011", "NAMA_LGKP": "TUTI SULASTRI"}
MOVED = {**HEAD, "NIK": "3201015207800012", "NAMA_LGKP": "SRI MULYATI"}
LISTED = {**HEAD, "NIK": PEOPLE["P08"][0], "NAMA_LGKP": PEOPLE["P08"][1], "TGL_LHR": "01-07-1990"}
HEIRS = (
    (CHILD["NIK"], "diganti"),
    ("3201019999999999", "pengganti_tak_dikenal"),
    (DEAD["NIK"], "pengganti_tiada"),
    (MOVED["NIK"], "pengganti_tiada"),
    (STRANGER["NIK"], "pengganti_beda_kk"),
    (TODDLER["NIK"], "pengganti_anak"),
    (LISTED["NIK"], "diganti"),
)  # fmt: skip


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """A registry in which the register's family has a son, a toddler, a dead and a moved member."""
    folder = tmp_path_factory.mktemp("registri")
    family = [{**person, "NO_KK": FAMILY} for person in (CHILD, TODDLER, DEAD, MOVED, LISTED)]
    pl.DataFrame([*family, *strangers(40)]).write_csv(folder / "biodata.csv")
    events = {"kematian": [death(DEAD)], "pindah": [departure(MOVED)]}
    for kind, rows in events.items():
        pl.DataFrame(rows).write_csv(folder / f"{kind}.csv")
    build_registry(
        [str(folder / "biodata.csv")], {kind: [str(folder / f"{kind}.csv")] for kind in events},
        folder / "r", today=TODAY, column_map=None, model_path=None,
    )  # fmt: skip
    return folder / "r"


def replaced_by(tmp_path, registry, heirs):
    """Replace P01, P02 … by people with these NIKs; P08 stays."""
    gone = list(PEOPLE)[: len(heirs)]
    book = office(tmp_path, dict.fromkeys(gone, ("ganti", "meninggal")), people=PEOPLE)
    answers = [
        {"keputusan": "GANTI", "alasan": "TL01", "no_bukti": "KM-1", "nik_pengganti": nik}
        for nik in heirs
    ]
    fill(book, one_each(answers))
    return bring_back(tmp_path, book, registry=registry)


def test_a_successor_is_known_alive_adult_of_the_family_and_not_listed_twice(tmp_path, registry):
    applied = replaced_by(tmp_path, registry, [nik for nik, _ in HEIRS])
    assert by_person(applied) == [outcome for _, outcome in HEIRS]
    niks = [line.split(",")[1] for line in corrected(tmp_path).decode().splitlines()[1:]]
    assert niks == [CHILD["NIK"], *(PEOPLE[f"P{n:02}"][0] for n in (2, 3, 4, 5, 6, 8))]
    assert (applied.counts["replaced"], applied.counts["successors"]) == (2, 1)


def test_two_people_cannot_have_one_successor_in_two_rows(tmp_path, registry):
    applied = replaced_by(tmp_path, registry, [CHILD["NIK"], CHILD["NIK"]])
    niks = [line.split(",")[1] for line in corrected(tmp_path).decode().splitlines()[1:]]
    assert niks.count(CHILD["NIK"]) == 1 and len(niks) == 7
    assert applied.counts["kept"] + applied.counts["replaced"] == applied.counts["in"]


def test_a_successor_who_leaves_too_is_refused(tmp_path, registry):
    cases = {"P01": ("ganti", "meninggal"), "P08": ("hapus", "meninggal")}
    book = office(tmp_path, cases, people=PEOPLE)
    heir = {
        "keputusan": "GANTI",
        "alasan": "TL01",
        "no_bukti": "KM-1",
        "nik_pengganti": LISTED["NIK"],
    }
    leaver = {"keputusan": "HAPUS", "alasan": "TL01", "no_bukti": "KM-2"}
    fill(book, lambda sheet, row: heir if row["record_id"] == "P01" else leaver)
    assert by_person(bring_back(tmp_path, book, registry=registry)) == [
        "pengganti_keluar",
        "dihapus",
    ]
