"""Whether an accepted answer stands in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from qa.text import squeeze


def occurrences(text: str, answers: Iterable[str]) -> list[tuple[int, int]]:
    """The spans of `text`, in order, where one of `answers` stands.

    Compared are the letters and digits alone, in lower case and NFKC: spaces, line ends and punctuation may stand
    between any two of them. A number matches whole numbers only (3 is neither in 13 nor in 3,000), a Latin word
    whole words only. Korean words may carry particles.
    """
    folded, sources = _fold(text)
    return sorted(
        (sources[match.start()], sources[match.end() - 1] + 1)
        for answer in answers
        if squeeze(answer)
        for match in _pattern(squeeze(answer)).finditer(folded)
    )


def contains(text: str, answers: Iterable[str]) -> bool:
    """Whether one of `answers` stands in `text`, as `occurrences` compares."""
    return bool(occurrences(text, answers))


def _fold(text: str) -> tuple[str, list[int]]:
    """`text` in NFKC and lower case, and the offset in `text` of each character of it."""
    parts: list[str] = []
    sources: list[int] = []
    for offset, char in enumerate(text):
        folded = unicodedata.normalize("NFKC", char).lower()
        parts.append(folded)
        sources.extend([offset] * len(folded))
    return "".join(parts), sources


@lru_cache(maxsize=10_000)
def _pattern(squeezed: str) -> re.Pattern[str]:
    inner = r"[\W_]*".join(map(re.escape, squeezed))
    return re.compile(_edge(squeezed[0], before=True) + inner + _edge(squeezed[-1], before=False))


def _edge(char: str, *, before: bool) -> str:
    """What may not stand beside the first or last character of an answer."""
    if char.isdecimal():
        return r"(?<!\d)(?<!\d,)" if before else r"(?!\d)(?!,\d)"
    if char.isascii() and char.isalpha():
        return "(?<![a-z])" if before else "(?![a-z])"
    return ""
