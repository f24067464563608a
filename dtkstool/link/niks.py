"""Comparing NIKs by what may have happened to one: a slip, a lost digit, somebody else's number."""

import numpy as np
import numpy.typing as npt
import polars as pl

from dtkstool.link.comparisons import NIK, Bools, Ints, Levels, Side, ladder

PARTS = ("nik", "nik6", "nik12", "nik10", "nik4")
NIBBLES = np.uint64(0x1111_1111_1111_1111)
OWNER_NOKK = "owner_nokk"
"""A left side's column: the No KK of whoever holds the NIK as typed, 0 where nobody does."""


def with_owners(keys: pl.DataFrame, registry: pl.DataFrame) -> pl.DataFrame:
    """Return `keys` with `OWNER_NOKK` from the registry's `KEYS`."""
    typed = keys.lazy().select("nik").filter(pl.col("nik") > 0).unique()
    owners = (
        registry.lazy()
        .select("nik", pl.col("nokk").alias(OWNER_NOKK))
        .join(typed, on="nik", how="semi")
        .unique("nik", keep="first", maintain_order=True)
        .collect()
    )
    joined = keys.join(owners, on="nik", how="left", maintain_order="left")
    return joined.with_columns(pl.col(OWNER_NOKK).fill_null(0))


def nik_levels(left: Side, right: Side, i: Ints, j: Ints) -> Levels:
    """Return the NIK level of the pairs (i, j); shorter numbers have no parts to agree in."""
    mine = {k: left.keys[k][i] for k in PARTS}
    theirs = {k: right.keys[k][j] for k in (*PARTS, "nokk")}
    parts = (mine["nik12"] > 0) & (theirs["nik12"] > 0)
    whole = mine["nik"] > 0
    lost = np.zeros(len(i), bool) if left.damaged is None else left.damaged[i]
    short = ~parts & whole & (mine["nik12"] == 0) & (theirs["nik12"] == 0) & (theirs["nik"] > 0)
    serial = (mine["nik12"] == theirs["nik12"]) & parts
    region = (mine["nik10"] == theirs["nik10"]) & parts
    dated = (mine["nik6"] == theirs["nik6"]) & (mine["nik4"] == theirs["nik4"]) & parts
    born = (mine["nik12"] % 1_000_000 == theirs["nik12"] % 1_000_000) & parts
    same = (mine["nik"] == theirs["nik"]) & whole
    slips = _slips(left, right, i, j, (parts | short) & ~same)
    one, two = slips == 1, slips == 2
    shorter = left.has_digits(i, 14)
    apart = (mine["nik6"] % 100 == theirs["nik6"] % 100) & (
        mine["nik4"] % 100 == theirs["nik4"] % 100
    )
    same_kab = mine["nik6"] // 100 == theirs["nik6"] // 100
    sure_date = whole & left.date_confirmed[i] & ~born
    elsewhere = (left.keys["nokk"][i] == theirs["nik"]) & (theirs["nik12"] > 0)
    holder = left.keys.get(OWNER_NOKK)
    owned = np.zeros(len(i), bool) if holder is None else holder[i] == theirs["nokk"]
    return ladder(
        len(i),
        (same, NIK.at("sama")),
        (elsewhere & ~short, NIK.at("di_kolom_nokk")),
        (~parts & ~short, NIK.at("kosong")),
        (serial & one & lost, NIK.at("lima_belas")),
        (serial & one & whole, NIK.at("satu_serial")),
        (dated & one & sure_date, NIK.at("beda_tanggal")),
        (region & one & whole & same_kab, NIK.at("satu_wilayah")),
        (one | (two & shorter), NIK.at("satu_ubah")),
        ((mine["nik"] == theirs["nokk"]) & whole, NIK.at("nokk_tertulis")),
        (owned & (theirs["nokk"] > 0) & whole, NIK.at("keluarga")),
        (two & apart & ~sure_date, NIK.at("dua_ubah")),
        (serial, NIK.at("beda_serial")),
        (two & ~sure_date & ~born, NIK.at("dua_tetangga")),
        (region, NIK.at("beda_wilayah")),
        (dated, NIK.at("beda_tanggal")),
        (born, NIK.at("tanggal_saja")),
        otherwise=NIK.at("beda"),
    )


def _slips(left: Side, right: Side, i: Ints, j: Ints, known: Bools) -> npt.NDArray[np.int64]:
    """Return how many slips apart the numbers are, 3 for three and more.

    A digit changed, lost or added is one, and so are two neighbours exchanged. Sixteen digits
    beside sixteen are counted by place, all others as strings.
    """
    slips = np.full(len(i), 3, np.int64)
    mine, theirs = left.bcd(i), right.bcd(j)
    level = known & (mine > 0) & (theirs > 0)
    differs = mine ^ theirs
    differs |= differs >> np.uint64(2)
    differs = (differs | differs >> np.uint64(1)) & NIBBLES
    places = np.bitwise_count(differs).astype(np.int64)
    slips[level] = np.minimum(places[level], 3)
    beside = (differs & (differs << np.uint64(4))) != 0
    spelled = np.flatnonzero((level & (places == 2) & beside) | (known & ~level))
    slips[spelled] = _distance(left.written(i[spelled]), right.written(j[spelled]))
    return slips


def _distance(left: list[str], right: list[str]) -> npt.NDArray[np.int64]:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    if not left:
        return np.zeros(0, np.int64)
    found = cpdist(
        left,
        right,
        scorer=OSA.distance,
        score_cutoff=2,
        workers=-1,
    )
    return np.asarray(found, np.int64)
