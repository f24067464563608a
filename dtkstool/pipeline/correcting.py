"""From decisions to cells and rows: everything that can be refused is, until what is left holds."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from dtkstool.apply import checks, successors
from dtkstool.apply.edits import after, clashing, edits, judged, with_columns_there
from dtkstool.apply.fates import active, refused
from dtkstool.apply.style import styled
from dtkstool.clean.codes import with_codes
from dtkstool.clean.dates import with_dates
from dtkstool.clean.names import with_names
from dtkstool.clean.nik import with_nik
from dtkstool.clean.nik_facts import with_nik_facts
from dtkstool.decide.successor import ADULT
from dtkstool.frames import CLEAN_PLACES, RECORDS
from dtkstool.messages import Language
from dtkstool.pipeline.placing import changes, not_placed
from dtkstool.pipeline.register import Register, letters
from dtkstool.registry import Registry
from dtkstool.rules.catalogue import RULES
from dtkstool.rules.check import LETTERS, check
from dtkstool.write.register import Corrected, Ways, corrected

NUMBERED = ("nik", "nokk", "nama")
PLAN_RULES = tuple(
    r for r in RULES if r.scope == "row" and r.severity == "galat" and r.column in NUMBERED
)
"""What a corrected number or name must not break."""


@dataclass(frozen=True)
class Given:
    """What decisions are held against."""

    register: Register
    persons: pl.DataFrame | None
    """What the civil registry says of everybody the decisions name, as it would be written."""
    today: date
    lang: Language
    paths: list[Path]
    ways: Ways


@dataclass(frozen=True)
class Plan:
    """What the sound decisions do."""

    edits: pl.DataFrame
    """`apply.edits.EDITS` as they are written, with layout, letter, old and where they stand."""
    removed: pl.DataFrame
    """record of every row that goes."""
    replaced: pl.DataFrame
    """entry, target, successor_nik, in_place: the row passes to the successor, or goes because
    they stand in the register already."""
    problems: pl.DataFrame
    """entry, problem, detail of decisions that cannot be carried out."""
    done: pl.Series
    """Entries whose every cell already reads as decided."""


def known_persons(
    decisions: pl.DataFrame, registry: Registry | None, today: date
) -> pl.DataFrame | None:
    """Return what is known of everybody whose NIK the decisions name, as it would be written."""
    if registry is None:
        return None
    named = ("candidate", "successor_nik", "nik_benar", "value")
    wanted = pl.concat([decisions[name] for name in named]).drop_nulls().unique().implode()
    scan = pl.scan_parquet(registry.folder / "persons.parquet").filter(pl.col("nik").is_in(wanted))
    age = (pl.lit(today) - pl.col("tanggal_lahir")).dt.total_days() // 365.25
    return scan.select(
        "nik", "nokk", "jenis_kelamin", "tempat_lahir", "nama_folk",
        nama="nama_asal",
        tanggal_lahir=pl.col("tanggal_lahir").dt.strftime("%d-%m-%Y"),
        nama_ibu="nama_ibu_asal",
        hubungan=pl.col("hubungan").cast(pl.String).str.replace_all("_", " ").str.to_uppercase(),
        status=pl.col("status").cast(pl.String),
        minor=age < ADULT,
    ).unique("nik", keep="first", maintain_order=True).collect()  # fmt: skip


def settled(decisions: pl.DataFrame, given: Given) -> tuple[pl.DataFrame, Plan, Corrected]:
    """Return the decisions with their problems, what the rest does, and the files it gives.

    Refusing one may make another impossible (a NIK that then stays somebody else's) or possible
    again, so it is planned anew until nothing more is refused.
    """
    while True:
        plan = planned(decisions, given)
        if plan.problems.height:
            decisions = refused(decisions, plan.problems)
            continue
        files = corrected(
            given.paths,
            changes(plan.edits, plan.removed, given.register.cleaned, letters(given.register.read)),
            given.ways,
        )
        lost = not_placed(plan.edits, files, decisions, given.register.cleaned)
        if lost.is_empty():
            return _with_done(decisions, plan.done), plan, files
        decisions = refused(decisions, lost)


def _with_done(decisions: pl.DataFrame, done: pl.Series) -> pl.DataFrame:
    already = pl.col("entry").is_in(done.implode()) & pl.col("problem").is_null()
    gone = pl.col("hasil").is_null() & already
    return decisions.with_columns(hasil=pl.when(gone).then(pl.lit("sudah")).otherwise("hasil"))


def planned(decisions: pl.DataFrame, given: Given) -> Plan:
    """Return what the decisions that are sound so far would do, and which of them may not."""
    register = given.register.cleaned
    sound = active(decisions)
    replacing, refused_successors, finished = _replacing(sound, given)
    removing = sound.filter(pl.col("fate") == "hapus").select("entry", "target", "sheet")
    gone = pl.concat([removing["target"], replacing["target"]])
    stays = register.filter(~pl.col("record").is_in(gone.implode()))
    listed = pl.col("successor_nik").is_in(stays["nik"].drop_nulls().implode())
    replaced = replacing.with_columns(
        in_place=~listed & pl.col("successor_nik").is_first_distinct()
    )
    claimed = edits(sound, given.persons).filter(~pl.col("record").is_in(gone.implode()))
    cells = _cells(claimed, replaced, sound, given)
    now = _cleaned_now(cells, given)
    looked = judged(cells.filter(~pl.col("swap") | pl.col("letter").is_not_null()), register, now)
    problems = pl.concat([
        checks.told(clashing(claimed), "bertentangan"), refused_successors,
        checks.of_departed(replaced, removing, register), checks.of_names(replaced, looked),
        _of_rules(looked, now, given), checks.of_cells(looked),
        checks.of_owners(looked, now, stays, replaced),
        checks.of_registry(looked, now, given.persons), checks.of_shared(looked, register),
    ])  # fmt: skip
    vanishing = [removing["target"], replaced.filter(~pl.col("in_place"))["target"]]
    todo = looked.filter(pl.col("new").is_not_null(), ~pl.col("already"))
    return Plan(
        # Planned anew after a problem: how it is written is asked of the last plan only.
        edits=todo if problems.height else _as_written(todo, register, now),
        removed=pl.concat(vanishing).unique().to_frame("record"),
        replaced=replaced,
        problems=problems,
        done=pl.concat([checks.all_done(looked), finished]),
    )


def _cells(
    claimed: pl.DataFrame, replaced: pl.DataFrame, sound: pl.DataFrame, given: Given
) -> pl.DataFrame:
    """Return the claimed cells and the successors' with where they stand.

    `swap`: the row passes to a successor; `on_cells`: decided on UBAH, beside the old value.
    """
    at = letters(given.register.read)
    fields = at["field"].unique().to_list()
    swap = successors.passed_on(replaced.filter("in_place"), given.persons, fields)
    both = pl.concat([claimed.with_columns(swap=False), swap.with_columns(swap=True)])
    on_cells = sound.filter(pl.col("sheet") == "ubah")["entry"]
    placed = with_columns_there(both, given.register.cleaned, at)
    return placed.with_columns(on_cells=pl.col("entry").is_in(on_cells.implode()))


def _replacing(sound: pl.DataFrame, given: Given) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Return the replacements to make, the problems of others, and entries already carried out."""
    register = given.register.cleaned
    who = register.select(
        target="record",
        nik_now="nik",
        nokk="nokk",
        own_id=pl.col("id_dtks_asal").is_not_null()
        & (
            pl.col("record_id").str.replace(r"~\d+$", "")
            == pl.col("id_dtks_asal").str.strip_chars()
        ),
    )
    rows = sound.filter(pl.col("fate") == "ganti").select(
        "entry", "target", "successor_nik", "successor_nama"
    )
    rows = rows.join(who, on="target", how="left", maintain_order="left")
    finished = rows.filter(pl.col("nik_now") == pl.col("successor_nik"))["entry"]
    rows = rows.filter(~pl.col("entry").is_in(finished.implode()))
    if given.persons is None:
        return rows, checks.told(finished.clear(), "-"), finished
    return rows, successors.registry_problems(rows, given.persons), finished


def _cleaned_now(cells: pl.DataFrame, given: Given) -> pl.DataFrame:
    """Return the edited records as they become, cleaned, each known by its `record`."""
    register = given.register.cleaned
    rows = after(
        cells.filter(pl.col("letter").is_not_null()), register.select(*RECORDS, "tanggal_lahir")
    )
    if rows.is_empty():
        return register.clear()
    numbers = rows["record"]
    fresh = rows.select(list(RECORDS)).with_columns(record=pl.int_range(pl.len(), dtype=pl.UInt32))
    # Places are left out: no rule on numbers and names reads them, and they cost the most.
    now = (
        fresh.lazy()
        .with_columns(record_id=pl.col("record").cast(pl.String), id_dtks="id_dtks_asal")
        .pipe(with_nik).pipe(with_dates, given.today).pipe(with_nik_facts, given.today)
        .pipe(with_codes).pipe(with_names)
        .with_columns(pl.lit(None, dtype).alias(name) for name, dtype in CLEAN_PLACES.items())
        .collect().sort("record")
    )  # fmt: skip
    return now.with_columns(numbers.alias("record"), record_id=numbers.cast(pl.String))


def _of_rules(cells: pl.DataFrame, now: pl.DataFrame, given: Given) -> pl.DataFrame:
    """Return the problems of new numbers and names that break a rule of the catalogue."""
    fresh = cells.filter(
        pl.col("new").is_not_null(), ~pl.col("already"), pl.col("column").is_in(NUMBERED)
    )
    if fresh.is_empty():
        return checks.told(cells["entry"].clear(), "-")
    places = pl.DataFrame([(0, field, "A") for field in NUMBERED], schema=LETTERS, orient="row")
    found = check(now, places, today=given.today, lang=given.lang, rules=PLAN_RULES)
    said = found.select(
        record=pl.col("record_id").cast(pl.UInt32),
        column="column",
        detail=pl.concat_str("code", "message", separator=": "),
    )
    return fresh.join(said, on=["record", "column"]).select(
        "entry", problem=pl.lit("aturan"), detail="detail"
    )


def _as_written(todo: pl.DataFrame, register: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the edits in their columns' writing; a successor's birth and sex come from the NIK."""
    known = now.with_columns(
        tanggal_lahir=pl.coalesce("tanggal_lahir", "nik_birth"),
        jenis_kelamin=pl.coalesce("jenis_kelamin", "nik_sex"),
    )
    born = known.select(
        "record", birth=pl.col("tanggal_lahir").dt.strftime("%d-%m-%Y"), sex="jenis_kelamin"
    )
    rows = todo.join(born, on="record", how="left", maintain_order="left")
    empty = pl.col("swap") & (pl.col("new") == "")
    filled = (
        pl.when(empty & (pl.col("column") == "tanggal_lahir")).then(pl.coalesce("birth", "new"))
        .when(empty & (pl.col("column") == "jenis_kelamin")).then(pl.coalesce("sex", "new"))
        .otherwise("new")
    )  # fmt: skip
    rows = rows.with_columns(new=filled).drop("birth", "sex")
    blank = rows.filter(pl.col("new") == "")
    return pl.concat([styled(rows.filter(pl.col("new") != ""), register, known), blank])
