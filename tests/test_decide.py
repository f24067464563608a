"""Decisions: what is proposed, on what evidence, and what is left to a person."""

import polars as pl
import pytest

from tests.town import CHILD, HEAD, TODDLER, death, decision, departure, listed, month


def test_a_record_that_agrees_with_the_registry_stays_as_it_is(tmp_path):
    outcome = month(tmp_path, [listed(HEAD)], [HEAD])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("padan", "tetap")
    assert found["evidence"] == "NIK, nama, tanggal lahir, No KK, nama ibu dan desa sama"
    assert outcome.changes.is_empty()


def test_a_mistyped_nik_is_corrected_with_its_evidence(tmp_path):
    outcome = month(tmp_path, [listed(HEAD, NIK="3201915207800003")], [HEAD])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("perbaikan", "ubah")
    assert found["evidence"] == (
        "NIK beda 1 angka; nama, tanggal lahir, No KK, nama ibu dan desa sama"
    )
    assert outcome.changes.select("column", "old", "new").rows() == [
        ("nik", "3201915207800003", "3201015207800003")
    ]


def test_a_dead_head_with_an_adult_child_is_replaced_and_not_removed(tmp_path):
    outcome = month(tmp_path, [listed(HEAD)], [HEAD, CHILD], kematian=[death(HEAD)])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("meninggal", "ganti")
    assert (found["successor_nama"], found["successor_nik"]) == ("RUDI HARTONO", CHILD["NIK"])
    assert found["evidence"].startswith("Meninggal tanggal 01-02-2025, surat/akta 3201-KM-")
    assert {"STS01", "CAP01"} <= set(found["codes"])


def test_a_dead_head_who_leaves_only_children_goes_to_a_field_check(tmp_path):
    outcome = month(tmp_path, [listed(HEAD)], [HEAD, TODDLER], kematian=[death(HEAD)])
    found = decision(outcome)
    assert found["action"] == "verifikasi"
    assert "perlu wali" in found["evidence"]


def test_a_dead_member_is_proposed_for_removal(tmp_path):
    register = [listed(HEAD), listed(CHILD, "A2")]
    outcome = month(tmp_path, register, [HEAD, CHILD], kematian=[death(CHILD)])
    assert decision(outcome, "A2")["action"] == "hapus"
    assert decision(outcome, "A1")["action"] == "tetap"


def test_a_death_entry_without_nik_is_never_enough_for_removal(tmp_path):
    nameless = death(CHILD, NIK_JNSAH="")
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[nameless])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("meninggal", "verifikasi")
    assert "bukti lemah" in found["evidence"] and "STS02" in found["codes"]


def test_a_namesake_is_never_declared_dead(tmp_path):
    namesake = death(CHILD, NIK_JNSAH="", TGL_LHR="09-09-1950")
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[namesake])
    assert decision(outcome)["status"] == "padan"


def test_a_death_entry_under_somebody_elses_nik_kills_neither(tmp_path):
    mistyped = death({**HEAD, "NIK": CHILD["NIK"]}, TGL_LHR="12-07-1939", NAMA_JNSAH="MARSINAH")
    outcome = month(
        tmp_path, [listed(HEAD), listed(CHILD, "A2")], [HEAD, CHILD], kematian=[mistyped]
    )
    assert {decision(outcome, i)["status"] for i in ("A1", "A2")} == {"padan"}


def test_who_moved_away_is_proposed_for_removal_with_the_destination(tmp_path):
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], pindah=[departure(CHILD)])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("pindah_keluar", "hapus")
    assert "tujuan KOTA SURABAYA, JAWA TIMUR" in found["evidence"]


def test_who_came_back_after_moving_away_stays(tmp_path):
    back = {"NIK": CHILD["NIK"], "NAMA_LGKP": CHILD["NAMA_LGKP"], "TGL_LHR": CHILD["TGL_LHR"],
            "TGL_DATANG": "09-09-2025", "NO_DATANG": "SKDWNI/1"}  # fmt: skip
    outcome = month(
        tmp_path, [listed(CHILD)], [HEAD, CHILD], pindah=[departure(CHILD)], datang=[back]
    )
    assert decision(outcome)["status"] == "padan"


def test_a_move_inside_the_kabupaten_changes_the_place_and_removes_nobody(tmp_path):
    inside = departure(CHILD, KLASIFIKASI_PINDAH="ANTAR KECAMATAN", KAB_TUJUAN="KAB. BOGOR",
                       PROP_TUJUAN="JAWA BARAT", KEC_TUJUAN="GUNUNG PUTRI", KEL_TUJUAN="WANAHERANG")  # fmt: skip
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], pindah=[inside])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("pindah_dalam", "ubah")
    new = dict(outcome.changes.select("column", "new").rows())
    assert {"kecamatan", "desa"} <= new.keys()
    assert new["desa"].upper() == "WANAHERANG"


def test_of_two_records_of_one_person_one_stays(tmp_path):
    outcome = month(tmp_path, [listed(HEAD), listed(HEAD, "A2")], [HEAD, CHILD])
    actions = {i: decision(outcome, i)["action"] for i in ("A1", "A2")}
    assert actions == {"A1": "tetap", "A2": "hapus"}
    assert "A1" in decision(outcome, "A2")["evidence"]


def test_two_records_under_two_niks_are_shown_and_not_removed(tmp_path):
    other = listed(HEAD, "A2", NIK="3201015207800044")
    outcome = month(tmp_path, [listed(HEAD), other], [HEAD, CHILD])
    assert decision(outcome, "A2")["action"] == "verifikasi"


def test_somebody_elses_nik_is_named_and_the_own_one_proposed(tmp_path):
    outcome = month(tmp_path, [listed(CHILD, NIK=HEAD["NIK"])], [HEAD, CHILD])
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("nik_orang_lain", "ubah")
    assert outcome.changes.filter(pl.col("column") == "nik")["new"].to_list() == [CHILD["NIK"]]


def test_a_consistent_nik_the_registry_lacks_is_its_to_repair(tmp_path):
    absent = listed({**HEAD, "NIK": "3201025207810009", "NAMA_LGKP": "KUSNIATI", "TGL_LHR": "12-07-1981",
                     "NO_KK": "3201021203080077", "NAMA_LGKP_IBU": "RAHMI"})  # fmt: skip
    outcome = month(tmp_path, [absent, listed(HEAD, "A2")], [HEAD, CHILD])
    assert (decision(outcome)["status"], decision(outcome)["action"]) == (
        "tidak_ditemukan",
        "konsolidasi",
    )


@pytest.mark.parametrize(
    "nik",
    ["'3201015207800003", "32.01.01.520780.0003", "3201015207800003 ", "\u00a03201015207800003"],
)
def test_a_safe_repair_asks_nobody_for_anything(tmp_path, nik):
    outcome = month(tmp_path, [listed(HEAD, NIK=nik)], [HEAD])
    assert decision(outcome)["action"] == "tetap"


def test_only_columns_the_file_has_are_proposed(tmp_path):
    line = listed(HEAD)
    without = {k: v for k, v in line.items() if k not in {"Nama Ibu", "No KK"}}
    outcome = month(tmp_path, [without], [HEAD])
    assert decision(outcome)["action"] == "tetap"


def test_twins_on_one_nik_are_shown_and_neither_is_removed(tmp_path):
    twin = {**CHILD, "NIK": "3201010303040002", "NAMA_LGKP": "RUDA HARTONO"}
    register = [listed(CHILD, "A1"), listed(twin, "A2", NIK=CHILD["NIK"])]
    outcome = month(tmp_path, register, [HEAD, CHILD, twin])
    assert "hapus" not in {decision(outcome, i)["action"] for i in ("A1", "A2")}


def test_a_copy_in_another_desa_is_a_duplicate_and_not_a_move(tmp_path):
    copy = listed(HEAD, "A2", Kecamatan="GUNUNG PUTRI", Desa="WANAHERANG")
    outcome = month(tmp_path, [listed(HEAD), copy], [HEAD, CHILD])
    assert decision(outcome, "A1")["status"] == "padan"
    assert decision(outcome, "A2")["status"] == "ganda"


def test_a_death_entry_with_only_name_mother_and_desa_is_looked_at(tmp_path):
    bare = death(CHILD, NIK_JNSAH="", TGL_LHR="", NAMA_LGKP_IBU="SITI AMINAH")
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[bare])
    assert decision(outcome)["action"] == "verifikasi"


def test_the_nik_of_who_reported_a_death_kills_nobody(tmp_path):
    reported = death(HEAD, NIK_JNSAH=CHILD["NIK"], NAMA_JNSAH="MARSINAH PUTRI", TGL_LHR="")
    outcome = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[reported])
    assert decision(outcome)["status"] == "padan"
