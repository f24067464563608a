"""What a rule is: a value that says what is wrong, where it shows and what to do about it.

The texts (message, why, fix, known problems, example) stand in `data/messages/rules.toml` under
the rule's code, so that a rule reads the same in both languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from dtkstool.messages import Language, page, template

Severity = Literal["info", "peringatan", "galat", "fatal"]
Action = Literal["tetap", "konsolidasi", "ubah", "verifikasi", "ganti", "hapus"]
Scope = Literal["row", "group", "column", "file", "registry", "usulan"]
TEXTS = ("title", "why", "fix", "known_problems", "example")


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue; its code is never reused."""

    code: str
    name: str
    """What was found, in kebab case, never what to do."""
    column: str
    """The canonical field whose cell a finding names."""
    severity: Severity
    action: Action
    source: str
    """Where the fact comes from."""
    violated: pl.Expr | None = None
    """True = wrong, over the columns of `with_evidence`; null counts as right. A `column` rule
    judges its `values`, which are aggregates over one layout. None only for
    `file` rules, which reading itself finds, and `registry` rules, which follow from a link."""
    scope: Scope = "row"
    """`row` judges any slice, `group` needs all rows of one NIK or No KK, `column` judges a source
    column as a whole, `file` is what made a file unusable, `registry` needs the civil registry:
    only `run` raises it; `usulan` judges proposals."""
    variant: pl.Expr | None = None
    """Which of the entry's messages applies, where it has several."""
    values: Mapping[str, pl.Expr] = field(default_factory=dict)
    """What fills the message's placeholders, beside `{value}` (as typed) and `{label}`."""
    suggestion: pl.Expr | None = None
    """The concrete new content of the cell; null where there is none."""
    elsewhere: Mapping[str, pl.Expr] = field(default_factory=dict)
    """Other fields a finding may name, each with when; the first that is true wins."""
    repairs: Mapping[str, pl.Expr] = field(default_factory=dict)
    """By field what its cell should read, where that is certain; null where it is not. Only what
    nobody could take for anything else: `validate --fix` writes it without asking."""
    raised_by: tuple[str, ...] = ()
    """For a `file` rule: the keys of the errors and reading notes that it stands for."""
    since: str = "0.1"

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field a finding of this rule may name."""
        return (self.column, *self.elsewhere)

    @property
    def expressions(self) -> tuple[pl.Expr, ...]:
        """Everything the rule reads, to know which columns it needs."""
        single = (self.violated, self.variant, self.suggestion)
        several = (*self.values.values(), *self.elsewhere.values(), *self.repairs.values())
        return (*(expr for expr in single if expr is not None), *several)

    def messages(self, lang: Language) -> dict[str, str]:
        """Return the message templates by variant; the key is "" where there is only one."""
        entry = page("rules")[self.code]["message"]
        if lang in entry:
            return {"": entry[lang]}
        return {variant: texts[lang] for variant, texts in entry.items()}

    def text(self, part: str, lang: Language) -> str:
        """Return one of `TEXTS`."""
        return template(f"rules.{self.code}.{part}", lang)
