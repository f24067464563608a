"""Filling correction workbooks in as clerks do, and doing to them what clerks do."""

from datetime import date

import openpyxl

from dtkstool.pipeline.applying import Order, apply
from tests.workbooks import decision, record, write

FIRST_ROW = 6


def keys(worksheet):
    """Return column key → column number of a work sheet."""
    return {cell.value: cell.column for cell in worksheet[1] if cell.value}


def data_rows(worksheet):
    """Yield (row number, {key: value}) of the data rows."""
    at = keys(worksheet)
    for row in range(FIRST_ROW, worksheet.max_row + 1):
        values = {key: worksheet.cell(row, column).value for key, column in at.items()}
        if values.get("record_id"):
            yield row, values


def fill(path, answers, target=None, who="Siti"):
    """Fill the workbook at `path`; `answers(sheet, row values)` gives {key: text} or None.

    Written to `target`, else in place. Return how many rows were filled.
    """
    book = openpyxl.load_workbook(path)
    filled = 0
    for name in ("UBAH", "HAPUS_GANTI", "GANDA", "VERIFIKASI"):
        sheet = book[name]
        at = keys(sheet)
        for row, values in data_rows(sheet):
            given = answers(name, values)
            for key, text in (given or {}).items():
                cell = sheet.cell(row, at[key])
                cell.value = text
                if isinstance(text, str):
                    cell.data_type = "s"  # what looks like a formula was typed into a text cell
            filled += bool(given)
    book["PETUNJUK"]["B6"] = who
    book.save(target or path)
    return filled


PEOPLE = {
    "A1": ("3201014107900001", "SITI AMINAH", "01-07-1990", "P"),
    "B2": ("3201011203850002", "RUDI HARTONO", "12-03-1985", "L"),
    "C3": ("3201010505780003", "BAMBANG SUSILO", "05-05-1978", "L"),
    "D4": ("3201016606000004", "DEWI LESTARI", "26-06-2000", "P"),
}
"""id → NIK, name, birth date, sex of the register's people."""
HEADER = ["ID DTKS", "NIK", "No KK", "Nama", "Tanggal Lahir", "JK", "Alamat", "Desa", "Kecamatan"]
FAMILY = "3201011203080005"
NEW_NIK = "3201014107900009"


def crowd(count):
    """Return that many women P01, P02 … born on 1 July 1990, in the shape of PEOPLE."""
    first, last = ("ANI", "BUNGA", "CITRA", "DIAN", "EKA"), ("PUTRI", "SARI", "WATI", "NINGSIH")
    return {
        f"P{n:02}": (
            f"320101410790{n + 100:04}",
            f"{first[n % 5]} {last[n % 4]}",
            "01-07-1990",
            "P",
        )
        for n in range(1, count + 1)
    }


def one_each(answers):
    """Return an answerer for `fill` that gives each of the people the next of the answers."""
    by_id = {f"P{n:02}": answer for n, answer in enumerate(answers, start=1)}
    return lambda sheet, row: by_id[row["record_id"]]


def by_person(applied):
    """Return `hasil` or `problem` of every decision, in the order of record ids."""
    return outcomes_of(applied.decisions.sort("record_id"))


def lines(people=PEOPLE, separator=","):
    """Return the register as text lines, header first."""
    rows = [
        (id_dtks, nik, FAMILY, nama, lahir, jk, "JL. MELATI", "PONDOK RAJEG", "CIBINONG")
        for id_dtks, (nik, nama, lahir, jk) in people.items()
    ]
    return [separator.join(row) for row in (HEADER, *rows)]


def as_records(people=PEOPLE):
    """Return the rows that `tests.workbooks.write` takes for these people."""
    return [
        record(id_dtks, nama, nik, id_dtks=id_dtks, nokk_asal=FAMILY, source_file="dtks.csv")
        for id_dtks, (nik, nama, _, _) in people.items()
    ]


def office(tmp_path, cases, changes=(), duplicates=(), candidates=(), people=PEOPLE, text=None):
    """Write a register `dtks.csv` and its workbook; return the workbook's path.

    `cases` gives id → (action, status); everybody else stays.
    """
    (tmp_path / "dtks.csv").write_bytes((text or "\r\n".join(lines(people)) + "\r\n").encode())
    decisions = [decision(i, *cases.get(i, ("tetap", "padan"))) for i in people]
    write(tmp_path, as_records(people), decisions, changes, duplicates, candidates)
    (book,) = (tmp_path / "koreksi").rglob("*.xlsx")
    return book


def bring_back(tmp_path, *sheets, to="dtks.csv", out="hasil", registry=None):
    """Apply filled workbooks to the register in `tmp_path`; return what `apply` gives."""
    order = Order(
        [str(path) for path in sheets], [str(tmp_path / to)], tmp_path / out, registry, None,
        date(2026, 11, 1), "id",
    )  # fmt: skip
    return apply(order)


def outcomes(applied):
    """Return `hasil` or `problem` of every decision, in order."""
    return outcomes_of(applied.decisions)


def outcomes_of(decisions):
    return [hasil or problem for hasil, problem in decisions.select("hasil", "problem").rows()]


def corrected(tmp_path, name="dtks.csv", out="hasil"):
    """Return the bytes of a file of the corrected register."""
    return (tmp_path / out / "register" / name).read_bytes()
