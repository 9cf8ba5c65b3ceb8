"""Text and its offsets: NFC at the door with a map back, line and column, and a builder that keeps the map."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from qa.records import SourceMap

HANGUL = re.compile(r"[가-힣]")
HANJA = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


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
    if unicodedata.combining(char):
        return False
    code = ord(char)
    vowel_or_tail = 0x1160 <= code <= 0x11FF
    previous = ord(before)
    after_jamo = 0x1100 <= previous <= 0x11FF or 0xAC00 <= previous <= 0xD7A3
    return not (vowel_or_tail and after_jamo)


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
