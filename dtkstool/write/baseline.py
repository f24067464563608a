"""Baselines: what is known to be wrong already, so that only new findings fail the gate.

A finding is known again by its fingerprint, a hash of the rule, the column and the record's id; of
the rule, the column and the file's name for findings on a whole column or file. It survives
another order of rows and another file name, and holds no value of anybody: the file can be
committed. A record keeps its id as `clean.identity` says.
"""

from collections import Counter
from hashlib import blake2b
from pathlib import Path

import polars as pl

from dtkstool.errors import BadConfiguration, Where
from dtkstool.write.pieces import Findings, changed, pieces_of
from dtkstool.write.tables import write_text

HEADER = "# dtkstool baseline 1"
DIGEST_BYTES = 8
"""A million findings share one by chance with a probability of 3 in 10⁸."""
SEPARATOR = "\x1f"


def fingerprints(findings: pl.DataFrame) -> pl.Series:
    """Return the fingerprint of each finding: 16 hexadecimal digits, never null."""
    name = pl.col("source_file").fill_null("").str.split("/").list.last()
    place = pl.concat_str(name, pl.col("sheet").fill_null(""), separator=SEPARATOR)
    key = pl.concat_str(
        pl.col("code"),
        pl.col("column").fill_null(""),
        pl.coalesce("record_id", place),
        separator=SEPARATOR,
    )
    keys = findings.select(key.alias("key"))["key"]
    digests = [
        blake2b(key.encode(), digest_size=DIGEST_BYTES).hexdigest() for key in keys.to_list()
    ]
    return pl.Series("fingerprint", digests, dtype=pl.String)


def traced(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the findings with `fingerprint` and `nth`: 1, 2 … among those that share one."""
    nth = pl.int_range(1, pl.len() + 1).over("fingerprint").alias("nth")
    return findings.with_columns(fingerprints(findings)).with_columns(nth)


def unknown(findings: Findings, known: Counter[str]) -> Findings:
    """Return the findings that a baseline does not hold, or not as often."""
    counts = pl.DataFrame(
        {"fingerprint": list(known), "known": list(known.values())},
        schema={"fingerprint": pl.String, "known": pl.Int64},
    )

    def fresh(piece: pl.DataFrame) -> pl.DataFrame:
        return (
            traced(piece)
            .join(counts, on="fingerprint", how="left", maintain_order="left")
            .filter(pl.col("nth") > pl.col("known").fill_null(0))
            .select(piece.columns)
        )

    return changed(findings, fresh)


def load(path: Path) -> Counter[str]:
    """Return how often a baseline holds each fingerprint; BadConfiguration if it is none."""
    where = Where(file=str(path))
    try:
        header, *lines = path.read_text("utf-8").splitlines() or [""]
    except FileNotFoundError as error:
        raise BadConfiguration("baseline_missing", where=where) from error
    except UnicodeDecodeError as error:
        raise BadConfiguration("bad_baseline", where=where, row=1) from error
    if header != HEADER:
        raise BadConfiguration("bad_baseline", where=where, row=1)
    return Counter(dict(_entry(line, at, where) for at, line in enumerate(lines, 2) if line))


def _entry(line: str, at: int, where: Where) -> tuple[str, int]:
    fields = line.split(" ")
    if len(fields) != 3 or not fields[2].isdecimal():
        raise BadConfiguration("bad_baseline", where=where, row=at)
    return fields[1], int(fields[2])


def write(findings: Findings, path: Path) -> None:
    """Write a baseline of the findings: code, fingerprint and count a line, sorted.

    Equal findings give equal bytes in whatever order they come.
    """
    marks = [piece.select("code", fingerprints(piece)) for piece in pieces_of(findings)]
    entries = pl.concat(marks).group_by("code", "fingerprint").agg(count=pl.len())
    lines = entries.sort("code", "fingerprint").select(
        pl.concat_str(pl.all(), separator=" ").alias("line")
    )["line"]
    write_text("\n".join([HEADER, *lines.to_list(), ""]), path)
