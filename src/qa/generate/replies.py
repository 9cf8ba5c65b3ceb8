"""A language model's reply read as claims: sentences, each with the numbers of the passages that it cites."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from qa.korean import Analyser

_MARK = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_LIST_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|^#+\s*")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence without its marks, the passage numbers that it cites (each once, as they come), and its line."""

    text: str
    numbers: tuple[int, ...]
    line: int


def claims(reply: str, analyser: Analyser) -> Iterator[Claim]:
    """The sentences of `reply` in order, in NFC; a mark belongs to the sentence that it stands in or right behind."""
    for line, raw in enumerate(unicodedata.normalize("NFC", reply).splitlines()):
        text, marks = _without_marks(_LIST_ITEM.sub("", _EMPHASIS.sub("", raw)))
        spans = analyser.sentences(text)
        starts = [start for start, _ in spans]
        numbers: list[list[int]] = [[] for _ in spans]
        for offset, cited in marks:
            if spans:
                numbers[max(0, bisect_left(starts, offset) - 1)] += cited
        for (start, end), cited in zip(spans, numbers, strict=True):
            yield Claim(text[start:end], tuple(dict.fromkeys(cited)), line)


def _without_marks(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The line without its marks, and for each mark its offset in what is left and its numbers."""
    text = ""
    at = 0
    marks: list[tuple[int, list[int]]] = []
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        at = match.end()
        marks.append((len(text), [int(number) for number in re.findall(r"\d+", match[1])]))
        if text[-1:] in ".!?" and line[at : at + 1].isalnum():
            text += " "
    return text + line[at:], marks
