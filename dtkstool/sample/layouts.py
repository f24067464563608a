"""How the register arrives: file formats, header vocabularies and what stands around the table.

After the layouts named in the sources of `columns.py`. Region codes called BPS here are only
shaped like BPS codes (2-2-3-3 digits): the real bridge carries no licence.
"""

from dataclasses import dataclass
from typing import Literal

Style = Literal["polos", "blok_kk"]


@dataclass(frozen=True)
class Layout:
    """One way a file is laid out."""

    stem: str
    """The file is named `<stem>_<kecamatan>.<suffix>`."""
    suffix: str
    columns: tuple[str, ...]
    """`header=field`; a field is canonical or one of `grid.COMPOSITES`; `Group>Header=field` for
    headers under a merged one."""
    title: tuple[str, ...] = ()
    """Lines above the header; `{kecamatan}` and `{kabupaten}` are filled in."""
    column_numbers: bool = False
    blank_every: int = 0
    """A blank row after so many people; 0 = none."""
    header_every: int = 0
    footer: bool = False
    """A JUMLAH row and signatures below."""
    sheets: Literal["satu", "per_desa"] = "satu"
    style: Style = "polos"
    ragged: bool = False
    """Some rows cut short or with a stray cell too many."""
    numbers: bool = False
    """RT and RW, and numbers damaged by Excel, are number cells."""
    dates: bool = False
    """Dates are date cells."""
    separator: str = ","
    encoding: str = "utf-8"
    quoted: bool = True
    """False: no quoting at all, and some quotes that never end."""
    sex: tuple[str, str] = ("L", "P")
    relation: Literal["kata", "siak"] = "kata"


def _words(text: str) -> tuple[str, ...]:
    return tuple(column.strip() for column in text.split(","))


SIKS = _words(
    "NO=no, ID DTKS=id_dtks, NO. KK=nokk, NIK=nik, NAMA=nama, TEMPAT LAHIR=tempat_lahir,"
    "TGL LAHIR=tanggal_lahir, JK=jenis_kelamin, HUB. KELUARGA=hubungan, NAMA IBU KANDUNG=nama_ibu,"
    "Alamat>JALAN=alamat, Alamat>DUSUN=dusun, Alamat>RT=rt, Alamat>RW=rw,"
    "Wilayah>DESA/KELURAHAN=desa, Wilayah>KECAMATAN=kecamatan, KETERANGAN=program"
)
DTSEN = _words(
    "id_individu=id_dtks, id_keluarga=id_keluarga, nomor_kartu_keluarga=nokk,"
    "nomor_induk_kependudukan=nik, nama_lengkap=nama, tempat_lahir=tempat_lahir,"
    "tanggal_lahir=tanggal_lahir, kd_jenis_kelamin=jenis_kelamin,"
    "status_hubungan_keluarga=hubungan, nama_ibu_kandung=nama_ibu, alamat_ktp=alamat, rt_ktp=rt,"
    "rw_ktp=rw, kode_provinsi_ktp=kem_prov, kode_kabupaten_kota_ktp=kem_kab,"
    "kode_kecamatan_ktp=kem_kec, kode_kelurahan_desa_ktp=kem_desa, kecamatan=kecamatan,"
    "kelurahan_desa=desa, desil_nasional=desil"
)
SIAK = _words(
    "ID_SEMESTA=id_dtks, NO_KK=nokk, NIK=nik, NAMA_LGKP=nama, TMPT_LHR=tempat_lahir,"
    "TGL_LHR=tanggal_lahir, JENIS_KLMIN=jenis_kelamin, STAT_HBKEL=hubungan,"
    "NAMA_LGKP_IBU=nama_ibu, ALAMAT=alamat, NO_RT=rt, NO_RW=rw, NO_PROP=siak_prov, NO_KAB=siak_kab,"
    "NO_KEC=siak_kec, NO_KEL=siak_desa, KEC_NAME=kecamatan, KEL_NAME=desa"
)
BDT = _words(
    "Kode Provinsi=bps_prov, Kode Kab/Kota=bps_kab, Kode Kecamatan=bps_kec,"
    "Kode Desa/Kelurahan=bps_desa, NM KAB=kabupaten, NM KEC=kecamatan, NM KEL=desa,"
    "IDARTBDT=id_dtks, NAMA KRT=nama_kepala, Nama ART=nama, NIK ART=nik, NOKK=nokk,"
    "Tgl/Bln/Th=tanggal_lahir, Jenkel=jenis_kelamin, HubKRT=hubungan, Nama Gadis Ibu=nama_ibu,"
    "ALAMAT_DOMISILI=alamat"
)
BANSOS = _words(
    "NO URUT=no, NIK KPM=nik, NAMA KPM=nama, NO KARTU KELUARGA=nokk, IDDTKS=id_dtks,"
    "TTL=ttl, GENDER=jenis_kelamin, JENIS_BANSOS=program, ALAMAT=alamat, RT/RW=rt_rw, DESA=desa,"
    "KEC=kecamatan, IBU KANDUNG=nama_ibu"
)
USULAN = _words(
    "No=no, Nama Lengkap (2)=nama, NIK (2)=nik, No KK (2)=nokk, Tempat Tanggal Lahir=ttl,"
    "L/P=jenis_kelamin, Nama Ibu=nama_ibu, Alamat Lengkap=alamat_lengkap, Desa/Kel=desa,"
    "Id Dtks=id_dtks"
)
BIP = _words(
    "NO=no, NIK=nik, NAMA\u00a0LENGKAP=nama, TMPT\u00a0LHR=tempat_lahir,"
    "TGL\u00a0LHR=tanggal_lahir, SEX=jenis_kelamin, SHDK=hubungan, NAMA\u00a0IBU=nama_ibu,"
    "ID_DTKS=id_dtks"
)
RINGKAS = _words(
    "idsemesta=id_dtks, nama_penerima=nama, nik_ktp=nik, no_kk=nokk, dob=tanggal_lahir,"
    "jns_kelamin=jenis_kelamin, alamat=alamat, rt=rt, rw=rw, desakeluarahan=desa,"
    "kecamatan=kecamatan, kabupatenkota=kabupaten, nama_ibu=nama_ibu, kode_wilayah=kode_wilayah"
)

TITLE = (
    "DAFTAR PENERIMA MANFAAT DATA TERPADU KESEJAHTERAAN SOSIAL",
    "KECAMATAN {kecamatan} {kabupaten}",
    "",
)
COVER = (
    "PEMERINTAH {kabupaten}",
    "KECAMATAN {kecamatan}",
    "",
    "Kepada Yth.",
    "Kepala Dinas Sosial",
    "di Tempat",
    "",
    "Perihal : Usulan perbaikan data DTKS",
    "Bersama ini kami sampaikan data sebagai berikut:",
    "",
)

LAYOUTS: tuple[Layout, ...] = (
    Layout("BNBA DTKS", "xlsx", SIKS, (*TITLE, "Periode: Oktober 2026"), column_numbers=True,
           footer=True, numbers=True),
    Layout("dtsen_v3", "txt", DTSEN, separator="|", encoding="latin-1", quoted=False,
           sex=("1", "2"), relation="siak"),
    Layout("Rekap DTKS", "xlsx", SIAK, TITLE[:2], sheets="per_desa", blank_every=25, footer=True,
           numbers=True, dates=True),
    Layout("export_siks", "csv", SIAK, encoding="utf-8-sig", sex=("1", "2"), relation="siak"),
    Layout("Data BDT", "xls", BDT, TITLE, numbers=True, footer=True),
    Layout("bansos", "csv", BANSOS, separator=";", encoding="cp1252", footer=True),
    Layout("BIP", "xlsx", BIP, (*TITLE, "DESA : SEMUA"), style="blok_kk", header_every=60,
           sex=("LK", "PR")),
    Layout("padanan", "parquet", DTSEN, sex=("Laki-laki", "Perempuan")),
    Layout("usulan", "ods", USULAN, TITLE, column_numbers=True, footer=True,
           sex=("LAKI-LAKI", "PEREMPUAN")),
    Layout("kirim", "tsv", RINGKAS, separator="\t", encoding="utf-16"),
    Layout("BST", "xlsm", BANSOS, TITLE, header_every=40, blank_every=40, footer=True,
           numbers=True),
    Layout("dtks", "csv.gz", RINGKAS),
    Layout("paket", "zip", SIAK, separator=";"),
    Layout("operator", "csv", USULAN, COVER, ragged=True, blank_every=30, footer=True),
    Layout("prelist", "csv", BDT, separator=",", encoding="cp1252", column_numbers=True),
)  # fmt: skip
"""Used in turn over the parts of the register; at least this many files are written."""
