"""What each column claims to be: its header's word, borne out or not by its cells."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dtkstool.columns import COLUMN, header_key
from dtkstool.read.content import Profile
from dtkstool.read.grid import Grid
from dtkstool.read.header import field_of
from dtkstool.read.result import Note

RANK = {"map": 0, "alias": 1, "words": 2, "typo": 3, "content": 4}
"""How sure a claim is, by how it was seen; lower is surer."""
_ENOUGH = 3
"""Filled cells below which contents say nothing."""


@dataclass(frozen=True)
class Claim:
    """A column that wants to be a field."""

    column: int
    field: str
    how: str
    header: str
    profile: Profile


@dataclass
class Plan:
    """The columns of a sheet by field, as they are being settled."""

    fields: dict[str, Claim]
    notes: list[Note] = field(default_factory=list)
    ticks: tuple[str, str] | None = None
    """The two columns, L and P, of which one is ticked per person."""

    def tick_columns(self) -> dict[str, str]:
        """Return the ticked columns under names that are no fields."""
        return dict(zip(("tick_l", "tick_p"), self.ticks, strict=True)) if self.ticks else {}

    def columns(self) -> dict[str, str]:
        """Return field → cell column."""
        return {name: f"c{claim.column}" for name, claim in self.fields.items()}


def claim_of(
    column: int, texts: tuple[str, ...], shown: str, look: Profile, forced: str | None
) -> Claim | None:
    """Return what a column claims to be by the map or its header; a bare STATUS by its cells."""
    if forced is not None:
        return Claim(column, forced, "map", shown, look) if forced else None
    name = field_of(texts)
    if name:
        return Claim(column, name.field, name.how, shown, look)
    if any(header_key(text) in ("status", "stts", "sts") for text in texts):
        best = max(look.sets, key=lambda f: look.sets[f])
        if look.sets[best] >= 0.6:
            return Claim(column, best, "content", shown, look)
    return None


def checked(claim: Claim) -> Claim | None:
    """Return the claim as its cells bear it out: the same, for another field, or None."""
    look = claim.profile
    if look.filled < _ENOUGH:
        return claim
    for fits, become in _CORRECTIONS.get(claim.field, ()):
        if fits(look, header_key(claim.header)):
            return replace(claim, field=become, how="content") if become else None
    kind = COLUMN[claim.field].kind
    weak = claim.how in ("typo", "words")
    if weak and kind in ("nik", "nokk") and look.words >= 0.8 and look.number < 0.1:
        return None
    if weak and kind == "nama" and look.number >= 0.5:
        return None
    return claim


Test = Callable[[Profile, str], bool]

_CORRECTIONS: dict[str, tuple[tuple[Test, str], ...]] = {
    "nik": (
        (lambda p, key: "nik" not in key and p.words >= 0.6 and p.unique >= 0.3, "nama"),
        (lambda p, key: "nik" not in key and "induk" not in key and p.number < 0.3, ""),
    ),
    "nokk": (
        (lambda p, key: p.words >= 0.6 and p.number < 0.2 and p.unique >= 0.2, "nama_kepala"),
        (lambda p, key: key in ("kk", "nkk") and p.number < 0.3 and p.filled >= 10, ""),
    ),
    "nama": ((lambda p, _: p.sixteen >= 0.6, "nik"),),
    "nama_kepala": ((lambda p, _: p.sixteen >= 0.5, "nokk"),),
    "nama_ibu": ((lambda p, _: p.sixteen >= 0.5, "nik_ibu"),),
    "nama_ayah": ((lambda p, _: p.sixteen >= 0.5, "nik_ayah"),),
    "nik_ibu": ((lambda p, _: p.words >= 0.6, "nama_ibu"),),
    "nik_ayah": ((lambda p, _: p.words >= 0.6, "nama_ayah"),),
    "tanggal_lahir": (
        (lambda p, _: p.ttl >= 0.4, "ttl"),
        (lambda p, key: key == "lahir" and p.words >= 0.6, "tempat_lahir"),
    ),
    "tempat_lahir": (
        (lambda p, _: p.ttl >= 0.4, "ttl"),
        (lambda p, _: p.date >= 0.7, "tanggal_lahir"),
    ),
    "ttl": (
        (lambda p, _: p.date >= 0.7, "tanggal_lahir"),
        (lambda p, _: p.words >= 0.8, "tempat_lahir"),
    ),
    "rt": ((lambda p, _: p.rt_rw >= 0.5, "rt_rw"),),
    "rw": ((lambda p, _: p.rt_rw >= 0.5, "rt_rw"),),
    "keterangan": ((lambda p, _: p.sets["padan"] >= 0.8, "padan"),),
    "jenis_kelamin": ((lambda p, key: key in ("lp", "l_p") and p.sex < 0.2 and p.words > 0.5, ""),),
}
"""Per claimed field: what its cells may say against it, and what the column is then."""


def claim_notes(grid: Grid, claim: Claim, borne_out: Claim | None) -> list[Note]:
    """Return what to tell about a claim that was refused, corrected or only guessed."""
    values = {"letter": grid.letter(claim.column), "header": claim.header}
    if borne_out is None:
        return [Note("claim_refused", {**values, "field": COLUMN[claim.field].label})]
    if borne_out.field != claim.field or (borne_out.how == "content" != claim.how):
        return [Note("claim_corrected", {**values, "field": COLUMN[borne_out.field].label})]
    if borne_out.how in ("words", "typo", "content"):
        return [Note("claim_guessed", {**values, "field": COLUMN[borne_out.field].label})]
    return []
