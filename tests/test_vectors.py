"""The index against numpy brute force, ties by id, removal, filters, files, and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest

from qa.errors import IndexCorruptError, IndexWriteError
from qa.vectors import Ids, VectorIndex, Vectors

DIMENSION = 48


def unit(count: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    found: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def filled(ids: Sequence[int] | Ids, vectors: Vectors) -> VectorIndex:
    index = VectorIndex.create(vectors.shape[1])
    index.add(ids, vectors)
    return index


def brute_force(ids: Ids, vectors: Vectors, questions: Vectors, limit: int) -> tuple[Ids, Vectors]:
    scores = questions @ vectors.T
    order = np.array([np.lexsort((ids, -row))[:limit] for row in scores])
    return ids[order], np.take_along_axis(scores, order, axis=1)


def axes(*numbers: int) -> Vectors:
    return np.eye(4, dtype=np.float32)[list(numbers)]


@pytest.mark.parametrize("rows", [1, 7, 2500])
def test_search_is_brute_force(rows: int) -> None:
    vectors, questions = unit(rows, 1), unit(30, 2)
    ids = np.random.default_rng(3).choice(10**12, rows, replace=False)
    found, scores = filled(ids, vectors).search(questions, 20)
    expected, expected_scores = brute_force(ids, vectors, questions, 20)
    assert np.array_equal(found, expected)
    assert np.allclose(scores, expected_scores, atol=1e-6)
    assert (str(scores.dtype), str(found.dtype)) == ("float32", "int64")


def test_many_questions_at_once_are_answered_like_one() -> None:
    index, questions = filled(np.arange(500), unit(500, 1)), unit(64, 2)
    ids, scores = index.search(questions, 10)
    for row in range(64):
        alone = index.search(questions[row : row + 1], 10)
        assert np.array_equal(alone[0][0], ids[row])
        assert np.array_equal(alone[1][0], scores[row])


def test_equal_vectors_stand_by_id_even_where_the_limit_cuts_them() -> None:
    index = filled([40, 7, 30, 2, 20, 9], axes(0, 1, 0, 0, 0, 0))
    ids, scores = index.search(axes(0), 3)
    assert ids.tolist() == [[2, 9, 20]]
    assert scores.tolist() == [[1, 1, 1]]
    assert index.search(axes(0), 6)[0].tolist() == [[2, 9, 20, 30, 40, 7]]


def test_the_order_of_adding_changes_nothing() -> None:
    vectors = unit(300, 1)
    vectors[::5] = vectors[0]
    ids, shuffled = np.arange(300), np.random.default_rng(4).permutation(300)
    expected = filled(ids, vectors).search(unit(5, 2), 50)
    found = filled(ids[shuffled], vectors[shuffled]).search(unit(5, 2), 50)
    assert np.array_equal(found[0], expected[0])
    assert np.array_equal(found[1], expected[1])


def test_fewer_rows_than_the_limit_give_all_and_no_filling() -> None:
    index = filled([5, 3], axes(0, 1))
    assert index.search(axes(1), 100)[0].tolist() == [[3, 5]]
    assert VectorIndex.create(4).search(axes(0, 1), 10)[0].shape == (2, 0)
    assert index.search(axes(), 10)[0].shape == (0, 0)


class TestAllowed:
    def test_only_allowed_ids_are_found_and_as_many_as_asked_for(self) -> None:
        vectors, questions, ids = unit(1000, 1), unit(10, 2), np.arange(1000)
        allowed = ids[::13]
        found, scores = filled(ids, vectors).search(questions, 20, allowed=allowed)
        expected, expected_scores = brute_force(allowed, vectors[allowed], questions, 20)
        assert np.array_equal(found, expected)
        assert np.allclose(scores, expected_scores, atol=1e-6)

    def test_it_may_be_a_set_and_name_what_is_not_there(self) -> None:
        index = filled([5, 3], axes(0, 1))
        assert index.search(axes(0), 10, allowed={3, 99})[0].tolist() == [[3]]

    def test_none_allowed_finds_none(self) -> None:
        assert filled([5, 3], axes(0, 1)).search(axes(0), 10, allowed=[])[0].shape == (1, 0)


class TestRemove:
    def test_what_is_removed_is_not_found_again(self) -> None:
        vectors, ids = unit(400, 1), np.arange(400)
        index = filled(ids, vectors)
        assert index.remove(range(100, 300)) == 200
        kept = np.r_[0:100, 300:400]
        assert len(index) == 200
        assert np.array_equal(index.ids(), kept)
        expected, _ = brute_force(kept, vectors[kept], vectors[150:160], 20)
        assert np.array_equal(index.search(vectors[150:160], 20)[0], expected)

    def test_its_ids_can_be_given_again(self) -> None:
        index = filled([1, 2], axes(0, 1))
        index.remove([1])
        index.add([1], axes(2))
        assert index.search(axes(2), 1)[0].tolist() == [[1]]
        assert index.search(axes(0), 2)[1].tolist() == [[0, 0]]

    def test_unknown_ids_are_passed_over(self) -> None:
        index = filled([1, 2], axes(0, 1))
        assert index.remove([3]) == 0
        assert index.remove([]) == 0
        assert len(index) == 2


class TestRefusals:
    def test_ids_and_vectors_must_be_as_many(self) -> None:
        with pytest.raises(ValueError, match="3 ids for 2 vectors"):
            filled([1, 2, 3], axes(0, 1))

    def test_an_id_stands_once(self) -> None:
        index = filled([1, 2], axes(0, 1))
        for ids in ([3, 3], [3, 2]):
            with pytest.raises(ValueError, match="an id stands for one vector only"):
                index.add(ids, axes(2, 3))
        assert index.ids().tolist() == [1, 2]

    @pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 2.0])
    def test_vectors_are_of_unit_length(self, value: float) -> None:
        with pytest.raises(ValueError, match="must be of unit length"):
            filled([1], axes(0) * np.float32(value) if value != np.inf else np.full((1, 4), np.inf, np.float32))

    def test_the_dimension_is_the_indexs(self) -> None:
        index = filled([1], axes(0))
        with pytest.raises(ValueError, match=r"shape \(1, 48\) for an index of dimension 4"):
            index.search(unit(1, 1), 5)
        with pytest.raises(ValueError, match=r"shape \(4,\)"):
            index.search(axes(0)[0], 5)


class TestFile:
    def test_saved_and_opened_it_is_the_same(self, tmp_path: Path) -> None:
        path, questions = tmp_path / "벡터.faiss", unit(9, 2)
        index = filled(np.arange(300) * 7, unit(300, 1))
        index.save(path)
        again = VectorIndex.open(path)
        assert (len(again), again.dimension) == (300, DIMENSION)
        found, expected = again.search(questions, 50), index.search(questions, 50)
        assert np.array_equal(found[0], expected[0])
        assert np.array_equal(found[1], expected[1])

    def test_it_can_be_changed_after_opening(self, tmp_path: Path) -> None:
        filled([1, 2], axes(0, 1)).save(tmp_path / "v")
        index = VectorIndex.open(tmp_path / "v")
        index.add([3], axes(2))
        index.remove([1])
        index.save(tmp_path / "v")
        assert VectorIndex.open(tmp_path / "v").ids().tolist() == [2, 3]

    def test_an_empty_one_can_be_saved(self, tmp_path: Path) -> None:
        VectorIndex.create(4).save(tmp_path / "v")
        assert len(VectorIndex.open(tmp_path / "v")) == 0

    @pytest.mark.parametrize("kept", [0, 3, 20, 60, 700, -80, -1])
    def test_a_truncated_file_is_corrupt(self, tmp_path: Path, kept: int) -> None:
        path = tmp_path / "v"
        filled(np.arange(50), unit(50, 1)).save(path)
        path.write_bytes(path.read_bytes()[:kept])
        with pytest.raises(IndexCorruptError, match="cannot be read: ") as caught:
            VectorIndex.open(path)
        assert "색인을 다시 만드세요" in caught.value.korean
        assert caught.value.subject == str(path)

    def test_a_missing_file_and_another_kind_of_index_are_corrupt(self, tmp_path: Path) -> None:
        with pytest.raises(IndexCorruptError, match="No such file"):
            VectorIndex.open(tmp_path / "absent")
        faiss.write_index(faiss.IndexFlatIP(4), str(tmp_path / "flat"))
        faiss.write_index(faiss.IndexIDMap2(faiss.IndexFlatL2(4)), str(tmp_path / "distance"))
        for name in ("flat", "distance"):
            with pytest.raises(IndexCorruptError, match="another kind of index"):
                VectorIndex.open(tmp_path / name)

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(IndexWriteError, match="No such file") as caught:
            VectorIndex.create(4).save(tmp_path / "absent" / "v")
        assert "쓸 수 없습니다" in caught.value.korean


def test_many_threads_may_search() -> None:
    index, questions = filled(np.arange(2000), unit(2000, 1)), unit(8, 2)
    expected = index.search(questions, 30)[0]
    with ThreadPoolExecutor(8) as pool:
        for ids, _ in pool.map(lambda _: index.search(questions, 30), range(40)):
            assert np.array_equal(ids, expected)
