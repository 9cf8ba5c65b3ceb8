"""Sentences of the best hits, scored as answers to a question: what the answer and its probability are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.asks import Asked, Kind, asked, values
from qa.korean import Analyser, Morpheme
from qa.records import BlockKind, Hit, Language, Passage
from qa.retrieve import HITS_READ, Found
from qa.spellings import fold

HITS_WEIGHED = 20
"""Hits over which it is counted how rare a term is; as many are always searched for, however few are shown."""
_ROWS_CHARS = 160
_HIT_COUNTS = 0.5
_VALUE_COUNTS = 0.3
_COSINE_COUNTS = {Language.KOREAN: 1.5, Language.ENGLISH: 0.5}
_TOKENS_COUNT = {Language.KOREAN: 1.0, Language.ENGLISH: 4.0}
_COVERAGE_COUNTS = {Language.KOREAN: 1.5, Language.ENGLISH: 0.5}
_ROWS = (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence (or row) of a hit, with its span in the document and what speaks for it.

    `coverage` (0..1) is the share of the question's terms that it holds, rare ones counting more; `cosine` is that
    of the window that begins with it and `tokens` its late-interaction score, 0 without such a leg; `values` are
    spans in it, relative to its start, of what is asked for and is not in the question already.
    """

    hit: Hit
    start: int
    end: int
    text: str
    coverage: float
    cosine: float
    tokens: float
    values: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The question's kind and the sentences of the first hits, best first (ties in reading order of the ranking)."""

    found: Found
    wanted: Asked
    sentences: tuple[Sentence, ...]
    rarity: Mapping[str, float]


def sentence_spans(passage: Passage) -> list[tuple[int, int]]:
    """The spans in the document of a passage's sentences: one begins where a window begins.

    A row of a table or list says little alone: its span goes on over the rows below, up to about a sentence's length.
    """
    starts = sorted({start for start, _ in passage.windows} | {passage.start})
    spans = []
    for index, start in enumerate(starts):
        ends = [*starts[index + 1 :], passage.end]
        end = ends[0]
        if passage.kind in _ROWS:
            end = max((later for later in ends if later - start <= _ROWS_CHARS), default=end)
        text = passage.text[start - passage.start : end - passage.start]
        spans.append((start, start + len(text.rstrip())))
    return spans


def gather(found: Found, analyser: Analyser) -> Evidence:
    """The sentences of the best hits, scored and sorted."""
    wanted = asked(found.question, found.language)
    hits = found.hits[:HITS_READ]
    rarity = _rarity(found.terms.morphemes, [searchable(hit.passage.text) for hit in found.hits[:HITS_WEIGHED]])
    sentences = [_sentence(found, hit, span, rarity, wanted) for hit in hits for span in sentence_spans(hit.passage)]
    if wanted.kind in (Kind.PERSON, Kind.PLACE):
        sentences = _with_names(sentences, wanted, found.question, analyser)
    return Evidence(found, wanted, tuple(sorted(sentences, key=lambda s: (-s.score, s.hit.rank, s.start))), rarity)


def searchable(text: str) -> str:
    """`text` as a question's terms are looked for in it: folded, without case."""
    return fold(text).casefold()


def held(rarity: Mapping[str, float], text: str) -> float:
    """The rarity of the terms that a `searchable` text holds, added up."""
    return sum(weight for term, weight in rarity.items() if term in text)


def _rarity(terms: Mapping[str, float], texts: Sequence[str]) -> dict[str, float]:
    """Each term's weight times its idf over the passages that were found."""
    found = {term: sum(term in text for text in texts) for term in terms}
    return {term: weight * math.log(1 + len(texts) / (1 + found[term])) for term, weight in terms.items()}


def _sentence(found: Found, hit: Hit, span: tuple[int, int], rarity: Mapping[str, float], wanted: Asked) -> Sentence:
    passage = hit.passage
    text = passage.text[span[0] - passage.start : span[1] - passage.start]
    total = sum(rarity.values())
    coverage = held(rarity, searchable(text)) / total if total else 0.0
    cosine = _cosine(found, passage, span)
    tokens = found.legs.sentences.get((passage.id, span[0]), 0.0)
    novel = () if wanted.kind in (Kind.PERSON, Kind.PLACE) else _novel(text, values(text, wanted), found.question)
    score = (
        _HIT_COUNTS * hit.score
        + _COVERAGE_COUNTS[found.language] * coverage
        + _COSINE_COUNTS[found.language] * cosine
        + _TOKENS_COUNT[found.language] * tokens
        + _VALUE_COUNTS * bool(novel)
    )
    return Sentence(hit, *span, text, coverage, cosine, tokens, novel, score)


def _cosine(found: Found, passage: Passage, span: tuple[int, int]) -> float:
    """The cosine of the window that begins with the sentence; the lowest that was found where it was not."""
    windows = found.legs.windows
    window = next((w for w in passage.windows if w[0] == span[0]), None)
    return windows.cosines.get((passage.id, window), windows.lowest) if window else 0.0


def _novel(text: str, spans: Sequence[tuple[int, int]], question: str) -> tuple[tuple[int, int], ...]:
    """The spans whose words are not in the question."""
    asked_for = fold(question).replace(" ", "")
    return tuple((start, end) for start, end in spans if fold(text[start:end]).replace(" ", "") not in asked_for)


def _with_names(sentences: Sequence[Sentence], wanted: Asked, question: str, analyser: Analyser) -> list[Sentence]:
    """The sentences with the names in the best few of them; to analyse all would take too long."""
    best = sorted(sentences, key=lambda s: -s.score)[:6]
    analysed = dict(zip(map(id, best), analyser.morphemes_batch([s.text for s in best]), strict=True))
    return [_named(s, wanted, question, analysed[id(s)]) if id(s) in analysed else s for s in sentences]


def _named(sentence: Sentence, wanted: Asked, question: str, morphemes: Sequence[Morpheme]) -> Sentence:
    novel = _novel(sentence.text, values(sentence.text, wanted, morphemes), question)
    return replace(sentence, values=novel, score=sentence.score + _VALUE_COUNTS * bool(novel))
