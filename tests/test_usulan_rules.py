"""USL against its cases: a sound proposal with an entry's changes, as typed or as it was looked up.

What `pipeline.usulan` looks up stands in an entry by its column: what a photo's file holds, where
the person is listed or was rejected, what the registry says.
"""

import tomllib
from pathlib import Path

import polars as pl
import pytest

from dtkstool.rules.sentence import stated
from dtkstool.rules.usulan import PHOTOS, USL, with_photo_groups
from tests.judging import SOUND, cleaned

LOOKED_UP = {
    **{f"{photo}_isi": pl.String() for photo in PHOTOS},
    **{f"{photo}_hash": pl.String() for photo in PHOTOS},
    **{f"{name}_file": pl.String() for name in ("terdaftar", "ditolak")},
    **{f"{name}_row": pl.UInt32() for name in ("terdaftar", "ditolak")},
    "ditolak_alasan": pl.List(pl.String()),
    **dict.fromkeys(("verdict", "status_dukcapil", "nik_dukcapil"), pl.String()),
}
CASES = {
    rule.code: tomllib.loads((Path(__file__).parent / "cases" / f"{rule.code}.toml").read_text())
    for rule in USL
}
EVERY = {
    kind: [(code, entry) for code, case in CASES.items() for entry in case[kind]]
    for kind in ("good", "bad")
}


def broken(entry):
    """The messages of every rule that an entry's rows break, by code."""
    rows = [
        {name: value for name, value in row.items() if name != "message"}
        for row in entry.get("rows", [entry])
    ]
    found = [
        {"foto_ktp_isi": "gambar", "foto_rumah_isi": "gambar", "foto_ktp_hash": f"ktp{at}",
         "foto_rumah_hash": f"rumah{at}"} | {k: v or None for k, v in row.items() if k in LOOKED_UP}
        for at, row in enumerate(rows)
    ]  # fmt: skip
    typed = [SOUND | {k: v for k, v in row.items() if k not in LOOKED_UP} for row in rows]
    df = cleaned(typed).hstack(pl.DataFrame(found, schema=LOOKED_UP))
    judged = with_photo_groups(df.lazy()).collect()
    said = {
        rule.code: judged.filter(rule.violated).select(stated(rule, "id"))["message"].to_list()
        for rule in USL
    }
    return {code: messages for code, messages in said.items() if messages}


@pytest.mark.parametrize(("code", "entry"), EVERY["good"])
def test_a_proposal_that_is_right_is_accepted(code, entry):
    assert code not in broken(entry)


@pytest.mark.parametrize(("code", "entry"), EVERY["bad"])
def test_a_proposal_that_is_wrong_goes_back_for_one_reason(code, entry):
    said = broken(entry)
    assert said.keys() == {code}
    assert all(entry.get("message", "") in message for message in said[code])
