"""Everything seen on screen. Talk goes to stderr; results that are asked for go to stdout."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dtkstool.errors import DtksError
from dtkstool.messages import Language, message

if TYPE_CHECKING:
    import polars as pl

    from dtkstool.pipeline.extracts import Built
    from dtkstool.pipeline.month import Done, Outcome
    from dtkstool.read import Layout, ReadResult, Sheet
    from dtkstool.sample.settings import Summary

EXPECTED = ("false_links", "waiting", "missed")
WORST = 5
"""How many kecamatan are shown: those with most links to be wrong or missed."""
COLOURS = {
    "meninggal": "red", "pindah_keluar": "red", "pindah_dalam": "yellow", "ganda": "magenta",
    "nik_orang_lain": "magenta", "perbaikan": "yellow", "padan": "green", "tinjau": "cyan",
    "tidak_ditemukan": "cyan",
}  # fmt: skip


class Screen:
    """The terminal in one language; `quiet` leaves only errors and results."""

    def __init__(self, lang: Language, *, quiet: bool = False) -> None:
        self.lang = lang
        self.quiet = quiet
        self.talk = Console(stderr=True, highlight=False)
        self.out = Console(highlight=False, soft_wrap=True)

    def say(self, key: str, **values: object) -> None:
        """Print one sentence of the catalogue (`cli.<key>`)."""
        if not self.quiet:
            self.talk.print(Text(message(f"cli.{key}", self.lang, **values)), soft_wrap=True)

    def label(self, key: str) -> str:
        """Return a word of the catalogue (`cli.<key>`)."""
        return message(f"cli.{key}", self.lang)

    def number(self, value: int) -> str:
        """Return a count with the language's thousands mark."""
        text = f"{value:,}"
        return text.replace(",", ".") if self.lang == "id" else text

    def result(self, text: str) -> None:
        """Print a result to stdout exactly as it is."""
        self.out.out(text, highlight=False)

    def error(self, error: DtksError) -> None:
        """Print what is wrong, where, and what to do."""
        line = Text()
        line.append(f"{self.label('error.title')}: ", style="bold red")
        line.append(error.what(self.lang))
        where = error.where.describe(self.lang)
        if where:
            line.append(f"  ·  {where}", style="dim")
        line.append(f"\n  {self.label('error.fix')}: ", style="bold")
        line.append(error.fix(self.lang))
        self.talk.print(line, soft_wrap=True)

    def failed_files(self, failures: Iterable[DtksError]) -> None:
        """Print every file that could not be read."""
        for failure in failures:
            self.error(failure)

    def table(
        self, headers: Iterable[str], rows: Iterable[Iterable[object]], title: str = ""
    ) -> None:
        """Print a table of talk; numbers are aligned right."""
        if not self.quiet:
            self.talk.print(self._table(headers, rows, title))

    def _table(self, headers: Iterable[str], rows: Iterable[Iterable[object]], title: str) -> Table:
        table = Table(title=title or None, title_justify="left", header_style="bold", box=None)
        listed = [list(row) for row in rows]
        for index, header in enumerate(headers):
            numeric = bool(listed) and all(isinstance(row[index], int) for row in listed)
            table.add_column(self.label(f"table.{header}"), justify="right" if numeric else "left")
        for row in listed:
            table.add_row(*(self._cell(value) for value in row))
        return table

    def _cell(self, value: object) -> Text:
        if isinstance(value, Text):
            return value
        return Text(self.number(value) if isinstance(value, int) else str(value))

    def layouts(self, read: "ReadResult") -> None:
        """Print the result of `columns`: sheets, columns, what stayed unmapped, what was odd."""
        sheets = [
            (s.source_file, s.sheet, s.rows_read, s.rows_skipped, self._sheet_remark(s))
            for s in read.sheets
        ]
        self.out.print(self._table(("file", "sheet", "rows", "skipped", "status"), sheets, ""))
        for layout in read.layouts:
            known = [(letter, header, field) for field, (letter, header) in layout.columns.items()]
            unknown = [
                (letter, header, self.label("table.unmapped")) for letter, header in layout.unmapped
            ]
            rows = [*known, *unknown]
            self.out.print(self._table(("column", "typed", "field"), rows, self._heading(layout)))
            for note in layout.notes:
                self.out.print(Text(f"   · {note.text(self.lang)}", style="dim"))

    def _heading(self, layout: "Layout") -> str:
        place = " › ".join(part for part in (layout.source_file, layout.sheet) if part)
        if layout.header_row is None:
            return f"\n{place} · {self.label('table.no_header')}"
        return f"\n{place} · {self.label('table.header')} {layout.header_row}"

    def _sheet_remark(self, sheet: "Sheet") -> str:
        hidden = [self.label("table.hidden")] if sheet.hidden else []
        reason = [message(f"read.{sheet.reason}", self.lang)] if sheet.reason else []
        return "; ".join(hidden + reason)

    def decisions(self, decisions: "pl.DataFrame") -> None:
        """Print how many records got which status and action."""
        counted = decisions.group_by("status", "action").len().sort("status", "action").rows()
        rows = [
            (
                Text(self.label(f"status.{status}"), style=COLOURS[status]),
                self.label(f"action.{action}"),
                count,
                f"{100 * count / decisions.height:.1f} %",
            )
            for status, action, count in counted
        ]
        title = f"\n{self.label('run.title')}"
        self.table(("status", "action", "records", "share"), rows, title)

    def timings(self, seconds: dict[str, float]) -> None:
        """Print the seconds each stage took."""
        rows = [(self.label(f"stage.{name}"), f"{spent:.1f}") for name, spent in seconds.items()]
        self.table(("stage", "seconds"), rows)

    def counts(self, df: "pl.DataFrame", column: str) -> None:
        """Print how many rows have each value of a column."""
        counted = df.group_by(column).len().sort("len", descending=True).rows()
        self.table(("status", "records"), counted)

    def registry(self, built: "Built") -> None:
        """Print what a registry holds and how many register entries found their person."""
        rows = [(kind, total, linked) for kind, (total, linked) in built.events.items()]
        if rows:
            self.table(("register", "entries", "linked"), rows)
        key = "registry.reused" if built.reused else "registry.done"
        self.say(key, persons=self.number(built.persons), folder=built.folder)

    def run(self, done: "Done") -> None:
        """Print the summary of a run: records, decisions, timings, where the results are."""
        result = done.outcome
        read = result.register.read
        files = [(s.source_file, s.sheet, s.rows_read, s.rows_skipped) for s in read.sheets]
        self.table(("file", "sheet", "rows", "skipped"), files)
        self.say("count.line", **self._tally(result))
        self.decisions(result.decisions)
        self.expected(result.estimates, result.links)
        self.timings(done.clock.seconds)
        self.say("run.workbooks", count=done.workbooks.height, folder=done.out / "koreksi")
        self.say("run.done", seconds=f"{sum(done.clock.seconds.values()):.1f}")

    def expected(self, estimates: dict[str, Any], links: "pl.DataFrame") -> None:
        """Print what the model expects to be wrong, missed or impossible to tell, and where."""
        numbers = {key: f"{estimates['all'][key]:.0f}" for key in EXPECTED}
        self.say("run.expected", **numbers, poor=self.number(int(links["poor"].sum())))
        parts = estimates["kecamatan"].items()
        worst = sorted(parts, key=lambda part: -part[1]["false_links"] - part[1]["missed"])
        rows = [
            (code or "–", *(f"{part[key]:.1f}" for key in EXPECTED))
            for code, part in worst[:WORST]
            if part["false_links"] + part["missed"] >= 1
        ]
        if rows:
            self.table(("kecamatan", *EXPECTED), rows)

    def sample(self, made: "Summary", folder: object) -> None:
        """Print what a sample world holds and where it is."""
        persons, records = self.number(made.persons), self.number(made.records)
        self.say(
            "sample.done", folder=folder, persons=persons, records=records, files=len(made.files)
        )

    def _tally(self, result: "Outcome") -> dict[str, str]:
        kept = result.decisions.filter(result.decisions["action"] == "tetap").height
        cleaned = result.register.cleaned
        repaired = cleaned.filter(
            cleaned["nik_repair"].is_not_null() | cleaned["nokk_repair"].is_not_null()
        ).height
        counts = {
            "read": cleaned.height,
            "passed": kept,
            "repaired": repaired,
            "failed": cleaned.height - kept,
            "skipped": result.register.read.skipped.height,
        }
        return {name: self.number(count) for name, count in counts.items()}
