"""Checking files against the rules: read, clean, judge, report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.errors import BadConfiguration, DtksError, UnusableInput
from dtkstool.messages import Language
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.register import Register, cleaned, letters
from dtkstool.read import ReadResult, read_files
from dtkstool.rules.check import check, file_findings
from dtkstool.write.findings import COULD_NOT_RUN, Outcome, gate
from dtkstool.write.formats import FORMATS, Format, render
from dtkstool.write.tables import replacing

SEVERITIES = ("info", "peringatan", "galat", "fatal", "never")


@dataclass(frozen=True)
class Checked:
    """What checking found."""

    outcome: Outcome
    failures: tuple[DtksError, ...]

    def code(self, fail_on: str, max_rate: float | None) -> int:
        """Return the exit code; a file that could not be read makes it 2, whatever the gate."""
        passed = gate(
            self.outcome.findings, fail_on=fail_on, max_rate=max_rate, records=self.outcome.total
        )
        return COULD_NOT_RUN if self.failures else passed


def validate(
    paths: Sequence[str], *, today: date, column_map: Path | None, lang: Language
) -> Checked:
    """Return the findings of files; those that could not be read are findings too."""
    read = read_files(paths, column_map=column_map)
    if read.records.is_empty() and not read.failures:
        raise UnusableInput("no_records")
    records = {sheet.source_file: 0 for sheet in read.sheets}
    for sheet in read.sheets:
        records[sheet.source_file] += sheet.rows_read
    return Checked(Outcome(found(read, today=today, lang=lang), records, lang), read.failures)


def found(
    read: ReadResult, *, today: date, lang: Language, clean: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return all findings of what was read: of files, columns and records."""
    files = file_findings(read.failures, lang=lang)
    if read.records.is_empty():
        return files
    df = cleaned(read.records, today) if clean is None else clean
    return pl.concat([files, check(df, letters(read), today=today, lang=lang)])


def of_register(register: Register, *, today: date, lang: Language, clock: Clock) -> pl.DataFrame:
    """Return the findings of a register that is already cleaned."""
    with clock.stage("check"):
        return found(register.read, today=today, lang=lang, clean=register.cleaned)


def form(name: str) -> Format:
    """Return the output format called `name`; BadConfiguration naming the ones there are."""
    for known in FORMATS:
        if known.name == name:
            return known
    raise BadConfiguration("bad_format", value=name, known=", ".join(f.name for f in FORMATS))


def severity(name: str) -> str:
    """Return a severity for the gate, or `never`; BadConfiguration for anything else."""
    if name not in SEVERITIES:
        raise BadConfiguration("bad_severity", value=name, known=", ".join(SEVERITIES))
    return name


def rate(text: str | None) -> float | None:
    """Return `5%` or `0.05` as 0.05; BadConfiguration for anything else."""
    if text is None:
        return None
    number = text.strip().removesuffix("%").replace(",", ".")
    try:
        value = float(number) / (100 if text.strip().endswith("%") else 1)
    except ValueError as error:
        raise BadConfiguration("bad_rate", value=text) from error
    if not 0 <= value <= 1:
        raise BadConfiguration("bad_rate", value=text)
    return value


def rendered(checked: Checked, chosen: Format) -> Iterator[str]:
    """Return a report in one form, piece by piece."""
    return render(checked.outcome, chosen)


def write_report(checked: Checked, chosen: Format, path: Path) -> None:
    """Write a report to a file, whole or not at all."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(rendered(checked, chosen))
