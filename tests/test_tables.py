"""Result files appear whole or not at all, and equal frames give equal bytes."""

import json

import polars as pl
import pytest

from dtkstool.write.tables import replacing, write_csv, write_json, write_parquet, write_text


def test_a_file_that_fails_half_way_leaves_the_old_one_and_no_rubbish(tmp_path):
    path = tmp_path / "run.json"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:
        temporary.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


def test_the_temporary_file_stands_beside_its_target_and_keeps_its_suffix(tmp_path):
    path = tmp_path / "new" / "folder" / "links.parquet"
    with replacing(path) as temporary:
        temporary.write_bytes(b"")
        assert temporary.parent == path.parent
        assert temporary.suffix == ".parquet"
    assert path.exists()


def test_equal_frames_give_equal_bytes(tmp_path):
    df = pl.DataFrame({"nik": ["0012", None], "codes": [["A"], []]})
    for name in ("a", "b"):
        write_parquet(df, tmp_path / f"{name}.parquet")
        write_csv(df, tmp_path / f"{name}.csv")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert pl.read_parquet(tmp_path / "a.parquet").equals(df)


def test_csv_joins_lists_and_carries_the_mark_excel_wants(tmp_path):
    write_csv(pl.DataFrame({"nama": ["Bé"], "codes": [["A", "B"]]}), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == "\ufeffnama,codes\nBé,A B\n".encode()


def test_json_keeps_letters_and_order(tmp_path):
    write_json({"z": "Bé", "a": [1]}, tmp_path / "x.json")
    assert json.loads((tmp_path / "x.json").read_text("utf-8")) == {"z": "Bé", "a": [1]}
    assert (tmp_path / "x.json").read_text("utf-8").startswith('{\n  "z": "Bé"')


def test_text_keeps_its_line_ends(tmp_path):
    write_text("a\r\nb\n", tmp_path / "x.txt")
    assert (tmp_path / "x.txt").read_bytes() == b"a\r\nb\n"


def test_a_device_stays_a_device(tmp_path):
    import os

    pipe = tmp_path / "pipa"
    os.mkfifo(pipe)
    with replacing(pipe) as given:
        assert given == pipe
    assert not pipe.is_file()


def test_a_cell_never_becomes_a_formula(tmp_path):
    df = pl.DataFrame({"nama": ["=1+1", "-2", "SITI", "-"], "n": [1, 2, 3, 4]})
    write_csv(df, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").split() == [
        "nama,n",
        "'=1+1,1",
        "'-2,2",
        "SITI,3",
        "-,4",
    ]
