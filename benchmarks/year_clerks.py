"""The clerks of the simulated year: what they answer, what they get wrong, what becomes of a sheet.

A clerk knows the people (`year_world.Person`) and is wrong in a known share of rows. Every answer
is kept (`Said`), so that nothing `apply` does with it goes unnoticed.
"""

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from year_world import Line, Person, World

FIRST_ROW = 6
TABS = {"UBAH": "ubah", "HAPUS_GANTI": "hapus_ganti", "GANDA": "ganda", "VERIFIKASI": "verifikasi"}
REFUSED = frozenset({"*"})
"""`Said.must`: refused, for whatever reason."""

Answer = dict[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """One row as a clerk filled it in."""

    file: str
    sheet: str
    key: tuple[str, str]
    """record_id and what else tells the question: column, the pair's other record, or nothing."""
    answer: Answer
    kind: str
    """`benar`, or which mistake it is."""
    must: frozenset[str]
    """Problems of which one has to be found; REFUSED for any; empty where apply cannot know."""


@dataclass(frozen=True)
class Asked:
    """A row of a workbook: where, and what it shows."""

    tab: str
    number: int
    row: Row

    @property
    def key(self) -> tuple[str, str]:
        """What tells the question from all others on its sheet."""
        other = {"UBAH": "column", "GANDA": "record_id_kiri"}.get(self.tab, "")
        return str(self.row["record_id"]), str(self.row.get(other) or "")


class Clerks:
    """Fill in a month's workbooks; `lines` says which line of the register a record id is."""

    def __init__(self, world: World, lines: Mapping[str, Line], seed: str) -> None:
        self.world, self.lines = world, lines
        self.chance = random.Random(seed)

    def person(self, record_id: object) -> Person:
        """Return whom a record is about."""
        return self.world.person(self.lines[str(record_id)])

    def right(self, asked: Asked) -> Answer:
        """Return what a careful clerk writes into a row."""
        return RIGHT[asked.tab](self, asked.row)

    def wrong(self, asked: Asked) -> tuple[Answer, str, frozenset[str]]:
        """Return a mistake: the answer, its name, what `apply` has to say to it."""
        possible = [
            m for m in MISTAKES if asked.tab in m.tabs and (not m.fits or m.fits(asked.row))
        ]
        mistake = self.chance.choice(possible)
        nik = {mistake.nik: mistake.make(self, asked.row)} if mistake.make else {}
        return {**mistake.answer, **nik}, mistake.kind, mistake.must


def _ubah(clerks: Clerks, row: Row) -> Answer:
    truth = clerks.person(row["record_id"]).fact(row["column"])
    old, new = row.get("lama"), row.get("baru")
    if truth is None or _same(new, truth):
        return {"keputusan": "SETUJU"}
    if _same(old, truth):
        return {"keputusan": "TETAP NILAI LAMA"}
    if row["column"] in ("nik", "nokk", "tanggal_lahir"):
        return {"keputusan": "NILAI LAIN", "nilai_lain": truth}
    return {"keputusan": "SETUJU"}


def _hapus_ganti(clerks: Clerks, row: Row) -> Answer:
    person = clerks.person(row["record_id"])
    if not person.gone:
        return {"keputusan": "TETAP"}
    reason = "TL01 - Meninggal" if person.status == "meninggal" else "TL02"
    return {"keputusan": row["usulan"], "alasan": reason, "no_bukti": "SK/470/17"}


def _ganda(clerks: Clerks, row: Row) -> Answer:
    both = {clerks.lines[str(row[key])].who for key in ("record_id", "record_id_kiri")}
    return {"keputusan": "BUKAN GANDA" if len(both) == 2 else "GANDA - HAPUS KANAN"}


def _verifikasi(clerks: Clerks, row: Row) -> Answer:
    line = clerks.lines[str(row["record_id"])]
    person = clerks.world.person(line)
    if person.status == "meninggal":
        return {"keputusan": "MENINGGAL", "no_bukti": "SKM 12/2026"}
    if person.status == "pindah_keluar":
        return {"keputusan": "PINDAH", "no_bukti": "SKPWNI 4/2026"}
    shown = [str(row.get(f"kandidat_{place}_nik") or "") for place in (1, 2, 3)]
    if person.nik in shown:
        return {"keputusan": f"ORANGNYA KANDIDAT {shown.index(person.nik) + 1}"}
    if _same(line.cells["NIK"], person.nik):
        unknown = person.nik not in clerks.world.biodata
        return {"keputusan": "AJUKAN KONSOLIDASI" if unknown else "DATA SUDAH BENAR"}
    return {"keputusan": "PERBAIKI", "nik_benar": person.nik}


RIGHT: dict[str, Callable[[Clerks, Row], Answer]] = {
    "UBAH": _ubah, "HAPUS_GANTI": _hapus_ganti, "GANDA": _ganda, "VERIFIKASI": _verifikasi,
}  # fmt: skip


def _same(text: object, truth: str) -> bool:
    """Return whether a cell says what is true, whatever it is written with."""
    plain = "".join(c for c in str(text or "").upper() if c.isalnum())
    return plain == "".join(c for c in truth.upper() if c.isalnum())


def _strangers_nik(clerks: Clerks, row: Row) -> str:
    """Return the NIK typed for somebody else in the register, who has another name."""
    own = clerks.person(row["record_id"])
    while True:
        line = clerks.chance.choice(clerks.world.lines)
        other = clerks.world.person(line)
        alike = set(other.nama.split()) & set(own.nama.split())
        typed = line.cells["NIK"]
        if not alike and typed == other.nik and not other.gone:
            return typed


def _invalid_nik(clerks: Clerks, row: Row) -> str:
    nik = clerks.person(row["record_id"]).nik or "3201014107900001"
    return clerks.chance.choice([nik[:-1], nik[:6] + "99" + nik[8:], "0" * 16, nik + "7"])


def _on_nik(row: Row) -> bool:
    return row.get("column") == "nik"


def _without_third(row: Row) -> bool:
    return not row.get("kandidat_3_nik")


def _without_event(row: Row) -> bool:
    return not row.get("no_peristiwa")


@dataclass(frozen=True)
class Mistake:
    """Something a clerk gets wrong, and what `apply` has to find."""

    tabs: tuple[str, ...]
    kind: str
    answer: Answer
    must: frozenset[str] = frozenset()
    nik: str = ""
    """Cell that gets a NIK made by `make`."""
    make: Callable[[Clerks, Row], str] | None = None
    fits: Callable[[Row], bool] | None = None
    """On which rows; None for all."""


OTHER = {"keputusan": "NILAI LAIN"}
HEIR = {"keputusan": "GANTI", "alasan": "TL11", "nik_pengganti": "3201014107900001",
        "nama_pengganti": "TIDAK ADA"}  # fmt: skip
U, H, G, V = (("UBAH",), ("HAPUS_GANTI",), ("GANDA",), ("VERIFIKASI",))
MISTAKES: tuple[Mistake, ...] = (
    Mistake(tuple(TABS), "kata asing", {"keputusan": "sdh dicek"}, frozenset({"kata"})),
    Mistake(U, "nilai lain kosong", OTHER, frozenset({"tanpa_nilai"})),
    Mistake(U, "NIK tidak sah", OTHER, REFUSED, "nilai_lain", _invalid_nik, _on_nik),
    Mistake(U, "NIK orang lain", OTHER, REFUSED, "nilai_lain", _strangers_nik, _on_nik),
    Mistake(U, "NIK sebagai angka", {**OTHER, "nilai_lain": 3201014107900010},
            frozenset({"angka"}), fits=_on_nik),
    Mistake(U, "keputusan keliru", {"keputusan": "TETAP NILAI LAMA"}),
    Mistake(U, "keputusan kosong", {"nilai_lain": "X"}, frozenset({"tanpa_keputusan"})),
    Mistake(H, "tanpa alasan", {"keputusan": "HAPUS"}, frozenset({"tanpa_alasan"})),
    Mistake(H, "kode TL asing", {"keputusan": "HAPUS", "alasan": "TL77 - lain"},
            frozenset({"alasan_asing"})),
    Mistake(H, "tanpa bukti", {"keputusan": "HAPUS", "alasan": "TL01"},
            frozenset({"tanpa_bukti"}), fits=_without_event),
    Mistake(H, "pengganti tak dikenal", HEIR, REFUSED),
    Mistake(H, "keputusan keliru", {"keputusan": "HAPUS", "alasan": "TL03"}),
    Mistake(G, "keputusan keliru", {"keputusan": "GANDA - HAPUS KIRI"}),
    Mistake(V, "kandidat tidak ada", {"keputusan": "ORANGNYA KANDIDAT 3"},
            frozenset({"tanpa_kandidat"}), fits=_without_third),
    Mistake(V, "perbaikan kosong", {"keputusan": "PERBAIKI"}, frozenset({"tanpa_perbaikan"})),
    Mistake(V, "tanpa alasan", {"keputusan": "TIDAK LAYAK"}, frozenset({"tanpa_alasan"})),
    Mistake(V, "NIK tidak sah", {"keputusan": "PERBAIKI"}, REFUSED, "nik_benar", _invalid_nik),
    Mistake(V, "NIK orang lain", {"keputusan": "PERBAIKI"}, REFUSED, "nik_benar", _strangers_nik),
    Mistake(V, "keputusan keliru", {"keputusan": "TIDAK DITEMUKAN"}),
)  # fmt: skip


def asked_in(book: Any) -> Iterator[Asked]:
    """Yield the rows of a workbook that ask something."""
    for tab in TABS:
        keys = [cell.value for cell in book[tab][1]]
        rows = book[tab].iter_rows(min_row=FIRST_ROW, values_only=True)
        for number, values in enumerate(rows, start=FIRST_ROW):
            row = dict(zip(keys, values, strict=True))
            if row.get("record_id"):
                yield Asked(tab, number, row)


def put(book: Any, asked: Asked, answer: Answer) -> None:
    """Write an answer into its row."""
    sheet = book[asked.tab]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for key, text in answer.items():
        sheet.cell(asked.number, columns[key]).value = text


def sort_rows(sheet: Any, chance: random.Random) -> None:
    """Sort a sheet's rows as a filter's arrow does: contents move, formats stay."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    chance.shuffle(rows)
    for number, values in enumerate(rows, start=FIRST_ROW):
        for column, value in enumerate(values, start=1):
            sheet.cell(number, column).value = value


def disturb(book: Any, chance: random.Random) -> None:
    """Do to a filled workbook what people do: sort, filter, hide, insert, take hidden rows away."""
    sort_rows(book["UBAH"], chance)
    book["UBAH"].insert_rows(FIRST_ROW + 1)
    book["UBAH"].cell(FIRST_ROW + 1, 5).value = "catatan: sudah ke rumah"
    book["UBAH"].row_dimensions[FIRST_ROW].hidden = True
    book["VERIFIKASI"].column_dimensions["B"].hidden = True
    book["HAPUS_GANTI"].delete_rows(1)
    book["GANDA"].title = "ganda (dicek)"


def resaved(path: Path, profile: Path) -> bool:
    """Have LibreOffice open a workbook and save it again in place; False where it is missing."""
    if not shutil.which("soffice"):
        return False
    out = path.parent / ".lo"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    (out / path.name).replace(path)
    out.rmdir()
    return True
