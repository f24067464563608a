"""The final list: a prelist after hapus, ganti and ubah, counted per desa, signed per kecamatan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.apply.memory import KEPUTUSAN, SETTLED, as_keputusan
from dtkstool.errors import UnusableInput, Where
from dtkstool.ledger.clerks import keputusan
from dtkstool.ledger.places import last_seen
from dtkstool.ledger.store import reading
from dtkstool.messages import Language, message
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.provenance import fingerprints, sha256, versions
from dtkstool.pipeline.publish import published_whole
from dtkstool.pipeline.register import load_register
from dtkstool.read import expand
from dtkstool.wilayah import regions
from dtkstool.write.tables import write_csv, write_json, write_parquet, write_text
from dtkstool.write.workbook import slug

SUMMARY = "final.json"
VERBS = ("tetap", "ubah", "ganti", "hapus")
COUNTS = ("prelist", *VERBS, "tambah", "akhir", "terbuka")
"""What is counted per desa: prelist + tambah = tetap + ubah + ganti + hapus + tambah, and akhir is
all of these but hapus."""
PAIRED = "ganda"
"""Fate of a pair's other record, when the decision was to remove one of the two."""
LISTED = (
    "record_id", "id_dtks", "nik", "nokk", "nama", "tanggal_lahir", "jenis_kelamin", "kecamatan",
    "desa", "putusan", "terbuka",
)  # fmt: skip


@dataclass(frozen=True)
class FinalOrder:
    """What finalizing was asked to do."""

    files: Sequence[str]
    """The register as `apply` corrected it."""
    month: Path
    """The run the workbooks came from: its decisions are the prelist."""
    ledger: Path
    keputusan: Sequence[str]
    """Clerks' decisions that are not in the ledger yet."""
    out: Path
    allow_open: int
    column_map: Path | None
    today: date
    lang: Language


@dataclass(frozen=True)
class Final:
    """A settled list."""

    order: FinalOrder
    people: pl.DataFrame
    """LISTED, one row per record on the final list and per record removed (`putusan` hapus)."""
    desa: pl.DataFrame
    """kecamatan, desa and COUNTS."""


def finalize(order: FinalOrder) -> Final:
    """Write the final list, the counts per desa and the minutes per kecamatan into `order.out`.

    UnusableInput, and nothing written, if more than `allow_open` records are still open, or if a
    record of the prelist is gone without anybody having decided so.
    """
    path = order.month / "decisions.parquet"
    if not path.is_file():
        raise UnusableInput("month_missing", where=Where(str(order.month)))
    prelist = pl.read_parquet(path)
    said = verdicts(_said(order))
    register = load_register(
        order.files, today=order.today, column_map=order.column_map, clock=Clock()
    )
    if register.read.failures:
        raise register.read.failures[0]
    people = settled(_with_desa(prelist, order.ledger), said, register.cleaned)
    demand_settled(people, order)
    final = Final(order, people, counted(people))
    with published_whole(order.out, SUMMARY) as made:
        _write(final, made)
    return final


def _with_desa(prelist: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Return the prelist with last_desa, so that who was removed counts in their desa."""
    if not path.is_file():
        return prelist.with_columns(last_desa=pl.lit(None, pl.String))
    with reading(path) as ledger:
        return prelist.join(last_seen(ledger), on="record_id", how="left", maintain_order="left")


def _said(order: FinalOrder) -> pl.DataFrame:
    """Return clerks' decisions (`KEPUTUSAN`): the month's own in the ledger, and the files named.

    What was decided on an earlier month's workbook was not about what this month asks.
    """
    frames = [pl.DataFrame(schema=KEPUTUSAN)]
    if order.ledger.is_file():
        with reading(order.ledger) as ledger:
            known = keputusan(ledger)
        frames.append(known.filter(pl.col("period").eq_missing(pl.lit(_month(order), pl.String))))
    files = expand(order.keputusan) if order.keputusan else []
    frames += [as_keputusan(pl.read_parquet(path)) for path in files]
    return pl.concat(frames).unique(maintain_order=True)


def _month(order: FinalOrder) -> str | None:
    """Return the month of the run, as its workbooks have it; None where it does not say."""
    path = order.month / "run.json"
    told = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    today = told.get("month") or str(told.get("configuration", {}).get("today") or "")[:7]
    return today or None


def verdicts(said: pl.DataFrame) -> pl.DataFrame:
    """Return old_id, record_id, fate: what clerks settled about each record of the prelist.

    `record_id` is what the record is called now. Of several decisions about one record the
    gravest counts. The other record of a pair is in it only with fate `hapus`: a pair's decision
    may have removed it, and says nothing else about it.
    """
    pairs = said.filter(pl.col("other_id").is_not_null(), pl.col("fate") == "hapus")
    others = pairs.select(
        old_id="other_id", record_id="other_id", fate=pl.lit(PAIRED), rank=pl.lit(9, pl.UInt8)
    )
    order = {"hapus": 0, "ganti": 1, "ubah": 2, "konsolidasi": 3, "tetap": 4}
    single = said.filter(pl.col("fate").is_in(SETTLED)).select(
        old_id=pl.coalesce("record_id_lama", "record_id"),
        record_id="record_id",
        fate="fate",
        rank=pl.col("fate").replace_strict(order, return_dtype=pl.UInt8),
    )
    return (
        pl.concat([single, others])
        .sort("rank", "old_id", "record_id", maintain_order=True)
        .unique("old_id", keep="first", maintain_order=True)
        .drop("rank")
    )


def settled(prelist: pl.DataFrame, said: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Return LISTED and `known`, `lost`: the prelist against the register as it is now.

    `putusan` is tetap, ubah, ganti, hapus, or tambah for who was not on the prelist. `terbuka`:
    proposed for something, still there, and settled by nobody. `lost`: gone, and nobody said so.
    Whom a clerk took out in an earlier month (`ingatan` keluar) counts as removed, still there or
    not.
    """
    now = register.select(
        "record_id", "tanggal_lahir", "jenis_kelamin",
        nik=pl.coalesce("nik", "nik_asal"), nokk=pl.coalesce("nokk", "nokk_asal"),
        nama="nama_asal", now_id="id_dtks", now_kecamatan="kode_kecamatan", desa="kode_desa",
    )  # fmt: skip
    before = (
        prelist.select(
            "id_dtks",
            "kecamatan",
            "action",
            "last_desa",
            old_id="record_id",
            out=_taken_out(prelist),
        )
        .join(said, on="old_id", how="left", maintain_order="left")
        .with_columns(record_id=pl.coalesce("record_id", "old_id"))
    )
    here = pl.col("record_id").is_in(register["record_id"].implode())
    before = before.with_columns(here=here)
    joined = before.join(
        now, on="record_id", how="full", coalesce=True, maintain_order="left_right"
    )
    known = pl.col("old_id").is_not_null()
    there = pl.col("here").fill_null(True)
    verb = (
        pl.when(~known).then(pl.lit("tambah"))
        .when(~there | pl.col("out")).then(pl.lit("hapus"))
        .when(pl.col("fate").is_in(["ubah", "ganti"])).then("fate")
        .otherwise(pl.lit("tetap"))
    )  # fmt: skip
    asked = pl.col("action").cast(pl.String) != "tetap"
    gone_by = pl.col("fate").is_in(["hapus", "ganti", PAIRED]).fill_null(False)
    unsettled = pl.col("fate").is_null() | (pl.col("fate") == PAIRED)
    return joined.with_columns(
        id_dtks=pl.coalesce("id_dtks", "now_id"),
        kecamatan=pl.coalesce("now_kecamatan", "kecamatan"),
        desa=pl.coalesce("desa", "last_desa"),
        putusan=verb,
        terbuka=(known & there & asked & unsettled & ~pl.col("out")).fill_null(False),
        lost=known & ~there & ~gone_by,
        known=known,
    ).select(*LISTED, "known", "lost")


def _taken_out(prelist: pl.DataFrame) -> pl.Expr:
    """Return whether a clerk took a record out in an earlier month, and it is still exported."""
    if "ingatan" not in prelist.columns:
        return pl.lit(False)
    return (pl.col("ingatan").cast(pl.String) == "keluar").fill_null(False)


def demand_settled(people: pl.DataFrame, order: FinalOrder) -> None:
    """Raise UnusableInput for records that are gone unexplained, or more open ones than allowed."""
    lost, still_open = people["lost"].sum(), people["terbuka"].sum()
    if lost:
        raise UnusableInput("final_lost", where=Where(str(order.month)), count=lost)
    if still_open > order.allow_open:
        by = people.filter("terbuka").group_by("kecamatan").len().sort("kecamatan", nulls_last=True)
        named = ", ".join(f"{code or '–'}: {count}" for code, count in by.rows())
        raise UnusableInput(
            "final_open", where=Where(str(order.month)), count=still_open, where_open=named
        )


def counted(people: pl.DataFrame) -> pl.DataFrame:
    """Return kecamatan, desa and COUNTS, one row per desa."""
    verb = pl.col("putusan")
    counts = {
        "prelist": pl.col("known"),
        **{name: verb == name for name in VERBS},
        "tambah": verb == "tambah",
        "akhir": verb != "hapus",
        "terbuka": pl.col("terbuka"),
    }
    return (
        people.group_by("kecamatan", "desa")
        .agg(expr.sum().cast(pl.Int64).alias(name) for name, expr in counts.items())
        .sort("kecamatan", "desa", nulls_last=True)
    )


def _write(final: Final, out: Path) -> None:
    """Write the lists and minutes, and the summary with the hash of each list."""
    order = final.order
    on_list = final.people.filter(pl.col("putusan") != "hapus").select(LISTED)
    write_parquet(on_list, out / "daftar_akhir.parquet")
    write_csv(on_list, out / "daftar_akhir.csv")
    removed = final.people.filter(pl.col("putusan") == "hapus")
    write_csv(removed.select("record_id", "id_dtks", "kecamatan"), out / "dikeluarkan.csv")
    write_csv(_named(final.desa, "desa"), out / "rekap_desa.csv")
    hashes = {}
    for code in final.desa["kecamatan"].unique(maintain_order=True):
        name = f"{code}_{slug(_name(code))}" if code else "tanpa_kecamatan"
        shown = f"daftar/{name}.csv"
        of_code = pl.col("kecamatan").eq_missing(pl.lit(code, pl.String))
        write_csv(on_list.filter(of_code), out / shown)
        hashes[shown] = sha256(out / shown)
        write_text(minutes(final, code, shown, hashes[shown]), out / f"berita_acara/{name}.txt")
    whole = {
        "month": str(order.month), "today": str(order.today), "lists": hashes,
        "total": final.desa.select(pl.col(COUNTS).sum()).row(0, named=True),
        "inputs": fingerprints(expand(order.files)), "allow_open": order.allow_open,
        "versions": versions(),
    }  # fmt: skip
    write_json(whole, out / SUMMARY)


def minutes(final: Final, code: str | None, shown: str, digest: str) -> str:
    """Return a kecamatan's minutes (berita acara): totals, per desa, hash, room to sign."""
    desa = final.desa.filter(pl.col("kecamatan").eq_missing(pl.lit(code, pl.String)))
    total = desa.select(pl.col(COUNTS).sum()).row(0, named=True)
    rows = [
        f"  {row['name'] or '–':<28.28}{row['prelist']:>8}{row['hapus']:>8}{row['ganti']:>8}"
        f"{row['ubah']:>8}{row['akhir']:>8}"
        for row in _named(desa, "desa").iter_rows(named=True)
    ]
    return message(
        "ledger.final.minutes",
        final.order.lang,
        kecamatan=_name(code) if code else "–",
        day=f"{final.order.today:%d-%m-%Y}",
        desa="\n".join(rows),
        list=shown,
        sha256=digest,
        **total,
    )


def _named(desa: pl.DataFrame, column: str) -> pl.DataFrame:
    names = regions().select(pl.col("code").alias(column), "name")
    return desa.join(names, on=column, how="left", maintain_order="left")


def _name(code: str) -> str:
    found = regions().filter(pl.col("code") == code)["name"]
    return str(found[0]) if len(found) else code
