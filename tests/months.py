"""Months as literal rows of decisions and findings, and a ledger that holds them."""

import polars as pl

from dtkstool.frames import FINDINGS
from dtkstool.ledger.months import (
    Start,
    begin,
    finish,
)
from dtkstool.ledger.store import writing


def begun(ledger, month="2026-11"):
    return begin(
        ledger, Start(month, "2026-11-22T08:00:00+00:00", "hasil", f"{month}-01", "0", "f", "r")
    )


def decisions(*rows):
    """Frame of (record_id, action) or (record_id, action, kecamatan)."""
    full = [(r[0], r[1], r[2] if len(r) > 2 else "352501") for r in rows]
    return pl.DataFrame(
        {
            "record_id": [r[0] for r in full],
            "kecamatan": [r[2] for r in full],
            "desa": [r[2] and f"{r[2]}2001" for r in full],
            "status": ["padan" if r[1] == "tetap" else "perbaikan" for r in full],
            "action": [r[1] for r in full],
            "codes": pl.Series([["CAP01", "KK01"]] * len(full), dtype=pl.List(pl.String)),
        },
        schema_overrides={"record_id": pl.String, "kecamatan": pl.String, "desa": pl.String},
    )


def findings(*rows):
    """Frame of (record_id, code)."""
    filled = [{"record_id": r, "code": c, "column": "nik", "value": "3525010101010001",
               "severity": "galat", "action": "ubah"} for r, c in rows]  # fmt: skip
    return pl.DataFrame(filled, schema=FINDINGS)


def recorded(path, month, *rows, found=(), inputs=()):
    with writing(path) as ledger:
        run = begun(ledger, month)
        finish(
            ledger,
            run,
            finished="x",
            inputs=inputs,
            decisions=decisions(*rows),
            findings=findings(*found),
        )
