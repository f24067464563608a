"""A folder of small files to check, and `dtkstool validate` on it."""

from functools import cache

import pytest

from dtkstool.cli import main
from tests.judging import judged

HEADINGS = "NIK,Nama,No KK,Tanggal Lahir,JK\n"
SOUND = "3201015107700001,SITI AMINAH,3201010904120003,11-07-1970,P\n"
FAULTY = "320101510770001,NURHAYATI,3201010904120004,11-07-1970,P\n"


@cache
def messy():
    """Findings on three rows: NIK too short, NIK missing, a birth date that the NIK contradicts."""
    return judged(
        [
            {"nik": "320101510770001"},
            {"nik": "", "nokk": "3201010904120004"},
            {"tanggal_lahir": "25-12-1982", "nik": "3201015107700003", "nokk": "3201010904120005"},
        ]
    )


def validate(capsys, *argv):
    """Run `dtkstool validate`; return exit code, stdout, stderr."""
    with pytest.raises(SystemExit) as ended:
        main(["validate", *map(str, argv), "--lang", "en", "--today", "2026-11-01"])
    seen = capsys.readouterr()
    return ended.value.code or 0, seen.out, seen.err
