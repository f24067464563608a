"""Judging a register that is too large to be held: by slices, and what its groups say by key.

First each slice gives what is compact: numbers as integers, families as the facts that rules count,
names with birth dates as hashes. From these follows what every group shows, the few records that
have one looked up again; then each slice is judged beside it. The findings are those of `check`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import polars as pl

from dtkstool.errors import Where
from dtkstool.messages import Language
from dtkstool.rules.check import (
    LAYOUT,
    about_columns,
    by_record,
    needed_columns,
    nothing_found,
    placed,
)
from dtkstool.rules.custom import CustomRule, blamed
from dtkstool.rules.evidence import (
    Groups,
    families,
    members,
    nik_groups,
    with_groups,
    with_row_evidence,
)
from dtkstool.rules.namesakes import PERSON, namesakes
from dtkstool.rules.rule import Rule

GROUPED = (
    "record", "source_file", "row", "nik", "nokk", "nama", "nama_folk", "nama_ibu_folk",
    "tanggal_lahir", "tanggal_lahir_kelas", "salah_kolom", "nominal_asal", "no_kks_asal",
    "program_asal",
)  # fmt: skip
"""What `nik_groups` and `namesakes` read of the records they are about."""
FAMILY = ("tertukar", "hubungan", "jabatan", "kode_desa")
"""What `members` reads beside them."""


class Facts(Protocol):
    """What the records show by themselves, slice by slice, as often as it is asked."""

    @property
    def columns(self) -> frozenset[str]:
        """What `row_facts` gave."""

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give `row_facts` of each slice, all or the columns asked for."""


def row_facts(cleaned: pl.DataFrame, today: date, rules: Sequence[Rule]) -> pl.DataFrame:
    """Return a slice with what its records show by themselves, as far as the rules read it."""
    lf = with_row_evidence(cleaned.lazy(), today)
    wanted = needed_columns(rules).union(GROUPED, FAMILY)
    there = [name for name in lf.collect_schema() if name in wanted]
    return lf.select(there).collect(engine="in-memory")


@dataclass(frozen=True)
class Keys:
    """What the groups of one slice are found by."""

    numbers: pl.DataFrame
    """`record`, `nik` as an integer, `salah_kolom`; who has a NIK."""
    members: pl.DataFrame
    """`evidence.members`."""
    persons: pl.DataFrame
    """`record`, `person`: name and birth date hashed; who has both."""


def keys_of(facts: pl.DataFrame) -> Keys:
    """Return the keys of a slice."""
    lf = facts.lazy()
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in PERSON)
    numbers, listed, persons = pl.collect_all(
        [
            lf.drop_nulls("nik").select("record", pl.col("nik").cast(pl.Int64), "salah_kolom"),
            members(lf),
            lf.filter(known).select("record", person=pl.struct(PERSON).hash()),
        ]
    )
    return Keys(numbers, listed, persons)


def groups_of(keys: Iterable[Keys], facts: Facts) -> Groups:
    """Return what all records show together."""
    listed = list(keys)
    numbers = pl.concat(one.numbers for one in listed)
    persons = pl.concat(one.persons for one in listed)
    twice = numbers.filter(pl.col("nik").is_duplicated())["record"]
    alike = persons.filter(pl.col("person").is_duplicated())["record"]
    either = pl.concat([twice, alike]).unique().to_frame()
    again = pl.concat(
        df.join(either, on="record", how="semi") for df in facts.slices(GROUPED)
    ).lazy()  # fmt: skip
    of_nik = nik_groups(again.join(twice.to_frame().lazy(), on="record", how="semi"))
    of_person = namesakes(again.join(alike.to_frame().lazy(), on="record", how="semi"))
    owned = numbers.lazy().filter(~pl.col("salah_kolom")).select(kk="nik").unique()
    of_family = families(pl.concat(one.members for one in listed).lazy())
    people = owned.with_columns(pl.lit(True).alias("nokk_orang"))
    found = pl.collect_all([of_nik, of_family, people, of_person])
    return Groups(*(df.lazy() for df in found))


def check_slices(
    facts: Facts,
    groups: Groups,
    letters: pl.DataFrame,
    *,
    today: date,
    rules: Iterable[Rule],
    lang: Language = "id",
    where: Where | None = None,
) -> pl.DataFrame:
    """Return what is wrong with the records, as `check` does.

    BadConfiguration, naming `where` it is written, if a custom rule fails on real records.
    """
    chosen = tuple(rules)
    columns = [
        about_columns(narrow(facts, groups, rule, LAYOUT), rule, lang)
        for rule in chosen
        if rule.scope == "column"
    ]
    verdicts = {
        rule.code: of_whole(rule, narrow(facts, groups, rule), where or Where())
        for rule in chosen
        if takes_whole(rule)
    }
    judging = tuple(
        replace(rule, violated=pl.col(f"_{rule.code}")) if rule.code in verdicts else rule
        for rule in chosen
    )
    found, start = [], 0
    for df in facts.slices():
        judged = with_groups(df.lazy(), groups).collect(engine="in-memory").rechunk()
        known = {f"_{code}": verdict.slice(start, df.height) for code, verdict in verdicts.items()}
        found.append(placed(by_record(judged.with_columns(**known), judging, lang), letters))
        start += df.height
    nothing = nothing_found()
    return pl.concat(
        [placed(pl.concat([nothing, *columns], how="diagonal_relaxed"), letters), *found]
    )


def takes_whole(rule: Rule) -> bool:
    """Return whether a rule holds a record against others by itself, not by its groups."""
    if rule.scope not in ("row", "group") or rule.violated is None:
        return False
    return isinstance(rule, CustomRule) or ".over(" in str(rule.violated)


def of_whole(rule: Rule, df: pl.DataFrame, where: Where) -> pl.Series:
    """Return a rule's verdict on every record; BadConfiguration if it cannot give one."""
    assert rule.violated is not None
    mistake = blamed(df, (rule,), where)
    if mistake is not None:
        raise mistake
    return df.select(rule.violated.fill_null(False).alias(rule.code)).to_series()


def narrow(
    facts: Facts, groups: Groups, rule: Rule, beside: Sequence[str] = ("record",)
) -> pl.DataFrame:
    """Return all records with nothing but what one rule reads, and the columns `beside`."""
    about_column = (*rule.values.values(), *rule.elsewhere.values())
    expressions = about_column if rule.scope == "column" else rule.expressions
    read = {name for expr in expressions for name in expr.meta.root_names()}.union(beside)
    if read <= facts.columns:
        return pl.concat(facts.slices(sorted(read)))
    return pl.concat(
        with_groups(df.lazy(), groups).select(sorted(read)).collect() for df in facts.slices()
    )
