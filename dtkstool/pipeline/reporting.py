"""A run's report: what the page is told, gathered from the outcome."""

from typing import TYPE_CHECKING

from dtkstool import __version__
from dtkstool.messages import Language, message
from dtkstool.read import Sheet
from dtkstool.registry import Registry
from dtkstool.wilayah import regions
from dtkstool.write.report import Facts, report
from dtkstool.write.tables import write_text

if TYPE_CHECKING:
    from dtkstool.pipeline.month import Order, Outcome


def write_report(result: "Outcome", order: "Order", registry: Registry) -> None:
    """Write `laporan.html`."""
    read = result.register.read
    facts = Facts(
        period=f"{order.today:%Y-%m}",
        version=__version__,
        persons=registry.meta["persons"],
        decisions=result.decisions,
        findings=result.findings,
        blocks=result.blocks,
        estimates=result.estimates["kecamatan"],
        sheets=[_sheet(sheet, order.lang) for sheet in read.sheets],
        failures=[
            (e.where.describe(order.lang), f"{e.what(order.lang)}. {e.fix(order.lang)}")
            for e in read.failures
        ],
        places=regions().select("code", "name"),
        lang=order.lang,
    )
    write_text(report(facts), order.out / "laporan.html")


def _sheet(sheet: Sheet, lang: Language) -> tuple[str, str, int, int, str]:
    hidden = [message("report.hidden", lang)] if sheet.hidden else []
    reason = [message(f"read.{sheet.reason}", lang)] if sheet.reason else []
    remark = "; ".join(hidden + reason)
    return sheet.source_file, sheet.sheet, sheet.rows_read, sheet.rows_skipped, remark
