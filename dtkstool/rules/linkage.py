"""CAP and STS: what a record turns out to be beside the civil registry.

`decide` gives these codes to a record by its link, so only `run` raises them; here stands what each
of them means. STS06 alone is in the register itself.
"""

import polars as pl

from dtkstool.rules.faults import letters
from dtkstool.rules.rule import Action, Rule, Severity

OFFICIAL = "MK-DTKS App.php: NIK found and name at least 60 % alike"
DRIFT = "Dukcapil: a No KK changes with every move, marriage and divorce"
DEATHS = "Kepmensos 73/HUK/2024; SIAK CATAT_MATI"
GONE = {
    "meninggal": r"^(SUDAH |TELAH )?(MENINGGAL( DUNIA)?|MATI|WAFAT|ALMARHUM|ALMARHUMAH|ALM)\b|"
    r"^M ?D$",
    "pindah": r"^(SUDAH |TELAH )?PINDAH\b",
}
"""How a register says so itself, in letters; numbers are another thing in every list."""
MOVES = "SIAK PINDAH_HEADER, DATANG_DETAIL"


def by_registry(
    code: str, name: str, column: str, severity: Severity, action: Action, source: str
) -> Rule:
    """Return a rule that needs the registry."""
    return Rule(
        code=code, name=name, column=column, severity=severity, action=action, source=source,
        scope="registry",
    )  # fmt: skip


def gone(field: str) -> pl.Expr:
    """Return which of `GONE` a cell says; null for neither and for null."""
    said = letters(pl.col(f"{field}_asal"))
    return pl.coalesce(
        pl.when(said.str.contains(pattern)).then(pl.lit(word)) for word, pattern in GONE.items()
    )


said_gone = pl.coalesce(gone("status_hidup"), gone("keterangan"))

CAP: tuple[Rule, ...] = (
    by_registry("CAP01", "nik-and-name-agree", "nik", "info", "tetap", OFFICIAL),
    by_registry("CAP02", "nik-found-name-differs", "nama", "peringatan", "ubah", OFFICIAL),
    by_registry("CAP03", "nik-belongs-to-another-person", "nik", "galat", "verifikasi", OFFICIAL),
    by_registry(
        "CAP04", "person-found-under-another-nik", "nik", "galat", "ubah",
        "Dukcapil: a missing or mistyped NIK is the main cause of no match",
    ),
    by_registry(
        "CAP05", "person-not-in-registry", "nik", "galat", "verifikasi",
        "rmoljatim, bombanakab.go.id: local and central data differ for weeks",
    ),
    by_registry("CAP06", "registry-has-other-data", "nokk", "peringatan", "ubah", DRIFT),
)  # fmt: skip
STS: tuple[Rule, ...] = (
    by_registry("STS01", "person-registered-dead", "nik", "galat", "verifikasi", DEATHS),
    by_registry(
        "STS02", "death-entry-without-nik", "nama", "peringatan", "verifikasi",
        "South Jakarta Dukcapil: no death without akta or PM-1 (beritajakarta)",
    ),
    by_registry("STS03", "person-moved-out", "nik", "galat", "verifikasi", MOVES),
    by_registry("STS04", "person-moved-within-kabupaten", "desa", "peringatan", "ubah", MOVES),
    by_registry("STS05", "later-event-overrides-earlier", "nik", "info", "tetap", MOVES),
    Rule(
        code="STS06", name="register-says-dead-or-moved", column="status_hidup",
        severity="peringatan", action="verifikasi", source="SIKS-NG status_dasar, OpenSID log",
        violated=said_gone.is_not_null(), variant=said_gone,
        elsewhere={"keterangan": gone("status_hidup").is_null()},
    ),
)  # fmt: skip
