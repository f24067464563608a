"""The cells of a delimited text, block by block."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from dtkstool.read.encoding import release
from dtkstool.read.lines import Block, Text
from dtkstool.read.loose import Loose, Record

LINE_BREAK = "\0"
"""Stands for a line break inside a cell while that is parsed; `as_utf8` leaves none in a text."""


@dataclass(frozen=True)
class Cells:
    """The cells of a text, parsed whenever they are asked for."""

    text: Text
    loose: Loose
    width: int

    @property
    def _header(self) -> bytes:
        return self.text.delimiter.join(f"c{i}" for i in range(self.width)).encode()

    @property
    def lazy(self) -> pl.LazyFrame:
        """`row`, `c0` … of every record; only the columns that are used are parsed."""
        from polars.io.plugins import register_io_source

        names = [f"c{i}" for i in range(self.width)]
        schema = {"row": pl.UInt32(), **dict.fromkeys(names, pl.String())}
        return register_io_source(self._asked, schema=schema)

    def _asked(
        self, columns: list[str] | None, where: pl.Expr | None, count: int | None, _size: int | None
    ) -> Iterator[pl.DataFrame]:
        """Give what a query asks for: its columns, of the rows it wants, `count` at most."""
        names = [f"c{i}" for i in range(self.width)]
        limit = count if where is None else None
        for df in (self._parsed(block, names, limit) for block in self.loose.blocks):
            kept = df if where is None else df.filter(where)
            wanted = kept if columns is None else kept.select(columns)
            yield wanted if count is None else wanted.head(count)
            if count is not None:
                count -= wanted.height
                if count <= 0:
                    return

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Give `row` and the columns asked for (all) of each block, in order."""
        names = [f"c{i}" for i in range(self.width)] if columns is None else list(columns)
        for block in self.loose.blocks:
            yield self._parsed(block, names)

    def pick(self, rows: pl.Series) -> pl.DataFrame:
        """Return all cells of the records that begin on these lines, which are in order."""
        names = [f"c{i}" for i in range(self.width)]
        odd = {record.first: record for record in self.loose.records}
        plain = [row for row in rows.to_list() if row not in odd]
        lines = [self.text.data[slice(*self.text.span(row, row))].rstrip(b"\r") for row in plain]
        # the parser takes no notice of blank lines at the end
        df = self._read(b"\n".join([self._header, *lines, b"end"]), 1, names).head(len(plain))
        numbered = df.with_columns(row=pl.Series(plain, dtype=pl.UInt32))
        return pl.concat(
            [numbered, self._typed([odd[row] for row in rows.to_list() if row in odd], names)]
        ).sort("row")

    def _parsed(self, block: Block, names: list[str], limit: int | None = None) -> pl.DataFrame:
        """Return the records of a block, or those that begin on its first `limit` lines."""
        later = (other.first_line for other in self.loose.blocks if other.start > block.start)
        end = min(later, default=sys.maxsize)
        if limit:
            end = min(end, block.first_line + limit)
        odd = [r for r in self.loose.records if block.first_line <= r.first < end]
        if limit:
            last = max(odd[-1].last + 1 if odd else 0, end)
            block = self._top(block, last - block.first_line)
        content = b"".join(self._content(block, odd))
        df = self._read(content, block.first_line, names, limit)
        release(self.text.data, block.start, block.end)
        return _over_lines(df, [record for record in odd if record.last > record.first])

    def _top(self, block: Block, lines: int) -> Block:
        """Return the first lines of a block."""
        end = block.start
        for _ in range(lines):
            end = self.text.data.find(b"\n", end, block.end) + 1
            if end == 0:
                return block
        return replace(block, end=end)

    def _content(self, block: Block, odd: list[Record]) -> Iterator[bytes]:
        """Give a header and the block with the odd records properly quoted.

        One that runs over several lines stands on the first, its line breaks written as NUL, which
        no text holds; the others are blank, so that the lines keep their numbers.
        """
        yield self._header + b"\n"
        at = block.start
        for record in odd:
            start, stop = self.text.span(record.first, record.last)
            yield self.text.data[at:start]
            yield _quoted(record.cells, self.text.delimiter)
            yield b"\n" * (record.last - record.first)
            at = stop
        yield self.text.data[at : block.end]

    def _read(
        self, content: bytes, first_line: int, names: list[str], limit: int | None = None
    ) -> pl.DataFrame:
        df = pl.read_csv(
            content,
            columns=names,
            separator=self.text.delimiter,
            quote_char='"' if b'"' in content else None,
            schema={f"c{i}": pl.String() for i in range(self.width)},
            row_index_name="row",
            row_index_offset=first_line,
            n_rows=limit,
        )
        return df.select(pl.col("row").cast(pl.UInt32), *names)

    def _typed(self, odd: list[Record], names: list[str]) -> pl.DataFrame:
        cells = [r.cells + [""] * (self.width - len(r.cells)) for r in odd]
        columns = {name: [row[int(name[1:])] or None for row in cells] for name in names}
        rows = pl.Series([record.first for record in odd], dtype=pl.UInt32)
        return pl.DataFrame(
            {"row": rows, **columns}, schema_overrides=dict.fromkeys(names, pl.String())
        )


def _quoted(cells: Sequence[str], delimiter: str) -> bytes:
    """Return the cells of a record as a line that every parser reads alike; empty ones are null."""
    quoted = ('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells)
    return delimiter.join(quoted).replace("\n", LINE_BREAK).encode()


def _over_lines(df: pl.DataFrame, records: Sequence[Record]) -> pl.DataFrame:
    """Return the cells with the line breaks of these records, and without their further lines."""
    if not records:
        return df
    further = {line for r in records for line in range(r.first + 1, r.last + 1)}
    broken = {f"c{i}" for r in records for i, cell in enumerate(r.cells) if "\n" in cell}
    return df.filter(~pl.col("row").is_in(further)).with_columns(
        pl.col(name).str.replace_all(LINE_BREAK, "\n", literal=True)
        for name in df.columns
        if name in broken
    )


def narrowed(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells up to the last column that holds anything."""
    used = [i for i in range(cells.width - 1) if cells[f"c{i}"].null_count() < cells.height]
    return cells.select("row", *(f"c{i}" for i in range(max(used, default=0) + 1)))
