"""Whether a number may be given to somebody: whose it is in the register as it would become."""

import polars as pl

PEOPLE = {"record": pl.UInt32(), "nik": pl.String(), "folk": pl.String(), "born": pl.Date()}


def people(cleaned: pl.DataFrame) -> pl.DataFrame:
    """Return `PEOPLE` of cleaned records."""
    return cleaned.select("record", "nik", folk="nama_folk", born="tanggal_lahir")


def taken(given: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Return record, holder of the records whose new NIK somebody else has or is given too.

    `given` and `register` are `PEOPLE`: the records with a new NIK, as they become, and everybody
    who stays. The same name and no other birth date is the same person, listed twice: that is a
    duplicate, not a theft. A null name is nobody's.
    """
    others = pl.concat([register.join(given, on="record", how="anti"), given])
    pairs = given.filter(pl.col("nik").is_not_null()).join(others, on="nik", suffix="_held")
    alike = (pl.col("folk") == pl.col("folk_held")).fill_null(False) & (
        (pl.col("born") == pl.col("born_held")).fill_null(True)
    )
    stolen = pairs.filter((pl.col("record") != pl.col("record_held")) & ~alike)
    return stolen.group_by("record", maintain_order=True).agg(holder=pl.col("record_held").min())


def told(entries: pl.Series, problem: str) -> pl.DataFrame:
    """Return entry, problem, detail: one problem of these entries, without detail."""
    return pl.DataFrame({"entry": entries}).select(
        "entry", problem=pl.lit(problem), detail=pl.lit(None, pl.String)
    )


def of_departed(
    replaced: pl.DataFrame, removing: pl.DataFrame, register: pl.DataFrame
) -> pl.DataFrame:
    """Return the problems of successors who are themselves taken off the list, not as a double."""
    leaving = removing.filter(pl.col("sheet") != "ganda")["target"]
    niks = register.filter(pl.col("record").is_in(leaving.implode()))["nik"].drop_nulls()
    gone = replaced.filter(pl.col("successor_nik").is_in(niks.implode()))["entry"]
    return told(gone, "pengganti_keluar")


def of_names(replaced: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the problems of successors whose name nobody gives."""
    named = cells.filter(pl.col("swap"), pl.col("column") == "nama")["entry"]
    missing = replaced.filter("in_place", ~pl.col("entry").is_in(named.implode()))["entry"]
    return told(missing, "tanpa_nama_pengganti")


def of_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """Return the problems of single cells: no such column, another value now, not understood."""
    both = pl.concat_str(
        pl.col("lama").fill_null("–"), pl.col("old").fill_null("–"), separator=" → "
    )
    swap = pl.col("swap")
    problem = (
        pl.when(pl.col("letter").is_null() & ~pl.col("already")).then(pl.lit("tanpa_kolom"))
        .when(~swap & pl.col("stale")).then(pl.lit("basi"))
        .when(~swap & pl.col("unread")).then(pl.lit("tak_terbaca"))
    )  # fmt: skip
    wrong = cells.with_columns(problem=problem).filter(pl.col("problem").is_not_null())
    detail = pl.when(pl.col("problem") == "basi").then(both).otherwise(pl.coalesce("new", "column"))
    return wrong.select("entry", "problem", detail=detail)


def of_owners(
    cells: pl.DataFrame, now: pl.DataFrame, stays: pl.DataFrame, replaced: pl.DataFrame
) -> pl.DataFrame:
    """Return the problems of new NIKs that somebody else has in the register as it becomes."""
    fresh = cells.filter(pl.col("column") == "nik", pl.col("new").is_not_null(), ~pl.col("already"))
    given = people(now).filter(pl.col("record").is_in(fresh["record"].implode()))
    successors_in = replaced.filter("in_place")["target"]
    everybody = people(stays.filter(~pl.col("record").is_in(successors_in.implode())))
    stolen = taken(given, everybody)
    origin = stays.select(
        holder="record",
        place=pl.concat_str(
            pl.col("source_file").str.extract(r"([^/]+)$"),
            pl.col("sheet").replace("", None),
            pl.col("row").cast(pl.String),
            separator=" › ",
            ignore_nulls=True,
        ),
    )
    named = fresh.join(stolen, on="record").join(origin, on="holder", how="left")
    return named.select("entry", problem=pl.lit("nik_dipakai"), detail="place")


def of_registry(
    cells: pl.DataFrame, now: pl.DataFrame, persons: pl.DataFrame | None
) -> pl.DataFrame:
    """Return the problems of new NIKs under which the registry knows quite another name."""
    nothing = told(cells["entry"].clear(), "-")
    if persons is None:
        return nothing
    fresh = cells.filter(pl.col("column") == "nik", pl.col("new").is_not_null(), ~pl.col("already"))
    called = now.select("record", "nik", own=pl.col("nama_folk").str.split(" "))
    known = persons.select("nik", "nama", theirs=pl.col("nama_folk").str.split(" "))
    pairs = fresh.select("entry", "record").join(called, on="record").join(known, on="nik")
    strange = pairs.filter(pl.col("own").list.set_intersection("theirs").list.len() == 0)
    return strange.select("entry", problem=pl.lit("nik_nama_lain"), detail="nama")


def of_shared(cells: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Return the problems of a No KK that stands once for a family, unless all change it alike."""
    family = ["source_file", "sheet", "cell_row"]
    cell_row = pl.coalesce("kk_row", "row").alias("cell_row")
    lines = register.select("source_file", "sheet", "kk_row", cell_row)
    shared = lines.filter(pl.col("kk_row").is_not_null()).select(family).unique()
    sizes = lines.join(shared, on=family, how="semi").group_by(family).len("members")
    own = cells.with_columns(cell_row).filter(
        pl.col("column") == "nokk", pl.col("new").is_not_null(), ~pl.col("already")
    )
    wishes = own.group_by(family).agg(
        asked=pl.col("record").n_unique(), values=pl.col("new").n_unique()
    )
    torn = wishes.join(sizes, on=family).filter(
        (pl.col("asked") < pl.col("members")) | (pl.col("values") > 1)
    )
    return told(own.join(torn, on=family, how="semi")["entry"], "sel_bersama")


def all_done(cells: pl.DataFrame) -> pl.Series:
    """Return the entries whose every cell already reads as decided."""
    wanted = cells.filter(pl.col("new").is_not_null())
    done = wanted.group_by("entry", maintain_order=True).agg(pl.col("already").all())
    return done.filter("already")["entry"]
