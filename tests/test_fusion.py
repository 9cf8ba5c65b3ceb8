"""Fusion, with its arithmetic written out."""

from __future__ import annotations

from qa.fusion import TOP, fuse, min_max, ranks


def test_the_best_gets_one_the_worst_nothing_the_rest_their_share() -> None:
    assert min_max({"a": 9.0, "b": 3.0, "c": 5.0}) == {"a": 1.0, "b": 0.0, "c": (5 - 3) / (9 - 3)}


def test_negative_scores_are_scaled_alike() -> None:
    assert min_max({"a": -0.5, "b": 0.25, "c": -0.25}) == {"a": 0.0, "b": 1.0, "c": 0.25 / 0.75}


def test_equal_scores_and_a_single_one_get_one_and_nothing_stays_nothing() -> None:
    assert min_max({"a": 0.3}) == {"a": 1.0}
    assert min_max({"a": -2.0, "b": -2.0}) == {"a": 1.0, "b": 1.0}
    assert min_max({}) == {}


def test_the_scale_ends_with_the_hundredth() -> None:
    scores = {f"p{value:03}": float(value) for value in range(150)}
    scaled = min_max(scores)
    best, hundredth = 149, 150 - TOP
    assert TOP == 100
    assert scaled["p149"] == 1.0
    assert scaled["p120"] == (120 - hundredth) / (best - hundredth)
    assert scaled[f"p{hundredth:03}"] == 0.0
    assert [scaled[f"p{value:03}"] for value in range(hundredth)] == [0.0] * hundredth
    assert scaled.keys() == scores.keys()


def test_legs_are_scaled_weighted_and_added() -> None:
    legs = {"one": {"a": 8.0, "b": 6.0, "c": 4.0}, "two": {"b": 0.9, "c": 0.1}}
    fused = fuse(legs, {"one": 0.7, "two": 0.3})
    assert fused == {"a": 0.7 * 1.0, "b": 0.7 * 0.5 + 0.3 * 1.0, "c": 0.7 * 0.0 + 0.3 * 0.0}


def test_weights_count_by_their_share_of_all() -> None:
    legs = {"one": {"a": 2.0, "b": 1.0}, "two": {"b": 2.0, "a": 1.0}}
    assert fuse(legs, {"one": 3.0, "two": 1.0}) == {"a": 3.0 / 4.0, "b": 1.0 / 4.0}


def test_a_leg_without_a_weight_has_no_vote_and_adds_no_passage() -> None:
    legs = {"one": {"a": 2.0, "b": 1.0}, "two": {"x": 9.0}, "three": {"y": 9.0}}
    assert fuse(legs, {"one": 1.0, "three": 0.0}) == {"a": 1.0, "b": 0.0}


def test_a_weight_without_a_leg_or_of_an_empty_one_only_lowers_the_rest() -> None:
    assert fuse({"one": {"a": 5.0}, "none": {}}, {"one": 0.5, "none": 0.25, "gone": 0.25}) == {"a": 0.5}
    assert fuse({}, {"one": 1.0}) == {}
    assert fuse({"one": {"a": 5.0}}, {}) == {}


def test_ranks_count_from_one_and_ties_go_by_id() -> None:
    assert ranks({"b#1": 0.5, "a#2": 0.5, "c#0": 0.9, "a#10": 0.5}) == {"c#0": 1, "a#10": 2, "a#2": 3, "b#1": 4}
    assert ranks({}) == {}
