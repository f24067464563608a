"""A small town for end-to-end tests: a register and extracts as CSV, run through the pipeline."""

from datetime import date

import polars as pl

from dtkstool.pipeline.extracts import build_registry
from dtkstool.pipeline.month import Order, run

TODAY = date(2026, 11, 1)
HEAD = {
    "NIK": "3201015207800003", "NO_KK": "3201011203080005", "NAMA_LGKP": "SITI AMINAH",
    "TMPT_LHR": "BOGOR", "TGL_LHR": "12-07-1980", "JENIS_KLMIN": "2", "STAT_HBKEL": "1",
    "NAMA_LGKP_IBU": "SUKARTI", "NO_PROP": "32", "NO_KAB": "1", "NO_KEC": "1", "NO_KEL": "1001",
    "NO_RT": "2", "NO_RW": "3",
}  # fmt: skip
CHILD = {**HEAD, "NIK": "3201010303040001", "NAMA_LGKP": "RUDI HARTONO", "TGL_LHR": "03-03-2004",
         "JENIS_KLMIN": "1", "STAT_HBKEL": "4", "NAMA_LGKP_IBU": "SITI AMINAH"}  # fmt: skip
TODDLER = {**CHILD, "NIK": "3201010303200002", "NAMA_LGKP": "DODI HARTONO", "TGL_LHR": "03-03-2020"}


def strangers(count=400):
    """Return biodata of people who are nobody in the tests."""
    return [
        {
            **HEAD,
            "NIK": f"32010{i % 9 + 1}{i % 28 + 1:02}{i % 12 + 1:02}{i % 40 + 50}{i % 9000 + 1:04}",
            "NO_KK": f"320101{i % 28 + 1:02}0110{i // 4:04}",
            "NAMA_LGKP": f"{'ABCDEFGHIJ'[i % 10]}UN{'KLMNPRST'[i % 8]}I {'OPQRS'[i % 5]}A{'BCDFG'[i % 7 % 5]}UT",
            "TGL_LHR": f"{i % 28 + 1:02}-{i % 12 + 1:02}-{1950 + i % 40}",
            "JENIS_KLMIN": "1",
            "NAMA_LGKP_IBU": f"IBU {i % 300}",
            "NO_KEL": "1002",
        }
        for i in range(count)
    ]


def listed(person, id_dtks="A1", **changes):
    """Return the register's line of a person, with what the register has different."""
    line = {
        "ID DTKS": id_dtks, "NIK": person["NIK"], "No KK": person["NO_KK"], "Nama": person["NAMA_LGKP"],
        "Tanggal Lahir": person["TGL_LHR"], "JK": "LP"[int(person["JENIS_KLMIN"]) - 1],
        "Nama Ibu": person["NAMA_LGKP_IBU"], "Kecamatan": "CIBINONG", "Desa": "PONDOK RAJEG",
        "Kabupaten": "KAB BOGOR", "Hubungan": "KEPALA KELUARGA" if person["STAT_HBKEL"] == "1" else "ANAK",
    }  # fmt: skip
    return line | changes


def month(tmp_path, register, biodata, **registers):
    """Build a registry of biodata and event registers, run the register, return the decisions.

    `register` is the rows of one file, or those of several by their names.
    """
    folder = tmp_path / "masuk"
    folder.mkdir()
    for name, rows in (register if isinstance(register, dict) else {"dtks.csv": register}).items():
        pl.DataFrame(rows).write_csv(folder / name)
    pl.DataFrame([*biodata, *strangers()]).write_csv(tmp_path / "biodata.csv")
    events = {}
    for kind, rows in registers.items():
        pl.DataFrame(rows).write_csv(tmp_path / f"{kind}.csv")
        events[kind] = [str(tmp_path / f"{kind}.csv")]
    build_registry(
        [str(tmp_path / "biodata.csv")], events, tmp_path / "registri",
        today=TODAY, column_map=None, model_path=None,
    )  # fmt: skip
    order = Order([str(folder)], tmp_path / "registri", tmp_path / "hasil", None, None, TODAY, "id")
    return run(order).outcome


def decision(outcome, id_dtks="A1"):
    """Return the decision of one record as a dict."""
    return outcome.decisions.filter(pl.col("id_dtks") == id_dtks).row(0, named=True)


def death(person, **changes):
    """Return a person's entry in the death register."""
    entry = {
        "NO_AKTA_MATI": "3201-KM-01022025-0001", "NIK_JNSAH": person["NIK"],
        "NAMA_JNSAH": person["NAMA_LGKP"], "TGL_LHR": person["TGL_LHR"], "TGL_MATI": "01-02-2025",
        "JENIS_KLMIN": person["JENIS_KLMIN"], "NO_PROP": "32", "NO_KAB": "1", "NO_KEC": "1", "NO_KEL": "1001",
    }  # fmt: skip
    return entry | changes


def departure(person, **changes):
    """Return a person's entry in the register of departures."""
    entry = {
        "NO_PINDAH": "SKPWNI/3201/05032025/0001", "NIK": person["NIK"], "NAMA_LGKP": person["NAMA_LGKP"],
        "TGL_LHR": person["TGL_LHR"], "TGL_PINDAH": "05-03-2025", "KLASIFIKASI_PINDAH": "ANTAR PROVINSI",
        "KAB_TUJUAN": "KOTA SURABAYA", "PROP_TUJUAN": "JAWA TIMUR",
    }  # fmt: skip
    return entry | changes
