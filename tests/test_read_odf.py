"""Signs that OpenDocument writes as elements are read as signs."""

import io
import zipfile

import pytest

from dtkstool.read import read_files
from dtkstool.read.odf import with_signs
from tests.office import ods, zipped

ROWS = [["NIK", "NAMA"], ["3201014107700001", "SITI AMINAH"]]


def rewritten(data, old, new):
    """The spreadsheet with something else in its contents."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["content.xml"] = members["content.xml"].replace(old, new)
    return zipped(**members)


@pytest.mark.parametrize(
    ("element", "sign"),
    [
        (b"<text:tab/>", "\t"),
        (b"<text:tab></text:tab>", "\t"),
        (b'<text:tab text:tab-ref="1"/>', "\t"),
        (b"<text:line-break/>", "\n"),
    ],
)
def test_a_tab_or_line_break_between_words_keeps_them_apart(tmp_path, element, sign):
    path = tmp_path / "desa.ods"
    path.write_bytes(rewritten(ods(ROWS), b"SITI AMINAH", b"SITI" + element + b"AMINAH"))
    assert read_files([str(path)]).records["nama_asal"].to_list() == [f"SITI{sign}AMINAH"]


def test_without_such_signs_not_a_byte_is_changed():
    data = ods(ROWS)
    assert with_signs(data) is data
    assert with_signs(b"PK no archive") == b"PK no archive"
