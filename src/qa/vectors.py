"""The only door to faiss: vectors of unit length by 64-bit id, searched exactly, removed without a trace.

A flat index: at 2,500 x 384 a search takes 0.1 ms, at 50,000 2.5 ms. Half precision would halve memory and time, and
give other scores; IVF and HNSW are faster still, and miss rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexCorruptError, IndexWriteError

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

TOLERANCE = 1e-3


class VectorIndex:
    """Rows of one dimension, each under an id of its own. Searching is safe from many threads, changing from one."""

    def __init__(self, index: faiss.IndexIDMap2) -> None:
        self._index = index

    @classmethod
    def create(cls, dimension: int) -> VectorIndex:
        """An empty index."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def open(cls, path: Path) -> VectorIndex:
        """The index that was saved at `path`; raises IndexCorruptError if it is missing or is not one of ours.

        It is read, not mapped: 2,500 rows take 2 ms, and faiss aborts the process when a mapped index is changed.
        """
        try:
            index = faiss.read_index(str(path))
        except (MemoryError, RuntimeError) as error:
            raise _corrupt(path, _reason(error)) from error
        if not isinstance(index, faiss.IndexIDMap2) or not isinstance(
            faiss.downcast_index(index.index), faiss.IndexFlatIP
        ):
            raise _corrupt(path, "another kind of index")
        return cls(index)

    @property
    def dimension(self) -> int:
        """Length of a row."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Ids:
        """The ids of all rows, ascending."""
        return np.sort(faiss.vector_to_array(self._index.id_map))

    def add(self, ids: Sequence[int] | Ids, vectors: Vectors) -> None:
        """Add a row under each id.

        Raises ValueError, and adds none, if an id is given twice or is there already, if there are not as many ids
        as rows, or if a row has another dimension or is not of unit length.
        """
        rows, keys = self._checked(vectors), np.asarray(ids, np.int64)
        if keys.shape != (len(rows),):
            raise ValueError(f"{len(keys)} ids for {len(rows)} vectors")
        if len(np.unique(keys)) < len(keys) or np.isin(keys, self.ids()).any():
            raise ValueError("an id stands for one vector only")
        self._index.add_with_ids(rows, keys)

    def remove(self, ids: Collection[int] | Ids) -> int:
        """Remove the rows of `ids`; how many there were. Ids that are not there are passed over."""
        return int(self._index.remove_ids(_selector(ids)))

    def search(
        self, vectors: Vectors, limit: int, *, allowed: Collection[int] | Ids | None = None
    ) -> tuple[Ids, Vectors]:
        """For each row of `vectors` the ids of the nearest rows and their inner products, best first, ties by id.

        Both of shape (questions, k), where k is `limit`, or the number of rows (among `allowed`) if that is less.
        """
        rows = self._checked(vectors)
        parameters = faiss.SearchParameters()
        if allowed is not None:
            selector = _selector(allowed)  # the parameters do not keep it alive
            parameters.sel = selector
        # OpenMP threads wait for one another by spinning: on busy cores two of them make 10 ms of 0.1.
        faiss.omp_set_num_threads(1)
        # One question at a time: many at once go through BLAS, which adds up in another order.
        found = [self._nearest(row[np.newaxis], limit, parameters) for row in rows]
        width = len(found[0][0]) if found else 0
        ids = np.array([each for each, _ in found], np.int64).reshape(len(rows), width)
        return ids, np.array([each for _, each in found], np.float32).reshape(len(rows), width)

    def save(self, path: Path) -> None:
        """Write the index to `path`; raises IndexWriteError if it cannot be written."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise IndexWriteError(
                f"The vectors cannot be written to {path}: {_reason(error)}. Check that the folder can be written to "
                "and that the disk is not full.",
                f"벡터를 {path}에 쓸 수 없습니다: {_reason(error)}. 폴더에 쓸 수 있는지, 디스크가 가득 차지 않았는지 "
                "확인하세요.",
                subject=str(path),
            ) from error

    def _nearest(self, row: Vectors, limit: int, parameters: faiss.SearchParameters) -> tuple[Ids, Vectors]:
        """Ids and scores of one question; looks further while a tie is cut at the end, so that ids decide it."""
        depth = limit + 1
        while True:
            scores, ids = (each[0] for each in self._index.search(row, depth, params=parameters))
            scores, ids = scores[ids >= 0], ids[ids >= 0]
            if len(ids) < depth or scores[-1] < scores[limit - 1]:
                break
            depth *= 2
        order = np.lexsort((ids, -scores))[:limit]
        return ids[order], scores[order]

    def _checked(self, vectors: Vectors) -> Vectors:
        rows = np.ascontiguousarray(vectors, np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            raise ValueError(f"vectors of shape {rows.shape} for an index of dimension {self.dimension}")
        if not np.all(np.abs(np.linalg.norm(rows, axis=1) - 1) < TOLERANCE):
            raise ValueError("vectors must be of unit length")
        return rows


def _selector(ids: Collection[int] | Ids) -> faiss.IDSelectorBatch:
    return faiss.IDSelectorBatch(np.fromiter(ids, np.int64, len(ids)))


def _reason(error: Exception) -> str:
    """The part of a faiss message after the C++ function's name."""
    text = next(chain(str(error).splitlines(), [type(error).__name__]))
    return text.rpartition("Error: ")[2][:200]


def _corrupt(path: Path, reason: str) -> IndexCorruptError:
    return IndexCorruptError(
        f"The vectors in {path} cannot be read: {reason}. Build the index again.",
        f"{path}의 벡터를 읽을 수 없습니다: {reason}. 색인을 다시 만드세요.",
        subject=str(path),
    )
