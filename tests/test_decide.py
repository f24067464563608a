"""Decisions: what is proposed, on what evidence, and what is left to a person."""

import polars as pl
import pytest

from tests.scenes import lived, scene
from tests.town import CHILD, HEAD, TODDLER, death, decision, departure, listed


@pytest.fixture(scope="module")
def outcomes(request, tmp_path_factory):
    """What one month decides in every test's scene, by the test's name."""
    scenes = {
        name: test.scene for name, test in vars(request.module).items() if hasattr(test, "scene")
    }
    return dict(zip(scenes, lived(tmp_path_factory.mktemp("kota"), scenes.values()), strict=True))


@pytest.fixture
def outcome(request, outcomes):
    """What is decided in the scene of this test."""
    return outcomes[request.node.originalname]


@scene([listed(HEAD)], [HEAD])
def test_a_record_that_agrees_with_the_registry_stays_as_it_is(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("padan", "tetap")
    assert found["evidence"] == "NIK, nama, tanggal lahir, No KK, nama ibu dan desa sama"
    assert outcome.changes.is_empty()


@scene([listed(HEAD, NIK="3201915207800003")], [HEAD])
def test_a_mistyped_nik_is_corrected_with_its_evidence(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("perbaikan", "ubah")
    assert found["evidence"] == (
        "NIK beda 1 angka; nama, tanggal lahir, No KK, nama ibu dan desa sama"
    )
    assert outcome.changes.select("column", "old", "new").rows() == [
        ("nik", "3201915207800003", "3201015207800003")
    ]


@scene([listed(HEAD)], [HEAD, CHILD], kematian=[death(HEAD)])
def test_a_dead_head_with_an_adult_child_is_replaced_and_not_removed(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("meninggal", "ganti")
    assert (found["successor_nama"], found["successor_nik"]) == ("RUDI HARTONO", CHILD["NIK"])
    assert found["evidence"].startswith("Meninggal tanggal 01-02-2025, surat/akta 3201-KM-")
    assert {"STS01", "CAP01"} <= set(found["codes"])


@scene([listed(HEAD)], [HEAD, TODDLER], kematian=[death(HEAD)])
def test_a_dead_head_who_leaves_only_children_goes_to_a_field_check(outcome):
    found = decision(outcome)
    assert found["action"] == "verifikasi"
    assert "perlu wali" in found["evidence"]


@scene([listed(HEAD), listed(CHILD, "A2")], [HEAD, CHILD], kematian=[death(CHILD)])
def test_a_dead_member_is_proposed_for_removal(outcome):
    assert decision(outcome, "A2")["action"] == "hapus"
    assert decision(outcome, "A1")["action"] == "tetap"


@scene([listed(CHILD)], [HEAD, CHILD], kematian=[death(CHILD, NIK_JNSAH="")])
def test_a_death_entry_without_nik_is_never_enough_for_removal(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("meninggal", "verifikasi")
    assert "bukti lemah" in found["evidence"] and "STS02" in found["codes"]


@scene([listed(CHILD)], [HEAD, CHILD], kematian=[death(CHILD, NIK_JNSAH="", TGL_LHR="09-09-1950")])
def test_a_namesake_is_never_declared_dead(outcome):
    assert decision(outcome)["status"] == "padan"


@scene(
    [listed(HEAD), listed(CHILD, "A2")],
    [HEAD, CHILD],
    kematian=[death({**HEAD, "NIK": CHILD["NIK"]}, TGL_LHR="12-07-1939", NAMA_JNSAH="MARSINAH")],
)
def test_a_death_entry_under_somebody_elses_nik_kills_neither(outcome):
    assert {decision(outcome, i)["status"] for i in ("A1", "A2")} == {"padan"}


@scene([listed(CHILD)], [HEAD, CHILD], pindah=[departure(CHILD)])
def test_who_moved_away_is_proposed_for_removal_with_the_destination(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("pindah_keluar", "hapus")
    assert "tujuan KOTA SURABAYA, JAWA TIMUR" in found["evidence"]


BACK = {"NIK": CHILD["NIK"], "NAMA_LGKP": CHILD["NAMA_LGKP"], "TGL_LHR": CHILD["TGL_LHR"],
        "TGL_DATANG": "09-09-2025", "NO_DATANG": "SKDWNI/1"}  # fmt: skip


@scene(
    [listed(CHILD)],
    [HEAD, CHILD],
    pindah=[departure(CHILD)],
    datang=[BACK],
)
def test_who_came_back_after_moving_away_stays(outcome):
    assert decision(outcome)["status"] == "padan"


INSIDE = departure(CHILD, KLASIFIKASI_PINDAH="ANTAR KECAMATAN", KAB_TUJUAN="KAB. BOGOR",
                   PROP_TUJUAN="JAWA BARAT", KEC_TUJUAN="GUNUNG PUTRI", KEL_TUJUAN="WANAHERANG")  # fmt: skip


@scene([listed(CHILD)], [HEAD, CHILD], pindah=[INSIDE])
def test_a_move_inside_the_kabupaten_changes_the_place_and_removes_nobody(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("pindah_dalam", "ubah")
    new = dict(outcome.changes.select("column", "new").rows())
    assert {"kecamatan", "desa"} <= new.keys()
    assert new["desa"].upper() == "WANAHERANG"


@scene([listed(HEAD), listed(HEAD, "A2")], [HEAD, CHILD])
def test_of_two_records_of_one_person_one_stays(outcome):
    actions = {i: decision(outcome, i)["action"] for i in ("A1", "A2")}
    assert actions == {"A1": "tetap", "A2": "hapus"}
    assert "A1" in decision(outcome, "A2")["evidence"]


@scene([listed(HEAD), listed(HEAD, "A2", NIK="3201015207800044")], [HEAD, CHILD])
def test_two_records_under_two_niks_are_shown_and_not_removed(outcome):
    assert decision(outcome, "A2")["action"] == "verifikasi"


@scene([listed(CHILD, NIK=HEAD["NIK"])], [HEAD, CHILD])
def test_somebody_elses_nik_is_named_and_the_own_one_proposed(outcome):
    found = decision(outcome)
    assert (found["status"], found["action"]) == ("nik_orang_lain", "ubah")
    assert outcome.changes.filter(pl.col("column") == "nik")["new"].to_list() == [CHILD["NIK"]]


KUSNIATI = {**HEAD, "NIK": "3201025207810009", "NAMA_LGKP": "KUSNIATI", "TGL_LHR": "12-07-1981",
            "NO_KK": "3201021203080077", "NAMA_LGKP_IBU": "RAHMI"}  # fmt: skip


@scene([listed(KUSNIATI), listed(HEAD, "A2")], [HEAD, CHILD])
def test_a_consistent_nik_the_registry_lacks_is_its_to_repair(outcome):
    assert (decision(outcome)["status"], decision(outcome)["action"]) == (
        "tidak_ditemukan",
        "konsolidasi",
    )


GROWN = {**CHILD, "NIK": "3201010303010004", "NAMA_LGKP": "EKO HARTONO", "TGL_LHR": "03-03-2001"}


@scene(
    [
        listed(HEAD, "A1", NIK="'3201015207800003"),
        listed(CHILD, "A2", NIK="32.01.01.030304.0001"),
        listed(TODDLER, "A3", NIK="3201010303200002 "),
        listed(GROWN, "A4", NIK="\u00a03201010303010004"),
    ],
    [HEAD, CHILD, TODDLER, GROWN],
)
def test_a_safe_repair_asks_nobody_for_anything(outcome):
    assert set(outcome.decisions["action"]) == {"tetap"}


WITHOUT = {k: v for k, v in listed(HEAD).items() if k not in {"Nama Ibu", "No KK"}}


@scene([WITHOUT], [HEAD])
def test_only_columns_the_file_has_are_proposed(outcome):
    assert decision(outcome)["action"] == "tetap"


TWIN = {**CHILD, "NIK": "3201010303040002", "NAMA_LGKP": "RUDA HARTONO"}


@scene([listed(CHILD, "A1"), listed(TWIN, "A2", NIK=CHILD["NIK"])], [HEAD, CHILD, TWIN])
def test_twins_on_one_nik_are_shown_and_neither_is_removed(outcome):
    assert "hapus" not in {decision(outcome, i)["action"] for i in ("A1", "A2")}


SOUNDS = {**CHILD, "NIK": "3201010303040002", "NAMA_LGKP": "RUDIH HARTONO"}


@scene([listed(SOUNDS, NIK=CHILD["NIK"])], [HEAD, CHILD, SOUNDS], kematian=[death(CHILD)])
def test_a_twin_who_sounds_the_same_under_the_dead_ones_nik_is_not_removed(outcome):
    assert decision(outcome)["action"] == "verifikasi"


@scene([listed(CHILD, "A1"), listed(SOUNDS, "A2", NIK=CHILD["NIK"])], [HEAD, CHILD, SOUNDS])
def test_of_twins_who_sound_the_same_on_one_nik_neither_is_removed(outcome):
    assert "hapus" not in {decision(outcome, i)["action"] for i in ("A1", "A2")}


@scene(
    [listed(HEAD), listed(HEAD, "A2", Kecamatan="GUNUNG PUTRI", Desa="WANAHERANG")], [HEAD, CHILD]
)
def test_a_copy_in_another_desa_is_a_duplicate_and_not_a_move(outcome):
    assert decision(outcome, "A1")["status"] == "padan"
    assert decision(outcome, "A2")["status"] == "ganda"


@scene(
    [listed(CHILD)],
    [HEAD, CHILD],
    kematian=[death(CHILD, NIK_JNSAH="", TGL_LHR="", NAMA_LGKP_IBU="SITI AMINAH")],
)
def test_a_death_entry_with_only_name_mother_and_desa_is_looked_at(outcome):
    assert decision(outcome)["action"] == "verifikasi"


@scene(
    [listed(CHILD)],
    [HEAD, CHILD],
    kematian=[death(HEAD, NIK_JNSAH=CHILD["NIK"], NAMA_JNSAH="MARSINAH PUTRI", TGL_LHR="")],
)
def test_the_nik_of_who_reported_a_death_kills_nobody(outcome):
    assert decision(outcome)["status"] == "padan"
