"""Rules and NIKs explained on screen; what was asked for goes to stdout."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from dtkstool.messages import message
from dtkstool.write.forms.text import CONTROL

if TYPE_CHECKING:
    import polars as pl

    from dtkstool.rules.rule import Rule
    from dtkstool.terminal import Screen

COLOURS = {"info": "cyan", "peringatan": "yellow", "galat": "red", "fatal": "bold red"}
PARTS = ("why", "fix", "known_problems", "example")
WIDTHS = {"nik": 16, "kelas": 12, "birth": 10, "sex": 1, "age": 3, "codes": 11, "kecamatan": 0}
FACTS = ("nik", "kelas", "repair", "candidate", "region", "birth", "sex", "serial")
MASKED_DATE = "**-**-%Y"


def show_rules(screen: "Screen", rules: Sequence["Rule"]) -> None:
    """Print a table of rules: code, severity, title."""
    say = partial(message, lang=screen.lang)
    table = Table(box=None, header_style="bold")
    for head in ("code", "severity", "title"):
        table.add_column(say(f"explain.head.{head}"), overflow="fold")
    for rule in rules:
        severity = Text(say(f"findings.severity.{rule.severity}"), style=COLOURS[rule.severity])
        table.add_row(rule.code, severity, Text(rule.text("title", screen.lang)))
    screen.out.print(table)
    screen.out.print(Text(say("explain.more"), style="dim"))


def show_rule(screen: "Screen", rule: "Rule") -> None:
    """Print everything about one rule."""
    say = partial(message, lang=screen.lang)
    heading = Text(f"{rule.code} · {rule.text('title', screen.lang)}", style="bold")
    screen.out.print(heading)
    severity = Text(say(f"findings.severity.{rule.severity}"), style=COLOURS[rule.severity])
    action, scope = say(f"findings.action.{rule.action}"), say(f"findings.scope.{rule.scope}")
    screen.out.print(Text(f"{rule.name} · ") + severity + Text(f" · {scope} · {action}"))
    _section(screen, "message", rule.messages(screen.lang).values())
    for part in PARTS:
        _section(screen, part, [rule.text(part, screen.lang)])
    if rule.severity == "info":
        repair = "repair_safe" if rule.repairs else "repair_none"
        _section(screen, "repair", [say(f"findings.docs.{repair}")])
    _section(screen, "column", [", ".join(rule.fields)])
    _section(screen, "source", [f"{rule.source} · {say('findings.docs.since')} {rule.since}"])


def _section(screen: "Screen", part: str, lines: Iterable[str]) -> None:
    screen.out.print()
    screen.out.print(Text(message(f"findings.docs.{part}", screen.lang), style="bold"))
    for line in lines:
        screen.out.print(Text(f"  {line}"))


def show_nik(screen: "Screen", known: Mapping[str, Any]) -> None:
    """Print what one NIK says: its facts, then every rule that it breaks.

    As typed and not masked: its parts, which are shown anyway, are the NIK.
    """
    say = partial(message, lang=screen.lang)
    facts = Table(box=None, show_header=False, pad_edge=False)
    for name in FACTS:
        value = told(screen, known, name)
        if value:
            facts.add_row(Text(say(f"explain.fact.{name}"), style="dim"), Text(value))
    screen.out.print(facts)
    wrong = zip(
        known["codes"], known["severities"], known["messages"], known["suggestions"], strict=True
    )
    for code, severity, text, suggestion in wrong:
        line = Text(f"{code} ", style=COLOURS[severity]) + Text(text)
        screen.out.print(line + Text(f" → {suggestion}" if suggestion else "", style="dim"))
    if not known["codes"]:
        screen.out.print(Text(say("explain.nothing_wrong"), style="green"))


def told(screen: "Screen", known: Mapping[str, Any], name: str) -> str:
    """Return one fact about a NIK as people read it; "" where it is not known."""
    say = partial(message, lang=screen.lang)
    if name == "kelas":
        return say(f"explain.kelas.{known['kelas']}")
    if name == "nik":
        return str(known["nik"] or known["typed"])
    if name == "region":
        return region(screen, known)
    if name == "birth" and known["birth"]:
        return say("explain.born", date=f"{known['birth']:%d-%m-%Y}", age=known["age"])
    if name == "sex" and known["sex"]:
        return say(f"explain.sex.{known['sex']}")
    return str(known[name] or "")


def region(screen: "Screen", known: Mapping[str, Any]) -> str:
    """Return where a NIK was first issued, as far as its code is in force."""
    if known["nik"] is None:
        return ""
    say = partial(message, lang=screen.lang)
    places = [known[level] for level in ("kecamatan", "kabupaten", "provinsi") if known[level]]
    status = known["wilayah"]
    remark = "" if status == "berlaku" else say(f"explain.wilayah.{status}")
    if known["kabupaten_now"]:
        remark = say("explain.now", kabupaten=known["kabupaten_now"])
    return " · ".join(part for part in (", ".join(places), remark) if part)


def show_niks(
    screen: "Screen", known: "pl.DataFrame", *, unmasked: bool, head: bool = True
) -> None:
    """Print a line per NIK, masked unless `unmasked`: `masked` and only the birth year.

    The columns are as wide for a part of the NIKs as for all of them, so that parts can follow each
    other; the place comes last, since its length is anybody's guess.
    """
    import polars as pl

    kinds = {
        name: message(f"explain.kelas.{name}", screen.lang) for name in known["kelas"].unique()
    }
    places = pl.concat_str("kecamatan", "kabupaten", separator=", ", ignore_nulls=True)
    cells = {
        "nik": pl.coalesce("nik", "typed") if unmasked else pl.col("masked"),
        "kelas": pl.col("kelas").replace_strict(kinds),
        "birth": pl.col("birth").dt.strftime("%d-%m-%Y" if unmasked else MASKED_DATE),
        "sex": pl.col("sex").cast(pl.String),
        "age": pl.col("age").cast(pl.String),
        "codes": pl.col("codes").list.join(" "),
        "kecamatan": places,
    }
    heads = {name: message(f"explain.head.{name}", screen.lang) for name in cells}
    widths = {name: max(WIDTHS[name], len(text)) for name, text in heads.items()}
    line = pl.concat_str(
        *(pl.col(name).fill_null("").str.pad_end(width) for name, width in widths.items()),
        separator="  ",
    )
    rows = known.select(**cells)
    table = pl.concat([pl.DataFrame(heads), rows]) if head else rows
    for text in table.select(
        line.str.replace_all(CONTROL, " ").str.strip_chars_end().alias("line")
    )["line"]:
        screen.out.file.write(f"{text}\n")
