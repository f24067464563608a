"""The frames that flow between stages: their columns and types, and what nulls mean in them.

These are contracts between our own stages: breaking one raises `TypeError`. What is wrong with
people's data is a finding (see `rules`) and never raises. A stage may carry further columns; the
ones named here must be there with these types.
"""

import polars as pl

from dtkstool.columns import FIELDS

Schema = dict[str, pl.DataType]

NIK_KELAS = pl.Enum([
    "nomor", "kosong", "sentinel", "sementara", "tersamar", "rusak_ilmiah", "rusak_digit16",
    "rusak_float", "panjang_salah", "bukan_angka", "dua_nilai",
])  # fmt: skip
"""What a NIK or No KK cell holds. Only `nomor` (16 digits) may ever join or deduplicate."""

NIK_WILAYAH = pl.Enum(["berlaku", "kode_lama", "tak_dikenal", "mustahil"])
"""Whether the 6-digit prefix is a region code: in force, retired, unknown in a known province, or
in no province there is."""

TANGGAL_KELAS = pl.Enum(["sah", "kosong", "tak_terbaca", "ambigu", "abad_ditebak", "baku"])
"""How a date was understood: `ambigu` day and month both ≤ 12 and written in an order that the
column does not settle; `abad_ditebak` two-digit year; `baku` 1 January or 31 December, often a
placeholder."""

WILAYAH_KELAS = pl.Enum(["kode", "nama", "ejaan", "bps", "kosong", "tak_dikenal", "bertentangan"])
"""How a place was resolved: by code, by exact name, by a tolerated spelling, by translating a BPS
code; or why it was not: nothing given, unknown, or code and name disagree (the name's is kept)."""

HUBUNGAN = pl.Enum([
    "kepala", "suami", "istri", "pasangan", "anak", "menantu", "cucu", "orang_tua", "mertua",
    "orang_tua_mertua", "famili_lain", "pembantu", "lainnya",
])  # fmt: skip
"""Relation to the head of the family; MK-DTKS merges `pasangan`, `orang_tua_mertua`."""

STATUS_KAWIN = pl.Enum(["belum_kawin", "kawin", "cerai_hidup", "cerai_mati"])

SEVERITY = pl.Enum(["info", "peringatan", "galat", "fatal"])
ACTION = pl.Enum(["tetap", "konsolidasi", "ubah", "verifikasi", "ganti", "hapus"])

ORIGIN: Schema = {
    "record": pl.UInt32(),  # 0, 1, 2 … in reading order: the key inside one run
    "source_file": pl.String(),  # the file's name as given (for a zip: `arsip.zip/anggota.xlsx`)
    "sheet": pl.String(),  # "" for text files
    "row": pl.UInt32(),  # what a person sees: row in the spreadsheet, line in a text file
    "layout": pl.UInt16(),  # index into ReadResult.layouts; one value = one source column set
    "kk_row": pl.UInt32(),  # row of the family line the No KK came from in per-KK blocks, else null
}

RECORDS: Schema = {
    **ORIGIN,
    "nik_numeric": pl.Boolean(),  # the cell was a number in the spreadsheet
    "nokk_numeric": pl.Boolean(),
    **{f"{field}_asal": pl.String() for field in FIELDS},  # as typed; null = empty or no column
}
"""What `read` gives: everything as typed, one row per person line."""

CLEAN_NIK: Schema = {
    "nik": pl.String(),  # 16 digits after safe repair; null for every other class
    "nik_kelas": NIK_KELAS,
    "nik_digits": pl.String(),  # the digits there are (15, 17, damaged 16 …); null if < 5
    "nik_kandidat": pl.String(),  # after an unsafe repair (O→0 …): only a match may use it
    "nik_kedua": pl.String(),  # the second number of a cell that holds two
    "nik_repair": pl.String(),  # safe repairs made, comma-separated; null = none
    "nik_birth": pl.Date(),
    # ^ from digits 7–12, century by tanggal_lahir, then by age 0–110; null if impossible
    "nik_sex": pl.String(),  # L / P from the day digits; null if impossible
    "nik_wilayah": pl.Enum(
        ["berlaku", "kode_lama", "tak_dikenal", "mustahil"]
    ),  # of the 6-digit prefix
}
CLEAN_NOKK: Schema = {
    "nokk": pl.String(),
    "nokk_kelas": NIK_KELAS,
    "nokk_digits": pl.String(),
    "nokk_kandidat": pl.String(),
    "nokk_kedua": pl.String(),
    "nokk_repair": pl.String(),
}
CLEAN_NAMES: Schema = {
    "nama": pl.String(),  # upper case, canonical tokens, no titles, bin or alias; null if empty
    "nama_alias": pl.String(),  # the other half of A alias B, A / B, A (B), canonical
    "nama_bin": pl.String(),  # the patronymic after bin/binti, canonical
    "nama_gelar": pl.String(),  # the titles taken off, as typed, space-separated
    "nama_eyd": pl.String(),  # tokens of `nama` in EYD spelling: key one
    "nama_folk": pl.String(),  # tokens of `nama`, folk-phonetic: key two
    "nama_ibu": pl.String(),  # canonical like `nama`; null also for `IBU`, `ALM …` alone, `-`
    "nama_ibu_folk": pl.String(),
}
CLEAN_PERSON: Schema = {
    "tanggal_lahir": pl.Date(),
    "tanggal_lahir_kelas": TANGGAL_KELAS,
    "tanggal_lahir_tukar": pl.Date(),  # day and month exchanged, where that is a date
    "jenis_kelamin": pl.String(),  # L / P; null if empty or unknown
    "hubungan": HUBUNGAN,
    "status_kawin": STATUS_KAWIN,
    "rt": pl.Int16(),
    "rw": pl.Int16(),
    "tempat_lahir": pl.String(),  # upper case, KAB/KOTA and punctuation gone
}
CLEAN_PLACES: Schema = {
    "kode_provinsi": pl.String(),  # 2 digits, Kemendagri
    "kode_kabupaten": pl.String(),  # 4 digits
    "kode_kecamatan": pl.String(),  # 6 digits
    "kode_desa": pl.String(),  # 10 digits
    "kabupaten_kelas": WILAYAH_KELAS,
    "kecamatan_kelas": WILAYAH_KELAS,
    "desa_kelas": WILAYAH_KELAS,
}
IDENTITY: Schema = {
    "record_id": pl.String(),  # survives re-export: see clean/identity.py
    "id_dtks": pl.String(),  # as typed; null if the file has none
}
CLEANED: Schema = {
    **RECORDS, **IDENTITY, **CLEAN_NIK, **CLEAN_NOKK, **CLEAN_NAMES, **CLEAN_PERSON, **CLEAN_PLACES,
}  # fmt: skip
"""What `clean` gives: the records with what we understood of them beside what was typed."""

REGISTRY: Schema = {
    "person": pl.UInt32(),  # 0, 1, 2 … ; the key inside one registry
    "nik": pl.String(),
    "nokk": pl.String(),
    "nama_asal": pl.String(),  # as the registry prints it: what a correction proposes
    "nama_ibu_asal": pl.String(),
    "nama": pl.String(),
    "nama_alias": pl.String(),
    "nama_eyd": pl.String(),
    "nama_folk": pl.String(),
    "nama_ibu": pl.String(),
    "nama_ibu_folk": pl.String(),
    "tanggal_lahir": pl.Date(),
    "jenis_kelamin": pl.String(),
    "hubungan": HUBUNGAN,
    "tempat_lahir": pl.String(),
    "alamat_asal": pl.String(),
    "rt": pl.Int16(),
    "rw": pl.Int16(),
    "kode_kecamatan": pl.String(),
    "kode_desa": pl.String(),
    "status": pl.Enum(["hidup", "meninggal", "pindah_keluar", "pindah_dalam", "tidak_aktif"]),
    # ^ by the latest event; `pindah_dalam` only while the biodata still shows the old address
    "status_tanggal": pl.Date(),  # date of that event
    "status_bukti": pl.String(),  # akta or letter number of that event, as typed
    "status_sumber": pl.Enum(["biodata", "register_nik", "register_nama"]),
    # ^ where the status comes from; `register_nama`: the event carried no usable NIK, weaker
    "tujuan": pl.String(),  # destination in words for a move
    "kode_desa_tujuan": pl.String(),  # 10 digits, or 6 when only the kecamatan is known
}

FINDINGS: Schema = {
    "record_id": pl.String(),  # null for findings about a column or a file
    "id_dtks": pl.String(),
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "cell": pl.String(),
    "column": pl.String(),
    "value": pl.String(),  # as typed
    "code": pl.String(),
    "severity": SEVERITY,
    "message": pl.String(),
    "suggestion": pl.String(),
    "action": ACTION,
}

LINKS: Schema = {
    "record_id": pl.String(),
    "id_dtks": pl.String(),
    "record": pl.UInt32(),
    "person": pl.UInt32(),
    "nik_dukcapil": pl.String(),
    "pass": pl.String(),
    "weight": pl.Float64(),
    "probability": pl.Float64(),
    "margin": pl.Float64(),
    "verdict": pl.Enum(["padan", "padan_perbaikan", "tinjau", "tidak_ditemukan"]),
    "probable": pl.Boolean(),  # to be reviewed, but almost certainly right: no rival, no twin
    "poor": pl.Boolean(),  # says too little: not even a perfect candidate would be sure
    "simil": pl.Float64(),
}

DUPLICATES: Schema = {
    "group_id": pl.String(),
    "record_id": pl.String(),
    "id_dtks": pl.String(),
    "keep": pl.Boolean(),
    "probability": pl.Float64(),
    "reason": pl.Enum(["orang_sama", "nik_sama", "mirip", "keputusan"]),
}

STATUS = pl.Enum([
    "meninggal", "pindah_keluar", "pindah_dalam", "ganda", "nik_orang_lain", "perbaikan", "padan",
    "tinjau", "tidak_ditemukan",
])  # fmt: skip

DECISIONS: Schema = {
    "record_id": pl.String(),
    "id_dtks": pl.String(),
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "status": STATUS,
    "flags": pl.List(STATUS),
    "action": ACTION,
    "codes": pl.List(pl.String()),
    "evidence": pl.String(),  # one line a village officer understands
    "probability": pl.Float64(),
    "nik_dukcapil": pl.String(),
    "kecamatan": pl.String(),  # 6-digit code, or null: unresolved
    "successor_nik": pl.String(),  # for `ganti`: the proposed successor from the same No KK
    "successor_nama": pl.String(),
    "successor_hubungan": pl.String(),
    "event_date": pl.Date(),
    "event_proof": pl.String(),
    "poor": pl.Boolean(),  # tak dapat dipastikan: the record says too little to be linked
}

CHANGES: Schema = {
    "record_id": pl.String(),
    "id_dtks": pl.String(),
    "column": pl.String(),  # canonical field
    "old": pl.String(),  # as typed
    "new": pl.String(),
    "source": pl.String(),  # dukcapil / perbaikan
    "probability": pl.Float64(),
}

RECALLED: Schema = {
    "nth": pl.UInt32(),  # its place among all decisions, oldest first
    **dict.fromkeys(
        "record_id other_id sheet column decision fate value proposed tl note dasar kandidat values"
        " petugas period".split(),
        pl.String(),
    ),
    "now": pl.String(),  # what `values` is in this month's register; null: gone
    "subject": pl.Enum(["orang", "pasangan", "sel"]),
    "latest": pl.Boolean(),  # no later one about the same cell, person or pair
    "state": pl.Enum(["sama", "sebelum", "berubah", "hilang"]),
    # ^ what it was about is as decided; still as before the decision; otherwise; or gone
}
"""Clerks' decisions as they stand beside this month's register (`apply.memory.recalled`)."""

TOLD_PERSONS: Schema = {
    "record_id": pl.String(),
    "nik": pl.String(),
    "same": pl.Boolean(),  # the record is this person of the civil registry, or is not
}
TOLD_PAIRS: Schema = {
    "left": pl.String(),
    "right": pl.String(),  # record_id; left < right
    "same": pl.Boolean(),
}
"""What clerks decided that still holds, for matching and deduplicating."""

INGATAN = pl.Enum(["dihormati", "menunggu", "keluar", "gugur"])
"""What an earlier decision did to a record: settled it; leaves it open but not asked again; keeps
it out of the counted list; or lapsed, so that the record is asked again."""

REMEMBERED: Schema = {
    "dasar": pl.String(),  # what the proposal rests on: status|nik|date|proof
    "ingatan": INGATAN,  # null: nothing was decided before, or it is of no matter now
    "keputusan_lalu": pl.String(),  # what was decided before, by whom, when; null: nothing
}
"""What a run adds to the decisions; `keputusan_lalu` also to the changes."""

SKIPPED: Schema = {
    "source_file": pl.String(),
    "sheet": pl.String(),
    "row": pl.UInt32(),
    "reason": pl.Enum([
        "judul", "kepala_kolom", "nomor_kolom", "kosong", "kepala_ulang", "jumlah", "tanda_tangan",
        "baris_kk", "lanjutan",
    ]),
    "text": pl.String(),
}  # fmt: skip
"""Rows that hold no person: title, header, column numbers, blank, repeated header, totals,
signatures, the family line of a per-KK block, or a continuation joined to the row above."""


def conform(df: pl.DataFrame, schema: Schema, name: str) -> pl.DataFrame:
    """Return `df` unchanged; TypeError naming every column that is missing or of another type."""
    given = df.schema
    wrong = [
        f"{column}: {given.get(column, 'missing')} instead of {dtype}"
        for column, dtype in schema.items()
        if given.get(column) != dtype
    ]
    if wrong:
        raise TypeError(f"{name} breaks its contract: " + "; ".join(wrong))
    return df
