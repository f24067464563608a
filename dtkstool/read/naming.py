"""From a header as typed to the field it names: by alias, by its words, by a tolerated typo."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal

from dtkstool.columns import ALIASES, header_key

How = Literal["alias", "words", "typo", "content"]

_SYNONYMS = dict(
    pair.split("=")
    for pair in (
        "nm=nama nma=nama tgl=tanggal tgllahir=tanggal tmpt=tempat tmp=tempat tpt=tempat lhr=lahir "
        "jns=jenis klmn=kelamin klmin=kelamin klm=kelamin no=nomor nmr=nomor nomer=nomor num=nomor "
        "kec=kecamatan kab=kabupaten kota=kabupaten prov=provinsi prop=provinsi propinsi=provinsi "
        "almt=alamat ds=desa kelurahan=desa dsn=dusun hub=hubungan stat=status sts=status "
        "stts=status kd=kode lgkp=lengkap lkp=lengkap pkrjn=pekerjaan thn=tahun bln=bulan "
        "kawin=kawin nikah=kawin perkawinan=kawin pernikahan=kawin kematian=mati meninggal=mati "
        "wafat=mati kejadian=peristiwa pelaporan=lapor rek=rekening ket=keterangan nokk=kk nkk=kk "
        "kep=kepala klrg=keluarga kartukeluarga=kk krt=kepala pdk=pendidikan pddk=pendidikan "
        "bapak=ayah suku=suku dest=tujuan"
    ).split()
)

_ELSE = "ibu ayah suami istri pasangan anak pendamping petugas operator"
_PLACE = "desa kecamatan kabupaten provinsi dusun jalan kampung lingkungan"
_JUDGED = "status keterangan hasil padan cek valid validasi jumlah perbaikan usulan"

_RULES: tuple[tuple[str, str, str], ...] = (
    ("nik_ibu", "nik ibu", _JUDGED),
    ("nik_ayah", "nik ayah", _JUDGED),
    ("nama_ibu", "nama ibu", _JUDGED),
    ("nama_ibu", "ibu kandung", f"nik {_JUDGED}"),
    ("nama_ayah", "nama ayah", _JUDGED),
    ("nokk_tujuan", "nomor kk tujuan", _JUDGED),
    ("nokk", "nomor kk", f"nama tujuan urut alamat kepala {_ELSE} {_JUDGED}"),
    ("nokk", "nomor kartu keluarga", f"nama tujuan kepala {_ELSE} {_JUDGED}"),
    ("nik", "nik", f"nama kepala kk tujuan lama {_ELSE} {_JUDGED}"),
    ("nik", "nomor induk kependudukan", f"kepala tujuan lama {_ELSE} {_JUDGED}"),
    ("nik", "nomor ktp", f"kepala {_ELSE} {_JUDGED}"),
    ("hubungan", "hubungan keluarga", "nama nik"),
    ("hubungan", "hubungan kk", "nama nik"),
    ("hubungan", "hubungan kepala", "nama nik"),
    ("hubungan", "status hubungan", "nama nik"),
    ("nama_kepala", "nama kepala", f"{_PLACE} {_JUDGED} dinas"),
    ("nama_kepala", "kepala keluarga", f"nik nomor pekerjaan umur {_PLACE} {_JUDGED} hubungan"),
    ("no_rekening", "nomor rekening", ""),
    ("no_kks", "nomor kks", ""),
    ("nama", "nama penerima", f"kepala alias {_PLACE} {_ELSE} {_JUDGED}"),
    ("nama", "nama lengkap", f"kepala alias {_PLACE} {_ELSE} {_JUDGED}"),
    ("nama", "nama",
     f"kepala kk alias panggilan bank bantuan bansos program kelompok sekolah toko agen penyalur "
     f"rekening rt rw ketua kegiatan usaha penyakit jenis kode file {_PLACE} {_ELSE} {_JUDGED}"),
    ("ttl", "tempat tanggal", "mati peristiwa lapor"),
    ("tempat_lahir", "tempat lahir", f"tanggal {_ELSE}"),
    ("tanggal_lahir", "tanggal lahir", f"tempat {_ELSE} {_JUDGED}"),
    ("tanggal_lapor", "tanggal lapor", ""),
    ("tanggal_peristiwa", "tanggal mati", "lapor akta"),
    ("tanggal_peristiwa", "tanggal pindah", "lapor"),
    ("tanggal_peristiwa", "tanggal datang", "lapor"),
    ("tanggal_peristiwa", "tanggal peristiwa", "lapor"),
    ("jenis_kelamin", "kelamin", _ELSE),
    ("status_kawin", "status kawin", _ELSE),
    ("pekerjaan", "pekerjaan", f"kepala {_ELSE}"),
    ("pendidikan", "pendidikan", f"kepala {_ELSE}"),
    ("agama", "agama", _ELSE),
    ("no_peristiwa", "nomor akta", "lahir kawin"),
    ("no_peristiwa", "nomor surat pindah", ""),
    ("no_peristiwa", "nomor surat mati", ""),
    ("alamat_tujuan", "alamat tujuan", ""),
    ("kode_wilayah_tujuan", "kode tujuan", ""),
    ("provinsi_tujuan", "provinsi tujuan", "kode nomor"),
    ("kabupaten_tujuan", "kabupaten tujuan", "kode nomor"),
    ("kecamatan_tujuan", "kecamatan tujuan", "kode nomor"),
    ("desa_tujuan", "desa tujuan", "kode nomor"),
    ("kode_desa", "kode desa", "tujuan"),
    ("kode_kecamatan", "kode kecamatan", "tujuan desa"),
    ("kode_kabupaten", "kode kabupaten", "tujuan desa kecamatan"),
    ("kode_provinsi", "kode provinsi", "tujuan desa kecamatan kabupaten"),
    ("rt_rw", "rt rw", "nama ketua jumlah"),
    ("rt", "rt", "rw nama ketua jumlah"),
    ("rw", "rw", "rt nama ketua jumlah"),
    ("dusun", "dusun", "kode kepala jumlah tujuan ketua"),
    ("desa", "desa", f"kode kepala nomor id tujuan perangkat kecamatan kabupaten {_JUDGED}"),
    ("kecamatan", "kecamatan", f"kode kepala nomor id tujuan kabupaten {_JUDGED}"),
    ("kabupaten", "kabupaten", f"kode kepala nomor id tujuan lahir provinsi {_JUDGED}"),
    ("provinsi", "provinsi", f"kode nomor id tujuan {_JUDGED}"),
    ("alamat", "alamat", f"email tujuan surel nama {_ELSE} {_JUDGED} bank kerja kantor"),
    ("id_dtks", "id dtks", "keluarga rumah tangga"),
    ("id_dtks", "id dtsen", "keluarga rumah tangga"),
    ("padan", "status padan", "tanggal"),
    ("padan", "hasil padan", "tanggal"),
    ("padan", "keterangan padan", "tanggal"),
)  # fmt: skip
"""(field, words that must be there, words that must not): the first that fits wins."""


@dataclass(frozen=True)
class Name:
    """The field that a header names, and how that was seen."""

    field: str
    how: How


@cache
def named_field(header: str) -> Name | None:
    """Return the field that a header names, or None."""
    key = header_key(header)
    if not key or len(header) > 80:
        return None
    if key in ALIASES:
        return Name(ALIASES[key], "alias")
    plain = header_key(re.sub(r"[(\[].*?([)\]]|$)", " ", header))
    for other in (plain, _squeezed().get(plain.replace("_", ""), "")):
        if other in ALIASES:
            return Name(ALIASES[other], "words")
    by_words = _by_words(plain or key)
    return by_words or _by_typo(plain or key)


@cache
def _squeezed() -> dict[str, str]:
    """Aliases without their underscores, where that is still one field's and long enough."""
    fields = {(alias.replace("_", ""), field) for alias, field in ALIASES.items()}
    once = Counter(squeezed for squeezed, _ in fields)
    return {
        alias.replace("_", ""): alias
        for alias in ALIASES
        if len(alias) >= 3 and once[alias.replace("_", "")] == 1
    }


def _by_words(key: str) -> Name | None:
    words = {_SYNONYMS.get(word, word) for word in key.split("_")}
    if len(words) > 8:
        return None
    for field, needed, barred in _RULES:
        if words.issuperset(needed.split()) and words.isdisjoint(barred.split()):
            return Name(field, "words")
    return None


def _by_typo(key: str) -> Name | None:
    """Return the field of the only alias one slip away (two in long headers), or None."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(key) < 6:
        return None
    slips = 1 if len(key) < 12 else 2
    aliases = [alias for alias in ALIASES if len(alias) >= 6]
    near = process.extract(key, aliases, scorer=OSA.distance, score_cutoff=slips, limit=None)
    best = min((distance for _, distance, _ in near), default=0)
    fields = {ALIASES[alias] for alias, distance, _ in near if distance == best}
    return Name(fields.pop(), "typo") if len(fields) == 1 else None
