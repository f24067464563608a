"""The files of the other world: five layouts of the list, and a registry's extracts."""

import csv
import datetime as dt
import random
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

import polars as pl
from xlsxwriter import Workbook

MONTHS = "Januari Pebruari Maret April Mei Juni Juli Agustus September Oktober Nopember Desember"
Row = dict
Layout = dict[str, Callable[[Row], object]]


def long_date(day: dt.date | None) -> str:
    """Write a date in words."""
    return "" if day is None else f"{day.day} {MONTHS.split()[day.month - 1]} {day.year}"


def short_date(day: dt.date | None) -> str:
    """Write a date with a two-digit year, as a clerk types it."""
    return "" if day is None else f"{day.day}/{day.month}/{day:%y}"


def iso(day: dt.date | None) -> str:
    """Write a date the ISO way."""
    return "" if day is None else day.isoformat()


def scientific(number: str) -> str:
    """Return what a spreadsheet leaves of a long number in a text file."""
    return f"{int(number):.5E}".replace(".", ",") if number.isdigit() and number else number


def typed_in_excel(number: str) -> object:
    """Return a NIK typed into a number cell: fifteen digits and a zero."""
    return int(number) // 10 * 10 if len(number) == 16 and number.isdigit() else number


FIELD: Layout = {
    "NO": lambda r: r["nomor"],
    "NAMA LENGKAP ART": lambda r: r["nama"],
    "NIK ART": lambda r: r["nik"],
    "No. Kartu Keluarga": lambda r: r["kk"],
    "Tempat, Tgl Lahir": lambda r: f"{r['tempat']}, {long_date(r['lahir'])}".strip(", "),
    "L/P": lambda r: r["jk"],
    "Status Hub. Keluarga": lambda r: r["hubungan"].title(),
    "Nama Ibu Kandung": lambda r: r["ibu"],
    "Alamat": lambda r: r["alamat"],
    "RT/RW": lambda r: f"{r['rt']:03}/{r['rw']:03}",
    "Desa/Kel.": lambda r: r["desa"],
    "Kec.": lambda r: r["kecamatan"],
    "ID Semesta": lambda r: r["id_dtks"],
}
DTSEN: Layout = {
    "id_individu": FIELD["ID Semesta"],
    "nomor_kartu_keluarga": FIELD["No. Kartu Keluarga"],
    "nomor_induk_kependudukan": FIELD["NIK ART"],
    "nama_lengkap": FIELD["NAMA LENGKAP ART"],
    "tempat_lahir": lambda r: r["tempat"],
    "tanggal_lahir": lambda r: iso(r["lahir"]),
    "kd_jenis_kelamin": lambda r: "12"[r["jk"] == "P"],
    "nama_ibu_kandung": FIELD["Nama Ibu Kandung"],
    "kelurahan_desa": FIELD["Desa/Kel."],
    "kecamatan": lambda r: r["kecamatan"].upper(),
    "kode_kelurahan_desa": lambda r: r["kode"],
    "desil_nasional": lambda r: int(r["rt"]) % 4 + 1,
}
PROGRAMME: Layout = {
    "NO": FIELD["NO"],
    "NO_PESERTA": FIELD["ID Semesta"],
    "NAMA PENGURUS": FIELD["NAMA LENGKAP ART"],
    "NIK PENGURUS": FIELD["NIK ART"],
    "NKK": FIELD["No. Kartu Keluarga"],
    "TMP LAHIR": lambda r: r["tempat"],
    "TGL LAHIR": lambda r: short_date(r["lahir"]),
    "JENIS KELAMIN": lambda r: {"L": "Laki-Laki", "P": "Perempuan"}[r["jk"]],
    "IBU KANDUNG": FIELD["Nama Ibu Kandung"],
    "DUSUN/LINGKUNGAN": FIELD["Alamat"],
    "DESA": lambda r: f"DESA {r['desa']}".upper(),
    "KECAMATAN": lambda r: f"KEC. {r['kecamatan']}".upper(),
    "PKH": lambda r: "YA" if r["rw"] % 2 else "TIDAK",
}
SURVEY: Layout = {
    "Kecamatan": FIELD["Kec."],
    "Kelurahan": FIELD["Desa/Kel."],
    "NIK KTP": FIELD["NIK ART"],
    "NO KK": FIELD["No. Kartu Keluarga"],
    "NAMA SESUAI KTP": FIELD["NAMA LENGKAP ART"],
    "KOTA LAHIR": lambda r: r["tempat"].title(),
    "TGL. LAHIR": lambda r: r["lahir"] or "",
    "Gender": lambda r: {"L": "Pria", "P": "Wanita"}[r["jk"]],
    "NAMA IBU": FIELD["Nama Ibu Kandung"],
    "JENIS BANSOS": lambda r: "SEMBAKO" if r["rt"] % 2 else "PKH",
}
POOR: Layout = {
    "nik": FIELD["NIK ART"],
    "nama": lambda r: r["nama"].title(),
    "ttl": lambda r: f"{r['tempat'].title()} / {iso(r['lahir'])}",
    "jk": FIELD["L/P"],
    "alamat lengkap": lambda r: (
        f"{r['alamat']} RT {r['rt']} RW {r['rw']} DESA {r['desa'].upper()} "
        f"KEC. {r['kecamatan'].upper()}"
    ),
    "kecamatan": FIELD["Kec."],
}
EXCEL = {**SURVEY, "NIK KTP": lambda r: typed_in_excel(r["nik"])}
RESAVED = {
    **PROGRAMME,
    "NIK PENGURUS": lambda r: scientific(r["nik"]),
    "NKK": lambda r: scientific(r["kk"]),
}


def write_dtks(rng: random.Random, records: list[Row], folder: Path) -> None:
    """Write one file per kecamatan, and set where each record stands."""
    rng.shuffle(records)
    for number, row in enumerate(records):
        row |= {"record": number, "id_dtks": f"IDV{rng.randrange(16**9):09X}"}
    records.sort(key=lambda row: (row["kode"], row["kk"]))
    for turn, (code, part) in enumerate(groupby(records, key=lambda row: row["kode"][:6])):
        rows = list(part)
        stem = f"{code} {rows[0]['kecamatan'].replace(' ', '_')}"
        if turn % 6 == 0:
            sheets = [list(desa) for _, desa in groupby(rows, key=lambda row: row["kode"])]
            workbook(folder / f"Verval_{stem}.xlsx", FIELD, sheets, titles=4)
        elif turn % 6 == 1:
            text(folder / f"dtsen_v3_{stem}.csv", DTSEN, rows, "|", "cp1252")
        elif turn % 6 == 2:
            layout = RESAVED if turn == 2 else PROGRAMME
            text(folder / f"KPM {stem}.csv", layout, rows, ";", "utf-8-sig")
        elif turn % 6 == 4:
            text(folder / f"usulan {stem}.txt", POOR, rows, "\t", "utf-16")
        else:
            layout = EXCEL if turn == 3 else SURVEY
            workbook(folder / f"Data_{stem}.xlsx", layout, [rows], titles=0)
            for row in rows if turn == 3 else ():
                row["corruptions"] = [*row["corruptions"], "nik_excel"]
        for row in rows if turn == 2 else ():
            row["corruptions"] = [*row["corruptions"], "nik_ilmiah"]


def workbook(path: Path, layout: Layout, sheets: list[list[Row]], titles: int) -> None:
    """Write a workbook, a sheet a desa, a title block above the header and a total below."""
    with Workbook(path) as book:
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        for rows in sheets:
            place = "Sheet1" if titles == 0 else f"{rows[0]['kode'][6:]} {rows[0]['desa']}"[:31]
            sheet = book.add_worksheet(place)
            for line in range(max(0, titles - 1)):
                sheet.write_string(
                    line, 0, ("DAFTAR PENERIMA", f"DESA {place}", "TAHUN 2026")[line]
                )
            sheet.write_row(titles, 0, list(layout))
            for number, row in enumerate(rows, 1):
                row |= {"nomor": number, "source_file": path.name, "sheet": place}
                row["row"] = titles + number + 1
                for column, value in enumerate(cells(layout, row)):
                    if isinstance(value, dt.date):
                        sheet.write_datetime(titles + number, column, value, date)
                    else:
                        sheet.write(titles + number, column, value)
            if titles:
                sheet.write_row(titles + len(rows) + 2, 0, ["JUMLAH", len(rows)])


def text(path: Path, layout: Layout, rows: list[Row], delimiter: str, encoding: str) -> None:
    """Write a text file."""
    with path.open("w", encoding=encoding, errors="replace", newline="") as out:
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(layout)
        for number, row in enumerate(rows, 1):
            row |= {"nomor": number, "source_file": path.name, "sheet": "", "row": number + 1}
            writer.writerow(cells(layout, row))


def cells(layout: Layout, row: Row) -> Iterable[object]:
    """Return a record's cells in a layout."""
    return [cell(row) for cell in layout.values()]


def write_registry(rng: random.Random, world, folder: Path) -> None:
    """Write biodata in two layouts, and the registers of deaths and moves."""
    people = [p for p in world.people if p.get("in_registry", True)]
    modern, old = people[: len(people) // 2], people[len(people) // 2 :]
    pl.DataFrame([biodata(p) for p in modern]).write_parquet(folder / "penduduk_1.parquet")
    with (folder / "penduduk_2.txt").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter="|")
        writer.writerow(extract(old[0]))
        writer.writerows(extract(p).values() for p in old)
    gone = [p for p in world.people if p["reported"] == "register"]
    died = [p for p in gone if p["status"] == "meninggal"]
    strangers = [
        death(rng, world, p | {"nik": "", "nama": p["nama"]}) for p in namesakes(rng, world)
    ]
    table(folder / "kematian.xlsx", [*(death(rng, world, p) for p in died), *strangers])
    table(folder / "pindah.xlsx", [move(rng, world, p) for p in gone if p not in died])
    table(folder / "datang.xlsx", [arrival(p) for p in gone if p.get("kembali")])


def biodata(p: Row) -> Row:
    """Return a person as the modern extract has them."""
    return {
        "nik": p["nik"], "nkk": p["kk"], "nama_lgkp": p["nama"], "jns_klmin": p["jk"],
        "tmpt_lahir": p["tempat"], "tgl_lahir": p["lahir"], "nama_ibu": p["ibu"],
        "shdk": p["hubungan"], "alamat": p["alamat"], "rt": str(p["rt"]), "rw": str(p["rw"]),
        "kode_wilayah": p["kode"], "kel_name": p["desa"], "kec_name": p["kecamatan"],
    }  # fmt: skip


def extract(p: Row) -> Row:
    """Return a person as the old extract has them."""
    return {
        "No. KK": p["kk"], "N I K": p["nik"], "Nama Lengkap": p["nama"],
        "Tempat Lahir": p["tempat"], "Tanggal Lahir": f"{p['lahir']:%d-%m-%Y}",
        "Kelamin": {"L": "LAKI-LAKI", "P": "PEREMPUAN"}[p["jk"]], "Hub. Keluarga": p["hubungan"],
        "Ibu Kandung": p["ibu"], "Alamat": p["alamat"], "RT/RW": f"{p['rt']}/{p['rw']}",
        "Kelurahan": p["desa"], "Kecamatan": p["kecamatan"],
    }  # fmt: skip


def namesakes(rng: random.Random, world) -> list[Row]:
    """Return dead people of elsewhere who share a name with somebody here."""
    return [
        p | {"lahir": p["lahir"].replace(year=p["lahir"].year - 7, day=9), "ibu": "", "desa": ""}
        | {"pada": dt.date(2025, 6, 1)}
        for p in rng.sample(world.people, len(world.people) // 2000)
    ]  # fmt: skip


def death(rng: random.Random, world, p: Row) -> Row:
    """Return a line of the death register: often no NIK, sometimes the reporter's."""
    kin = [q["nik"] for q in world.people[max(0, p["person"] - 3) : p["person"] + 4]]
    kind = rng.random()
    nik = p["nik"] if kind < 0.6 else "" if kind < 0.88 else rng.choice(kin)
    return {
        "Nama Almarhum/ah": "Alm. " * (rng.random() < 0.3) + world.spelled(p["nama"], [], 0.7),
        "NIK": nik,
        "Tempat/Tgl Lahir": f"{p['tempat']}, {p['lahir']:%d-%m-%Y}" if rng.random() < 0.8 else "",
        "Jenis Kelamin": p["jk"],
        "Tgl Wafat": f"{p['pada']:%d/%m/%Y}",
        "Ibu Kandung": p["ibu"] if rng.random() < 0.5 else "",
        "Desa": p["desa"],
        "No. Akta": f"{p['kode'][:4]}-KM-{p['pada']:%d%m%Y}-{rng.randint(1, 99):04}",
    }


def move(rng: random.Random, world, p: Row) -> Row:
    """Return a line of the move register."""
    return {
        "No. Surat Pindah": f"SKPWNI/{p['kode'][:4]}/{p['pada']:%d%m%Y}/{rng.randint(1, 999):04}",
        "NIK": p["nik"] if rng.random() < 0.93 else "",
        "Nama": world.spelled(p["nama"], [], 0.5),
        "Tgl Lahir": p["lahir"],
        "No KK": p["kk"],
        "Tgl Pindah": p["pada"],
        "Kab/Kota Tujuan": rng.choice(["KOTA MAKASSAR", "KAB. MAROS", "KOTA SAMARINDA"]),
        "Jenis Kepindahan": "Antar Kab/Kota",
    }


def arrival(p: Row) -> Row:
    """Return a line of the register of arrivals, later than the move."""
    return {"NIK": p["nik"], "Nama": p["nama"], "No KK": p["kk"], "Tgl Lahir": p["lahir"]} | {
        "Tgl Datang": p["pada"] + dt.timedelta(days=20)
    }


def table(path: Path, rows: list[Row]) -> None:
    """Write rows as a workbook with a title."""
    with Workbook(path) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_string(0, 0, path.stem.upper())
        sheet.write_row(2, 0, list(rows[0]))
        for number, row in enumerate(rows, 3):
            for column, value in enumerate(row.values()):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, value, date)
                else:
                    sheet.write(number, column, value)
