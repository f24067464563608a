"""Judging a register that is too large to be held: by slices, and what its groups say by key.

First each slice is judged by what its records show by themselves, and gives what is compact:
numbers as integers, families as the facts that rules count, names with birth dates as hashes. From
these follows what every group shows, the few records that have one looked up again; then what
takes the groups is judged slice by slice. The findings are those of `check`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Protocol

import polars as pl

from dtkstool.errors import Where
from dtkstool.frames import CLEANED
from dtkstool.messages import Language
from dtkstool.rules.check import (
    LAYOUT,
    about_columns,
    by_record,
    needed_columns,
    nothing_found,
)
from dtkstool.rules.custom import CustomRule, blamed
from dtkstool.rules.evidence import (
    FAMILY,
    Groups,
    families,
    found_at_once,
    members,
    nik_groups,
    with_groups,
    with_row_evidence,
)
from dtkstool.rules.lists import READ
from dtkstool.rules.namesakes import PERSON, namesakes
from dtkstool.rules.rule import Rule

GROUPED = tuple(dict.fromkeys((
    *READ, "nokk", "nama", "nama_folk", "nama_ibu_folk", "tanggal_lahir_kelas", "salah_kolom",
)))  # fmt: skip
"""What `nik_groups` and `namesakes` read of the records they are about."""
MEMBERS = ("tertukar", "jabatan", "urutan_wakil", "kode_desa", "rt", "rw")
"""What `members` reads beside them."""
KEYED_BY = (*GROUPED, *MEMBERS)
"""What `keys_of` and the groups it leads to read."""
SHOWN = ("nik", "nokk", "tanggal_lahir", "jenis_kelamin")
"""What `with_row_evidence` reads of the cleaned columns."""


class Facts(Protocol):
    """What the records show by themselves, slice by slice, as often as it is asked."""

    @property
    def columns(self) -> frozenset[str]:
        """The columns there are."""

    def slices(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give each slice, all its columns or those asked for."""


def read_by(rules: Iterable[Rule]) -> set[str]:
    """Return the columns that are needed of a record to judge it, by itself and beside others."""
    return needed_columns(rules).union(KEYED_BY, SHOWN)


def slice_facts(cleaned: pl.LazyFrame, today: date, wanted: Collection[str]) -> pl.DataFrame:
    """Return a slice with what its records show by themselves, those of the columns wanted."""
    lf = with_row_evidence(cleaned, today)
    there = [name for name in lf.collect_schema() if name in wanted]
    return lf.select(there).collect(engine="in-memory").rechunk()


def judged_alone(rules: Iterable[Rule], today: date) -> tuple[Rule, ...]:
    """Return the rules that judge a record by nothing but what it shows by itself."""
    there = set(with_row_evidence(pl.LazyFrame(schema=CLEANED), today).collect_schema())
    return tuple(rule for rule in rules if _on_records(rule) and reads(rule) <= there)


def _on_records(rule: Rule) -> bool:
    return rule.scope in ("row", "group") and not takes_whole(rule)


def judged_together(rules: Iterable[Rule], alone: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules that judge records beside others."""
    return tuple(rule for rule in rules if rule.scope in ("row", "group") and rule not in alone)


def reads(rule: Rule) -> set[str]:
    """Return the columns that a rule reads."""
    return {name for expr in rule.expressions for name in expr.meta.root_names()}


def read_again(rules: Iterable[Rule], alone: Sequence[Rule]) -> set[str]:
    """Return the columns that are needed of a slice after it was judged alone."""
    others = [rule for rule in rules if rule not in alone]
    return needed_columns(others).union(GROUPED)


@dataclass(frozen=True)
class Keys:
    """What the groups of one slice are found by."""

    numbers: pl.DataFrame
    """`record`, `nik` as an integer, `salah_kolom`; who has a NIK."""
    cards: pl.DataFrame
    """`kk`: the distinct No KK as integers."""
    members: pl.DataFrame
    """`evidence.members`."""
    persons: pl.DataFrame
    """`record`, `person`: name and birth date hashed; who has both."""


def keys_of(facts: pl.DataFrame) -> Keys:
    """Return the keys of a slice."""
    lf = facts.lazy()
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in PERSON)
    return Keys(
        *pl.collect_all(
            [
                lf.drop_nulls("nik").select("record", pl.col("nik").cast(pl.Int64), "salah_kolom"),
                lf.select(FAMILY).drop_nulls().unique(),
                members(lf),
                lf.filter(known).select("record", person=pl.struct(PERSON).hash()),
            ]
        )
    )


def groups_of_all(keys: Sequence[Keys], facts: Facts) -> Groups:
    """Return what all records show together."""
    numbers = pl.concat(one.numbers for one in keys)
    persons = pl.concat(one.persons for one in keys)
    twice = numbers.filter(pl.col("nik").is_duplicated())["record"]
    alike = persons.filter(pl.col("person").is_duplicated())["record"]
    either = pl.concat([twice, alike]).unique().to_frame()
    again = pl.concat(
        df.join(either, on="record", how="semi") for df in facts.slices(GROUPED)
    ).lazy()  # fmt: skip
    of_nik = nik_groups(again.join(twice.to_frame().lazy(), on="record", how="semi"))
    of_person = namesakes(again.join(alike.to_frame().lazy(), on="record", how="semi"))
    of_family = families(pl.concat(one.members for one in keys).lazy())
    cards = pl.concat(one.cards for one in keys).lazy().unique()
    owned = numbers.lazy().filter(~pl.col("salah_kolom")).select(kk="nik")
    people = cards.join(owned, on="kk", how="semi").with_columns(nokk_orang=True)
    return found_at_once(Groups(of_nik, of_family, people, of_person))


def beside(df: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """Return a slice with what its groups show.

    The groups are cut down to the slice first: a join prepares all that it is given.
    """
    first, last = df["record"].min(), df["record"].max()
    here = pl.col("record").is_between(first, last)
    cards = df.lazy().select(FAMILY).drop_nulls().unique()
    near = Groups(
        groups.nik.filter(here),
        groups.families.join(cards, on="kk", how="semi"),
        groups.people,
        groups.namesakes.filter(here),
    )
    return with_groups(df.lazy(), near).collect(engine="in-memory").rechunk()


def column_findings(
    facts: Facts, groups: Groups, rules: Iterable[Rule], lang: Language
) -> pl.DataFrame:
    """Return what is wrong with whole columns, before their cell is known."""
    found = [
        about_columns(narrow(facts, groups, rule, LAYOUT), rule, lang)
        for rule in rules
        if rule.scope == "column"
    ]
    return pl.concat([nothing_found(), *found], how="diagonal_relaxed")


def verdicts_of(
    facts: Facts, groups: Groups, rules: Iterable[Rule], where: Where
) -> dict[str, pl.Series]:
    """Return by code the verdict on every record of the rules that take the whole.

    BadConfiguration, naming `where` it is written, if a custom rule fails on real records.
    """
    return {
        rule.code: of_whole(rule, narrow(facts, groups, rule), where)
        for rule in rules
        if takes_whole(rule)
    }


@dataclass(frozen=True)
class Together:
    """Judges records beside others, by what all of them show."""

    groups: Groups
    verdicts: Mapping[str, pl.Series]
    """Of the rules that take the whole, on every record."""
    rules: Sequence[Rule]
    lang: Language

    def each(self, facts: Facts) -> Iterator[pl.DataFrame]:
        """Give what is wrong with the records of each slice, before the cell is known."""
        start = 0
        for df in facts.slices():
            yield self.judged(df, start)
            start += df.height

    def judged(self, df: pl.DataFrame, start: int) -> pl.DataFrame:
        """Return what is wrong with a slice that begins at this record."""
        known = {f"_{c}": verdict.slice(start, df.height) for c, verdict in self.verdicts.items()}
        return by_record(beside(df, self.groups).with_columns(**known), self._judging, self.lang)

    @cached_property
    def _judging(self) -> tuple[Rule, ...]:
        return tuple(
            replace(rule, violated=pl.col(f"_{rule.code}")) if rule.code in self.verdicts else rule
            for rule in self.rules
        )


def merged(parts: Sequence[pl.DataFrame], rules: Sequence[Rule]) -> pl.DataFrame:
    """Return findings on the records of a slice in the order of records, then of rules."""
    order = {rule.code: at for at, rule in enumerate(rules)}
    at = pl.col("code").replace_strict(order, return_dtype=pl.UInt16)
    return pl.concat(parts).sort("record", at, maintain_order=True)


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
    facts: Facts, groups: Groups, rule: Rule, too: Sequence[str] = ("record",)
) -> pl.DataFrame:
    """Return all records with nothing but what one rule reads, and the columns asked for too."""
    about_column = (*rule.values.values(), *rule.elsewhere.values())
    expressions = about_column if rule.scope == "column" else rule.expressions
    read = {name for expr in expressions for name in expr.meta.root_names()}.union(too)
    if read <= facts.columns:
        return pl.concat(facts.slices(sorted(read)))
    return pl.concat(beside(df, groups).select(sorted(read)) for df in facts.slices())
