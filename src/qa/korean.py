"""The only door to Kiwi: sentences, morphemes, and whether a space belongs where a line was wrapped.

Every text must be in NFC (Kiwi makes one bogus noun of decomposed Hangul); offsets are characters of that text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version as package_version
from itertools import pairwise
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiwipiepy import Kiwi  # type: ignore[import-untyped]

_CONTEXT = 24
_TIE = 0.05

_ENUMERATOR = "①-⑳⑴-⒇⒈-⒛㉠-㉻❶-❿"
_BULLET = re.compile(
    rf"(?<![(\[（,·~])[{_ENUMERATOR}](?![과와은는을를의,·~)\]])\s*(?=\w)"
    rf"|(?:(?<=[.!?])|(?<=[.!?]\s))[{_ENUMERATOR}]\s*(?=\w)"
    r"|(?<!\S)[•∙●○■□▪◆◇◦▶▷※]\s*(?=\w)"
    r"|^[ \t]*[-–—*·]\s+",
    re.MULTILINE,
)
_AFTER_NOTE_MARK = re.compile(r"(?:[가-힣][.!?](?:<sup>[^<]*</sup>|\d{1,3}\))|다\.\d{1,3})\s+")
_SHORTENED = "etc|vol|nos|fig|eds|inc|ltd|corp|univ|prof|mrs|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec"
_ENGLISH_END = re.compile(
    rf"(?:\b(?!(?i:{_SHORTENED})\b)[A-Za-z]{{3,}}|\d{{4}}|\))[.!?][\"”’)]?\s+(?=[\"“(]?[A-Z가-힣])"
)
_UNCUT = re.compile(
    r"\d{4}\.\s?\d{1,2}\.(?:\s?\d{1,2}\.?)?|\b(?:Prof|Dr|Mr|Mrs|Ms|vs|No|Vol|Fig|St|Jr|Univ|pp?|eds?)\.\s+(?=[A-Z0-9]).",
    re.IGNORECASE,
)
_TRAILER = re.compile(r"(?:\([^()\n]*\d{4}[^()\n]*\)|[)\]}」』》〉”’]+)\s*[.。]?")
_QUOTED = "[‘“「『<《][^‘“「『<《’”」』>》\\n]*[^’”」』>》.!?\\n][’”」』>》]"
_QUOTED_START = re.compile(rf"(?<=[가-힣][.!?])\s+({_QUOTED}(?:,?\s*{_QUOTED})*\s*)")
_PARAGRAPH = re.compile(r"\n\s*\n\s*")

_URL_END = re.compile(r"(?:https?://|www\.)\S*$")
_OPENING = re.compile(r"[(\[{（「『《〈‘“]$")
_CLOSING = re.compile(r"[,.)\]}）」』》〉’”!?:;%…]")
_BINDING_END = re.compile(r"(?:[·/~∼]|[A-Za-z]-)$")
_BINDING_START = re.compile(r"[·/~∼]")
_FINAL = re.compile(r"[.!?。]$")
_COMMA = re.compile(r"[,;:]$")
_WORD_START = re.compile(r"[0-9A-Za-z]")
_SEAM_OF_WORDS = re.compile(r"[A-Za-z] [A-Za-z]|[0-9] [0-9]")


@dataclass(frozen=True, slots=True)
class Morpheme:
    """A morpheme with its Sejong tag (as Kiwi has it); `start == end` where it takes no character of its own."""

    form: str
    tag: str
    start: int
    end: int


class Analyser:
    """Kiwi, loaded once and at the first use; every method may be called from several threads.

    `user_words` are nouns that the analysis keeps in one piece; `parts` gives back what each is made of.
    """

    def __init__(self, *, threads: int = 2, user_words: Iterable[str] = ()) -> None:
        self._threads = threads
        self._user_words = tuple(sorted(set(user_words)))
        self._parts: dict[str, tuple[Morpheme, ...]] = {}
        self._kiwi: Kiwi | None = None
        self._lock = Lock()

    @property
    def version(self) -> str:
        """Version of Kiwi and of its model: an index made with another one is not the same index."""
        return f"kiwipiepy {package_version('kiwipiepy')} model {package_version('kiwipiepy_model')} base"

    def sentences(self, text: str) -> list[tuple[int, int]]:
        """Spans of the sentences in text order: never empty, and all that lies between them is white space.

        Beyond Kiwi's own boundaries a sentence begins at an enumerator (①) or bullet, at a blank line, after a
        note mark that follows a full stop, and after an English full stop; a closing citation stays with the
        sentence that it closes. Raises ValueError for text that is not NFC.
        """
        return _spans(text, self._loaded().split_into_sents(_checked(text), return_sub_sents=False))

    def sentences_batch(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """`sentences` of each text, analysed on all threads."""
        found = self._loaded().split_into_sents(map(_checked, texts), return_sub_sents=False)
        return [_spans(text, sentences) for text, sentences in zip(texts, found, strict=True)]

    def morphemes(self, text: str) -> list[Morpheme]:
        """The morphemes of the best analysis, in text order. Raises ValueError for text that is not NFC."""
        return _morphemes(self._loaded().tokenize(_checked(text)))

    def morphemes_batch(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        """`morphemes` of each text, analysed on all threads."""
        return [_morphemes(tokens) for tokens in self._loaded().tokenize(map(_checked, texts))]

    def parts(self, word: str) -> tuple[Morpheme, ...]:
        """What a user word is made of, had it not been kept in one piece; empty for any other word."""
        self._loaded()
        return self._parts.get(word, ())

    def join(self, left: str, right: str) -> bool:
        """Whether a space belongs between two pieces of a line that was wrapped."""
        return self.joins([(left, right)])[0]

    def joins(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        """`join` of each pair, analysed on all threads."""
        return [score >= 0 for score in self.join_scores(pairs)]

    def join_scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each pair the log likelihood of the joined text with a space less that without one.

        Positive speaks for a space, negative against it; infinite where punctuation decides; 0.0 where the model
        cannot tell (two nouns that may be one compound): look whether the text has the compound elsewhere. The
        method is that of Kiwi.glue, with Hangul spelling rules before it and tags to break its many ties.
        """
        scores = [_rule(left.rstrip(), right.lstrip()) for left, right in pairs]
        open_pairs = [index for index, score in enumerate(scores) if score is None]
        variants = [text for index in open_pairs for text in _variants(*pairs[index])]
        analyses = (found[0] for found in self._loaded().analyze(map(_checked, variants)))
        for index, spaced, closed in zip(open_pairs, analyses, analyses, strict=True):
            cut = len(_tail(pairs[index][0]))
            scores[index] = _score(spaced[1] - closed[1], _morphemes(closed[0]), cut)
        return [0.0 if score is None else score for score in scores]

    def _loaded(self) -> Kiwi:
        with self._lock:
            if self._kiwi is None:
                self._kiwi = self._load()
            return self._kiwi

    def _load(self) -> Kiwi:
        from kiwipiepy import Kiwi  # half a second that `import qa` must not pay

        # without the dictionary of phrases: half the time to load, 180 MB less, other tokens on 1 line in 300
        kiwi = Kiwi(num_workers=self._threads, load_multi_dict=False)
        words = [_checked(word) for word in self._user_words]
        self._parts = {word: tuple(_morphemes(kiwi.tokenize(word))) for word in words}
        for word in words:
            kiwi.add_user_word(word, "NNP")
        return kiwi


def _checked(text: str) -> str:
    """`text` as Kiwi can take it: lone surrogates replaced, same length. Raises ValueError unless it is NFC."""
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("text for the analyser must be in NFC")
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _morphemes(tokens: Iterable[Any]) -> list[Morpheme]:
    return [Morpheme(token.form, str(token.tag), token.start, token.end) for token in tokens]


def _spans(text: str, sentences: Iterable[Any]) -> list[tuple[int, int]]:
    """Kiwi's sentences with our own cuts added and wrong ones taken out, white space stripped."""
    cuts = {sentence.start for sentence in sentences}
    cuts.update(match.end() for match in _PARAGRAPH.finditer(text))
    cuts.update(match.end() for match in _AFTER_NOTE_MARK.finditer(text))
    cuts.update(match.end() for match in _ENGLISH_END.finditer(text))
    for match in _UNCUT.finditer(text):
        cuts.difference_update(range(match.start() + 1, match.end()))
    starts = [match.span() for match in _BULLET.finditer(text)]
    starts += [match.span(1) for match in _QUOTED_START.finditer(text)]  # Kiwi cuts after such a quote, not before it
    for start, end in starts:
        cuts.difference_update(range(start + 1, end + 1))
        cuts.add(start)
    return _merged(text, _stripped(text, cuts))


def _stripped(text: str, cuts: set[int]) -> list[tuple[int, int]]:
    bounds = sorted(cuts | {0, len(text)})
    spans = []
    for start, end in pairwise(bounds):
        piece = text[start:end]
        if piece.strip():
            spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
    return spans


def _merged(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Closing brackets and citations given back to the sentence before them, unless a line lies between."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and "\n" not in text[merged[-1][1] : start] and _TRAILER.fullmatch(text, start, end):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _tail(left: str) -> str:
    return left.rstrip()[-_CONTEXT:].lstrip()


def _variants(left: str, right: str) -> tuple[str, str]:
    before, after = _tail(left), right.lstrip()[:_CONTEXT]
    return f"{before} {after}", unicodedata.normalize("NFC", before + after)


def _rule(left: str, right: str) -> float | None:
    """What punctuation says of a wrapped line, None where it says nothing."""
    if not left or not right:
        return -inf
    if _OPENING.search(left) or _CLOSING.match(right) or _BINDING_END.search(left) or _BINDING_START.match(right):
        return -inf
    if _URL_END.search(left) and _WORD_START.match(right):
        return -inf
    if right[0] in "\"'" and left.count(right[0]) % 2:
        return -inf
    if _FINAL.search(left) or _COMMA.search(left) or _SEAM_OF_WORDS.match(f"{left[-1]} {right[0]}"):
        return inf
    return None


def _score(difference: float, closed: list[Morpheme], cut: int) -> float:
    """The model's score; a tie is decided by the morphemes at the cut of the text joined without a space."""
    if abs(difference) > _TIE:
        return difference
    before = [morpheme for morpheme in closed if morpheme.start < cut]
    after = [morpheme for morpheme in closed if morpheme.start >= cut]
    if not before or not after:
        return 0.0
    left, right = before[-1].tag, after[0].tag
    if right.startswith(("XS", "VC", "J", "E", "SP", "SSC")) or left in {"XPN", "SN", "SO", "SW"}:
        return -1.0
    if (after[0].form == "(" and left.startswith(("N", "SL", "SH"))) or (after[0].form, right) == ("지", "VX"):
        return -1.0
    if left.startswith(("J", "E", "MA", "XSN", "NNB")):
        return 1.0
    return 0.0
