"""Proposals (usulan): which are accepted and which go back to the village, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.errors import DtksError
from dtkstool.messages import Language
from dtkstool.pipeline.clock import Clock
from dtkstool.pipeline.month import matched
from dtkstool.pipeline.photos import photos
from dtkstool.pipeline.register import Register, load_register
from dtkstool.registry import open_registry
from dtkstool.rules.faults import letters
from dtkstool.rules.sentence import stated
from dtkstool.rules.usulan import PHOTOS, USL, reason_now, with_photo_groups
from dtkstool.write.tables import write_csv, write_parquet

ACCEPTED, RETURNED = "diterima", "dikembalikan"
SHOWN = (
    "record_id", "source_file", "sheet", "row", "nik", "nama", "hasil", "codes", "alasan",
    "nik_dukcapil",
)  # fmt: skip
RETURNED_AS = {
    "nik": "NIK", "nokk": "No KK", "nama": "Nama", "tanggal_lahir": "Tanggal Lahir",
    "jenis_kelamin": "JK", "nama_ibu": "Nama Ibu", "alamat": "Alamat", "kecamatan": "Kecamatan",
    "desa": "Desa", "foto_ktp": "Foto KTP", "foto_rumah": "Foto Rumah", "alasan": "Alasan",
}  # fmt: skip
"""What of a returned proposal is written back, under headers that reading knows."""
SAME_PERSON = (
    ("nik",),
    ("nama", "tanggal_lahir", "nokk"),
    ("nama", "tanggal_lahir", "nama_ibu"),
)
"""What two lists must agree in for a person to be the same; the first that fits counts."""


@dataclass(frozen=True)
class Proposals:
    """What was asked for; a list or registry that is not given is held against nobody."""

    files: Sequence[str]
    photos: Path
    out: Path
    register: Sequence[str]
    rejected: Sequence[str]
    registry: Path | None
    column_map: Path | None
    today: date
    lang: Language


@dataclass(frozen=True)
class Judged:
    """What became of the proposals."""

    results: pl.DataFrame
    """One row each: `SHOWN`; `hasil` is `diterima` or `dikembalikan`, `codes` and `alasan` why."""
    reasons: pl.DataFrame
    """code, count, most frequent first."""
    failures: tuple[DtksError, ...]


def judge(asked: Proposals) -> Judged:
    """Return the proposals judged, and write them to `out` as `usulan.parquet` and `usulan.csv`."""
    clock = Clock()
    proposals = _load(asked.files, asked, clock)
    df = _with_photos(proposals.cleaned, asked.photos)
    registered = _load(asked.register, asked, clock).cleaned if asked.register else None
    rejected = _load(asked.rejected, asked, clock).cleaned if asked.rejected else None
    df = _with_link(df, proposals, asked.registry, clock)
    df = _with_other(df, registered, "terdaftar")
    df = _with_other(df, rejected, "ditolak")
    judged = with_photo_groups(df.lazy()).collect()
    results = _results(judged, asked.lang)
    write_parquet(results, asked.out / "usulan.parquet")
    write_csv(results, asked.out / "usulan.csv")
    write_csv(_returned(judged, results), asked.out / "dikembalikan.csv")
    reasons = results.select(pl.col("codes").explode().drop_nulls().alias("code"))
    counted = reasons.group_by("code").agg(pl.len().alias("count"))
    return Judged(
        results, counted.sort("count", "code", descending=[True, False]), proposals.read.failures
    )


def _load(files: Sequence[str], asked: Proposals, clock: Clock) -> Register:
    return load_register(files, today=asked.today, column_map=asked.column_map, clock=clock)


def _with_photos(df: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return proposals with `<photo>_isi` and `<photo>_hash`; `tanpa_nama` where none is named."""
    named = pl.concat([df[f"{photo}_asal"] for photo in PHOTOS]).drop_nulls()
    known = photos(named, folder)
    for photo in PHOTOS:
        of = known.rename({"isi": f"{photo}_isi", "hash": f"{photo}_hash"})
        df = df.join(
            of, left_on=f"{photo}_asal", right_on="named", how="left", maintain_order="left"
        )
    return df.with_columns(pl.col(f"{photo}_isi").fill_null("tanpa_nama") for photo in PHOTOS)


def _with_other(df: pl.DataFrame, other: pl.DataFrame | None, name: str) -> pl.DataFrame:
    """Return proposals with where the same person stands in another list: `<name>_file`, `_row`.

    And `<name>_alasan`, the reasons there in plain letters. All null without that list. People are
    the same as `SAME_PERSON` says, or by the NIK that the registry has for the proposed one; what
    is null agrees with nothing. Of several places the last is named, the reasons are of all.
    """
    kinds = {"file": pl.String(), "row": pl.UInt32(), "alasan": pl.List(pl.String)}
    if other is None:
        return df.with_columns(pl.lit(None, kind).alias(f"{name}_{k}") for k, kind in kinds.items())
    found = other.with_columns(
        pl.when(pl.col("sheet") == "")
        .then("source_file")
        .otherwise(pl.concat_str("source_file", pl.lit(" › "), "sheet"))
        .alias(f"{name}_file"),
        pl.col("row").alias(f"{name}_row"),
        reason_now.alias(f"{name}_alasan"),
    )
    columns = [f"{name}_{k}" for k in kinds]
    known_as = df.select("record", *{n for by in SAME_PERSON for n in by})
    by_link = df.select("record", nik="nik_dukcapil")
    parts = []
    for people, by in (*((known_as, by) for by in SAME_PERSON), (by_link, ("nik",))):
        there = found.drop_nulls(by).group_by(by, maintain_order=True)
        places = there.agg(pl.last(columns[0], columns[1]), pl.col(columns[2]).unique())
        parts.append(people.join(places, on=by).select("record", *columns))
    same = pl.concat(parts).unique("record", keep="first", maintain_order=True)
    return df.join(same, on="record", how="left", maintain_order="left")


def _with_link(
    df: pl.DataFrame, proposals: Register, folder: Path | None, clock: Clock
) -> pl.DataFrame:
    """Return proposals with `verdict`, `status_dukcapil`, `nik_dukcapil`; null without registry."""
    if folder is None:
        names = ("verdict", "status_dukcapil", "nik_dukcapil")
        return df.with_columns(pl.lit(None, pl.String).alias(name) for name in names)
    registry = open_registry(folder)
    links = matched(proposals, registry, None, clock).links
    status = registry.persons(links["person"]).select(
        "person", pl.col("status").cast(pl.String).alias("status_dukcapil")
    )
    found = links.select("record", "person", "nik_dukcapil", pl.col("verdict").cast(pl.String))
    found = found.join(status, on="person", how="left").drop("person")
    return df.join(found, on="record", how="left", maintain_order="left")


def _returned(judged: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Return the proposals that go back as typed, to be given as `--ditolak` next time."""
    back = results.filter(pl.col("hasil") == RETURNED)
    typed = judged.filter(pl.col("record_id").is_in(back["record_id"].implode()))
    why = back.select("record_id", Kode=pl.col("codes").list.join(" "), Mengapa="alasan")
    headed = {label: pl.col(f"{field}_asal") for field, label in RETURNED_AS.items()}
    return (
        typed.select("record_id", **headed)
        .join(why, on="record_id", how="left", maintain_order="left")
        .drop("record_id")
    )


def _results(judged: pl.DataFrame, lang: Language) -> pl.DataFrame:
    """Return one row per proposal with what it breaks."""
    broken = pl.concat(
        judged.with_columns(rule.violated.alias("broken"))
        .filter("broken")
        .select("record", *stated(rule, lang))
        .select("record", "code", "message")
        for rule in USL
        if rule.violated is not None
    )
    reasons = broken.group_by("record").agg(codes="code", alasan=pl.col("message").str.join("; "))
    found = judged.join(reasons, on="record", how="left", maintain_order="left")
    hasil = pl.when(pl.col("codes").is_null()).then(pl.lit(ACCEPTED)).otherwise(pl.lit(RETURNED))
    return found.with_columns(hasil.alias("hasil"), nama=letters(pl.col("nama_asal"))).select(SHOWN)
