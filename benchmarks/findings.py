"""Judge the findings of `validate` against the truth of a sample world.

    python benchmarks/findings.py WORLD [--json] [--demand 0.99]

Recall per class of injected fault that can be seen without the registry: the share of its cells
for which a finding of the right code names that row. Precision per code: the share of its findings
on rows that have such a fault. With `--demand` the exit code is 1 when one of them is lower.
"""

import argparse
import json
import sys
from pathlib import Path

import polars as pl

from dtkstool.pipeline import checking
from dtkstool.sample.settings import Settings
from dtkstool.write.pieces import whole as all_of

AT = ["source_file", "sheet", "row"]
DATES = ("NIK08", "TGL01", "TGL02", "TGL03")
CODES: dict[str, tuple[str, ...]] = {
    "nik_kosong": ("NIK01",), "nik_sentinel": ("NIK01",), "nik_sementara": ("NIK10",),
    "nik_tersamar": ("NIK10",), "nik_ilmiah": ("NIK14",), "nik_huruf": ("NIK12", "NIK02"),
    "nik_14_digit": ("NIK02",), "nik_15_digit": ("NIK02",), "nik_17_digit": ("NIK02", "NIK12"),
    "nik_dua_nilai": ("NIK13", "NIK11"), "nik_ekor_float": ("NIK11", "NIK14"),
    "nik_apostrof": ("NIK11",),
    "nik_pemisah": ("NIK11",), "nik_spasi": ("NIK11",), "nik_isi_nokk": ("KK05",),
    "nik_tanpa_40": ("NIK09",), "kolom_tertukar": ("KK06", "KK05"),
    "nokk_kosong": ("KK01",), "nokk_sentinel": ("KK01",), "nokk_ilmiah": ("KK12",),
    "nokk_huruf": ("KK14", "KK02"), "nokk_15_digit": ("KK02",), "nokk_17_digit": ("KK02", "KK14"),
    "nokk_isi_nik": ("KK05", "KK04", "KK15", "KK11"),
    "nokk_spasi": ("KK13",), "nokk_apostrof": ("KK13",),
    "nama_kosong": ("NAM01",), "nama_angka": ("NAM01",), "nama_gelar": ("NAM02",),
    "nama_alias": ("NAM02",), "nama_bin": ("NAM02",), "nama_ibu_dalam": ("NAM02",),
    "tanggal_kosong": ("TGL06",), "tanggal_nol": ("TGL01", "TGL06"),
    "tanggal_mustahil": ("TGL01",), "tanggal_tahun_saja": DATES, "tanggal_tukar": DATES,
    "tanggal_tahun": DATES, "tanggal_tahun_jauh": DATES, "tanggal_hari": DATES,
    "tanggal_bulan": DATES, "tanggal_baku": DATES,
    "jk_salah": ("NIK09",), "jk_kosong": ("JK02",), "hubungan_kosong": ("SHD06",),
    "nama_spasi": ("TKS01",), "nama_huruf_kecil": ("NAM04",),
}  # fmt: skip
"""What finds each class. The same number twice in a cell is tidied; a Papuan number that was a
float lost its last digit."""
BESIDE_THE_NIK = {
    "jk_salah", "tanggal_tukar", "tanggal_tahun", "tanggal_tahun_jauh", "tanggal_hari",
    "tanggal_bulan", "tanggal_baku", "nik_tanpa_40", "nik_isi_nokk", "nokk_isi_nik",
    "kolom_tertukar",
}  # fmt: skip
"""Only seen where every other cell compared is whole."""
COMPARED = ("nik", "nokk", "tanggal_lahir", "jenis_kelamin")
JUSTIFIED: dict[str, tuple[str, ...]] = {
    "NIK": ("nik", "nokk"), "KK": ("nokk", "nik"), "NAM": ("nama",), "TGL": ("tanggal_lahir",),
    "JK": ("jenis_kelamin",), "SHD06": ("hubungan",), "WIL04": ("desa",),
    "NIK08": ("nik", "tanggal_lahir"), "NIK09": ("nik", "jenis_kelamin"),
}  # fmt: skip
"""A fault in one of these columns makes a finding of the code, or its family, a right one."""


in_xls = pl.col("source_file").str.ends_with(".xls")
LIVING = r"(?:^|\D)19(?:1[6-9]|2[0-6])(?:\D|$)"
"""Years of birth of people past ninety that `today` lets live; one mistyped by a century."""
MONTH_FIRST = r"^\d{1,2}\D(?:1[3-9]|2\d|3[01])\D\d{2,4}$"
NO_FAULT = ("KK05", "KK07", "KK08", "KK09", "NIK07", "TGL07")
"""Codes about families; and what the truth does not log: retired codes, short years, one number in
both cells of a row whose columns were exchanged."""


def placed(df: pl.DataFrame) -> pl.DataFrame:
    """Return rows with their file's name as the truth writes it."""
    return df.with_columns(pl.col("source_file").str.split("dtks/").list.last())


def visible() -> pl.Expr:
    """Return whether a cell shows its fault at all.

    AL, B and, without dots, BA may be part of a name, and a NIK of somebody who is not in the data
    a No KK, unless its date is a woman's or still to come. A name with capital initials is a list's
    own way. A mark of byte order at the start of a cell of .xls is gone before anybody can see it.
    A NIK does not say its century, and at up to 110 years one may live. Another No KK than the
    row's own is a number like others, and a day before its month the custom of a sheet that has
    others so.
    """
    value, fault = pl.col("value"), pl.col("fault")
    date = value.str.extract(r"^\d{6}(\d{6})\d{4}$")
    issued = (date.str.head(2) < "41") & (date.str.tail(2) <= "26")
    hidden = (
        ((fault == "nama_alias") & value.str.contains(r"(?i)\bAL\b"))
        | ((fault == "nama_bin") & value.str.contains(r"(?i)\bB\b"))
        | ((fault == "nama_gelar") & value.str.contains(r"(?i)[^,] BA$"))
        | ((fault == "nama_huruf_kecil") & value.str.contains(r"\p{Lu}"))
        | ((fault == "nokk_isi_nik") & issued)
        | ((fault == "nik_isi_nokk") & (value != pl.col("nokk")))
        | (fault.is_in(["nik_spasi", "nokk_spasi"]) & in_xls & value.str.starts_with("\ufeff"))
        | ((fault == "tanggal_tahun_jauh") & value.str.contains(LIVING))
        | ((fault == "tanggal_tukar") & pl.col("month_first"))
    )
    return ~hidden.fill_null(False)


def with_surroundings(truth: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return the faults with what `visible` looks at beside the cell: the row's `nokk`, and
    `month_first`, whether the sheet has a date that can be read so only."""
    odd = truth.filter(
        pl.col("column") == "tanggal_lahir", pl.col("value").str.contains(MONTH_FIRST)
    )
    sheets = odd.select("source_file", "sheet").unique().with_columns(month_first=pl.lit(True))
    own = records.select(*AT, "nokk")
    return truth.join(own, on=AT, how="left").join(sheets, on=["source_file", "sheet"], how="left")


def recall(truth: pl.DataFrame, odd: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return fault, cells, found, recall; cells with a second fault on them are left out,
    and what is only seen beside the NIK where the NIK itself is `odd`."""
    columns = truth.filter(pl.col("column").is_in(COMPARED))
    several = columns.group_by(AT).agg(
        pl.col("column").n_unique().alias("faulty"), pl.len().alias("faults")
    )
    alone = truth.filter(pl.len().over(*AT, "column") == 1).join(several, on=AT, how="left")
    swapped = pl.when(pl.col("fault") == "kolom_tertukar").then(2).otherwise(1)
    whole = (pl.col("faulty") <= swapped) & (pl.col("faults") <= swapped)
    whole &= ~pl.struct(AT).is_in(odd.to_struct().implode())
    seen = alone.filter(~pl.col("fault").is_in(list(BESIDE_THE_NIK)) | whole, visible())
    rows = []
    for fault, codes in CODES.items():
        cells = seen.filter(pl.col("fault") == fault)
        hit = cells.join(found.filter(pl.col("code").is_in(codes)), on=AT, how="semi").height
        if cells.height:
            rows.append((fault, cells.height, hit, hit / cells.height))
    return pl.DataFrame(rows, schema=["fault", "cells", "found", "recall"], orient="row")


def precision(truth: pl.DataFrame, odd: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return code, said, right, precision of the codes in `JUSTIFIED`; `odd` is always right."""
    rows = []
    for (code,), said in found.group_by("code", maintain_order=True):
        family = str(code).rstrip("0123456789")
        columns = JUSTIFIED.get(str(code), JUSTIFIED.get(family, ()))
        if columns and code not in NO_FAULT:
            wrong = truth.filter(pl.col("column").is_in(columns)).select(AT)
            right = said.join(pl.concat([wrong, odd]), on=AT, how="semi").height
            rows.append((str(code), said.height, right, right / said.height))
    schema = ["code", "said", "right", "precision"]
    return pl.DataFrame(rows, schema=schema, orient="row").sort("code")


def oddities(records: pl.DataFrame) -> pl.DataFrame:
    """Return rows that are odd by right: the true NIK carries another date, the name a title."""
    digits = pl.col("nik").str.slice(6, 6)
    day = pl.col("tanggal_lahir").dt.day() + pl.when(pl.col("jenis_kelamin") == "P").then(
        40
    ).otherwise(0)
    born = day.cast(pl.String).str.zfill(2) + pl.col("tanggal_lahir").dt.strftime("%m%y")
    title = pl.col("nama").str.contains(r"^(R|RD|H|HJ|RADEN|NYAI) ")
    return records.filter((digits != born) | title).select(AT)


def judge(world: Path) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return recall by fault, precision by code, and the findings, of a world's register."""
    checked = checking.validate(
        [str(world / "dtks")], today=Settings().today, column_map=None, lang="id"
    )
    found = placed(all_of(checked.outcome.findings).filter(pl.col("row").is_not_null()))
    truth = pl.read_parquet(world / "truth" / "faults.parquet")
    records = pl.read_parquet(world / "truth" / "records.parquet")
    odd = oddities(records)
    around = with_surroundings(truth, records)
    return recall(around, odd, found), precision(truth, odd, found), found


def main() -> int:
    """Print the tables; return 1 if something is below `--demand`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--demand", type=float, default=0.0)
    asked = parser.parse_args()
    recalls, precisions, _ = judge(asked.world)
    if asked.json:
        tables = {"recall": recalls.to_dicts(), "precision": precisions.to_dicts()}
        print(json.dumps(tables, indent=1))
    else:
        with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
            print(recalls, precisions, sep="\n")
    low = recalls.filter(pl.col("recall") < asked.demand).height
    return int(low + precisions.filter(pl.col("precision") < asked.demand).height > 0)


if __name__ == "__main__":
    sys.exit(main())
