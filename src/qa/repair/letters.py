"""Characters that extraction spoils: words set letter by letter, full-width Latin, signs that nobody can see."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from qa.text import HANGUL

INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u200c\u2060\ufeff]")
_FULL_WIDTH = {
    code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)
}
_LATIN = "A-Za-zÀ-ÿ"
_SPACED_RUN = re.compile(rf"(?<![^\W_])(?:[{_LATIN}&'’] ){{2,}}[{_LATIN}](?:[a-zÀ-ÿ]{{1,6}})?(?![^\W_])")
_SPREAD = re.compile(r"[A-Za-z] {2,}(?=[A-Za-z])")
_WIDE_GAP = re.compile(r"\S {2,}\S")
_NARROW_GAP = re.compile(rf"(?<=[{_LATIN}(&'’-]) (?=[{_LATIN}()&'’-])")
_BEFORE_PARTICLE = re.compile(r"(?<=[A-Z]) (?=[가-힣](?![가-힣]))")


def half_width(text: str) -> str:
    """The text with full-width Latin letters and digits as everybody types them; of the same length."""
    return text.translate(_FULL_WIDTH)


def letter_spacing(text: str) -> set[int]:
    """The offsets of the spaces in a line that stand inside a word (`C I T Y N E T`).

    Where words stand two spaces apart, the line was spread as a whole, and a single space between Latin letters ends
    no word.
    """
    runs = [match.span() for match in _SPACED_RUN.finditer(text) if not _is_alphabet(match[0])]
    if runs and _WIDE_GAP.search(text):
        runs = [(0, len(text))]
    elif not runs and len(_SPREAD.findall(text)) >= 2 and not HANGUL.search(text):
        runs = [(0, len(text))]
    return {at for start, end in runs for at in _inside_words(text, start, end)}


def _inside_words(text: str, start: int, end: int) -> Iterator[int]:
    for pattern, stop in ((_NARROW_GAP, end), (_BEFORE_PARTICLE, end + 1)):
        yield from (match.start() for match in pattern.finditer(text) if start <= match.start() < stop)


def _is_alphabet(run: str) -> bool:
    """Whether letters follow one another as in the alphabet (`A B C`): a list, and no word."""
    codes = [ord(char) for char in run.replace(" ", "")]
    return all(after - before == 1 for before, after in itertools.pairwise(codes))
