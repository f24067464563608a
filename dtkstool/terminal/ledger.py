"""The month, the ledger and progress on screen."""

import json
from typing import TYPE_CHECKING

import polars as pl
from rich.table import Table
from rich.text import Text

from dtkstool.messages import message
from dtkstool.terminal import Screen

Row = dict[str, object]

if TYPE_CHECKING:
    from dtkstool.pipeline.finalizing import Final
    from dtkstool.pipeline.ledgers import View
    from dtkstool.pipeline.scheduled import Finished, Looked

RESULTS = (
    "findings.parquet", "links.parquet", "duplicates.parquet", "decisions.parquet",
    "changes.parquet", "skipped.parquet", "koreksi/", "keluar.csv", "laporan.html",
    "ringkasan.txt", "run.json",
)  # fmt: skip
SHOWN = ("records", "valid_share", "trend", "repaired", "open", "recurring", "new", "gone")
KINDS = ("hapus", "ganti", "ubah", "verifikasi", "konsolidasi")
VIEWS = ("kecamatan", "desa", "kode", "petugas")
BARS = "▁▂▃▄▅▆▇█"


def say(screen: Screen, key: str, style: str = "", **values: object) -> None:
    """Print one sentence of the page `ledger`."""
    if not screen.quiet:
        screen.talk.print(
            Text(message(f"ledger.{key}", screen.lang, **values), style=style), soft_wrap=True
        )


def warn(screen: Screen, key: str, **values: object) -> None:
    """Print one sentence of the page `ledger` that is shown even when the screen is quiet."""
    sentence = message(f"ledger.{key}", screen.lang, **values)
    screen.talk.print(Text(sentence, style="yellow"), soft_wrap=True)


def finished(screen: Screen, month: "Finished") -> None:
    """Print what a scheduled run did beside the run itself: warnings, workbooks left alone."""
    if month.dead:
        warn(screen, "run.takeover", pid=month.dead.pid, since=month.dead.since)
    if month.resumed:
        say(screen, "run.resumed", stages=", ".join(month.resumed))
    screen.run(month.done)
    _remembered(screen, month)
    for warned in month.warnings:
        warn(screen, "run.warning", text=warned.text(screen.lang))
    for path in month.published.kept:
        warn(screen, "run.kept", path=path)
    for path, other in month.published.beside:
        warn(screen, "run.beside", path=path, other=other)
    if month.plan.keputusan:
        say(screen, "run.clerks", count=month.clerks)
    say(screen, "run.ledger", path=month.plan.ledger)


def _remembered(screen: Screen, month: "Finished") -> None:
    """Print what clerks' earlier decisions came to, if there are any."""
    if month.remembered["known"]:
        numbers = {name: screen.number(count) for name, count in month.remembered.items()}
        for line in ("known", "others"):
            text = message(f"memory.screen.{line}", screen.lang, **numbers)
            if not screen.quiet:
                screen.talk.print(Text(text), soft_wrap=True)


def looked(screen: Screen, dry: "Looked") -> None:
    """Print what a run would work with and write."""
    cleaned = dry.register.cleaned
    say(screen, "dry.title", "bold")
    say(
        screen,
        "dry.read",
        records=screen.number(cleaned.height),
        sheets=len(dry.register.read.sheets),
        findings=screen.number(dry.findings.height),
        kecamatan=cleaned["kode_kecamatan"].n_unique(),
    )
    for warned in dry.warnings:
        warn(screen, "run.warning", text=warned.text(screen.lang))
    for path in dry.edited:
        warn(screen, "run.kept", path=path)
    say(screen, "dry.write", folder=dry.plan.folder, files=", ".join(RESULTS))
    say(screen, "dry.ledger", month=dry.plan.month, path=dry.plan.ledger)


def progress(screen: Screen, view: "View") -> None:
    """Print the newest month of a view on stdout, the best group first: figures, then by kind."""
    newest = view.rows.filter(pl.col("month") == view.newest).sort("rank", "group", nulls_last=True)
    rows = [
        {**row, "trend": sparkline(view.trend(row["group"]))}
        for row in newest.iter_rows(named=True)
    ]
    whole = _whole(screen, view)
    title = message("ledger.progress.title", screen.lang, month=view.newest, by=view.by)
    _print(screen, f"{title} · {_compared(screen, view)}", ("rank", view.by, *SHOWN), rows, whole)
    kinds = message("ledger.progress.kinds", screen.lang)
    _print(screen, f"\n{kinds}", ("rank", view.by, "open", *KINDS), rows, whole)


def _whole(screen: Screen, view: "View") -> Row | None:
    """Return the line of the totals; None where groups overlap."""
    if view.total is None:
        return None
    now = view.total.filter(pl.col("month") == view.newest).row(0, named=True)
    trend = sparkline(view.total["valid_share"].to_list())
    name = message("ledger.progress.total", screen.lang)
    return {**now, "rank": None, "name": name, "trend": trend}


def _print(
    screen: Screen, title: str, headers: tuple[str, ...], rows: list[Row], whole: Row | None
) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    table.padding = (0, 2, 0, 0)
    for header in headers:
        label = message(f"ledger.column.{header}", screen.lang)
        named = header in VIEWS
        table.add_column(
            label,
            justify="left" if named or header == "trend" else "right",
            no_wrap=True,
            min_width=None if named else len(label),
        )
    for row in rows:
        table.add_row(*(_cell(screen, row, header) for header in headers))
    if whole:
        table.add_row(*(_cell(screen, whole, header) for header in headers), style="bold")
    screen.out.print(table, width=max(screen.out.width, 100), crop=False)


def _cell(screen: Screen, row: Row, header: str) -> str:
    if header in VIEWS:
        nobody = "nobody" if header == "petugas" else "unknown"
        return str(row["name"] or message(f"ledger.progress.{nobody}", screen.lang))
    value = row[header]
    if header == "valid_share":
        return f"{100 * value:.1f} %" if isinstance(value, float) else "–"
    if isinstance(value, int) and header != "rank":
        return screen.number(value)
    return "" if value is None else str(value)


def _compared(screen: Screen, view: "View") -> str:
    if view.before is None:
        return message("ledger.progress.first", screen.lang)
    return message("ledger.progress.compared", screen.lang, month=view.before)


def sparkline(shares: list[float | None]) -> str:
    """Return shares as bars between the lowest and the highest; a blank where there is none."""
    known = [share for share in shares if share is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (high - low) / (len(BARS) - 1)
    return "".join(
        " " if share is None else BARS[round((share - low) / step)] if step else BARS[3]
        for share in shares
    )


def as_csv(screen: Screen, view: "View") -> None:
    """Print a view as CSV, one line per month and group."""
    screen.result(view.rows.write_csv().rstrip("\n"))


def as_json(screen: Screen, view: "View") -> None:
    """Print a view as JSON: months, total per month, one object per month and group."""
    whole = {
        "by": view.by,
        "months": view.months,
        "total": [] if view.total is None else view.total.to_dicts(),
        "groups": view.rows.to_dicts(),
    }
    screen.result(json.dumps(whole, ensure_ascii=False, indent=2))


def finalized(screen: Screen, final: "Final") -> None:
    """Print the totals of a final list."""
    total = final.desa.select(pl.exclude("kecamatan", "desa").sum()).row(0, named=True)
    counts = {name: screen.number(count) for name, count in total.items()}
    say(screen, "final.done", folder=final.order.out, **counts)
