"""Late interaction against plain numpy, what is added and removed, files and their damage."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qa.errors import IndexCorruptError, IndexWriteError
from qa.tokens import TokenIndex, Tokens

DIMENSION = 32


def unit(count: int, seed: int, dimension: int = DIMENSION) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    found: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def some(count: int, seed: int) -> Tokens:
    found: Tokens = np.rint(unit(count, seed) * 127).astype(np.int8)
    return found


def windows(count: int, seed: int = 5) -> dict[int, Tokens]:
    """Windows of 0 to 39 tokens under wild ids, the first of none."""
    chance = np.random.default_rng(seed)
    ids = chance.choice(2**62, count, replace=False).tolist()
    sizes = [0, *chance.integers(0, 40, count - 1).tolist()]
    return {window: some(size, at) for at, (window, size) in enumerate(zip(ids, sizes, strict=True))}


def filled(held: Mapping[int, Tokens]) -> TokenIndex:
    index = TokenIndex.create(DIMENSION)
    index.add(list(held), list(held.values()))
    return index


def plain(held: Mapping[int, Tokens], question: NDArray[np.float32], group: Sequence[int]) -> float:
    """MaxSim by its formula, one inner product at a time."""
    rows = [row.astype(float) / 127 for window in group for row in held[window]]
    if not rows or not len(question):
        return 0.0
    best = [max(float(word.astype(float) @ row) for row in rows) for word in question]
    return sum(best) / len(best)


@pytest.mark.parametrize("words", [1, 15, 300])
def test_max_sim_is_its_formula(words: int) -> None:
    held, question = windows(40), unit(words, 9)
    ids = list(held)
    groups = {f"p{at}": ids[at : at + 1 + at % 7] for at in range(0, 40, 3)} | {"twice": [ids[3], ids[3]], "none": []}
    groups["no tokens"] = [ids[0]]
    found = filled(held).max_sim(question, groups)
    assert list(found) == list(groups)
    for name, group in groups.items():
        assert found[name] == pytest.approx(plain(held, question, group), abs=2e-6)
    assert found["none"] == found["no tokens"] == 0.0


def test_each_window_is_a_group_of_its_own() -> None:
    held, question = windows(30), unit(8, 9)
    index = filled(held)
    found = index.max_sim_each(question, list(held))
    assert found == {window: index.max_sim(question, {"x": [window]})["x"] for window in held}
    assert found[next(iter(held))] == 0.0
    assert index.max_sim_each(question, []) == {}
    assert index.max_sim(question, {}) == {}


def test_by_hand() -> None:
    index = TokenIndex.create(2)
    index.add([7, 3], [np.array([[127, 0]], np.int8), np.array([[0, 127], [0, -127]], np.int8)])
    question = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert index.max_sim(question, {"a": [7], "b": [3], "c": [3, 7]}) == {
        "a": (1 + 0.6) / 2,
        "b": (0 + 0.8) / 2,
        "c": (1 + 0.8) / 2,
    }


def test_a_question_without_tokens_meets_nothing() -> None:
    held = windows(3)
    assert filled(held).max_sim(unit(0, 1), {"a": list(held)}) == {"a": 0.0}


def test_a_window_scores_the_same_in_any_company() -> None:
    held, question = windows(200), unit(13, 9)
    index = filled(held)
    ids = list(held)
    together = index.max_sim_each(question, ids)
    assert together == {window: index.max_sim_each(question, [window])[window] for window in ids}
    assert together == index.max_sim_each(question, ids[::-1])


def test_a_window_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="11"):
        filled(windows(3)).max_sim(unit(2, 1), {"a": [11]})


def test_what_is_removed_is_gone_and_the_rest_stays(tmp_path: Path) -> None:
    held = windows(50)
    index = filled(held)
    ids = list(held)
    assert (len(index), index.rows) == (50, sum(map(len, held.values())))
    gone = ids[::3]
    assert index.remove([*gone, 11]) == len(gone)
    assert index.remove(gone) == 0
    left = {window: tokens for window, tokens in held.items() if window not in gone}
    assert (len(index), index.rows) == (len(left), sum(map(len, left.values())))
    assert index.ids().tolist() == sorted(left)
    with pytest.raises(KeyError):
        index.max_sim_each(unit(2, 1), gone[:1])
    index.add(gone[:1], [held[gone[0]]])
    index.save(tmp_path / "one")
    filled(left | {gone[0]: held[gone[0]]}).save(tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_what_is_added_and_removed_at_once_was_never_there() -> None:
    index = TokenIndex.create(DIMENSION)
    index.add([1, 2], [some(2, 1), some(3, 2)])
    assert index.remove([1]) == 1
    index.add([1], [some(4, 3)])
    assert (index.ids().tolist(), index.rows) == ([1, 2], 7)
    assert index.remove([1, 2]) == 2
    assert (len(index), index.rows, index.dimension) == (0, 0, DIMENSION)


@pytest.mark.parametrize(
    ("ids", "tokens", "message"),
    [
        ([1, 1], [some(2, 1), some(2, 2)], "an id stands for the tokens of one window only"),
        ([5], [some(2, 1)], "an id stands for the tokens of one window only"),
        ([1, 2], [some(2, 1)], "2 ids for the tokens of 1 windows"),
        ([1], [some(2, 1)[:, :4]], r"tokens of shape \(2, 4\) \(int8\) for an index of 32"),
        ([1], [unit(2, 1)], r"tokens of shape \(2, 32\) \(float32\) for an index of 32 \(int8\)"),
        ([1], [some(2, 1)[0]], r"tokens of shape \(32,\)"),
    ],
)
def test_what_does_not_fit_is_not_added(ids: list[int], tokens: list[Tokens], message: str) -> None:
    index = filled({5: some(3, 1)})
    with pytest.raises(ValueError, match=message):
        index.add(ids, tokens)
    assert (index.ids().tolist(), index.rows) == ([5], 3)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_saved_and_opened_it_is_the_same_and_can_change(tmp_path: Path, count: int) -> None:
    held = windows(count) if count else {}
    filled(held).save(tmp_path / "t")
    index, question = TokenIndex.open(tmp_path / "t"), unit(5, 9)
    assert (len(index), index.rows, index.dimension) == (count, sum(map(len, held.values())), DIMENSION)
    assert index.max_sim_each(question, list(held)) == filled(held).max_sim_each(question, list(held))
    index.remove(list(held)[:1])
    index.add([1], [some(2, 1)])
    index.save(tmp_path / "next")
    assert TokenIndex.open(tmp_path / "next").ids().tolist() == sorted([1, *list(held)[1:]])
    assert len(TokenIndex.open(tmp_path / "t")) == count


def test_an_open_index_outlives_its_file(tmp_path: Path) -> None:
    held, question = windows(20), unit(5, 9)
    filled(held).save(tmp_path / "t")
    index = TokenIndex.open(tmp_path / "t")
    expected = filled(held).max_sim_each(question, list(held))
    (tmp_path / "t").unlink()
    assert index.max_sim_each(question, list(held)) == expected


def test_the_file_is_what_the_docstring_says(tmp_path: Path) -> None:
    first, second = some(2, 1), some(1, 2)
    filled({9: first, 4: second}).save(tmp_path / "t")
    numbers = [int.from_bytes(b"tokens.1", "little"), DIMENSION, 2, 3, 4, 9, 0, 1, 3]
    head = b"".join(number.to_bytes(8, "little") for number in numbers)
    assert (tmp_path / "t").read_bytes() == head + second.tobytes() + first.tobytes()


def put(place: int, number: int) -> Callable[[bytes], bytes]:
    """Another number at a place of the head or of the table."""
    return lambda whole: whole[: 8 * place] + number.to_bytes(8, "little", signed=True) + whole[8 * place + 8 :]


DAMAGE: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("empty", lambda whole: b"", "it is empty"),
    ("head", lambda whole: whole[:20], "it ends in its head"),
    ("table", lambda whole: whole[:60], r"it has 60 bytes, its head says \d+"),
    ("a byte less", lambda whole: whole[:-1], r"it has \d+ bytes, its head says \d+"),
    ("a byte more", lambda whole: whole + b"x", r"it has \d+ bytes, its head says \d+"),
    ("foreign", lambda whole: b"x" * len(whole), "another kind of file"),
    ("no dimension", put(1, 0), "another kind of file"),
    ("fewer than none", put(2, -1), "another kind of file"),
    ("more rows", put(3, 10**15), r"it has 280 bytes, its head says 32\d+"),
    ("ids out of order", put(4, 2**62), "its table of windows contradicts itself"),
    ("first offset", put(7, 1), "its table of windows contradicts itself"),
    ("offsets go back", put(8, 99), "its table of windows contradicts itself"),
    ("last offset", put(10, 5), "its table of windows contradicts itself"),
]


@pytest.mark.parametrize(("spoil", "message"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_a_damaged_file_is_named(tmp_path: Path, spoil: Callable[[bytes], bytes], message: str) -> None:
    path = tmp_path / "t"
    filled({1: some(2, 1), 2: some(0, 2), 3: some(4, 3)}).save(path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(IndexCorruptError, match=rf"^The vectors of tokens in .*t cannot be read: {message}") as caught:
        TokenIndex.open(path)
    assert "색인을 다시 만드세요" in caught.value.korean
    assert caught.value.subject == str(path)


def test_a_missing_file_is_corrupt_and_a_missing_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="No such file"):
        TokenIndex.open(tmp_path / "absent")
    with pytest.raises(IndexWriteError, match="No such file") as caught:
        TokenIndex.create(4).save(tmp_path / "absent" / "t")
    assert "쓸 수 없습니다" in caught.value.korean


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no device that is always full")
def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(IndexWriteError, match="No space left"):
        filled(windows(9)).save(Path("/dev/full"))


def test_many_threads_may_ask() -> None:
    held, question = windows(100), unit(9, 9)
    index = filled(held)
    expected = index.max_sim_each(question, list(held))
    with ThreadPoolExecutor(8) as pool:
        assert all(
            found == expected for found in pool.map(lambda _: index.max_sim_each(question, list(held)), range(40))
        )
