"""Clerks' decisions beside this month's register: what holds, what lapsed, what is left to ask."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtkstool.apply import claims
from dtkstool.apply.memory import KEPUTUSAN, hashed, plain, recalled, values_of
from dtkstool.cli import main
from dtkstool.decide.remembered import honoured, with_basis
from dtkstool.frames import CHANGES, DECISIONS, STATUS, TOLD_PAIRS
from dtkstool.ledger.clerks import keputusan, take_clerks
from dtkstool.ledger.months import finish
from dtkstool.ledger.store import reading, writing
from dtkstool.pipeline.ledgers import view
from tests.examples import examples
from tests.filling import bring_back, fill, office
from tests.months import begun, decisions, findings

ANI, BUDI = "3201014107900001", "3201011203850002"
CURRENT = pl.DataFrame({
    "record_id": ["A", "B"], "nik_asal": [ANI, BUDI], "nokk_asal": ["9", "9"],
    "nama_asal": ["ANI", "BUDI"], "tanggal_lahir_asal": ["01-07-1990", "12-03-1985"],
    "nama_ibu_asal": ["SRI", "SRI"],
})  # fmt: skip


def said(record_id, answer, fate, nik=None, current=CURRENT, **more):
    """One decision about CURRENT as it is, as `apply` writes it."""
    row = {"record_id": record_id, "decision": answer, "fate": fate, "nik": nik,
           "period": "2026-01", "applied": date(2026, 1, 1)} | more  # fmt: skip
    asked = pl.DataFrame([row], schema=KEPUTUSAN)
    values = values_of(asked, current)
    return asked.with_columns(values.alias("values"), hashed(values), values.alias("sebelum"))


def state(told, current):
    return recalled(told, current)["state"].cast(pl.String).to_list()


def typed(**changes):
    """CURRENT with a column of the first record typed otherwise."""
    first, second = CURRENT.rows(named=True)
    return pl.DataFrame([first | changes, second])


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"tanggal_lahir_asal": "1990-07-01"}, True),
        ({"tanggal_lahir_asal": "1/7/1990"}, True),
        ({"nama_asal": "Ani"}, True),
        ({"nik_asal": "3201.0141.0790.0001"}, True),
        ({"tanggal_lahir_asal": "07-01-1990"}, False),
        ({"nama_asal": "ANIS"}, False),
        ({"nik_asal": None}, False),
    ],
)
def test_another_layout_of_the_same_values_is_no_change(changes, holds):
    told = said("A", "benar", "tetap", sheet="verifikasi")
    assert state(told, typed(**changes)) == ["sama" if holds else "berubah"]


def test_the_eleventh_of_january_is_not_the_first_of_november():
    days = pl.DataFrame({"day": ["11-01-1990", "1-11-1990"]}).select(plain(pl.col("day")))
    assert days["day"].n_unique() == 2


def test_somebody_under_another_id_is_found_by_the_nik_unless_they_were_taken_out():
    renamed = typed(record_id="Z")
    kept = said("A", "benar", "tetap", ANI, sheet="verifikasi")
    taken_out = said("A", "tidak_layak", "hapus", ANI, sheet="verifikasi", tl="TL05")
    assert recalled(kept, renamed)["record_id"].to_list() == ["Z"]
    assert state(kept, renamed) == ["sama"]
    assert state(taken_out, renamed) == ["hilang"]


def test_a_decision_of_an_earlier_version_holds_by_its_hash():
    old = said("A", "benar", "tetap", sheet="verifikasi").drop("values", "sebelum", "dasar")
    assert state(old, CURRENT) == ["sama"]
    assert state(old, typed(nama_asal="ANIS")) == ["berubah"]


def test_refusals_add_up_and_a_later_choice_overrides_them():
    told = pl.concat([
        said("A", "bukan_kandidat", "tetap", sheet="verifikasi", kandidat="1 2"),
        said("A", "bukan_kandidat", "tetap", sheet="verifikasi", kandidat="3"),
        said("A", "kandidat_1", "ubah", sheet="verifikasi", value="2"),
    ])  # fmt: skip
    persons = claims.persons(recalled(told, CURRENT)).sort("nik")
    assert persons.rows() == [("A", "1", False), ("A", "2", True), ("A", "3", False)]


# Deciding


FLAGS = STATUS.categories.to_list()
proposal = st.fixed_dictionaries({
    "record_id": st.sampled_from("ABCDE"), "flags": st.lists(st.sampled_from(FLAGS), max_size=3),
    "action": st.sampled_from(["tetap", "ubah", "hapus", "ganti", "verifikasi", "konsolidasi"]),
    "event_date": st.sampled_from([None, date(2025, 1, 1)]),
})  # fmt: skip
answers = st.fixed_dictionaries({
    "record_id": st.sampled_from("ABCDE"), "sheet": st.just("verifikasi"),
    "decision": st.sampled_from(["benar", "tetap", "konsolidasi", "bukan_kandidat", "tidak_layak", "belum_jelas"]),
    "dasar": st.sampled_from([None, "tinjau|1||", "meninggal|1|2025-01-01|"]),
})  # fmt: skip
FATES = {"konsolidasi": "konsolidasi", "tidak_layak": "hapus", "belum_jelas": "tunda"}


def told_of(rows, state="sama"):
    filled = [{"fate": FATES.get(r["decision"], "tetap"), **r} for r in rows]
    known = pl.DataFrame(filled, schema=KEPUTUSAN)
    present = pl.DataFrame({"record_id": list("ABCDE"), "nik_asal": [None] * 5},
                           schema_overrides={"nik_asal": pl.String})  # fmt: skip
    values = values_of(known, present)
    told = recalled(known.with_columns(hashed(values), values.alias("values")), present)
    return told.with_columns(text=pl.lit("dulu"), again=pl.lit("dulu, kini lain"))


def left_over(proposals, told, changes=None):
    rows = {row["record_id"]: row for row in proposals}.values()
    filled = [{"status": (r["flags"] or ["padan"])[0], "codes": [], **r} for r in rows]
    proposed = pl.DataFrame(filled, schema=DECISIONS)
    niks = proposed.select("record_id", nik=pl.lit("2"))
    links = proposed.select("record_id", nik_dukcapil=pl.lit("1"))
    cells = pl.DataFrame(changes or [], schema=CHANGES)
    based = with_basis(proposed, links)
    return based, honoured(based, cells, niks, told, claims.leaving(told)).decisions


@given(st.lists(proposal, min_size=1, max_size=8), st.lists(answers, max_size=6))
@examples(30, 100)
def test_honouring_makes_nobody_vanish_and_removes_only_whom_a_clerk_removed(proposals, given_):
    proposed, left = left_over(proposals, told_of(given_))
    assert left["record_id"].to_list() == proposed["record_id"].to_list()
    latest = {row["record_id"]: row["decision"] for row in given_}
    before = dict(proposed.select("record_id", pl.col("action").cast(pl.String)).iter_rows())
    for row in left.iter_rows(named=True):
        answer = latest.get(row["record_id"])
        if answer is None:
            assert (row["action"], row["ingatan"]) == (before[row["record_id"]], None)
        if row["action"] in ("hapus", "ganti"):
            assert answer == "tidak_layak" or before[row["record_id"]] == row["action"]
        if row["ingatan"] == "keluar":
            assert answer == "tidak_layak"


def decided(proposal, answer):
    _, left = left_over([proposal], told_of([answer]))
    return left.select(pl.col("action", "ingatan").cast(pl.String)).row(0)


DEAD = {"record_id": "A", "flags": ["meninggal", "padan"], "action": "hapus",
        "event_date": date(2025, 1, 1), "event_proof": "KM-1"}  # fmt: skip
CHECKED = {"record_id": "A", "sheet": "hapus_ganti", "decision": "tetap",
           "dasar": "meninggal|1|2025-01-01|KM-1"}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ("tetap", "dihormati")),
        ({"event_proof": "KM-2"}, ("hapus", "gugur")),
        ({"event_date": date(2026, 1, 1)}, ("hapus", "gugur")),
        ({"flags": ["pindah_keluar"]}, ("hapus", "gugur")),
        ({"flags": ["meninggal", "ganda"]}, ("tetap", "dihormati")),
        ({"flags": ["ganda"], "event_date": None, "event_proof": None}, ("hapus", "gugur")),
    ],
)
def test_checked_and_alive_silences_the_same_evidence_and_no_other(change, expected):
    assert decided(DEAD | change, CHECKED) == expected


UNKNOWN = {"record_id": "A", "flags": ["tidak_ditemukan"], "action": "verifikasi"}
LINKED = {"record_id": "A", "flags": ["padan"], "action": "tetap"}


@pytest.mark.parametrize(
    ("proposal", "tl", "basis", "expected"),
    [
        (UNKNOWN, "TL05", "tidak_ditemukan|1||", ("hapus", "keluar")),
        (LINKED, "TL05", "tidak_ditemukan|1||", ("hapus", "keluar")),
        (LINKED, "TL03", "tidak_ditemukan|1||", ("verifikasi", "gugur")),
        (LINKED, "TL01", "meninggal|1|2025-01-01|KM-1", ("verifikasi", "gugur")),
        (LINKED, "TL01", "tinjau|1||", ("hapus", "keluar")),
    ],
)
def test_who_was_taken_out_is_asked_about_when_the_registry_speaks_against_the_reason(
    proposal, tl, basis, expected
):
    answer = {"record_id": "A", "sheet": "verifikasi", "decision": "tidak_layak"}
    assert decided(proposal, answer | {"tl": tl, "dasar": basis}) == expected


# The ledger


def test_the_ledger_keeps_what_a_month_came_to_and_counts_nobody_who_is_out(tmp_path):
    path = tmp_path / "l.sqlite"
    month = decisions(("A", "hapus"), ("B", "tetap"), ("C", "ubah")).with_columns(
        ingatan=pl.Series(["keluar", "dihormati", None])
    )
    with writing(path) as ledger:
        take_clerks(ledger, said("A", "tidak_layak", "hapus", ANI, sheet="verifikasi", dasar="x"))
        finish(ledger, begun(ledger), finished="x", inputs=[], decisions=month, findings=findings())
    total = view(path, "kecamatan", "").total.row(0, named=True)
    assert (total["records"], total["valid"], total["hapus"]) == (2, 1, 0)
    with reading(path) as ledger:
        assert keputusan(ledger).select("dasar", "nik").rows() == [("x", ANI)]


def test_a_decision_keeps_no_values_when_somebody_else_gets_the_id(tmp_path):
    text = "ID DTKS,NIK,No KK,Nama,Tanggal Lahir,JK,Alamat,Desa,Kecamatan\r\n" + "".join(
        f"A1,{nik},3201011203080005,{nama},{lahir},{jk},JL. MELATI,PONDOK RAJEG,CIBINONG\r\n"
        for nik, nama, lahir, jk in SHARING
    )
    people = {"A1": SHARING[0], "A1~2": SHARING[1]}
    book = office(tmp_path, {"A1": ("hapus", "meninggal")}, people=people, text=text)
    fill(book, lambda sheet, row: {"keputusan": "HAPUS", "alasan": "TL01", "no_bukti": "KM-1"})
    bring_back(tmp_path, book)
    kept = pl.read_parquet(tmp_path / "hasil" / "keputusan.parquet")
    assert kept.select("record_id", "values", "values_hash").rows() == [("A1", None, None)]


SHARING = [("3201011203850002", "RUDI HARTONO", "12-03-1985", "L"),
           ("3201014107900001", "SITI AMINAH", "01-07-1990", "P")]  # fmt: skip


def test_match_and_dedupe_take_the_ledger(tmp_path, capsys):
    line = "A1,3201014107900001,SITI AMINAH,01-07-1990\n"
    (tmp_path / "d.csv").write_text(
        "ID DTKS,NIK,Nama,Tanggal Lahir\n" + line + line.replace("A1", "B2")
    )
    current = pl.DataFrame({
        "record_id": ["A1", "B2"], "nik_asal": ["3201014107900001"] * 2, "nama_asal": ["SITI AMINAH"] * 2,
        "tanggal_lahir_asal": ["01-07-1990"] * 2,
    })  # fmt: skip
    pair = said("A1", "bukan_ganda", "tetap", sheet="ganda", other_id="B2", current=current)
    with writing(tmp_path / "l.sqlite") as ledger:
        take_clerks(ledger, pair)
    found = [deduped(tmp_path), deduped(tmp_path, "--ledger", tmp_path / "l.sqlite")]
    assert found == [2, 0]


def deduped(folder, *more):
    words = ["dedupe", folder / "d.csv", "--out", folder / "hasil", "--quiet", *more]
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    assert not ended.value.code
    return pl.read_parquet(folder / "hasil" / "duplicates.parquet").height


def test_pairs_are_told_apart_from_records_that_changed_hands():
    same = pl.DataFrame(schema=TOLD_PAIRS)
    own = said("A", "hapus_kanan", "hapus", sheet="ganda", other_id="A")
    assert claims.pairs(recalled(own, CURRENT)).equals(same)
