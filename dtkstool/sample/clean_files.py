"""The register as tidy CSV: one file per kecamatan, or one in all."""

from pathlib import Path

import numpy as np
import polars as pl

from dtkstool.sample.register import FIELDS, Register
from dtkstool.sample.world import World

PLACES = {"record": pl.UInt32, "source_file": pl.String, "sheet": pl.String, "row": pl.UInt32}


def file_name(code: str, name: str) -> str:
    """Return the name of a kecamatan's file."""
    plain = "".join(sign if sign.isalnum() else "_" for sign in name)
    return f"DTKS_{code}_{plain}.csv"


def _lines(columns: pl.DataFrame) -> pl.Series:
    """Return the line each record starts on: line 2 first; line breaks in cells count."""
    breaks = columns.select(pl.sum_horizontal(pl.all().fill_null("").str.count_matches("\n")))
    taken = (breaks.to_series() + 1).to_numpy()
    return pl.Series(np.concatenate([[2], 2 + np.cumsum(taken)[:-1]]), dtype=pl.UInt32)


def write_clean(world: World, register: Register, to: Path) -> pl.DataFrame:
    """Write the register; return where each record stands."""
    code = register.clean["kode_kecamatan"]
    if world.settings.files == "satu":
        code = pl.Series(["semua"] * len(code))
    names = dict(world.places.desa.select("kode_kecamatan", "kecamatan").iter_rows())
    places = []
    for key in code.unique().sort().to_list():
        rows = register.written.filter(code == key)
        name = "DTKS.csv" if key == "semua" else file_name(key, names[key])
        columns = rows.select(*FIELDS)
        columns.rename({field: field.upper() for field in FIELDS}).write_csv(to / name)
        places.append(rows.select("record", source_file=pl.lit(name), sheet=pl.lit(""),
                                  row=_lines(columns)))  # fmt: skip
    return pl.concat(places).cast(PLACES)  # type: ignore[arg-type]
