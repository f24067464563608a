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
    assert bytes_at_once(meminfo, tmp_path / "missing") == held


def test_without_a_system_that_tells_the_most_is_held(tmp_path):
    assert bytes_at_once(tmp_path / "missing", tmp_path / "missing") == MOST


def test_a_containers_limit_counts_where_it_is_narrower(tmp_path):
    meminfo, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    meminfo.write_text("MemAvailable: 64000000 kB\n")
    limit.write_text("2147483648\n")
    assert bytes_at_once(meminfo, limit) == 2147483648 // 52
    unlimited = tmp_path / "memory.max.none"
    unlimited.write_text("max\n")
    assert bytes_at_once(meminfo, unlimited) == MOST
