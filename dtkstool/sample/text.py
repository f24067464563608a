"""People as text: what their papers say, in canonical columns."""

from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.sample.families import YEAR
from dtkstool.sample.stock import page
from dtkstool.sample.world import World, days

Index = npt.NDArray[np.integer]


def full_name(words: tuple[str, ...], people: pl.DataFrame, prefix: str) -> pl.Series:
    """Return the names of word columns `prefix`0–3, blanks left out."""
    texts = pl.Series([None, *words[1:]], dtype=pl.String)
    parts = [texts.gather(people[f"{prefix}{i}"]) for i in range(4)]
    return pl.select(pl.concat_str(parts, separator=" ", ignore_nulls=True)).to_series()


def old_spelling(name: pl.Expr) -> pl.Expr:
    """Return a name as before 1972: dj, tj, j and oe for j, c, y and u. Null stays null."""
    return (
        name.str.replace_all("J", "DJ", literal=True)
        .str.replace_all("Y", "J", literal=True)
        .str.replace_all(r"C([^H]|$)", "TJ${1}")
        .str.replace_all("U", "OE", literal=True)
    )


def chance(ids: Index, salt: int) -> npt.NDArray[np.float64]:
    """Return a number in [0, 1) per id that is always the same for the same id and salt."""
    mixed = (ids.astype(np.uint64) + np.uint64(salt * 7919 + 1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(40)).astype(np.float64) / float(1 << 24)


@cache
def _address_words() -> tuple[list[str], list[str], list[str], list[str], npt.NDArray[np.float64]]:
    words = page("alamat")
    jobs, weights = zip(*(job.rsplit(":", 1) for job in words["pekerjaan"].split(";")), strict=True)
    shares = np.array([float(weight) for weight in weights])
    streets, hamlets, prefixes = (words[k].split(";") for k in ("jalan", "kampung", "awalan"))
    return streets, hamlets, prefixes, list(jobs), np.cumsum(shares) / shares.sum()


def _pick(words: list[str], numbers: pl.Series) -> pl.Series:
    return pl.Series(words).gather(numbers % len(words))


def hamlet(numbers: pl.Series) -> pl.Series:
    """Return hamlet names of one or two words."""
    _, hamlets, _, _, _ = _address_words()
    first, second = _pick(hamlets, numbers), _pick(hamlets, numbers // 53)
    return pl.select(
        pl.when(first == second).then(first).otherwise(first + " " + second)
    ).to_series()


def address(homes: pl.DataFrame) -> pl.Series:
    """Return street or hamlet addresses of household rows."""
    streets, _, prefixes, _, _ = _address_words()
    street = _pick(streets, homes["street"]) + pl.Series(
        ["" if n == 0 else f" NO. {n}" for n in range(240)]
    ).gather(homes["number"])
    rural = (_pick(prefixes, homes["street"]) + " " + hamlet(homes["hamlet"])).str.strip_chars()
    return pl.select(pl.when(homes["street"] % 10 < 3).then(street).otherwise(rural)).to_series()


def job(ids: Index, age: npt.NDArray[np.float64], female: npt.NDArray[np.bool_]) -> pl.Series:
    """Return occupations in words that fit age and sex."""
    _, _, _, jobs, shares = _address_words()
    drawn = np.searchsorted(shares, chance(ids, 5), side="right")
    drawn = np.where(~female & (drawn == 1), 5, drawn)
    drawn = np.where(
        age < 6, 0, np.where(age < 18, 2, np.where((drawn == 2) & (age > 27), 7, drawn))
    )
    return pl.Series(jobs).gather(pl.Series(drawn))


def religion(ids: Index, peoples: npt.NDArray[np.uint8], names: tuple[str, ...]) -> pl.Series:
    """Return SIAK's religion code per person, by household id and people."""
    luck = chance(ids, 9)
    usual = {"bali": (4, 1), "tionghoa": (2, 6), "batak": (2, 3), "timur": (3, 2)}
    table = np.array([usual.get(name, (1, 1)) for name in names])
    return pl.Series(np.where(luck < 0.62, table[peoples, 0], table[peoples, 1]))


def _names(world: World, people: pl.DataFrame) -> dict[str, pl.Series]:
    """Return own, mother's and father's names; some of the old are written the old way."""
    own, mother, father = (full_name(world.stock.words, people, prefix) for prefix in "wmf")
    old = people["old_spelling"]
    written = pl.DataFrame({"n": own, "old": old}).select(
        pl.when("old").then(old_spelling(pl.col("n"))).otherwise("n")
    )
    return {"nama": written.to_series(), "nama_ibu": mother, "nama_ayah": father}


def person_text(world: World, who: Index, home: Index) -> pl.DataFrame:
    """Return one row of canonical columns per entry of `who` living in household `home`.

    Columns: person, nik, nokk, nama, tempat_lahir, tanggal_lahir (date), jenis_kelamin (L/P),
    hubungan, status_kawin, agama (codes), pekerjaan, nama_ibu, nama_ayah, alamat, rt, rw, dusun
    and the region columns of `Places.desa`.
    """
    people, homes = world.people[who], world.households[home]
    age = (days(world.settings.today) - people["birth"].to_numpy()) / YEAR
    female, kin = people["female"].to_numpy(), people["household"].to_numpy()
    frame = pl.DataFrame({
        "person": pl.Series(who, dtype=pl.UInt32),
        "nik": people["nik"].cast(pl.String),
        "nokk": homes["nokk"].cast(pl.String),
        **_names(world, people),
        "tempat_lahir": world.places.towns["name"].gather(people["town"]),
        "tanggal_lahir": people["birth"].cast(pl.Date),
        "jenis_kelamin": pl.Series(np.where(female, "P", "L")),
        "hubungan": people["role"],
        "status_kawin": people["status"],
        "agama": religion(kin, people["people"].to_numpy(), world.stock.peoples),
        "pekerjaan": job(np.asarray(who), age, female),
        "alamat": address(homes),
        "rt": homes["rt"],
        "rw": homes["rw"],
        "dusun": hamlet(homes["hamlet"]),
    })  # fmt: skip
    return frame.hstack(world.places.desa[homes["desa"].to_numpy()])
