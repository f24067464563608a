"""Slips on 16-digit numbers, over whole series."""

import numpy as np
import numpy.typing as npt
import polars as pl

Digits = npt.NDArray[np.uint8]


def to_digits(numbers: pl.Series) -> Digits:
    """Return 16-digit texts as an n × 16 array of digits."""
    text = "".join(numbers.to_list()).encode()
    return np.frombuffer(text, dtype=np.uint8).reshape(-1, 16) - 48


def to_text(digits: Digits) -> pl.Series:
    """Return rows of digits as texts."""
    width = digits.shape[1]
    raw = (digits + 48).astype(np.uint8).tobytes().decode()
    rows = [raw[i : i + width] for i in range(0, len(raw), width)]
    return pl.Series("number", rows, dtype=pl.String)


def _positions(rng: np.random.Generator, n: int, first: int, last: int) -> npt.NDArray[np.int64]:
    return rng.integers(first, last, n)


def one_digit_wrong(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers with one digit changed; the later ones slip more often."""
    digits = to_digits(numbers).copy()
    n = len(numbers)
    at = np.where(rng.random(n) < 0.3, _positions(rng, n, 0, 6), _positions(rng, n, 6, 16))
    rows = np.arange(n)
    digits[rows, at] = (digits[rows, at] + rng.integers(1, 10, n)) % 10
    return to_text(digits)


def two_digits_wrong(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers with two slips (that may fall on one digit)."""
    return one_digit_wrong(rng, one_digit_wrong(rng, numbers))


def transposed(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers with two neighbouring digits exchanged (equal ones change nothing)."""
    digits = to_digits(numbers).copy()
    at, rows = _positions(rng, len(numbers), 0, 15), np.arange(len(numbers))
    digits[rows, at], digits[rows, at + 1] = digits[rows, at + 1], digits[rows, at].copy()
    return to_text(digits)


def other_sex(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return NIKs with the 40 that marks women forgotten, or added to a man's."""
    digits = to_digits(numbers).copy()
    digits[:, 6] = (digits[:, 6] + 4) % 8
    return to_text(digits)


def _without(rng: np.random.Generator, digits: Digits) -> Digits:
    n, width = digits.shape
    keep = np.ones((n, width), dtype=bool)
    keep[np.arange(n), _positions(rng, n, 0, width)] = False
    return digits[keep].reshape(n, width - 1)


def digit_lost(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers of 15 digits."""
    return to_text(_without(rng, to_digits(numbers)))


def two_digits_lost(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers of 14 digits."""
    return to_text(_without(rng, _without(rng, to_digits(numbers))))


def digit_doubled(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers of 17 digits: one typed twice."""
    digits = to_digits(numbers)
    n = len(digits)
    at = _positions(rng, n, 0, 16)[:, None]
    column = np.arange(17)[None, :]
    source = np.where(column > at, column - 1, column)
    return to_text(np.take_along_axis(digits, source, axis=1))


def last_digit_zeroed(numbers: pl.Series) -> pl.Series:
    """Return what Excel keeps of a 16-digit number."""
    return numbers.str.head(15) + "0"


def scientific(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return `3.20101E+15`, with a comma or a point as the office has it."""
    mark = str(rng.choice([",", "."]))
    places = int(rng.choice([5, 5, 5, 2, 8]))
    values = numbers.cast(pl.Int64).to_list()
    return pl.Series([f"{value:.{places}E}".replace(".", mark) for value in values])


LETTERS = {"0": "Oo", "1": "Il|", "5": "S", "8": "B", "2": "Z"}


def letters(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers with one kind of digit typed as the letter that looks like it."""
    digit = rng.choice(list(LETTERS), len(numbers), p=[0.6, 0.2, 0.1, 0.05, 0.05])
    letter = [str(rng.choice(list(LETTERS[d]))) for d in digit]
    once = rng.random(len(numbers)) < 0.6
    pairs = zip(numbers.to_list(), digit, letter, once, strict=True)
    return pl.Series([n.replace(str(d), c, 1 if o else -1) for n, d, c, o in pairs])


SEPARATED = (
    (r"^(..)(..)(..)(......)(....)$", "${1}.${2}.${3}.${4}.${5}"),
    (r"^(....)(....)(....)(....)$", "${1} ${2} ${3} ${4}"),
    (r"^(.)(...)(...)(...)(...)(...)$", "${1}.${2}.${3}.${4}.${5}.${6}"),
    (r"^(......)(......)(....)$", "${1}-${2}-${3}"),
)


def separated(rng: np.random.Generator, numbers: pl.Series) -> pl.Series:
    """Return numbers with points, blanks or hyphens between the digits."""
    forms = [numbers.str.replace(pattern, form) for pattern, form in SEPARATED]
    which = pl.Series(rng.integers(0, len(forms), len(numbers)))
    return pl.select(
        pl.coalesce(*(pl.when(which == i).then(form) for i, form in enumerate(forms)))
    ).to_series()
