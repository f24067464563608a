"""The rows of the four work sheets, every cell text, one frame per sheet for all kecamatan.

Each function returns the sheet's data columns, `kecamatan` (null: unresolved), sorted the way a
village works through them: desa, RW, RT, name.
"""

import polars as pl

from dtkstool.columns import COLUMNS
from dtkstool.messages import Language, message, page
from dtkstool.write.sheets.people import card, day

CONFIDENCE = ((0.9998, "sangat_yakin"), (0.98, "yakin"), (0.9, "cukup"), (0.5, "ragu"))
"""Probability at or above which a word holds; below the last it is `lemah`."""
NEIGHBOURHOOD = ("desa", "rw_key", "rt_key", "nama", "record_id")
CANDIDATES = (1, 2, 3)
SETTLED = ("ganda", "padan", "perbaikan", "pindah_dalam")
"""Flags that leave nothing to find out about a record but whether it is a duplicate."""
QUIET = ("dihormati", "menunggu", "keluar")
"""What was decided before leaves nothing to ask about these people."""
DECIDED = (
    "record_id", "status", "action", "codes", "evidence", "successor_nik", "successor_nama",
    "successor_hubungan", "event_date", "event_proof", "dasar", "keputusan_lalu",
)  # fmt: skip


def confidence(expr: pl.Expr, lang: Language) -> pl.Expr:
    """Return a probability in words; null stays null (the proposal rests on no comparison)."""
    word = pl.lit(message("workbook.confidence.lemah", lang))
    for least, key in reversed(CONFIDENCE):
        found = pl.lit(message(f"workbook.confidence.{key}", lang))
        word = pl.when(expr >= least).then(found).otherwise(word)
    return pl.when(expr.is_not_null()).then(word)


def worded(column: str, entry: str, lang: Language) -> pl.Expr:
    """Return the words `workbook.<entry>` has for a column of keys; null stays null."""
    texts = {key: words[lang] for key, words in page("workbook")[entry].items()}
    return pl.col(column).cast(pl.String).replace(texts)


def ubah_rows(
    changes: pl.DataFrame, decisions: pl.DataFrame, people: pl.DataFrame, lang: Language
) -> pl.DataFrame:
    """Return one row per proposed cell change."""
    labels = {column.name: column.label for column in COLUMNS}
    order = {column.name: place for place, column in enumerate(COLUMNS)}
    source = worded("source", "source", lang)
    evidence = pl.concat_str(source, "evidence", separator=": ", ignore_nulls=True)
    return (
        changes.drop("id_dtks")
        .join(
            decisions.select("record_id", "evidence", whole="keputusan_lalu"),
            on="record_id", how="left",
        )
        .join(people, on="record_id", how="left")
        .with_columns(
            kolom=pl.col("column").replace(labels),
            place=pl.col("column").replace_strict(order, default=len(order)),
            lama=pl.col("old"),
            baru=pl.col("new"),
            bukti=evidence,
            keyakinan=confidence(pl.col("probability"), lang),
            keputusan_lalu=pl.coalesce("keputusan_lalu", "whole"),
        )
        .sort(*NEIGHBOURHOOD, "place", "column", "new", nulls_last=True)
    )  # fmt: skip


def hapus_ganti_rows(
    decisions: pl.DataFrame, pairs: pl.DataFrame, people: pl.DataFrame, lang: Language
) -> pl.DataFrame:
    """Return one row per record proposed for removal or succession.

    Duplicates decided on GANDA in the same workbook are left to that sheet.
    """
    hubungan = pl.col("successor_hubungan").str.replace_all("_", " ")
    relation = pl.lit("(") + hubungan + pl.lit(")")
    nik = pl.lit("NIK ") + pl.col("successor_nik")
    successor = pl.concat_str(
        pl.concat_str("successor_nama", relation, separator=" ", ignore_nulls=True),
        nik, separator="\n", ignore_nulls=True,
    )  # fmt: skip
    return (
        _own_work(decisions, pairs, ("hapus", "ganti"))
        .join(people, on="record_id", how="left")
        .with_columns(
            usulan=pl.col("action").cast(pl.String).str.to_uppercase(),
            sebab=worded("status", "status", lang),
            bukti=pl.col("evidence"),
            tanggal_peristiwa=day(pl.col("event_date")),
            no_peristiwa=pl.col("event_proof"),
            pengganti=pl.when(successor != "").then(successor),
            usulan_nik=pl.col("successor_nik"),
            usulan_nama=pl.col("successor_nama"),
        )
        .sort(*NEIGHBOURHOOD, nulls_last=True)
    )


def ganda_rows(
    duplicates: pl.DataFrame,
    decisions: pl.DataFrame,
    earlier: pl.DataFrame,
    people: pl.DataFrame,
    lang: Language,
) -> pl.DataFrame:
    """Return one row per record of a duplicate group beside the group's record to be kept.

    Records that a clerk has taken out already are left out. The row belongs to the kecamatan of
    the right record, the one proposed to go. A group whose records are all kept, or none, is
    compared with its first.
    """
    out = decisions.filter(pl.col("ingatan") == "keluar")
    asked = duplicates.join(out, on="record_id", how="anti", maintain_order="left")
    ordered = asked.sort("group_id", pl.col("keep").not_(), "record_id", nulls_last=True)
    first = pl.int_range(pl.len()).over("group_id") == 0
    left = ordered.filter(first).select("group_id", record_id_kiri="record_id")
    right = ordered.filter(~first).join(left, on="group_id")
    left_card = people.select(record_id_kiri="record_id", kiri="kartu", kecamatan_kiri="kecamatan")
    return (
        right.drop("id_dtks")
        .join(left_card, on="record_id_kiri", how="left")
        .join(decisions.select("record_id", "evidence"), on="record_id", how="left")
        .join(people, on="record_id", how="left")
        .with_columns(
            kanan=pl.col("kartu"),
            sebab=worded("reason", "reason", lang),
            bukti=pl.col("evidence"),
            keyakinan=confidence(pl.col("probability"), lang),
            one=pl.min_horizontal("record_id", "record_id_kiri"),
            two=pl.max_horizontal("record_id", "record_id_kiri"),
        )
        .join(
            earlier.rename({"record_id": "one", "other_id": "two"}), on=["one", "two"], how="left"
        )
        .sort(*NEIGHBOURHOOD, "group_id", nulls_last=True)
    )


def verifikasi_rows(
    decisions: pl.DataFrame,
    changes: pl.DataFrame,
    pairs: pl.DataFrame,
    candidates: pl.DataFrame,
    people: pl.DataFrame,
    lang: Language,
) -> pl.DataFrame:
    """Return one row per record that needs a person's eye, with up to three candidates.

    Records to be edited for which no new value is known are among them.
    """
    edits = decisions.filter(pl.col("action") == "ubah")
    unknown = edits.join(changes, on="record_id", how="anti").select(DECIDED)
    checked = _own_work(decisions, pairs, ("verifikasi", "konsolidasi"))
    task = worded("action", "task", lang)
    rows = (
        pl.concat([checked, unknown])
        .join(people, on="record_id", how="left")
        .with_columns(
            data=pl.col("kartu"),
            periksa=pl.concat_str(task, "evidence", separator="\n", ignore_nulls=True),
            codes=pl.col("codes").list.join(", "),
        )
    )
    ranked = candidates.sort("record_id", "rank", "nik", nulls_last=True).with_columns(
        place=pl.int_range(1, pl.len() + 1).over("record_id")
    )
    for place in CANDIDATES:
        rows = rows.join(_candidate(ranked, place, lang), on="record_id", how="left")
    return rows.sort(*NEIGHBOURHOOD, nulls_last=True)


def _own_work(
    decisions: pl.DataFrame, pairs: pl.DataFrame, actions: tuple[str, ...]
) -> pl.DataFrame:
    """Return decisions of these actions, without the duplicates that GANDA asks about.

    A record to be verified stays when more than its being a duplicate is open.
    """
    left = pairs.filter(pl.col("kecamatan").eq_missing(pl.col("kecamatan_kiri")))
    asked = pl.concat([pairs["record_id"], left["record_id_kiri"]]).unique()
    other_flags = pl.col("flags").list.set_difference(list(SETTLED)).list.len() > 0
    only_duplicate = (pl.col("status") == "ganda") & (
        (pl.col("action") == "hapus") | ~other_flags.fill_null(False)
    )
    elsewhere = only_duplicate.fill_null(False) & pl.col("record_id").is_in(asked.implode())
    quiet = pl.col("ingatan").cast(pl.String).is_in(QUIET).fill_null(False)
    wanted = pl.col("action").is_in(actions) & ~elsewhere & ~quiet
    return decisions.filter(wanted).select(DECIDED)


def _candidate(ranked: pl.DataFrame, place: int, lang: Language) -> pl.DataFrame:
    birth = day(pl.col("tanggal_lahir"))
    fields = {field: pl.col(field) for field in ("nama", "nik", "nokk", "alamat")}
    text = card(lang, lahir=birth, ibu=pl.col("nama_ibu"), **fields)
    return ranked.filter(pl.col("place") == place).select(
        "record_id",
        text.alias(f"kandidat_{place}"),
        pl.col("nik").alias(f"kandidat_{place}_nik"),
    )
