"""Many scenes in one run: each scene's family gets names, dates and numbers of its own.

A month of a town costs most of a second however small it is, so scenes that have nothing to do with
each other share one. A test says what its scene brings, in the words of `tests.town`, and sees the
outcome of its own scene in the same words.
"""

from dataclasses import dataclass
from types import SimpleNamespace

import polars as pl

from tests.town import month

FIRST = "ANISA BAHARI CAHYANI DAMAYANTI ERLINA FATIMAH GUSTINI HANDAYANI INDRIANI JUMINTEN KARTINI LESTARI MARLINA NINGSIH OKTAVIA PUSPITA RAHAYU SULASTRI TARSINAH UTAMI WAHYUNI YULIANTI ZUBAIDAH MULYANI SUPRAPTI".split()
LAST = "SUBAGYO PRATAMA KUSUMA WIJAYA SETIADI NUGROHO SAPUTRA GUNAWAN SANTOSO MAULANA HIDAYAT FIRMANSYAH RAMADHAN PERMANA SUHENDRA ISKANDAR PURNOMO WIBOWO SISWANTO ANGGARA KURNIAWAN PAMUNGKAS HERMAWAN SUPARDI DARMAWAN".split()
MOTHER = "WARSITI KASMINAH PARTINAH SARMI TUKIYEM NGATINAH WAGIYEM SUMINAH RUKMINI DJUMIATI PAINEM SARIYEM MUSRIFAH TUMINAH LASMI KARSINEM SUTINAH MARYAMAH ROMLAH ENTIN JUBAEDAH ROHAYATI SAODAH ICIH ONIH".split()


@dataclass(frozen=True)
class Scene:
    """What one scene brings: rows of the register, of biodata, of event registers."""

    register: list
    biodata: list
    events: dict


def scene(register, biodata, **events):
    """Mark a test with the scene it is about."""

    def marked(test):
        test.scene = Scene(register, biodata, events)
        return test

    return marked


def words(at):
    """Return what stands for the town's names, dates and numbers in scene number `at`."""
    day, month_ = 13 + at % 15, 4 + at // 15
    return {
        "AMINAH": FIRST[at], "HARTONO": LAST[at], "SUKARTI": MOTHER[at],
        "12-07-": f"{day:02}-{month_:02}-", "03-03-": f"{day:02}-{month_ + 4:02}-",
        "5207": f"{day + 40}{month_:02}", "0303": f"{day:02}{month_ + 4:02}",
        "1203080005": f"12030801{at:02}",
    }  # fmt: skip


def moved(rows, at):
    """Return the rows as those of family number `at`."""
    return [{key: told(value, words(at)) for key, value in row.items()} for row in rows]


def told(text, instead):
    for old, new in instead.items():
        text = text.replace(old, new)
    return text


def lived(folder, scenes):
    """Run all scenes in one month; return the outcome of each, in its own words."""
    outcome = together(folder, scenes)
    return [seen(outcome, at, one) for at, one in enumerate(scenes)]


def together(folder, scenes):
    """Run all scenes in one month, the register of each a file `01.csv`; return its outcome."""
    registers, biodata, events = {}, [], {}
    for at, one in enumerate(scenes):
        register = [row | {"ID DTKS": f"{at:02}{row['ID DTKS']}"} for row in one.register]
        registers[f"{at:02}.csv"] = moved(register, at)
        biodata += moved(one.biodata, at)
        for kind, rows in one.events.items():
            events.setdefault(kind, []).extend(moved(rows, at))
    return month(folder, registers, biodata, **events)


def seen(outcome, at, one):
    """Return decisions and changes of one scene, its names, dates and numbers put back."""
    rows = [*one.register, *one.biodata, *(row for of in one.events.values() for row in of)]
    numbers = {told(v, words(at)): v for row in rows for v in row.values() if len(v) >= 16}
    back = numbers | {new: old for old, new in words(at).items() if not old.isdigit()}
    mine = outcome.decisions.filter(pl.col("id_dtks").str.starts_with(f"{at:02}"))
    decisions = mine.with_columns(pl.col("id_dtks").str.slice(2))
    changes = outcome.changes.join(mine, on="record_id", how="semi")
    put_back = pl.col(pl.String).str.replace_many(list(back), list(back.values()))
    return SimpleNamespace(
        decisions=decisions.with_columns(put_back), changes=changes.with_columns(put_back)
    )
