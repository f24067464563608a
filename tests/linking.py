"""Literal people for the linkage tests: a person is written as the few facts that matter."""

from datetime import date

import polars as pl

from dtkstool.frames import HUBUNGAN, NIK_KELAS
from dtkstool.link.keys import dictionaries, encode

FIELDS = {
    "nik": pl.String,
    "nokk": pl.String,
    "nama": pl.String,
    "tanggal_lahir": pl.Date,
    "jenis_kelamin": pl.String,
    "nama_ibu": pl.String,
    "kode_desa": pl.String,
    "desa_asal": pl.String,
    "rt": pl.Int16,
    "rw": pl.Int16,
    "tempat_lahir": pl.String,
    "nama_alias": pl.String,
    "nik_digits": pl.String,
    "nik_kelas": NIK_KELAS,
    "tanggal_lahir_tukar": pl.Date,
    "hubungan": HUBUNGAN,
}


def people(*rows):
    """Return link-ready people from dicts; names stand for their own folk keys."""
    df = pl.DataFrame([{**dict.fromkeys(FIELDS), **row} for row in rows], schema=FIELDS)
    number = pl.int_range(pl.len(), dtype=pl.UInt32)
    return df.with_columns(
        pl.col("nik_digits").fill_null(pl.col("nik")),
        pl.col("nik_kelas").fill_null("nomor"),
        record=number,
        person=number,
        record_id=pl.format("r{}", number),
        id_dtks=pl.format("r{}", number),
        nama_folk="nama",
        nama_ibu_folk="nama_ibu",
        alias_folk="nama_alias",
        kode_kecamatan=pl.col("kode_desa").str.slice(0, 6),
        sk_pertama_asal=pl.lit(None, pl.String),
        **{f"{flag}_asal": pl.lit(None, pl.String) for flag in ("pkh", "bpnt", "bst", "pbi")},
    )


def registry(*rows, strangers=2000):
    """Return (people, keys, dictionaries) of a registry: `rows` first, then unlike strangers."""
    others = [
        {
            "nik": f"3204{i % 30 + 1:02}{i % 28 + 1:02}{i % 12 + 1:02}{i % 90 + 10:02}{i % 9999 + 1:04}",
            "nokk": f"3204{i // 4:012}",
            "nama": f"ORANG{i} LAIN{i % 700}",
            "tanggal_lahir": date(1940 + i % 70, i % 12 + 1, i % 28 + 1),
            "jenis_kelamin": "LP"[i % 2],
            "nama_ibu": f"IBU{i % 900}",
            "kode_desa": f"320401{2000 + i % 20}",
            "tempat_lahir": "BANDUNG",
        }
        for i in range(strangers)
    ]
    everyone = people(*rows, *others)
    words = dictionaries(everyone)
    return everyone, encode(everyone, words), words
