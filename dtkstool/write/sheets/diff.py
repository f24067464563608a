"""Which characters of two texts differ, as runs for coloured cells."""

from difflib import SequenceMatcher
from itertools import pairwise

Runs = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it differs from the other side."""

ALIKE = 0.4
"""Below this share of common characters the texts are simply different."""


def differing(left: str, right: str) -> tuple[Runs, Runs]:
    """Return both texts as runs; nothing differs where either side is empty.

    What both begin and end with is common. Between, numbers of one length are compared digit by
    digit, anything else by its longest common parts. Texts with little in common differ as a whole.
    """
    if not left or not right or left == right:
        return _whole(left, False), _whole(right, False)
    head, tail = _ends(left, right)
    middle = left[head : len(left) - tail], right[head : len(right) - tail]
    marks = _marks(*middle)
    if head + tail + sum(marks[0]) < ALIKE * max(len(left), len(right)):
        return _whole(left, True), _whole(right, True)
    start, end = left[:head], left[len(left) - tail :]
    return _runs(start, middle[0], marks[0], end), _runs(start, middle[1], marks[1], end)


def _whole(text: str, differs: bool) -> Runs:
    return ((text, differs),) if text else ()


def _ends(left: str, right: str) -> tuple[int, int]:
    """Return how many characters both begin and then end with."""
    shorter = min(len(left), len(right))
    head = 0
    while head < shorter and left[head] == right[head]:
        head += 1
    tail = 0
    while tail < shorter - head and left[-1 - tail] == right[-1 - tail]:
        tail += 1
    return head, tail


def _marks(left: str, right: str) -> tuple[list[bool], list[bool]]:
    """Return per character of each side whether it is common."""
    if len(left) == len(right) and left.isdigit() and right.isdigit():
        same = [a == b for a, b in zip(left, right, strict=True)]
        return same, same
    marks = [False] * len(left), [False] * len(right)
    if left and right and len(left) + len(right) > 2:
        for a, b, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            marks[0][a : a + size] = [True] * size
            marks[1][b : b + size] = [True] * size
    return marks


def _runs(start: str, middle: str, same: list[bool], end: str) -> Runs:
    inner: Runs = ((middle, True),)
    if True in same:
        edges = [0, *(i for i in range(1, len(same)) if same[i] != same[i - 1]), len(same)]
        inner = tuple((middle[a:b], not same[a]) for a, b in pairwise(edges))
    return tuple(piece for piece in ((start, False), *inner, (end, False)) if piece[0])
