"""The kabupaten of places that name none, or one of two: by the column they stand in.

A kecamatan named Cibinong with a desa Pabuaran exists in one kabupaten, a kecamatan Sukasari in
several; the other places of the column say which. The residents' NIKs only break ties.
"""

from collections.abc import Callable

import polars as pl

from dtkstool.clean.places.match import candidates, exact

Votes = Callable[[], pl.DataFrame]
"""place, kabupaten, votes: counted only when places are still tied."""

_PAIR, _NEAR_PAIR, _KECAMATAN, _NEAR_KECAMATAN, _NAMED = 4, 3, 2, 1, 0


def _asks(places: pl.DataFrame, parent: pl.Expr, name: str) -> pl.DataFrame:
    return places.select(parent=parent, name=name).drop_nulls().unique().with_row_index("ask")


def _kecamatan_options(places: pl.DataFrame) -> pl.DataFrame:
    """place, code: every kecamatan in the country of the typed name."""
    asks = _asks(places, pl.lit(""), "kecamatan")
    found = exact(asks, "kecamatan").join(asks, on="ask")
    return places.join(found, left_on="kecamatan", right_on="name").select("place", "desa", "code")


def _scored(possible: pl.DataFrame, desa: pl.DataFrame, score: int) -> pl.DataFrame:
    pairs = desa.select("parent", "name").unique().with_columns(score=pl.lit(score))
    return possible.join(pairs, left_on=["code", "desa"], right_on=["parent", "name"]).select(
        "place", "code", "score"
    )


def _options(places: pl.DataFrame) -> pl.DataFrame:
    """place, kabupaten, score: where kecamatan and desa exist together, else the kecamatan."""
    possible = _kecamatan_options(places)
    asks = _asks(possible, pl.col("code"), "desa")
    same = _scored(possible, exact(asks, "desa").join(asks, on="ask"), _PAIR)
    unpaired = possible.join(same, on="place", how="anti")
    rest = _asks(unpaired, pl.col("code"), "desa")
    near = _scored(unpaired, candidates(rest, "desa").join(rest, on="ask"), _NEAR_PAIR)
    alone = unpaired.select("place", "code", score=pl.lit(_KECAMATAN))
    found = pl.concat([same, near, alone, _options_by_desa(places, possible)])
    return found.select("place", "score", kabupaten=pl.col("code").str.head(4))


def _options_within(places: pl.DataFrame, either: pl.DataFrame) -> pl.DataFrame:
    """place, kabupaten, score: the one of two kabupaten that has the kecamatan, typos allowed."""
    doubtful = either.select("place", code="kabupaten").join(places, on="place")
    asks = _asks(doubtful, pl.col("code"), "kecamatan")
    has = candidates(asks, "kecamatan").join(asks, on="ask").select("parent", "name").unique()
    return doubtful.join(has, left_on=["code", "kecamatan"], right_on=["parent", "name"]).select(
        "place", kabupaten="code", score=pl.lit(_NEAR_KECAMATAN)
    )


def _options_by_desa(places: pl.DataFrame, possible: pl.DataFrame) -> pl.DataFrame:
    """place, code, score: a kecamatan unknown as typed that fits where a desa of the name is."""
    lost = places.join(possible, on="place", how="anti").drop_nulls(["kecamatan", "desa"])
    asks = _asks(lost, pl.lit(""), "desa")
    homes = exact(asks, "desa").join(asks, on="ask").select("name", code=pl.col("code").str.head(6))
    pairs = lost.join(homes.unique(), left_on="desa", right_on="name")
    rest = _asks(pairs, pl.col("code"), "kecamatan")
    fits = candidates(rest, "kecamatan").join(rest, on="ask").select("parent", "name")
    return pairs.join(fits, left_on=["code", "kecamatan"], right_on=["parent", "name"]).select(
        "place", "code", score=pl.lit(_NEAR_PAIR)
    )


def _desa_options(places: pl.DataFrame) -> pl.DataFrame:
    """place, kabupaten, score: every kabupaten with a desa of the typed name."""
    asks = _asks(places, pl.lit(""), "desa")
    found = exact(asks, "desa").join(asks, on="ask")
    return places.join(found, left_on="desa", right_on="name").select(
        "place", kabupaten=pl.col("code").str.head(4), score=pl.lit(_NAMED)
    )


def _highest(options: pl.DataFrame) -> pl.DataFrame:
    top = options.filter(pl.col("score") == pl.col("score").max().over("place"))
    return top.unique(["place", "kabupaten"])


def _decided(options: pl.DataFrame, votes: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """place, kabupaten: options with five times the runner-up's votes.

    A bare `BOGOR` is the kabupaten's only where nobody of the kota is about.
    """
    counted = options.join(votes, on=on, how="left").with_columns(pl.col("votes").fill_null(0))
    first = (
        counted.sort("votes", "kabupaten", descending=True)
        .group_by("place")
        .agg(
            pl.col("kabupaten", "score").first(),
            most=pl.col("votes").first(),
            second=pl.col("votes").get(1, null_on_oob=True).fill_null(0),
        )
    )
    leads = (pl.col("most") > pl.col("second")) & (pl.col("most") >= 5 * pl.col("second"))
    clear = leads & ((pl.col("score") > _NAMED) | (pl.col("second") == 0))
    return first.filter(clear).select("place", "kabupaten")


def _counted(ballots: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    return ballots.group_by(by).agg(votes=pl.col("place").n_unique().cast(pl.Int64))


def _others(ballots: pl.DataFrame, several: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Votes of the places that are not themselves in doubt."""
    return _counted(ballots.join(several, on="place", how="anti"), by)


def _main(ballots: pl.DataFrame) -> pl.DataFrame:
    """layout, main: where at least half of a layout's places may be, and twice as many as next."""
    voters = ballots.group_by("layout").agg(voters=pl.col("place").n_unique())
    votes = _counted(ballots, ["layout", "kabupaten"]).join(voters, on="layout")
    lead = (
        votes.sort("votes", "kabupaten", descending=True)
        .group_by("layout")
        .agg(
            pl.col("kabupaten", "voters").first(),
            most=pl.col("votes").first(),
            second=pl.col("votes").get(1, null_on_oob=True).fill_null(0),
        )
    )
    clear = (2 * pl.col("most") >= pl.col("voters")) & (pl.col("most") >= 2 * pl.col("second"))
    return lead.filter(clear).select("layout", main="kabupaten")


def settle(places: pl.DataFrame, named: pl.DataFrame, tie_break: Votes) -> pl.DataFrame:
    """Return place, kabupaten for every place whose kabupaten can be told.

    `places` is place, layout, kabupaten (as typed), kecamatan, desa; `named` is place, kabupaten,
    with two rows for a place that may be kota or kabupaten.
    """
    certain = named.filter(pl.len().over("place") == 1)
    unsure = places.join(certain, on="place", how="anti").filter(
        pl.any_horizontal(pl.col("kabupaten", "kecamatan", "desa").is_not_null())
    )
    if unsure.is_empty():
        return certain
    either = named.join(certain, on="place", how="anti").with_columns(score=pl.lit(_NAMED))
    options = _options(unsure)
    columns = ["place", "kabupaten", "score"]
    within = pl.concat(
        [
            options.join(either, on="place", how="anti").select(columns),
            options.join(either, on=["place", "kabupaten"], how="semi").select(columns),
            _options_within(unsure, either).select(columns),
            either.select(columns),
        ]
    )
    layouts = places.select("place", "layout")
    return _settled(
        unsure,
        certain.join(layouts, on="place"),
        _highest(within).join(layouts, on="place"),
        tie_break,
    )


def _ballots(unsure: pl.DataFrame, certain: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """place, layout, kabupaten: who counts; names of desa only where nothing else does."""
    columns = ["place", "layout", "kabupaten"]
    sure = options.filter(pl.col("score") > _NAMED)
    ballots = pl.concat([certain.select(columns), sure.select(columns)])
    mute = unsure.filter(pl.col("desa").is_not_null()).join(ballots, on="layout", how="anti")
    lost = mute.join(options, on="place", how="anti")
    if lost.is_empty():
        return ballots
    by_desa = _desa_options(lost).unique().join(lost.select("place", "layout"), on="place")
    return pl.concat([ballots, by_desa.select(columns)])


def _alone(options: pl.DataFrame, main: pl.DataFrame) -> pl.DataFrame:
    """The only option a place has; a kecamatan's name alone must not lead out of the column's."""
    judged = options.join(main, on="layout", how="left")
    at_home = (pl.col("main") == pl.col("kabupaten")).fill_null(True)
    return judged.filter(
        pl.len().over("place") == 1, (pl.col("score") != _KECAMATAN) | at_home
    ).select("place", "kabupaten")


def _settled(
    unsure: pl.DataFrame, certain: pl.DataFrame, options: pl.DataFrame, tie_break: Votes
) -> pl.DataFrame:
    ballots = _ballots(unsure, certain, options)
    main = _main(ballots)
    answers = [certain.select("place", "kabupaten"), _alone(options, main)]
    several = options.filter(pl.len().over("place") > 1)
    by_layout = ["layout", "kabupaten"]
    rounds: tuple[tuple[Votes, list[str]], ...] = (
        (lambda: _others(ballots, several, by_layout), by_layout),
        (lambda: _others(ballots, several, ["kabupaten"]), ["kabupaten"]),
        (tie_break, ["place", "kabupaten"]),
    )
    for votes, on in rounds:
        if several.is_empty():
            break
        answers.append(_decided(several, votes(), on))
        several = several.join(answers[-1], on="place", how="anti")
    found = pl.concat(answers)
    rest = unsure.filter(pl.col("kabupaten").is_null()).join(found, on="place", how="anti")
    by_main = rest.join(several, on="place", how="anti").join(main, on="layout")
    return pl.concat([found, by_main.select("place", kabupaten="main")])
