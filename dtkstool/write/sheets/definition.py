"""What a correction workbook consists of: its sheets, their columns, the words operators choose.

Everything is a value in a tuple; writing, the PETUNJUK page, the hidden `_dtkstool` sheet, the
tests and, later, reading back iterate over them. Words and sheet names are the same in every
language, because filled workbooks are read back by them; labels and meanings are messages
(`workbook.columns.<key>`, `workbook.choices.<sheet>.<key>`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

SCHEMA_VERSION = 1
MACHINE_SHEET = "_dtkstool"
KEY_ROW, TITLE_ROW, GUIDE_ROW, BAND_ROW, HEADER_ROW, FIRST_ROW = range(6)
"""Rows of a work sheet, from 0; the key row is hidden and holds the column keys."""
SHEET_ROWS = 1_000_000
"""A sheet of more rows goes on as `<name>_2`; Excel ends at 1,048,576."""

Style = Literal["nomor", "teks", "lama", "baru", "kiri", "kanan", "kartu", "tebal"]


@dataclass(frozen=True)
class Choice:
    """One decision an operator may choose."""

    sheet: str
    key: str
    word: str
    """The exact text of the drop-down and of the filled cell."""
    acts: bool
    """Whether it changes something; rows so decided turn green, the others grey."""


@dataclass(frozen=True)
class Column:
    """One column of a work sheet; its label is the message `workbook.columns.<key>`."""

    key: str
    width: float
    style: Style = "teks"
    operator: bool = False
    choices: str = ""
    """Name of the drop-down list: a sheet's key for its decisions, or `alasan`."""
    hidden: bool = False
    person: bool = False
    """Says who it is about: printed pale when the row above is about the same person."""
    compare: str = ""
    """Key of the column beside which the differing characters are coloured."""
    required: tuple[str, ...] = ()
    """Decision keys that ask for this cell: it is marked while it is empty."""
    unless: str = ""
    """Key of the column that, when filled, lifts `required`."""
    optional: bool = False
    """Hidden where no row has anything in it."""


@dataclass(frozen=True)
class Sheet:
    """One work sheet; `name` is its tab, `key` its machine name."""

    key: str
    name: str
    columns: tuple[Column, ...]
    frozen: int
    """How many columns stay in view."""
    tab: str
    pages_wide: int = 1
    """In print; on the second page the operator's columns follow the frozen ones."""
    grouped: bool = False
    """Whether neighbouring rows may be about one person: then a line parts the people."""

    def position(self, key: str) -> int:
        """Return the index of the column `key`."""
        return next(i for i, column in enumerate(self.columns) if column.key == key)

    def fitted(self, empty: Collection[str]) -> "Sheet":
        """Return the sheet with the optional columns among `empty` hidden."""
        columns = tuple(
            replace(column, hidden=True) if column.optional and column.key in empty else column
            for column in self.columns
        )
        return replace(self, columns=columns)


# fmt: off
CHOICES: tuple[Choice, ...] = (
    Choice("ubah", "setuju", "SETUJU", True),
    Choice("ubah", "nilai_lain", "NILAI LAIN", True),
    Choice("ubah", "tetap", "TETAP NILAI LAMA", False),
    Choice("ubah", "belum_jelas", "BELUM JELAS", False),
    Choice("hapus_ganti", "hapus", "HAPUS", True),
    Choice("hapus_ganti", "ganti", "GANTI", True),
    Choice("hapus_ganti", "tetap", "TETAP", False),
    Choice("hapus_ganti", "belum_jelas", "BELUM JELAS", False),
    Choice("ganda", "hapus_kanan", "GANDA - HAPUS KANAN", True),
    Choice("ganda", "hapus_kiri", "GANDA - HAPUS KIRI", True),
    Choice("ganda", "bukan_ganda", "BUKAN GANDA", False),
    Choice("ganda", "belum_jelas", "BELUM JELAS", False),
    Choice("verifikasi", "kandidat_1", "ORANGNYA KANDIDAT 1", True),
    Choice("verifikasi", "kandidat_2", "ORANGNYA KANDIDAT 2", True),
    Choice("verifikasi", "kandidat_3", "ORANGNYA KANDIDAT 3", True),
    Choice("verifikasi", "perbaiki", "PERBAIKI", True),
    Choice("verifikasi", "benar", "DATA SUDAH BENAR", False),
    Choice("verifikasi", "bukan_kandidat", "BUKAN KANDIDAT", False),
    Choice("verifikasi", "konsolidasi", "AJUKAN KONSOLIDASI", True),
    Choice("verifikasi", "meninggal", "MENINGGAL", True),
    Choice("verifikasi", "pindah", "PINDAH", True),
    Choice("verifikasi", "tidak_ditemukan", "TIDAK DITEMUKAN", True),
    Choice("verifikasi", "tidak_layak", "TIDAK LAYAK", True),
    Choice("verifikasi", "belum_jelas", "BELUM JELAS", False),
)

REASONS: tuple[str, ...] = (
    "TL01", "TL02", "TL03", "TL04", "TL05", "TL06", "TL07", "TL08", "TL09", "TL10", "TL11",
    "TL12", "TL13", "TL14", "TL99",
)
"""Why somebody leaves the register; the cell reads `TL01 - …`, the first four letters count."""

PERSON = (
    Column("no", 6, "nomor"),
    Column("desa", 17, person=True),
    Column("rt_rw", 9, person=True),
    Column("alamat", 22, person=True),
    Column("nama", 24, "tebal", person=True),
    Column("nik", 19, person=True),
)
BEFORE = Column("keputusan_lalu", 26, optional=True)
"""What was decided about the same in an earlier month, and why it is asked again."""
TRACE = (
    Column("id_dtks", 20, hidden=True),
    Column("asal", 30, hidden=True),
    Column("record_id", 20, hidden=True),
)

UBAH = Sheet("ubah", "UBAH", (
    *PERSON,
    Column("kolom", 15, "tebal"),
    Column("lama", 25, "lama", compare="baru"),
    Column("baru", 25, "baru", compare="lama"),
    Column("bukti", 38),
    Column("keyakinan", 12),
    BEFORE,
    Column("keputusan", 19, operator=True, choices="ubah"),
    Column("nilai_lain", 24, operator=True, required=("nilai_lain",)),
    Column("catatan", 24, operator=True),
    *TRACE,
    Column("column", 15, hidden=True),
), frozen=5, tab="#2F75B5", grouped=True)

HAPUS_GANTI = Sheet("hapus_ganti", "HAPUS_GANTI", (
    *PERSON,
    Column("usulan", 9, "tebal"),
    Column("sebab", 15),
    Column("bukti", 38),
    Column("tanggal_peristiwa", 12),
    Column("no_peristiwa", 18),
    Column("pengganti", 30),
    BEFORE,
    Column("keputusan", 16, operator=True, choices="hapus_ganti"),
    Column("alasan", 24, operator=True, choices="alasan", required=("hapus", "ganti")),
    Column("no_bukti", 20, operator=True, required=("hapus", "ganti"), unless="no_peristiwa"),
    Column("nik_pengganti", 19, operator=True, required=("ganti",), unless="pengganti"),
    Column("nama_pengganti", 22, operator=True, required=("ganti",), unless="pengganti"),
    Column("catatan", 24, operator=True),
    *TRACE,
    Column("usulan_nik", 19, hidden=True),
    Column("usulan_nama", 19, hidden=True),
    Column("dasar", 20, hidden=True),
), frozen=5, tab="#C55A11", pages_wide=2)

GANDA = Sheet("ganda", "GANDA", (
    Column("no", 6, "nomor"),
    Column("desa", 17),
    Column("nama", 24, "tebal"),
    Column("kiri", 42, "kiri", compare="kanan"),
    Column("kanan", 42, "kanan", compare="kiri"),
    Column("sebab", 22),
    Column("bukti", 38),
    Column("keyakinan", 12),
    BEFORE,
    Column("keputusan", 25, operator=True, choices="ganda"),
    Column("catatan", 28, operator=True),
    Column("record_id", 20, hidden=True),
    Column("record_id_kiri", 20, hidden=True),
    Column("group_id", 20, hidden=True),
), frozen=3, tab="#7F6000")

VERIFIKASI = Sheet("verifikasi", "VERIFIKASI", (
    Column("no", 6, "nomor"),
    Column("desa", 17),
    Column("nama", 24, "tebal"),
    Column("data", 40, "kiri"),
    Column("periksa", 34),
    Column("kandidat_1", 36, "kartu", compare="data"),
    Column("kandidat_2", 36, "kartu", compare="data"),
    Column("kandidat_3", 36, "kartu", compare="data"),
    BEFORE,
    Column("keputusan", 27, operator=True, choices="verifikasi"),
    Column("nik_benar", 19, operator=True, required=("perbaiki",), unless="nama_benar"),
    Column("nama_benar", 22, operator=True, required=("perbaiki",), unless="nik_benar"),
    Column("alasan", 24, operator=True, choices="alasan", required=("tidak_layak",)),
    Column("no_bukti", 20, operator=True, required=("meninggal", "pindah")),
    Column("catatan", 24, operator=True),
    *TRACE,
    Column("codes", 20, hidden=True),
    Column("kandidat_1_nik", 19, hidden=True),
    Column("kandidat_2_nik", 19, hidden=True),
    Column("kandidat_3_nik", 19, hidden=True),
    Column("dasar", 20, hidden=True),
), frozen=3, tab="#548235", pages_wide=2)

SHEETS: tuple[Sheet, ...] = (UBAH, HAPUS_GANTI, GANDA, VERIFIKASI)
# fmt: on


def words(sheet: str, keys: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the decision words of a sheet, all or those of `keys`, in the order of the list."""
    return tuple(c.word for c in CHOICES if c.sheet == sheet and (keys is None or c.key in keys))
