"""`peta.toml`: which column is which field, said by a person instead of found by us."""

import fnmatch
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dtkstool.columns import COLUMN, header_key
from dtkstool.errors import BadConfiguration, Where
from dtkstool.read.grid import Grid, index_of
from dtkstool.read.header import Header
from dtkstool.read.result import Layout, ReadResult

_TOP = """\
# Peta kolom dtkstool. Ubah, lalu berikan kembali dengan --map.
# berkas, lembar: nama atau pola (*). baris_kepala: baris judul kolom, 0 = tanpa judul kolom.
# kolom: "judul kolom atau huruf kolom" = "bidang"; "" = jangan dibaca.
"""


@dataclass(frozen=True)
class Mapping:
    """What a map says about the sheets that its patterns fit."""

    files: str
    sheets: str
    header_row: int | None
    """None: find it; 0: there is none."""
    columns: dict[str, str]
    """Header or letter → field; an empty field: leave the column out."""


def load_map(path: Path) -> tuple[Mapping, ...]:
    """Return what a map file says; BadConfiguration if it does not make sense."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadConfiguration(
            "map_missing", where=Where(str(path)), detail=error.strerror or str(error)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration("map_syntax", where=Where(str(path)), detail=str(error)) from error
    entries = raw.get("peta")
    if not isinstance(entries, list) or set(raw) != {"peta"}:
        raise BadConfiguration("map_syntax", where=Where(str(path)), detail="[[peta]]")
    return tuple(_mapping(path, entry) for entry in entries)


def _mapping(path: Path, entry: dict[str, Any]) -> Mapping:
    known = {"berkas": str, "lembar": str, "baris_kepala": int, "kolom": dict}
    for key, value in entry.items():
        if key not in known or not isinstance(value, known[key]):
            raise BadConfiguration("map_key", where=Where(str(path)), name=key)
    columns = entry.get("kolom", {})
    for header, field in columns.items():
        if field and field not in COLUMN:
            raise BadConfiguration("map_field", where=Where(str(path), column=header), field=field)
    return Mapping(
        entry.get("berkas", "*"), entry.get("lembar", "*"), entry.get("baris_kepala"), columns
    )


def mapping_for(mappings: Sequence[Mapping], grid: Grid) -> Mapping | None:
    """Return the first mapping whose patterns fit the file and sheet of `grid`."""
    name = PurePosixPath(grid.file).name
    return next(
        (
            m
            for m in mappings
            if any(fnmatch.fnmatchcase(n, m.files) for n in (grid.file, name))
            and fnmatch.fnmatchcase(grid.sheet, m.sheets)
        ),
        None,
    )


def forced_columns(mapping: Mapping | None, grid: Grid, header: Header | None) -> dict[int, str]:
    """Return column → field as the map says; BadConfiguration if it names a column not there."""
    shown = header.shown if header else ("",) * grid.width
    keys = [header_key(text) for text in shown]
    forced = {}
    for name, field in (mapping.columns if mapping else {}).items():
        key = header_key(name)
        if name in shown:
            forced[shown.index(name)] = field
        elif key and key in keys:
            forced[keys.index(key)] = field
        elif (
            name.isascii()
            and name.isalpha()
            and len(name) <= 3
            and (0 <= index_of(name) - grid.first_column < grid.width)
        ):
            forced[index_of(name) - grid.first_column] = field
        else:
            raise BadConfiguration(
                "map_column", where=Where(grid.file, grid.sheet), name=name,
                seen=", ".join(text for text in shown if text) or "-",
            )  # fmt: skip
    return forced


def save_map(result: ReadResult, path: Path) -> None:
    """Write the layouts of `result` as a map that a person can edit and pass back."""
    path.write_text(_TOP + "".join(_entry(layout) for layout in result.layouts), "utf-8")


def _entry(layout: Layout) -> str:
    lines = ["", "[[peta]]", f"berkas = {_quoted(_literal(layout.source_file))}"]
    if layout.sheet:
        lines.append(f"lembar = {_quoted(_literal(layout.sheet))}")
    lines += [f"baris_kepala = {layout.header_row or 0}", "[peta.kolom]"]
    taken: dict[str, tuple[str, str]] = {}
    for field, (letter, header) in layout.columns.items():
        if letter not in taken or COLUMN[field].parts:
            taken[letter] = (header, field)
    for letter, header in layout.unmapped:
        taken.setdefault(letter, (header, ""))
    headers = [header_key(header) for header, _ in taken.values()]
    for letter, (header, field) in taken.items():
        key = header_key(header)
        name = header if key and headers.count(key) == 1 else letter
        lines.append(f"{_quoted(name)} = {_quoted(field)}  # {letter}")
    return "\n".join(lines) + "\n"


def _literal(name: str) -> str:
    """Return `name` as a pattern that fits only itself."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    plain = "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped)
    return f'"{plain}"'
