"""Regions named inside an address: `JL MELATI 3 DESA PABUARAN KEC. CIBINONG KAB. BOGOR`."""

from typing import Literal

import polars as pl

AddressPart = Literal["provinsi", "kabupaten", "kecamatan", "desa"]
_MARK: dict[AddressPart, str] = {
    "provinsi": "PROV|PROVINSI|PROPINSI",
    "kabupaten": "KAB|KABUPATEN|KOTA|KODYA|KOTAMADYA",
    "kecamatan": "KEC|KECAMATAN|DISTRIK|KAPANEWON|KEMANTREN",
    "desa": "DESA|DS|KEL|KELURAHAN|NAGARI|GAMPONG|PEKON|KALURAHAN",
}


def _pattern(part: AddressPart) -> str:
    ends = "|".join(mark for kind, mark in _MARK.items() if kind != part)
    return (
        rf"\b((?:{_MARK[part]})\b[\s.:]*[\p{{L}}'][\p{{L}}' ]*?)"
        rf"\s*($|[,;/()\d\-.]|\b(?:{ends}|RT|RW|DUSUN|DSN|JL)\b)"
    )


def in_address(address: pl.Expr, part: AddressPart) -> pl.Expr:
    """Return the region of that kind that an address names, its type word before it; else null.

    A name ends where the next kind begins, at a comma or a number.
    """
    text = address.str.to_uppercase()
    if part == "kabupaten":  # there are kecamatan and desa that begin with KOTA
        text = text.str.replace(_pattern("kecamatan"), "$2").str.replace(_pattern("desa"), "$2")
    return text.str.extract(_pattern(part))
