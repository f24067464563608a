"""Cells that hold several fields: RT/RW, place and date of birth, addresses.

All parts are given as typed; null where a part is not there.
"""

import polars as pl

from dtkstool.read.content import DATE

_NUMBER = r"(\d{1,3}|-)"
_BOTH = rf"(?i)^\W*(?:r\.?t)?[\s.:]*{_NUMBER}\s*(?:[/\\|,;.-]|\s)\s*(?:r\.?w)?[\s.:]*{_NUMBER}\W*$"
_ONE = r"(?i)^\W*(?:r\.?t)?[\s.:]*(\d{1,3})\W*$"
_NAMED_RT = r"(?i)\br\.?t\b[\s.:]*(\d{1,3})"
_NAMED_RW = r"(?i)\br\.?w\b[\s.:]*(\d{1,3})"
_MONTHS = ("jan", "feb", "mar", "apr", "mei|may", "jun", "jul", "agu|ags|agt|aug", "sep",
           "okt|oct", "nov|nop", "des|dec")  # fmt: skip
_DAMAGED = r"(?i)^(\d{1,2})[- ]([a-z]{3})[a-z]*(?:[- ](\d{2,4}))?$"
_DAMAGED_DATE = r"^\d{4}-(\d{2})-(\d{2})(?: 00:00:00)?$"


def rt_of(cell: pl.Expr) -> pl.Expr:
    """Return the RT of an RT/RW cell as typed: `002/003`, `RT 1 RW 2`, `01-Feb` from Excel."""
    return _clean(
        pl.coalesce(
            cell.str.extract(_NAMED_RT),
            cell.str.extract(_BOTH, 1),
            cell.str.extract(_DAMAGED_DATE, 2).str.strip_chars_start("0"),
            cell.str.extract(_DAMAGED, 1),
            cell.str.extract(_ONE),
        )
    )


def rw_of(cell: pl.Expr) -> pl.Expr:
    """Return the RW of an RT/RW cell as typed; the month of an Excel date damage as a number."""
    month = cell.str.extract(_DAMAGED, 2)
    named = pl.coalesce(
        pl.when(month.str.contains(f"(?i)^(?:{names})")).then(pl.lit(str(number)))
        for number, names in enumerate(_MONTHS, 1)
    )
    return _clean(
        pl.coalesce(
            cell.str.extract(_NAMED_RW),
            cell.str.extract(_BOTH, 2),
            cell.str.extract(_DAMAGED_DATE, 1).str.strip_chars_start("0"),
            named,
        )
    )


def birth_place_of(cell: pl.Expr) -> pl.Expr:
    """Return the place of a `BANYUMAS, 12-05-1980` cell; the whole cell where it has no date."""
    place = cell.str.extract(rf"(?i)^(.*?)[\s,/;:-]*{DATE}").str.strip_chars(" ,/;:-")
    digits = cell.str.contains(r"\d")
    return _clean(pl.when(digits).then(place).otherwise(cell.str.strip_chars(" ,/;:-")))


def birth_date_of(cell: pl.Expr) -> pl.Expr:
    """Return the date of a place-and-date cell: from its first digit on."""
    return _clean(cell.str.extract(r"(\d.*)$"))


_STOP = (
    r"\s*(?:,|;|\||$|(?:\b(?:rt|rw|dusun|dsn|desa|kel(?:urahan)?|kec(?:amatan)?|kab(?:upaten)?"
    r"|kota|prov(?:insi)?|kode ?pos|telp)\b))"
)
_WITHOUT_STREETS = pl.col("alamat_asal").str.replace_all(
    r"(?i)\b(?:jl|jln|jalan|gg|gang)\b\.?\s+(?:desa|dusun|kelurahan|kecamatan|kampung)\b", "JL"
)
"""`JL. DESA NO 3` is a street, not a desa."""


def _labelled(labels: str) -> pl.Expr:
    name = r"([\pL0-9][\pL0-9 .'()-]*?)"
    return _clean(
        _WITHOUT_STREETS.str.extract(
            rf"(?i)(?:^|[\s,;:(])(?:nama )?(?:{labels})\b\.?\s*:?\s*{name}{_STOP}"
        )
    )


def _clean(part: pl.Expr) -> pl.Expr:
    text = part.str.strip_chars(" .,-/")
    return pl.when(text != "").then(text)


ADDRESS: dict[str, pl.Expr] = {
    "rt": _clean(
        pl.coalesce(
            pl.col("alamat_asal").str.extract(_NAMED_RT),
            pl.col("alamat_asal").str.extract(r"(?i)\brt\s*/\s*rw\b[\s.:]*(\d{1,3})\s*[/-]"),
            pl.col("alamat_asal").str.extract(r"(?:^|\s)(\d{3})/\d{3}(?:\s|,|$)"),
        )
    ),
    "rw": _clean(
        pl.coalesce(
            pl.col("alamat_asal").str.extract(
                r"(?i)\brt\s*/\s*rw\b[\s.:]*(?:\d{1,3}|-)\s*[/-]\s*(\d{1,3})"
            ),
            pl.col("alamat_asal").str.extract(r"(?i)\brt[\s.:]*\d{1,3}\s*/\s*(\d{1,3})"),
            pl.col("alamat_asal").str.extract(_NAMED_RW),
            pl.col("alamat_asal").str.extract(r"(?:^|\s)\d{3}/(\d{3})(?:\s|,|$)"),
        )
    ),
    "dusun": _labelled("dusun|dsn|dukuh|dk|lingkungan|lingk"),
    "desa": _labelled("desa|ds|kelurahan|kel"),
    "kecamatan": _labelled("kecamatan|kec"),
}
"""Field → where it stands in an address, as an expression on `alamat_asal`."""
