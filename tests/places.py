"""Rows of places as typed, and what cleaning makes of them."""

import polars as pl

from dtkstool.clean.places import with_places

CODES = ["kode_provinsi", "kode_kabupaten", "kode_kecamatan", "kode_desa"]
KELAS = ["kabupaten_kelas", "kecamatan_kelas", "desa_kelas"]


def typed(*columns, rows, layout=None):
    """Rows as typed; the columns without their `_asal`."""
    frame = pl.DataFrame(
        rows, schema={f"{column}_asal": pl.String for column in columns}, orient="row"
    )
    layouts = pl.Series("layout", layout or [0] * len(rows), dtype=pl.UInt16)
    return frame.with_columns(layouts)


def resolved(frame, *columns):
    return frame.lazy().pipe(with_places).select(columns).collect().rows()


BOGOR = [("Cibinong", "Pabuaran"), ("Gunungputri", "Wanaherang"), ("Ciawi", "Banjarwangi")]


def alone(*columns, rows):
    """Rows that do not know each other, each a layout of its own."""
    return typed(*columns, rows=rows, layout=list(range(len(rows))))
