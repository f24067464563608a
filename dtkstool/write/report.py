"""The report of a run: one self-contained page of counts, for whoever must answer "how many?"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

import polars as pl

from dtkstool.messages import Language, message, page

Row = Sequence[object]
EXPECTED = ("false_links", "waiting", "missed")


@dataclass(frozen=True)
class Facts:
    """What the report is about; counts only, no personal value."""

    period: str
    version: str
    persons: int
    decisions: pl.DataFrame
    findings: pl.DataFrame
    blocks: pl.DataFrame
    estimates: Mapping[str, Mapping[str, float]]
    """kecamatan code ("" unresolved): false_links, waiting, missed and more"""
    sheets: Sequence[tuple[str, str, int, int, str]]
    """file, sheet, records, skipped rows, remark"""
    failures: Sequence[tuple[str, str]]
    """place, what is wrong and what to do"""
    places: pl.DataFrame
    """code, name"""
    lang: Language


def report(facts: Facts) -> str:
    """Return the page; its size does not grow with the number of records."""
    template = files("dtkstool").joinpath("data", "templates", "laporan.html").read_text("utf-8")
    read = len({sheet[0] for sheet in facts.sheets})
    counts = {
        "records": _number(facts.decisions.height, facts.lang),
        "files": read,
        "persons": _number(facts.persons, facts.lang),
    }
    return Template(template).substitute(
        lang=facts.lang,
        title=_say(facts, "title"),
        period=_say(facts, "period", period=facts.period, version=facts.version),
        summary=_say(facts, "summary", **counts),
        privacy=_say(facts, "privacy"),
        sections="\n".join(_sections(facts)),
    )


def _say(facts: Facts, key: str, **values: object) -> str:
    return escape(message(f"report.{key}", facts.lang, **values))


def _number(value: int, lang: Language) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if lang == "id" else text


def _sections(facts: Facts) -> Iterable[str]:
    yield _shares(facts, "action")
    yield _shares(facts, "status")
    yield _section(facts, "kecamatan", *_by_kecamatan(facts))
    yield _section(facts, "estimates", ("kecamatan", *EXPECTED), _expected(facts))
    if facts.failures:
        yield _section(facts, "failed", ("file", "remark"), facts.failures)
    codes = facts.findings.group_by("code", "severity").len()
    ranked = codes.sort("severity", "len", "code", descending=[True, True, False]).rows()
    named = [(code, grade, _title(code, facts.lang), n) for code, grade, n in ranked]
    yield _section(facts, "findings", ("code", "severity", "name", "found"), named)
    yield _section(facts, "files", ("file", "sheet", "records", "skipped", "remark"), facts.sheets)
    searched = facts.blocks.select("block", "pairs", "hot_keys", "hottest", "dropped").rows()
    headings = ("rule", "pairs", "hot_keys", "hottest", "dropped")
    yield _section(facts, "blocks", headings, searched)


def _expected(facts: Facts) -> Iterable[Row]:
    """Return one row per kecamatan, in order of code: what is expected, to a tenth of a person."""
    wanted = pl.col("code").is_in([code for code in facts.estimates if code])
    names = dict(facts.places.filter(wanted).rows())
    unknown = message("report.unresolved", facts.lang)
    point = "," if facts.lang == "id" else "."
    return [
        (names.get(code, unknown), *(f"{part[key]:.1f}".replace(".", point) for key in EXPECTED))
        for code, part in facts.estimates.items()
    ]


def _title(code: str, lang: Language) -> str:
    """Return a rule's title; a rule of the user's own has only its code."""
    return message(f"rules.{code}.title", lang) if code in page("rules") else code


def _shares(facts: Facts, column: str) -> str:
    counted = facts.decisions.group_by(pl.col(column).cast(pl.String)).len()
    ranked = counted.sort("len", column, descending=[True, False]).rows()
    rows = [
        (message(f"cli.{column}.{name}", facts.lang), count, count / facts.decisions.height)
        for name, count in ranked
    ]
    return _section(facts, column, ("name", "records", "share"), rows)


def _by_kecamatan(facts: Facts) -> tuple[tuple[str, ...], Sequence[Row]]:
    """Return headings and rows: one per kecamatan, one column per action, the total last."""
    actions = facts.decisions["action"].cast(pl.String).unique().sort().to_list()
    counted = facts.decisions.group_by("kecamatan").agg(
        *((pl.col("action").cast(pl.String) == name).sum().alias(name) for name in actions),
        pl.len().alias("records"),
    )
    named = counted.join(facts.places, left_on="kecamatan", right_on="code", how="left")
    unknown = message("report.unresolved", facts.lang)
    ordered = named.sort("kecamatan", nulls_last=True).select(
        pl.col("name").fill_null(unknown), *actions, "records"
    )
    return ("kecamatan", *(f"action.{name}" for name in actions), "records"), ordered.rows()


def _heading(facts: Facts, name: str) -> str:
    key = f"cli.{name}" if name.startswith("action.") else f"report.column.{name}"
    return escape(message(key, facts.lang))


def _section(facts: Facts, name: str, headings: Sequence[str], rows: Iterable[Row]) -> str:
    listed = list(rows)
    numeric = [
        bool(listed) and all(isinstance(r[i], int) for r in listed) for i in range(len(headings))
    ]
    head = "".join(
        f"<th{' class=number' if number else ''}>{_heading(facts, heading)}</th>"
        for heading, number in zip(headings, numeric, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(_cell(value, facts.lang) for value in row)}</tr>\n" for row in listed
    )
    title = _say(facts, f"section.{name}")
    return f"<section><h2>{title}</h2><table><tr>{head}</tr>\n{body}</table></section>"


def _cell(value: object, lang: Language) -> str:
    if isinstance(value, float):
        percent = f"{100 * value:.1f} %"
        width = f"{100 * value:.1f}%"
        bar = f'<div class="bar" style="width:{width}" title="{percent}"></div>'
        return f'<td class="track">{percent}{bar}</td>'
    if isinstance(value, int):
        return f'<td class="number">{_number(value, lang)}</td>'
    return f"<td>{escape(str(value))}</td>"
