"""From filled workbooks to the final list: run, fill, apply, finalize, as an office does."""

import json

import polars as pl
import pytest

from dtkstool.cli import main
from dtkstool.ledger.places import last_seen
from dtkstool.ledger.store import reading
from dtkstool.pipeline.provenance import sha256
from tests.filling import fill
from tests.months import recorded
from tests.town import CHILD, HEAD, TODDLER, death, listed, month, strangers

KNOWN = strangers(6)
OTHER_KECAMATAN = {"Kecamatan": "GUNUNG PUTRI", "Desa": "CIKEAS UDIK"}
UNKNOWN = {"Nama": "ZAENAL ABIDIN", "NIK": "3201010101700077", "No KK": "3201010101700078",
           "Tanggal Lahir": "01-01-1970", "Nama Ibu": "SITI"}  # fmt: skip
REGISTER = [
    listed(HEAD, "mati-diganti"), listed(KNOWN[1], "nik-salah", NIK="3201915207800003"),
    listed(KNOWN[2], "mati", **OTHER_KECAMATAN), listed(KNOWN[3], "kembar-1"),
    listed(KNOWN[3], "kembar-2"), listed(KNOWN[5], "tak-dikenal", **UNKNOWN), listed(TODDLER, "anak"),
]  # fmt: skip
BY_SHEET = {
    "UBAH": {"keputusan": "SETUJU"},
    "HAPUS_GANTI": {"alasan": "TL01"},
    "GANDA": {"keputusan": "GANDA - HAPUS KANAN"},
    "VERIFIKASI": {"keputusan": "ORANGNYA KANDIDAT 1"},
}


def answer(sheet, row):
    """Agree with everything, and leave the person nobody knows for later."""
    if row["record_id"] == "tak-dikenal":
        return None
    proposed = {"keputusan": row["usulan"]} if sheet == "HAPUS_GANTI" else {}
    return BY_SHEET[sheet] | proposed


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A month whose workbooks came back with one question left open, and were applied."""
    folder = tmp_path_factory.mktemp("kantor")
    biodata = [HEAD, CHILD, TODDLER]
    month(folder, REGISTER, biodata, kematian=[death(HEAD), death(KNOWN[2])])
    for book in (folder / "hasil" / "koreksi").rglob("*.xlsx"):
        fill(book, answer)
    told("apply", folder / "hasil" / "koreksi", "--to", folder / "masuk", "--out", folder / "terapan",
         "--registry", folder / "registri")  # fmt: skip
    return folder


def told(*words):
    """Run the command line in this process and return its exit code."""
    try:
        main([*map(str, words), "--today", "2026-11-01"])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def finalize(folder, *more):
    return told(
        "finalize", folder / "terapan" / "register", "--month", folder / "hasil", "--keputusan",
        folder / "terapan" / "keputusan.parquet", "--ledger", folder / "tiada.sqlite",
        "--out", folder / "akhir", *more,
    )  # fmt: skip


def test_what_nobody_answered_keeps_the_list_open_and_is_named_by_kecamatan(office, capsys):
    assert finalize(office) == 2
    assert "1 data masih terbuka (320101: 1)" in capsys.readouterr().err
    assert not (office / "akhir").exists()


@pytest.fixture(scope="module")
def final(office):
    """The folder of the final list, one open question allowed."""
    assert finalize(office, "--allow-open", "1") == 0
    return office / "akhir"


def test_every_verb_of_the_clerks_is_in_the_totals(final):
    summary = json.loads((final / "final.json").read_text())
    assert summary["total"] == {
        "prelist": 7, "tetap": 2, "ubah": 2, "ganti": 1, "hapus": 2, "tambah": 0, "akhir": 5, "terbuka": 1,
    }  # fmt: skip
    assert summary["allow_open"] == 1


def test_the_final_list_is_the_corrected_register_with_what_was_decided_of_each(final, office):
    listed_now = pl.read_parquet(final / "daftar_akhir.parquet")
    assert dict(listed_now.sort("nama").select("nama", "putusan").iter_rows()) == {
        CHILD["NAMA_LGKP"]: "ganti", TODDLER["NAMA_LGKP"]: "tetap", KNOWN[1]["NAMA_LGKP"]: "ubah",
        KNOWN[3]["NAMA_LGKP"]: "ubah", "ZAENAL ABIDIN": "tetap",
    }  # fmt: skip
    assert listed_now.filter("terbuka")["nama"].to_list() == ["ZAENAL ABIDIN"]
    register = pl.read_csv(office / "terapan" / "register" / "dtks.csv", infer_schema=False)
    assert sorted(listed_now["nik"]) == sorted(register["NIK"])
    removed = pl.read_csv(final / "dikeluarkan.csv", infer_schema=False)
    assert [i.rstrip("12") for i in sorted(removed["id_dtks"])] == ["kembar-", "mati"]


def test_each_kecamatan_signs_its_own_list_also_one_that_has_lost_everybody(final):
    hashes = json.loads((final / "final.json").read_text())["lists"]
    assert sorted(hashes) == ["daftar/320101_cibinong.csv", "daftar/320102_gunungputri.csv"]
    for shown, digest in hashes.items():
        assert sha256(final / shown) == digest
        assert (
            digest
            in (final / shown.replace("daftar", "berita_acara").replace(".csv", ".txt")).read_text()
        )
    counts = pl.read_csv(final / "rekap_desa.csv", infer_schema=False)
    lost = counts.filter(pl.col("kecamatan") == "320102").row(0, named=True)
    assert (lost["prelist"], lost["hapus"], lost["akhir"]) == ("1", "1", "0")


def test_who_is_gone_counts_in_the_desa_the_ledger_last_saw_them_in(tmp_path):
    recorded(tmp_path / "l.sqlite", "2026-10", ("A1", "ubah"), ("A2", "ubah", "352502"))
    recorded(tmp_path / "l.sqlite", "2026-11", ("A1", "ubah", "352503"))
    with reading(tmp_path / "l.sqlite") as ledger:
        assert last_seen(ledger).rows() == [("A1", "3525032001"), ("A2", "3525022001")]
