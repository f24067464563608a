"""Deaths and moves: what happened, and what the civil registry was told."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.families import HEAD, YEAR, Ints
from dtkstool.sample.numbering import nokks
from dtkstool.sample.world import World, days, stage_rng

ALIVE, DEAD, GONE, MOVED = 0, 1, 2, 3
STATUS = ("hidup", "meninggal", "pindah_keluar", "pindah_dalam")
SILENT, BY_NIK, BY_NAME = 0, 1, 2
REPORTED = ("tidak", "register_nik", "register_nama")
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Events:
    """What happened to everybody, one value per person."""

    status: Bytes
    reported: Bytes
    """How: with NIK, with name only (no NIK, or a wrong one), not at all."""
    misquoted: npt.NDArray[np.bool_]
    """Reported under a wrong NIK."""
    day: Ints
    """Day of death or of the move; 0 = nothing happened."""
    back: Ints
    """Day they came back from a reported move away; 0 = never."""
    new_home: Ints
    """Household index after a move inside, else -1."""
    destination: Ints
    """For those who left: index into `Places.destinations`, else -1."""
    stale: npt.NDArray[np.bool_]
    """Moved inside, but the biodata still shows the old address."""
    unlisted: npt.NDArray[np.bool_]
    """In a register of events, but no longer in the biodata."""

    def biodata_home(self, household: Ints) -> Ints:
        """Return the household the biodata shows."""
        shown = (self.new_home >= 0) & (self.reported != SILENT) & ~self.stale
        return np.where(shown, self.new_home, household).astype(np.int32)


def _movers(rng: np.random.Generator, world: World, rate: float) -> npt.NDArray[np.bool_]:
    """Return who moves: three in five with the whole family, the others alone as adults."""
    household = world.people["household"].to_numpy()
    whole = rng.random(world.households.height) < rate * 0.6
    adult = world.people["birth"].to_numpy() < days(world.settings.today) - 19 * YEAR
    leaves_alone = (world.people["slot"].to_numpy() != HEAD) & adult
    alone = leaves_alone & (rng.random(len(household)) < rate * 1.2)
    return np.asarray(whole[household] | alone)


def _deaths(rng: np.random.Generator, world: World, rate: float) -> npt.NDArray[np.bool_]:
    age = (days(world.settings.today) - world.people["birth"].to_numpy()) / YEAR
    hazard = np.exp((age - 60) / 13) + 0.03
    return np.asarray(rng.random(len(age)) < np.minimum(hazard * rate / hazard.mean(), 0.7))


def _new_homes(
    rng: np.random.Generator, world: World, moved: npt.NDArray[np.bool_]
) -> tuple[Ints, pl.DataFrame]:
    """Return the new household index per person and the households with the new ones appended.

    Those of one family who move go together; they settle in another desa.
    """
    household = world.people["household"].to_numpy()
    old, number = np.unique(household[moved], return_inverse=True)
    n, count = len(old), world.places.desa.height
    desa = world.households["desa"].to_numpy()[old]
    target = (desa + rng.integers(1, max(count, 2), n)) % count
    day = days(world.settings.today)
    template = world.households[rng.integers(0, world.households.height, n)]
    fresh = template.with_columns(
        desa=pl.Series(target, dtype=pl.Int32),
        nokk=pl.Series(_free_nokks(rng, world, target, day)),
    )
    homes = np.full(len(household), -1, dtype=np.int32)
    homes[moved] = world.households.height + number
    return homes, pl.concat([world.households, fresh])


def _free_nokks(
    rng: np.random.Generator, world: World, desa: Ints, day: int
) -> npt.NDArray[np.int64]:
    """Return new numbers of families that no family has: the serial's first digit is 5."""
    numbers = nokks(rng, world.places, world.places.kecamatan[desa], day)
    return np.asarray(numbers // 10_000 * 10_000 + 5_000 + numbers % 5_000)


def _days(
    rng: np.random.Generator, world: World, years: float, births: Ints
) -> npt.NDArray[np.int64]:
    today = days(world.settings.today)
    back = (rng.beta(1, 1.6, len(births)) * years * YEAR).astype(np.int64) + 1
    return np.maximum(today - back, np.minimum(births + 1, today - 1))


def _status(rng: np.random.Generator, world: World) -> Bytes:
    rates, n = world.settings.rates, world.people.height
    status = np.zeros(n, dtype=np.uint8)
    inside = _movers(rng, world, rates["pindah_dalam"]) & (world.places.desa.height > 1)
    for flag, code in (
        (inside, MOVED),
        (_movers(rng, world, rates["pindah_keluar"]), GONE),
        (_deaths(rng, world, rates["meninggal"]), DEAD),
    ):
        status[flag] = code
    return status


def _reported(
    rng: np.random.Generator, world: World, status: Bytes
) -> tuple[Bytes, npt.NDArray[np.bool_]]:
    """Return how each event was reported, and whose NIK was misquoted."""
    rates, n = world.settings.rates, world.people.height
    death = status == DEAD
    told = rng.random(n) < np.where(death, rates["mati_dilaporkan"], rates["pindah_dilaporkan"])
    nameless = rng.random(n) < np.where(death, rates["mati_tanpa_nik"], rates["pindah_tanpa_nik"])
    misquoted = ~nameless & (rng.random(n) < np.where(death, rates["mati_nik_salah"], 0.01))
    how = np.where(nameless | misquoted, BY_NAME, BY_NIK)
    reported = np.where((status != ALIVE) & told, how, SILENT).astype(np.uint8)
    return reported, misquoted & (reported == BY_NAME)


def happen(world: World) -> tuple[World, Events]:
    """Return the world with the households of those who moved inside, and all events."""
    rng, rates = stage_rng(world.settings, "peristiwa"), world.settings.rates
    n, births = world.people.height, world.people["birth"].to_numpy()
    status = _status(rng, world)
    reported, misquoted = _reported(rng, world, status)
    day = np.where(status == DEAD, _days(rng, world, 9, births), _days(rng, world, 5, births))
    new_home, homes = _new_homes(rng, world, status == MOVED)
    returns = (status == GONE) & (reported != SILENT) & (rng.random(n) < rates["pindah_kembali"])
    back = day + ((days(world.settings.today) - day) * rng.uniform(0.2, 1, n)).astype(np.int64)
    abroad = rng.integers(0, world.places.destinations.height, n)
    absent = (status != MOVED) & (reported == BY_NIK) & ~returns
    events = Events(
        status=np.where(returns, ALIVE, status).astype(np.uint8),
        reported=reported,
        misquoted=misquoted,
        day=np.where(status == ALIVE, 0, day).astype(np.int32),
        back=np.where(returns, back, 0).astype(np.int32),
        new_home=new_home,
        destination=np.where(status == GONE, abroad, -1).astype(np.int32),
        stale=rng.random(n) < rates["biodata_tertinggal"],
        unlisted=absent & (rng.random(n) < rates["register_tanpa_biodata"]),
    )
    return replace(world, households=homes), events
