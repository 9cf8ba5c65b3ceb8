"""Vectors of tokens on disk, for late interaction: how well each word of a question is met anywhere in a passage.

One file of 8-bit rows, mapped and not read: the rows of a few dozen passages are looked at for a question.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.errors import IndexCorruptError, IndexWriteError

Ids = NDArray[np.int64]
Tokens = NDArray[np.int8]
"""Shape (tokens, dimension): vectors of unit length, times 127 and rounded."""

_SCALE = 127
_MAGIC = int.from_bytes(b"tokens.1", "little")
_HEAD = 4
"""Numbers at the head of the file, 64 bits each, little-endian as all that follow: magic, dimension, windows, rows."""
_SMALL = 2**18
"""Multiplications of a product of matrices that OpenBLAS does in one thread."""
_DECIMALS = 6
"""Of a score: beyond them, the same tokens may score otherwise in other company."""


class TokenIndex:
    """The tokens of each window, under the window's id. Searching is safe from many threads, changing from one.

    The file: four numbers (see `_HEAD`), the ids ascending, for each id and for the end the number of its first row,
    and the rows. What is added and removed is put in its place when the index is next read or saved.
    """

    def __init__(self, ids: Ids, offsets: Ids, rows: Tokens) -> None:
        self._hold(ids, offsets, rows)

    @classmethod
    def create(cls, dimension: int) -> TokenIndex:
        """An empty index."""
        return cls(np.empty(0, np.int64), np.zeros(1, np.int64), np.empty((0, dimension), np.int8))

    @classmethod
    def open(cls, path: Path) -> TokenIndex:
        """The index that was saved at `path`, mapped; raises IndexCorruptError if it is missing or not one of ours."""
        try:
            data = np.memmap(path, np.uint8, mode="r")
        except (OSError, ValueError) as error:
            raise _corrupt(path, getattr(error, "strerror", None) or "it is empty") from error
        if len(data) < 8 * _HEAD:
            raise _corrupt(path, "it ends in its head")
        magic, dimension, windows, rows = map(int, data[: 8 * _HEAD].view("<i8"))
        if magic != _MAGIC or dimension < 1 or windows < 0 or rows < 0:
            raise _corrupt(path, "another kind of file")
        numbers = 8 * (_HEAD + 2 * windows + 1)
        if len(data) != numbers + rows * dimension:
            raise _corrupt(path, f"it has {len(data)} bytes, its head says {numbers + rows * dimension}")
        ids, offsets = np.split(data[8 * _HEAD : numbers].view("<i8").astype(np.int64), [windows])
        if offsets[0] != 0 or offsets[-1] != rows or np.any(np.diff(offsets) < 0) or np.any(np.diff(ids) <= 0):
            raise _corrupt(path, "its table of windows contradicts itself")
        return cls(ids, offsets, data[numbers:].view(np.int8).reshape(rows, dimension))

    @property
    def dimension(self) -> int:
        """Length of a row."""
        return int(self._rows.shape[1])

    @property
    def rows(self) -> int:
        """How many tokens all windows have."""
        self._settle()
        return len(self._rows)

    def __len__(self) -> int:
        """How many windows there are, with and without tokens."""
        self._settle()
        return len(self._ids)

    def ids(self) -> Ids:
        """The ids of all windows, ascending."""
        self._settle()
        return self._ids.copy()

    def add(self, ids: Sequence[int] | Ids, tokens: Sequence[Tokens]) -> None:
        """Add the tokens of each window, maybe none.

        Raises ValueError, and adds none, if an id is given twice or is there already, if there are not as many ids
        as arrays, or if one is not of 8-bit rows of this dimension.
        """
        if len(ids) != len(tokens):
            raise ValueError(f"{len(ids)} ids for the tokens of {len(tokens)} windows")
        fresh = dict(zip(map(int, ids), tokens, strict=True))
        if len(fresh) < len(tokens) or any(map(self._holds, fresh)):
            raise ValueError("an id stands for the tokens of one window only")
        for each in tokens:
            if each.ndim != 2 or each.shape[1] != self.dimension or each.dtype != np.int8:
                raise ValueError(f"tokens of shape {each.shape} ({each.dtype}) for an index of {self.dimension} (int8)")
        self._changes |= fresh

    def remove(self, ids: Collection[int] | Ids) -> int:
        """Remove the windows of `ids`; how many there were. Ids that are not there are passed over."""
        there = {int(window) for window in ids if self._holds(int(window))}
        self._changes |= dict.fromkeys(there)
        return len(there)

    def save(self, path: Path) -> None:
        """Write the index to `path`, which nothing may be mapping; raises IndexWriteError if it cannot be written."""
        self._settle()
        head = np.array([_MAGIC, self.dimension, len(self._ids), len(self._rows)])
        try:
            with path.open("wb") as file:
                for numbers in (head, self._ids, self._offsets):
                    file.write(numbers.astype("<i8").tobytes())
                file.write(np.ascontiguousarray(self._rows).data)
        except OSError as error:
            raise IndexWriteError(
                f"The vectors of tokens cannot be written to {path}: {error.strerror}. Check that the folder can be "
                "written to and that the disk is not full.",
                f"토큰 벡터를 {path}에 쓸 수 없습니다: {error.strerror}. 폴더에 쓸 수 있는지, 디스크가 가득 차지 "
                "않았는지 확인하세요.",
                subject=str(path),
            ) from error

    def max_sim(self, question_tokens: NDArray[np.float32], groups: Mapping[str, Sequence[int]]) -> dict[str, float]:
        """For each key how well the question's tokens are met by those of any of its windows: -1..1, high is better.

        MaxSim (Khattab and Zaharia 2020, ColBERT), as a mean: over the question's tokens, of the highest inner
        product with a token of the group, which is the cosine but for rounding. A group without tokens scores 0, and
        so does all for a question without any. Raises KeyError for a window that is not there.
        """
        scores = self._scores(question_tokens, list(groups.values()))
        return dict(zip(groups, scores, strict=True))

    def max_sim_each(self, question_tokens: NDArray[np.float32], window_ids: Sequence[int]) -> dict[int, float]:
        """The score of each window alone, like `max_sim`."""
        scores = self._scores(question_tokens, [[window] for window in window_ids])
        return dict(zip(map(int, window_ids), scores, strict=True))

    def _scores(self, question: NDArray[np.float32], groups: Sequence[Sequence[int]]) -> list[float]:
        self._settle()
        spans = [[self._span(int(window)) for window in group] for group in groups]
        sizes = np.array([sum(end - start for start, end in group) for group in spans], np.int64)
        scores = np.zeros(len(groups))
        if len(question) and sizes.any():
            rows = np.concatenate([self._rows[start:end] for start, end in chain.from_iterable(spans)])
            starts = np.cumsum(sizes) - sizes
            best = np.maximum.reduceat(_products(rows, question), starts[sizes > 0], axis=0)
            scores[sizes > 0] = best.mean(axis=1, dtype=np.float64) / _SCALE
        return [round(float(score), _DECIMALS) for score in scores]

    def _span(self, window: int) -> tuple[int, int]:
        at = self._places[window]
        return int(self._offsets[at]), int(self._offsets[at + 1])

    def _holds(self, window: int) -> bool:
        return self._changes[window] is not None if window in self._changes else window in self._places

    def _settle(self) -> None:
        """Put what was added and removed in its place."""
        if not self._changes:
            return
        held: dict[int, Tokens | None] = {
            int(window): self._rows[start:end]
            for window, (start, end) in zip(self._ids, pairwise(self._offsets), strict=True)
        }
        held |= self._changes
        kept = {window: tokens for window, tokens in sorted(held.items()) if tokens is not None}
        sizes = [len(tokens) for tokens in kept.values()]
        rows = np.concatenate([np.empty((0, self.dimension), np.int8), *kept.values()])
        self._hold(np.array(list(kept), np.int64), np.cumsum([0, *sizes]), rows)

    def _hold(self, ids: Ids, offsets: Ids, rows: Tokens) -> None:
        self._ids, self._offsets, self._rows = ids, offsets, rows
        self._places = dict(zip(ids.tolist(), range(len(ids)), strict=True))
        self._changes: dict[int, Tokens | None] = {}


def _products(rows: Tokens, question: NDArray[np.float32]) -> NDArray[np.float32]:
    """The inner products of all rows (down) with all of the question's tokens (across), a block of rows at a time.

    Blocks stay in the cache, and under the size at which OpenBLAS calls in a second thread: on busy cores the two
    wait for one another by spinning, and 0.6 ms become 12.
    """
    columns = np.ascontiguousarray(question.T, np.float32)
    found = np.empty((len(rows), columns.shape[1]), np.float32)
    block = max(1, _SMALL // columns.size)
    for at in range(0, len(rows), block):
        np.matmul(rows[at : at + block].astype(np.float32), columns, out=found[at : at + block])
    return found


def _corrupt(path: Path, reason: str) -> IndexCorruptError:
    return IndexCorruptError(
        f"The vectors of tokens in {path} cannot be read: {reason}. Build the index again.",
        f"{path}의 토큰 벡터를 읽을 수 없습니다: {reason}. 색인을 다시 만드세요.",
        subject=str(path),
    )
