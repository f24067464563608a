"""Files that carry typed columns or typed cells of their own: Parquet and XML Spreadsheet 2003."""

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import polars as pl

from dtkstool.errors import UnreadableFile, Where
from dtkstool.read.grid import Grid
from dtkstool.read.sources import Source

_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"


def parquet_grid(source: Source) -> Grid:
    """Return a Parquet file as a grid; its column names count as row 1."""
    file = source.path or io.BytesIO(source.data[:])
    try:
        lf = pl.scan_parquet(file)
        schema = lf.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableFile(
            "truncated_file", where=Where(source.name), detail=str(error).splitlines()[0]
        ) from error
    names = {name: f"c{i}" for i, name in enumerate(schema)}
    texts = [_as_text(name, dtype).alias(names[name]) for name, dtype in schema.items()]
    rows = pl.int_range(2, pl.len() + 2, dtype=pl.UInt32).alias("row")
    numbers = frozenset(names[name] for name, dtype in schema.items() if dtype.is_numeric())
    return Grid(
        file=source.name,
        sheet="",
        cells=lf.select(rows, *texts),
        width=len(names),
        header=tuple(schema),
        deferred=True,
        numeric_columns=numbers,
        notes=source.notes,
    )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_float():
        whole = column.cast(pl.Int64, strict=False)
        return (
            pl.when(whole == column).then(whole.cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if isinstance(dtype, pl.Binary):
        return column.cast(pl.String, strict=False)
    if dtype.is_nested() or isinstance(dtype, pl.Object):
        return pl.lit(None, pl.String)
    return column.cast(pl.String)


def xml_grids(source: Source) -> Iterator[Grid]:
    """Yield each worksheet of an XML Spreadsheet 2003, the form some systems export as `.xls`."""
    try:
        root = ET.fromstring(source.data[:])
    except ET.ParseError as error:
        raise UnreadableFile(
            "truncated_file", where=Where(source.name), detail=str(error)
        ) from error
    for sheet in root.iter(f"{_SS}Worksheet"):
        cells = list(_xml_cells(sheet))
        width = max((column for _, column, _, _ in cells), default=-1) + 1
        options = sheet.find("{urn:schemas-microsoft-com:office:excel}WorksheetOptions")
        visible = (
            options.find("{urn:schemas-microsoft-com:office:excel}Visible")
            if (options is not None)
            else None
        )
        yield Grid(
            file=source.name,
            sheet=sheet.get(f"{_SS}Name", ""),
            cells=_wide(cells, width, value=2).lazy(),
            width=width,
            hidden=visible is not None,
            numeric=_wide(cells, width, value=3),
            notes=source.notes,
        )


def _xml_cells(sheet: ET.Element) -> Iterator[tuple[int, int, str, bool]]:
    row = 0
    for line in sheet.iter(f"{_SS}Row"):
        row = int(line.get(f"{_SS}Index", row + 1))
        column = -1
        for cell in line.findall(f"{_SS}Cell"):
            column = int(cell.get(f"{_SS}Index", column + 2)) - 1
            data = cell.find(f"{_SS}Data")
            if data is not None:
                number = data.get(f"{_SS}Type") == "Number"
                yield row, column, "".join(data.itertext()), number
            column += int(cell.get(f"{_SS}MergeAcross", 0))


def _wide(cells: list[tuple[int, int, str, bool]], width: int, *, value: int) -> pl.DataFrame:
    rows = sorted({cell[0] for cell in cells})
    place = {row: i for i, row in enumerate(rows)}
    dtype: pl.DataType = pl.String() if value == 2 else pl.Boolean()
    columns: list[list[object]] = [[None] * len(rows) for _ in range(width)]
    for cell in cells:
        columns[cell[1]][place[cell[0]]] = cell[value]
    data = {f"c{i}": pl.Series(values, dtype=dtype) for i, values in enumerate(columns)}
    return pl.DataFrame({"row": pl.Series(rows, dtype=pl.UInt32), **data})
