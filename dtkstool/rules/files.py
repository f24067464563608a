"""FIL: what is wrong with a file or a whole column of it."""

import polars as pl

from dtkstool.rules.rule import Rule

MEASURED = "OpenSID#10324; domain measurements of NIK columns saved by spreadsheets"
SCIENTIFIC = 0.5
LAST_ZERO = 30
LAST_ZERO_EXPECTED = 10
"""Per cent, see `damage`."""
SIGMA = 5
"""A share counts only when chance explains it at less than one in a million columns: a list of
three people, one with a NIK ending in 0, is not a damaged column."""


def far_above(hits: pl.Expr, count: pl.Expr, expected: float) -> pl.Expr:
    """Return whether `hits` of `count` are more than chance gives at the expected share."""
    spread = (count * expected * (1 - expected)).sqrt()
    return hits > count * expected + SIGMA * spread


def percent(share: pl.Expr) -> pl.Expr:
    """Return a share (0–1) in per cent with two decimals; 0 where there is nothing to share."""
    # Not fill_nan: it writes its input out three times, and each would be counted anew.
    return pl.max_horizontal(share * 100, 0.0).round(2)


def damage(field: str) -> dict[str, pl.Expr]:
    """Return what shows that a column of numbers went through a spreadsheet as numbers.

    `rusak`: cells in scientific notation or read as a float, `ilmiah`: their share of the filled
    cells in per cent; `nol`: per cent of the distinct 16-digit numbers that end in 0; `angka`: how
    many of those there are.
    """
    kelas, digits = pl.col(f"{field}_kelas"), pl.col(f"{field}_digits")
    number = pl.when(digits.str.len_bytes() == 16).then(digits).cast(pl.Int64)
    count, at_zero = distinct(number), distinct(number.filter(number % 10 == 0))
    rusak = kelas.is_in(["rusak_ilmiah", "rusak_float"]).sum()
    return {
        "rusak": rusak,
        "ilmiah": percent(rusak / (kelas != "kosong").sum()),
        "nol": percent(at_zero / count),
        "angka": count,
    }


def distinct(number: pl.Expr) -> pl.Expr:
    """Return how many different numbers there are; null is none."""
    return number.n_unique() - number.has_nulls().cast(pl.UInt32)


MOSTLY = 0.5
exchanged = {
    "tertukar": pl.col("tertukar").sum(),
    "lengkap": (pl.col("nik") != pl.col("nokk")).sum(),
    "share": percent(pl.col("tertukar").sum() / (pl.col("nik") != pl.col("nokk")).sum()),
}
zeros = pl.col("nol") / 100 * pl.col("angka")
scientific = (pl.col("ilmiah") > SCIENTIFIC) & (pl.col("rusak") > 1)
"""One cell is a cell, not a column, however short the list."""
damaged = scientific | (
    (pl.col("nol") > LAST_ZERO) & far_above(zeros, pl.col("angka"), LAST_ZERO_EXPECTED / 100)
)

FIL: tuple[Rule, ...] = (
    Rule(
        code="FIL01", name="no-nik-or-name-column", column="nik", severity="fatal",
        action="tetap", scope="file", source="OpenSID#3332, #8714",
        raised_by=("no_person_columns", "no_nik_column"),
    ),
    Rule(
        code="FIL02", name="field-claimed-twice", column="nik", severity="fatal",
        action="tetap", scope="file", source="OpenSID#122",
        raised_by=("two_nik_columns",),
    ),
    Rule(
        code="FIL03", name="nik-column-damaged-by-spreadsheet", column="nik", severity="fatal",
        action="tetap", scope="column", source=MEASURED,
        violated=damaged, values=damage("nik"),
    ),
    Rule(
        code="FIL04", name="rows-out-of-order", column="nik", severity="peringatan",
        action="tetap", scope="file", source="DTSEN v3 2026: pipe CSV with unterminated quotes",
        raised_by=("loose_quotes", "ragged_long", "encodings_mixed"),
    ),
    Rule(
        code="FIL05", name="no-data-rows", column="nik", severity="fatal",
        action="tetap", scope="file", source="OpenSID#8714, OpenDK#123",
        raised_by=("no_rows",),
    ),
    Rule(
        code="FIL07", name="file-unreadable", column="nik", severity="fatal",
        action="tetap", scope="file", source="OpenSID#3529",
    ),
    Rule(
        code="FIL08", name="nokk-column-damaged-by-spreadsheet", column="nokk", severity="galat",
        action="tetap", scope="column", source=MEASURED,
        violated=damaged, values=damage("nokk"),
    ),
    Rule(
        code="FIL09", name="nik-and-nokk-columns-swapped", column="nokk", severity="galat",
        action="tetap", scope="column", source="OpenSID#122",
        violated=(pl.col("tertukar") > pl.col("lengkap") * MOSTLY) & (pl.col("tertukar") > 2),
        values=exchanged,
    ),
    Rule(
        code="FIL10", name="required-column-missing", column="nik", severity="galat",
        action="tetap", scope="file", source="SIKS-NG and DTSEN templates",
        raised_by=("profile_columns",),
    ),
    Rule(
        code="FIL11", name="nokk-on-the-heads-row-only", column="nokk", severity="info",
        action="tetap", scope="file", source="lists of desa as received; OpenSID BIP layouts",
        raised_by=("kk_heads",),
    ),
    Rule(
        code="FIL12", name="columns-in-doubt", column="nik", severity="peringatan",
        action="tetap", scope="file", source="OpenSID#122",
        raised_by=("second_differs", "swapped"),
    ),
)  # fmt: skip
