"""Places that only the titles name: `KECAMATAN CIBINONG`, `DESA : SUKAMAJU` above or between."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath

import polars as pl

from dtkstool.read.grid import Grid
from dtkstool.wilayah.table import level_table

_LABELS = {
    "desa": r"desa\s*/\s*kel(?:urahan)?|desa|kelurahan|kel\.",
    "kecamatan": r"kecamatan|kec\.|kec\b",
    "kabupaten": r"kabupaten\s*/\s*kota|kabupaten|kab\.|kab\b|kota",
    "provinsi": r"provinsi|propinsi|prov\.",
}
_ALL = "|".join(_LABELS.values())
_END = (
    rf"\s*(?:[|,;:()]|$|\d|-\s|\b(?:{_ALL}|tahun|bulan|periode|tahap|semester|kode|rt|rw|dusun)\b)"
)
_NAME = r"[^\W\d_](?:[^\W\d_]|[ '.-])*?"
_NO_PLACE = re.compile(
    r"(?i)^(?:semua|seluruh|se|yang|dan|di|ini|tersebut|penerima|data|dinas|sosial|kami|bersangkutan"
    r"|masing|per|total|jumlah|tahun|bulan|periode|tahap|semester)\b"
)
_OF_CODES = {
    "desa": ("kode_desa", "kode_wilayah"),
    "kecamatan": ("kode_kecamatan", "kode_wilayah"),
    "kabupaten": ("kode_kabupaten", "kode_wilayah"),
    "provinsi": ("kode_provinsi", "kode_wilayah"),
}


def places_in(text: str) -> dict[str, str]:
    """Return the places that a title names, by field; `kabupaten` keeps its KABUPATEN or KOTA."""
    found = {}
    for field, labels in _LABELS.items():
        rule = rf"(?i)(?:^|[^\w.])({labels})[\s:.|]*({_NAME}){_END}"
        for label, name in re.findall(rule, text):
            plain = name.strip(" .-'")
            if (
                len(plain) > 2
                and not _NO_PLACE.match(plain)
                and not re.fullmatch(_ALL, plain, re.I)
                and (label.lower() != "kota" or plain.casefold() in _cities())
            ):
                is_city = field == "kabupaten" and label.lower() in ("kabupaten", "kota")
                found[field] = f"{label} {plain}" if is_city else plain
                break
    return found


@cache
def _cities() -> frozenset[str]:
    """Return the names after `Kota` of all cities: Kota Baru is none, but a kecamatan somewhere."""
    names = level_table("kabupaten")["name"].str.to_lowercase()
    return frozenset(names.str.extract("^kota (?:administrasi )?(.*)$").drop_nulls())


def title_places(
    grid: Grid, skipped: pl.DataFrame, columns: Mapping[str, str], first: int
) -> dict[str, pl.DataFrame]:
    """Return field → (`row`, value): the place that holds from that row on.

    Only for fields without a column, of names or codes. Titles above row `first` hold for the whole
    sheet unless they name two places; one between the people holds for those below it. Where no
    title names a place, the names of the sheet and file may (`Kec. Cibinong.xlsx`).
    """
    wanted = [f for f in _LABELS if not {f, *_OF_CODES[f]} & columns.keys()]
    if not wanted:
        return {}
    titles = skipped.filter(pl.col("reason") == "judul").select("row", "text").rows()
    named = [(row, places_in(text)) for row, text in titles]
    stem = re.sub(r"[_+]+", " ", PurePosixPath(grid.file).stem)
    outside = places_in(stem) | places_in(grid.sheet)
    result = {}
    for field in wanted:
        above = {places[field].upper() for row, places in named if row < first and field in places}
        events = [
            (row, places[field])
            for row, places in named
            if field in places and (row >= first or len(above) == 1)
        ]
        if not events and not above and field in outside:
            events = [(0, outside[field])]
        if events:
            schema = {"row": pl.UInt32, f"{field}_title": pl.String}
            result[field] = pl.DataFrame(events, schema=schema, orient="row").sort("row")
    return result
