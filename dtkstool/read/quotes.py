"""Delimited text whose quotes do not keep the rules: unclosed, stray, or around line breaks.

A quote at the start of a cell that never closes must not swallow the lines after it, and a proper
quoted cell may hold line breaks. Lines without any quote are never looked at one by one.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import polars as pl

from dtkstool.read.result import Note

_UNIT = "\x1f"
_BREAK = "\x1e"
_LONGEST = 100
"""Lines that one quoted cell may run over."""
_LONG_NUMBER = re.compile(r"\d{13}")


def split_line(line: str, delimiter: str) -> list[str]:
    """Return the cells of one record; a quote that does not wrap a whole cell is a letter."""
    if '"' not in line:
        return line.split(delimiter)
    cells = []
    start = 0
    while True:
        close = _closing_quote(line, start, delimiter)
        if close > 0:
            cells.append(line[start + 1 : close].replace('""', '"'))
            end = close + 1
        else:
            end = line.find(delimiter, start)
            end = len(line) if end < 0 else end
            cells.append(line[start:end])
        if end == len(line):
            return cells
        start = end + 1


def _closing_quote(line: str, start: int, delimiter: str) -> int:
    """Return where the quoted cell that opens at `start` closes; 0 if none opens, -1 if never.

    Quotes inside need not be doubled in a cell without delimiter: `"SITI "ANI" SARI"` is wrapped.
    """
    if not line.startswith('"', start):
        return 0
    close = line.find('"', start + 1)
    while close > 0:
        after = line[close + 1 : close + 2]
        if after in ("", delimiter):
            return close
        if after != '"':
            break
        close = line.find('"', close + 2)
    end = line.find(delimiter, start)
    end = len(line) if end < 0 else end
    wrapped = end - start > 1 and line[end - 1] == '"' and "\n" not in line[start:end]
    return end - 1 if wrapped else -1


def keeps_rules(record: str, delimiter: str) -> bool:
    """Return whether every cell of `record` is wholly quoted or free of line breaks."""
    start = 0
    while start <= len(record):
        close = _closing_quote(record, start, delimiter)
        if close < 0:
            return False
        end = close + 1 if close else record.find(delimiter, start)
        end = len(record) if end < 0 else end
        if not close and "\n" in record[start:end]:
            return False
        start = end + 1
    return True


def proper_line(delimiter: str, width: int | None = None) -> str:
    """Return the pattern of a line of at most `width` cells, each wholly quoted or quote-free."""
    d = re.escape(delimiter)
    cell = rf'(?:[^"{d}]*|"(?:[^"]|"")*")'
    repeated = "*" if width is None else f"{{0,{width - 1}}}"
    return rf"^{cell}(?:{d}{cell}){repeated}$"


def tolerant_cells(data: bytes, delimiter: str) -> tuple[pl.LazyFrame, int, list[Note]]:
    """Return `row`, `c0` … of every record in `data`, their number of cells, and what was odd."""
    lines = pl.scan_lines(io.BytesIO(data), name="line").collect()["line"].fill_null("")
    numbered = pl.DataFrame({"row": pl.int_range(1, len(lines) + 1, eager=True), "text": lines})
    quoted = numbered.filter(pl.col("text").str.contains('"', literal=True))
    judged = pl.col("text").str.strip_suffix("\r").str.contains(proper_line(delimiter))
    improper = quoted.filter(~judged)
    numbered = numbered.with_columns(proper=~pl.col("row").is_in(improper["row"].implode()))
    expected = _usual_width(numbered, delimiter)
    special = list(_records(lines, improper, delimiter, expected))
    taken = [row for first, last, _ in special for row in range(first, last + 1)]
    whole = numbered.filter(~pl.col("row").is_in(taken))
    parts = [_parse(whole, delimiter, '"'), _parse(_canonical(special), _UNIT, None)]
    restored = parts[1].with_columns(pl.exclude("row").str.replace_all(_BREAK, "\n", literal=True))
    cells = pl.concat([parts[0], restored], how="diagonal").sort("row")
    loose = sum(
        1 for first, last, _ in special if not keeps_rules(_text(lines, first, last), delimiter)
    )
    notes = [Note("loose_quotes", {"count": loose})] if loose else []
    return cells.lazy(), cells.width - 1, notes


def _usual_width(numbered: pl.DataFrame, delimiter: str) -> int:
    """Return the number of cells that most proper lines have."""
    sample = numbered.filter("proper")["text"].head(500).to_list()
    widths = Counter(len(split_line(text.rstrip("\r"), delimiter)) for text in sample)
    return max(widths, key=lambda width: (width > 1 and widths[width], width), default=1)


def _records(
    lines: pl.Series, improper: pl.DataFrame, delimiter: str, expected: int
) -> Iterator[tuple[int, int, list[str]]]:
    """Yield (first line, last line, cells) of every record that begins on an improper line."""
    rows = improper["row"].to_list()
    texts = improper["text"].to_list()
    odd = [row for row, text in zip(rows, texts, strict=True) if text.count('"') % 2]
    next_odd = dict(pairwise(odd))
    done = 0
    for row, text in zip(rows, texts, strict=True):
        if row <= done:
            continue
        last = row
        cells = split_line(text.rstrip("\r"), delimiter)
        closing = next_odd.get(row, 0)
        if 0 < closing <= row + _LONGEST:
            several = _text(lines, row, closing)
            if _is_one_record(several, delimiter, expected):
                last, cells = closing, split_line(several, delimiter)
        yield row, last, cells
        done = last


def _text(lines: pl.Series, first: int, last: int) -> str:
    return "\n".join(lines[first - 1 : last].to_list()).rstrip("\r")


def _is_one_record(text: str, delimiter: str, expected: int) -> bool:
    """Return whether these lines are one record with line breaks in quoted cells.

    Not if one below the first is by itself as wide as a record and holds a long number: then a
    quote was left open, and a person would be swallowed.
    """
    if not keeps_rules(text, delimiter) or len(split_line(text, delimiter)) != expected:
        return False
    return not any(
        len(split_line(line, delimiter)) >= expected > 1 and _LONG_NUMBER.search(line)
        for line in text.split("\n")[1:]
    )


def _canonical(special: list[tuple[int, int, list[str]]]) -> pl.DataFrame:
    texts = [_UNIT.join(cells).replace("\n", _BREAK) for _, _, cells in special]
    rows = [first for first, _, _ in special]
    return pl.DataFrame({"row": rows, "text": texts}, schema={"row": pl.Int64, "text": pl.String})


def _parse(records: pl.DataFrame, separator: str, quote: str | None) -> pl.DataFrame:
    """Return `row`, `c0` … of records that each stand on one line."""
    marks: list[int] = records["text"].str.count_matches(separator, literal=True).to_list()
    names = [f"c{i}" for i in range(max(marks, default=0) + 1)]
    body = io.BytesIO()
    body.write((separator.join(names) + "\n").encode())
    records.select("text").write_csv(
        body, include_header=False, quote_style="never", separator=_BREAK
    )
    cells = pl.read_csv(
        body.getvalue(),
        separator=separator,
        quote_char=quote,
        schema=dict.fromkeys(names, pl.String),
    )
    used = [i for i, c in enumerate(names) if cells[c].null_count() < cells.height]
    return cells.select(records["row"].cast(pl.UInt32), *names[: max(used, default=0) + 1])
