"""Delimited text whose quotes do not keep the rules: unclosed, stray, or around line breaks.

A quote at the start of a cell that never closes must not swallow the lines after it, and a proper
quoted cell may hold line breaks. Lines without any quote are never looked at one by one.
"""

import re


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
