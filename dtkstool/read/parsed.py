"""The cells of a delimited text, block by block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from dtkstool.read.lines import Block, Text
from dtkstool.read.loose import Loose, Record


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
        lines = self.text.data[block.start : block.end]
        end = block.first_line + lines.count(b"\n") + (not lines.endswith(b"\n"))
        odd = [r for r in self.loose.records if block.first_line <= r.first < end]
        content = b"".join(self._blanked(block, odd))
        df = self._read(content, block.first_line, names, limit)
        if not odd:
            return df
        taken = [line for record in odd for line in range(record.first, record.last + 1)]
        others = df.filter(~pl.col("row").is_in(taken))
        end = block.first_line + limit if limit else end
        return pl.concat([others, self._typed([r for r in odd if r.first < end], names)]).sort(
            "row"
        )

    def _blanked(self, block: Block, odd: list[Record]) -> Iterator[bytes]:
        """Give a header and the block with the lines of the odd records blank."""
        yield self._header + b"\n"
        at = block.start
        for record in odd:
            start, end = self.text.span(record.first, record.last)
            yield self.text.data[at:start]
            yield b"\n" * (record.last - record.first)
            at = end
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


def narrowed(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the cells up to the last column that holds anything."""
    used = [i for i in range(cells.width - 1) if cells[f"c{i}"].null_count() < cells.height]
    return cells.select("row", *(f"c{i}" for i in range(max(used, default=0) + 1)))
