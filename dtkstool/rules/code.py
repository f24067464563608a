"""JK, SHD, KWN: coded cells, and codes that contradict each other in one row."""

from functools import cache

import polars as pl

from dtkstool.rules.date import age, sure_age
from dtkstool.rules.faults import BLANK
from dtkstool.rules.repeated import any_where
from dtkstool.rules.rule import Rule

OPENSID = "OpenSID and SIAK code lists"
MARRIAGE_AGE = 16
"""The youngest age the law ever allowed, with leave, before UU 16/2019."""


@cache
def said(field: str) -> pl.Expr:
    """Return whether a cell says anything; one expression, so that several rules judge it once."""
    return any_where(f"{field}_asal", lambda cell: ~cell.str.contains(BLANK))


def unlisted(field: str) -> pl.Expr:
    """Return whether a cell says something that `clean` could not place in the field's list."""
    return pl.col(field).is_null() & said(field)


def unsaid(field: str) -> pl.Expr:
    """Return whether a cell says nothing, and nothing else in its row said it for `clean`."""
    return pl.col(field).is_null() & ~said(field)


sex = pl.col("jenis_kelamin")
relation = pl.col("hubungan")
BARE_NUMBER = r"^\s*0?([1-9]|1[01])(\.0)?\s*$"
bare_number = any_where("hubungan_asal", lambda cell: cell.str.contains(BARE_NUMBER))
nik_sex = pl.when(~pl.col("salah_kolom")).then(pl.col("nik_sex"))
unplaced = (unlisted("hubungan") & bare_number).sum()

JK: tuple[Rule, ...] = (
    Rule(
        code="JK01", name="sex-outside-list", column="jenis_kelamin", severity="peringatan",
        action="ubah", source=OPENSID, violated=unlisted("jenis_kelamin"), suggestion=nik_sex,
    ),
    Rule(
        code="JK02", name="sex-missing", column="jenis_kelamin", severity="peringatan",
        action="ubah", source=OPENSID, suggestion=nik_sex,
        violated=unsaid("jenis_kelamin"),
    ),
)  # fmt: skip
SHD: tuple[Rule, ...] = (
    Rule(
        code="SHD01", name="relation-outside-list", column="hubungan", severity="peringatan",
        action="ubah", source=OPENSID, violated=unlisted("hubungan") & ~bare_number,
    ),
    Rule(
        code="SHD02", name="relation-contradicts-sex", column="hubungan", severity="peringatan",
        action="verifikasi", source=OPENSID, variant=relation.cast(pl.String),
        violated=((relation == "istri") & (sex == "L"))
        | ((relation == "suami") & (sex == "P")),
    ),
    Rule(
        code="SHD03", name="relation-list-ambiguous", column="hubungan", severity="peringatan",
        action="tetap", scope="column", source="SIAK and MK-DTKS lists number relations apart",
        violated=pl.col("count") > 0, values={"count": unplaced},
    ),
    Rule(
        code="SHD06", name="relation-missing", column="hubungan", severity="peringatan",
        action="ubah", source=OPENSID, violated=unsaid("hubungan"),
    ),
)  # fmt: skip
KWN: tuple[Rule, ...] = (
    Rule(
        code="KWN01", name="marital-status-outside-list", column="status_kawin",
        severity="peringatan", action="ubah", source=OPENSID, violated=unlisted("status_kawin"),
    ),
    Rule(
        code="KWN02", name="married-under-16", column="status_kawin", severity="peringatan",
        action="verifikasi", source="UU 1/1974, UU 16/2019",
        violated=(pl.col("status_kawin") != "belum_kawin") & sure_age.is_between(0, MARRIAGE_AGE),
    ),
    Rule(
        code="KWN03", name="spouse-said-unmarried", column="status_kawin", severity="peringatan",
        action="verifikasi", source=OPENSID,
        violated=relation.is_in(["suami", "istri", "pasangan"])
        & (pl.col("status_kawin") == "belum_kawin"),
    ),
    Rule(
        code="KWN04", name="marital-status-missing", column="status_kawin", severity="peringatan",
        action="ubah", source=OPENSID,
        violated=unsaid("status_kawin") & (age >= MARRIAGE_AGE).fill_null(True),
    ),
)  # fmt: skip
