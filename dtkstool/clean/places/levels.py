"""Places to codes, from the province down: names inside their parent, then their typed codes."""

import polars as pl

from dtkstool.clean.places.cells import read_cells
from dtkstool.clean.places.codes import with_region_codes
from dtkstool.clean.places.context import Votes, settle
from dtkstool.clean.places.match import candidates
from dtkstool.frames import CLEAN_PLACES, WILAYAH_KELAS
from dtkstool.wilayah.table import Level, level_table

_HOW = {"place": pl.UInt32(), "code": pl.String(), "how": pl.String()}


def _known(code: pl.Expr, level: Level) -> pl.Expr:
    """The code where it is in force at `level`, else null."""
    return pl.when(code.is_in(level_table(level)["code"].implode())).then(code)


def _answers(places: pl.DataFrame, level: Level, parent: pl.Expr) -> pl.DataFrame:
    """place, code, how: every code that answers the typed name of `level` below `parent`."""
    wanted = places.select("place", parent=parent, name=level).drop_nulls()
    if wanted.is_empty():
        return pl.DataFrame(schema=_HOW)
    asks = wanted.select("parent", "name").unique().with_row_index("ask")
    answers = candidates(asks, level).join(asks, on="ask")
    return wanted.join(answers, on=["parent", "name"]).select(_HOW.keys())


def _fitting(places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """place, code, how: the typed codes whose own name is the typed one, give or take a typo."""
    return _answers(places, level, pl.col(f"known_{level}")).select(_HOW.keys())


def _preferring_codes(answers: pl.DataFrame, places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """The answers, but a misspelt name that fits the code beside it is that code's."""
    exact = answers.filter(pl.col("how") == "nama")
    fitting = _fitting(places.join(exact, on="place", how="anti"), level)
    return pl.concat([answers.join(fitting, on="place", how="anti"), fitting])


def _by_name(places: pl.DataFrame, level: Level, parent: pl.Expr) -> pl.DataFrame:
    """The places with `name_<level>` and `how_<level>`; null where no name answers, or several.

    Reads `known_<level>`, the typed code where it is in force and inside the parent.
    """
    answers = _preferring_codes(_answers(places, level, parent), places, level)
    found = answers.filter(pl.len().over("place") == 1)
    return places.join(
        found.rename({"code": f"name_{level}", "how": f"how_{level}"}), on="place", how="left"
    )


def _with_provinsi(places: pl.DataFrame) -> pl.DataFrame:
    known = places.with_columns(known_provinsi=_known(pl.col("code_provinsi"), "provinsi"))
    named = _by_name(known, "provinsi", pl.lit(""))
    return named.with_columns(provinsi_found=pl.coalesce("name_provinsi", "known_provinsi"))


def _kabupaten_named(places: pl.DataFrame) -> pl.DataFrame:
    """place, code, how: in the province named, else anywhere (Bulungan was once Kaltim's).

    Between kabupaten and kota of one name, a code that is one of them decides.
    """
    inside = _answers(places, "kabupaten", pl.col("provinsi_found").fill_null(""))
    outside = places.join(inside, on="place", how="anti")
    anywhere = _answers(outside, "kabupaten", pl.lit(""))
    answers = pl.concat([inside, anywhere.filter(pl.len().over("place") == 1)])
    coded = answers.join(places.select("place", "known_kabupaten"), on="place")
    agrees = (pl.col("code") == pl.col("known_kabupaten")).fill_null(False)
    named = coded.filter(agrees | ~agrees.any().over("place")).select(_HOW.keys())
    return _preferring_codes(named, places, "kabupaten")


def _with_kabupaten(places: pl.DataFrame, tie_break: Votes) -> pl.DataFrame:
    known = places.with_columns(known_kabupaten=_known(pl.col("code_kabupaten"), "kabupaten"))
    named = _kabupaten_named(known)
    sure = named.filter(pl.len().over("place") == 1)
    coded = known.join(named, on="place", how="anti").drop_nulls("known_kabupaten")
    either = pl.concat(
        [
            named.select("place", kabupaten="code"),
            coded.select("place", kabupaten="known_kabupaten"),
        ]
    )
    found = settle(known, either, tie_break).rename({"kabupaten": "kabupaten_found"})
    return known.join(
        sure.rename({"code": "name_kabupaten", "how": "how_kabupaten"}), on="place", how="left"
    ).join(found, on="place", how="left")


def _composed(level: Level, parent: Level, part: str) -> pl.Expr:
    """The typed code; where its parent's was not typed, put together from the parent found."""
    parted = pl.when(~pl.col("is_bps") & pl.col(f"code_{parent}").is_null()).then(
        pl.col(f"{parent}_found") + pl.col(part)
    )
    return _known(pl.coalesce(f"code_{level}", parted), level)


def _with_level(places: pl.DataFrame, level: Level, parent: Level, part: str) -> pl.DataFrame:
    """Add `<level>_found`: the name's code inside the parent found, else the code typed there."""
    parent_code = pl.col(f"{parent}_found")
    coded = places.with_columns(typed=_composed(level, parent, part))
    inside = pl.when(pl.col("typed").str.starts_with(parent_code)).then("typed")
    named = _by_name(coded.with_columns(inside.alias(f"known_{level}")), level, parent_code)
    return named.with_columns(
        pl.coalesce(f"name_{level}", f"known_{level}").alias(f"{level}_found"),
        pl.col("typed").alias(f"known_{level}"),
    ).drop("typed")


def _kecamatan_of_desa(places: pl.DataFrame) -> pl.DataFrame:
    """place, code, how of places without kecamatan whose desa is the only one of that name."""
    lost = places.filter(pl.col("kecamatan_found").is_null())
    answers = _answers(lost, "desa", pl.col("kabupaten_found"))
    return answers.filter(pl.len().over("place") == 1)


def _renamed(places: pl.DataFrame, desa: pl.DataFrame) -> pl.DataFrame:
    """kabupaten_found, kecamatan, code: an unknown kecamatan's name, by where its desa are."""
    voters = (
        places.select("place", "kabupaten_found", "kecamatan", "desa")
        .drop_nulls("kecamatan")
        .join(desa.filter(pl.col("how") == "nama"), on="place")
        .unique(["kabupaten_found", "kecamatan", "desa"])
    )
    by = ["kabupaten_found", "kecamatan"]
    votes = voters.group_by(*by, code=pl.col("code").str.head(6)).agg(votes=pl.len())
    share = pl.col("votes") / pl.col("votes").sum().over(by)
    return votes.filter(share > 0.6, pl.col("votes") > 1).select(*by, "code")


def _with_kecamatan_by_desa(places: pl.DataFrame) -> pl.DataFrame:
    desa = _kecamatan_of_desa(places)
    unnamed = places.filter(pl.col("kecamatan").is_null()).select("place")
    derived = desa.join(unnamed, on="place", how="semi").select(
        "place", derived=pl.col("code").str.head(6)
    )
    renamed = _renamed(places, desa).rename({"code": "renamed"})
    joined = places.join(derived, on="place", how="left").join(
        renamed, on=["kabupaten_found", "kecamatan"], how="left"
    )
    lost = pl.col("kecamatan_found").is_null()
    by_desa = lost & pl.col("renamed").is_not_null()
    return joined.with_columns(
        kecamatan_found=pl.coalesce("kecamatan_found", "renamed", "derived"),
        name_kecamatan=pl.when(by_desa).then("renamed").otherwise("name_kecamatan"),
        how_kecamatan=pl.when(by_desa).then(pl.lit("ejaan")).otherwise("how_kecamatan"),
    )


def _translated(places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Fill `<level>_found` from its BPS code where the names beside that code all say one place."""
    code, found = f"bps_{level}", f"{level}_found"
    bridge = (
        places.drop_nulls([code, f"name_{level}"])
        .group_by(code)
        .agg(pl.col(f"name_{level}").unique())
        .filter(pl.col(f"name_{level}").list.len() == 1)
        .select(code, bridged=pl.col(f"name_{level}").list.first())
    )
    return (
        places.join(bridge, on=code, how="left")
        .with_columns(pl.coalesce(found, "bridged").alias(found))
        .drop("bridged")
    )


def _kelas(level: Level, given: pl.Expr) -> pl.Expr:
    """How `<level>_found` came about, or why it is null."""
    found, named = pl.col(f"{level}_found"), pl.col(f"name_{level}")
    coded, bps = pl.col(f"known_{level}"), pl.col(f"bps_{level}").is_not_null()
    return (
        pl.when(found.is_null() & bps & pl.col(level).is_null()).then(pl.lit("bps"))
        .when(found.is_null() & given).then(pl.lit("tak_dikenal"))
        .when(found.is_null()).then(pl.lit("kosong"))
        .when(named.is_not_null() & (coded == named)).then(pl.lit("kode"))
        .when(named.is_not_null() & coded.is_not_null()).then(pl.lit("bertentangan"))
        .when(bps).then(pl.lit("bps"))
        .when(named.is_not_null()).then(f"how_{level}")
        .when(coded == found).then(pl.lit("kode"))
        .when(pl.col(level).is_not_null()).then(pl.lit("ejaan"))
        .otherwise(pl.lit("nama"))
        .cast(WILAYAH_KELAS)
    )  # fmt: skip


def _given(level: Level) -> pl.Expr:
    typed = [pl.col(level), pl.col(f"kode_{level}")]
    width = {"kabupaten": 4, "kecamatan": 6, "desa": 10}[level]
    return pl.any_horizontal(column.is_not_null() for column in typed) | (
        pl.col("whole").str.len_chars() >= width
    ).fill_null(False)


def resolve(typed: pl.DataFrame, tie_break: Votes) -> pl.DataFrame:
    """Return the distinct places with `frames.CLEAN_PLACES` added, in any order.

    Reads place (UInt32, a key), layout and the typed cells; `tie_break` counts residents' NIK
    prefixes and is asked only when places are tied. The result does not depend on row order.
    """
    coded = read_cells(typed).pipe(with_region_codes)
    kabupaten = _translated(_with_kabupaten(_with_provinsi(coded), tie_break), "kabupaten")
    kecamatan = _with_level(kabupaten, "kecamatan", "kabupaten", "kecamatan_part")
    settled = _translated(kecamatan, "kecamatan").pipe(_with_kecamatan_by_desa)
    places = _translated(_with_level(settled, "desa", "kecamatan", "desa_part"), "desa")
    kelas = {
        f"{level}_kelas": _kelas(level, _given(level))
        for level in ("kabupaten", "kecamatan", "desa")
    }
    return places.select(
        "place",
        kode_provinsi=pl.coalesce(pl.col("kabupaten_found").str.head(2), "provinsi_found"),
        kode_kabupaten="kabupaten_found",
        kode_kecamatan="kecamatan_found",
        kode_desa="desa_found",
        **kelas,
    ).select("place", *CLEAN_PLACES)
