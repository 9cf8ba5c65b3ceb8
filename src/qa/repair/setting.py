"""How a text is set, measured over the whole of it: what an empty line, a line's end and a trailing space mean."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.repair.headings import numbering
from qa.repair.lines import BULLET, Line, first_word, width

_USUAL_WIDTH = 60
_NARROWEST = 40
"""Cells; running text is not wrapped to less."""
_DOUBLE_SPACED = 0.6
"""Share of lines below an empty one from which empty lines may mean nothing."""
_WRAPPED = 0.35
"""Share of lines that go on, from which a text is wrapped: prints have .6 and more, typed texts next to none."""
_TRAILING = 0.05
"""Share of lines with a blank at their end from which it means something: prints have about a third, or none."""
_BROKEN = 0.02
"""Share of lines that begin with the end of a word, from which words are broken: Korean prints have a tenth."""
_MANY = 40
"""Lines from which the absence of broken words is no chance."""
_WORD_END = re.compile(r"(?:은|는|가|을|를|의|에|와|과|로|며|고|던|다)[.,]?(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Setting:
    """What line ends mean in a text.

    `full` is the width of a full line of running text, in cells. `wrapped` says that a full line goes on with the
    next; else every line is a paragraph, an item, a row. `ragged` says that it is wrapped between words, so that full
    lines differ in width. `gaps` says that an empty line ends a paragraph; where the extraction put one after every
    line it means nothing. `trailing` says that a blank at a line's end stands for a space of the print, and its
    absence for none; `spaced`, that so many lines are wrapped between words that every end of one stands for a space.
    """

    full: int
    wrapped: bool = True
    ragged: bool = False
    gaps: bool = False
    trailing: bool = False
    spaced: bool = False

    def is_full(self, line: Line) -> bool:
        """Whether a line is as wide as one that was wrapped."""
        return line.width >= self.full * (0.75 if self.ragged else 0.9)

    def has_room(self, line: Line, after: Line) -> bool:
        """Whether the first word of the next line would have found room at the end of a line."""
        return line.width + 1 + width(first_word(after.text)) < self.full


def measure(lines: Sequence[Line]) -> Setting:
    """How the text of `lines` is set. Pages are counted on the way (`page` and `starts_page` of each line).

    Running text is wrapped when most of what could be a wrapped line is about as wide as the commonest width and
    ends no sentence. Blank lines are then counted: after nearly every line, they are an artefact.
    """
    full = body_width(lines)
    _take_off_margin(lines)
    pairs = list(itertools.pairwise(lines))
    double = sum(after.gap > 0 for _, after in pairs) > _DOUBLE_SPACED * len(pairs)
    inside = [(line, after) for line, after in pairs if double or not after.gap]
    wrapped = _wrapped_share(inside, full) >= _WRAPPED
    count_pages(lines, by_space=double and wrapped)
    trailing = wrapped and sum(line.trailing_space for line in lines) > _TRAILING * len(lines)
    ragged = wrapped and not breaks_words(lines)
    return Setting(
        full,
        wrapped=wrapped,
        ragged=ragged,
        gaps=not (double and wrapped),
        trailing=trailing,
        spaced=ragged and not trailing and len(lines) >= _MANY,
    )


def _take_off_margin(lines: Sequence[Line]) -> None:
    """Indents are counted from the commonest one."""
    margin = Counter(line.indent for line in lines).most_common(1)[0][0] if lines else 0
    for line in lines:
        line.indent = max(line.indent - margin, 0)


def _wrapped_share(pairs: Sequence[tuple[Line, Line]], full: int) -> float:
    """The share (by width) of lines about as wide as `full` that end no sentence and stand above no new item."""
    total = sum(line.width for line, _ in pairs)
    if not total or full < _NARROWEST:
        return 0.0
    near = ((line, after) for line, after in pairs if full * 0.8 <= line.width <= full * 1.15)
    goes_on = (line for line, after in near if not line.ends_sentence and not _begins_item(after))
    return sum(line.width for line in goes_on) / total


def _begins_item(line: Line) -> bool:
    return bool(BULLET.match(line.text)) or (numbering(line.text) is not None and not line.text.startswith("다."))


def breaks_words(lines: Sequence[Line]) -> bool:
    """Whether lines begin with what only the end of a word can be (을, 는, 다.) more often than by chance."""
    korean = [line.text for line in lines if "가" <= line.text[0] <= "힣"]
    return sum(bool(_WORD_END.match(text)) for text in korean) > _BROKEN * len(korean)


def count_pages(lines: Sequence[Line], *, by_space: bool) -> None:
    """Number the pages. A page begins after a form feed.

    With `by_space`, one also begins at a line with exactly one leading space that follows its predecessor without an
    empty line: what common extractors leave of a page break in a text with empty lines between all others.
    """
    page = 1
    for index, line in enumerate(lines):
        by_blank = by_space and line.indent == 1 and line.gap == 0
        turned = (line.feeds or int(by_blank)) if index else 0
        line.starts_page = turned > 0
        page += turned
        line.page = page


def body_width(lines: Sequence[Line]) -> int:
    """The width of a full line of running text: the commonest one (in steps of four cells) over 30 cells."""
    counts = Counter(line.width // 4 for line in lines if line.width > 30)
    if not counts:
        return _USUAL_WIDTH
    best = max(counts, key=lambda step: (sum(counts[step + d] for d in (-1, 0, 1)), step))
    near = sorted(line.width for line in lines if line.width > 30 and abs(line.width // 4 - best) <= 1)
    return near[len(near) // 2]
