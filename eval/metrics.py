"""The measures, as pure functions of numbers, and their bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 20261120
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measure over `count` questions, with its 95 % bootstrap interval; NaN where there was nothing to measure."""

    value: float
    low: float
    high: float
    count: int


NOTHING = Estimate(float("nan"), float("nan"), float("nan"), 0)


def found_by(rank: int | None, cutoff: int) -> float:
    """1 when the first relevant hit stands at `rank` (1-based) within the first `cutoff`, else 0 (also for None)."""
    return float(rank is not None and rank <= cutoff)


def reciprocal_rank(rank: int | None, cutoff: int) -> float:
    """1 / rank of the first relevant hit, 0 when it is not within the first `cutoff`."""
    return 1.0 / rank if rank is not None and rank <= cutoff else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """The probability that a positive scores above a negative, ties counting half (Mann-Whitney U / mn).

    NaN when either is empty.
    """
    if not len(positives) or not len(negatives):
        return float("nan")
    ordered = np.sort(np.asarray(negatives, dtype=np.float64))
    below = np.searchsorted(ordered, positives, side="left")
    up_to = np.searchsorted(ordered, positives, side="right")
    return float((below + up_to).sum() / (2 * len(positives) * len(negatives)))


def mean_estimate(values: Sequence[float]) -> Estimate:
    """The mean with its percentile bootstrap interval (Efron 1979): RESAMPLES draws with replacement, seeded."""
    if not len(values):
        return NOTHING
    data: Values = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(data), size=(RESAMPLES, len(data)))
    return _estimate(float(data.mean()), data[draws].mean(axis=1), len(data))


def auroc_estimate(positives: Sequence[float], negatives: Sequence[float]) -> Estimate:
    """The AUROC with its percentile bootstrap interval; the two groups are drawn from separately."""
    if not len(positives) or not len(negatives):
        return NOTHING
    rng = np.random.default_rng(SEED)
    first: Values = np.asarray(positives, dtype=np.float64)
    second: Values = np.asarray(negatives, dtype=np.float64)
    draws = [
        auroc(rng.choice(first, len(first)).tolist(), rng.choice(second, len(second)).tolist())
        for _ in range(RESAMPLES)
    ]
    return _estimate(auroc(positives, negatives), np.asarray(draws), len(first) + len(second))


def _estimate(value: float, draws: Values, count: int) -> Estimate:
    low, high = np.percentile(draws, [2.5, 97.5])
    return Estimate(value, float(low), float(high), count)
