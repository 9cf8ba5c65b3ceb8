"""The legs that search by meaning: windows by their vectors, and the best candidates again by each of their tokens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qa.encoders import Encoder, TokenEncoder, Vectors
from qa.records import Language
from qa.store import Store

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DenseQuestion:
    """A question as the encoder reads it: its vector, and those of its tokens (one a row) if the encoder gives them."""

    vector: NDArray[np.float32]
    tokens: Vectors | None


@dataclass(frozen=True, slots=True)
class Windows:
    """What the vectors found: each passage's best window with its cosine, every window's cosine, and the lowest."""

    scores: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, Span] = field(default_factory=dict)
    cosines: Mapping[tuple[str, Span], float] = field(default_factory=dict)
    lowest: float = 0.0


class DenseLegs:
    """Searches the vectors and tokens of one open store; an index without them, or no encoder, finds nothing."""

    def __init__(self, store: Store, encoder: Encoder | None) -> None:
        self._store = store
        self._encoder = encoder if store.vectors is not None else None

    def read(self, question: str, language: Language) -> DenseQuestion | None:
        """The question encoded, in one pass; None without an encoder."""
        if self._encoder is None:
            return None
        if isinstance(self._encoder, TokenEncoder) and self._store.tokens is not None:
            return DenseQuestion(*self._encoder.encode_question_with_tokens(question, language))
        return DenseQuestion(self._encoder.encode_questions([question], language)[0], None)

    def windows(self, question: DenseQuestion, limit: int, allowed: Collection[str] | None) -> Windows:
        """The `limit` windows nearest to the question, of the passages allowed."""
        if self._store.vectors is None:
            return Windows()
        inside = None if allowed is None else self._store.window_ids(allowed)
        ids, cosines = self._store.vectors.search(question.vector[None, :], limit, allowed=inside)
        known = self._store.windows([int(window) for window in ids[0]])
        scores: dict[str, float] = {}
        best: dict[str, Span] = {}
        every: dict[tuple[str, Span], float] = {}
        for window_id, cosine in zip(ids[0], cosines[0], strict=True):
            window = known[int(window_id)]
            span = (window.start, window.end)
            every[window.passage_id, span] = float(cosine)
            if window.passage_id not in scores:
                scores[window.passage_id] = float(cosine)
                best[window.passage_id] = span
        return Windows(scores, best, every, min(every.values(), default=0.0))

    def tokens(self, question: DenseQuestion, candidates: Sequence[str]) -> dict[str, float]:
        """Late interaction over candidate passages: the mean over the question's tokens of the best match of each.

        MaxSim of ColBERT (Khattab and Zaharia 2020), over the token states of the same encoder.
        """
        if question.tokens is None or self._store.tokens is None or not candidates:
            return {}
        return self._store.tokens.max_sim(question.tokens, self._store.window_ids_of(candidates))

    def sentences(self, question: DenseQuestion, passages: Sequence[str]) -> dict[tuple[str, int], float]:
        """The same for single sentences, by passage and by where the sentence begins."""
        if question.tokens is None or self._store.tokens is None or not passages:
            return {}
        ids = [window for held in self._store.window_ids_of(passages).values() for window in held]
        scores = self._store.tokens.max_sim_each(question.tokens, ids)
        known = self._store.windows(ids)
        return {(known[window].passage_id, known[window].start): score for window, score in scores.items()}
