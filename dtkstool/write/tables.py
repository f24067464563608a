"""Result files written whole: to a temporary name in the same folder, then renamed.

A reader sees the old file or the new one, never half of one; a crash leaves the old file as it was.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import polars as pl

FORMULA = r"^([=+@\t\r]|-.)"
"""How a text begins that a spreadsheet takes for a formula."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place when the block ends well.

    Folders that are missing are made. When the block raises, the temporary file is removed and
    `path` stays as it was. A device or pipe is given as it is: it must not become a file. An
    OSError names `path`, also where the system does not, as of a full disk.
    """
    special = path.exists() and not path.is_file()
    temporary = path.with_name(f".{path.stem[:40]}.{os.getpid()}.tmp{path.suffix}")
    target = path if special else temporary
    try:
        if not special:
            path.parent.mkdir(parents=True, exist_ok=True)
        yield target
        if not special:
            temporary.replace(path)
    except OSError as error:
        if error.filename in (None, str(temporary)):
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def write_parquet(df: pl.DataFrame, path: Path) -> None:
    """Write `df` as Parquet; equal frames give equal bytes."""
    # Packed first: of a disk that fills up, Polars may say only "Invalid thrift".
    packed = BytesIO()
    df.write_parquet(packed, compression="zstd", statistics=True)
    with replacing(path) as temporary:
        temporary.write_bytes(packed.getbuffer())


def write_csv(df: pl.DataFrame, path: Path) -> None:
    """Write `df` as UTF-8 CSV with a byte order mark, so that Excel reads the letters right.

    Lists are joined by a blank. Nulls become empty cells. A cell that a spreadsheet would run as a
    formula gets an apostrophe in front.
    """
    lists = [name for name, dtype in df.schema.items() if isinstance(dtype, pl.List)]
    joined = df.with_columns(pl.col(lists).cast(pl.List(pl.String)).list.join(" "))
    texts = [pl.col(name) for name, dtype in joined.schema.items() if dtype == pl.String]
    flat = joined.with_columns(
        pl.when(text.str.contains(FORMULA)).then("'" + text).otherwise(text).name.keep()
        for text in texts
    )
    packed = BytesIO()
    flat.write_csv(packed, include_bom=True)
    with replacing(path) as temporary:
        temporary.write_bytes(packed.getbuffer())


def write_json(value: object, path: Path) -> None:
    """Write `value` as readable JSON, keys in the order given, letters unescaped."""
    write_text(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """Write `text` as UTF-8, lines ending as they stand in it."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
