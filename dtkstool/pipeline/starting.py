"""A first dtkstool.toml from what is in a folder."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from dtkstool.errors import BadConfiguration, UnusableInput, Where
from dtkstool.messages import Language, message
from dtkstool.read import expand
from dtkstool.registry import Registry, open_registry
from dtkstool.write.tables import write_text

EXTRACTS = {
    "kematian": r"kematian|\bmati\b|meninggal|wafat",
    "pindah": r"pindah|keluar",
    "datang": r"\bdatang|kedatangan",
    "biodata": r"biodata|penduduk|dukcapil|siak",
}
"""Registry extracts by the words in a file's name; anything else is taken for the register."""
SHEETS = "koreksi"
"""A folder of correction workbooks: neither register nor extract."""


def start(folder: Path, path: Path, lang: Language) -> Path:
    """Write a commented configuration for what is in `folder` and return its path.

    UnusableInput if the folder has no register file; BadConfiguration if `path` exists.
    """
    if path.exists():
        raise BadConfiguration("init_exists", where=Where(str(path)))
    base = path.resolve().parent
    # A pattern with `**` does not look into linked folders, one with `*` does.
    found = {*folder.rglob("registry.json"), *folder.glob("*/registry.json")}
    registries = [meta.parent for meta in sorted(found)]
    files = [file for file in _inputs(folder) if not _made_by_us(file, folder)]
    kinds = {file: _kind(file) for file in files}
    register = [file for file in files if kinds[file] == "dtks"]
    if not register:
        raise UnusableInput("init_nothing", where=Where(str(folder)))
    registry = registries[0] if registries else folder / "registri"
    built = open_registry(registry) if registries else None
    text = message(
        "ledger.init.template",
        lang,
        files=_listed(_patterns(register, files, base)),
        registry=json.dumps(_seen_from(registry, base)),
        build="".join(f"\n#   {line}" for line in _build(kinds, registry, base)),
        language=lang,
        kabupaten=_home(built),
    )
    write_text(text, path)
    return path


def _inputs(folder: Path) -> list[Path]:
    try:
        return expand([str(folder)])
    except UnusableInput:
        return []


def _made_by_us(file: Path, folder: Path) -> bool:
    """Return whether a file lies in a result, a registry or among correction workbooks."""
    inside = [parent for parent in file.parents if parent.is_relative_to(folder)]
    marks = ("run.json", "registry.json")
    return any(
        parent.name == SHEETS or any((parent / mark).is_file() for mark in marks)
        for parent in inside
    )


def _kind(file: Path) -> str:
    name = re.sub(r"[\W_]+", " ", file.name.lower())
    return next((kind for kind, words in EXTRACTS.items() if re.search(words, name)), "dtks")


def _patterns(register: list[Path], files: list[Path], base: Path) -> list[str]:
    """Return the folders that hold nothing else, one pattern per suffix in others, or single files.

    The folder of the configuration is never one of them: the results will come to lie in it.
    """
    known = set(register)
    patterns: dict[str, None] = {}
    for file in register:
        folder = file.parent
        alike = [other for other in files if other.is_relative_to(folder)]
        suffix = [o for o in alike if (o.parent, o.suffix) == (folder, file.suffix)]
        if known.issuperset(alike) and folder.resolve() != base:
            chosen = folder
        elif known.issuperset(suffix):
            chosen = folder / f"*{file.suffix}"
        else:
            chosen = file
        patterns[_seen_from(chosen, base)] = None
    return list(patterns)


def _build(kinds: dict[Path, str], registry: Path, base: Path) -> Iterator[str]:
    """Return the command that builds the registry, an option a line."""
    yield "dtkstool registry build \\"
    given = [(kind, file) for file, kind in kinds.items() if kind != "dtks"]
    if not any(kind == "biodata" for kind, _ in given):
        yield "  --biodata 'BIODATA' \\"
    for kind, file in sorted(given):
        yield f"  --{kind} '{_seen_from(file, base)}' \\"
    yield f"  --out '{_seen_from(registry, base)}'"


def _seen_from(path: Path, base: Path) -> str:
    whole = path.resolve()
    return (whole.relative_to(base) if whole.is_relative_to(base) else whole).as_posix()


def _listed(entries: list[str]) -> str:
    return json.dumps(entries, ensure_ascii=False)


def _home(registry: Registry | None) -> str:
    return str(registry.meta["home"]) if registry else ""
