"""Whether extracts can be the registers they are given as.

A list of living people given as register of deaths would take aid from every one of them; so would
arrivals given as departures. What a register's columns and its share of the population show is
held against that before anybody counts as gone.
"""

import re
from collections.abc import Mapping

import polars as pl

from dtkstool.errors import UnusableInput, Where
from dtkstool.read import ReadResult
from dtkstool.rules.faults import letters

WORDS = {
    "kematian": r"mati|meninggal|wafat|jnsah|jenazah|almarhum",
    "pindah": r"pindah|tujuan|skpwni",
    "datang": r"datang",
}
"""What the headers of each register speak of."""
EVENT = (
    "tanggal_peristiwa", "tanggal_lapor", "no_peristiwa", "jenis_peristiwa", "alamat_tujuan",
    "provinsi_tujuan", "kabupaten_tujuan", "kecamatan_tujuan", "desa_tujuan", "nokk_tujuan",
    "kode_wilayah_tujuan", "nik", "nama", "alasan",
)  # fmt: skip
OTHER_EVENT = {
    "kematian": r"^(SUDAH |TELAH )?(PINDAH|DATANG|LAHIR|KELAHIRAN|KEDATANGAN|KEPINDAHAN)\b",
    "pindah": r"^(SUDAH |TELAH )?(MENINGGAL|MATI|KEMATIAN|WAFAT|DATANG|KEDATANGAN|LAHIR|KELAHIRAN)"
    r"\b",
    "datang": r"^(SUDAH |TELAH )?(MENINGGAL|MATI|KEMATIAN|WAFAT|PINDAH KELUAR|KEPINDAHAN)\b",
}
"""What an entry's kind of event says when it belongs to another register."""
LIVING = r"^(MASIH )?HIDUP\b"
MOST = {"kematian": 0.25, "pindah": 0.5}
"""Share of all persons that a register may take away. Some 0.7 % die and 2 % leave in a year: a
registry that has kept its dead for twenty years is half way there."""
FEWEST = 100
"""Persons from which a share says something."""


def demand_kind(read: ReadResult, kind: str) -> None:
    """Raise UnusableInput for a sheet whose columns speak of another kind of event only."""
    for layout in read.layouts:
        said = " | ".join(layout.columns[name][1] for name in EVENT if name in layout.columns)
        spoken = {of for of, words in WORDS.items() if re.search(words, said, re.IGNORECASE)}
        if spoken and kind not in spoken:
            where = Where(layout.source_file, layout.sheet)
            other = min(spoken)
            raise UnusableInput("extract_other_kind", where=where, kind=kind, other=other)


def of_kind(records: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return the entries that do not say themselves that they are something else.

    One that says of another event, or in a register of deaths that the person is alive, is none.
    """
    other = letters(pl.col("jenis_peristiwa_asal")).str.contains(OTHER_EVENT[kind])
    alive = pl.lit(kind == "kematian") & letters(pl.col("status_hidup_asal")).str.contains(LIVING)
    return records.filter(~(other | alive).fill_null(False))


def demand_few(counts: Mapping[str, tuple[int, int]], persons: int) -> None:
    """Raise UnusableInput if a register takes away more of the population than can be.

    `counts` has per kind the entries and how many found their person.
    """
    for kind, most in MOST.items():
        _, linked = counts.get(kind, (0, 0))
        if persons >= FEWEST and linked > most * persons:
            raise UnusableInput(
                "extract_too_many", kind=kind, count=linked, persons=persons, most=f"{most:.0%}"
            )
