"""Which record of the register a row of a workbook is about.

The hidden id says so, but an id may have changed hands since: an id made from what was typed
changes when that is corrected, and of several records that share an id the counter (`~2`) follows
what is typed in them. So what the row shows of the person, before or after the workbooks' own
corrections, has to agree too.
"""

from collections.abc import Callable

import polars as pl

from dtkstool.apply.cards import chosen_card, line

COUNTER = r"~\d+$"
HASHED = r"^h[0-9a-f]{20}$"
IDENTITY = ("nokk", "nik", "nama")
"""The fields, in order, whose typed values make the id of a record without one."""
SHOWN = {"id": pl.String(), "field": pl.String(), "shown": pl.String(), "decided": pl.String()}

EXCEL_ERROR = r"(?i)^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)$"
"""What a failed formula left as text: some programs save it as an error, which reads as nothing."""

Hashed = Callable[[pl.Series], pl.Series]
"""Keys (`nokk, nik, nama` joined by U+001F) → ids, as the register makes them."""


def same(expr: pl.Expr) -> pl.Expr:
    """Return a typed text as two printings of it agree: single blanks, no outer ones, no null."""
    plain = expr.str.replace_all(r"\s+", " ").str.strip_chars()
    return plain.str.replace(EXCEL_ERROR, "").fill_null("")


def shown(entries: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """Return `SHOWN`: what the workbooks show of each id, and what they make of it.

    All rows speak, decided or not. `decided` is null where nothing is decided for the field.
    """
    own = pl.col("sheet").is_in(["ubah", "hapus_ganti"])
    sides = (
        _said(entries.filter(own), "record_id", {"nama": pl.col("nama"), "nik": pl.col("nik")}),
        _said(
            entries.filter(pl.col("sheet") == "verifikasi"), "record_id", _card("data", IDENTITY)
        ),
        _said(entries.filter(pl.col("sheet") == "ganda"), "record_id", _card("kanan")),
        _said(entries.filter(pl.col("sheet") == "ganda"), "left_id", _card("kiri")),
        entries.filter(pl.col("sheet") == "ubah", pl.col("column").is_not_null()).select(
            id="record_id", field="column", shown="lama"
        ),
    )
    facts = (
        pl.concat(sides)
        .filter(pl.col("id").is_not_null())
        .unique(["id", "field"], keep="first", maintain_order=True)
    )
    return facts.join(_made(decisions), on=["id", "field"], how="left", maintain_order="left")


def _said(rows: pl.DataFrame, id_column: str, facts: dict[str, pl.Expr]) -> pl.DataFrame:
    return pl.concat(
        rows.select(id=id_column, field=pl.lit(field), shown=value)
        for field, value in facts.items()
    )


def _card(column: str, fields: tuple[str, ...] = ("nama", "nik")) -> dict[str, pl.Expr]:
    return {key: line(pl.col(column), key) for key in fields}


def _made(decisions: pl.DataFrame) -> pl.DataFrame:
    """Return id, field, decided: the new values of cells, whoever decided them."""
    good = decisions.filter(pl.col("problem").is_null(), pl.col("fate") == "ubah")
    card = chosen_card()
    right = (
        ("nik", pl.coalesce("candidate", "nik_benar")),
        ("nama", pl.coalesce(line(card, "nama"), "nama_benar")),
        ("nokk", line(card, "nokk")),
    )
    rows = [good.select(id="record_id", field="column", decided="value")]
    rows += [good.select(id="record_id", field=pl.lit(f), decided=value) for f, value in right]
    made = pl.concat(rows).drop_nulls()
    return made.unique(["id", "field"], keep="first", maintain_order=True)


def resolved(
    ids: pl.Series, facts: pl.DataFrame, register: pl.DataFrame, hashed: Hashed
) -> pl.DataFrame:
    """Return id, record, as_shown, as_decided: which record each id of the sheets is about.

    `record` is null where there is none. `as_shown`: the record reads as the workbook shows it;
    `as_decided`: it reads as the workbooks make it. Reads of the register record, record_id and
    the typed fields.
    """
    wanted = pl.DataFrame({"id": ids.drop_nulls().unique(maintain_order=True)})
    base = pl.col("id").str.replace(COUNTER, "")
    known = register.select(
        "record", "record_id", base=pl.col("record_id").str.replace(COUNTER, "")
    )
    direct = (
        wanted.with_columns(base=base).join(known, on="base").select("id", "record", "record_id")
    )
    moved = _moved(wanted, facts, register, hashed)
    candidates = pl.concat([direct, moved]).unique(["id", "record"], keep="first")
    judged = candidates.join(
        _agreement(candidates, facts, register), on=["id", "record"], how="left"
    )
    best = (
        judged.with_columns(
            pl.col("as_shown", "as_decided").fill_null(True),
            exact=pl.col("id") == pl.col("record_id"),
        )
        .sort(
            "id",
            "as_decided",
            "as_shown",
            "exact",
            "record",
            descending=[False, True, True, True, False],
        )
        .unique("id", keep="first", maintain_order=True)
    )
    return wanted.join(
        best.select("id", "record", "as_shown", "as_decided"),
        on="id",
        how="left",
        maintain_order="left",
    )


def _agreement(
    candidates: pl.DataFrame, facts: pl.DataFrame, register: pl.DataFrame
) -> pl.DataFrame:
    """Return id, record, as_shown, as_decided of candidate pairs; null without anything shown.

    `as_decided`: every cell is as shown or as decided, and one has changed.
    """
    current = typed(register, candidates["record"], facts["field"])
    value, old, new = (same(pl.col(name)) for name in ("value", "shown", "decided"))
    made = pl.col("decided").is_not_null() & (value == new)
    return (
        candidates.join(facts, on="id")
        .join(current, on=["record", "field"])
        .group_by("id", "record")
        .agg(
            as_shown=(value == old).all(),
            as_decided=((value == old) | made).all() & (made & (new != old)).any(),
        )
    )


def typed(register: pl.DataFrame, records: pl.Series, fields: pl.Series) -> pl.DataFrame:
    """Return record, field, value: what is typed in these fields of these records."""
    asked = fields.drop_nulls().unique(maintain_order=True)
    there = [field for field in asked if f"{field}_asal" in register.columns]
    rows = register.filter(pl.col("record").is_in(records.unique().implode()))
    wide = rows.select("record", *(pl.col(f"{field}_asal").alias(field) for field in there))
    long = wide.unpivot(index="record", variable_name="field", value_name="value")
    return long.cast({"field": pl.String, "value": pl.String})


def _moved(
    wanted: pl.DataFrame, facts: pl.DataFrame, register: pl.DataFrame, hashed: Hashed
) -> pl.DataFrame:
    """Return id, record, record_id of records that had the id before the corrections were made.

    What was typed before is put back into the records that read as corrected; where that hashes
    to the id, it is the record.
    """
    changes = facts.filter(pl.col("field").is_in(IDENTITY), pl.col("decided").is_not_null())
    lost = wanted.join(register.select(id="record_id"), on="id", how="anti")
    lost = lost.with_columns(base=pl.col("id").str.replace(COUNTER, "")).filter(
        pl.col("base").str.contains(HASHED)
    )
    wide = lost.join(_wide(changes), on="id")
    typed_now = [f"{field}_asal" for field in IDENTITY]
    changes_of = [f"{age}_{field}" for age in ("new", "old") for field in IDENTITY]
    found = []
    for field in IDENTITY:
        reads = register.select(
            "record", "record_id", *typed_now, key=same(pl.col(f"{field}_asal"))
        )
        made = wide.filter(pl.col(f"new_{field}").is_not_null())
        joined = made.join(reads, left_on=same(pl.col(f"new_{field}")), right_on="key")
        found.append(joined.select("id", "base", "record", "record_id", *typed_now, *changes_of))
    pairs = pl.concat(found).unique(["id", "record"], keep="first")
    before = [_before(field).fill_null("").str.strip_chars() for field in IDENTITY]
    keyed = pairs.with_columns(key=pl.concat_str(before, separator="\x1f"))
    return keyed.filter(hashed(keyed["key"]) == pl.col("base")).select("id", "record", "record_id")


def _before(field: str) -> pl.Expr:
    """Return what was typed before the correction was made, as typed now where none was."""
    new, now = pl.col(f"new_{field}"), pl.col(f"{field}_asal")
    return pl.when(new.is_not_null() & (same(now) == same(new))).then(f"old_{field}").otherwise(now)


def _wide(changes: pl.DataFrame) -> pl.DataFrame:
    """Return id and, per field of the identity, old_… and new_…; null where nothing changes."""
    return changes.group_by("id", maintain_order=True).agg(
        pl.col(column).filter(pl.col("field") == field).first().alias(f"{name}_{field}")
        for field in IDENTITY
        for name, column in (("old", "shown"), ("new", "decided"))
    )
