"""Which hits are relevant: gold spans of raw files, carried over to the indexed documents by their source maps.

A hit is relevant when it covers at least half of the characters of a gold of grade 2; or, for golds longer than a
passage, when it holds a whole accepted answer of that gold together with at least LEAST_CHARACTERS of it. White space
does not count, nor what repair took out of the document (page furniture).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from eval.answers import occurrences
from eval.dataset import Gold, Question
from qa.errors import InputError
from qa.records import Document, Hit

LEAST_CHARACTERS = 30
SHARE = 0.5


class Library(Protocol):
    """What holds the indexed documents (`qa.engine.Engine` does)."""

    def document(self, document_id: str) -> Document:
        """The document of that id."""
        ...


@dataclass(frozen=True, slots=True)
class Located:
    """A gold in the coordinates of an indexed document.

    `offsets` are those of its characters in the text, white space left out, ascending; `answers` are the offsets
    from first to last character of each accepted answer in it.
    """

    offsets: NDArray[np.int64]
    answers: tuple[tuple[int, int], ...]

    def covered_by(self, start: int, end: int) -> bool:
        """Whether the span `start:end` of the document is relevant by the rule of this room."""
        first, last = np.searchsorted(self.offsets, (start, end))
        covered = int(last - first)
        if not covered:
            return False
        if covered >= SHARE * len(self.offsets):
            return True
        whole = any(start <= first and last < end for first, last in self.answers)
        return whole and covered >= LEAST_CHARACTERS


class Judge:
    """Says at which rank the first relevant hit stands; keeps the source map of each document that it met."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._documents: dict[str, tuple[Document, NDArray[np.int64]]] = {}

    def first_relevant(self, question: Question, hits: Sequence[Hit]) -> int | None:
        """The 1-based rank of the first relevant hit, None when there is none.

        Raises InputError when the gold was counted in another version of an indexed file.
        """
        located: dict[str, tuple[Located, ...]] = {}
        for hit in hits:
            name = hit.passage.document_id
            if name not in located:
                located[name] = self._located(question, name)
            if any(gold.covered_by(hit.passage.start, hit.passage.end) for gold in located[name]):
                return hit.rank
        return None

    def _located(self, question: Question, document_id: str) -> tuple[Located, ...]:
        document, sources = self._document(document_id)
        golds = [gold for gold in (*question.gold, *question.digest) if gold.grade == 2 and gold.file == document.name]
        for gold in golds:
            if gold.sha256 != document.sha256:
                raise InputError(
                    f"The index holds another version of {gold.file} than the question set: put the right file there.",
                    f"색인의 {gold.file}은(는) 질문 모음이 가리키는 것과 다른 판입니다. 맞는 파일을 색인하세요.",
                    subject=gold.file,
                )
        return tuple(locate(gold, document.text, sources, question.accepted) for gold in golds)

    def _document(self, document_id: str) -> tuple[Document, NDArray[np.int64]]:
        if document_id not in self._documents:
            document = self._library.document(document_id)
            self._documents[document_id] = (document, source_offsets(document))
        return self._documents[document_id]


def source_offsets(document: Document) -> NDArray[np.int64]:
    """For each character of the document's text, its offset in the raw file."""
    starts = np.asarray(document.source_map.starts, dtype=np.int64)
    shift = np.asarray(document.source_map.sources, dtype=np.int64) - starts
    lengths = np.diff(np.append(starts, len(document.text)))
    return np.arange(len(document.text), dtype=np.int64) + np.repeat(shift, lengths)


def locate(gold: Gold, text: str, sources: NDArray[np.int64], accepted: Iterable[str]) -> Located:
    """`gold` in the coordinates of a document whose characters stand at `sources` in the file."""
    inside = np.flatnonzero((sources >= gold.start) & (sources < gold.end))
    words = "".join(text[offset] for offset in inside)
    solid = np.asarray([not char.isspace() for char in words], dtype=bool)
    answers = tuple((int(inside[start]), int(inside[end - 1])) for start, end in occurrences(words, accepted))
    return Located(inside[solid], answers)
