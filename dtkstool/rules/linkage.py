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
    "meninggal": r"^(SUDAH |TELAH )?(MENINGGAL( DUNIA)?|MATI|WAFAT)\b|"
    r"^(ALMARHUM|ALMARHUMAH|ALMH|ALM)( \d.*)?$|^M ?D$",
    "pindah": r"^(SUDAH |TELAH )?PINDAH\b",
}
"""How a register says so itself, in letters; numbers are another thing in every list."""
NOT_GONE = (
    r"^(SUDAH |TELAH )?(MENINGGAL( DUNIA)?|WAFAT|MATI) (SUAMI|IST(E)?RI|AYAH|BAPAK|IBU|ANAK|ORTU|"
    r"ORANG ?TUA|KAKAK|ADIK|MERTUA)(NYA\b|$)|"
    r"^(SUDAH |TELAH )?PINDAH (KE )?(KK|NO|NOMOR|BANK|KKS|REKENING|FASKES|SEKOLAH|KELAS|PROGRAM)\b"
)
"""It was somebody else, or something else than the place to live."""
LATE, SAID_OF = r"(?i)\bALM", r"(?i)\b(IBU|BU|NY|NYONYA|BPK|BAPAK|PAK)\b"
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
    own = ~said.str.contains(NOT_GONE)
    return pl.coalesce(
        pl.when(said.str.contains(pattern) & own).then(pl.lit(word))
        for word, pattern in GONE.items()
    )


titles = pl.col("nama_gelar")
by_name = (
    titles.str.contains(LATE)
    & ~titles.str.contains(SAID_OF)
    & pl.col("nama_bin").is_null()
    & pl.col("nama_alias").is_null()
)
"""Behind BINTI, IBU or an alias it is a father or husband who died."""
in_status, in_remark = gone("status_hidup"), gone("keterangan")
in_name = pl.when(by_name).then(pl.lit("meninggal"))
said_gone = pl.coalesce(in_status, in_remark, in_name)

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
        elsewhere={
            "keterangan": in_status.is_null() & in_remark.is_not_null(),
            "nama": in_status.is_null() & in_remark.is_null(),
        },
    ),
)  # fmt: skip
