"""How many links are false and how many people are missed, without anybody telling us.

False links and people waiting for review are what the model's own probabilities add up to. Who is
missed shows in a comparison: records with a sound NIK that are not found are people the registry
does not have; records whose NIK is lost or damaged are of the same people, so more of them not
found means that the search lost them.
"""

from typing import Any

import polars as pl

AUTOMATIC = ("padan", "padan_perbaikan")
LINKED = (*AUTOMATIC, "tinjau")


def sound_nik() -> pl.Expr:
    """Return whether a cleaned record's NIK says its birth date and sex: such a one is no typo."""
    dated = pl.col("nik_birth") == pl.col("tanggal_lahir")
    sexed = pl.col("nik_sex") == pl.col("jenis_kelamin")
    return (pl.col("nik").is_not_null() & dated & sexed).fill_null(False)


def lost_share(links: pl.DataFrame, sound: pl.Series) -> float:
    """Return which share of the records found nowhere the search has lost, by their NIKs."""
    counted = links.select(absent=_nowhere(), sound=sound).group_by("sound").agg(
        records=pl.len(), absent=pl.col("absent").sum()
    )  # fmt: skip
    by = {row["sound"]: row for row in counted.to_dicts()}
    if len(by) < 2 or not by[False]["absent"]:
        return 0.0
    unknown = by[True]["absent"] / by[True]["records"]
    lost = by[False]["absent"] - unknown * by[False]["records"]
    return float(min(max(lost / by[False]["absent"], 0.0), 1.0))


def _nowhere() -> pl.Expr:
    return pl.col("verdict").cast(pl.String) == "tidak_ditemukan"


def expected(
    links: pl.DataFrame, lost: float = 0.0, sound: pl.Series | None = None, share: float = 0.0
) -> dict[str, float]:
    """Return what is to be expected of `links`, without labels.

    false_links: automatic links to somebody else, Σ(1 − p). waiting: right persons among those to
    be reviewed, Σp. missed: persons in the registry whose record found nobody: `share` (see
    `lost_share`) of the records found nowhere whose NIK is not `sound`, and never less than what
    `lost`, the share that searching with the NIK hidden does not find (`train`), amounts to.
    """
    verdict = pl.col("verdict").cast(pl.String)
    automatic = links.filter(verdict.is_in(AUTOMATIC))
    reviewed = links.filter(verdict == "tinjau")
    searched = links.filter(verdict.is_in(LINKED) & (pl.col("pass") != "nik"))
    found = float(searched["probability"].sum())
    nowhere = 0 if sound is None else links.filter(_nowhere() & ~sound).height
    missed = max(found * lost / (1 - lost), nowhere * share)
    return {
        "records": links.height,
        "automatic": automatic.height,
        "false_links": round(float((1 - automatic["probability"]).sum()), 3),
        "waiting": round(float(reviewed["probability"].sum()), 3),
        "missed": round(min(missed, links.height), 3),
    }


def estimates(
    links: pl.DataFrame, places: pl.Series, lost: float, sound: pl.Series | None = None
) -> dict[str, Any]:
    """Return `expected` of all links and per kecamatan; `places` is each link's code or null.

    `sound` tells whose NIK is beyond doubt (`sound_nik`), link by link.
    """
    known = pl.Series([True] * links.height, dtype=pl.Boolean) if sound is None else sound
    share = lost_share(links, known)
    placed = links.with_columns(kecamatan=places, sound=known)
    parts = placed.sort("kecamatan").group_by("kecamatan", maintain_order=True)
    return {
        "all": expected(links, lost, known, share),
        "kecamatan": {
            str(code or ""): expected(part, lost, part["sound"], share) for (code,), part in parts
        },
    }
