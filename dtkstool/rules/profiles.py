"""What kind of file a list is: which columns it needs, and which rules make sense for it.

A profile is guessed from the fields a sheet has, by conditions that an ordinary register does not
meet; where none is met, or it is not clear which, it is `umum`, where every rule judges. The
texts are in the catalogue page `profiles.toml`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from dtkstool.columns import ALIASES, header_key
from dtkstool.errors import BadConfiguration, Where
from dtkstool.rules.rule import Rule
from dtkstool.rules.selection import closeness

MEMBERS = ("KK08", "KK09", "SHD04", "SHD05", "LYK08")
"""What only shows where all members of a family are listed, each with their relation."""
ALONE = ("KK08", "KK09", "SHD", "KWN", "LYK08")
"""The same where one person stands for the family and relations are of no account."""
PERSON = ("nik", "nama")
PAID = frozenset(("no_kks", "no_rekening", "nominal"))
AID = frozenset((
    "id_dtks", "id_keluarga", "desil", "program", "pkh", "bpnt", "bst", "pbi", "padan",
    "sk_pertama", *PAID,
))  # fmt: skip
"""Fields of registers and lists of aid, never of the civil registry's extracts."""
EVENT = frozenset(("tanggal_peristiwa", "no_peristiwa", "jenis_peristiwa"))
ONE_PERSON = frozenset(("hubungan", "tanggal_lahir", "ttl", "jenis_kelamin", "nama_ibu"))
SIAK = frozenset((
    "nama_lgkp", "stat_hbkel", "jenis_klmin", "stat_kwn", "tmpt_lhr", "tgl_lhr", "jenis_pkrjn",
    "pddk_akh", "nama_lgkp_ibu", "nama_lgkp_ayah", "no_prop", "no_kab", "no_kec", "no_kel",
))  # fmt: skip
"""Headers as SIAK's tables have them."""
SEVERAL = 4


@dataclass(frozen=True)
class Profile:
    """One kind of file."""

    name: str
    required: tuple[str, ...] = PERSON
    """Fields that such a file must have, else it breaks FIL10."""
    off: tuple[str, ...] = ()
    """Codes and families that say nothing about such a file."""


PROFILES: tuple[Profile, ...] = (
    Profile("umum"),
    Profile("dtks", ("nik", "nama", "nokk", "id_dtks")),
    Profile("dtsen-keluarga", ("nik", "nama", "nokk"), (*ALONE, "LYK09")),
    Profile("dtsen-anggota", ("nik", "nama", "nokk", "hubungan")),
    Profile("usulan", ("nik", "nama", "foto_ktp", "foto_rumah"), MEMBERS),
    Profile("penyaluran", PERSON, ALONE),
    Profile("registri", PERSON, ("LYK", "STS06", "GND04")),
    Profile("peristiwa", PERSON, (*ALONE, "KK01", "LYK", "STS06", "GND04")),
)
NAMED = {profile.name: profile for profile in PROFILES}
WIDEST = NAMED["umum"]


def profile_named(name: str, where: Where | None = None) -> Profile:
    """Return a profile by its name; BadConfiguration naming all there are, and where it stands."""
    if name not in NAMED:
        known = ", ".join(NAMED)
        raise BadConfiguration("bad_profile", where=where or Where(), value=name, known=known)
    return NAMED[name]


def guessed(columns: Mapping[str, tuple[str, str]]) -> Profile:
    """Return the profile of a sheet; `WIDEST` where it is unsure.

    `columns` has field → (column letter, header as typed). Every condition but that of the
    registry's extracts goes by fields, so that any header which the reader knows serves. Two kinds
    at once are none.
    """
    has = frozenset(columns)
    keys = {field: header_key(header) for field, (_, header) in columns.items()}
    of_head = "nama_kepala" in has or ALIASES.get(keys.get("nama", "")) == "nama_kepala"
    tests = {
        "usulan": bool(has & {"foto_ktp", "foto_rumah"}) and not has & (PAID | EVENT),
        "peristiwa": bool(has & EVENT) and not has & AID,
        "penyaluran": bool(has & PAID) and not has & ({"hubungan", "foto_ktp"} | EVENT),
        "dtsen-keluarga": of_head and "nokk" in has and not has & (ONE_PERSON | PAID),
        "dtsen-anggota": has >= {"hubungan", "id_keluarga"} and not has & PAID,
        "dtks": has >= {"id_dtks", "hubungan"} and not has & (PAID | {"id_keluarga"}),
        "registri": len(SIAK & set(keys.values())) >= SEVERAL and not has & (AID | EVENT),
    }
    fitting = [name for name, fits in tests.items() if fits and complete(NAMED[name], has)]
    return NAMED[fitting[0]] if len(fitting) == 1 else WIDEST


def complete(profile: Profile, fields: Collection[str]) -> bool:
    """Return whether a sheet has all fields that a profile requires."""
    return all(name in fields for name in profile.required)


def silenced(profile: Profile, rules: Iterable[Rule]) -> frozenset[str]:
    """Return the codes of the rules that say nothing about files of a profile."""
    return frozenset(rule.code for rule in rules if closeness(rule.code, profile.off) >= 0)


def within(
    findings: pl.DataFrame, kinds: Mapping[tuple[str, str], Profile], rules: Iterable[Rule]
) -> pl.DataFrame:
    """Return the findings that make sense for their sheet: file and sheet → profile in `kinds`.

    What is said of a sheet without a profile stays.
    """
    listed = tuple(rules)
    senseless = [
        (file, sheet, code)
        for (file, sheet), profile in kinds.items()
        for code in silenced(profile, listed)
    ]
    if not senseless:
        return findings
    keys = ["source_file", "sheet", "code"]
    off = pl.DataFrame(senseless, schema=dict.fromkeys(keys, pl.String), orient="row")
    return findings.join(off, on=keys, how="anti", maintain_order="left")
