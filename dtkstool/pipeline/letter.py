"""The summary of a month that fits in a mail: plain text, no names, no numbers of people."""

from collections.abc import Iterator

import polars as pl

from dtkstool.frames import INGATAN
from dtkstool.ledger.months import Known
from dtkstool.messages import Language, message
from dtkstool.pipeline.month import Done
from dtkstool.pipeline.publish import Published

ACTIONS = ("tetap", "ubah", "ganti", "hapus", "verifikasi", "konsolidasi")


def letter(
    done: Done,
    *,
    month: str,
    before: Known | None,
    warnings: list[str],
    published: Published,
    lang: Language,
) -> str:
    """Return a run's summary: first line fit for a subject, then counts, warnings, workbooks."""

    def say(key: str, **values: object) -> str:
        told = {k: _number(v, lang) if isinstance(v, int) else v for k, v in values.items()}
        return message(f"ledger.letter.{key}", lang, **told)

    decisions = done.outcome.decisions
    out = pl.col("ingatan").cast(pl.String).eq_missing(pl.lit("keluar"))
    counted = decisions.filter(~out)
    valid = counted.filter(pl.col("action") == "tetap").height
    share = f"{100 * valid / max(counted.height, 1):.1f}"
    lines = [say("subject", month=month, records=decisions.height, share=share), ""]
    lines.append(say("records", count=decisions.height))
    if before:
        lines.append(say("before", count=before.records, month=before.month))
    lines += ["", say("actions"), *_by_action(counted, lang), ""]
    lines += _remembered(decisions, lang)
    lines += _listed(say("warnings"), warnings)
    failures = done.outcome.register.read.failures
    lines += _listed(say("failures"), [f"{f.where.file}: {f.what(lang)}" for f in failures])
    lines += _listed(say("kept"), list(published.kept))
    lines += _listed(say("beside"), [f"{path} → {other}" for path, other in published.beside])
    lines.append(say("workbooks", count=done.workbooks.height, folder=done.out / "koreksi"))
    return "\n".join(lines) + "\n"


def _by_action(decisions: pl.DataFrame, lang: Language) -> Iterator[str]:
    for action in ACTIONS:
        count = decisions.filter(pl.col("action") == action).height
        yield f"  {message(f'cli.action.{action}', lang):<28}{_number(count, lang):>10}"


def _remembered(decisions: pl.DataFrame, lang: Language) -> list[str]:
    """Return what clerks' earlier decisions came to, one line a kind; none if they came to none."""
    found = dict(decisions["ingatan"].cast(pl.String).drop_nulls().value_counts().iter_rows())
    lines = [
        f"  {message(f'memory.letter.{kind}', lang):<38}{_number(found[kind], lang):>10}"
        for kind in INGATAN.categories
        if kind in found
    ]
    return [message("memory.letter.title", lang), *lines, ""] if lines else []


def _listed(title: str, entries: list[str]) -> list[str]:
    return [title, *(f"  - {entry}" for entry in entries), ""] if entries else []


def _number(value: int, lang: Language) -> str:
    return f"{value:,}".replace(",", ".") if lang == "id" else f"{value:,}"
