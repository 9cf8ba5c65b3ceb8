"""Whether a space belongs where a line was wrapped: the file's own marks, the analyser, the document's vocabulary."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.korean import Analyser
from qa.repair.lines import SENTENCE_END, URL, hangul_share

_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_WORD_END = re.compile(r"[가-힣A-Za-z0-9]*[가-힣]$")
_WORD_START = re.compile(r"^[가-힣0-9]+")
_SURE = 4.0
"""Natural-log odds from which the analyser is believed over a word that the document has once."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A wrapped line end: the line before and the line after.

    `trailing_space` says whether the file left a space at the end of the first, None where that means nothing.
    """

    left: str
    right: str
    trailing_space: bool | None = None


@dataclass(slots=True)
class Vocabulary:
    """Words and neighbouring words of the lines of a document, none of them cut by a wrap."""

    words: Counter[str] = field(default_factory=Counter)
    starts: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def of(cls, lines: Sequence[str]) -> Vocabulary:
        """Counted over the insides of `lines`: the first and last word of a line may be halves and are left out."""
        vocabulary = cls()
        for line in lines:
            inner = [match[0] for match in _WORD.finditer(line)][1:-1]
            vocabulary.words.update(inner)
            for word in inner:
                vocabulary.starts.update(word[:length] for length in range(2, len(word) + 1))
            vocabulary.pairs.update(itertools.pairwise(inner))
        return vocabulary

    def odds(self, left: str, right: str) -> int:
        """How much more often the document closes the two pieces up (negative) than writes them apart (positive)."""
        if len(left) < 2 or not right:
            return 0
        closed = self.starts[left + right]
        apart = (
            sum(times for (first, second), times in self.pairs.items() if first == left and second.startswith(right))
            if self.words[left]
            else 0
        )
        return apart - closed


def spaces(wraps: Sequence[Wrap], analyser: Analyser, lines: Sequence[str]) -> list[bool]:
    """For each wrap, whether the joined text has a space there.

    Punctuation and web addresses decide first; then the trailing space, where it means something; then the analyser,
    corrected by how the document itself writes the word (`lines`: all of its lines).
    """
    ruled = [_rule(wrap) for wrap in wraps]
    open_wraps = [index for index, space in enumerate(ruled) if space is None]
    scores = analyser.join_scores([(wraps[index].left, wraps[index].right) for index in open_wraps])
    vocabulary = Vocabulary.of(lines)
    for index, score in zip(open_wraps, scores, strict=True):
        ruled[index] = _weigh(wraps[index], score, vocabulary)
    return [bool(space) for space in ruled]


def _rule(wrap: Wrap) -> bool | None:
    left, right = wrap.left, wrap.right
    if URL.search(left.split(" ")[-1]) and re.match(r"[\w%/.?=&#-]", right) and not _starts_words(right):
        return False
    if re.match(r"\(?https?:", right):
        return not left.endswith(("(", ")", ".", "<"))
    quote = _quote_rule(left, right)
    if quote is not None:
        return quote
    if re.match(r"[)\]}’”」』》〉>,.:;?!%·]", right) or re.search(r"[(\[{‘“「『《〈<·]$", left):
        return False
    if re.match(r"[(\[（]", right):
        return hangul_share(left) < 0.3 and bool(re.search(r"[A-Za-z.,]$", left))
    if SENTENCE_END.search(left):
        return True
    return wrap.trailing_space


def _starts_words(right: str) -> bool:
    """Whether the next line begins with a word of its own and not with the rest of a web address."""
    return bool(re.match(r"[A-Za-z]+[ ,]", right)) or bool(re.match(r"[가-힣]", right))


def _quote_rule(left: str, right: str) -> bool | None:
    """Straight quotes: an odd one before closes at the start of the right piece; one at the end opens."""
    for mark in "'\"":
        odd = left.count(mark) % 2 == 1
        if right.startswith(mark) and odd:
            return False
        if left.endswith(mark) and odd:
            return False
    return None


def _weigh(wrap: Wrap, score: float, vocabulary: Vocabulary) -> bool:
    left, right = _WORD_END.search(wrap.left), _WORD_START.search(wrap.right)
    if not left or not right:
        return score >= 0
    for length in range(len(right[0]), 0, -1):
        odds = vocabulary.odds(left[0], right[0][:length])
        if odds and (abs(odds) >= 2 or abs(score) < _SURE):
            return odds > 0
    return score >= 0
