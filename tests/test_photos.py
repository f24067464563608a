"""A photo is a whole image of some size, whatever its name; one that was cut off is none."""

import pytest

from dtkstool.pipeline.images import is_image, is_whole
from dtkstool.pipeline.photos import photos
from tests.photos import WHOLE, jpeg, png


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_image_is_one_however_much_an_app_put_behind_it(name):
    assert is_image(WHOLE[name][:32])
    assert is_whole(WHOLE[name])
    behind = b"" if name == "gif" else b"SEFT\x01\x02 taken by an app"
    assert is_whole(WHOLE[name] + behind)


@pytest.mark.parametrize("name", WHOLE)
def test_an_image_cut_off_anywhere_is_not_whole(name):
    data = WHOLE[name]
    assert [at for at in range(len(data)) if is_whole(data[:at])] == []


NOTHING = {
    "jpeg": jpeg().replace(b"\x08\x00\x01\x00\x01", b"\x08\x00\x01\x00\x00"),
    "png": png().replace(b"IHDR\0\0\0\1", b"IHDR\0\0\0\0"),
    "gif": WHOLE["gif"].replace(b"a\x01\x00\x01", b"a\x00\x00\x01"),
    "only a head": jpeg()[:20] + b"\xff\xd9",
    "text": b"ini foto rumah" * 9,
}


@pytest.mark.parametrize("name", NOTHING)
def test_an_image_without_a_size_is_none(name):
    assert not is_whole(NOTHING[name])


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_photo():
    inside = b"\xff\xe1" + (2 + 40).to_bytes(2, "big") + b"\xff\xd9".ljust(40, b"\0")
    photo = jpeg()[:2] + inside + jpeg()[2:]
    assert is_whole(photo)
    assert not is_whole(photo[:-2])


def test_what_cannot_be_opened_or_is_empty_is_damaged_and_stops_nobody_else(tmp_path):
    (tmp_path / "kosong.jpg").write_bytes(b"")
    (tmp_path / "potong.png").write_bytes(png()[:-9])
    (tmp_path / "utuh.jpg").write_bytes(jpeg())
    found = photos(["kosong.jpg", "potong.png", "utuh.jpg"], tmp_path)
    assert found["isi"].to_list() == ["rusak", "rusak", "gambar"]
    assert found["hash"].is_null().to_list() == [True, True, False]
