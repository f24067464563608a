"""Which column holds which field: rivals decided, NIK and No KK told apart by their digits."""

from dataclasses import replace

import polars as pl

from dtkstool.columns import COLUMN, header_key
from dtkstool.errors import UnusableInput, Where
from dtkstool.read.claims import RANK, Claim, Plan, checked, claim_notes, claim_of
from dtkstool.read.content import Profile, profiles
from dtkstool.read.grid import Grid
from dtkstool.read.guesses import guess_fields, sex_ticks
from dtkstool.read.header import Header
from dtkstool.read.result import Note


def plan(grid: Grid, header: Header | None, forced: dict[int, str], body: pl.DataFrame) -> Plan:
    """Return which column is which field; `forced` columns (of a map) are not questioned.

    UnusableInput if two full and different NIK columns have an equal claim.
    """
    looks = profiles(body, grid.columns)
    shown = header.shown if header else ("",) * grid.width
    claims, notes = _claims(grid, header, forced, looks)
    chosen, lost = _one_each(grid, claims, body)
    result = Plan(chosen, notes + lost)
    _settle_ticks(grid, result, sex_ticks(header, result.columns(), body))
    _settle_numbers(grid, result)
    taken = {c.column for c in result.fields.values()} | set(forced)
    spare = [
        Claim(i, "", "content", shown[i], look)
        for i, look in enumerate(looks)
        if i not in taken and look.filled
    ]
    guess_fields(grid, result, spare, body, headless=header is None)
    _name_of_head(grid, result)
    return result


_IDENTITY = ("nik", "nokk", "nama", "tanggal_lahir")
_SLIPS = 0.02
"""Share of rows in which two columns of one field may differ and still say the same."""


def _claims(
    grid: Grid, header: Header | None, forced: dict[int, str], looks: list[Profile]
) -> tuple[list[Claim], list[Note]]:
    """Return what the columns claim to be, as far as their cells bear it out."""
    notes: list[Note] = []
    claims = []
    for i, look in enumerate(looks):
        texts = header.texts[i] if header else ()
        claim = claim_of(i, texts, header.shown[i] if header else "", look, forced.get(i))
        if claim:
            borne_out = claim if claim.how == "map" else checked(claim)
            notes += claim_notes(grid, claim, borne_out)
            if borne_out:
                claims.append(borne_out)
    return claims, notes


def _settle_ticks(grid: Grid, plan: Plan, ticks: tuple[str, str] | None) -> None:
    """Take the sex from a pair of ticked columns instead of one of them."""
    if ticks is None:
        return
    plan.fields.pop("jenis_kelamin", None)
    plan.ticks = ticks
    letters = [grid.letter(int(c[1:])) for c in ticks]
    plan.notes.append(Note("sex_ticks", {"left": letters[0], "right": letters[1]}))


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
            key = "second_differs" if _differs(rivals[0], rival, body) else "second_column"
            notes.append(
                Note(key, {
                    "letter": grid.letter(rival.column), "header": rival.header,
                    "field": COLUMN[name].label, "chosen": grid.letter(rivals[0].column),
                })
            )  # fmt: skip
    return chosen, notes


def _differs(one: Claim, other: Claim, body: pl.DataFrame) -> bool:
    """Return whether two columns of a field that tells who somebody is say different things."""
    if one.field not in _IDENTITY or one.how == "map":
        return False
    first, second = (pl.col(f"c{c.column}").str.strip_chars() for c in (one, other))
    return float(body.select((first != second).mean()).item() or 0.0) > _SLIPS


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
        claim.how != "map", empty, plausible < 0.3, RANK[claim.how], rank, claim.column
    )  # fmt: skip


def _refuse_undecidable(grid: Grid, one: Claim, other: Claim, body: pl.DataFrame) -> None:
    equal = RANK[one.how] == RANK[other.how] and (
        header_key(one.header) == header_key(other.header) or one.how != "alias"
    )
    full = all(c.profile.fill >= 0.5 and c.profile.number >= 0.5 for c in (one, other))
    if one.how == "map" or not equal or not full:
        return
    if _differs(one, other, body):
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


def _name_of_head(grid: Grid, plan: Plan) -> None:
    """Take the head's name as the person's where NIKs have no other name beside them."""
    head = plan.fields.get("nama_kepala")
    if head and "nama" not in plan.fields and "nik" in plan.fields and head.how != "map":
        _move(grid, plan, head, "nama_kepala", "nama")
