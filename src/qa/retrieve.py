"""From a question to ranked hits: lexical legs and dense leg, fused by the question's language and what each found."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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

DENSE = "dense"
LEXICAL: tuple[str, str] = ("morphemes", "bigrams")
_WINDOWS_PER_PASSAGE = 4
_REFERENCES_COUNT = 0.7
_TWIN_COUNT = 0.5
_LOOKED_AT = 40

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Legs:
    """Each leg's raw scores by passage; the best window of each, and the score of every window that was found."""

    scores: Mapping[str, Scores]
    windows: Mapping[str, tuple[int, int]]
    window_scores: Mapping[tuple[str, int, int], float]


@dataclass(frozen=True, slots=True)
class Found:
    """Hits for a question (`question` is as it was searched) with the terms and the legs that led to them."""

    question: str
    language: Language
    terms: QuestionTerms
    hits: tuple[Hit, ...]
    legs: Legs


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
        self._encoder = encoder if store.vectors is not None else None
        self._settings = settings

    def search(self, question: str, *, hits: int | None = None, filters: Filters | None = None) -> Found:
        """The best passages for a question. Raises QuestionError and FilterError for what cannot be searched."""
        text = checked_question(question, self._settings)
        language = language_of(text)
        terms = self._terms.question_terms(text, language)
        allowed = self._store.allowed(filters or Filters())
        scores = self._lexical(terms, allowed)
        dense = self._dense(text, language, allowed)
        legs = Legs({**scores, **dense.scores}, dense.windows, dense.window_scores)
        fused = fuse(legs.scores, self._weights(language, legs.scores))
        passages = self._ranked(fused, hits or self._settings.hits)
        return Found(text, language, terms, tuple(self._explained(passages, fused, legs, terms)), legs)

    def _lexical(self, terms: QuestionTerms, allowed: set[str] | None) -> dict[str, Scores]:
        index, depth = self._store.lexical, self._settings.depth
        return {
            "morphemes": dict(index.search("morphemes", terms.morphemes, limit=depth, passages=allowed)),
            "bigrams": dict(index.search("bigrams", terms.bigrams, limit=depth, passages=allowed)),
        }

    def _dense(self, question: str, language: Language, allowed: set[str] | None) -> Legs:
        """The dense leg: a passage scores as its best window. Without an encoder it has found nothing."""
        if self._encoder is None or self._store.vectors is None:
            return Legs({}, {}, {})
        vector = self._encoder.encode_questions([question], language)
        inside = None if allowed is None else self._store.window_ids(allowed)
        ids, cosines = self._store.vectors.search(vector, self._settings.depth * _WINDOWS_PER_PASSAGE, allowed=inside)
        known = self._store.windows([int(window) for window in ids[0]])
        scores: dict[str, float] = {}
        best: dict[str, tuple[int, int]] = {}
        windows: dict[tuple[str, int, int], float] = {}
        for window_id, cosine in zip(ids[0], cosines[0], strict=True):
            window = known[int(window_id)]
            windows[window.passage_id, window.start, window.end] = float(cosine)
            if window.passage_id not in scores:
                scores[window.passage_id] = float(cosine)
                best[window.passage_id] = (window.start, window.end)
        return Legs({DENSE: scores}, best, windows)

    def _weights(self, language: Language, scores: Mapping[str, Scores]) -> dict[str, float]:
        """The votes of the legs: the dense leg's by language, the rest shared by the lexical legs that found something.

        Without a dense leg the lexical ones decide alone; a leg that found nothing has no vote.
        """
        korean = language is Language.KOREAN
        dense = self._settings.dense_weight_ko if korean else self._settings.dense_weight_en
        if not scores.get(DENSE):
            dense = 0.0
        lexical = [leg for leg in LEXICAL if scores[leg]]
        if not lexical:
            return {DENSE: 1.0}
        return {DENSE: dense, **{leg: (1.0 - dense) / len(lexical) for leg in lexical}}

    def _ranked(self, fused: Scores, wanted: int) -> list[Passage]:
        """Passages by score, ties by id; one that repeats a better one comes behind, a bibliography entry lower."""
        order = sorted(fused, key=lambda passage_id: (-fused[passage_id], passage_id))[: max(_LOOKED_AT, 2 * wanted)]
        seen: list[frozenset[int]] = []
        passages = self._store.passages(order)
        for passage in passages:
            if passage.region is Region.REFERENCES:
                fused[passage.id] *= _REFERENCES_COUNT
            mine = shingles(passage.text)
            if any(nearly_same(mine, other) for other in seen):
                fused[passage.id] *= _TWIN_COUNT
            else:
                seen.append(mine)
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
                window=legs.windows.get(passage.id),
            )
            for rank, passage in enumerate(passages, 1)
        ]
