"""What each entry of a filled workbook decides, and what is missing for it to count."""

from dataclasses import dataclass

import polars as pl

from dtkstool.apply.words import told, with_keys

ENTRY_TEXTS = (
    "record_id", "left_id", "id_dtks", "asal", "column", "lama", "baru", "nama", "nik",
    "data", "kiri", "kanan", "keputusan", "nilai_lain", "alasan", "no_bukti", "no_peristiwa",
    "nik_pengganti", "nama_pengganti", "usulan_nik", "usulan_nama", "nik_benar", "nama_benar",
    "kandidat_1", "kandidat_2", "kandidat_3", "kandidat_1_nik", "kandidat_2_nik",
    "kandidat_3_nik", "dasar", "catatan", "petugas", "jabatan", "selesai", "period", "kecamatan",
)  # fmt: skip
TYPED_NIKS = ("nilai_lain", "nik_pengganti", "nik_benar")
ENTRIES = {
    "entry": pl.UInt32(),
    "file": pl.String(),  # the workbook's name as given
    "tab": pl.String(),
    "row": pl.UInt32(),  # as the clerk sees it
    "sheet": pl.String(),  # key: ubah, hapus_ganti, ganda, verifikasi
    **dict.fromkeys(ENTRY_TEXTS, pl.String()),
    **{f"{name}_numeric": pl.Boolean() for name in TYPED_NIKS},  # the cell is a number
}
"""One row per row of a filled workbook; every text null where the cell is empty."""

OPERATORS = ("nilai_lain", "no_bukti", "nik_pengganti", "nama_pengganti", "nik_benar",
             "nama_benar", "alasan")  # fmt: skip
"""Cells that mean something only beside a decision."""


@dataclass(frozen=True)
class Meaning:
    """What a decision does to the record it is about."""

    sheet: str
    key: str
    fate: str
    """ubah, hapus, ganti, konsolidasi; tetap: settled without a change; tunda: not settled."""
    stays: bool = False
    """Says that the person is there: contradicts every removal for another reason than ganda."""
    tl: str = ""
    """The reason code that the decision itself gives."""


MEANINGS = (
    Meaning("ubah", "setuju", "ubah"),
    Meaning("ubah", "nilai_lain", "ubah"),
    Meaning("ubah", "tetap", "tetap"),
    Meaning("ubah", "belum_jelas", "tunda"),
    Meaning("hapus_ganti", "hapus", "hapus"),
    Meaning("hapus_ganti", "ganti", "ganti"),
    Meaning("hapus_ganti", "tetap", "tetap", stays=True),
    Meaning("hapus_ganti", "belum_jelas", "tunda"),
    Meaning("ganda", "hapus_kanan", "hapus", tl="TL04"),
    Meaning("ganda", "hapus_kiri", "hapus", tl="TL04"),
    Meaning("ganda", "bukan_ganda", "tetap"),
    Meaning("ganda", "belum_jelas", "tunda"),
    Meaning("verifikasi", "kandidat_1", "ubah", stays=True),
    Meaning("verifikasi", "kandidat_2", "ubah", stays=True),
    Meaning("verifikasi", "kandidat_3", "ubah", stays=True),
    Meaning("verifikasi", "perbaiki", "ubah", stays=True),
    Meaning("verifikasi", "benar", "tetap", stays=True),
    Meaning("verifikasi", "bukan_kandidat", "tetap", stays=True),
    Meaning("verifikasi", "konsolidasi", "konsolidasi", stays=True),
    Meaning("verifikasi", "meninggal", "hapus", tl="TL01"),
    Meaning("verifikasi", "pindah", "hapus", tl="TL02"),
    Meaning("verifikasi", "tidak_ditemukan", "hapus", tl="TL03"),
    Meaning("verifikasi", "tidak_layak", "hapus"),
    Meaning("verifikasi", "belum_jelas", "tunda"),
)


def understood(entries: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Return the entries that say anything, as decisions.

    Adds decision, fate, stays, tl, proof, target_id and favour_id (who goes, and for whom, on
    GANDA), value (the new cell value of UBAH), candidate (the NIK chosen), successor_nik,
    successor_nama, and `problem`: the key of what is missing, null if nothing is.
    """
    said = entries.filter(pl.any_horizontal(pl.col("keputusan", *OPERATORS).is_not_null()))
    meanings = pl.DataFrame(
        [(m.sheet, m.key, m.fate, m.stays, m.tl or None) for m in MEANINGS],
        schema=["sheet", "decision", "fate", "stays", "own_tl"], orient="row",
    )  # fmt: skip
    return (
        with_keys(said, words)
        .join(meanings, on=["sheet", "decision"], how="left", maintain_order="left")
        .with_columns(tl=pl.coalesce("own_tl", "tl"), proof=pl.coalesce("no_bukti", "no_peristiwa"))
        .drop("own_tl")
        .with_columns(**_sides(), value=_value(), candidate=_candidate(), **_successor())
        .with_columns(problem=_problem())
    )


def _is(*keys: str) -> pl.Expr:
    return pl.col("decision").is_in(keys)


def _sides() -> dict[str, pl.Expr]:
    """Return who goes and who stays in their place; elsewhere the record itself and null."""
    left = _is("hapus_kiri")
    on_pairs = pl.col("sheet") == "ganda"
    return {
        "target_id": pl.when(on_pairs & left).then("left_id").otherwise("record_id"),
        "favour_id": pl.when(on_pairs & left).then("record_id").when(on_pairs).then("left_id"),
    }


def _value() -> pl.Expr:
    on_cells = pl.col("sheet") == "ubah"
    own = pl.col("nilai_lain").str.strip_chars()
    return pl.when(on_cells & _is("setuju")).then("baru").when(_is("nilai_lain")).then(own)


def _candidate() -> pl.Expr:
    chosen = pl.coalesce(
        pl.when(_is(f"kandidat_{place}")).then(f"kandidat_{place}_nik") for place in (1, 2, 3)
    )
    return chosen.str.strip_chars()


def _successor() -> dict[str, pl.Expr]:
    """Return who follows: as written, else as proposed; a name alone does not change the NIK."""
    written = told(pl.col("nik_pengganti")).str.replace_all(" ", "")
    nik = pl.coalesce(written, "usulan_nik")
    proposed = written.is_null() | (written == pl.col("usulan_nik"))
    name = pl.coalesce("nama_pengganti", pl.when(proposed).then("usulan_nama"))
    return {
        "successor_nik": pl.when(_is("ganti")).then(nik),
        "successor_nama": pl.when(_is("ganti")).then(name.str.strip_chars()),
    }


def _problem() -> pl.Expr:
    """Return the key of the first thing that is missing or unreadable, null for none."""
    missing = pl.col
    leaves = pl.col("fate").is_in(["hapus", "ganti"])
    on_list = pl.col("sheet").is_in(["hapus_ganti", "verifikasi"])
    unread_reason = missing("alasan").is_not_null() & missing("tl").is_null()
    chosen = _is("kandidat_1", "kandidat_2", "kandidat_3")
    no_note = missing("catatan").is_null()
    no_right = missing("nik_benar").is_null() & missing("nama_benar").is_null()
    tests = (
        ("tanpa_identitas", missing("record_id").is_null()),
        ("tanpa_identitas", (pl.col("sheet") == "ganda") & missing("left_id").is_null()),
        ("tanpa_identitas", (pl.col("sheet") == "ubah") & missing("column").is_null()),
        ("tanpa_keputusan", missing("keputusan").is_null()),
        ("kata", missing("decision").is_null()),
        ("tanpa_nilai", _is("nilai_lain", "setuju") & missing("value").is_null()),
        ("tanpa_kandidat", chosen & missing("candidate").is_null()),
        ("tanpa_perbaikan", _is("perbaiki") & no_right),
        ("alasan_asing", leaves & on_list & unread_reason),
        ("tanpa_alasan", leaves & on_list & missing("tl").is_null()),
        ("tanpa_bukti", leaves & (pl.col("tl") == "TL01") & missing("proof").is_null()),
        ("tanpa_tujuan", leaves & (pl.col("tl") == "TL02") & missing("proof").is_null() & no_note),
        ("tanpa_keterangan", leaves & (pl.col("tl") == "TL99") & no_note),
        ("tanpa_pengganti", _is("ganti") & missing("successor_nik").is_null()),
        *(("angka", _damaged(name)) for name in TYPED_NIKS),
    )
    return pl.coalesce(pl.when(test.fill_null(False)).then(pl.lit(key)) for key, test in tests)


def _damaged(name: str) -> pl.Expr:
    """Return whether a 16-digit number was typed into a numeric cell: its last digit is gone."""
    scientific = _digits(pl.col(name)).str.contains(r"(?i)^\d[.,]\d+e\+?\d+$")
    return scientific | (pl.col(f"{name}_numeric") & lossy(pl.col(name)))


def lossy(text: pl.Expr) -> pl.Expr:
    """Return whether a text, standing in a numeric cell, may have lost a digit; null for null."""
    digits = _digits(text)
    sixteen = digits.str.contains(r"^\d{16,}$") & digits.str.ends_with("0")
    return sixteen | (digits > "9007199254740992")


def _digits(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().str.replace(r"\.0$", "")
