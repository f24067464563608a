"""What weak evidence decides: shown, never acted on; and one person listed in two places."""

import pytest

from tests.town import CHILD, HEAD, death, decision, listed, month

AUNT = {**HEAD, "NIK": "3201015503700008", "NO_KK": "3201010101100009", "NAMA_LGKP": "KARTINAH",
        "TGL_LHR": "15-03-1970", "NAMA_LGKP_IBU": "WAGIYEM"}  # fmt: skip
UNCLE = {**AUNT, "NIK": "3201010207650004", "NO_KK": "3201010101100077", "NAMA_LGKP": "SLAMET WIDODO",
         "TGL_LHR": "02-07-1965", "JENIS_KLMIN": "1", "NAMA_LGKP_IBU": "PARIYEM"}  # fmt: skip
OLD = {**AUNT, "NIK": "3201010403410006", "NO_KK": "3201010101100088", "NAMA_LGKP": "PARTO DIMEJO",
       "TGL_LHR": "04-03-1941", "JENIS_KLMIN": "1", "NAMA_LGKP_IBU": "SAKIYEM"}  # fmt: skip
ELSEWHERE = {"Kecamatan": "GUNUNG PUTRI", "Desa": "WANAHERANG"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    register = [
        listed(HEAD, "A1"),
        listed(HEAD, "A2", **ELSEWHERE),
        listed(AUNT, "B1", **ELSEWHERE),
        listed(CHILD, "C1", NIK="", Nama="RUDI SANTOSO"),
        listed(UNCLE, "D1"),
        listed(OLD, "F1"),
        listed(UNCLE, "D2", NIK="", Nama="SLAMET W", **{"No KK": ""}),
        {**listed(UNCLE, "E1"), "NIK": "", "No KK": "", "Nama": "ANI", "Tanggal Lahir": "",
         "JK": "", "Nama Ibu": ""},
    ]  # fmt: skip
    return month(
        tmp_path_factory.mktemp("kota"), register, [HEAD, CHILD, AUNT, UNCLE, OLD],
        kematian=[death(CHILD), death(OLD), death(OLD, NIK_JNSAH="", TGL_MATI="09-09-2025")],
    )  # fmt: skip


def test_of_two_records_in_two_desa_the_one_elsewhere_is_a_duplicate_and_no_move(outcome):
    assert decision(outcome, "A1")["action"] == "tetap"
    second = decision(outcome, "A2")
    assert second["status"] == "ganda"
    assert "pindah_dalam" not in second["flags"]


def test_the_only_record_of_a_person_who_lives_elsewhere_tells_of_a_move(outcome):
    found = decision(outcome, "B1")
    assert (found["status"], found["action"]) == ("pindah_dalam", "ubah")


def test_a_dead_candidate_without_a_rival_is_shown_and_never_removed(outcome):
    found = decision(outcome, "C1")
    assert (found["status"], found["action"]) == ("meninggal", "verifikasi")
    assert found["evidence"].startswith("Kandidatnya: Meninggal tanggal 01-02-2025")
    assert "STS02" in found["codes"] and found["nik_dukcapil"] is None


def test_a_death_under_the_own_nik_stays_proven_when_the_name_is_entered_once_more(outcome):
    found = decision(outcome, "F1")
    assert (found["status"], found["action"]) == ("meninggal", "hapus")
    assert "01-02-2025" in found["evidence"]


def test_a_record_that_is_almost_certainly_the_same_person_is_a_pair_to_look_at(outcome):
    group = outcome.duplicates.filter(outcome.duplicates["id_dtks"].is_in(["D1", "D2"]))
    assert group["group_id"].n_unique() == 1 and group.height == 2
    assert decision(outcome, "D2")["action"] == "verifikasi"


def test_a_record_that_says_next_to_nothing_cannot_be_settled(outcome):
    found = decision(outcome, "E1")
    assert found["poor"] and "tak dapat dipastikan" in found["evidence"]
    assert not decision(outcome, "A1")["poor"]
