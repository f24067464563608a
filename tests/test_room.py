"""Memory decides how much is held at once, within bounds; where nothing tells, the most is."""

import pytest

from dtkstool.read.room import LEAST, MOST, bytes_at_once


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("MemTotal: 8000000 kB\nMemAvailable: 4000000 kB\n", 4_000_000 * 1024 // 52),
        ("MemAvailable: 100000 kB\n", LEAST),
        ("MemAvailable: 64000000 kB\n", MOST),
        ("MemTotal: 8000000 kB\n", MOST),
        ("MemAvailable: many\n", MOST),
    ],
)
def test_a_quarter_of_the_free_memory_is_used(tmp_path, text, held):
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(text)
    assert bytes_at_once(meminfo) == held


def test_without_a_system_that_tells_the_most_is_held(tmp_path):
    assert bytes_at_once(tmp_path / "missing") == MOST
