"""What a synthetic world is made from: its size, seed, reference date, and every rate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

WORLD_RATES: dict[str, float] = {
    # families and names
    "kembar": 0.012,  # second child of a pair of neighbours who is a twin
    "nama_ayah_sama": 0.003,  # sons who bear their father's whole name
    "nama_ayah_ikut": 0.04,  # children with their father's name as last word
    "ejaan_lama": 0.05,  # born before 1955 and written the old way in the civil registry
    "tanggal_baku": 1.0,  # multiplies the share of the old with 1 January, 31 December, 1 July
    # civil registry
    "nik_daerah_lain": 1.0,  # multiplies the share first registered elsewhere
    "nik_tanggal_beda": 0.015,  # NIK encodes another date than the birth date
    "registri_ibu_kosong": 0.03,
    "registri_ibu_lain": 0.02,  # mother written differently from her own entry
    "registri_rt_kosong": 0.02,
    "register_tanpa_biodata": 0.03,  # of the dead who are reported: only in the death register
    # events
    "meninggal": 0.012,  # of everybody, in the ten years before the reference date, by age
    "mati_dilaporkan": 0.62,
    "mati_tanpa_nik": 0.16,  # of the reported
    "mati_nik_salah": 0.03,
    "pindah_keluar": 0.012,
    "pindah_dalam": 0.012,
    "pindah_dilaporkan": 0.68,
    "pindah_tanpa_nik": 0.06,
    "pindah_kembali": 0.05,  # of those who left and reported it: came back and reported that
    "biodata_tertinggal": 0.35,  # of the moves inside: biodata still shows the old address
    # register
    "keluarga_sebagian": 0.3,  # of the listed families: only some members are listed
    "tidak_tercatat": 0.022,  # listed persons who are in no civil-registry extract
    "keluarga_tidak_tercatat": 0.004,
    "ganda_persis": 0.004,  # records copied exactly, id and all
    "ganda_nik": 0.008,  # same person listed again under the same NIK
    "ganda_dua_nik": 0.005,  # … under another NIK
    "ganda_desa_lain": 0.005,  # … in another desa
    "rumah_lama": 0.04,  # listed at an earlier address in another desa of the kabupaten
}
"""Rates of the world itself; `dirtiness` leaves them alone."""

FAULT_RATES: dict[str, float] = {
    # NIK: lost or changed
    "nik_kosong": 0.016, "nik_sentinel": 0.003, "nik_sementara": 0.003, "nik_tersamar": 0.001,
    "nik_ilmiah": 0.002, "nik_digit16": 0.004, "nik_huruf": 0.003, "nik_14_digit": 0.001,
    "nik_15_digit": 0.005, "nik_17_digit": 0.003, "nik_satu_digit": 0.013,
    "nik_tertukar_digit": 0.006, "nik_dua_digit": 0.002, "nik_tanpa_40": 0.001,
    "nik_pasangan": 0.004,
    "nik_keluarga": 0.003, "nik_orang_lain": 0.003, "nik_isi_nokk": 0.003, "nik_lama": 0.004,
    "nik_dua_nilai": 0.001,
    # NIK: still readable
    "nik_ekor_float": 0.001, "nik_apostrof": 0.004, "nik_pemisah": 0.003, "nik_spasi": 0.006,
    # No KK
    "nokk_lama": 0.10, "nokk_kosong": 0.02, "nokk_sentinel": 0.005, "nokk_ilmiah": 0.002,
    "nokk_digit16": 0.004, "nokk_huruf": 0.002, "nokk_15_digit": 0.005, "nokk_17_digit": 0.003,
    "nokk_satu_digit": 0.012, "nokk_tertukar_digit": 0.005, "nokk_isi_nik": 0.004,
    "nokk_spasi": 0.004, "nokk_apostrof": 0.003,
    "kolom_tertukar": 0.003,  # NIK and No KK exchanged
    # whole submissions, one column at a time
    "blok_nik_digit16": 0.012, "blok_nik_ilmiah": 0.003, "blok_nik_apostrof": 0.01,
    "blok_nokk_digit16": 0.015, "blok_nokk_ilmiah": 0.003, "blok_huruf_kecil": 0.03,
    "blok_tahun_dua_digit": 0.02, "blok_kolom_tertukar": 0.004,
    # names
    "nama_kosong": 0.0007, "nama_gelar": 0.016, "nama_varian": 0.045, "nama_ejaan_lama": 0.006,
    "nama_ejaan_rakyat": 0.014, "nama_alias": 0.005, "nama_bin": 0.005, "nama_kurang_kata": 0.012,
    "nama_tambah_kata": 0.005, "nama_urutan": 0.004, "nama_gabung": 0.008, "nama_pisah": 0.004,
    "nama_typo": 0.03, "nama_typo_dua": 0.004, "nama_panggilan": 0.005, "nama_ibu_dalam": 0.003,
    "nama_inisial": 0.010, "nama_terpotong": 0.004, "nama_angka": 0.0007, "nama_lain": 0.001,
    "nama_huruf_kecil": 0.02, "nama_spasi": 0.012, "nama_tanda_baca": 0.006,
    # dates
    "tanggal_kosong": 0.005, "tanggal_nol": 0.001, "tanggal_tukar": 0.007, "tanggal_tahun": 0.008,
    "tanggal_tahun_jauh": 0.002, "tanggal_hari": 0.009, "tanggal_bulan": 0.006,
    "tanggal_baku": 0.011, "tanggal_mustahil": 0.0015, "tanggal_tahun_saja": 0.001,
    "tanggal_format": 0.03, "tanggal_serial": 0.003, "tanggal_jam": 0.006,
    # the rest of the person
    "jk_salah": 0.008, "jk_kosong": 0.005, "jk_bentuk": 0.03, "ibu_kosong": 0.10,
    "ibu_pengganti": 0.03, "ibu_varian": 0.02, "ibu_typo": 0.03, "ibu_kurang_kata": 0.03,
    "ibu_gelar": 0.01, "ibu_ejaan_rakyat": 0.01, "tempat_awalan": 0.06, "tempat_ejaan": 0.03,
    "tempat_kosong": 0.03, "tempat_desa": 0.05, "hubungan_salah": 0.02, "hubungan_kosong": 0.01,
    # places
    "alamat_lama": 0.10, "alamat_kosong": 0.01, "alamat_typo": 0.03, "rt_bentuk": 0.05,
    "rt_salah": 0.04, "rt_kosong": 0.02, "rw_bentuk": 0.05, "rw_kosong": 0.02,
    "desa_awalan": 0.03, "desa_ejaan": 0.02, "desa_kosong": 0.004, "desa_lain": 0.003,
    "kecamatan_awalan": 0.02, "kecamatan_ejaan": 0.01, "kecamatan_kosong": 0.001,
}  # fmt: skip
"""Rates of damage per cell (`blok_…`: per desa submission); `dirtiness` multiplies them."""


@dataclass(frozen=True)
class Rates:
    """Every rate of the world: the defaults, `dirtiness` times the damage, single ones `given`.

    ValueError for a name that is in neither table and for a rate below 0.
    """

    dirtiness: float = 1.0
    given: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = set(self.given) - set(WORLD_RATES) - set(FAULT_RATES)
        negative = {name for name, rate in self.given.items() if rate < 0}
        if unknown or negative or self.dirtiness < 0:
            raise ValueError(f"unknown rates {sorted(unknown)}, negative {sorted(negative)}")

    def __getitem__(self, name: str) -> float:
        """Return one rate; a given one is taken as it stands."""
        if name in self.given:
            return self.given[name]
        return WORLD_RATES[name] if name in WORLD_RATES else self.fault(name)

    def fault(self, name: str) -> float:
        """Return the rate of one kind of damage, at most 1."""
        rate = self.given.get(name, FAULT_RATES[name] * self.dirtiness)
        return min(rate, 1.0)


@dataclass(frozen=True)
class Settings:
    """One world: the same settings always give the same bytes."""

    seed: int = 1
    kabupaten: tuple[str, ...] = ("3201",)
    """Kemendagri codes of four digits; the people are spread over their desa."""
    kecamatan: int | None = None
    """Only so many kecamatan of each kabupaten (the first by code); None = all."""
    desa: int | None = None
    """Only so many desa of each kecamatan."""
    persons: int = 20_000
    records: int = 2_000
    rates: Rates = field(default_factory=Rates)
    today: date = date(2026, 10, 31)
    """The day the extracts were made."""
    messy: bool = False
    """Write the register the way it arrives instead of one clean CSV per kecamatan."""
    files: Literal["kecamatan", "satu"] = "kecamatan"
    """Clean layout only: one CSV per kecamatan, or one in all."""
    biodata: Literal["csv", "parquet"] = "csv"

    def __post_init__(self) -> None:
        if self.persons < 1 or not 0 < self.records <= 0.7 * self.persons:
            raise ValueError(f"{self.records} records of {self.persons} persons: at most 70 %")


PRESETS: dict[str, Settings] = {
    "desa": Settings(kecamatan=1, desa=1, persons=5_000, records=1_500),
    "kecamatan": Settings(kecamatan=1, persons=60_000, records=15_000),
    "kabupaten": Settings(persons=5_000_000, records=392_614),
}
"""Ready sizes; change single settings with `preset(name, seed=…)`."""


def preset(name: str, **changes: object) -> Settings:
    """Return a ready size with single settings changed; KeyError for a name there is not."""
    return replace(PRESETS[name], **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Summary:
    """What was written."""

    persons: int
    """Rows of biodata."""
    deaths: int
    """Rows of the death register."""
    moves: int
    """Rows of the register of departures."""
    arrivals: int
    records: int
    """Person lines in the register files."""
    faults: int
    """Damaged cells in `truth/faults.parquet`."""
    files: tuple[str, ...]
    """Everything written, relative to the output folder."""
