"""What applying leaves in its folder, beside the corrected register."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from dtkstool.apply.memory import KEPUTUSAN, hashed, values_of
from dtkstool.columns import FIELDS
from dtkstool.messages import Language, page
from dtkstool.pipeline.provenance import fingerprints, versions
from dtkstool.pipeline.summarizing import counted, failures
from dtkstool.read import expand
from dtkstool.write.register import FOLDER
from dtkstool.write.tables import write_csv, write_json, write_parquet

if TYPE_CHECKING:
    from dtkstool.pipeline.applying import Applied

SUMMARY = "apply.json"
SAID = ("file", "tab", "row", "sheet", "record_id", "id_dtks", "left_id", "nama", "nik", "column",
        "lama", "baru", "keputusan", "nilai_lain", "alasan", "no_bukti", "nik_pengganti",
        "nama_pengganti", "nik_benar", "nama_benar", "catatan", "petugas")  # fmt: skip
"""What the lists of decisions repeat of the row."""
PLACE = ("record_id", "id_dtks", "source_file", "sheet", "row")
LISTED = ("nik", "nokk", "nama", "tanggal_lahir", "jenis_kelamin", "nama_ibu", "alamat", "rt", "rw",
          "desa", "kecamatan", "kabupaten")  # fmt: skip
"""What the lists for SIKS-NG and Dukcapil say of a person, as typed in the register."""


def write_results(applied: "Applied", out: Path) -> None:
    """Write the lists, the delta, what is remembered, and the summary into `out`."""
    lang = applied.order.lang
    for name, df in (("diterima", accepted(applied)), ("ditolak", rejected(applied))):
        write_csv(df, out / f"{name}.csv")
        write_parquet(df, out / f"{name}.parquet")
    lists = {
        "hapus": removals(applied), "ganti": replacements(applied),
        "konsolidasi": consolidations(applied), "delta": delta(applied),
    }  # fmt: skip
    for name, df in lists.items():
        write_csv(df, out / f"{name}.csv")
    write_parquet(remembering(applied), out / "keputusan.parquet")
    write_json(summary(applied, lang), out / SUMMARY)


def sentence(column: str, entry: str, lang: Language) -> pl.Expr:
    """Return the sentences of `apply.<entry>` for a column of keys, `{detail}` still in them."""
    texts = {key: text[lang] for key, text in page("apply")[entry].items()}
    return pl.col(column).replace_strict(texts, default=pl.col(column), return_dtype=pl.String)


def accepted(applied: "Applied") -> pl.DataFrame:
    """Return one row per accepted decision: what it led to, in a key and in words, and the row."""
    rows = applied.decisions.filter(pl.col("problem").is_null())
    return rows.select(
        "hasil", sentence("hasil", "hasil", applied.order.lang).alias("keterangan"), *SAID
    )


def rejected(applied: "Applied") -> pl.DataFrame:
    """Return one row per refused decision: why, in a key and in words, and the row."""
    rows = applied.decisions.filter(pl.col("problem").is_not_null())
    told = sentence("problem", "problem", applied.order.lang)
    filled = told.str.replace("{detail}", pl.col("detail").fill_null("–"), literal=True)
    return rows.select("problem", filled.alias("keterangan"), *SAID)


def _about(applied: "Applied", decisions: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return the decisions' records with what the register says of them, in reading order."""
    fields = [pl.col(f"{field}_asal").alias(field) for field in LISTED]
    clashing = {name: f"sheet_{name}" for name in (*PLACE, *LISTED) if name in decisions.columns}
    people = applied.register.cleaned.select(*PLACE, *fields, record_key="record")
    renamed = decisions.rename(clashing)
    joined = renamed.join(people, left_on=clashing.get(key, key), right_on="record_key")
    return joined.sort("source_file", "sheet", "row", "entry")


def removals(applied: "Applied") -> pl.DataFrame:
    """Return one row per record that goes: who, why, by what proof, who said so."""
    done = applied.decisions.filter(pl.col("hasil") == "dihapus")
    about = _about(applied, done, "target").unique("target", keep="first", maintain_order=True)
    return about.select(*_person(), *_why(applied), ganda_dari=pl.col("favour_id"), **_who())


def replacements(applied: "Applied") -> pl.DataFrame:
    """Return one row per record that passes to a successor: who, to whom, why, and how.

    `baris` is `diganti` where the successor stands in the same row now, `sudah_terdaftar` where
    they had one of their own and the old row went.
    """
    how = applied.plan.replaced.select("entry", "in_place")
    done = applied.decisions.filter(pl.col("hasil") == "diganti").join(how, on="entry")
    place = pl.when("in_place").then(pl.lit("diganti")).otherwise(pl.lit("sudah_terdaftar"))
    written = applied.plan.edits.filter(pl.col("column") == "nama").select("entry", name_now="new")
    about = _about(applied, done.join(written, on="entry", how="left"), "target")
    return about.select(
        *_person(), nik_pengganti="successor_nik",
        nama_pengganti=pl.coalesce("name_now", "successor_nama"), baris=place,
    ).hstack(about.select(*_why(applied), **_who()))  # fmt: skip


def consolidations(applied: "Applied") -> pl.DataFrame:
    """Return one row per record that Dukcapil is asked to repair on its side."""
    done = applied.decisions.filter(pl.col("hasil") == "konsolidasi")
    about = _about(applied, done, "target")
    return about.select(*_person(), catatan="catatan", **_who())


def _person() -> list[str]:
    return [*PLACE, *LISTED]


def _why(applied: "Applied") -> list[pl.Expr]:
    texts = {code: text[applied.order.lang] for code, text in page("workbook")["tl"].items()}
    reason = pl.col("tl").replace_strict(texts, default=None, return_dtype=pl.String)
    return [
        pl.col("tl").alias("kode_alasan"),
        reason.alias("alasan"),
        pl.col("proof").alias("no_bukti"),
        pl.col("catatan"),
    ]


def _who() -> dict[str, str]:
    return {"petugas": "petugas", "lembar": "file", "tab": "tab", "baris_lembar": "sheet_row"}


def delta(applied: "Applied") -> pl.DataFrame:
    """Return the records that changed, as they are now: which cells, then every filled field."""
    edits = applied.plan.edits.sort("record", "column")
    changed = edits.group_by("record", maintain_order=True).agg(
        kolom=pl.col("column").str.join(" ")
    )
    swapped = pl.col("record").is_in(applied.plan.replaced["target"].implode())
    action = pl.when(swapped).then(pl.lit("ganti")).otherwise(pl.lit("ubah"))
    now = after_edits(applied).join(changed, on="record").sort("record")
    filled = [f for f in FIELDS if now[f"{f}_asal"].null_count() < now.height]
    fields = [pl.col(f"{f}_asal").alias(f) for f in filled]
    place = [pl.col(name) for name in PLACE if name not in filled]
    return now.select(action.alias("aksi"), *place, "kolom", *fields)


def after_edits(applied: "Applied") -> pl.DataFrame:
    """Return the records that stay, as corrected, with the ids they have now (`record_id`).

    The corrected register has them in the same order.
    """
    cleaned = applied.register.cleaned.sort("record")
    kept = cleaned.join(applied.plan.removed, on="record", how="anti", maintain_order="left")
    typed = applied.after.sort("record").select(
        pl.exclude("record", "source_file", "sheet", "row", "layout", "kk_row")
    )
    return kept.select("record", "source_file", "sheet", "row", old_id="record_id").hstack(typed)


def remembering(applied: "Applied") -> pl.DataFrame:
    """Return `memory.KEPUTUSAN` of the accepted decisions.

    A decision about who is still there names the record, and its values, as they are now; one
    about who has gone, as they were. Where somebody else has got the id of who has gone (the
    counter of records that share one), the decision keeps no values: it could be taken for theirs.
    """
    # Copies of one answer are one decision; what came too late to matter is none.
    done = applied.decisions.filter(
        pl.col("hasil").is_not_null(), ~pl.col("hasil").is_in(["sama", "gugur"])
    )
    now, old = after_edits(applied), applied.register.cleaned
    on_pair = pl.col("sheet") == "ganda"
    niks = [f"kandidat_{place}_nik" for place in (1, 2, 3)]
    shown = pl.concat_str(niks, separator=" ", ignore_nulls=True)
    there = now.select("record", now_id="record_id", now_nik="nik_asal")
    ids = (
        old.select("record", old_id="record_id")
        .join(there, on="record", how="left")
        .with_columns(pl.coalesce("now_id", "old_id"))
    )
    rows = (
        done.join(_left_records(applied), on="left_id", how="left", maintain_order="left")
        .join(ids, on="record", how="left", maintain_order="left")
        .join(
            ids.select(left_record="record", left_now="now_id"),
            on="left_record", how="left", maintain_order="left",
        )
        .with_columns(
            record_id_lama="record_id",
            record_id=pl.coalesce("now_id", "record_id"),
            other_id=pl.when(on_pair).then(pl.coalesce("left_now", "left_id")),
            column=pl.when(pl.col("sheet") == "ubah").then("column"),
            value=pl.coalesce("value", "candidate", "nik_benar", "nama_benar", "successor_nik"),
            kandidat=pl.when(shown != "").then(shown), nik="now_nik",
            proposed="baru", note="catatan", applied=pl.lit(applied.order.today),
        )
    )  # fmt: skip
    gone = old.join(now, on="record", how="anti")
    typed = [name for name in now.columns if name.endswith("_asal") and name in old.columns]
    state = pl.concat([now.select("record", *typed), gone.select("record", *typed)])
    reused = pl.Series(gone.join(now, on="record_id", how="semi")["record"])
    taken = pl.col("record").is_in(reused.implode()) | pl.col("left_record").is_in(reused.implode())
    values, before = _values(rows, state), _values(rows, old)
    kept = rows.with_columns(values.alias("values"), before.alias("sebelum")).with_columns(
        pl.when(~taken.fill_null(False)).then("values")
    )
    return kept.with_columns(hashed(kept["values"])).select(
        pl.col(name).cast(dtype) for name, dtype in KEPUTUSAN.items()
    )


def _values(rows: pl.DataFrame, state: pl.DataFrame) -> pl.Series:
    """Return `memory.values_of` by the register's own numbers: ids may have changed hands.

    The two of a pair stand in the order of the ids they go by.
    """
    turned = (pl.col("record_id") > pl.col("other_id")).fill_null(False)
    number = pl.col("record").cast(pl.String).str.zfill(10)
    left = pl.col("left_record").cast(pl.String).str.zfill(10)
    first = pl.when(turned).then(left).otherwise(number)
    second = pl.when(turned).then(number).otherwise(left)
    on_pair = pl.col("other_id").is_not_null()
    asked = rows.select(
        record_id=pl.when(on_pair).then(pl.concat_str(pl.lit("1-"), first)).otherwise(number),
        other_id=pl.when(on_pair).then(pl.concat_str(pl.lit("2-"), second)),
        column="column",
    )
    texts = state.with_columns(record_id=pl.col("record").cast(pl.String).str.zfill(10))
    sides = [
        texts,
        *(texts.with_columns(pl.concat_str(pl.lit(side), "record_id").alias("record_id"))
          for side in ("1-", "2-")),
    ]  # fmt: skip
    named = pl.concat(sides)
    wanted = pl.concat([asked["record_id"], asked["other_id"]]).drop_nulls().unique()
    return values_of(asked, named.filter(pl.col("record_id").is_in(wanted.implode())))


def _left_records(applied: "Applied") -> pl.DataFrame:
    """Return left_id, left_record: which records the left sides of pairs are."""
    pairs = applied.decisions.filter(pl.col("sheet") == "ganda")
    left = pl.when(pl.col("target_id") == pl.col("left_id")).then("target").otherwise("favour")
    known = pairs.select("left_id", left_record=left).drop_nulls()
    return known.unique("left_id", keep="first", maintain_order=True)


def summary(applied: "Applied", lang: Language) -> dict[str, Any]:
    """Return what `apply.json` says: inputs, totals, decisions by outcome, problems, timings."""
    order = applied.order
    problems = applied.decisions.filter(pl.col("problem").is_not_null())
    done = applied.decisions.filter(pl.col("hasil").is_not_null())
    return {
        "workbooks": fingerprints(expand(order.sheets)),
        "inputs": fingerprints(expand(order.files)),
        "outputs": fingerprints(applied.paths),
        "folder": FOLDER,
        "converted": applied.files.converted,
        "failed_workbooks": failures(_Failed(applied.forms.failures), lang),  # type: ignore[arg-type]
        "totals": applied.counts,
        "accepted": counted(done, "hasil"),
        "refused": counted(problems, "problem"),
        "decisions": counted(applied.decisions, "decision"),
        "seconds": applied.clock.seconds,
        "versions": versions(),
        "configuration": {"today": order.today, "lang": lang, "map": order.column_map},
    }


class _Failed:
    def __init__(self, failed: Any) -> None:
        self.failures = failed
