"""What the cells of a column look like, whatever its header says."""

from dataclasses import dataclass

import polars as pl

from dtkstool.read.grid import BLANK

_MONTHS = "jan|feb|peb|mar|apr|mei|may|jun|jul|agu|ags|agt|aug|sep|okt|oct|nov|nop|des|dec"
DATE = (
    rf"(?:\d{{1,2}}[-/. ]+(?:\d{{1,2}}|(?:{_MONTHS})[a-z]*)[-/. ]+\d{{2,4}}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2})"
)
"""A calendar date in any of the spellings people use, months in lower case."""
SEX = ("L", "P", "LK", "PR", "LAKI-LAKI", "LAKI LAKI", "LAKI", "PEREMPUAN", "W", "PRIA", "WANITA")
_SETS = {
    "status_hidup": r"^(?:HIDUP|MATI|MENINGGAL(?: DUNIA)?|WAFAT|PINDAH|HILANG|PERGI|TIDAK VALID)$",
    "status_kawin": (
        r"^(?:(?:BELUM )?KAWIN(?: (?:BELUM )?TERCATAT)?|CERAI.*|BK|K|CH|CM|(?:BELUM )?MENIKAH"
        r"|JANDA|DUDA)$"
    ),
    "hubungan": (
        r"^(?:KEPALA KELUARGA|SUAMI|IST[RE]R?I|ANAK.*|MENANTU|CUCU|ORANG ?TUA|MERTUA|FAMILI.*"
        r"|PEMBANTU)$"
    ),
    "padan": r"^(?:TIDAK |BELUM )?PADAN\b.*$",
}


SAMPLE = 600
"""Rows, spread over the head of the sheet, that contents are judged by."""


@dataclass(frozen=True)
class Profile:
    """Shares (0–1) of the filled cells of a column that look like something."""

    filled: int
    fill: float
    """Filled cells per row."""
    unique: float
    number: float
    """Eight digits or more and hardly anything else."""
    sixteen: float
    """Exactly sixteen digits."""
    women: float
    """Of the sixteen-digit ones: digits 7–8 run 41–71, as in a woman's NIK and in no No KK."""
    dated: float
    """Of the sixteen-digit ones: digits 7–10 are a day and month, 40 added or not."""
    date: float
    sex: float
    words: float
    """Three letters or more and no digit."""
    short: float
    """At most three digits, as in RT and RW."""
    rt_rw: float
    ttl: float
    sets: dict[str, float]
    """Per field: cells that are among its values."""

    @property
    def is_nik(self) -> bool:
        """Whether these can only be NIKs: women's birth days are among them."""
        sixteens = self.filled * self.sixteen
        return sixteens >= 5 and self.sixteen >= 0.5 and self.women >= 0.15 and self.dated >= 0.6

    @property
    def is_nokk(self) -> bool:
        """Whether these look like No KK: dated throughout, no woman's birth day."""
        sixteens = self.filled * self.sixteen
        return sixteens >= 8 and self.sixteen >= 0.6 and self.women <= 0.05 and self.dated >= 0.8


def profiles(body: pl.DataFrame, columns: list[str]) -> list[Profile]:
    """Return the profile of each of `columns` over the rows of `body`."""
    if not columns:
        return []
    if body.height > SAMPLE:
        body = body.gather_every(body.height // SAMPLE).head(SAMPLE)
    long = body.select(pl.col(columns).str.strip_chars(BLANK)).unpivot(
        variable_name="column", value_name="cell"
    )
    different = long.lazy().group_by("column", "cell").agg(times=pl.len())
    counted = (
        different.select("column", "times", **_looks(pl.col("cell")))
        .group_by("column")
        .agg(pl.col("filled").sum().alias("unique"), pl.exclude("times").dot("times"))
        .collect()
    )
    measured = {row["column"]: row for row in counted.to_dicts()}
    nothing = dict.fromkeys(counted.columns, 0)
    return [_profile(measured.get(column, nothing), body.height) for column in columns]


def _looks(cell: pl.Expr) -> dict[str, pl.Expr]:
    """Return what a cell looks like; it is asked once of each different cell of a column."""
    text = pl.when(cell != "").then(cell)
    upper = text.str.to_uppercase()
    digits = text.str.replace_all(r"\D", "")
    sixteen = digits.str.len_chars() == 16
    day = digits.str.slice(6, 2).cast(pl.Int16, strict=False)
    month = digits.str.slice(8, 2).cast(pl.Int16, strict=False)
    woman = day.is_between(41, 71)
    dated = (woman | day.is_between(1, 31)) & month.is_between(1, 12)
    return {
        "filled": text.is_not_null(),
        "number": (digits.str.len_chars() >= 8) & ~text.str.contains(r"(?i)[a-df-z]{2}"),
        "sixteen": sixteen,
        "women": sixteen & woman,
        "dated": sixteen & dated,
        "date": text.str.contains(rf"(?i)^\W*{DATE}"),
        "sex": upper.is_in(SEX),
        "words": text.str.contains(r"\pL{3}|\pL\pL") & ~text.str.contains(r"\d"),
        "short": text.str.contains(r"^\d{1,3}$"),
        "rt_rw": text.str.contains(
            r"(?i)^(?:rt)?[\s.:]*\d{1,3}\s*(?:[/\-|,]\s*(?:rw)?|\s*rw)[\s.:]*\d{1,3}$"
        ),
        "ttl": text.str.contains(rf"(?i)^\D{{3,}}[,/ ]\W*{DATE}"),
        **{f"set_{field}": upper.str.contains(rule) for field, rule in _SETS.items()},
    }


def _profile(counts: dict[str, int], height: int) -> Profile:
    filled = counts["filled"]

    def share(name: str, of: int = filled) -> float:
        return counts[name] / of if of else 0.0

    sixteens = counts["sixteen"]
    return Profile(
        filled=filled,
        fill=filled / height if height else 0.0,
        unique=share("unique"),
        number=share("number"),
        sixteen=share("sixteen"),
        women=share("women", sixteens),
        dated=share("dated", sixteens),
        date=share("date"),
        sex=share("sex"),
        words=share("words"),
        short=share("short"),
        rt_rw=share("rt_rw"),
        ttl=share("ttl"),
        sets={field: share(f"set_{field}") for field in _SETS},
    )
