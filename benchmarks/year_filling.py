"""A month's workbooks filled in, copied, shuffled, and saved by other programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from openpyxl import load_workbook
from year_clerks import TABS, Asked, Clerks, Said, asked_in, disturb, put, resaved

Rows = Mapping[tuple[str, tuple[str, str]], Asked]
"""Rows of a workbook by sheet and question."""


@dataclass(frozen=True)
class Habits:
    """How clerks work."""

    filled: float = 0.60
    wrong: float = 0.03
    libreoffice: int = 1
    """Workbooks a month that LibreOffice saves again."""
    disturbed: int = 3
    """Workbooks a month that are sorted, filtered, given new rows."""
    copied: int = 2
    """Workbooks a month of which a second copy comes back, contradicting itself in places."""


def filled_in(
    clerks: Clerks, books: list[Path], target: Path, habits: Habits
) -> tuple[list[Said], int]:
    """Fill workbooks in; return what was said, and how many rows asked something."""
    target.mkdir(parents=True)
    said: list[Said] = []
    asked = 0
    for number, path in enumerate(books):
        book = load_workbook(path)
        rows = {(TABS[row.tab], row.key): row for row in asked_in(book)}
        asked += len(rows)
        answers = answered(clerks, rows.values(), path.name, habits)
        copied = second_copy(clerks, path, rows, answers, target) if number < habits.copied else []
        for one in answers:
            put(book, rows[one.sheet, one.key], one.answer)
        said += [*answers, *copied]
        book["PETUNJUK"]["B6"] = f"Petugas {number}"
        if number < habits.disturbed:
            disturb(book, clerks.chance)
        book.save(target / path.name)
        if number < habits.libreoffice:
            resaved(target / path.name, target.parent / "profil")
    return said, asked


def answered(clerks: Clerks, rows: Iterable[Asked], file: str, habits: Habits) -> list[Said]:
    """Return a clerk's answers to some of the rows."""
    said = []
    for row in rows:
        if clerks.chance.random() >= habits.filled:
            continue
        answer, kind, must = clerks.right(row), "benar", frozenset[str]()
        if clerks.chance.random() < habits.wrong:
            answer, kind, must = clerks.wrong(row)
        said.append(Said(file, TABS[row.tab], row.key, answer, kind, must))
    return said


def second_copy(
    clerks: Clerks, path: Path, rows: Rows, first: list[Said], target: Path
) -> list[Said]:
    """Write another operator's copy, which repeats some answers and contradicts others.

    Answers of the first copy that are contradicted are changed in `first`.
    """
    book = load_workbook(path)
    name = f"{path.stem} (1).xlsx"
    said = []
    for place, one in enumerate(first):
        if one.kind != "benar" or clerks.chance.random() > 0.1:
            continue
        answer = one.answer
        if one.sheet == "ubah" and answer["keputusan"] == "SETUJU" and clerks.chance.random() < 0.3:
            answer = {"keputusan": "TETAP NILAI LAMA"}
            one = replace(one, kind="dua salinan", must=frozenset({"bertentangan"}))
            first[place] = one
        put(book, rows[one.sheet, one.key], answer)
        said.append(replace(one, file=name, answer=answer))
    book.save(target / name)
    return said
