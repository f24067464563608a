"""Who is in the register: poor families, whole or in part, and everybody listed twice."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dtkstool.sample.events import DEAD, GONE, MOVED, SILENT, Events
from dtkstool.sample.families import Ints
from dtkstool.sample.world import World, stage_rng

ORIGINAL, EXACT, SAME_NIK, OTHER_NIK, OTHER_DESA = range(5)
KINDS = ("", "ganda_persis", "ganda_nik", "ganda_dua_nik", "ganda_desa_lain")
SOURCE_BIODATA = 3


@dataclass(frozen=True)
class Listing:
    """The register, one value per record in the order of the written files."""

    who: Ints
    """Person index."""
    home: Ints
    """Household the record shows."""
    kind: npt.NDArray[np.uint8]
    """`ORIGINAL`, or what kind of duplicate."""
    copy_of: Ints
    """For exact copies the record they copy, else -1."""
    status: npt.NDArray[np.uint8]
    """True status seen from this record: index into `events.STATUS`."""
    reported: npt.NDArray[np.uint8]
    """How a register knows: index into `truth.REPORTED`."""
    known: npt.NDArray[np.bool_]
    """Per person: the civil registry knows them."""


def _families(rng: np.random.Generator, world: World, size: int) -> tuple[Ints, Ints]:
    """Return persons of poor families up to `size`, and the household of each."""
    rates, homes = world.settings.rates, world.people["household"].to_numpy()
    n = int(homes[-1]) + 1
    poverty = rng.lognormal(0, 0.6, world.places.desa.height)
    weight = poverty[world.households["desa"].to_numpy()[:n]]
    turn = rng.exponential(1, n) / weight
    partial = rng.random(n) < rates["keluarga_sebagian"]
    listed = ~partial[homes] | (rng.random(len(homes)) < 0.55)
    members = np.bincount(homes[listed], minlength=n)
    order = np.argsort(turn, kind="stable")
    last = int(np.searchsorted(np.cumsum(members[order]), size)) + 1
    chosen = np.zeros(n, dtype=bool)
    chosen[order[:last]] = True
    who = np.flatnonzero(chosen[homes] & listed)[:size].astype(np.int32)
    return who, homes[who]


def _known(rng: np.random.Generator, world: World, who: Ints) -> npt.NDArray[np.bool_]:
    """Return who is in the civil registry; everybody missing from it is listed."""
    rates, homes = world.settings.rates, world.people["household"].to_numpy()
    known = np.ones(len(homes), dtype=bool)
    known[who[rng.random(len(who)) < rates["tidak_tercatat"]]] = False
    families = rng.random(world.households.height) < rates["keluarga_tidak_tercatat"]
    known[who[families[homes[who]]]] = False
    return known


def _duplicates(
    rng: np.random.Generator, world: World, count: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return positions of the records to be listed again, and how."""
    picked, kinds = [], []
    for kind in (EXACT, SAME_NIK, OTHER_NIK, OTHER_DESA):
        n = round(world.settings.rates[KINDS[kind]] * world.settings.records)
        picked.append(rng.integers(0, count, n))
        kinds.append(np.full(n, kind, dtype=np.uint8))
    return np.concatenate(picked), np.concatenate(kinds)


def _listed_homes(
    rng: np.random.Generator, world: World, events: Events, who: Ints, home: Ints
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return the household each record shows, and whether that is an address long left."""
    new = events.new_home[who]
    updated = (new >= 0) & (rng.random(len(who)) < 0.1)
    left = rng.random(world.households.height) < world.settings.rates["rumah_lama"]
    elsewhere = rng.integers(0, world.households.height, world.households.height)
    old = left[home] & (new < 0)
    shown = np.where(updated, new, np.where(old, elsewhere[home], home))
    return shown.astype(np.int32), old


def _status(
    world: World, events: Events, who: Ints, home: Ints
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return the true status seen from records at `home`, and how a register knows it.

    A record at another desa than the person's tells of a move unless a second record of the
    person is at the right one: then it is a duplicate.
    """
    status, reported = events.status[who].copy(), events.reported[who].copy()
    desa = world.households["desa"].to_numpy()
    base = world.people["household"].to_numpy()[who]
    now = np.where(events.new_home[who] >= 0, events.new_home[who], base)
    moved = desa[home] != desa[now]
    housed = np.zeros(len(events.status), dtype=bool)
    housed[who[~moved]] = True
    moved &= ~housed[who]
    gone = (status == DEAD) | (status == GONE)
    known_move = moved & (events.new_home[who] >= 0)
    status = np.where(gone, status, np.where(moved, MOVED, 0))
    reported = np.where(gone | known_move, reported, np.where(moved, SOURCE_BIODATA, SILENT))
    return status.astype(np.uint8), reported.astype(np.uint8)


def listing(world: World, events: Events) -> Listing:
    """Return `settings.records` records, sorted by the desa and family they show."""
    rng, size = stage_rng(world.settings, "daftar"), world.settings.records
    rates = world.settings.rates
    extra = sum(round(rates[kind] * size) for kind in KINDS[1:])
    who, base = _families(rng, world, size - extra)
    known = _known(rng, world, who)
    home, _ = _listed_homes(rng, world, events, who, base)
    again, kinds = _duplicates(rng, world, len(who))
    kind = np.concatenate([np.zeros(len(who), dtype=np.uint8), kinds])
    source = np.concatenate([np.full(len(who), -1), again])
    other = rng.integers(0, world.households.height, len(again))
    homes = np.concatenate([home, np.where(kinds == OTHER_DESA, other, home[again])])
    persons = np.concatenate([who, who[again]])
    desa = world.households["desa"].to_numpy()[homes]
    turn = chanced(rng, homes, world.households.height, kind)
    order = np.lexsort((kind, persons, turn, desa))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    copy_of = np.where(kind == EXACT, place[np.maximum(source, 0)], -1)
    persons, homes = persons[order].astype(np.int32), homes[order].astype(np.int32)
    status, reported = _status(world, events, persons, homes)
    return Listing(
        persons, homes, kind[order], copy_of[order].astype(np.int32), status, reported, known
    )


def chanced(
    rng: np.random.Generator, homes: Ints, count: int, kind: npt.NDArray[np.uint8]
) -> npt.NDArray[np.float64]:
    """Return sort keys that keep families together and put copies anywhere in their desa."""
    family = rng.random(count)[homes]
    return np.where(kind == ORIGINAL, family, rng.random(len(homes)))
