"""LYK: what the register itself says that speaks against aid. Hints for a human decision, no more.

Who is entitled is decided by people (Kepmensos 73/HUK/2024), never by an occupation typed years
ago; every rule here asks for a look in the field.
"""

import polars as pl

from dtkstool.distinct import per_distinct
from dtkstool.rules.date import age, sure_age
from dtkstool.rules.faults import letters
from dtkstool.rules.rule import Rule

KEPMENSOS = "Kepmensos 73/HUK/2024; Jabar alasanditolak"
YOUNGEST_RECIPIENT = 17
FORMER = (
    r"\b(PENSIUN\w*|PURNA\w*|PURN|VETERAN|MANTAN|EKS|EX|BEKAS|ISTERI|ISTRI|SUAMI|ANAK|JANDA|DUDA|"
    r"NON|BUKAN|HONOR\w*|THL|OUTSOURCING)\b"
)
"""Words that make it somebody else's occupation, an earlier one, or none of the kind."""
NO_POLICE = r"\bPOLISI (PAMONG|HUTAN|KEHUTANAN|KHUSUS|DESA)\b"
OFFICES = {
    "asn": r"\b(C?PNS|ASN|PPPK|P3K|PEGAWAI NEGERI|APARATUR SIPIL)\b",
    "tni": r"\b(TNI|TENTARA|ABRI)\b",
    "polri": r"\b(POLRI|POLISI|KEPOLISIAN|BRIMOB)\b",
    "bumn": r"\b(BUMN|BUMD|BADAN USAHA MILIK (NEGARA|DAERAH))\b",
    "pejabat": r"^(WAKIL |ANGGOTA )?(PRESIDEN|MENTERI|GUBERNUR|BUPATI|WALI ?KOTA|DUTA BESAR|"
    r"PEJABAT NEGARA|BPK|MAHKAMAH KONSTITUSI|KABINET|BADAN PEMERIKSA KEUANGAN)\b",
    "dewan": r"^(WAKIL |KETUA |WAKIL KETUA |ANGGOTA )?(DPR|DPRD|DPD|DEWAN PERWAKILAN)\b",
    "desa": r"^(PERANGKAT|PAMONG|KEPALA|SEKRETARIS) (DESA|KELURAHAN|NAGARI|GAMPONG|DUSUN)\b|"
    r"^(KADES|LURAH|KADUS|SEKDES|WALI NAGARI|KEUCHIK|PERBEKEL)\b",
}
"""What an occupation names, as words over its `letters`; the first that fits counts."""
SIAK = {
    5: "asn", 6: "tni", 7: "polri", 16: "bumn", 17: "bumn", 48: "dewan", 49: "dewan",
    **dict.fromkeys(range(50, 62), "pejabat"), 62: "dewan", 63: "dewan", 85: "desa", 86: "desa",
}  # fmt: skip
"""The same as SIAK and OpenSID number occupations."""


def office(typed: pl.Expr) -> pl.Expr:
    """Return which of `OFFICES` the typed occupation names; null for none and for null."""
    unabbreviated = typed.str.replace_all(r"\b(\pL)\.", "${1}")
    plain = letters(unabbreviated).str.replace_all(NO_POLICE, "")
    number = plain.str.extract(r"^0?(\d{1,2})(?: 0)?$").cast(pl.Int64)
    named = pl.coalesce(
        pl.when(plain.str.contains(pattern)).then(pl.lit(office))
        for office, pattern in OFFICES.items()
    )
    by_number = number.replace_strict(SIAK, default=None, return_dtype=pl.String)
    return pl.coalesce(by_number, pl.when(~plain.str.contains(FORMER)).then(named))


def with_office(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Return the records with `jabatan`, the `office` their occupation names.

    Judged once per occupation: a register has a hundred of them on half a million rows.
    """
    return lf.with_columns(jabatan=per_distinct("pekerjaan_asal", office, pl.String()))


jabatan = pl.col("jabatan")
paid = pl.col("no_kks_asal").is_not_null() | pl.col("no_rekening_asal").is_not_null()
recipient = ((pl.col("hubungan") == "kepala") | paid).fill_null(False)
answers = recipient | ((pl.col("kk_kepala") == 0) & (pl.col("urutan_wakil") == pl.col("kk_wakil")))
"""Who stands for the family: its head, who is paid, or else its eldest."""
by_nik = (pl.col("today") - pl.col("nik_birth")).dt.total_days() / 365.2425
young = sure_age.is_between(0, YOUNGEST_RECIPIENT, closed="left") & (by_nik < YOUNGEST_RECIPIENT)


def occupied(code: str, name: str, office: str) -> Rule:
    """Return the rule on one of `OFFICES`."""
    return Rule(
        code=code, name=name, column="pekerjaan", severity="peringatan", action="verifikasi",
        source=KEPMENSOS, violated=jabatan == office,
    )  # fmt: skip


LYK: tuple[Rule, ...] = (
    occupied("LYK01", "occupation-civil-servant", "asn"),
    occupied("LYK02", "occupation-soldier", "tni"),
    occupied("LYK03", "occupation-police", "polri"),
    occupied("LYK04", "occupation-state-company", "bumn"),
    occupied("LYK05", "occupation-state-official", "pejabat"),
    occupied("LYK06", "occupation-member-of-parliament", "dewan"),
    occupied("LYK07", "occupation-village-official", "desa"),
    Rule(
        code="LYK08", name="family-of-an-official", column="nokk", severity="peringatan",
        action="verifikasi", scope="group", source=KEPMENSOS,
        violated=pl.col("kk_jabatan") & jabatan.is_null() & answers,
    ),
    Rule(
        code="LYK09", name="recipient-under-17", column="tanggal_lahir", severity="peringatan",
        action="verifikasi", source="Jabar alasanditolak: under 17",
        violated=recipient & young.fill_null(False), values={"age": age.floor().cast(pl.Int64)},
    ),
)  # fmt: skip
