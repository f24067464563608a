"""WIL: places that the region table does not know, or knows under another code."""

import polars as pl

from dtkstool.rules.files import percent
from dtkstool.rules.rule import Rule

KEPMENDAGRI = "Kepmendagri 300.2.2-2430/2025"
BRIDGE = "199 of 514 kabupaten/kota have another BPS code than Kemendagri's"
JABAR = "Jabar alasanditolak: region not found, address incomplete"
LEVELS = ("kabupaten", "kecamatan", "desa")


def first_level(kelas: str) -> pl.Expr:
    """Return the highest level of `LEVELS` whose class is `kelas`, or null."""
    return pl.coalesce(
        pl.when(pl.col(f"{level}_kelas") == kelas).then(pl.lit(level)) for level in LEVELS
    )


def cells(level: pl.Expr) -> dict[str, pl.Expr]:
    """Return the cell each level stands in: its name, else its code, else the whole code."""
    name = {at: (level == at) & pl.col(f"{at}_asal").is_not_null() for at in LEVELS}
    code = {f"kode_{at}": (level == at) & pl.col(f"kode_{at}_asal").is_not_null() for at in LEVELS}
    return {**name, **code, "kode_wilayah": level.is_not_null()}


def typed_code() -> pl.Expr:
    """Return the lowest region code of a row as typed; null without one."""
    return pl.coalesce(
        "kode_wilayah_asal", *(f"kode_{level}_asal" for level in reversed(LEVELS))
    )  # fmt: skip


unknown, contradicts = first_level("tak_dikenal"), first_level("bertentangan")
address = pl.col("alamat_asal")
no_address = address.is_null() | (address.str.len_bytes() <= 1)
"""One sign is a dash or a dot."""
bps = pl.any_horizontal(pl.col(f"{level}_kelas") == "bps" for level in LEVELS)

WIL: tuple[Rule, ...] = (
    Rule(
        code="WIL01", name="region-unknown", column="kecamatan", severity="peringatan",
        action="ubah", source=KEPMENDAGRI, violated=unknown.is_not_null(),
        elsewhere=cells(unknown),
    ),
    Rule(
        code="WIL02", name="bps-codes-in-region-column", column="kode_wilayah",
        severity="peringatan", action="tetap", scope="column", source=BRIDGE,
        violated=pl.col("count") > 0, values={"share": percent(bps.mean()), "count": bps.sum()},
        elsewhere={
            f"kode_{level}": pl.col(f"kode_{level}_asal").count() > 0 for level in reversed(LEVELS)
        },
    ),
    Rule(
        code="WIL03", name="region-code-contradicts-name", column="kecamatan",
        severity="peringatan", action="ubah", source=KEPMENDAGRI,
        violated=contradicts.is_not_null(), elsewhere=cells(contradicts),
        values={"code": typed_code()},
    ),
    Rule(
        code="WIL04", name="address-missing", column="desa", severity="peringatan", action="ubah",
        source=JABAR, violated=(pl.col("desa_kelas") == "kosong") & no_address,
    ),
)  # fmt: skip
