"""Evidence in words: why a record got its decision, as one line a village officer understands."""

import polars as pl

from dtkstool.messages import Language, message, page, template

AGREEING = {
    "nik": ("sama",),
    "nama": ("sama",),
    "tanggal_lahir": ("sama", "sama_baku"),
    "nokk": ("sama",),
    "nama_ibu": ("sama",),
    "tempat_tinggal": ("rt", "desa"),
}
"""The levels that make a field one of those that agree, in the order they are named."""


def evidence(lang: Language) -> pl.Expr:
    """Return the evidence line of each row of `facts`; parts that do not apply are left out."""
    parts = [
        _event(lang),
        _duplicate(lang),
        _owner(lang),
        _verdict(lang),
        _poor(lang),
        *_differences(lang),
    ]
    parts += [_agreements(lang), _runner_up(lang), _minors(lang)]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)


def _agreements(lang: Language) -> pl.Expr:
    named = [
        pl.when(pl.col(f"level_{field}").is_in(levels)).then(
            pl.lit(message(f"evidence.field.{field}", lang))
        )
        for field, levels in AGREEING.items()
    ]
    several = pl.concat_list(named).list.drop_nulls()
    last_and = message("evidence.join.and", lang) + "${1}"
    listed = several.list.join(", ").str.replace(r", ([^,]+)$", last_and)
    return pl.when(several.list.len() > 0).then(listed + message("evidence.join.same", lang))


def _differences(lang: Language) -> list[pl.Expr]:
    """Return one phrase per comparison whose level has one in the catalogue."""
    phrases = page("evidence")
    fields = (
        "nik",
        "nama",
        "tanggal_lahir",
        "nokk",
        "nama_ibu",
        "tempat_tinggal",
        "jenis_kelamin",
    )
    return [
        pl.col(f"level_{field}")
        .cast(pl.String)
        .replace_strict(
            {level: texts[lang] for level, texts in phrases[field].items()},
            default=None,
            return_dtype=pl.String,
        )
        for field in fields
    ]


def _event(lang: Language) -> pl.Expr:
    def said(key: str) -> pl.Expr:
        return pl.lit(message(f"evidence.event.{key}", lang))

    status = pl.col("status_dukcapil").cast(pl.String)
    words = {
        name: message(f"evidence.event.{name}", lang)
        for name in ("meninggal", "pindah_keluar", "pindah_dalam", "tidak_aktif")
    }
    moved = pl.col("moved") & (status == "hidup")
    what = (
        pl.when(moved)
        .then(said("pindah_dalam"))
        .otherwise(status.replace_strict(words, default=None, return_dtype=pl.String))
    )
    date = said("date") + pl.col("status_tanggal_dukcapil").dt.strftime("%d-%m-%Y")
    proof = said("proof") + pl.col("status_bukti_dukcapil")
    destination = said("destination") + pl.col("tujuan_dukcapil")
    source = pl.col("status_sumber_dukcapil").cast(pl.String)
    weak = pl.when(source == "register_nama").then(said("by_name"))
    biodata = pl.when((source == "biodata") & (status != "hidup")).then(said("by_biodata"))
    details = [part.fill_null("") for part in (date, proof, destination, weak, biodata)]
    line = pl.concat_str([what, *details])
    told = pl.col("moved") | (status != "pindah_dalam")
    candidate = pl.when("probable").then(said("candidate") + line)
    return pl.when(told & what.is_not_null()).then(
        pl.when("linked").then(line).otherwise(candidate)
    )


def _duplicate(lang: Language) -> pl.Expr:
    before, after = template("evidence.other.duplicate", lang).split("{id}")
    line = pl.lit(before) + pl.col("kept_id") + pl.lit(after)
    return pl.when("dropped").then(line)


def _owner(lang: Language) -> pl.Expr:
    return pl.when("wrong_owner").then(pl.lit(message("evidence.other.wrong_owner", lang)))


def _verdict(lang: Language) -> pl.Expr:
    words = {
        "tinjau": message("evidence.other.candidate", lang),
        "tidak_ditemukan": message("evidence.other.not_found", lang),
    }
    verdict = pl.col("verdict").cast(pl.String)
    return verdict.replace_strict(words, default=None, return_dtype=pl.String)


def _poor(lang: Language) -> pl.Expr:
    return pl.when("poor").then(pl.lit(message("evidence.other.poor", lang)))


def _runner_up(lang: Language) -> pl.Expr:
    close = (pl.col("verdict") == "tinjau") & pl.col("near")
    return pl.when(close).then(pl.lit(message("evidence.other.runner_up", lang)))


def _minors(lang: Language) -> pl.Expr:
    return pl.when("orphaned").then(pl.lit(message("evidence.other.minors", lang)))
