"""Checking files against the rules: read, clean, judge, report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TypedDict

import polars as pl

from dtkstool.config.gate import GateConfig
from dtkstool.errors import BadConfiguration, DtksError, UnusableInput, Where
from dtkstool.messages import Language
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.columnwise import found_by_columns
from dtkstool.pipeline.profiling import Kinds, kinds_of, lacking
from dtkstool.pipeline.register import Register, cleaned, file_problems, letters
from dtkstool.pipeline.slicing import found_in_slices
from dtkstool.read import ReadResult, Sliced, read_slices
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.check import check, file_findings, judgeable
from dtkstool.rules.custom import blamed, custom_rules
from dtkstool.rules.expected import demand_regions, wrong_region
from dtkstool.rules.profiles import profile_named, within
from dtkstool.rules.rule import Rule
from dtkstool.rules.schema import schema
from dtkstool.rules.selection import by_code, chosen, demand_codes, with_severity
from dtkstool.write import baseline
from dtkstool.write.findings import Outcome
from dtkstool.write.formats import FORMATS, Format, render
from dtkstool.write.gate import COULD_NOT_RUN, Limits, Verdict, judge
from dtkstool.write.pieces import Findings
from dtkstool.write.tables import replacing

MANY = 1_000_000
"""Records up to which cleaning column by column is what is quickest of all that holds little."""
NOBODY = ("jumlah", "tanda_tangan", "lanjutan", "kosong")
"""Reasons for which a row below the header is left out, that somebody may want to look at."""


class LeftOut(TypedDict):
    """What of `Checked` tells of rows left out."""

    left_out: int
    first_left_out: str


@dataclass(frozen=True)
class Checked:
    """What checking found, without what the baseline knows."""

    outcome: Outcome
    failures: tuple[DtksError, ...]
    limits: Limits = field(default_factory=Limits)
    known: int = 0
    """Findings that the baseline holds."""
    gone: int = 0
    """Findings of the baseline that are there no more."""
    unsure: int = 0
    """Sheets of which kind nobody said and no column tells."""
    left_out: int = 0
    """Rows among the people that were taken for none: totals, signatures, remarks."""
    first_left_out: str = ""
    """File and row of the first of them."""

    @cached_property
    def verdict(self) -> Verdict:
        """What the gate says; a file that could not be read makes its code 2, whatever it found."""
        verdict = judge(self.outcome.findings, self.limits, self.outcome.total)
        return replace(verdict, code=COULD_NOT_RUN) if self.failures else verdict


def rules_of(config: GateConfig) -> tuple[Rule, ...]:
    """Return the rules that judge under a configuration; BadConfiguration if it makes no sense."""
    custom = custom_rules(config.rules, config.where)
    demand_regions(config.expect, config.expect_where)
    expected = wrong_region(config.expect)
    catalogue = [rule for rule in RULES if rule.code != expected.code]
    every = sorted((*catalogue, expected, *custom), key=lambda rule: rule.code)
    named = (*config.select, *config.ignore, *config.severity, *config.max_rates)
    demand_codes(every, named, config.where)
    judging = [rule for rule in every if rule.scope != "registry"]
    return with_severity(chosen(judging, config.select, config.ignore), config.severity)


def demand_sound(config: GateConfig) -> None:
    """Raise BadConfiguration if a configuration makes no sense, before anything is read."""
    rules_of(config)
    for name in config.profile.values():
        profile_named(name, config.profile_where)


def validate(
    paths: Sequence[str],
    *,
    today: date,
    column_map: Path | None,
    lang: Language,
    config: GateConfig | None = None,
) -> Checked:
    """Return the findings of files; those that could not be read are findings too.

    Only findings that `config.baseline` does not hold are returned.
    """
    config = config or GateConfig()
    rules = rules_of(config)
    demand_sound(config)
    known = baseline.load(config.baseline) if config.baseline else Counter()
    # Building the schema imports pandera, which takes half a second that reading can use.
    Thread(target=schema, args=(rules,)).start()
    sliced = read_slices(paths, column_map=column_map)
    read = sliced.read
    if not sliced.slices.height and not read.failures:
        raise UnusableInput("no_records")
    kinds = kinds_of(read, config.profile)
    findings = found_in(
        sliced, today=today, lang=lang, rules=rules, where=config.where, kinds=kinds
    )
    fresh = baseline.unknown(findings, known) if config.baseline else findings
    limits = Limits(config.fail_on, config.max_rate, by_code(rules, config.max_rates))
    return Checked(
        Outcome(fresh, records_of(read), lang, rules, config.fail_on, profiles=kinds.by_file),
        read.failures,
        limits,
        known=findings.height - fresh.height,
        gone=known.total() - (findings.height - fresh.height),
        unsure=kinds.unsure,
        **left_out(read),
    )


def left_out(read: ReadResult) -> LeftOut:
    """Return how many rows below the headers are no people and no part of any, and the first."""
    rows = read.skipped.filter(pl.col("reason").is_in(NOBODY))
    if rows.is_empty():
        return {"left_out": 0, "first_left_out": ""}
    file, sheet, row = rows.select("source_file", "sheet", "row").row(0)
    at = f"{file} › {sheet}" if sheet else file
    return {"left_out": rows.height, "first_left_out": f"{at} › {row}"}


def records_of(read: ReadResult) -> dict[str, int]:
    """Return the rows read by source file."""
    records = {sheet.source_file: 0 for sheet in read.sheets}
    for sheet in read.sheets:
        records[sheet.source_file] += sheet.rows_read
    return records


def found_in(
    sliced: Sliced,
    *,
    today: date,
    lang: Language,
    rules: Sequence[Rule],
    where: Where,
    kinds: Kinds,
) -> Findings:
    """Return all findings of files of any size: at once if one slice holds the records."""
    if len(sliced.slices) <= 1:
        read = sliced.whole
        return found(read, today=today, lang=lang, rules=rules, where=where, kinds=kinds)
    files = of_files(sliced.read, lang, rules, kinds)
    many = sliced.slices.height > MANY
    found_bit_by_bit = found_in_slices if many else found_by_columns
    return found_bit_by_bit(
        sliced, files, today=today, lang=lang, rules=rules, where=where, kinds=kinds
    )


def found(
    read: ReadResult,
    *,
    today: date,
    lang: Language,
    register: pl.DataFrame | None = None,
    rules: Sequence[Rule] = RULES,
    where: Where | None = None,
    kinds: Kinds | None = None,
) -> pl.DataFrame:
    """Return all findings of what was read: of files, columns and records.

    `register` is what was read, cleaned; without it that is done here. `kinds` are the profiles of
    its sheets, guessed if not given: what makes no sense for a kind of file is not said.
    """
    kinds = kinds or kinds_of(read, {})
    files = of_files(read, lang, rules, kinds)
    if read.records.is_empty():
        return files
    df = cleaned(read.records, today) if register is None else register
    try:
        judged = check(df, letters(read), today=today, lang=lang, rules=rules)
        return within(pl.concat([files, judged]), kinds.of, rules)
    except TypeError:
        mistake = blamed(judgeable(df, today, rules), rules, where or Where())
        if mistake is None:
            raise
        raise mistake from None


def of_files(read: ReadResult, lang: Language, rules: Sequence[Rule], kinds: Kinds) -> pl.DataFrame:
    """Return the findings of whole files, of the rules that judge."""
    codes = {rule.code: rule for rule in (*RULES, *rules)}
    listed = file_findings(
        read.failures,
        [*file_problems(read, lang), *lacking(read, kinds, lang)],
        lang=lang,
        rules=codes.values(),
    )
    return listed.filter(pl.col("code").is_in([rule.code for rule in rules]))


def of_register(
    register: Register, config: GateConfig, *, today: date, lang: Language, clock: Clock
) -> pl.DataFrame:
    """Return the findings of a register that is already cleaned."""
    with clock.stage("check"):
        return found(
            register.read, today=today, lang=lang, register=register.cleaned,
            rules=rules_of(config), where=config.where,
            kinds=kinds_of(register.read, config.profile),
        )  # fmt: skip


@dataclass(frozen=True)
class Report:
    """One form a validation is given out in, and where to."""

    form: Format
    path: Path | None = None
    """None: the screen."""


def reports(asked: Sequence[str], output: Path | None = None) -> list[Report]:
    """Return what `--format FORMAT` and `--format FORMAT=FILE` ask for, text if nothing is.

    `output` is the file of the one format that names none. BadConfiguration for a format there is
    not, and for two formats on one screen.
    """
    listed = [_report(one) for one in asked or ["text"]]
    on_screen = [report for report in listed if report.path is None]
    if len(on_screen) > 1:
        names = ", ".join(report.form.name for report in on_screen)
        raise BadConfiguration("formats_on_screen", formats=names)
    given = [replace(report, path=report.path or output) for report in listed]
    files = Counter(report.path.absolute() for report in given if report.path)
    shared = [str(path) for path, count in files.items() if count > 1 and not path.is_char_device()]
    if shared:
        raise BadConfiguration("formats_in_one_file", where=Where(shared[0]))
    return given


def _report(asked: str) -> Report:
    name, to, file = asked.partition("=")
    if to and not file.strip():
        raise BadConfiguration("format_without_file", format=name.strip())
    for known in FORMATS:
        if known.name == name.strip():
            return Report(known, Path(file) if file else None)
    names = ", ".join(form.name for form in FORMATS)
    raise BadConfiguration("bad_format", value=name, known=names)


def rendered(checked: Checked, report: Report, *, unmasked: bool = False) -> Iterator[str]:
    """Return a report, piece by piece."""
    return render(checked.outcome, report.form, unmasked=unmasked)


def write_report(checked: Checked, report: Report, *, unmasked: bool = False) -> None:
    """Write a report to its file, whole or not at all; to a device or pipe as it comes."""
    assert report.path is not None
    with (
        replacing(report.path) as path,
        path.open("w", encoding="utf-8", newline="") as stream,
    ):
        stream.writelines(rendered(checked, report, unmasked=unmasked))


def write_baseline(checked: Checked, path: Path) -> None:
    """Write everything that was found as a baseline."""
    baseline.write(checked.outcome.findings, path)
