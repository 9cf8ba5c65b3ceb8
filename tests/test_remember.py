"""What was looked up once is not looked up again, and what there is too much of is forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from qa.store.remember import Remembered


class Squares:
    """Looks up squares of even numbers, and writes down what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def __call__(self, numbers: Sequence[int]) -> dict[int, int]:
        self.asked.append(list(numbers))
        return {number: number * number for number in numbers if number % 2 == 0}


def test_only_what_was_not_seen_is_looked_up() -> None:
    squares = Squares()
    remembered = Remembered(squares, 10)
    assert remembered([2, 4]) == {2: 4, 4: 16}
    assert remembered([4, 6, 2]) == {4: 16, 6: 36, 2: 4}
    assert squares.asked == [[2, 4], [6]]


def test_what_there_is_not_is_left_out_and_asked_for_again() -> None:
    squares = Squares()
    remembered = Remembered(squares, 10)
    assert remembered([1, 2]) == {2: 4}
    assert remembered([1]) == {}
    assert squares.asked == [[1, 2], [1]]


def test_too_much_is_forgotten_but_what_was_asked_for_comes_whole() -> None:
    squares = Squares()
    remembered = Remembered(squares, 3)
    assert remembered([2, 4, 6]) == {2: 4, 4: 16, 6: 36}
    assert remembered([6, 8]) == {6: 36, 8: 64}
    assert squares.asked == [[2, 4, 6], [6, 8]]
    assert remembered([2]) == {2: 4}
    assert squares.asked[-1] == [2]
