"""Which kind of file each sheet is: as asked for by the file's name, else guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dtkstool.errors import Where
from dtkstool.messages import Language, message
from dtkstool.read import ReadResult
from dtkstool.rules.check import FileProblem
from dtkstool.rules.expected import first_fitting
from dtkstool.rules.profiles import WIDEST, Profile, complete, guessed, profile_named

Sheet = tuple[str, str]
"""File and sheet."""


@dataclass(frozen=True)
class Kinds:
    """The profile of every sheet that was read."""

    of: Mapping[Sheet, Profile] = field(default_factory=dict)
    asked: frozenset[Sheet] = frozenset()
    """Those whose profile somebody named."""

    @property
    def by_file(self) -> dict[str, str]:
        """The names of each file's profiles, comma-separated."""
        named: dict[str, list[str]] = {}
        for (file, _), profile in self.of.items():
            named.setdefault(file, []).append(profile.name)
        return {file: ", ".join(dict.fromkeys(names)) for file, names in named.items()}

    @property
    def unsure(self) -> int:
        """How many sheets are of the widest profile since none was sure."""
        return sum(p is WIDEST and sheet not in self.asked for sheet, p in self.of.items())


def kinds_of(read: ReadResult, asked: Mapping[str, str]) -> Kinds:
    """Return what the sheets are: `asked` has profile names by file pattern, the first counts.

    A sheet with tables of different kinds is of the widest. BadConfiguration for a profile there is
    not.
    """
    named = {pattern: profile_named(name) for pattern, name in asked.items()}
    found: dict[Sheet, Profile] = {}
    wanted = set()
    for layout in read.layouts:
        sheet = (layout.source_file, layout.sheet)
        profile = first_fitting(named, layout.source_file)
        if profile:
            wanted.add(sheet)
        profile = profile or guessed(layout.columns)
        found[sheet] = profile if found.get(sheet, profile) is profile else WIDEST
    return Kinds(found, frozenset(wanted))


def lacking(read: ReadResult, kinds: Kinds, lang: Language) -> list[FileProblem]:
    """Return what each sheet lacks of the columns that its profile requires."""
    problems = []
    for layout in read.layouts:
        sheet = (layout.source_file, layout.sheet)
        profile = kinds.of[sheet]
        if sheet in kinds.asked and not complete(profile, layout.columns):
            missing = ", ".join(f for f in profile.required if f not in layout.columns)
            told = message("profiles.lacking", lang, profile=profile.name, columns=missing)
            where = Where(layout.source_file, layout.sheet)
            problems.append(FileProblem("profile_columns", where, told))
    return problems
