"""Finding people in the registry: who is found, who is never confused, who is left to a person."""

from datetime import date

import pytest

from dtkstool.link.matching import match
from dtkstool.link.weights import load
from tests.linking import people, registry

SITI = {
    "nik": "3204015207800003",
    "nokk": "3204011203080005",
    "nama": "SITI AMINAH",
    "tanggal_lahir": date(1980, 7, 12),
    "jenis_kelamin": "P",
    "nama_ibu": "SUKARTI",
    "kode_desa": "3204012001",
    "rt": 2,
    "rw": 3,
    "tempat_lahir": "BANDUNG",
}
TWIN = {**SITI, "nik": "3204015207800004", "nama": "SITI AISYAH"}
FATHER = {
    **SITI,
    "nik": "3204011201550002",
    "nama": "SUGENG",
    "tanggal_lahir": date(1955, 1, 12),
    "jenis_kelamin": "L",
}
SON = {**FATHER, "nik": "3204010303850001", "tanggal_lahir": date(1985, 3, 3)}


def found(record, *registered):
    """Return the link of one record into a registry of `registered` and many strangers."""
    _, keys, words = registry(*registered)
    return match(people(record), keys, words, load()).links.row(0, named=True)


def test_the_same_nik_and_name_is_padan():
    link = found(SITI, SITI, TWIN)
    assert (link["verdict"], link["person"], link["pass"]) == ("padan", 0, "nik")


def test_a_namesake_whose_own_nik_confirms_another_birth_date_is_another_person():
    sister = {**SITI, "nik": "3204015207900003", "tanggal_lahir": date(1990, 7, 12)}
    assert found(sister, SITI)["verdict"] in {"tinjau", "tidak_ditemukan"}


def test_a_twins_name_on_the_others_nik_is_left_to_a_person():
    assert found({**TWIN, "nik": SITI["nik"]}, SITI, TWIN)["verdict"] == "tinjau"


def test_a_name_like_both_twins_on_one_twins_nik_is_left_to_a_person():
    sinta, sita = {**SITI, "nama": "SINTA JASMINE"}, {**TWIN, "nama": "SITA JASMINE"}
    assert found({**sita, "nik": sinta["nik"]}, sinta, sita)["verdict"] == "tinjau"


def test_a_child_under_the_mothers_nik_is_not_the_mother():
    child = {**SITI, "nama": "SITI", "tanggal_lahir": date(2012, 4, 2)}
    assert found(child, SITI)["verdict"] != "padan"


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("3204015207800008", "satu_serial"),
        ("3204015207080003", "satu_ubah"),
        ("320401520780003", "satu_ubah"),
        ("32040152078000033", "satu_ubah"),
        ("3204991111110009", "beda"),
    ],
)
def test_a_wrong_nik_does_not_hide_a_person_whose_family_and_birth_date_agree(typed, level):
    nik = typed if len(typed) == 16 else None
    link = found({**SITI, "nik": nik, "nik_digits": typed}, SITI, FATHER)
    assert (link["verdict"], link["person"]) == ("padan_perbaikan", 0)
    assert link["level_nik"] == level


def test_a_damaged_sixteenth_digit_is_told_from_a_typing_error():
    damaged = {"nik": None, "nik_digits": "3204015207800000", "nik_kelas": "rusak_digit16"}
    assert found({**SITI, **damaged}, SITI)["level_nik"] == "lima_belas"


def test_a_twin_is_never_linked_automatically_when_the_sister_is_not_registered():
    record = {**TWIN, "nik": "3204015207800004"}
    assert found(record, SITI)["verdict"] in {"tinjau", "tidak_ditemukan"}


def test_father_and_son_with_one_name_are_told_apart_by_birth_date():
    nikless = {"nik": None, "nik_digits": None, "nik_kelas": "kosong"}
    assert found({**SON, **nikless}, FATHER, SON)["person"] == 1
    assert found({**SON, **nikless}, FATHER)["verdict"] in {"tinjau", "tidak_ditemukan"}


def test_somebody_elses_nik_is_reported_and_not_believed():
    link = found({**FATHER, "nik": SITI["nik"]}, SITI, FATHER)
    assert (link["person"], link["nik_owner"]) == (1, 0)
    assert link["verdict"] == "padan_perbaikan"


def test_two_people_who_fit_equally_are_left_to_a_person():
    record = {**SITI, "nik": None, "nik_digits": None, "nokk": None}
    double = {**SITI, "nik": "3204015207800009", "nokk": "3204011203080099"}
    assert found(record, SITI, double)["verdict"] == "tinjau"


def test_a_record_of_nobody_is_not_found():
    stranger = {**SITI, "nik": "3302015207800003", "nokk": None, "nama": "WARTINI",
                "tanggal_lahir": date(1971, 2, 3), "nama_ibu": None}  # fmt: skip
    assert found(stranger, SITI, FATHER)["verdict"] == "tidak_ditemukan"


def test_an_alias_finds_the_person_under_either_name():
    record = {
        **SITI,
        "nik": None,
        "nik_digits": None,
        "nokk": None,
        "nama": "IPAH",
        "nama_alias": "SITI AMINAH",
    }
    assert found(record, SITI)["person"] == 0


def test_nothing_known_is_never_evidence():
    assert found({}, SITI)["verdict"] == "tidak_ditemukan"
