"""Which column holds which field: what the header claims, checked against what the cells hold."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from dtkstool.columns import COLUMN, header_key
from dtkstool.errors import UnusableInput, Where
from dtkstool.read.content import Profile, profiles
from dtkstool.read.grid import Grid
from dtkstool.read.header import Header, field_of
from dtkstool.read.result import Note

_RANK = {"map": 0, "alias": 1, "words": 2, "typo": 3, "content": 4}
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

    def columns(self) -> dict[str, str]:
        """Return field → cell column."""
        return {name: f"c{claim.column}" for name, claim in self.fields.items()}


def plan(grid: Grid, header: Header | None, forced: dict[int, str], body: pl.DataFrame) -> Plan:
    """Return which column is which field; `forced` columns (of a map) are not questioned.

    UnusableInput if two full and different NIK columns have an equal claim.
    """
    looks = profiles(body, grid.columns)
    shown = header.shown if header else ("",) * grid.width
    notes: list[Note] = []
    claims = []
    for i, look in enumerate(looks):
        claim = _claim(i, header.texts[i] if header else (), shown[i], look, forced.get(i))
        if claim:
            checked = claim if claim.how == "map" else _checked(claim)
            notes += _claim_notes(grid, claim, checked)
            if checked:
                claims.append(checked)
    chosen, lost = _one_each(grid, claims, body)
    result = Plan(chosen, notes + lost)
    result.ticks = _ticks(header, result, body)
    _settle_numbers(grid, result)
    taken = {c.column for c in result.fields.values()} | set(forced)
    spare = [
        Claim(i, "", "content", shown[i], look)
        for i, look in enumerate(looks)
        if i not in taken and look.filled
    ]
    _from_content(grid, result, spare, body, headless=header is None)
    _name_of_head(grid, result)
    return result


def _claim(
    column: int, texts: tuple[str, ...], shown: str, look: Profile, forced: str | None
) -> Claim | None:
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


def _checked(claim: Claim) -> Claim | None:
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


def _claim_notes(grid: Grid, claim: Claim, checked: Claim | None) -> list[Note]:
    values = {"letter": grid.letter(claim.column), "header": claim.header}
    if checked is None:
        return [Note("claim_refused", {**values, "field": COLUMN[claim.field].label})]
    if checked.field != claim.field or (checked.how == "content" != claim.how):
        return [Note("claim_corrected", {**values, "field": COLUMN[checked.field].label})]
    if checked.how in ("words", "typo", "content"):
        return [Note("claim_guessed", {**values, "field": COLUMN[checked.field].label})]
    return []


def _one_each(
    grid: Grid, claims: list[Claim], body: pl.DataFrame
) -> tuple[dict[str, Claim], list[Note]]:
    chosen: dict[str, Claim] = {}
    notes = []
    for name in dict.fromkeys(claim.field for claim in claims):
        rivals = sorted((c for c in claims if c.field == name), key=_standing)
        chosen[name] = rivals[0]
        for rival in rivals[1:]:
            if name == "nik":
                _refuse_undecidable(grid, rivals[0], rival, body)
            notes.append(
                Note("second_column", {
                    "letter": grid.letter(rival.column), "header": rival.header,
                    "field": COLUMN[name].label, "chosen": grid.letter(rivals[0].column),
                })
            )  # fmt: skip
    return chosen, notes


def _standing(claim: Claim) -> tuple[object, ...]:
    """Return the sort key of rival claims: mapped, plausible, well filled, exact, first."""
    look = claim.profile
    plausible = {"nik": look.number, "nokk": look.number, "tanggal": look.date}.get(
        COLUMN[claim.field].kind, 1.0
    )
    empty = look.fill < 0.05
    aliases = COLUMN[claim.field].aliases
    key = header_key(claim.header)
    rank = aliases.index(key) if key in aliases else len(aliases)
    return (
        claim.how != "map", empty, plausible < 0.3, _RANK[claim.how], rank, claim.column
    )  # fmt: skip


def _refuse_undecidable(grid: Grid, one: Claim, other: Claim, body: pl.DataFrame) -> None:
    equal = _RANK[one.how] == _RANK[other.how] and (
        header_key(one.header) == header_key(other.header) or one.how != "alias"
    )
    full = all(c.profile.fill >= 0.5 and c.profile.number >= 0.5 for c in (one, other))
    if one.how == "map" or not equal or not full:
        return
    first, second = (pl.col(f"c{c.column}").str.strip_chars() for c in (one, other))
    differing = body.select((first != second).mean()).item() or 0.0
    if differing > 0.02:
        letters = f"{grid.letter(one.column)}, {grid.letter(other.column)}"
        raise UnusableInput(
            "two_nik_columns", where=Where(grid.file, grid.sheet, column=letters), columns=letters
        )


def _settle_numbers(grid: Grid, plan: Plan) -> None:
    """Exchange or rename NIK and No KK columns whose digits contradict their headers."""
    nik, nokk = plan.fields.get("nik"), plan.fields.get("nokk")
    if nokk is None or nokk.how == "map" or (nik and nik.how == "map"):
        return
    look = nokk.profile
    if nik is None:
        if look.is_nik:
            _move(grid, plan, nokk, "nokk", "nik")
    elif look.is_nik and look.women >= 0.25 and nik.profile.women <= 0.02 and _many(nik, nokk):
        plan.fields["nik"], plan.fields["nokk"] = (
            replace(nokk, field="nik"), replace(nik, field="nokk"),
        )  # fmt: skip
        plan.notes.append(
            Note("swapped", {"nik": grid.letter(nokk.column), "nokk": grid.letter(nik.column)})
        )
    elif look.is_nik and look.women >= 0.35:
        del plan.fields["nokk"]
        plan.notes.append(
            Note("claim_refused", {
                "letter": grid.letter(nokk.column), "header": nokk.header,
                "field": COLUMN["nokk"].label,
            })
        )  # fmt: skip


def _many(*claims: Claim) -> bool:
    return all(c.profile.filled * c.profile.sixteen >= 8 for c in claims)


def _move(grid: Grid, plan: Plan, claim: Claim, old: str, new: str) -> None:
    del plan.fields[old]
    plan.fields[new] = replace(claim, field=new, how="content")
    plan.notes.append(
        Note("claim_corrected", {
            "letter": grid.letter(claim.column), "header": claim.header, "field": COLUMN[new].label,
        })
    )  # fmt: skip


def _from_content(
    grid: Grid, plan: Plan, spare: list[Claim], body: pl.DataFrame, *, headless: bool
) -> None:
    """Give fields that no header claims to columns whose contents leave no doubt."""
    _take_only(grid, plan, spare, "nik", lambda c: c.profile.is_nik and c.profile.unique >= 0.6)
    _take_only(grid, plan, spare, "nokk", lambda c: c.profile.is_nokk)
    if not {"tanggal_lahir", "ttl"} & plan.fields.keys() and "nik" in plan.fields:
        nik = f"c{plan.fields['nik'].column}"
        _take_only(
            grid, plan, spare, "tanggal_lahir",
            lambda c: c.profile.date >= 0.8 and agrees_with_nik(body, f"c{c.column}", nik),
        )  # fmt: skip
    if headless and "nik" in plan.fields:
        _take_only(grid, plan, spare, "jenis_kelamin", lambda c: c.profile.sex >= 0.9)
        names = [c for c in spare if c.profile.words >= 0.9 and c.profile.unique >= 0.5]
        _take_only(grid, plan, names[:1], "nama", lambda c: True)


def agrees_with_nik(body: pl.DataFrame, date: str, nik: str) -> bool:
    """Return whether most cells of `date` hold the year and day of birth that `nik` encodes."""
    digits = pl.col(nik).str.replace_all(r"\D", "")
    day = digits.str.slice(6, 2).cast(pl.Int16, strict=False) % 40
    year = digits.str.slice(10, 2)
    text = pl.col(date)
    same = text.str.contains(pl.format("{}\\b", year)) & text.str.contains(
        pl.format("\\b0?{}\\b", day)
    )
    both = (digits.str.len_chars() == 16) & text.is_not_null()
    return bool((body.select(same.filter(both).mean()).item() or 0.0) >= 0.6)


def _take_only(
    grid: Grid, plan: Plan, spare: list[Claim], name: str, fits: Callable[[Claim], bool]
) -> None:
    if name in plan.fields:
        return
    taken = {c.column for c in plan.fields.values()}
    fitting = [c for c in spare if c.column not in taken and fits(c)]
    if len(fitting) == 1:
        plan.fields[name] = replace(fitting[0], field=name)
        plan.notes.append(
            Note("by_content", {
                "letter": grid.letter(fitting[0].column), "header": fitting[0].header,
                "field": COLUMN[name].label,
            })
        )  # fmt: skip


def _name_of_head(grid: Grid, plan: Plan) -> None:
    """Take the head's name as the person's where NIKs have no other name beside them."""
    head = plan.fields.get("nama_kepala")
    if head and "nama" not in plan.fields and "nik" in plan.fields and head.how != "map":
        _move(grid, plan, head, "nama_kepala", "nama")
