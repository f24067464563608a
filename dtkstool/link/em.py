"""Expectation–maximisation over agreement patterns: m, u and the prior without labels.

Every comparison is a ladder of levels, 0 meaning unknown, which is evidence of nothing. Pairs are
reduced to their distinct patterns first, so that the cost does not grow with their number.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dtkstool.link.comparisons import Floats, Ints, Levels

ROUNDS = 500
SETTLED = 1e-7
PSEUDO = 1e-4
"""Pairs added to every level of both classes, so that an unseen level is rare, not impossible."""


@dataclass(frozen=True)
class Mixture:
    """Two classes of pairs: matches and the rest. Level 0 of every row is 0: unknown."""

    prior: float
    """Share of the pairs that are matches."""
    m: tuple[Floats, ...]
    """Per comparison: the share of each level among matches, of those where it is known."""
    u: tuple[Floats, ...]

    def weights(self, levels: npt.NDArray[np.uint8]) -> Floats:
        """Return log2 of the odds of a match, one a row of `levels`, the prior included."""
        total = np.full(len(levels), np.log2(self.prior / (1 - self.prior)))
        for k, (m, u) in enumerate(zip(self.m, self.u, strict=True)):
            known = levels[:, k] > 0
            at = levels[known, k]
            total[known] += np.log2(m[at]) - np.log2(u[at])
        return total


def estimate(levels: npt.NDArray[np.uint8], sizes: list[int], start: float = 0.1) -> Mixture:
    """Return the mixture most likely to have made `levels` (one row a pair, one column a ladder).

    `sizes` are the ladders' numbers of levels, unknown included. Starts from agreement being
    likely among matches (level 1 is equal), with a prior of `start`. Deterministic.
    """
    patterns, counts = np.unique(levels, axis=0, return_counts=True)
    mixture = Mixture(start, tuple(map(_hopeful, sizes)), tuple(map(_plain, sizes)))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp2(-np.clip(mixture.weights(patterns), -500, 500)))
        grown = _maximised(patterns, counts, chance, sizes)
        moved = _distance(mixture, grown)
        mixture = grown
        if moved < SETTLED:
            break
    return mixture


def shares(levels: Levels, size: int, mass: Floats | Ints | None = None) -> Floats:
    """Return the share of each level among the known ones, `mass` counting each pair."""
    total = np.bincount(levels, weights=mass, minlength=size).astype(np.float64) + PSEUDO
    total[0] = 0.0
    return np.asarray(total / total.sum())


def _hopeful(size: int) -> Floats:
    rest = np.full(size, 0.1 / max(size - 2, 1))
    rest[0], rest[1] = 0.0, 0.9
    return rest


def _plain(size: int) -> Floats:
    rest = np.full(size, 0.1 / max(size - 2, 1))
    rest[0], rest[-1] = 0.0, 0.9
    return rest


def _maximised(
    patterns: npt.NDArray[np.uint8], counts: Ints, chance: Floats, sizes: list[int]
) -> Mixture:
    yes, no = counts * chance, counts * (1 - chance)
    return Mixture(
        float(np.clip(yes.sum() / counts.sum(), 1e-12, 1 - 1e-12)),
        tuple(shares(patterns[:, k], size, yes) for k, size in enumerate(sizes)),
        tuple(shares(patterns[:, k], size, no) for k, size in enumerate(sizes)),
    )


def _distance(old: Mixture, new: Mixture) -> float:
    moved = [np.abs(a - b).max() for a, b in zip((*old.m, *old.u), (*new.m, *new.u), strict=True)]
    return float(max(*moved, abs(old.prior - new.prior)))
