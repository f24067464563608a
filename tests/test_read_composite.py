"""Composite cells are split; what was typed stays beside."""

import polars as pl
import pytest

from dtkstool.read import composite, read_files


@pytest.mark.parametrize(
    ("typed", "rt", "rw"),
    [
        ("002/003", "002", "003"),
        ("RT 1 RW 2", "1", "2"),
        ("RT.01/RW.02", "01", "02"),
        ("RT:001, RW:001", "001", "001"),
        ("01-Feb", "01", "2"),
        ("1-Mei", "1", "5"),
        ("2026-02-01 00:00:00", "1", "2"),
        ("002/000", "002", "000"),
        ("-/-", None, None),
        ("004", "004", None),
        ("RT 05", "05", None),
        ("7 / 12", "7", "12"),
        (None, None, None),
    ],
)
def test_rt_and_rw_are_told_apart(typed, rt, rw):
    cells = pl.DataFrame({"c": [typed]}, schema={"c": pl.String})
    found = cells.select(rt=composite.rt_of(pl.col("c")), rw=composite.rw_of(pl.col("c")))
    assert found.row(0) == (rt, rw)


@pytest.mark.parametrize(
    ("typed", "place", "date"),
    [
        ("BANYUMAS, 12-05-1980", "BANYUMAS", "12-05-1980"),
        ("Kab. Bogor / 1 Januari 1970", "Kab. Bogor", "1 Januari 1970"),
        ("BANYUMAS 12/05/80", "BANYUMAS", "12/05/80"),
        ("BANYUMAS,", "BANYUMAS", None),
        (", 12-05-1980", None, "12-05-1980"),
        ("JAKARTA, 1990-07-29 00:00:00", "JAKARTA", "1990-07-29 00:00:00"),
        (None, None, None),
    ],
)
def test_place_and_date_of_birth_are_told_apart(typed, place, date):
    cells = pl.DataFrame({"c": [typed]}, schema={"c": pl.String})
    found = cells.select(
        composite.birth_place_of(pl.col("c")).alias("p"), composite.birth_date_of(pl.col("c"))
    )
    assert found.row(0) == (place, date)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("DESA SUKAMAJU RT/RW : 002/000 DUSUN : -", {"desa": "SUKAMAJU", "rt": "002", "rw": "000"}),
        ("Alamat : KP. A, Nama Dusun : KRAJAN, RT/RW : -/-", {"dusun": "KRAJAN"}),
        ("DUSUN MAWAR, RT:001, RW:002, Kodepos:83355,-", {"dusun": "MAWAR", "rt": "001", "rw": "002"}),
        ("DSN. MELATI,Kodepos :,Telp :,-", {"dusun": "MELATI"}),
        ("JL. RAYA NO 5 RT 01/02 KEL. BARU KEC. LAMA", {"rt": "01", "rw": "02", "desa": "BARU", "kecamatan": "LAMA"}),
        ("KP BABAKAN 003/004 DS CIKARET", {"rt": "003", "rw": "004", "desa": "CIKARET"}),
        ("JL. KELAPA GADING NO 12", {}),
        ("JL. DESAIN 3", {}),
        ("JL. DESA RAYA NO 3", {}),
    ],
)  # fmt: skip
def test_an_address_gives_what_it_labels(typed, expected):
    cells = pl.DataFrame({"alamat_asal": [typed]})
    found = cells.select(**composite.ADDRESS).row(0, named=True)
    assert {field: part for field, part in found.items() if part} == expected


def test_an_address_fills_only_what_no_column_gives(tmp_path):
    (tmp_path / "a.csv").write_text(
        "NIK;NAMA;ALAMAT;RT\n3201014107700001;SITI;KP. A RT 05 RW 06 DESA BARU;\n"
    )
    result = read_files([str(tmp_path / "a.csv")])
    row = result.records.row(0, named=True)
    assert (row["rt_asal"], row["rw_asal"], row["desa_asal"]) == (None, "06", "BARU")
    assert result.layouts[0].columns["rw"] == ("C", "ALAMAT")
