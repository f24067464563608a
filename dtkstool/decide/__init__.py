"""Deciding: one decision per record, with its evidence. `hapus` is only ever a proposal."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from dtkstool.decide.changes import changes
from dtkstool.decide.evidence import evidence
from dtkstool.decide.facts import facts, flags, misplaced, moved_inside
from dtkstool.decide.successor import successors
from dtkstool.frames import ACTION, DECISIONS, conform
from dtkstool.messages import Language

PROVEN = ("biodata", "register_nik")
"""Sources of a death or move that are a fact of their own; an entry linked by name is not."""


@dataclass(frozen=True)
class Inputs:
    """What the earlier stages found."""

    records: pl.DataFrame
    findings: pl.DataFrame
    links: pl.DataFrame
    margin: float
    """Bits below which a runner-up is near: the model's."""
    duplicates: pl.DataFrame
    persons: pl.DataFrame
    """The registry's rows of every linked person."""
    households: pl.DataFrame
    """The registry's rows of the families of who is gone and of who has several records."""
    fields: pl.DataFrame
    """layout, field: which columns each layout has."""
    places: pl.DataFrame
    """code, name of every place."""


def decide(inputs: Inputs, *, today: date, lang: Language) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one decision per record (`frames.DECISIONS`) and the cell changes they propose.

    `hapus` and `ganti` need identity beyond doubt (see `facts`) and an independent second fact:
    an event under the person's own NIK, or a second record of the same person. Everything less
    certain is `verifikasi`. Whole-record actions silence cell changes of the same record.
    """
    known = facts(
        inputs.records, inputs.links, inputs.duplicates, inputs.persons, inputs.households
    )
    known = known.with_columns(
        moved=moved_inside(), misplaced=misplaced(), near=pl.col("margin") < inputs.margin
    )
    proposed = changes(known, inputs.fields, inputs.places)
    known = known.join(_successors(known, inputs, today), on="record", how="left").with_columns(
        changed=pl.col("record_id").is_in(proposed["record_id"].unique().implode()),
        is_head=_is_head(),
    )
    known = known.with_columns(flags=flags(), orphaned=_orphaned())
    known = known.with_columns(status=pl.col("flags").list.first())
    known = known.with_columns(action=_action().cast(ACTION))
    decided = known.join(_codes(inputs.findings), on="record_id", how="left", maintain_order="left")
    decisions = conform(_decisions(decided, lang), DECISIONS, "decisions")
    edited = decisions.filter(pl.col("action") == "ubah").select("record_id")
    return decisions, proposed.join(edited, on="record_id", how="semi", maintain_order="left")


def _gone() -> pl.Expr:
    status = pl.col("status_dukcapil").cast(pl.String)
    return pl.col("linked") & status.is_in(["meninggal", "pindah_keluar"])


def _successors(known: pl.DataFrame, inputs: Inputs, today: date) -> pl.DataFrame:
    return successors(known.filter(_gone()), inputs.households, today)


def _is_head() -> pl.Expr:
    """Return whether aid comes in this person's name: head of family, or on a payment list."""
    heads = pl.col("hubungan").cast(pl.String) == "kepala"
    registered = pl.col("hubungan_dukcapil").cast(pl.String) == "kepala"
    paid = pl.col("no_kks_asal").is_not_null() | pl.col("no_rekening_asal").is_not_null()
    return heads.fill_null(False) | registered.fill_null(False) | paid


def _orphaned() -> pl.Expr:
    return _gone() & pl.col("is_head") & pl.col("successor_nik").is_null() & (
        pl.col("minors_left") > 0
    )  # fmt: skip


def _action() -> pl.Expr:
    """Return the action that follows from a record's status and how sure it is."""
    proven = pl.col("certain") & pl.col("status_sumber_dukcapil").cast(pl.String).is_in(PROVEN)
    leaving = (
        pl.when(~proven | pl.col("orphaned")).then(pl.lit("verifikasi"))
        .when(pl.col("is_head") & pl.col("successor_nik").is_not_null()).then(pl.lit("ganti"))
        .otherwise(pl.lit("hapus"))
    )  # fmt: skip
    one_birth = (pl.col("tanggal_lahir") == pl.col("kept_birth")).fill_null(True)
    one_name = (pl.col("nama_folk") == pl.col("kept_name")).fill_null(False)
    same_person = (pl.col("reason") == "orang_sama") & one_birth & one_name
    same_person &= pl.col("certain") & pl.col("kept_certain")
    double = pl.when(same_person).then(pl.lit("hapus")).otherwise(pl.lit("verifikasi"))
    inactive = pl.col("linked") & (pl.col("status_dukcapil").cast(pl.String) == "tidak_aktif")
    status = pl.col("status").cast(pl.String)
    return (
        pl.when(status.is_in(["meninggal", "pindah_keluar"])).then(leaving)
        .when(status == "ganda").then(double)
        .when(inactive).then(pl.lit("konsolidasi"))
        .when(pl.col("linked") & pl.col("changed")).then(pl.lit("ubah"))
        .when(pl.col("linked")).then(pl.lit("tetap"))
        .when((status == "tidak_ditemukan") & _plausible_nik()).then(pl.lit("konsolidasi"))
        .otherwise(pl.lit("verifikasi"))
    )  # fmt: skip


def _plausible_nik() -> pl.Expr:
    """Return whether the record's NIK says what the record says: then Dukcapil's side may lack it.

    A right NIK that is not on line is the registry's to repair (konsolidasi), never a removal.
    """
    dated = pl.col("nik_birth") == pl.col("tanggal_lahir")
    sexed = pl.col("nik_sex") == pl.col("jenis_kelamin")
    region = pl.col("nik_wilayah").cast(pl.String).is_in(["berlaku", "kode_lama"])
    return (pl.col("nik").is_not_null() & dated & sexed & region).fill_null(False)


def _codes(findings: pl.DataFrame) -> pl.DataFrame:
    return (
        findings.filter(pl.col("record_id").is_not_null())
        .group_by("record_id")
        .agg(found_codes=pl.col("code").unique().sort())
    )


def _link_codes() -> pl.Expr:
    """Return the CAP, STS and GND codes that a record's link and group amount to."""
    status = pl.col("status_dukcapil").cast(pl.String)
    nik, name = pl.col("level_nik") == "sama", pl.col("level_nama") == "sama"
    by_name = pl.col("status_sumber_dukcapil").cast(pl.String) == "register_nama"
    linked, known = pl.col("linked"), pl.col("linked") | pl.col("probable")
    applies = {
        "CAP01": linked & nik & name,
        "CAP02": linked & nik & ~name,
        "CAP03": pl.col("wrong_owner"),
        "CAP04": linked & ~nik,
        "CAP05": pl.col("verdict") == "tidak_ditemukan",
        "CAP06": linked & pl.col("changed"),
        "GND01": pl.col("dropped") & (pl.col("reason") != "mirip") & nik,
        "GND03": pl.col("dropped") & ~nik,
        "STS01": linked & (status == "meninggal") & ~by_name,
        "STS02": known & (status == "meninggal") & (by_name | ~linked),
        "STS03": known & (status == "pindah_keluar"),
        "STS04": pl.col("moved"),
    }
    held = [pl.when(condition).then(pl.lit(code)) for code, condition in applies.items()]
    return pl.concat_list(held).list.drop_nulls()


def _decisions(known: pl.DataFrame, lang: Language) -> pl.DataFrame:
    replaced = pl.col("action").cast(pl.String) == "ganti"
    told = pl.col("linked") | pl.col("probable")
    own = pl.col("found_codes").fill_null(pl.lit([], pl.List(pl.String)))
    return known.sort("record").select(
        "record_id",
        "id_dtks",
        "source_file",
        "sheet",
        "row",
        "status",
        "flags",
        "action",
        codes=own.list.concat(_link_codes()).list.unique().list.sort(),
        evidence=evidence(lang),
        probability="probability",
        nik_dukcapil=pl.when("linked").then("nik_dukcapil"),
        kecamatan="kode_kecamatan",
        successor_nik=pl.when(replaced).then("successor_nik"),
        successor_nama=pl.when(replaced).then("successor_nama"),
        successor_hubungan=pl.when(replaced).then("successor_hubungan"),
        event_date=pl.when(told).then("status_tanggal_dukcapil"),
        event_proof=pl.when(told).then("status_bukti_dukcapil"),
        poor=pl.col("poor").fill_null(False),
    )
