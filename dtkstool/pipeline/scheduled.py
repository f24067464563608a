"""The month as cron runs it: one run at a time, whole or not at all, written into the ledger."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from dtkstool.errors import DtksError, UnusableInput
from dtkstool.ledger import months
from dtkstool.ledger.clerks import keputusan, take_clerks
from dtkstool.ledger.lock import Holder, locked
from dtkstool.ledger.store import reading, writing
from dtkstool.pipeline.disk import told_as_os_error
from dtkstool.pipeline.expectations import Warned, warnings
from dtkstool.pipeline.journal import Journal, LoggedClock, now
from dtkstool.pipeline.letter import letter
from dtkstool.pipeline.month import Done, looked_at, run
from dtkstool.pipeline.plan import Plan, fingerprint
from dtkstool.pipeline.provenance import fingerprints, versions
from dtkstool.pipeline.publish import (
    LAST,
    Published,
    conclude,
    edited,
    publish,
    workbook_hashes,
)
from dtkstool.pipeline.register import Register
from dtkstool.pipeline.remembering import counts
from dtkstool.pipeline.resume import Resuming, resting_place
from dtkstool.pipeline.watch import Watch
from dtkstool.read import expand
from dtkstool.registry import Registry, open_registry
from dtkstool.write.tables import write_json, write_text

PART = ".part"
"""The folder of work inside a month's folder while a run is under way."""
LETTER = "ringkasan.txt"


@dataclass(frozen=True)
class Finished:
    """A scheduled run that ended well."""

    plan: Plan
    done: Done
    warnings: tuple[Warned, ...]
    published: Published
    resumed: tuple[str, ...]
    """Stages taken over from a run that was cut off."""
    dead: Holder | None
    """Who held the ledger and died."""
    clerks: int
    """Clerks' decisions that were new to the ledger."""

    @property
    def remembered(self) -> dict[str, int]:
        """What clerks' earlier decisions came to (`remembering.counts`)."""
        outcome = self.done.outcome
        return counts(outcome.decisions, outcome.silenced, outcome.memory)


@dataclass(frozen=True)
class Looked:
    """What a run would work with and write; nothing was written."""

    plan: Plan
    register: Register
    findings: pl.DataFrame
    warnings: tuple[Warned, ...]
    edited: tuple[str, ...]
    """Workbooks that operators have filled in, which the run would leave alone."""


def run_month(plan: Plan, journal: Journal) -> Finished:
    """Run the month, put its results in the plan's folder and its figures in the ledger.

    LedgerBusy, at once, while another run holds the ledger. A run that is cut off leaves the
    folder without `run.json`; the next one takes over the stages it had finished.
    """
    with _logged(journal), locked(plan.ledger, now()) as dead, writing(plan.ledger) as ledger:
        part = plan.folder / PART
        part.mkdir(parents=True, exist_ok=True)
        attempt = _begun(plan, ledger, journal, part)
        if dead:
            journal.event("takeover", "warning", pid=dead.pid, since=dead.since)
        with _noted(attempt), told_as_os_error():
            finished = replace(attempt.carry_out(), dead=dead)
            conclude(attempt.made, plan.folder, part)
        journal.event("run_finished", folder=str(plan.folder), seconds=finished.done.clock.seconds)
        return finished


def look(plan: Plan, journal: Journal) -> Looked:
    """Read and check what a run would work with, and write nothing."""
    clock = LoggedClock(event=journal.event)
    registry, register, findings = looked_at(plan.order(plan.folder), Watch(clock))
    before, ours = None, frozenset[str]()
    if plan.ledger.is_file():
        with reading(plan.ledger) as ledger:
            before, ours = months.latest_before(ledger, plan.month), months.written_hashes(ledger)
    inputs = fingerprints(expand(plan.files))
    odd = warnings(register, registry, inputs, before, expect=plan.expect, today=plan.today)
    known = ours | frozenset(_finished_books(plan.folder).values())
    filled = sorted(edited(workbook_hashes(plan.folder), known))
    return Looked(plan, register, findings, tuple(odd), tuple(filled))


@dataclass
class _Attempt:
    """One run under way."""

    plan: Plan
    ledger: sqlite3.Connection
    journal: Journal
    number: int
    inputs: list[dict[str, str | int]]
    made: Path
    watch: Resuming
    decided: pl.DataFrame
    """What clerks decided before (`apply.memory.KEPUTUSAN`)."""
    clerks: int
    """How many of them are new to the ledger."""
    warnings: list[Warned] = field(default_factory=list)

    def look(self, register: Register, registry: Registry) -> None:
        """Warn of odd inputs; UnusableInput if they are to stop the run."""
        plan = self.plan
        before = months.latest_before(self.ledger, plan.month)
        self.warnings = warnings(
            register, registry, self.inputs, before, expect=plan.expect, today=plan.today
        )
        told = [warned.text(plan.lang) for warned in self.warnings]
        for warned, text in zip(self.warnings, told, strict=True):
            self.journal.event("warning", "warning", kind=warned.key, text=text)
        if told and plan.expect.stop:
            raise UnusableInput("unexpected_inputs", warnings="; ".join(told))

    def carry_out(self) -> Finished:
        """Run all stages, publish everything but `run.json`, write the month into the ledger."""
        plan = self.plan
        done = run(plan.order(self.made, self.decided), self.watch)
        published = self._publish()
        finished = Finished(
            plan, replace(done, out=plan.folder), tuple(self.warnings), published,
            tuple(self.watch.resumed), None, self.clerks,
        )  # fmt: skip
        write_text(self._letter(finished), plan.folder / LETTER)
        self._write_ledger(done)
        self._log(finished)
        return finished

    def _publish(self) -> Published:
        plan, folder = self.plan, self.plan.folder
        finished = _finished_books(folder)
        ours = months.written_hashes(self.ledger) | frozenset(finished.values())
        new = workbook_hashes(self.made)
        months.remember_workbooks(self.ledger, plan.month, new)
        self._extend_summary({"month": plan.month, "workbooks": new})
        before = workbook_hashes(folder)
        return publish(self.made, folder, ours=ours, before=before, finished=finished)

    def _extend_summary(self, more: dict[str, Any]) -> None:
        path = self.made / LAST
        told = {"warnings": [warned.text(self.plan.lang) for warned in self.warnings]}
        write_json(json.loads(path.read_text("utf-8")) | more | told, path)

    def _letter(self, finished: Finished) -> str:
        before = months.latest_before(self.ledger, self.plan.month)
        return letter(
            finished.done,
            month=self.plan.month,
            before=before,
            warnings=[warned.text(self.plan.lang) for warned in finished.warnings],
            published=finished.published,
            lang=self.plan.lang,
        )

    def _write_ledger(self, done: Done) -> None:
        outcome = done.outcome
        desa = outcome.register.cleaned.select("record_id", desa="kode_desa")
        months.finish(
            self.ledger,
            self.number,
            finished=now().isoformat(timespec="seconds"),
            inputs=self.inputs,
            decisions=outcome.decisions.join(desa, on="record_id", how="left"),
            findings=outcome.findings,
        )

    def _log(self, finished: Finished) -> None:
        event, outcome = self.journal.event, finished.done.outcome
        for failure in outcome.register.read.failures:
            event("file_failed", "error", reason=failure.what("en"), file=failure.where.file)
        for path in finished.published.kept:
            event("workbook_kept", "warning", path=path)
        for path, other in finished.published.beside:
            event("workbook_beside", "warning", path=path, written=other)
        event(
            "counts",
            records=outcome.decisions.height,
            findings=outcome.findings.height,
            workbooks=finished.done.workbooks.height,
            clerks=finished.clerks,
            remembered=finished.remembered,
            resumed=finished.resumed,
        )


def _begun(plan: Plan, ledger: sqlite3.Connection, journal: Journal, part: Path) -> _Attempt:
    """Return a run that the ledger knows of, with an empty folder to write into."""
    inputs = fingerprints(expand(plan.files))
    registry = str(open_registry(plan.registry).meta["fingerprint"])
    clerks = _take_clerks(plan, ledger)
    decided = keputusan(ledger)
    mark = fingerprint(plan, inputs, registry, decided)
    start = months.Start(
        plan.month, now().isoformat(timespec="seconds"), str(plan.folder), str(plan.today),
        versions()["dtkstool"], mark, registry,
    )  # fmt: skip
    number = months.begin(ledger, start)
    journal.common |= {"month": plan.month, "run": number}
    journal.event("run_started", inputs=len(inputs), fingerprint=mark)
    made = part / "hasil"
    shutil.rmtree(made, ignore_errors=True)
    watch = Resuming(LoggedClock(event=journal.event), resting_place(part, mark))
    attempt = _Attempt(plan, ledger, journal, number, inputs, made, watch, decided, clerks)
    watch.look = attempt.look
    return attempt


def _take_clerks(plan: Plan, ledger: sqlite3.Connection) -> int:
    """Take the decisions the plan names into the ledger; return how many were new."""
    if not plan.keputusan:
        return 0
    files = [path for path in expand(plan.keputusan) if path.suffix == ".parquet"]
    return sum(take_clerks(ledger, pl.read_parquet(path)) for path in files)


@contextmanager
def _logged(journal: Journal) -> Iterator[None]:
    """Log whatever ends a run early, and let it go on."""
    try:
        yield
    except BaseException as error:
        reason = error.what("en") if isinstance(error, DtksError) else str(error)
        journal.event("run_failed", "error", kind=type(error).__name__, reason=reason)
        raise


@contextmanager
def _noted(attempt: _Attempt) -> Iterator[None]:
    """Note in the ledger that a run failed, and let the error go on."""
    try:
        yield
    except BaseException:
        months.fail(attempt.ledger, attempt.number, now().isoformat(timespec="seconds"))
        raise


def _finished_books(folder: Path) -> dict[str, str]:
    """Return path → sha256 of the workbooks the folder's last finished run wrote."""
    path = folder / LAST
    if not path.is_file():
        return {}
    known: dict[str, str] = json.loads(path.read_text("utf-8")).get("workbooks", {})
    return known
