"""Lists: where a person may stand more than once by right, and where twice is once too often.

A list is a file, or where it has amounts or KKS numbers the payments of one programme in it. Its
stages of payment name everybody again; so do the families of a register and its members.
"""

import polars as pl

LIST = ("source_file", "programme")
READ = (
    "record", "source_file", "sheet", "row", "nik", "nominal_asal", "no_kks_asal", "program_asal",
    "tahap_asal", "id_keluarga_asal", "hubungan", "jenis_kelamin", "tanggal_lahir",
)  # fmt: skip
"""The columns that these kernels read."""
SAID = ("nama_folk", "tanggal_lahir", "nokk")
"""What two records of one NIK are held against each other by."""
nth, said = pl.col("nth"), pl.col("said")
paid = pl.col("nominal_asal").is_not_null() | pl.col("no_kks_asal").is_not_null()
family_line = (
    pl.col("id_keluarga_asal").is_not_null()
    & pl.col("hubungan").is_null()
    & pl.col("jenis_kelamin").is_null()
    & pl.col("tanggal_lahir").is_null()
)
"""A row that tells of a family and, beside its head's NIK, nothing of any person."""


def with_lists(twice: pl.LazyFrame) -> pl.LazyFrame:
    """Return records that share their NIK, with `programme` and `stage` of who is paid.

    `said` is a hash of what they say, `nth` their order by it: the order of rows must change no
    verdict.

    The line of a family is left out where its head stands among its members too, and with it
    whoever shares the NIK with nobody else.
    """
    member = (~family_line).any().over("nik", "id_keluarga_asal")
    stage = pl.when(paid).then("tahap_asal").alias("stage")
    programme = pl.when(paid).then("program_asal").alias("programme")
    own = twice.filter(~(family_line & member)).filter(pl.col("nik").is_duplicated())
    listed = own.with_columns(programme, stage, said=pl.struct(SAID).hash())
    return listed.sort("said", maintain_order=True).with_row_index("nth")


def neighbours(listed: pl.LazyFrame) -> pl.LazyFrame:
    """Return `listed` with `other`, the `nth` of a record of the same NIK, and `nik_sama_list`.

    The other is in the same list, which `nik_sama_list` tells, else in another one, else, with
    `nik_sama_list` null, only in another stage of the same payments.
    """
    keyed = listed.with_columns(
        _person=pl.col("nik").cast(pl.Int64),
        _list=pl.struct("nik", *LIST).hash(),
        _stage=pl.struct("nik", *LIST, "stage").hash(),
    )
    first = keyed.group_by("_list").agg(pl.col("_person").first(), said.min(), nth.min())
    elsewhere = first.pipe(with_beside, "_person", "elsewhere").select("_list", "elsewhere")
    return (
        keyed.pipe(with_beside, "_stage", "in_list")
        .pipe(with_beside, "_person", "anywhere")
        .join(elsewhere, on="_list", how="left")
        .sort("record")
        .with_columns(
            other=pl.coalesce("in_list", "elsewhere", "anywhere"),
            nik_sama_list=pl.when(pl.col("in_list").is_not_null())
            .then(True)
            .when(pl.col("elsewhere").is_not_null())
            .then(False),
        )
        .drop("_person", "_list", "_stage", "in_list", "elsewhere", "anywhere")
    )


def with_beside(lf: pl.LazyFrame, group: str, name: str) -> pl.LazyFrame:
    """Return the rows, sorted by the number `group`, with the `nth` beside each one as `name`.

    It is one that says the same, else the one before in the group, for the first the one after,
    null for one alone. One sort takes a fraction of what windows over thousands of small groups do.
    """
    before, after = (
        pl.when(pl.col(group) == pl.col(group).shift(step)).then(nth.shift(step))
        for step in (1, -1)
    )
    repeats = pl.when((said == said.shift(-1)) & (said != said.shift(1)).fill_null(True))
    beside = pl.coalesce(repeats.then(after), before, after)
    return lf.sort(group, "nth").with_columns(beside.alias(name))


def place(other: str) -> pl.Expr:
    """Return the file another record is in, with its sheet where that is not the record's own.

    Reads `sheet`, `source_file<other>`, `sheet<other>`.
    """
    file, sheet = pl.col(f"source_file{other}"), pl.col(f"sheet{other}")
    named = (sheet != "") & (sheet != pl.col("sheet"))
    return pl.when(named).then(file + " › " + sheet).otherwise(file)
