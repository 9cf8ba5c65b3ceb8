"""Text and its offsets: NFC at the door with a map back, line and column, and a builder that keeps the map."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from qa.records import SourceMap

HANGUL = re.compile(r"[가-힣]")
HANJA = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_JOINS_BACK = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
)
"""Vowel signs of other scripts that compose with the letter before them though they are no combining marks."""


@dataclass(slots=True)
class MappedText:
    """Text under construction that remembers where each character came from.

    `sources[i]` is the file offset of character `i` of `text`; the two always have the same length.
    """

    parts: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def text(self) -> str:
        """The text so far."""
        return "".join(self.parts)

    def append(self, text: str, sources: list[int]) -> None:
        """Add characters with the file offset of each; raises ValueError when the two lengths differ."""
        if len(text) != len(sources):
            raise ValueError(f"{len(text)} characters with {len(sources)} offsets")
        self.parts.append(text)
        self.sources.extend(sources)

    def insert(self, text: str, source: int) -> None:
        """Add characters that the file does not have at the place `source` that they stand for."""
        self.append(text, [source] * len(text))

    def source_map(self) -> SourceMap:
        """The runs of consecutive file offsets."""
        starts, sources = [0], [self.sources[0] if self.sources else 0]
        for offset in range(1, len(self.sources)):
            if self.sources[offset] != self.sources[offset - 1] + 1:
                starts.append(offset)
                sources.append(self.sources[offset])
        return SourceMap(tuple(starts), tuple(sources))


def nfc_with_sources(raw: str) -> tuple[str, list[int]]:
    """`raw` in NFC, and for each character of it the offset in `raw` where its composition began.

    A sequence that composes (NFD Hangul, a letter with its accent) becomes one character that maps to its first.
    """
    if unicodedata.is_normalized("NFC", raw):
        return raw, list(range(len(raw)))
    parts: list[str] = []
    sources: list[int] = []
    start = 0
    for end in range(1, len(raw) + 1):
        if end < len(raw) and not _starts_cluster(raw[end], raw[end - 1]):
            continue
        composed = unicodedata.normalize("NFC", raw[start:end])
        parts.append(composed)
        sources.extend([start] * len(composed))
        start = end
    return "".join(parts), sources


def _starts_cluster(char: str, before: str) -> bool:
    """Whether no composition can reach back over the boundary before `char`."""
    if unicodedata.combining(char) or char in _JOINS_BACK:
        return False
    vowel_or_tail = "\u1160" <= char <= "\u11ff"
    after_hangul = "\u1100" <= before <= "\u11ff" or "가" <= before <= "힣"
    return not (vowel_or_tail and after_hangul)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column of a character of `text`."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


def squeeze(text: str) -> str:
    """`text` for comparing what was said: NFKC, lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it at all."""
    return any(char.isalnum() for char in text)
