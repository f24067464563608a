"""The cells that the decisions change: which, from what, to what."""

import polars as pl

from dtkstool.apply.cards import chosen_card, line
from dtkstool.apply.resolve import same, typed
from dtkstool.apply.words import told

EDITS = {
    "entry": pl.UInt32(),
    "record": pl.UInt32(),
    "column": pl.String(),
    "lama": pl.String(),  # what the sheet showed; null also where it shows no single value
    "new": pl.String(),  # null: the clerk keeps what there is
    "soft": pl.Boolean(),  # follows from choosing a person; dropped where it changes nothing
}
CARRIED = {"nokk": "nokk", "nama": "nama", "tanggal_lahir": "lahir", "nama_ibu": "ibu"}
"""What a chosen candidate brings beside the NIK, and its line on the card."""
BY_MEANING = ("nik", "nokk", "tanggal_lahir", "jenis_kelamin")
"""Fields of which two writings are equal when they are understood alike."""


def edits(decisions: pl.DataFrame, persons: pl.DataFrame | None) -> pl.DataFrame:
    """Return `EDITS` of the sound decisions about records that are there.

    `persons` has what the civil registry says of the candidates: nik and the fields of CARRIED
    and jenis_kelamin, as it would be written; without it the cards speak.
    """
    sound = decisions.filter(pl.col("problem").is_null(), pl.col("record").is_not_null())
    cells = sound.filter(pl.col("sheet") == "ubah", pl.col("fate").is_in(["ubah", "tetap"])).select(
        "entry", "record", "column", "lama", new="value", soft=pl.lit(False)
    )
    right = sound.filter(pl.col("decision") == "perbaiki")
    parts = [
        cells,
        _single(right, "nik", pl.col("nik_benar")),
        _single(right, "nama", pl.col("nama_benar")),
    ]
    chosen = sound.filter(pl.col("candidate").is_not_null())
    parts += [_single(chosen, "nik", pl.col("candidate")), *_carried(chosen, persons)]
    return pl.concat(parts).cast(EDITS).sort("entry", "column")  # type: ignore[arg-type]


def _single(rows: pl.DataFrame, column: str, value: pl.Expr, *, soft: bool = False) -> pl.DataFrame:
    found = rows.with_columns(new=value.str.strip_chars()).filter(pl.col("new").is_not_null())
    nothing = pl.lit(None, pl.String)
    return found.select(
        "entry", "record", column=pl.lit(column), lama=nothing, new="new", soft=pl.lit(soft)
    )


def _carried(chosen: pl.DataFrame, persons: pl.DataFrame | None) -> list[pl.DataFrame]:
    cards = chosen.with_columns(card=chosen_card())
    values = {field: line(pl.col("card"), label) for field, label in CARRIED.items()}
    if persons is not None:
        known = persons.rename(lambda name: name if name == "nik" else f"{name}_known")
        cards = cards.join(
            known, left_on="candidate", right_on="nik", how="left", maintain_order="left"
        )
        values = {f: pl.coalesce(f"{f}_known", value) for f, value in values.items()}
        values["jenis_kelamin"] = pl.col("jenis_kelamin_known")
    return [_single(cards, field, value, soft=True) for field, value in values.items()]


def clashing(claimed: pl.DataFrame) -> pl.Series:
    """Return the entries that want different things of one cell; keeping it is one of them."""
    wish = pl.when(pl.col("new").is_null()).then(pl.lit("\0")).otherwise(told(pl.col("new")))
    cells = claimed.with_columns(wishes=wish.n_unique().over("record", "column"))
    return cells.filter(pl.col("wishes") > 1)["entry"].unique()


def with_columns_there(
    claimed: pl.DataFrame, register: pl.DataFrame, letters: pl.DataFrame
) -> pl.DataFrame:
    """Add layout, letter, old (as typed), part: whether the cell holds more than this field.

    `letter` is null where the record's file has no such column.
    """
    wholes = letters.filter(pl.col("field").is_in(["ttl", "rt_rw", "alamat"]))
    whole = wholes.select("layout", "letter", holder="field").unique(
        ["layout", "letter"], keep="first", maintain_order=True
    )
    at = letters.select("layout", "letter", column="field").unique(
        ["layout", "column"], keep="first", maintain_order=True
    )
    places = at.join(
        whole, on=["layout", "letter"], how="left", maintain_order="left"
    ).with_columns(part=(pl.col("holder").is_not_null() & (pl.col("holder") != pl.col("column"))))
    current = typed(register, claimed["record"], claimed["column"]).rename(
        {"field": "column", "value": "old"}
    )
    origin = register.select("record", "layout", "source_file", "sheet", "row", "kk_row")
    return (
        claimed.join(origin, on="record", how="left", maintain_order="left")
        .join(places.drop("holder"), on=["layout", "column"], how="left", maintain_order="left")
        .join(current, on=["record", "column"], how="left", maintain_order="left")
        .with_columns(pl.col("part").fill_null(False))
    )


def after(claimed: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Return the edited records with the new texts in their cells, one layout of their own.

    A birth date that stays is written unambiguously, so that the order of day and month in new
    ones does not depend on it; `tanggal_lahir` of `records` is what is understood of it.
    """
    changed = claimed.filter(pl.col("new").is_not_null())
    rows = records.filter(pl.col("record").is_in(changed["record"].unique().implode()))
    plain = pl.coalesce(pl.col("tanggal_lahir").dt.strftime("%Y-%m-%d"), "tanggal_lahir_asal")
    rows = rows.with_columns(tanggal_lahir_asal=plain, layout=pl.lit(0, pl.UInt16))
    for field in changed["column"].unique().sort():
        new = (
            changed.filter(pl.col("column") == field)
            .select("record", new_value="new")
            .unique("record", keep="first")
        )
        rows = rows.join(new, on="record", how="left", maintain_order="left")
        has = pl.col("new_value").is_not_null()
        rows = rows.with_columns(pl.coalesce("new_value", f"{field}_asal").alias(f"{field}_asal"))
        if field in ("nik", "nokk"):
            rows = rows.with_columns(
                pl.when(has).then(False).otherwise(f"{field}_numeric").alias(f"{field}_numeric")
            )
        rows = rows.drop("new_value")
    return rows


def judged(claimed: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the edits with `already`, `stale`, `unread`; soft ones without effect left out.

    `before` and `now` are the cleaned records without and with the edits. `stale`: the cell no
    longer holds what the sheet showed. `unread`: the new value cannot be understood.
    """
    concerned = before.filter(pl.col("record").is_in(claimed["record"].unique().implode()))
    understood = claimed.join(
        _meanings(concerned, "was"), on=["record", "column"], how="left", maintain_order="left"
    )
    understood = understood.join(
        _meanings(now, "becomes"), on=["record", "column"], how="left", maintain_order="left"
    )
    alike = same(pl.col("old")) == same(pl.col("new"))
    alike_name = told(pl.col("old")).eq_missing(told(pl.col("new"))) & pl.col("soft")
    equal = pl.col("was") == pl.col("becomes")
    already = pl.col("new").is_not_null() & (alike | alike_name | equal.fill_null(False))
    checked = pl.col("column").is_in([*BY_MEANING, "nama"])
    stale = ~already & pl.col("lama").is_not_null() & (same(pl.col("lama")) != same(pl.col("old")))
    appeared = (
        ~already & pl.col("on_cells") & pl.col("lama").is_null() & (same(pl.col("old")) != "")
    )
    return understood.with_columns(
        already=already,
        stale=stale | appeared,
        unread=pl.col("new").is_not_null() & checked & pl.col("becomes").is_null() & ~already,
    ).filter(
        ~(pl.col("soft") & (pl.col("already") | pl.col("letter").is_null() | pl.col("unread")))
    )


def _meanings(cleaned: pl.DataFrame, name: str) -> pl.DataFrame:
    values = [pl.col(field).cast(pl.String).alias(field) for field in (*BY_MEANING, "nama")]
    long = cleaned.select("record", *values).unpivot(
        index="record", variable_name="column", value_name=name
    )
    if name == "was":
        return long.filter(pl.col("column") != "nama")
    return long
