import csv
import gzip
import hashlib
import io
import zipfile
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from dtkstool.sample.generate import generate
from dtkstool.sample.settings import FAULT_RATES, PRESETS, WORLD_RATES, Rates, Settings, preset

SMALL = Settings(seed=7, kabupaten=("3525",), kecamatan=3, persons=4_000, records=900)
MESSY = replace(SMALL, messy=True)
ENCODINGS = {"txt": "latin-1", "tsv": "utf-16"}


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    out = tmp_path_factory.mktemp("messy")
    return out, generate(MESSY, out)


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    out = tmp_path_factory.mktemp("clean")
    return out, generate(SMALL, out)


def digest(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def decoded(raw, suffix):
    for encoding in (ENCODINGS.get(suffix), "utf-8-sig", "cp1252"):
        try:
            if encoding:
                return raw.decode(encoding)
        except UnicodeError:
            pass
    raise AssertionError(suffix)


def text_rows(text):
    """Physical line number of each record → its cells; the pipe file has no quoting."""
    lines = text.split("\r\n")
    separator = max("|\t;,", key=text[:2_000].count)
    if separator == "|":
        return {i: line.split("|") for i, line in enumerate(lines, 1)}
    rows, reader = {}, csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    for row in reader:
        rows[before + 1] = row
        before = reader.line_num
    return rows


def shown(cell):
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def naive_rows(folder):
    """(file, sheet) → {row → cells}, as a person would see them."""
    found = {}
    for path in sorted(folder.iterdir()):
        suffix = path.name.rsplit(".", 1)[-1]
        if suffix in ("xlsx", "xlsm", "xls", "ods"):
            book = CalamineWorkbook.from_path(str(path))
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                found[path.name, name] = {i: [shown(c) for c in r] for i, r in enumerate(rows, 1)}
        elif suffix == "parquet":
            rows = pl.read_parquet(path).rows()
            found[path.name, ""] = {i: list(r) for i, r in enumerate(rows, 2)}
        elif suffix == "zip":
            with zipfile.ZipFile(path) as archive:
                for member in archive.namelist():
                    text = decoded(archive.read(member), "csv")
                    found[f"{path.name}/{member}", ""] = text_rows(text)
        else:
            raw = gzip.decompress(path.read_bytes()) if suffix == "gz" else path.read_bytes()
            found[path.name, ""] = text_rows(decoded(raw, suffix))
    return found


def truth(out, name):
    return pl.read_parquet(out / "truth" / f"{name}.parquet")


def registry(out, name):
    parts = []
    for path in sorted((out / "registry").glob(f"{name}*.csv")):
        separator = ";" if b";" in path.read_bytes()[:200] else ","
        parts.append(pl.read_csv(path, infer_schema=False, separator=separator))
    return pl.concat(parts).with_columns(pl.col(r"^NIK.*$").str.strip_chars())


def test_the_same_settings_give_the_same_bytes(messy, tmp_path):
    generate(MESSY, tmp_path)
    assert digest(tmp_path) == digest(messy[0])


def test_another_seed_gives_other_people(clean, tmp_path):
    generate(replace(SMALL, seed=8), tmp_path)
    ours, theirs = (set(truth(out, "persons")["nik"]) for out in (clean[0], tmp_path))
    assert len(ours & theirs) < 0.2 * len(ours)


def test_the_messy_register_has_twelve_files_in_six_formats(messy):
    files = [p.name for p in (messy[0] / "dtks").iterdir()]
    assert len(files) >= 12
    assert len({name.rsplit(".", 1)[-1] for name in files}) >= 6


@pytest.mark.parametrize("world", ["clean", "messy"])
def test_every_record_stands_where_the_truth_says_and_only_there(world, request):
    out, summary = request.getfixturevalue(world)
    rows, records = naive_rows(out / "dtks"), truth(out, "records")
    places, ids = records.select("source_file", "sheet", "row"), set(records["id_dtks"])
    missing = [
        r["id_dtks"] for r in records.iter_rows(named=True)
        if r["id_dtks"] not in rows[r["source_file"], r["sheet"]][r["row"]]
    ]  # fmt: skip
    everywhere = sum(cell in ids for part in rows.values() for row in part.values() for cell in row)
    assert missing == []
    assert everywhere == records.height == summary.records
    assert places.is_duplicated().sum() == 0


@pytest.mark.parametrize("world", ["clean", "messy"])
def test_every_fault_shows_its_value_in_its_row(world, request):
    out, _ = request.getfixturevalue(world)
    rows, faults = naive_rows(out / "dtks"), truth(out, "faults")
    lost = [
        (f["source_file"], f["row"], f["column"], f["value"])
        for f in faults.iter_rows(named=True)
        if f["value"] and f["column"] not in ("tanggal_lahir", "rt", "rw")
        and not any(f["value"].strip() in cell for cell in rows[f["source_file"], f["sheet"]][f["row"]])
    ]  # fmt: skip
    assert lost == []


def test_without_faults_the_register_repeats_the_registry(tmp_path):
    rates = Rates(0, {name: 0 for name in WORLD_RATES if name.startswith("ganda")})
    summary = generate(replace(SMALL, rates=rates, files="satu"), tmp_path)
    written = pl.read_csv(tmp_path / "dtks" / "DTKS.csv", infer_schema=False)
    records = truth(tmp_path, "records").sort("row")
    assert summary.faults == 0
    for column in ("nik", "nokk", "nama", "nama_ibu"):
        assert written[column.upper()].to_list() == records[column].to_list()


def test_given_rates_are_hit(tmp_path):
    given = {"nik_kosong": 0.2, "nama_typo": 0.1, "tanggal_kosong": 0.05, "ganda_nik": 0.05}
    settings = Settings(seed=3, persons=12_000, records=6_000, rates=Rates(0, given))
    generate(settings, tmp_path)
    records = truth(tmp_path, "records")
    seen = records["corruptions"].explode(empty_as_null=True).value_counts()
    share = {name: count / 6_000 for name, count in seen.iter_rows()}
    assert share["nik_kosong"] == pytest.approx(0.2, abs=0.06)
    assert share["nama_typo"] == pytest.approx(0.1, abs=0.035)
    assert share["tanggal_kosong"] == pytest.approx(0.05, abs=0.02)
    assert records["duplicate_kind"].eq("ganda_nik").sum() == 300
    assert set(seen["corruptions"].drop_nulls()) <= {*given, "ganda_dua_nik"}


def test_dirtiness_multiplies_the_damage_but_not_what_was_given():
    rates = Rates(2, {"nik_kosong": 0.01})
    assert rates["nama_typo"] == 2 * FAULT_RATES["nama_typo"]
    assert rates["nik_kosong"] == 0.01
    assert rates["meninggal"] == WORLD_RATES["meninggal"]


@pytest.mark.parametrize("given", [{"nik_kosongg": 0.1}, {"nama_typo": -0.1}])
def test_rates_that_make_no_sense_are_refused(given):
    with pytest.raises(ValueError, match="unknown rates"):
        Rates(given=given)


def test_a_code_that_is_no_kabupaten_is_refused(tmp_path):
    with pytest.raises(ValueError, match="9999"):
        generate(replace(SMALL, kabupaten=("9999",)), tmp_path)


def test_a_register_larger_than_its_people_is_refused():
    with pytest.raises(ValueError, match="at most 70 %"):
        Settings(persons=100, records=100)


def test_presets_run_from_one_desa_to_five_million_people():
    assert preset("desa", seed=5).seed == 5
    assert PRESETS["kabupaten"].persons == 5_000_000


def test_numbers_are_unique_and_carry_sex_and_mostly_the_birth_date(clean):
    people = registry(clean[0], "biodata")
    day = pl.col("NIK").str.slice(6, 2).cast(pl.Int32)
    birth = pl.concat_str((day % 40).cast(pl.String).str.zfill(2), pl.col("NIK").str.slice(8, 4))
    born = pl.concat_str(*(pl.col("TGL_LHR").str.slice(i, 2) for i in (0, 3, 8)))
    female = people.select(((day > 40) == (pl.col("JENIS_KLMIN") == "2")).all()).item()
    same = people.select((birth == born).mean()).item()
    assert people["NIK"].is_unique().all()
    assert people["NIK"].str.contains(r"^[1-9]\d{15}$").all()
    assert female
    assert 0.96 < same < 1


def test_children_are_born_to_their_mothers_and_share_her_name(clean):
    people = registry(clean[0], "biodata").with_columns(
        birth=pl.col("TGL_LHR").str.to_date("%d-%m-%Y")
    )
    wives = people.filter(pl.col("STAT_HBKEL") == "3").select(
        "NO_KK", wife="NAMA_LGKP", her="birth"
    )
    pairs = people.filter(pl.col("STAT_HBKEL") == "4").join(wives, on="NO_KK")
    named = pairs.filter(pl.col("NAMA_LGKP_IBU") == pl.col("wife"))
    age = (pl.col("birth") - pl.col("her")).dt.total_days() / 365
    assert named.height > 0.85 * pairs.height
    assert named.select((age > 14).all()).item()


def test_names_are_skewed_and_many_have_one_word(clean):
    names = registry(clean[0], "biodata")["NAMA_LGKP"]
    assert 0.1 < names.str.contains(" ").not_().mean() < 0.6
    assert names.value_counts()["count"].max() > 5


def test_the_true_nik_stands_in_an_extract_exactly_where_it_is_given(clean):
    out, _ = clean
    records = truth(out, "records")
    extracts = [registry(out, "biodata")["NIK"], registry(out, "kematian")["NIK_JNSAH"],
                registry(out, "pindah")["NIK"]]  # fmt: skip
    there = records["nik"].is_in(pl.concat(extracts).implode())
    assert (there == records["nik_benar"].is_not_null()).all()
    assert (records["in_registry"] == records["nik"].is_in(extracts[0].implode())).all()
    assert 0 < records["nik_benar"].null_count() < 0.08 * records.height


def test_deaths_reported_with_nik_stand_in_the_death_register(clean):
    out, _ = clean
    dead = truth(out, "persons").filter(status_benar="meninggal")
    niks = registry(out, "kematian")["NIK_JNSAH"]
    with_nik = dead.filter(reported="register_nik")
    silent = dead.filter(reported="tidak")
    assert with_nik["nik"].is_in(niks.implode()).all()
    assert not silent["nik"].is_in(niks.implode()).any()
    assert min(with_nik.height, silent.height) > 0


def test_nothing_happens_after_the_reference_date(clean):
    for name, column in (
        ("kematian", "TGL_MATI"),
        ("pindah", "TGL_PINDAH"),
        ("datang", "TGL_DATANG"),
    ):
        days = registry(clean[0], name)[column].str.to_date("%d-%m-%Y")
        assert days.max() <= date(2026, 10, 31)


def test_exact_copies_repeat_every_cell(clean):
    out, _ = clean
    records = truth(out, "records")
    copies = records.filter(duplicate_kind="ganda_persis")
    rows = naive_rows(out / "dtks")
    cells = {}
    for r in records.iter_rows(named=True):
        cells.setdefault(r["id_dtks"], []).append(rows[r["source_file"], r["sheet"]][r["row"]])
    assert copies.height > 0
    assert all(len({tuple(c) for c in cells[i]}) == 1 < len(cells[i]) for i in copies["id_dtks"])


def test_a_duplicate_group_is_one_person(clean):
    records = truth(clean[0], "records").filter(pl.col("duplicate_group").is_not_null())
    groups = records.group_by("duplicate_group").agg(pl.col("person").n_unique(), pl.len())
    assert (groups["person"] == 1).all()
    assert (groups["len"] > 1).all()


def test_every_rate_has_a_fault_of_its_name():
    from dtkstool.sample import faults_dates, faults_names, faults_numbers, faults_rest, register

    groups = (
        faults_numbers.NUMBER_FAULTS, faults_names.NAME_FAULTS, faults_names.NAME_LOOKS,
        faults_names.MOTHER_FAULTS, faults_dates.DATE_FAULTS, faults_rest.REST_FAULTS,
        register.BLOCKS, (faults_numbers.OLD_FAMILY_NUMBER,),
    )  # fmt: skip
    names = {fault.name for group in groups for fault in group}
    assert set(FAULT_RATES) == names | {
        "kolom_tertukar", "blok_kolom_tertukar", "blok_tahun_dua_digit",
    }  # fmt: skip
