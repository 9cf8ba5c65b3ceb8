"""From a question to ranked hits: lexical legs and dense leg, fused by the question's language and what each found."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from qa.dense import DenseLegs, Windows
from qa.encoders import Encoder
from qa.errors import QuestionError
from qa.fusion import fuse, ranks
from qa.korean import Analyser
from qa.passages import nearly_same, shingles
from qa.records import Hit, Language, LegScore, Passage, Region
from qa.settings import Settings
from qa.store import Filters, Store
from qa.terms import QuestionTerms, TermAnalyser
from qa.text import has_words

DENSE, TOKENS = "dense", "tokens"
LEXICAL: tuple[str, str] = ("morphemes", "bigrams")
_WINDOWS_PER_PASSAGE = 4
_REFERENCES_COUNT = 0.7
_TWIN_COUNT = 0.5
_BEYOND = 10
"""Candidates looked at beyond those wanted: as many as may step back for repeating a better one."""
_RERANKED = 50
HITS_READ = 8
"""Hits whose sentences are looked at for an answer."""

_shingles = lru_cache(maxsize=4096)(shingles)

Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Legs:
    """What each leg found: raw scores by leg and passage, windows by their vectors, sentences by their tokens."""

    scores: Mapping[str, Scores]
    windows: Windows = field(default_factory=Windows)
    sentences: Mapping[tuple[str, int], float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Hits for a question (`question` is as it was searched) with the terms and the legs that led to them.

    `searched` is the number of passages in the index.
    """

    question: str
    language: Language
    terms: QuestionTerms
    hits: tuple[Hit, ...]
    legs: Legs
    searched: int = 0


def checked_question(question: str, settings: Settings) -> str:
    """The question in NFC without blanks at its ends; raises QuestionError for one that cannot be asked."""
    text = " ".join(unicodedata.normalize("NFC", question).split())
    if not text:
        raise QuestionError("The question is empty. Ask something.", "질문이 비어 있습니다. 물어볼 내용을 쓰세요.")
    if len(text) > settings.question_chars:
        raise QuestionError(
            f"The question has {len(text)} characters; {settings.question_chars} are read. Ask it in fewer words.",
            f"질문이 {len(text)}자입니다. {settings.question_chars}자까지 읽습니다. 더 짧게 물어보세요.",
        )
    if not has_words(text):
        raise QuestionError(
            "The question has no letters or digits in it. Ask in words.",
            "질문에 글자나 숫자가 없습니다. 말로 물어보세요.",
        )
    return text


def language_of(question: str) -> Language:
    """Korean if at least three in ten letters of the question are Hangul (names may stay in Latin), else English."""
    letters = [char for char in question if char.isalpha()]
    hangul = sum("가" <= char <= "힣" or "ㄱ" <= char <= "ㆎ" for char in letters)
    return Language.KOREAN if hangul >= 0.3 * max(len(letters), 1) and hangul else Language.ENGLISH


class Retriever:
    """Searches one open store; safe to share between threads."""

    def __init__(self, store: Store, analyser: Analyser, encoder: Encoder | None, settings: Settings) -> None:
        self._store = store
        self._terms = TermAnalyser(analyser, store.glossary)
        self._dense = DenseLegs(store, encoder)
        self._settings = settings

    def search(self, question: str, *, hits: int | None = None, filters: Filters | None = None) -> Found:
        """The best passages for a question. Raises QuestionError and FilterError for what cannot be searched."""
        text = checked_question(question, self._settings)
        language = language_of(text)
        terms = self._terms.question_terms(text, language)
        allowed = self._store.allowed(filters or Filters())
        scores = self._lexical(terms, allowed)
        asked = self._dense.read(text, language)
        windows = Windows()
        if asked is not None:
            windows = self._dense.windows(asked, self._settings.depth * _WINDOWS_PER_PASSAGE, allowed)
            scores[DENSE] = windows.scores
            first = fuse(scores, self._weights(language, scores))
            scores[TOKENS] = self._dense.tokens(asked, _best(first, _RERANKED))
        fused = fuse(scores, self._weights(language, scores))
        passages = self._ranked(fused, hits or self._settings.hits)
        sentences = self._dense.sentences(asked, [p.id for p in passages[:HITS_READ]]) if asked else {}
        legs = Legs({name: found for name, found in scores.items() if found}, windows, sentences)
        hit = tuple(self._explained(passages, fused, legs, terms))
        return Found(text, language, terms, hit, legs, self._store.counts["passages"])

    def _lexical(self, terms: QuestionTerms, allowed: set[str] | None) -> dict[str, Scores]:
        index, depth = self._store.lexical, self._settings.depth
        return {
            "morphemes": dict(index.search("morphemes", terms.morphemes, limit=depth, passages=allowed)),
            "bigrams": dict(index.search("bigrams", terms.bigrams, limit=depth, passages=allowed)),
        }

    def _weights(self, language: Language, scores: Mapping[str, Scores]) -> dict[str, float]:
        """The votes of the legs; one that found nothing has none.

        The dense side's vote goes by the question's language, and most of it to the tokens where there are any; the
        lexical legs share the rest. A side without a leg leaves its vote to the other.
        """
        chosen = self._settings
        dense, share = chosen.dense_weight_en, chosen.token_share_en
        if language is Language.KOREAN:
            dense, share = chosen.dense_weight_ko, chosen.token_share_ko
        share = share if scores.get(TOKENS) else 0.0
        lexical = 1.0 if not scores.get(DENSE) else 1.0 - dense
        votes = {DENSE: dense * (1.0 - share), TOKENS: dense * share, **dict.fromkeys(LEXICAL, lexical / len(LEXICAL))}
        return {leg: vote for leg, vote in votes.items() if scores.get(leg)}

    def _ranked(self, fused: dict[str, float], wanted: int) -> list[Passage]:
        """Passages by score, ties by id; one that repeats a better one comes behind, a bibliography entry lower."""
        order = _best(fused, wanted + _BEYOND)
        passages = self._store.passages(order)
        twins = _twins([_shingles(passage.text) for passage in passages])
        for passage, twin in zip(passages, twins, strict=True):
            if passage.region is Region.REFERENCES:
                fused[passage.id] *= _REFERENCES_COUNT
            if twin:
                fused[passage.id] *= _TWIN_COUNT
        return sorted(passages, key=lambda passage: (-fused[passage.id], passage.id))[:wanted]

    def _explained(self, passages: Sequence[Passage], fused: Scores, legs: Legs, terms: QuestionTerms) -> list[Hit]:
        """Hits with each leg's score and rank, the question's terms that they hold, and their best window."""
        by_leg = {name: ranks(scores) for name, scores in legs.scores.items()}
        matched = self._store.lexical.matched([passage.id for passage in passages], list(terms.morphemes))
        return [
            Hit(
                passage=passage,
                score=round(fused[passage.id], 6),
                rank=rank,
                legs={
                    name: LegScore(round(scores[passage.id], 6), by_leg[name][passage.id])
                    for name, scores in legs.scores.items()
                    if passage.id in scores
                },
                terms=matched[passage.id],
                window=legs.windows.best.get(passage.id),
            )
            for rank, passage in enumerate(passages, 1)
        ]


def _twins(sets: Sequence[frozenset[int]]) -> list[bool]:
    """Whether each set of shingles nearly repeats one before it that does not."""
    seen: list[frozenset[int]] = []
    found: list[bool] = []
    for mine in sets:
        found.append(any(not mine.isdisjoint(other) and nearly_same(mine, other) for other in seen))
        if not found[-1]:
            seen.append(mine)
    return found


def _best(scores: Scores, count: int) -> list[str]:
    """The ids with the highest scores, ties by id."""
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))[:count]
