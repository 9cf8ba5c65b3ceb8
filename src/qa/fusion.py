"""Scores of the legs brought to one scale and added: what fusion does, apart from where the scores come from."""

from __future__ import annotations

from collections.abc import Mapping

Scores = Mapping[str, float]
"""Scores by passage id; higher is better; a passage that a leg did not find is not among them."""

TOP = 100


def min_max(scores: Scores) -> dict[str, float]:
    """Scores of the best 100 scaled to 0..1 (min-max); passages further down get 0, a single score gets 1."""
    ranked = sorted(scores.values(), reverse=True)[:TOP]
    if not ranked:
        return {}
    low, high = ranked[-1], ranked[0]
    if high <= low:
        return dict.fromkeys(scores, 1.0)
    return {key: max(0.0, (value - low) / (high - low)) for key, value in scores.items()}


def fuse(legs: Mapping[str, Scores], weights: Mapping[str, float]) -> dict[str, float]:
    """The weighted sum of the min-max scaled legs, divided by the sum of the weights: 0..1 by passage id.

    A leg without a weight has no vote. Linear fusion of scaled scores: Bruch, Gai and Ingber 2023.
    """
    total = sum(weights.values())
    fused: dict[str, float] = {}
    for name, weight in weights.items():
        if weight > 0:
            for key, value in min_max(legs.get(name, {})).items():
                fused[key] = fused.get(key, 0.0) + weight * value / total
    return fused


def ranks(scores: Scores) -> dict[str, int]:
    """The 1-based rank of each passage in a leg, ties by id."""
    order = sorted(scores, key=lambda key: (-scores[key], key))
    return {key: rank for rank, key in enumerate(order, 1)}
