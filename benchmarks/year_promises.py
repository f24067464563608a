"""What a month of the simulated year has to keep, held against what the world itself knows."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from year_clerks import REFUSED, Said
from year_world import FIELDS, Line

from dtkstool.messages import page
from dtkstool.pipeline.ledgers import view

UNFORESEEN = frozenset({
    "bertentangan", "berputar", "nik_dipakai", "nik_nama_lain", "pengganti_tak_dikenal",
    "pengganti_tiada", "pengganti_keluar", "pengganti_beda_kk", "pengganti_anak",
    "tanpa_nama_pengganti",
})  # fmt: skip
"""Why a careful answer may be refused: because of what others said or what stands elsewhere."""


@dataclass
class Broken:
    """Promises that were not kept, in words."""

    found: list[str] = field(default_factory=list)

    def unless(self, kept: bool, words: str) -> None:
        """Note a broken promise."""
        if not kept:
            self.found.append(words)


@dataclass(frozen=True)
class Heard:
    """What `apply` said: one row per decision of `diterima` and `ditolak`."""

    accepted: pl.DataFrame
    refused: pl.DataFrame

    @classmethod
    def of(cls, folder: Path) -> "Heard":
        """Read both lists of a folder."""
        return cls(
            pl.read_parquet(folder / "diterima.parquet"),
            pl.read_parquet(folder / "ditolak.parquet"),
        )

    def by_row(self) -> dict[tuple[str, str, tuple[str, str]], list[tuple[str, str, str]]]:
        """Return (file, sheet, key) → what was said of it: which list, why, the sentence."""
        found: dict[tuple[str, str, tuple[str, str]], list[tuple[str, str, str]]] = {}
        parts = (("accepted", self.accepted, "hasil"), ("refused", self.refused, "problem"))
        for name, df, reason in parts:
            wanted = ["file", "sheet", "record_id", "column", "left_id", reason, "keterangan"]
            for file, sheet, record, column, left, why, told in df.select(wanted).iter_rows():
                key = (Path(file).name, sheet, (record or "", column or left or ""))
                found.setdefault(key, []).append((name, why, told))
        return found


def answers_accounted(said: Iterable[Said], heard: Heard, broken: Broken) -> Counter[str]:
    """Every row filled in stands in one list, with a reason; mistakes that can be seen are."""
    rows = heard.by_row()
    known = page("apply")["problem"]
    outcomes: Counter[str] = Counter()
    for one in said:
        found = rows.pop((one.file, one.sheet, one.key), [])
        where = f"{one.file} {one.sheet} {one.key} ({one.kind})"
        broken.unless(len(found) == 1, f"{where}: in {len(found)} lists")
        for name, why, told in found:
            outcomes[f"{one.kind} → {why}"] += 1
            broken.unless(bool(told), f"{where}: no sentence")
            broken.unless(name == "accepted" or why in known, f"{where}: {why} is unknown")
            _judge(one, name, why, where, broken)
    for place, found in rows.items():
        broken.unless(not found, f"{place}: {found}, and nobody filled it in")
    return outcomes


def _judge(one: Said, name: str, why: str, where: str, broken: Broken) -> None:
    if one.kind == "benar" and name == "refused":
        broken.unless(why in UNFORESEEN, f"{where}: a right answer was refused: {why}")
    elif one.must == REFUSED:
        broken.unless(name == "refused", f"{where}: accepted as {why}")
    elif one.must:
        broken.unless(why in one.must, f"{where}: {why} instead of {sorted(one.must)}")


@dataclass(frozen=True)
class Passage:
    """The register before and after one `apply`."""

    exported: Mapping[str, Mapping[int, Line]]
    """File → row → line, as they were exported."""
    corrected: Mapping[str, Mapping[str, str]]
    """Line number → cells of the corrected register."""
    said: list[Said]
    heard: Heard
    totals: Mapping[str, int]
    """`apply.json`, totals."""
    ids: Mapping[str, str]
    """Line number → record id of this month."""

    @property
    def before(self) -> dict[str, Line]:
        """The exported lines by number."""
        return {line.uid: line for lines in self.exported.values() for line in lines.values()}


def nothing_lost(passage: Passage, folder: Path, broken: Broken) -> None:
    """In = kept + removed + replaced, line by line, and only decided cells differ."""
    before, after = set(passage.before), set(passage.corrected)
    left = _places(folder / "hapus.csv", passage)
    ganti = pl.read_csv(folder / "ganti.csv", infer_schema=False)
    passed_on = _uids(ganti, passage)
    in_place = _uids(ganti.filter(pl.col("baris") == "diganti"), passage)
    kept = before - left - passed_on
    broken.unless(after == kept | in_place, f"{folder}: lines appeared or went unaccounted for")
    broken.unless(left.isdisjoint(passed_on), f"{folder}: lines both removed and replaced")
    told = tuple(passage.totals[name] for name in ("in", "kept", "removed", "replaced", "out"))
    own = (len(before), len(kept), len(left), len(passed_on), len(after))
    broken.unless(told == own, f"{folder}: totals {told}, counted {own}")
    unique = len(set(passage.ids.values())) == len(before)
    broken.unless(unique, f"{folder}: record ids are not unique")
    _only_decided_cells(passage, in_place, broken)


def _places(path: Path, passage: Passage) -> set[str]:
    return _uids(pl.read_csv(path, infer_schema=False), passage)


def _uids(listed: pl.DataFrame, passage: Passage) -> set[str]:
    """Return the line numbers of rows that say source_file and row."""
    return {
        passage.exported[Path(file).name][int(row)].uid
        for file, row in listed.select("source_file", "row").iter_rows()
    }


def _only_decided_cells(passage: Passage, in_place: set[str], broken: Broken) -> None:
    """Every cell of who stays is as before, or as a decision that was accepted wants it."""
    accepted = passage.heard.accepted
    by_record: dict[str, set[str]] = {}
    for record, sheet, column in accepted.filter(pl.col("hasil") == "diubah").select(
        "record_id", "sheet", "column"
    ).iter_rows():  # fmt: skip
        fields = {column} if sheet == "ubah" else {"nik", "nokk", "nama", "tanggal_lahir",
                                                   "jenis_kelamin", "nama_ibu"}  # fmt: skip
        by_record.setdefault(record, set()).update(FIELDS.get(name, name) for name in fields)
    for uid, cells in passage.corrected.items():
        if uid in in_place:
            continue
        old = passage.before[uid].cells
        changed = {name for name, text in cells.items() if text != old[name]}
        allowed = by_record.get(passage.ids[uid], set())
        broken.unless(changed <= allowed, f"line {uid}: {sorted(changed - allowed)} changed")


def decisions_carried_out(passage: Passage, broken: Broken) -> None:
    """What was agreed to on UBAH stands in the register now."""
    lines = {record: uid for uid, record in passage.ids.items()}
    agreed = passage.heard.accepted.filter(
        pl.col("hasil") == "diubah", pl.col("sheet") == "ubah", pl.col("column").is_in(list(FIELDS))
    )
    for record, column, new, other in agreed.select(
        "record_id", "column", "baru", "nilai_lain"
    ).iter_rows():  # fmt: skip
        cell = passage.corrected[lines[record]][FIELDS[column]]
        was = passage.before[lines[record]].cells[FIELDS[column]]
        if column in ("nik", "nokk"):
            wanted = protected_as(was, other or new)
            broken.unless(cell == wanted, f"{record}: {column} is {cell} in the register")
        else:
            broken.unless(cell != was, f"{record}: {column} was not changed")


def protected_as(was: str, number: str) -> str:
    """Return a number with what protected the old one from spreadsheets; docs/apply.md, Formats."""
    text = was.strip()
    if text.startswith('="') and text.endswith('"'):
        return f'="{number}"'
    return f"'{number}" if text.startswith("'") and text[1:].strip().isdigit() else number


def out_only_by_decision(out: Iterable[str], removed: Container[str], broken: Broken) -> None:
    """Nobody is left out of the counts whose line no clerk took out in an earlier month."""
    for uid in out:
        broken.unless(uid in removed, f"line {uid}: out of the counts, and nobody took it out")


@dataclass
class LedgerTruth:
    """What the ledger has to say of each month, counted here with sets."""

    ledger: Path
    before: frozenset[str] = frozenset()
    """Record ids that were open the month before."""

    def hold(self, month: str, actions: Mapping[str, str], broken: Broken) -> dict[str, int]:
        """Compare the ledger's month with `actions` (record id → action); return the truth."""
        everybody = frozenset(actions)
        now = frozenset(one for one, action in actions.items() if action != "tetap")
        truth = {
            "records": len(everybody), "open": len(now), "valid": len(everybody - now),
            "recurring": len(now & self.before), "new": len(now - self.before),
            "repaired": len((self.before - now) & everybody), "gone": len(self.before - everybody),
        }  # fmt: skip
        total = view(self.ledger, "kecamatan", month).total
        row = {} if total is None else total.filter(pl.col("month") == month).row(0, named=True)
        told = {name: row.get(name) for name in truth}
        broken.unless(told == truth, f"ledger {month}: {told}, truth {truth}")
        self.before = now
        return truth


def clerks_known(known: pl.DataFrame, written: list[pl.DataFrame], broken: Broken) -> None:
    """The ledger knows every clerk's decision that `apply` wrote, once."""
    wanted = pl.concat(written).unique().height
    broken.unless(known.height == wanted, f"ledger: {known.height} decisions, written {wanted}")
