"""New values written the way their column writes them: dates, sexes, codes, numbers."""

import polars as pl

DATES = (
    "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%d 00:00:00", "%d.%m.%Y", "%d %m %Y",
    "%Y%m%d", "%Y/%m/%d",
    "%m/%d/%Y", "%d%m%Y", "%-d/%-m/%Y", "%-d-%-m-%Y", "%d-%m-%y", "%d/%m/%y", "%m/%d/%y",
)  # fmt: skip
CODED = ("jenis_kelamin", "hubungan", "status_kawin")


def styled(edits: pl.DataFrame, register: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the edits with `new` as its column would have it; `now` is the edited records cleaned.

    A date takes the form in which most dates of its layout are typed, dd-mm-yyyy where none is
    known; a code its layout's usual writing; a NIK or No KK its 16 digits. The rest stays as
    decided.
    """
    meant = now.select("record", "nik", "nokk", "tanggal_lahir", *CODED)
    rows = edits.join(meant, on="record", how="left", maintain_order="left")
    rows = rows.join(_date_forms(register), on="layout", how="left", maintain_order="left")
    value = pl.col("new")
    for field in ("nik", "nokk"):
        value = pl.when(pl.col("column") == field).then(pl.coalesce(field, value)).otherwise(value)
    written = pl.coalesce(
        pl.when(pl.col("form") == form).then(pl.col("tanggal_lahir").dt.strftime(form))
        for form in DATES
    )
    on_date = pl.col("column") == "tanggal_lahir"
    value = (
        pl.when(on_date)
        .then(pl.coalesce(written, pl.col("tanggal_lahir").dt.strftime(DATES[0]), value))
        .otherwise(value)
    )
    for field in CODED:
        usual = _usual(register, field)
        rows = rows.with_columns(pl.col(field).cast(pl.String))
        rows = rows.join(usual, on=["layout", field], how="left", maintain_order="left")
        value = (
            pl.when(pl.col("column") == field)
            .then(pl.coalesce(f"usual_{field}", value))
            .otherwise(value)
        )
    keep = pl.col("new").is_null()
    return rows.with_columns(new=pl.when(keep).then(None).otherwise(value)).select(edits.columns)


def _date_forms(register: pl.DataFrame) -> pl.DataFrame:
    """Return layout and the form in which most of its dates are typed; no row where none is."""
    typed = pl.col("tanggal_lahir_asal").str.strip_chars()
    born = register.filter(pl.col("tanggal_lahir").is_not_null())
    counts = born.group_by("layout").agg(
        (typed == pl.col("tanggal_lahir").dt.strftime(form)).sum().alias(form) for form in DATES
    )
    long = counts.unpivot(index="layout", variable_name="form", value_name="count").filter(
        pl.col("count") > 0
    )
    order = pl.col("form").replace_strict({form: i for i, form in enumerate(DATES)})
    ranked = long.sort("layout", "count", order, descending=[False, True, False])
    return ranked.unique("layout", keep="first", maintain_order=True).select("layout", "form")


def _usual(register: pl.DataFrame, field: str) -> pl.DataFrame:
    """Return layout, the code, and how the layout most often writes it."""
    typed = pl.col(f"{field}_asal").str.strip_chars()
    known = register.select(
        "layout", pl.col(field).cast(pl.String), typed.alias(f"usual_{field}")
    ).drop_nulls()
    counts = known.group_by("layout", field, f"usual_{field}").len()
    ranked = counts.sort(
        "layout", field, "len", f"usual_{field}", descending=[False, False, True, False]
    )
    return ranked.unique(["layout", field], keep="first", maintain_order=True).drop("len")
