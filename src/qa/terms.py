"""From text to search terms: pure and deterministic, and the same for documents as for questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.glossary import Glossary
from qa.hanja import reading
from qa.korean import Analyser, Morpheme
from qa.records import Language
from qa.spellings import Spelling, fold, fold_latin, number, spellings

# Tags of Kiwi. nDCG@10 on KorQuAD dev: these tags alone .934, with compounds and spellings .959 (both legs .956, .962).
_CONTENT = ("NN", "NP", "VV", "VA", "XR", "MAG", "SL", "SH", "W_")
_NUMERAL = ("SN", "NR")
_NOMINAL = ("NN", "NP", "NR", "XR", "XSN", "SL", "SH", "SN")
_COMPOUND = (*_NOMINAL, "XPN", "MM", "MAG", "IC")  # a prefix belongs, and what is taken for one (그 + 물)

_ORDINAL = "제"
_WORD = re.compile(r"[^\W_]+")
_LARGE_UNIT = re.compile(r"[만억조경]$")
_NAME = re.compile(r"[A-Z0-9]")
_CLAUSE_END = re.compile(r"[,;:.!?()\[\]]")

_SHORT_QUESTION = 3
_GLOSS_PIECES = 8
_GLOSS_CHOICES = 3
_GLOSS_WEIGHT = {Language.ENGLISH: 1.0, Language.KOREAN: 0.5}

_KOREAN_STOP = frozenset(
    "무엇 뭐 누구 언제 어디 얼마 왜 어떻 어떠하 무슨 어느 어떤 설명 요약 정리 간추리 한마디 알리 알려주 말하 묻 궁금 "
    "가르치 모두 각각 나오 되 하 있 없 이 그 것 수 등 및 대하 따르 위하 통하 라고 보 들 주".split()
)
"""Words by which one asks in Korean, and verbs that say little: they find whatever happens to have them."""
_ENGLISH_STOP = frozenset(
    """a about above after again against all also am among an and any are as at be because been before being between
    both but by can could define describe did do does doing done down during each ever explain few for from further
    get give given had has have having he her here hers him his how i if in into is it its itself just kind kinds
    list many may me mean means might more most much must my name no nor not of off on once one ones only or other our
    out over own please said same say says shall she should so some such tell than that the their them then there
    these they this those through to too under until up upon us used using very was we were what when where which
    while who whom whose why will with within without would you your""".split()
)


class Source(StrEnum):
    """Where a term of a question comes from; `spelling` is the one form of a date, a number or a Latin name."""

    MORPHEME = "morpheme"
    SURFACE = "surface"
    SPELLING = "spelling"
    READING = "reading"
    GLOSSARY = "glossary"


@dataclass(frozen=True, slots=True)
class DocumentTerms:
    """Terms of a text as they are indexed, repeated as often as they occur; none has white space in it."""

    morphemes: list[str]
    bigrams: list[str]


@dataclass(frozen=True, slots=True)
class QuestionTerm:
    """A term to search for; `gloss` is the word of the question that the glossary translated into it, if it did."""

    term: str
    weight: float
    source: Source
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """What to search for in the two fields; no term stands twice in `terms`."""

    terms: tuple[QuestionTerm, ...]
    bigrams: dict[str, float]

    @property
    def morphemes(self) -> dict[str, float]:
        """The weights of `terms`, for the field of that name."""
        return {term.term: term.weight for term in self.terms}


class TermAnalyser:
    """Makes terms with one analyser and, for questions, a glossary."""

    def __init__(self, analyser: Analyser, glossary: Glossary | None = None) -> None:
        self._analyser = analyser
        self._glossary = glossary or Glossary()

    def document_terms(self, texts: Sequence[str]) -> list[DocumentTerms]:
        """The terms of each text, in order.

        `morphemes` are content morphemes, compounds (an eojeol without its particles, where it is more than one
        morpheme), the one spelling of dates, numbers and Latin names, readings of hanja, and parts of user words.
        `bigrams` are pairs of neighbouring characters inside each word, and words of one character.
        """
        folded = [fold(text) for text in texts]
        analysed = self._analyser.morphemes_batch(folded)
        return [
            DocumentTerms([term for term, _ in self._terms(text, morphemes)], list(_bigrams(text)))
            for text, morphemes in zip(folded, analysed, strict=True)
        ]

    def question_terms(self, question: str, language: Language) -> QuestionTerms:
        """The terms of a question, stop words left out, with those that the glossary gives for its words.

        A question of few words can be analysed wrongly, so its words are also sought as they stand. The
        second translation of a word weighs half of the first, and so on. The bigrams of an English question are
        those of its names, its numbers and its glosses only.
        """
        text = fold(question)
        morphemes = self._analyser.morphemes(text)
        found = {
            term: QuestionTerm(term, 1.0, source)
            for term, source in self._terms(text, morphemes, stop=True)
            if term not in _KOREAN_STOP
        }
        words = _WORD.findall(text)
        if len(words) <= _SHORT_QUESTION:
            found = {word: QuestionTerm(word, 1.0, Source.SURFACE) for word in _surfaces(words)} | found
        glosses = self._glosses(text, morphemes, _GLOSS_WEIGHT[language])
        for term in self._gloss_terms(glosses):
            found.setdefault(term.term, term)
        sought = text if language is Language.KOREAN else " ".join([*_names(words), *(gloss.to for gloss in glosses)])
        return QuestionTerms(tuple(found.values()), dict.fromkeys(_bigrams(sought), 1.0))

    def _terms(self, text: str, morphemes: Sequence[Morpheme], *, stop: bool = False) -> Iterator[tuple[str, Source]]:
        """All terms of a folded text, English stop words left out where `stop` is set."""
        spelt = spellings(text)
        for spelling in spelt:
            if not (stop and _is_stop(text[spelling.start : spelling.end])):
                yield from ((term, Source.SPELLING) for term in spelling.terms)
        free = _uncovered(text, morphemes, spelt)
        for run in _runs(free, _NUMERAL, text):
            value = number(text[run[0].start : run[-1].end])
            yield from [(value, Source.SPELLING)] if value else ((part.form, Source.MORPHEME) for part in run)
        for morpheme in free:
            if morpheme.tag.startswith(_CONTENT):
                yield from self._morpheme_terms(morpheme)
        for run in _runs(morphemes, _COMPOUND):
            first, last = int(run[0].form == _ORDINAL), run[-1]
            if len(run) > 1 + first and last.tag.startswith(_NOMINAL):
                yield _squeezed(text[run[first].start : last.end]), Source.SURFACE

    def _morpheme_terms(self, morpheme: Morpheme) -> Iterator[tuple[str, Source]]:
        for word in _WORD.findall(morpheme.form):
            yield word.casefold(), Source.MORPHEME
        sound = reading(morpheme.form) if morpheme.tag == "SH" else None
        if sound:
            yield sound, Source.READING
        for part in self._analyser.parts(morpheme.form):
            if part.tag.startswith(_CONTENT):
                yield part.form.casefold(), Source.MORPHEME

    def _glosses(self, text: str, morphemes: Sequence[Morpheme], weight: float) -> list[_Gloss]:
        """What the glossary has for words of a text: the longest first, none inside another."""
        found: list[_Gloss] = []
        taken = bytearray(len(text))
        for start, end in _candidates(text, morphemes):
            choices = () if any(taken[start:end]) else self._glossary.translations(text[start:end])[:_GLOSS_CHOICES]
            if choices:
                taken[start:end] = b"\1" * (end - start)
                found.extend(_Gloss(text[start:end], to, weight / rank) for rank, to in enumerate(choices, 1))
        return found

    def _gloss_terms(self, glosses: Sequence[_Gloss]) -> Iterator[QuestionTerm]:
        texts = [fold(gloss.to) for gloss in glosses]
        for gloss, text, morphemes in zip(glosses, texts, self._analyser.morphemes_batch(texts), strict=True):
            for term, _ in self._terms(text, morphemes, stop=True):
                yield QuestionTerm(term, gloss.weight, Source.GLOSSARY, gloss.words)


@dataclass(frozen=True, slots=True)
class _Gloss:
    """`to` is what the glossary has for `words` of the question."""

    words: str
    to: str
    weight: float


def _is_stop(word: str) -> bool:
    """Whether an English word says nothing; WHO in capitals is a name."""
    return word.casefold() in _ENGLISH_STOP and not (len(word) > 1 and word.isupper())


def _surfaces(words: Sequence[str]) -> list[str]:
    """Words as they stand, without stop words and what is all Latin."""
    folded = [fold_latin(word) for word in words]
    return [word for word in folded if len(word) > 1 and not word.isascii() and word not in _KOREAN_STOP]


def _uncovered(text: str, morphemes: Sequence[Morpheme], spelt: Sequence[Spelling]) -> list[Morpheme]:
    """The morphemes that no spelling stands for."""
    covered = bytearray(len(text) + 1)
    for spelling in spelt:
        covered[spelling.start : spelling.end] = b"\1" * (spelling.end - spelling.start)
    return [morpheme for morpheme in morphemes if not covered[morpheme.start]]


def _runs(morphemes: Iterable[Morpheme], tags: tuple[str, ...], text: str = "") -> Iterator[list[Morpheme]]:
    """Maximal runs of adjoining morphemes with one of these tags.

    Where `text` is given, a space after 만, 억 … does not end a run of numerals (4만 2천).
    """
    run: list[Morpheme] = []
    for morpheme in morphemes:
        fits = morpheme.tag.startswith(tags)
        if run and not (fits and _adjoin(run, morpheme, text)):
            yield run
            run = []
        if fits:
            run.append(morpheme)
    if run:
        yield run


def _adjoin(run: list[Morpheme], morpheme: Morpheme, text: str) -> bool:
    between = text[run[-1].end : morpheme.start]
    spaced = between == " " and bool(_LARGE_UNIT.search(run[-1].form)) and (len(run) > 1 or len(run[0].form) > 1)
    return run[-1].end == morpheme.start or spaced


def _squeezed(text: str) -> str:
    return fold_latin("".join(_WORD.findall(text)))


def _bigrams(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        term = fold_latin(word)
        if len(term) == 1:
            yield term
        yield from (term[at : at + 2] for at in range(len(term) - 1))


def _names(words: Sequence[str]) -> list[str]:
    """Words of an English question with a capital letter or a digit, or not in Latin letters at all."""
    return [word for word in words if (_NAME.search(word) or not word.isascii()) and not _is_stop(word)]


def _candidates(text: str, morphemes: Sequence[Morpheme]) -> list[tuple[int, int]]:
    """Spans that may be terms of the glossary, longest first: from one noun or name to another in one clause."""
    ends = [m for m in morphemes if m.start < m.end]
    spans = set()
    for at, first in enumerate(ends):
        for last in ends[at : at + _GLOSS_PIECES]:
            if _CLAUSE_END.match(text, last.start):
                break
            whole = text[first.start : last.end]
            if first.tag.startswith(_COMPOUND) and last.tag.startswith(_NOMINAL) and not _is_stop(whole):
                spans.add((first.start, last.end))
    return sorted(spans, key=lambda span: (span[0] - span[1], span))
