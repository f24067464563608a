"""Rows as typed → findings, for tests of rules and formats."""

from datetime import date
from functools import cache

import polars as pl

from dtkstool.clean import clean
from dtkstool.columns import FIELDS
from dtkstool.frames import RECORDS
from dtkstool.rules.check import LETTERS, check

TODAY = date(2026, 11, 1)
SOUND = {
    "nik": "3201015107700001",
    "nokk": "3201010904120003",
    "nama": "SITI AMINAH",
    "tanggal_lahir": "11-07-1970",
    "jenis_kelamin": "P",
    "hubungan": "KEPALA KELUARGA",
    "status_kawin": "KAWIN",
    "kabupaten": "KAB. BOGOR",
    "kecamatan": "CIBINONG",
    "desa": "PAKANSARI",
}
ORIGIN = {
    "source_file": "desa.xlsx",
    "sheet": "DTKS",
    "layout": 0,
    "nik_numeric": False,
    "nokk_numeric": False,
}


def records(rows):
    """Rows of fields as typed; "" is an empty cell. `layout` and `source_file` may be given."""
    origin = [
        {"record": i, "row": i + 2} | ORIGIN | {k: v for k, v in row.items() if k in ORIGIN}
        for i, row in enumerate(rows)
    ]
    typed = [{f"{k}_asal": v or None for k, v in row.items() if k not in ORIGIN} for row in rows]
    df = pl.DataFrame([a | b for a, b in zip(origin, typed, strict=True)], infer_schema_length=None)
    blank = {name: pl.lit(None) for name in RECORDS if name not in df.columns}
    return df.with_columns(**blank).select(
        pl.col(name).cast(dtype) for name, dtype in RECORDS.items()
    )


def letters(fields=FIELDS, layouts=(0,)):
    """Every field of every layout, in columns A, B, … AA."""
    rows = [
        (layout, field, column_letter(at)) for layout in layouts for at, field in enumerate(fields)
    ]
    return pl.DataFrame(rows, schema=LETTERS, orient="row")


def column_letter(at):
    return chr(65 + at) if at < 26 else column_letter(at // 26 - 1) + chr(65 + at % 26)


def cleaned(rows):
    return cleaned_once(tuple(tuple(row.items()) for row in rows))


@cache
def cleaned_once(rows):
    return clean(records([dict(row) for row in rows]).lazy(), today=TODAY).collect()


def judged(rows, lang="id", **options):
    """The findings on rows as typed, what is not given being sound."""
    df = cleaned([SOUND | row for row in rows])
    layouts = df["layout"].unique().to_list()
    return check(df, letters(layouts=layouts), today=TODAY, lang=lang, **options)
