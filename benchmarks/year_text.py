"""Text files of the simulated year, read without the tool."""

import csv
from collections.abc import Iterator
from pathlib import Path


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the cells of each row of a text file with a header."""
    return (row for _, row in numbered(path))


def numbered(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line each row starts on and its cells, of a text file with a header."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        head = source.readline()
        source.seek(0)
        delimiter = max(",;|\t", key=head.count)
        reader = csv.DictReader(source, delimiter=delimiter)
        start = 2
        for row in reader:
            yield start, {key: value or "" for key, value in row.items()}
            start = reader.line_num + 1
