"""The measures against arithmetic written out, and the intervals against theory."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.metrics import NOTHING, Estimate, auroc, auroc_estimate, found_by, mean_estimate, reciprocal_rank


@pytest.mark.parametrize(
    ("rank", "cutoff", "expected"), [(1, 1, 1.0), (2, 1, 0.0), (5, 5, 1.0), (6, 5, 0.0), (None, 5, 0.0)]
)
def test_found_by(rank: int | None, cutoff: int, expected: float) -> None:
    assert found_by(rank, cutoff) == expected


@pytest.mark.parametrize(("rank", "expected"), [(1, 1.0), (4, 1 / 4), (10, 1 / 10), (11, 0.0), (None, 0.0)])
def test_reciprocal_rank_within_ten(rank: int | None, expected: float) -> None:
    assert reciprocal_rank(rank, 10) == expected


def test_auroc_counts_pairs_and_halves_ties() -> None:
    # .9 beats .5 and .1; .5 ties with .5 and beats .1: (1 + 1 + 1/2 + 1) / (2 * 2)
    assert auroc([0.9, 0.5], [0.5, 0.1]) == (1 + 1 + 1 / 2 + 1) / 4
    assert auroc([0.1], [0.9]) == 0
    assert math.isnan(auroc([], [0.5]))
    assert math.isnan(auroc([0.5], []))


def test_auroc_equals_the_count_over_all_pairs() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        first, second = (rng.integers(0, 6, rng.integers(1, 30)).tolist() for _ in range(2))
        pairs = [1.0 if high > low else 0.5 if high == low else 0.0 for high in first for low in second]
        assert auroc(first, second) == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)


def test_an_interval_is_seeded_and_holds_the_mean() -> None:
    values = [1.0, 0.0, 1.0, 1.0]
    estimate = mean_estimate(values)
    assert estimate == mean_estimate(values)
    assert estimate.value == 3 / 4
    assert estimate.count == 4
    assert 0 <= estimate.low < 3 / 4 < estimate.high <= 1


def test_the_interval_of_a_share_is_as_wide_as_theory_says() -> None:
    values = [1.0] * 600 + [0.0] * 400
    estimate = mean_estimate(values)
    assert estimate.high - estimate.low == pytest.approx(2 * 1.96 * math.sqrt(0.6 * 0.4 / 1000), rel=0.1)


def test_what_does_not_vary_has_no_width_and_nothing_is_nothing() -> None:
    assert mean_estimate([0.25] * 9) == Estimate(0.25, 0.25, 0.25, 9)
    assert auroc_estimate([0.9, 0.8], [0.1]) == Estimate(1.0, 1.0, 1.0, 3)
    assert mean_estimate([]) is NOTHING
    assert auroc_estimate([0.9], []) is NOTHING
