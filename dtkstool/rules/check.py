"""From cleaned records to findings: judge, name the cell, put it in words."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from dtkstool.errors import DtksError, Where
from dtkstool.frames import CLEANED, FINDINGS
from dtkstool.messages import Language
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.evidence import GROUPED_BY, groups_in, with_groups, with_row_evidence
from dtkstool.rules.rule import Rule
from dtkstool.rules.schema import violations
from dtkstool.rules.sentence import stated

LAYOUT = ["layout", "source_file", "sheet"]
ORIGIN = ["record", "record_id", "id_dtks", *LAYOUT, "row", "kk_row"]
STATED = ("column", "value", "code", "severity", "message", "suggestion", "action")
"""What a rule itself states, beside where it is."""
LETTERS = {"layout": pl.UInt16(), "field": pl.String(), "letter": pl.String()}
"""The frame that tells which column letter a field has in each layout."""


def check(
    cleaned: pl.DataFrame,
    letters: pl.DataFrame,
    *,
    today: date,
    lang: Language = "id",
    rules: Iterable[Rule] = RULES,
) -> pl.DataFrame:
    """Return what is wrong with the records, as `frames.FINDINGS`.

    `cleaned` is `frames.CLEANED`; `letters` is like `LETTERS`, and a rule on a field that a
    layout does not list says nothing there. Findings about a whole column come first, with
    `record_id` and `row` null and the column's letter as `cell`; then by record.
    """
    chosen = placeable(rules, letters)
    df = judgeable(cleaned, today, chosen)
    about = [rule for rule in chosen if rule.scope == "column"]
    with ThreadPoolExecutor() as thread:  # which Pandera leaves room for
        seen = thread.submit(aggregates, df, about)
        records = by_record(df, chosen, lang)
        columns = [about_column(seen.result(), rule, lang) for rule in about]
    found = pl.concat([*columns, records], how="diagonal_relaxed")
    return placed(found, letters)


def placeable(rules: Iterable[Rule], letters: pl.DataFrame) -> tuple[Rule, ...]:
    """Return the rules on fields that some layout of `letters` has; others have no cell to name."""
    listed = frozenset(letters["field"])
    return tuple(rule for rule in rules if not listed.isdisjoint(rule.fields))


def judgeable(cleaned: pl.DataFrame, today: date, rules: Iterable[Rule]) -> pl.DataFrame:
    """Return the records with their evidence, only the columns that the rules read.

    In one chunk: selecting from many costs more than judging them.
    """
    needed = needed_columns(rules)
    facts = row_facts(as_constants(cleaned), today, needed)
    lf = with_groups(facts.lazy(), groups_in(facts))
    wanted = [name for name in lf.collect_schema() if name in needed]
    return as_constants(lf.select(wanted).collect(engine="in-memory").rechunk())


def row_facts(cleaned: pl.DataFrame, today: date, needed: set[str]) -> pl.DataFrame:
    """Return the records with what they show by themselves that is needed, or that groups need."""
    lf = with_row_evidence(cleaned.lazy(), today)
    wanted = needed | set(cleaned.columns).union(GROUPED_BY)
    return lf.select(wanted.intersection(lf.collect_schema())).collect(engine="in-memory")


def as_constants(df: pl.DataFrame) -> pl.DataFrame:
    """Return the records with each empty column as one null, which costs rules nothing to read."""
    filled = [column for column in df if column.null_count() < df.height]
    if not filled:
        return df
    kept = {column.name for column in filled}
    same = {name: pl.lit(None, dtype) for name, dtype in df.schema.items() if name not in kept}
    if "today" in kept:
        same["today"] = pl.lit(df["today"][0])
    # Out of the others alone, for Polars copies what it is given if that is in several chunks.
    return pl.DataFrame(filled).with_columns(**same).select(df.columns)


def needed_columns(rules: Iterable[Rule]) -> set[str]:
    """Return the columns that the rules read and that their findings quote."""
    listed = tuple(rules)
    quoted = {f"{field}_asal" for rule in listed for field in rule.fields}
    read = {name for rule in listed for expr in rule.expressions for name in expr.meta.root_names()}
    return quoted.union(read, ORIGIN)


def by_record(df: pl.DataFrame, rules: Sequence[Rule], lang: Language) -> pl.DataFrame:
    """Return the findings on records, before their cell is known, in the records' order."""
    broken = violations(df, rules)
    said = pl.collect_all(
        [about_rows(df, rule, broken[rule.code], lang) for rule in rules if rule.code in broken],
        engine="in-memory",
    )
    nothing = nothing_found()
    none = nothing.select("record", *STATED, at="record")
    found = pl.concat([none, *said], how="vertical_relaxed").sort("record", maintain_order=True)
    origin = df.select(ORIGIN)[found["at"]]
    cell = pl.lit(None, pl.String).alias("cell")
    return origin.hstack(found.select(STATED)).with_columns(cell).select(nothing.columns)


def nothing_found() -> pl.DataFrame:
    """Return no finding, with the columns that findings have before their cell is known."""
    origin = {name: CLEANED[name] for name in ORIGIN}
    return pl.DataFrame(schema={**origin, **FINDINGS})


def about_rows(df: pl.DataFrame, rule: Rule, at: pl.Series, lang: Language) -> pl.LazyFrame:
    """Return what a row or group rule says of the rows at the given positions `at`."""
    needed = needed_columns([rule]).union(["record"]).intersection(df.columns)
    rows = df.select(needed)[at].lazy()
    # Every part of a statement asks for these two, and Polars would work them out for each.
    known = {f"_at_{field}": here for field, here in rule.elsewhere.items()}
    if rule.variant is not None:
        known["_variant"] = rule.variant
    said = replace(
        rule,
        elsewhere={field: pl.col(f"_at_{field}") for field in rule.elsewhere},
        variant=None if rule.variant is None else pl.col("_variant"),
    )
    if known:
        rows = rows.with_columns(**known)
    return rows.select("record", *stated(said, lang), at.alias("at").cast(pl.UInt32))


def about_columns(df: pl.DataFrame, rule: Rule, lang: Language) -> pl.DataFrame:
    """Return a column rule's findings, one per layout that breaks it."""
    return about_column(aggregates(df, [rule]), rule, lang)


def aggregates(df: pl.DataFrame, rules: Iterable[Rule]) -> pl.DataFrame:
    """Return what column rules look at, one row per layout, each under its rule's code."""
    looked_at = [
        expr.alias(f"{rule.code}_{name}")
        for rule in rules
        for name, expr in (*rule.values.items(), *rule.elsewhere.items())
    ]
    if df["layout"].n_unique() == 1:  # grouping costs more than all there is to count
        lf = df.lazy().select(pl.col(LAYOUT).first(), *looked_at)
    else:
        lf = df.lazy().group_by(LAYOUT, maintain_order=True).agg(looked_at)
    return lf.collect(engine="in-memory")


def about_column(seen: pl.DataFrame, rule: Rule, lang: Language) -> pl.DataFrame:
    """Return a column rule's findings from its `aggregates`."""
    assert rule.violated is not None
    own = seen.select(
        *LAYOUT,
        *(pl.col(f"{rule.code}_{name}").alias(name) for name in rule.values),
        *(pl.col(f"{rule.code}_{field}").alias(f"at_{field}") for field in rule.elsewhere),
    )
    said = replace(
        rule,
        values={name: pl.col(name) for name in rule.values},
        elsewhere={field: pl.col(f"at_{field}") for field in rule.elsewhere},
    )
    return own.filter(rule.violated).select(*LAYOUT, *stated(said, lang, of_cell=False))


def placed(found: pl.DataFrame, letters: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with their cell; those on a column the layout lacks are left out.

    A No KK that stands on the family's line of a per-KK block is named there.
    """
    at = letters.unique(["layout", "field"], maintain_order=True)
    row = pl.when(pl.col("column") == "nokk").then(pl.coalesce("kk_row", "row")).otherwise("row")
    number = row.cast(pl.String).fill_null("")
    return (
        found.drop("cell")
        .join(
            at,
            left_on=["layout", "column"],
            right_on=["layout", "field"],
            maintain_order="left",
        )
        .with_columns((pl.col("letter") + number).alias("cell"))
        .select(pl.col(name).cast(dtype) for name, dtype in FINDINGS.items())
    )


@dataclass(frozen=True)
class FileProblem:
    """What reading found wrong with a file: the key of its sentence, where, and the sentences."""

    key: str
    where: Where
    what: str
    fix: str | None = None


def file_findings(
    failures: Iterable[DtksError] = (),
    notes: Iterable[FileProblem] = (),
    *,
    lang: Language = "id",
    rules: Iterable[Rule] = RULES,
) -> pl.DataFrame:
    """Return what is wrong with whole files, as `frames.FINDINGS`, its own words as message.

    A failure is the finding of the rule whose `raised_by` names its key, else of FIL07. Of the
    notes those are findings that a rule names; the others are no fault.
    """
    catalogue = {rule.code: rule for rule in rules}
    by_key = {key: rule for rule in catalogue.values() for key in rule.raised_by}
    failed = [FileProblem(e.key, e.where, e.what(lang), e.fix(lang)) for e in failures]
    named = [file_finding(by_key.get(p.key, catalogue["FIL07"]), p) for p in failed]
    noted = [file_finding(by_key[note.key], note) for note in notes if note.key in by_key]
    return pl.DataFrame([*named, *noted], schema=FINDINGS)


def file_finding(rule: Rule, problem: FileProblem) -> dict[str, object]:
    """Return one problem as a finding of `rule`."""
    where = problem.where
    return {
        "source_file": where.file, "sheet": where.sheet, "row": where.row, "cell": where.column,
        "code": rule.code, "severity": rule.severity, "message": problem.what,
        "suggestion": problem.fix, "action": rule.action,
    }  # fmt: skip
