"""No list of living people makes anybody dead or gone, whatever it is given as."""

import pytest

from dtkstool.errors import UnusableInput
from tests.scenes import Scene, lived
from tests.town import CHILD, HEAD, death, decision, departure, listed, month, strangers


def test_a_death_without_date_and_number_is_looked_at_and_nobody_is_removed(tmp_path):
    bare = {"NIK": CHILD["NIK"], "NAMA": CHILD["NAMA_LGKP"], "TGL_LHR": CHILD["TGL_LHR"]}
    found = month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[bare])
    said = decision(found)
    assert (said["status"], said["action"]) == ("meninggal", "verifikasi")
    assert "STS02" in said["codes"] and "tanpa tanggal dan nomor" in said["evidence"]


OTHER = strangers(2)[1]
SCENES = {
    "no date": [death(CHILD, TGL_MATI="")],
    "no number": [death(CHILD, NO_AKTA_MATI="")],
    "lives": [death(CHILD, STAT_HIDUP="HIDUP"), death(OTHER, STAT_HIDUP="MENINGGAL")],
    "moved": [death(CHILD, PERISTIWA="PINDAH"), death(OTHER, PERISTIWA="MATI")],
}


@pytest.fixture(scope="module")
def child(tmp_path_factory):
    """By scene: what is decided about the child the scene's entries are about."""
    scenes = [
        Scene([listed(CHILD)], [HEAD, CHILD], {"kematian": entries}) for entries in SCENES.values()
    ]
    outcomes = lived(tmp_path_factory.mktemp("kota"), scenes)
    return {name: decision(found) for name, found in zip(SCENES, outcomes, strict=True)}


@pytest.mark.parametrize("scene", ["no date", "no number"])
def test_a_date_or_a_number_is_enough(child, scene):
    assert child[scene]["action"] == "hapus"


def test_who_is_said_to_live_in_the_register_of_deaths_is_not_dead(child):
    assert child["lives"]["status"] == "padan"


def test_an_entry_about_another_event_does_not_count(child):
    assert child["moved"]["status"] == "padan"


@pytest.mark.parametrize(
    ("kind", "entry"), [("kematian", departure(CHILD)), ("pindah", death(CHILD))]
)
def test_another_register_is_refused(tmp_path, kind, entry):
    with pytest.raises(UnusableInput) as refused:
        month(tmp_path, [listed(CHILD)], [HEAD, CHILD], **{kind: [entry]})
    assert refused.value.key == "extract_other_kind"


def test_a_quarter_of_the_population_cannot_be_dead(tmp_path):
    with pytest.raises(UnusableInput) as refused:
        month(tmp_path, [listed(CHILD)], [HEAD, CHILD], kematian=[*map(death, strangers(150))])
    assert refused.value.key == "extract_too_many"
