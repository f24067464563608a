"""Names to codes inside a parent region: exactly, by sound, shortened, or misspelt.

A name is taken only where one region answers best; two that answer equally well never resolve.
"""

from collections.abc import Callable
from functools import cache

import polars as pl

from dtkstool.clean.places.forms import HALF, forms, official_forms
from dtkstool.wilayah.spelling import fold
from dtkstool.wilayah.table import Level, level_table

OPTIONS = {"ask": pl.UInt32(), "code": pl.String(), "cost": pl.Int64()}
ANSWERS = {"ask": pl.UInt32(), "code": pl.String(), "how": pl.String()}
_QUALIFIER = (
    "  (UTARA|SELATAN|BARAT|TIMUR|TENGAH|LOR|KIDUL|WETAN|KULON|HULU|ULU|HILIR|ILIR|ATAS|BAWAH|LAMA"
    "|BARU|DALAM|LUAR|JULU|JAE|TONGA|DAYA|LAUT|BARO|TUNONG|CUT|RAYA) $"
)
_CONSONANTS = "[BCDFGHJKLMNPQRSTVWXYZ]"
_TELLS_APART = r"\d+|  [A-Z] $"
# ^ numbers and single letters at the end are all that tells `Cibeber I` from `Cibeber II`


def kinds(name: pl.Expr, level: Level) -> pl.Expr:
    """Return whether a name says it is a kota (or kelurahan); null where it does not say."""
    urban, rural = {
        "kabupaten": (r"^\W*(?:KOTA|KODYA|KOTAMADYA|KOT)\b", r"^\W*KAB(?:UPATEN)?\b"),
        "desa": (r"^\W*(?:KEL|KELURAHAN)\b", r"^\W*(?:DESA|DS|NAGARI|GAMPONG|PEKON|KAMPUNG)\b"),
    }.get(level, ("^$", "^$"))
    upper = name.str.to_uppercase()
    return (
        pl.when(upper.str.contains(urban)).then(True)
        .when(upper.str.contains(rural)).then(False)
    )  # fmt: skip


def is_urban(code: pl.Expr, level: Level) -> pl.Expr:
    """Return whether a code is a kota's (71 and up) or a kelurahan's (1xxx); null elsewhere."""
    if level == "kabupaten":
        return code.str.slice(2, 2) > "70"
    return code.str.slice(6, 1) == "1" if level == "desa" else pl.lit(None, pl.Boolean)


@cache
def _in_country(level: Level) -> pl.DataFrame:
    return official_forms(level_table(level).with_columns(parent=pl.lit("")), level)


def official(parents: pl.Series, level: Level) -> pl.DataFrame:
    """Return the forms of all regions of `level` below `parents`, codes of any level or `""`."""
    widths = parents.str.len_bytes().unique().sort().to_list()
    found = [
        official_forms(_below(parents, level, width), level) if width else _in_country(level)
        for width in widths
    ]
    return pl.concat([_in_country("provinsi").clear(), *found])


def _below(parents: pl.Series, level: Level, width: int) -> pl.DataFrame:
    """Return the regions of `level` below those of `parents` that have `width` digits.

    The table is in code order, so they stand together; a colon comes right behind the digits.
    """
    table = level_table(level)
    wanted = parents.filter(parents.str.len_bytes() == width).sort()
    start, end = (table["code"].search_sorted(edge) for edge in (wanted, wanted + ":"))
    rows = pl.int_ranges(start, end, eager=True).explode(empty_as_null=False)
    return table[rows].with_columns(parent=pl.col("code").str.head(width))


def _equal(asked: pl.LazyFrame, known: pl.LazyFrame, key: str) -> pl.LazyFrame:
    found = asked.join(known, on=["parent", key])
    return found.select("ask", "code", cost=(pl.col("cost") + pl.col("cost_right")).cast(pl.Int64))


def _exact(asked: pl.DataFrame, known: pl.DataFrame, level: Level) -> pl.LazyFrame:
    left, right = asked.lazy(), known.lazy()
    return pl.concat([_equal(left, right, "key"), _equal(left, right, "plain")])


def _by_sound(asked: pl.DataFrame, known: pl.DataFrame, level: Level) -> pl.LazyFrame:
    sound = fold(pl.col("words"))
    left, right = asked.lazy().with_columns(key=sound), known.lazy().with_columns(key=sound)
    return _equal(left.filter(pl.col("key").str.len_bytes() >= 3), right, "key")


def _pairs(asked: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    near = pl.col("cost") <= 2
    return asked.filter(near).join(known.filter(near), on="parent", suffix="_known")


def _abbreviation(words: pl.Expr) -> pl.Expr:
    """Words as a pattern in which `BL` or `STM` stands for any word, or words, it may shorten."""
    short = words.str.replace_all(rf" ({_CONSONANTS}{{1,4}})  ", " <$1>  ").str.replace(
        rf" ({_CONSONANTS}{{2,4}}) $", " <$1> "
    )
    letters = short.str.replace_all(r"([A-Z])>", "$1.*>")
    for _ in range(3):
        letters = letters.str.replace_all(r"<([A-Z.*]*?[A-Z])([A-Z]\.\*)", "<$1.*$2")
    return "^" + letters.str.replace_all("[ <>]", "") + "$"


def _shortened(asked: pl.DataFrame, known: pl.DataFrame, level: Level) -> pl.LazyFrame:
    """Abbreviated on either side, or cut off at the end (registers cut at 20 to 30 letters)."""
    is_short = pl.col("words").str.contains(rf" {_CONSONANTS}{{1,4}}  | {_CONSONANTS}{{2,4}} $")
    has_word = pl.col("words").str.contains(r"[A-Z]{4}")
    pattern = pl.when(is_short & has_word).then(_abbreviation(pl.col("words")))
    pairs = _pairs(asked.with_columns(pattern=pattern), known.with_columns(pattern=pattern))
    begins = pl.col("key").str.head(1) == pl.col("key_known").str.head(1)
    typed = pairs.filter(begins, pl.col("pattern").is_not_null())
    official_too = pairs.filter(begins, pl.col("pattern_known").is_not_null())
    cut_off = (
        pl.col("key_known").str.starts_with(pl.col("key"))
        & (pl.col("key").str.len_chars() >= 12)
        & ~pl.col("words_known").str.contains(_QUALIFIER)
        & ~pl.col("words_known").str.contains(r"\d $")
    )
    fits = pl.concat(
        [
            typed.filter(pl.col("key_known").str.contains(pl.col("pattern"))),
            official_too.filter(pl.col("key").str.contains(pl.col("pattern_known"))),
            pairs.filter(cut_off),
        ]
    )
    return fits.lazy().select("ask", "code", cost=pl.lit(0, pl.Int64))


def _edits(pairs: pl.DataFrame, column: str) -> pl.Series:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    typed, known = pairs[column].to_list(), pairs[f"{column}_known"].to_list()
    return pl.Series(cpdist(typed, known, scorer=OSA.distance, score_cutoff=_FAR), dtype=pl.Int64)


def _differing(left: str, right: str) -> pl.Expr:
    """Letters in the words that only `left` has: a typo falls into one word, not beside many."""
    words, others = (pl.col(column).str.strip_chars().str.split("  ") for column in (left, right))
    return words.list.set_difference(others).list.join("").str.len_chars()


_FAR = 4
_EDITS: dict[Level, tuple[int, int]] = {
    "provinsi": (4, 8), "kabupaten": (4, 8), "kecamatan": (6, 11), "desa": (6, 11),
}  # fmt: skip
"""The longest differing words that bear one edit, and two. Every kabupaten is in the table; many a
kecamatan or desa was renamed, and its new name may be two edits from a neighbour's."""


def _allowed(level: Level) -> pl.Expr:
    """Edits the differing words may be away."""
    one, two = _EDITS[level]
    length = pl.max_horizontal(
        _differing("words", "words_known"), _differing("words_known", "words")
    )
    return (
        pl.when(length <= 1).then(0)
        .when(length <= one).then(1)
        .when(length <= two).then(2)
        .otherwise(3)
    )  # fmt: skip


def _could_be(pairs: pl.LazyFrame) -> pl.LazyFrame:
    """The pairs that differ in no number, final letter or point of the compass."""
    qualifier = pl.col("words").str.extract(_QUALIFIER)
    other = pl.col("words_known").str.extract(_QUALIFIER)
    apart = pl.col("words").str.extract_all(_TELLS_APART)
    return pairs.filter(
        (qualifier == other).fill_null(True),
        (apart.list.len() == 0) | (apart == pl.col("words_known").str.extract_all(_TELLS_APART)),
    )


def _misspelt(asked: pl.DataFrame, known: pl.DataFrame, level: Level) -> pl.LazyFrame:
    """At most `_allowed` edits away, and the runner-up clearly further."""
    length, length_known = (pl.col(c).str.len_chars().cast(pl.Int32) for c in ("key", "key_known"))
    plain, plain_known = (
        pl.col(c).str.len_chars().cast(pl.Int32) for c in ("plain", "plain_known")
    )
    close = ((length - length_known).abs() <= _FAR) | ((plain - plain_known).abs() <= _FAR)
    pairs = _pairs(asked, known).filter(close)
    if pairs.is_empty():
        return pl.LazyFrame(schema=OPTIONS)
    edits, plain_edits = _edits(pairs, "key"), _edits(pairs, "plain")
    scored = pairs.with_columns(edits=edits, plain_edits=plain_edits)
    near = scored.lazy().filter(pl.min_horizontal("edits", "plain_edits") <= _FAR)
    numbered = pl.col("words_known").str.contains(r"\d") & ~pl.col("words").str.contains(r"\d")
    cost = (
        pl.when(numbered).then("plain_edits").otherwise(pl.min_horizontal("edits", "plain_edits"))
    )
    is_short = pl.col("plain").str.len_chars() <= 2
    ranked = _could_be(near).select(
        "ask", "code", cost=cost, allowed=_allowed(level), is_short=is_short
    )
    nearest = pl.col("cost").min().over("ask")
    clearly = pl.when((nearest > 1) | pl.col("is_short")).then(2).otherwise(1)
    is_nearest = pl.col("cost") == nearest
    within = (is_nearest & (pl.col("cost") <= pl.col("allowed"))).any().over("ask")
    return ranked.filter(within & (pl.col("cost") < nearest + clearly)).select(
        "ask", "code", cost=pl.lit(0, pl.Int64)
    )


Tier = Callable[[pl.DataFrame, pl.DataFrame, Level], pl.LazyFrame]
TIERS: tuple[tuple[str, Tier], ...] = (
    ("nama", _exact),
    ("ejaan", _by_sound),
    ("ejaan", _shortened),
    ("ejaan", _misspelt),
)


def _collected(lf: pl.LazyFrame) -> pl.DataFrame:
    """The rows, without looking for a better plan: finding one takes longer than they do."""
    return lf.collect(engine="in-memory", optimizations=pl.QueryOptFlags.none())


def best(options: pl.LazyFrame, asks: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return for each ask the codes that answer best: one, or several that cannot be told apart.

    `options` is ask, code, cost; `asks` gives each ask's `kind`, which decides between equals.
    """
    cheapest = options.filter(pl.col("cost") == pl.col("cost").min().over("ask"))
    answers = cheapest.unique(["ask", "code"]).join(asks.lazy().select("ask", "kind"), on="ask")
    fits = (is_urban(pl.col("code"), level) == pl.col("kind")).fill_null(False)
    return answers.filter(fits | ~fits.any().over("ask")).select("ask", "code").pipe(_collected)


def exact(asks: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return ask, code for every region whose name is the typed one; asks as for `candidates`."""
    if asks.is_empty():
        return pl.DataFrame(schema=ANSWERS).select("ask", "code")
    found = _exact(forms(asks, level), official(asks["parent"].unique(), level), level)
    return found.filter(pl.col("cost") < HALF).select("ask", "code").unique().pipe(_collected)


def candidates(asks: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Return ask, code, how (`nama`, `ejaan`): one row per code that answers an ask best.

    `asks` is ask, parent, name, where parent is a code of any higher level, or `""` for the whole
    country. A name that several regions answer equally well has several rows, one nobody answers
    none.
    """
    answers = [pl.DataFrame(schema=ANSWERS)]
    if asks.is_empty():
        return answers[0]
    asks = asks.with_columns(kind=kinds(pl.col("name"), level))
    asked = forms(asks.drop("kind"), level)
    known = official(asks["parent"].unique(), level)
    for how, tier in TIERS:
        found = best(tier(asked, known, level), asks, level)
        answers.append(found.with_columns(how=pl.lit(how)))
        asked = asked.join(found, on="ask", how="anti")
        if asked.is_empty():
            break
        known = known.join(asked, on="parent", how="semi")
    return pl.concat(answers)
