"""Literal frames for the workbook tests, and what comes back when a workbook is read."""

import openpyxl
import polars as pl

from dtkstool import frames
from dtkstool.write.workbook import write_workbooks

CANDIDATES = {
    "record_id": pl.String(),
    "nik": pl.String(),
    "nama": pl.String(),
    "tanggal_lahir": pl.Date(),
    "nokk": pl.String(),
    "nama_ibu": pl.String(),
    "alamat": pl.String(),
    "rank": pl.UInt32(),
}
CIBINONG, GUNUNG_PUTRI = "320101", "320102"
BOGOR = "koreksi/3201_kabupaten-bogor"


def frame(rows, schema):
    return pl.DataFrame(rows, schema=schema, orient="row")


def record(record_id, nama="SITI AMINAH", nik="3201014107900001", **more):
    return {
        "record_id": record_id,
        "nama_asal": nama,
        "nik_asal": nik,
        "source_file": "desa.xlsx",
        "sheet": "Sheet1",
        "row": 7,
    } | more


def decision(record_id, action="verifikasi", status="tinjau", kecamatan=CIBINONG, **more):
    return {
        "record_id": record_id,
        "action": action,
        "status": status,
        "flags": [status],
        "codes": [],
        "kecamatan": kecamatan,
    } | more


def change(record_id, column, old, new, source="dukcapil", probability=0.99999):
    return {
        "record_id": record_id,
        "column": column,
        "old": old,
        "new": new,
        "source": source,
        "probability": probability,
    }


def member(group_id, record_id, keep, reason="orang_sama", probability=0.995):
    return {
        "group_id": group_id,
        "record_id": record_id,
        "keep": keep,
        "reason": reason,
        "probability": probability,
    }


def write(folder, records, decisions, changes=(), duplicates=(), candidates=(), **options):
    return write_workbooks(
        folder,
        records=frame(list(records), frames.CLEANED),
        decisions=frame(list(decisions), frames.DECISIONS),
        changes=frame(list(changes), frames.CHANGES),
        duplicates=frame(list(duplicates), frames.DUPLICATES),
        candidates=frame(list(candidates), CANDIDATES),
        **{"period": "2026-11", "lang": "id", "processes": 1} | options,
    )


def only(folder):
    """Return the one workbook there is, opened."""
    (path,) = folder.rglob("*.xlsx")
    return openpyxl.load_workbook(path)


def rows(worksheet):
    """Return the data rows as dictionaries by column key; empty cells left out."""
    keys, *lines = worksheet.iter_rows(values_only=True)
    return [
        {key: value for key, value in zip(keys, line, strict=True) if value is not None}
        for line in lines[4:]
    ]


def ids(book, sheet):
    return [row["record_id"] for row in rows(book[sheet])]
