"""Whether a passage bears out what a language model says of it: sentence by sentence, by what can be counted.

This is no reader. It compares numbers, dates, names and words; it does not know whether a sentence follows from its
passage, who did what to whom, or an unsaid "not". `Verifier.supports` says exactly what is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from qa.generate.replies import Claim, claims
from qa.generate.romanise import romanise
from qa.glossary import Entry, Glossary
from qa.korean import Analyser
from qa.records import Citation
from qa.spellings import fold, fold_latin, spellings, stem
from qa.terms import TermAnalyser
from qa.text import HANGUL, HANJA, squeeze

OVERLAP = 0.7
"""The share of a sentence's content words that its passage must have, where both are in one language."""

_FIGURE = re.compile(r"\d+(?:\.\d+)?|\d{4}-\d\d(?:-\d\d)?|\d\d-\d\d")
_PART_OF_DATE = re.compile(r"(\d+)[년월일]")
_CONTENT = ("NNG", "NNP", "VV", "VA", "XR", "MAG")
_LIGHT = frozenset("하 되 있 없 같 이르 따르 대하 위하 통하 경우 때문 내용 의미".split())
_LETTERS = "A-Za-z\u00c0-\u024f"
_WORD = re.compile(rf"[{_LETTERS}][{_LETTERS}0-9]*(?:[-'’&/.][{_LETTERS}0-9]+)*")
_CAPITAL = re.compile(r"[A-Z\u00c0-\u00de]|\w+[A-Z0-9]")
_IN_KOREAN = re.compile(rf"((?:{_WORD.pattern}[ ]?)+)\(([가-힣][가-힣 ·]*)\)")
_NEGATION = re.compile(r"않|못[하한해했]|아니[다라었며]|없|\b(?i:not|never|neither|nor|without|cannot|no)\b|n['’]t\b")
_GLOSS_WORDS = 4
_SOUND = 4
_HANGUL_WORD = re.compile("[가-힣]+")
_KOREA = Glossary(Entry("한국", name, 1) for name in ("Korea", "Korean", "South Korea", "Republic of Korea"))
_SMALL_WORDS = frozenset(
    "a about above according across after all also although among an and another any are around as at be because been "
    "before being between both but by can could did do does during each either even every few finally first for from "
    "further had has have he her here his how however if in instead into is it its last later like many may meanwhile "
    "more moreover most much no nor not of on once one only or other our over rather second several she should since "
    "so some still such than that the their them then there therefore these they third this those though three through "
    "thus to together two under unlike until up was we were what when where whether which while who whose will "
    "with within without would yet january february march april june july august september october november "
    "december".split()
)


@dataclass(frozen=True, slots=True)
class Verified:
    """The claims of a reply that stand, in order, and the sentences that do not."""

    claims: tuple[Claim, ...]
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class _Evidence:
    """Cited quotes, and the quotes with their titles and headings: names may stand in those, numbers may not."""

    quotes: str
    context: str
    numbers: frozenset[str]
    latin: frozenset[str]
    glossary: Glossary

    @cached_property
    def squeezed(self) -> str:
        """The context without spaces and punctuation."""
        return squeeze(self.context)

    @cached_property
    def romanised(self) -> tuple[str, ...]:
        """The words of the context as one would write them in Latin letters."""
        return tuple(romanise(word) for word in _HANGUL_WORD.findall(self.context))

    def knows(self, term: str) -> bool:
        """Whether the context has what `term` is called in the other language."""
        choices = (*self.glossary.translations(term), *_KOREA.translations(term))
        return any(squeeze(choice) in self.squeezed for choice in choices)


class Verifier:
    """Checks replies with one analyser and the glossary of one index."""

    def __init__(self, analyser: Analyser, glossary: Glossary | None = None) -> None:
        self._analyser = analyser
        self._terms = TermAnalyser(analyser)
        self._glossary = glossary or Glossary()

    def verify(self, reply: str, evidence: Sequence[Citation]) -> Verified:
        """Splits `reply` into sentences and keeps those that cite only known numbers and are supported by them."""
        known = {citation.number: citation for citation in evidence}
        glossary = self._glossary.merge(Glossary(_given_in_korean(reply)))
        kept: list[Claim] = []
        dropped: list[str] = []
        for claim in claims(reply, self._analyser):
            cited = [known[number] for number in claim.numbers if number in known]
            if cited and len(cited) == len(claim.numbers) and self.supports(claim.text, cited, glossary):
                kept.append(claim)
            else:
                dropped.append(claim.text)
        return Verified(tuple(kept), tuple(dropped))

    def supports(self, sentence: str, cited: Sequence[Citation], glossary: Glossary | None = None) -> bool:
        """Whether the cited evidence, taken together, bears out `sentence` as far as can be counted.

        All of these must hold after normalisation (qa.spellings; 2019. 3. 1. is March 1, 2019):
        - every number and date of the sentence is in the quotes (numbers written in words are not looked at);
        - every name is in the quotes, their titles or their headings: words in Latin letters and Kiwi's proper nouns
          in a Korean sentence; in an English one the capitalised words, found as they are, through the glossary
          (`verify` adds the Korean spellings that the reply itself gives in brackets), or as Hangul is romanised;
        - a sentence that denies something cites something that denies something;
        - in one language, `OVERLAP` of the content words are in the evidence. Across languages words differ, so
          there is no more to check, and a sentence without any number, name or glossary term in common is refused.

        A sentence in which there is nothing to count is refused too. That a reply gives a name the wrong Korean
        spelling, swaps two names or numbers of one passage, or turns a sentence round, is not seen.
        """
        folded = fold(sentence)
        evidence = self._evidence(cited, glossary or self._glossary)
        numbers = self._numbers(folded)
        if not numbers <= evidence.numbers or (_NEGATION.search(folded) and not _NEGATION.search(evidence.quotes)):
            return False
        if is_korean(folded):
            return self._korean(folded, evidence, anchored=bool(numbers))
        return self._english(folded, evidence, anchored=bool(numbers))

    def _korean(self, sentence: str, evidence: _Evidence, *, anchored: bool) -> bool:
        latin = _WORD.findall(sentence)
        morphemes = self._analyser.morphemes(sentence)
        proper = [morpheme.form for morpheme in morphemes if morpheme.tag == "NNP"] + HANJA.findall(sentence)
        if not all(_has_word(word, evidence) for word in latin):
            return False
        if not is_korean(evidence.quotes):
            return all(evidence.knows(form) for form in proper) and (anchored or bool(latin or proper))
        content = {morpheme.form for morpheme in morphemes if morpheme.tag.startswith(_CONTENT)} - _LIGHT
        there = {morpheme.form for morpheme in self._analyser.morphemes(evidence.context)}
        found = [form for form in content if form in there or (len(form) > 1 and form in evidence.squeezed)]
        known = all(form in evidence.squeezed for form in proper)
        return known and (anchored or bool(content)) and len(found) >= OVERLAP * len(content)

    def _english(self, sentence: str, evidence: _Evidence, *, anchored: bool) -> bool:
        words, names = _WORD.findall(sentence), _names(sentence)
        hangul = re.findall("[가-힣]+", sentence)
        if not all(word in evidence.squeezed for word in hangul):
            return False
        if not all(_has_name(name.split(), evidence) for name in names):
            return False
        if is_korean(evidence.quotes):
            return anchored or bool(hangul or names) or any(evidence.knows(run) for run in _runs(words))
        content = {stem(fold_latin(word)) for word in words} - _SMALL_WORDS
        return (anchored or bool(content)) and len(content & evidence.latin) >= OVERLAP * len(content)

    def _evidence(self, cited: Sequence[Citation], glossary: Glossary) -> _Evidence:
        quotes = fold("\n".join(citation.quote for citation in cited))
        places = "\n".join(part for citation in cited for part in (citation.title, *citation.section))
        context = fold(f"{quotes}\n{places}")
        latin = frozenset(term for word in _WORD.findall(context) for term in _latin_terms(word))
        return _Evidence(quotes, context, self._numbers(quotes), latin, glossary)

    def _numbers(self, text: str) -> frozenset[str]:
        """Numbers and dates in one spelling; of `10월` the 10 too, so that October may be named by either."""
        terms = [term.rstrip(".") for term in self._terms.document_terms([text])[0].morphemes]  # Kiwi's `2005.`
        parts = [match[1] for term in terms if (match := _PART_OF_DATE.fullmatch(term))]
        return frozenset([*(term for term in terms if _FIGURE.fullmatch(term)), *parts])


def _given_in_korean(reply: str) -> Iterator[Entry]:
    """The names that a reply writes with their Korean spelling behind them: Seoul (서울)."""
    for before, korean in _IN_KOREAN.findall(fold(reply)):
        names = _names(before)
        if names:
            yield Entry(korean, names[-1], 1)


def _has_name(words: list[str], evidence: _Evidence) -> bool:
    """Whether a name of several words falls into pieces that are all known; the longest pieces first."""
    if words and words[0].casefold() in _SMALL_WORDS:
        return _has_name(words[1:], evidence)
    for size in range(len(words), 0, -1):
        piece = " ".join(words[:size])
        if evidence.knows(piece) or (size == 1 and (_has_word(piece, evidence) or _sounds(piece, evidence))):
            return size == len(words) or _has_name(words[size:], evidence)
    return not words


def _sounds(name: str, evidence: _Evidence) -> bool:
    """Whether a Korean word begins as the name sounds; a particle may follow."""
    sound = squeeze(fold_latin(name))
    return len(sound) >= _SOUND and any(word.startswith(sound) for word in evidence.romanised)


def is_korean(text: str) -> bool:
    """Whether at least a quarter of the letters are Hangul: Korean prose with Latin names in it is Korean."""
    letters = sum(char.isalpha() for char in text)
    return 4 * len(HANGUL.findall(text)) >= letters > 0


def _latin_terms(word: str) -> list[str]:
    """The word without punctuation and its parts (UN-Habitat: unhabitat, un, habitat), as qa.spellings has them."""
    return [term for spelling in spellings(word) for term in spelling.terms]


def _has_word(word: str, evidence: _Evidence) -> bool:
    """Whether a Latin word is in the evidence as one word or as its parts, whatever its case and punctuation."""
    whole, *parts = _latin_terms(word) or [fold_latin(word)]
    return whole in evidence.latin or (bool(parts) and evidence.latin.issuperset(parts))


def _names(sentence: str) -> list[str]:
    """What an English sentence names: capitalised words, with the small words between two (Forest of Friendship)."""
    runs: list[list[str]] = [[]]
    end = 0
    for match in _WORD.finditer(sentence):
        word = re.sub(r"['’]s$", "", match[0])
        small = word.casefold() in _SMALL_WORDS
        if sentence[end : match.start()].strip() or not (small or _CAPITAL.match(word)):
            runs.append([])
        if runs[-1] or not small:
            runs[-1] += [word] if small or _CAPITAL.match(word) else []
        end = match.end()
    return [" ".join(name) for run in runs if (name := _without_last_small(run))]


def _without_last_small(words: list[str]) -> list[str]:
    while words and words[-1].casefold() in _SMALL_WORDS:
        words = words[:-1]
    return words


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Every run of one to `_GLOSS_WORDS` neighbouring words that is more than a small word."""
    for start in range(len(words)):
        for size in range(1, min(_GLOSS_WORDS, len(words) - start) + 1):
            if size > 1 or words[start].casefold() not in _SMALL_WORDS:
                yield " ".join(words[start : start + size])
