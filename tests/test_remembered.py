"""What clerks decide is remembered: month after month, until what it was about changes."""

import json
from datetime import date
from pathlib import Path
from shutil import copytree

import polars as pl
import pytest
from openpyxl import load_workbook

from dtkstool.pipeline.applying import Order, apply
from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.journal import Journal
from dtkstool.pipeline.ledgers import view
from dtkstool.pipeline.planning import Wish, plan_of
from dtkstool.pipeline.scheduled import run_month
from tests.filling import data_rows, fill
from tests.town import CHILD, HEAD, TODAY, death, listed, strangers

SHEETS = ("UBAH", "HAPUS_GANTI", "GANDA", "VERIFIKASI")
ALIVE = HEAD | {"NIK": "3201016001550004", "NAMA_LGKP": "WAGIYEM", "TGL_LHR": "20-01-1955",
                "NO_KK": "3201010101080099", "NAMA_LGKP_IBU": "PAINEM"}  # fmt: skip
TWIN = HEAD | {"NIK": "3201011103700008", "NAMA_LGKP": "BAMBANG SUSILO", "TGL_LHR": "11-03-1970",
               "JENIS_KLMIN": "1", "NO_KK": "3201010101080077"}  # fmt: skip
MISSING = HEAD | {"NIK": "3201019901010001", "NAMA_LGKP": "ZULKIFLI QODRI", "TGL_LHR": "01-02-1961",
                  "JENIS_KLMIN": "1", "NO_KK": "3201010101080055", "NAMA_LGKP_IBU": "QIBTIYAH"}  # fmt: skip
WAITING = MISSING | {"NIK": "3201019907070002", "NAMA_LGKP": "HERLAMBANG YUDO", "TGL_LHR": "07-07-1959",
                     "NO_KK": "3201010101080044", "NAMA_LGKP_IBU": "DJUMIRAH"}  # fmt: skip

BIODATA = [HEAD, CHILD, ALIVE, TWIN]
EVENTS = {
    "meninggal": [death(ALIVE)],
    "akta_lain": [death(ALIVE, NO_AKTA_MATI="3201-KM-09092026-0009")],
    "hidup": [],
}


@pytest.fixture(scope="module")
def registries(tmp_path_factory):
    """Registries of the same people, by what the death register says of one of them."""
    folder = tmp_path_factory.mktemp("registri")
    pl.DataFrame([*BIODATA, *strangers()]).write_csv(folder / "biodata.csv")
    for name, deaths in EVENTS.items():
        pl.DataFrame(deaths or [death(MISSING)]).write_csv(folder / f"{name}.csv")
        build_registry(
            [str(folder / "biodata.csv")], {"kematian": [str(folder / f"{name}.csv")]}, folder / name,
            today=TODAY, column_map=None, model_path=None,
        )  # fmt: skip
    return folder


class Office:
    """One office: a register, a registry, a ledger; `asked` runs, `answer` fills and applies."""

    def __init__(self, folder, registries):
        self.folder, self.registries = folder, registries

    def corrected(self, number):
        """The register that month's `apply` left."""
        return self.folder / f"hasil-{number}" / "register" / f"dtks-{number}.csv"

    def told(self, number):
        """That month's run.json."""
        return json.loads((self.folder / f"bulan-{number}" / "run.json").read_text("utf-8"))

    def asked(self, number, register, deaths="meninggal"):
        """Run a month and return (sheet, record, column, keputusan_lalu) of everything asked.

        `register` is rows, or the path of a register.
        """
        path, out = self.folder / f"dtks-{number}.csv", self.folder / f"bulan-{number}"
        if isinstance(register, Path):
            path.write_bytes(register.read_bytes())
        else:
            pl.DataFrame(register).write_csv(path)
        keputusan = tuple(str(p) for p in self.folder.glob("hasil-*/keputusan.parquet"))
        wish = Wish((str(path),), self.registries / deaths, out, None, self.folder / "l.sqlite",
                    None, None, date(2026, number, 1), "id", keputusan)  # fmt: skip
        self.outcome = run_month(plan_of(wish), Journal()).done.outcome
        return sorted(_rows(out / "koreksi"), key=str)

    def answer(self, number, answers):
        """Fill the month's workbooks in and apply them."""
        books = list((self.folder / f"bulan-{number}" / "koreksi").rglob("*.xlsx"))
        for path in books:
            fill(path, answers)
        files = [str(self.folder / f"dtks-{number}.csv")]
        out = self.folder / f"hasil-{number}"
        today = date(2026, number, 1)
        return apply(Order([str(p) for p in books], files, out, None, None, today, "id"))


def _rows(folder):
    for path in folder.rglob("*.xlsx"):
        book = load_workbook(path)
        for sheet in SHEETS:
            for _, row in data_rows(book[sheet]):
                yield sheet, row["record_id"], row.get("column"), row.get("keputusan_lalu")


REGISTER = [
    listed(HEAD, Nama="SITI AMINA"),
    listed(ALIVE, "B1"),
    listed(TWIN, "C1"),
    listed(TWIN, "C2"),
    listed(CHILD, "D1", **{"Nama Ibu": None}),
    listed(MISSING, "E1"),
    listed(WAITING, "F1"),
]
KEPT = {
    "UBAH": {"keputusan": "TETAP NILAI LAMA"},
    "HAPUS_GANTI": {"keputusan": "TETAP", "catatan": "saya temui"},
    "GANDA": {"keputusan": "BUKAN GANDA"},
    "VERIFIKASI": {"keputusan": "DATA SUDAH BENAR"},
}


@pytest.fixture(scope="module")
def january(tmp_path_factory, registries):
    """An office after its first month, and what that asked."""
    office = Office(tmp_path_factory.mktemp("kantor"), registries)
    return office, office.asked(1, REGISTER)


@pytest.fixture
def office(tmp_path, january):
    """A copy of that office."""
    first, _ = january
    return Office(copytree(first.folder, tmp_path / "kantor"), first.registries)


def states(outcome):
    return dict(
        outcome.decisions.select("record_id", pl.col("ingatan").cast(pl.String)).iter_rows()
    )


def test_what_was_decided_is_asked_again_only_when_it_changes_and_then_with_what_was_decided(
    office, january
):
    _, asked = january
    assert [row[:3] for row in asked] == [
        ("GANDA", "C2", None), ("HAPUS_GANTI", "B1", None), ("UBAH", "A1", "nama"),
        ("UBAH", "D1", "nama_ibu"), ("VERIFIKASI", "E1", None), ("VERIFIKASI", "F1", None),
    ]  # fmt: skip
    assert all(before is None for *_, before in asked)
    office.answer(1, lambda sheet, row: KEPT[sheet])

    assert office.asked(2, office.corrected(1)) == []
    second = office.outcome
    assert second.decisions["action"].unique().to_list() == ["tetap"]
    assert second.decisions.height == len(REGISTER)
    told = office.told(2)["remembered"]
    assert (told["known"], told["dihormati"], told["isian"], told["pasangan"]) == (6, 5, 2, 1)
    assert set(second.findings.filter(pl.col("record_id") == "E1")["ingatan"]) == {"dihormati"}

    changed = [row | {"Nama": "SITI AMINNA"} if row["ID DTKS"] == "A1" else row for row in REGISTER]
    assert office.asked(3, changed, "akta_lain") == [
        ("HAPUS_GANTI", "B1", None,
         "2026-01, Siti: TETAP – saya temui. Bukti atau usulannya sekarang lain."),
        ("UBAH", "A1", "nama", "2026-01, Siti: TETAP NILAI LAMA. Isinya waktu itu: SITI AMINA."),
    ]  # fmt: skip
    assert states(office.outcome) == {
        "A1": "gugur", "B1": "gugur", "C1": None, "C2": None, "D1": "dihormati", "E1": "dihormati",
        "F1": "dihormati",
    }  # fmt: skip


GONE = {
    "UBAH": {"keputusan": "SETUJU"},
    "HAPUS_GANTI": {"keputusan": "HAPUS", "alasan": "TL01"},
    "GANDA": {"keputusan": "GANDA - HAPUS KANAN"},
    "VERIFIKASI": {"keputusan": "TIDAK LAYAK", "alasan": "TL05"},
}


WAITS = {"keputusan": "AJUKAN KONSOLIDASI"}


def test_who_was_taken_out_stays_out_of_the_count_and_who_waits_for_dukcapil_stays_open(office):
    applied = office.answer(
        1, lambda sheet, row: WAITS if row["record_id"] == "F1" else GONE[sheet]
    )
    assert applied.counts["removed"] == 3

    asked = office.asked(2, REGISTER)
    assert [row[:3] for row in asked] == [("UBAH", "A1", "nama"), ("UBAH", "D1", "nama_ibu")]
    assert asked[0][3].endswith("Belum masuk ke data.")
    assert office.outcome.decisions.height == len(REGISTER)
    waiting = office.outcome.decisions.row(by_predicate=pl.col("record_id") == "F1", named=True)
    assert (waiting["action"], waiting["ingatan"]) == ("konsolidasi", "menunggu")
    out = pl.read_csv(office.folder / "bulan-2" / "keluar.csv")
    assert out.select("record_id", "alasan").rows() == [
        ("B1", "TL01"),
        ("C2", "TL04"),
        ("E1", "TL05"),
    ]
    counted = view(office.folder / "l.sqlite", "kecamatan", "2026-02").total.row(0, named=True)
    assert (counted["records"], counted["open"], counted["gone"]) == (4, 3, 3)

    # The registry takes back a death: whoever was taken out for it is asked about again.
    assert ("VERIFIKASI", "B1") in [row[:2] for row in office.asked(3, REGISTER, "hidup")]
    assert states(office.outcome)["B1"] == "gugur"

    assert office.asked(4, office.corrected(1)) == []
    assert office.told(4)["remembered"]["keluar"] == 0
