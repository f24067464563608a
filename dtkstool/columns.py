"""The canonical fields: their names, labels, what their cells hold, and the headers they go by.

`desa` stands for desa and kelurahan throughout, `nokk` for Nomor Kartu Keluarga, `hubungan` for
the relation to the head of the family (SHDK), `kepala` for kepala keluarga. One table serves the
social-welfare register and the civil registry's extracts.

Sources: SIAK table definitions, DTSEN v2/v3
lists, SIKS-NG and MK-DTKS layouts, OpenSID's import templates, BDT 2015.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Kind = Literal["nik", "nokk", "nama", "tanggal", "jk", "kode", "rt", "teks", "id", "tanda"]


@dataclass(frozen=True)
class Column:
    """One canonical field."""

    name: str
    label: str
    """The Indonesian label people read in workbooks and messages."""
    kind: Kind
    """What its cells look like; the reader checks a header's claim against it."""
    headers: str = ""
    """Its aliases as `header_key` leaves them, separated by spaces."""
    parts: tuple[str, ...] = ()
    """For a composite column: the fields it is split into."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """The headers it goes by, its own name among them."""
        return (self.name, *self.headers.split())


# fmt: off
COLUMNS: tuple[Column, ...] = (
    Column("nik", "NIK", "nik",
        "nik nomor_nik no_nik nik_ktp nik_art nik_kpm nomor_induk_kependudukan "
        "no_induk_kependudukan nik_jnsah nik_jenazah peserta no_ktp nomor_ktp nik_penerima "
        "nik_pengurus nik_kep_keluarga nik_krt nik_anggota nik_almarhum nik_penduduk "
        "nik_pemohon nik_peserta nik_individu ktp nik_penerima_manfaat nik_kepala_keluarga "
        "nik_kepala nik_kep_kel"),
    Column("nokk", "No KK", "nokk",
        "no_kk nokk nomor_kk nomor_kartu_keluarga nkk no_kartu_keluarga kk "
        "nomor_kartu_keluarga_kk no_kk_asal nokk_asal no_kartu_kk num_kk"),
    Column("nama", "Nama", "nama",
        "nama_lgkp nama nama_lengkap nama_penduduk nama_penerima nama_art nama_kpm nama_jnsah "
        "nama_jenazah nama_pengurus nama_peserta nama_penerima_manfaat nama_anggota "
        "nama_anggota_keluarga nama_anggota_rumah_tangga nama_almarhum nama_individu nama_ktp "
        "nama_sesuai_ktp nama_pemohon nm_lengkap nm_art nm_penerima nama_lkp "
        "nama_lengkap_penduduk"),
    Column("nama_kepala", "Nama kepala keluarga", "nama",
        "nama_kep nama_krt kepala_keluarga nama_kepala_keluarga nama_kk krt "
        "nama_kepala_rumah_tangga kepala_rumah_tangga nm_krt nama_kep_keluarga"),
    Column("tempat_lahir", "Tempat lahir", "teks",
        "tmpt_lhr tempat_lahir tempatlahir tmp_lahir tempat tmpt_lahir tpt_lahir kota_lahir "
        "tmp_lhr"),
    Column("tanggal_lahir", "Tanggal lahir", "tanggal",
        "tgl_lhr tanggal_lahir tanggallahir tgl_lahir tgl_bln_th tglx_lhir dob "
        "tanggal_lahir_dd_mm_yyyy tgllahir tgl_bln_thn_lahir tgl_lahir_dd_mm_yyyy lahir "
        "tanggal_bulan_tahun_lahir birth_date tgllhr"),
    Column("jenis_kelamin", "Jenis kelamin", "jk",
        "jenis_klmin jk kelamin sex jenkel jenis_kelamin kd_jenis_kelamin l_p gender "
        "jns_kelamin jns_klmin jenis_kelamin_l_p lp kode_jenis_kelamin jeniskelamin"),
    Column("hubungan", "Hubungan keluarga", "kode",
        "stat_hbkel shdk hub_kel hubkrt kk_level hubungan_keluarga hubungan_kepkel "
        "status_hubungan_keluarga hubungan_dengan_kepala_keluarga stts_hub_keluarga hubungan "
        "hub_keluarga status_keluarga status_dalam_keluarga hubungan_krt hub_krt "
        "stat_hub_keluarga hubungan_dengan_krt status_hub_keluarga hbkel hub_dgn_kk"),
    Column("status_kawin", "Status kawin", "kode",
        "stat_kwn status_kawin status_perkawinan kawin stts_kawin stat_kawin status_nikah "
        "sts_kawin"),
    Column("agama", "Agama", "kode", "agama kd_agama kode_agama"),
    Column("pekerjaan", "Pekerjaan", "kode",
        "jenis_pkrjn pekerjaan pekerjaan_ktp jenis_pekerjaan jns_pekerjaan kd_pekerjaan"),
    Column("pendidikan", "Pendidikan", "kode",
        "pddk_akh pendidikan_terakhir pendidikan_akhir_ktp pendidikan pendidikan_akhir"),
    Column("nama_ibu", "Nama ibu kandung", "nama",
        "nama_lgkp_ibu nama_ibu nama_ibu_kandung ibu ibu_kandung nm_ibu nama_gadis_ibu "
        "nama_lengkap_ibu nama_gadis_ibu_kandung"),
    Column("nik_ibu", "NIK ibu", "nik", "nik_ibu ibu_nik nik_ibu_kandung"),
    Column("nama_ayah", "Nama ayah", "nama",
        "nama_lgkp_ayah nama_ayah ayah nm_ayah nama_ayah_kandung nama_lengkap_ayah"),
    Column("nik_ayah", "NIK ayah", "nik", "nik_ayah ayah_nik"),
    Column("alamat", "Alamat", "teks",
        "alamat alamat_ktp alamat_domisili alamat_lengkap alamat_rumah alamat_tinggal alamat_kk "
        "alamat_penerima jalan alamat_asal"),
    Column("rt", "RT", "rt", "no_rt rt rt_ktp nomor_rt"),
    Column("rw", "RW", "rt", "no_rw rw rw_ktp nomor_rw"),
    Column("dusun", "Dusun", "teks",
        "dusun nama_dusun dusun_ktp lingkungan kampung dsn nama_lingkungan nama_kampung"),
    Column("kode_wilayah", "Kode wilayah", "kode",
        "kode_wilayah bps_full_code kode_wilayah_lengkap kd_wilayah kodewilayah "
        "kode_desa_lengkap kode_wil kode_kemendagri kode_bps kode_wilayah_desa"),
    Column("kode_provinsi", "Kode provinsi", "kode",
        "no_prop kode_provinsi kode_prop kdprov kd_prov kode_prov kode_provinsi_ktp no_prov "
        "kdprop kd_prop kode_propinsi"),
    Column("kode_kabupaten", "Kode kabupaten/kota", "kode",
        "no_kab kode_kab kode_kabupaten idkab kdkab kd_kab kode_kabupaten_kota kode_kab_kota "
        "kode_kabupaten_kota_ktp kode_kabupaten_ktp id_kab kabkode"),
    Column("kode_kecamatan", "Kode kecamatan", "kode",
        "no_kec kode_kec kode_kecamatan kdkec kd_kec kode_kecamatan_ktp id_kec idkec"),
    Column("kode_desa", "Kode desa/kelurahan", "kode",
        "no_kel kode_kel kode_desa kode_kelurahan kode_kelurahan_desa kode_desa_kelurahan "
        "kddesa kd_desa kdkel kd_kel kode_kelurahan_desa_ktp kode_desa_ktp id_desa no_desa "
        "iddesa kode_des"),
    Column("provinsi", "Provinsi", "teks",
        "prop_name nm_prov nmprop nmprov provinsi nama_provinsi nama_prop nama_prov propinsi "
        "nama_propinsi prov nm_prop provinsi_ktp"),
    Column("kabupaten", "Kabupaten/Kota", "teks",
        "kab_name nm_kab nmkab kab_kota kabupatenkota nama_kab kabupaten nama_kabupaten "
        "kabupaten_kota nama_kabupaten_kota nama_kab_kota kota kab kabupaten_kota_ktp"),
    Column("kecamatan", "Kecamatan", "teks",
        "kec_name nm_kec nmkec kecamatan nama_kec nama_kecamatan kec kecamatan_ktp"),
    Column("desa", "Desa/Kelurahan", "teks",
        "kel_name nm_kel nmdesa desa_kelurahan desakeluarahan desa_kel nama_kel desa kelurahan "
        "kel_desa kelurahan_desa nama_desa nama_kelurahan desa_kelurahan_ktp "
        "nama_desa_kelurahan nama_kelurahan_desa kel desakel nmkel nm_desa desakelurahan"),
    Column("id_dtks", "ID DTKS", "id",
        "id_dtks iddtks idsemesta id_semesta id_art idartbdt id_art_bdt id_prelist idbdt "
        "id_individu id_anggota id_penerima id_pm"),
    Column("id_keluarga", "ID keluarga", "id",
        "id_keluarga id_rumah_tangga ruta_6 id_ruta idruta no_kel_dtks idkeluarga "
        "id_dtks_keluarga nomor_urut_keluarga id_kk"),
    Column("status_hidup", "Status kependudukan", "kode",
        "stat_hidup status_dasar status_hidup keterangan_meninggal masih_hidup_label "
        "is_nonaktif status_kependudukan status_penduduk flag_status status_nik"),
    Column("padan", "Keterangan padan", "kode",
        "keterangan_padan status_padan ket_padan hasil_pemadanan padan hasil_padan"),
    Column("program", "Program bansos", "teks",
        "jenis_bansos program nama_program bansos program_bansos jenis_bantuan bantuan"),
    Column("pkh", "PKH", "tanda", "pkh penerima_pkh"),
    Column("bpnt", "BPNT/Sembako", "tanda",
        "bpnt sembako penerima_bpnt bpnt_sembako penerima_sembako"),
    Column("bst", "BST", "tanda", "bst penerima_bst"),
    Column("pbi", "PBI-JK", "tanda", "pbi pbi_jk pbi_nas penerima_pbi pbi_jkn"),
    Column("sk_pertama", "SK DTKS pertama", "teks", "first_sk sk_pertama masuk_sk_dtks_pertama"),
    Column("no_kks", "No KKS", "id", "no_kks nomor_kks kks"),
    Column("no_rekening", "No rekening", "id", "no_rekening nomor_rekening norek rekening"),
    Column("tahap", "Tahap salur", "teks",
        "tahap tahap_salur tahap_penyaluran tahap_bayar tahap_pencairan termin periode_salur "
        "bulan_salur periode_penyaluran periode_bayar"),
    Column("nominal", "Nominal", "teks", "nominal jumlah_bantuan nilai_bantuan"),
    Column("desil", "Desil", "kode", "desil desil_nasional percentile desil_kesejahteraan"),
    Column("tanggal_peristiwa", "Tanggal peristiwa", "tanggal",
        "tgl_peristiwa tanggal_kejadian tanggal_peristiwa tgl_mati tanggal_mati tgl_pindah "
        "tanggal_pindah tanggal_meninggal tgl_meninggal tgl_datang tanggal_datang tgl_kejadian "
        "tanggal_kematian tgl_kematian tgl_wafat tanggal_wafat tgl_surat_pindah"),
    Column("tanggal_lapor", "Tanggal lapor", "tanggal",
        "tgl_lapor tanggal_lapor tgl_entri tgl_pelaporan"),
    Column("no_peristiwa", "No akta/surat", "teks",
        "no_akta_mati nomor_akta no_akta nomor_akta_kematian no_akta_kematian no_pindah "
        "no_skpwni nomor_surat_pindah no_surat_pindah no_registrasi_kejadian no_datang "
        "nomor_skpwni no_surat no_surat_kematian"),
    Column("jenis_peristiwa", "Jenis peristiwa", "kode",
        "kode_peristiwa jenis_peristiwa jenis_kepindahan jenis_pindah klasifikasi_pindah "
        "peristiwa jenis_mutasi klas_pindah"),
    Column("alamat_tujuan", "Alamat tujuan", "teks",
        "alamat_tujuan tujuan dest_alamat alamat_pindah"),
    Column("provinsi_tujuan", "Provinsi tujuan", "teks",
        "provinsi_tujuan prop_tujuan nama_prop_tujuan dest_prop_name"),
    Column("kabupaten_tujuan", "Kabupaten tujuan", "teks",
        "kabupaten_tujuan kab_tujuan kab_kota_tujuan nama_kab_tujuan kabupaten_kota_tujuan "
        "dest_kab_name"),
    Column("kecamatan_tujuan", "Kecamatan tujuan", "teks",
        "kecamatan_tujuan kec_tujuan nama_kec_tujuan dest_kec_name"),
    Column("desa_tujuan", "Desa tujuan", "teks",
        "desa_tujuan kel_tujuan nama_kel_tujuan kelurahan_tujuan desa_kel_tujuan "
        "desa_kelurahan_tujuan dest_kel_name"),
    Column("kode_wilayah_tujuan", "Kode wilayah tujuan", "kode",
        "kode_wilayah_tujuan kode_tujuan kode_desa_tujuan"),
    Column("nokk_tujuan", "No KK tujuan", "nokk", "no_kk_tujuan nokk_tujuan no_kk_baru"),
    Column("alasan", "Alasan", "teks", "alasan_pindah alasan sebab_kematian sebab_mati"),
    Column("keterangan", "Keterangan", "teks", "keterangan ket catatan"),
    Column("foto_ktp", "Foto KTP", "teks",
        "foto_ktp file_ktp ktp_foto scan_ktp gambar_ktp nama_file_ktp berkas_ktp file_foto_ktp"),
    Column("foto_rumah", "Foto rumah", "teks",
        "foto_rumah file_rumah rumah_foto gambar_rumah foto_depan_rumah nama_file_rumah "
        "berkas_rumah file_foto_rumah"),
    Column("rt_rw", "RT/RW", "teks",
        "rt_rw no_rt_rw rtrw rt_dan_rw rt_rw_ktp rw_rt", parts=("rt", "rw")),
    Column("ttl", "Tempat, tanggal lahir", "teks",
        "ttl tempat_tanggal_lahir tempat_tgl_lahir tempat_dan_tanggal_lahir tmpt_tgl_lahir "
        "tempat_tgl_lhr tmpt_tgl_lhr", parts=("tempat_lahir", "tanggal_lahir")),
)
# fmt: on

COLUMN = {column.name: column for column in COLUMNS}
FIELDS = tuple(column.name for column in COLUMNS if not column.parts)
"""Every field a record can carry; the reader gives each as `<field>_asal`, as typed."""


def header_key(header: str) -> str:
    """Return a header as aliases are written: lower case, `(2)` dropped, other signs as `_`."""
    plain = unicodedata.normalize("NFKC", header).casefold().strip()
    without_index = re.sub(r"\s*\(\d+\)\s*$", "", plain)
    return re.sub(r"[^0-9a-z]+", "_", without_index).strip("_")


ALIASES = {alias: column.name for column in COLUMNS for alias in column.aliases}
