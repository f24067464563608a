"""What `run.json` says of a run: inputs, counts, timings, versions, configuration."""

from typing import TYPE_CHECKING, Any

import polars as pl

from dtkstool.errors import DtksError
from dtkstool.messages import Language
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.provenance import fingerprints, versions
from dtkstool.pipeline.remembering import counts
from dtkstool.read import ReadResult, expand
from dtkstool.registry import Registry

if TYPE_CHECKING:
    from dtkstool.pipeline.month import Order, Outcome


def summary(
    result: "Outcome", workbooks: pl.DataFrame, order: "Order", registry: Registry, clock: Clock
) -> dict[str, Any]:
    """Return what `run.json` says: inputs, counts, timings, versions, configuration."""
    read = result.register.read
    return {
        "inputs": fingerprints(expand(order.files)),
        "registry": {key: registry.meta[key] for key in ("fingerprint", "persons", "home")},
        "counts": {
            "records": read.records.height,
            "skipped_rows": read.skipped.height,
            "failed_files": failures(read, order.lang),
            "findings": result.findings.height,
            "links": counted(result.links, "verdict"),
            "poor": int(result.links["poor"].sum()),
            "status": counted(result.decisions, "status"),
            "action": counted(result.decisions, "action"),
            "duplicate_groups": result.duplicates["group_id"].n_unique(),
            "changes": result.changes.height,
            "workbooks": workbooks.height,
        },
        "remembered": counts(result.decisions, result.silenced, result.memory),
        "blocking": result.blocks.to_dicts(),
        "estimates": result.estimates,
        "seconds": clock.seconds,
        "versions": versions(),
        "configuration": {
            "today": order.today,
            "lang": order.lang,
            "map": order.column_map,
            "model": order.model,
        },
    }


def counted(df: pl.DataFrame, column: str) -> dict[str, int]:
    """Return how many rows have each value of `column`, the most frequent first."""
    rows = (
        df.group_by(pl.col(column).cast(pl.String))
        .len()
        .sort("len", column, descending=[True, False])
    )
    return dict(rows.rows())


def failures(read: ReadResult, lang: Language) -> list[dict[str, Any]]:
    """Return the files that could not be read, as what, where and fix."""
    return [_told(error, lang) for error in read.failures]


def _told(error: DtksError, lang: Language) -> dict[str, Any]:
    return {"what": error.what(lang), "where": error.where.describe(lang), "fix": error.fix(lang)}
