"""A two-way glossary mined from the corpus itself: prose that writes 물물교환(barter) is a free dictionary."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from qa.gloss_spans import choose, mentions
from qa.korean import Analyser
from qa.spellings import fold, fold_latin, stem

_WORD = re.compile(r"[^\W_]+")
_ALIKE = 0.7
_RECURRENCE_CHARS = 2_000_000  # a corpus of millions shows in its first two whether a phrase recurs
_COMPOUND = re.compile(r"[가-힣]{3,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A Korean term, what it is called in Latin letters or hanja, and how often the corpus says so."""

    korean: str
    foreign: str
    count: int


class Glossary:
    """Entries looked up from either side, without regard to case, accents, spaces, punctuation and English plurals."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        for entry in entries:
            counts[entry.korean, entry.foreign] += entry.count
        self.entries = tuple(Entry(*pair, count) for pair, count in sorted(counts.items()))
        self._table: dict[str, Counter[str]] = {}
        for entry in self.entries:
            for side, other in ((entry.korean, entry.foreign), (entry.foreign, entry.korean)):
                self._table.setdefault(_key(side), Counter())[other] += entry.count

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Glossary) and self.entries == other.entries

    def __hash__(self) -> int:
        return hash(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def translations(self, term: str) -> tuple[str, ...]:
        """What `term` is called in the other language, the most frequent first; empty if it is not here."""
        found = self._table.get(_key(term), Counter())
        return tuple(sorted(found, key=lambda other: (-found[other], other)))

    def merge(self, other: Glossary) -> Glossary:
        """The entries of both, counts added."""
        return Glossary((*self.entries, *other.entries))

    def user_words(self) -> tuple[str, ...]:
        """Korean terms written as one word, for the analyser to keep in one piece."""
        return tuple(sorted({entry.korean for entry in self.entries if _COMPOUND.fullmatch(entry.korean)}))

    def to_json(self) -> str:
        """One entry a line, sorted: the same glossary is always the same text."""
        rows = (json.dumps([entry.korean, entry.foreign, entry.count], ensure_ascii=False) for entry in self.entries)
        return "[\n" + ",\n".join(rows) + "\n]\n"

    @classmethod
    def from_json(cls, text: str) -> Glossary:
        """The glossary that `to_json` wrote."""
        return cls(Entry(korean, foreign, count) for korean, foreign, count in json.loads(text))


def mine(texts: Sequence[str], analyser: Analyser) -> Glossary:
    """The glossary of the bracketed glosses in `texts`, whose wrapped lines must have been joined."""
    folded = [fold(text) for text in texts]
    found = [mention for text in folded for mention in mentions(text)]
    analysed = analyser.morphemes_batch([mention.left for mention in found])
    compact = "\n".join(re.sub(r"\([^()]*\)|\s", "", text) for text in folded)[:_RECURRENCE_CHARS]
    counts: Counter[tuple[str, str]] = Counter()
    aliases: dict[str, set[str]] = {}
    for mention, morphemes in zip(found, analysed, strict=True):
        korean = choose(mention, morphemes, compact) if mention.left else None
        counts.update((korean, foreign) for foreign in mention.foreign if korean)
        for foreign in mention.foreign:
            aliases.setdefault(_key(foreign), set()).update(mention.foreign)
    known = {(korean, _key(foreign)) for korean, foreign in counts}
    for korean, key in sorted(known):
        if _agree(aliases[key]):
            counts.update((korean, alias) for alias in sorted(aliases[key]) if (korean, _key(alias)) not in known)
    return Glossary(Entry(*pair, count) for pair, count in counts.items())


def _agree(names: set[str]) -> bool:
    """Whether the phrases among names that were found together are spellings of one (IFC stands for two)."""
    phrases = sorted(name.casefold() for name in names if " " in name)
    return all(SequenceMatcher(None, one, other).ratio() > _ALIKE for one, other in pairwise(phrases))


def _key(term: str) -> str:
    return "".join(stem(fold_latin(word)) for word in _WORD.findall(fold(term)))
