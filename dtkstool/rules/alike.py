"""Whether the names of two records may be one name: the same words, or a slip of the pen apart."""

import polars as pl

ALIKE = 0.7
"""Dice share of common letter pairs from which two names may be one name with a slip in it;
AMINAH/AMINHA behind one given name has 0.78."""


def names_alike() -> pl.Expr:
    """Return `how_alike` the names of two records are, as a struct."""
    dtype = pl.Struct({"contained": pl.Boolean(), "alike": pl.Boolean()})
    return pl.struct("nama_folk", "nama_folk_other").map_batches(how_alike, return_dtype=dtype)


def how_alike(pairs: pl.Series) -> pl.Series:
    """Return whether one name of each pair is contained in the other, or at least `ALIKE` it.

    Equal names are both, null ones neither. Each two names are held against each other once.
    """
    left, right = pairs.struct.fields
    ordered = pairs.struct.unnest().select(
        left=pl.when(pl.col(left) < pl.col(right)).then(left).otherwise(right),
        right=pl.when(pl.col(left) < pl.col(right)).then(right).otherwise(left),
    )
    equal = pl.col("left") == pl.col("right")
    judged = ordered.filter(~equal).unique().with_columns(contained=contained_words())
    apart = judged.filter(~pl.col("contained"))
    close = apart.with_columns(alike=dice_shares(apart["left"], apart["right"]) >= ALIKE)
    known = pl.concat([judged.filter("contained").with_columns(alike=True), close])
    return (
        ordered.join(known, on=["left", "right"], how="left", maintain_order="left")
        .select(
            (equal | pl.col(part)).fill_null(False).alias(part) for part in ("contained", "alike")
        )
        .to_struct(pairs.name)
    )


def contained_words() -> pl.Expr:
    """Return whether all words of the `left` or of the `right` name stand in the other."""
    left, right = (pl.col(name).str.split(" ") for name in ("left", "right"))
    common = left.list.set_intersection(right).list.len()
    return common == pl.min_horizontal(left.list.n_unique(), right.list.n_unique())


def dice_shares(left: pl.Series, right: pl.Series) -> pl.Series:
    """Return the Dice share (0–1) of letter pairs that two names have in common, row by row.

    Blanks do not count; null where neither name has two letters. All letters are laid in one
    column, at a third of what a list in every row takes; what the names share is what there is
    less of the two laid together.
    """
    each = pl.concat([letter_pairs(left), letter_pairs(right)])
    counts = each.group_by("at").agg(all=pl.len(), different=pl.col("pair").n_unique())
    share = 2 * (pl.col("all") - pl.col("different")) / pl.col("all")
    rows = pl.select(at=pl.int_range(len(left), dtype=pl.UInt32)).lazy()
    shares = rows.join(counts, on="at", how="left", maintain_order="left").select(share)
    return shares.collect(engine="in-memory").to_series()


def letter_pairs(names: pl.Series) -> pl.LazyFrame:
    """Return each two neighbouring letters of a name once, as a hash `pair`; `at` is its place."""
    letter = pl.col("letter").hash()
    inside = pl.col("at") == pl.col("at").shift(-1)
    return (
        names.to_frame("name")
        .lazy()
        .select(
            at=pl.int_range(pl.len(), dtype=pl.UInt32),
            letter=pl.col("name").str.replace_all(" ", "", literal=True).str.split(""),
        )
        .explode("letter")
        .select("at", pair=pl.when(inside).then(letter * 31 + letter.shift(-1)))
        .drop_nulls()
        .unique()
    )
