"""How links are explained and judged on screen; both are results and go to stdout."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from dtkstool.messages import Language, message

if TYPE_CHECKING:
    from dtkstool.link.explain import Candidate
    from dtkstool.pipeline.linking import Explained
    from dtkstool.terminal import Screen


def told(key: str, lang: Language, **values: object) -> str:
    """Return a sentence of page `linking`."""
    return message(f"linking.{key}", lang, **values)


def _table(screen: "Screen", headers: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    table = Table(header_style="bold", box=None, pad_edge=False)
    for number, header in enumerate(headers):
        table.add_column(told(header, screen.lang), justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    screen.out.print(table)


def show_explanation(screen: "Screen", explained: "Explained") -> None:
    """Print one record's verdict and a waterfall for each candidate."""
    lang, link = screen.lang, explained.link
    screen.result(told("explain.title", lang, **explained.record))
    if link["probability"] is None:
        screen.result(told("explain.nobody", lang))
    else:
        numbers = {
            "probability": f"{link['probability']:.6f}",
            "margin": f"{link['margin']:.1f}",
            "verdict": told(f"verdict.{link['verdict']}", lang),
        }
        screen.result(told("explain.verdict", lang, **numbers))
    if link["poor"]:
        screen.result(told("explain.poor", lang))
    for candidate in explained.candidates:
        _show_candidate(screen, explained, candidate)


def _show_candidate(screen: "Screen", explained: "Explained", candidate: "Candidate") -> None:
    lang, person = screen.lang, explained.persons[candidate.person]
    heading = told("explain.candidate", lang, rank=candidate.rank, block=candidate.block, **person)
    screen.out.print(Text(f"\n{heading}", style="bold"), soft_wrap=True)
    rows, running = [], 0.0
    for name, level, bits in candidate.steps:
        running += bits
        shown = told(f"level.{level}", lang) if level else ""
        rows.append((told(f"step.{name}", lang), shown, f"{bits:+.1f}", f"{running:+.1f}"))
    columns = ("comparison", "level", "bits", "running")
    _table(screen, (f"explain.{c}" for c in columns), rows)
    total = {"weight": f"{candidate.weight:+.1f}", "probability": f"{candidate.probability:.6f}"}
    screen.result(told("explain.total", lang, **total))
    screen.result(_why(explained, candidate, lang))


def _why(explained: "Explained", candidate: "Candidate", lang: Language) -> str:
    cuts = {name: f"{value:g}" for name, value in explained.cuts.items()}
    linked = candidate.person == explained.link["person"]
    by_nik = linked and explained.link["pass"] == "nik" and candidate.reason != "accepted"
    if by_nik and explained.link["verdict"] == "padan":
        return told("explain.by_nik", lang)
    return told(f"reason.{candidate.reason}", lang, **cuts)


def show_figures(screen: "Screen", figures: dict[str, Any]) -> None:
    """Print how good links are: bands, calibration, kinds of corruption, kecamatan, rules."""
    lang = screen.lang
    screen.result(told("evaluate.records", lang, **_plain(figures)))
    bands = {told(f"evaluate.{k}", lang): figures[k] for k in ("automatic", "with_review")}
    _scores(screen, bands)
    if figures["best"]:
        best = figures["best"]
        screen.result(
            told("evaluate.best", lang, f1=_share(best["f1"]), weight=f"{best['weight']:.1f}")
        )
    screen.result(told("evaluate.estimated", lang, **figures["estimated"]))
    rows = [
        (r["band"], str(r["links"]), f"{r['expected']:.5f}", f"{r['observed']:.5f}")
        for r in figures["calibration"]
    ]
    _table(screen, (f"evaluate.{c}" for c in ("band", "links", "expected", "observed")), rows)
    if "by_kind" in figures:
        _kinds(screen, figures["by_kind"])
    if "by_kecamatan" in figures:
        _scores(screen, figures["by_kecamatan"])
    if "pair_completeness" in figures:
        rules = [
            (name, f"{part['share']:.5f}", screen.number(part["pairs"]))
            for name, part in figures["pair_completeness"].items()
        ]
        _table(screen, (f"evaluate.{c}" for c in ("rule", "share", "pairs")), rules)


def _scores(screen: "Screen", parts: dict[str, dict[str, Any]]) -> None:
    columns = ("what", "precision", "recall", "f1", "wrong", "missed")
    rows = [
        (name, *(_share(part[c]) for c in columns[1:4]), str(part["wrong"]), str(part["missed"]))
        for name, part in parts.items()
    ]
    screen.out.print()
    _table(screen, (f"evaluate.{c}" for c in columns), rows)


def _kinds(screen: "Screen", kinds: dict[str, dict[str, Any]]) -> None:
    """Print accuracy with review, calibration and pair completeness by kind of corruption."""
    reviewed = ("precision", "recall", "f1")
    measured = ("expected", "observed", "pair_completeness")
    rows = [
        (kind, *(_share(part["with_review"][c]) for c in reviewed),
         *(_share(part.get(c)) for c in measured))
        for kind, part in kinds.items()
    ]  # fmt: skip
    screen.out.print()
    columns = ("kind", *reviewed, "expected", "observed", "share")
    _table(screen, (f"evaluate.{c}" for c in columns), rows)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.5f}"


def _plain(figures: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in figures.items() if isinstance(value, int)}


def show_training(screen: "Screen", tables: dict[str, Any], out: object) -> None:
    """Print where the model is and what it was learned from."""
    settled = sum(part["settled"] for part in tables["made_from"])
    if not screen.quiet:
        cut = f"{tables['automatic']:g}"
        sentence = told(
            "train.done", screen.lang, out=out, automatic=cut, settled=screen.number(settled)
        )
        screen.talk.print(Text(sentence), soft_wrap=True)
