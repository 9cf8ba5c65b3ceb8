"""Whether a space belongs where a line was wrapped: the file's own marks, the analyser, the document's vocabulary."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.korean import Analyser
from qa.repair.lines import SENTENCE_END, URL, hangul_share, last_word

_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_WORD_END = re.compile(r"[가-힣A-Za-z0-9]*[가-힣]$")
_WORD_START = re.compile(r"^[가-힣0-9]+")
_CLOSING = re.compile(r"[)\]}’”」』》〉>,.:;?!%·]")
_OPENING_AT_END = re.compile(r"[(\[{‘“「『《〈<·]$")
_OWN_SPACE = re.compile(r"[，．；：、（]$")
"""Full-width signs, which bring their own space."""
_APOSTROPHE = re.compile(r"(?<=[A-Za-z])'(?=[A-Za-z])")
_TAIL = 200
_SURE = 4.0
"""Natural-log odds from which the analyser is believed over a word that the document has once, or a trailing space."""
_OFTEN = 2
"""Times from which what the document does is a habit."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A wrapped line end: the line before and the line after.

    `trailing_space` says whether the file left a space at the end of the first, None where that means nothing;
    `spaced`, that lines are wrapped between words only. `quotes` are the straight quotes that lines before both, of
    the same paragraph, left open.
    """

    left: str
    right: str
    trailing_space: bool | None = None
    spaced: bool = False
    quotes: str = ""


@dataclass(slots=True)
class Vocabulary:
    """Words and neighbouring words of the lines of a document, none of them cut by a wrap."""

    words: Counter[str] = field(default_factory=Counter)
    starts: Counter[str] = field(default_factory=Counter)
    followers: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, lines: Sequence[str]) -> Vocabulary:
        """Counted over the insides of `lines`: the first and last word of a line may be halves and are left out."""
        vocabulary = cls()
        for line in lines:
            inner = _WORD.findall(line)[1:-1]
            vocabulary.words.update(inner)
            for left, right in itertools.pairwise(inner):
                vocabulary.followers[left][right] += 1
        for word, times in vocabulary.words.items():
            for length in range(2, len(word) + 1):
                vocabulary.starts[word[:length]] += times
        return vocabulary

    def odds(self, left: str, right: str) -> int:
        """How much more often the document writes the two pieces apart (positive) than closed up (negative)."""
        if len(left) < 2 or not right:
            return 0
        found = self.followers[left].items() if left in self.followers else ()
        return sum(times for second, times in found if second.startswith(right)) - self.starts[left + right]


def spaces(wraps: Sequence[Wrap], analyser: Analyser, lines: Sequence[str]) -> list[bool]:
    """For each wrap, whether the joined text has a space there.

    Punctuation and web addresses decide first; then the trailing space, where it means something; then how the
    document itself writes the word (`lines`: all of its lines); then the analyser, which is slow and asked last.
    """
    vocabulary = Vocabulary.of(lines)
    habits = [_habits(wrap, vocabulary) for wrap in wraps]
    decided = [_rule(wrap, odds) for wrap, odds in zip(wraps, habits, strict=True)]
    asked = [index for index, space in enumerate(decided) if space is None]
    scores = analyser.join_scores([(wraps[index].left, wraps[index].right) for index in asked])
    for index, score in zip(asked, scores, strict=True):
        decided[index] = _weigh(wraps[index], score, habits[index])
    return [bool(space) for space in decided]


def _habits(wrap: Wrap, vocabulary: Vocabulary) -> list[int]:
    """The odds of the two pieces in the document, for more and then less of the right one, where there are any."""
    left, right = _WORD_END.search(wrap.left[-_TAIL:]), _WORD_START.search(wrap.right[:_TAIL])
    if not left or not right or wrap.trailing_space is not None:
        return []
    odds = (vocabulary.odds(left[0], right[0][:length]) for length in range(len(right[0]), 0, -1))
    return [value for value in odds if value]


def _rule(wrap: Wrap, habits: Sequence[int]) -> bool | None:
    """What can be said without the analyser: by punctuation, by the file's own mark, by a habit of the document."""
    ruled = _punctuation(wrap)
    if ruled is not None:
        return ruled
    if wrap.spaced or _always_apart(wrap):
        return True
    if wrap.trailing_space is False:
        return False
    return habits[0] > 0 if habits and abs(habits[0]) >= _OFTEN else None


def _punctuation(wrap: Wrap) -> bool | None:
    """What punctuation says, None where it says nothing."""
    left, right = wrap.left[-_TAIL:], wrap.right[:_TAIL]
    if URL.search(last_word(left)) and re.match(r"[\w%/.?=&#-]", right):
        return _after_address(right)
    if re.match(r"\(?https?:", right):
        return not left.endswith(("(", ")", "<")) and (hangul_share(left) < 0.3 or not left.endswith("."))
    if _quote_seam(wrap) or _CLOSING.match(right) or _OPENING_AT_END.search(left) or _OWN_SPACE.search(left):
        return False
    if re.match(r"[(\[（]", right):
        return hangul_share(left) < 0.3 and bool(re.search(r"[A-Za-z.,]$", left))
    return True if SENTENCE_END.search(left) else None


def _after_address(right: str) -> bool | None:
    """Whether a space parts a web address from the next line, which may be the rest of it; None before Hangul."""
    if "가" <= right[0] <= "힣":
        return None
    return bool(re.match(r"[A-Za-z]+[ ,]", right))


def open_quotes(text: str, before: str = "") -> str:
    """The straight quotes that are open behind a text, if those of `before` were open in front of it."""
    words = _APOSTROPHE.sub("", text)
    return "".join(mark for mark in "'\"" if (words.count(mark) + (mark in before)) % 2)


def _quote_seam(wrap: Wrap) -> bool:
    """Whether a straight quote opens where the left piece ends, or closes where the right one begins."""
    marks = open_quotes(wrap.left, wrap.quotes)
    return any(wrap.right.startswith(mark) or wrap.left.endswith(mark) for mark in marks)


def _always_apart(wrap: Wrap) -> bool:
    """Spelling: 뿐 stands apart from 아니다."""
    return wrap.left.endswith(("뿐", "뿐만")) and wrap.right.startswith("아니")


def _weigh(wrap: Wrap, score: float, habits: Sequence[int]) -> bool:
    """What the analyser says, unless it is unsure and the file or the document's habit says otherwise."""
    if wrap.trailing_space:
        return score > -_SURE
    found = next((odds for odds in habits if abs(odds) >= _OFTEN or abs(score) < _SURE), None)
    return score >= 0 if found is None else found > 0
