"""Text as people type it: every line a paragraph, an item or a row, empty lines between what is apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from qa.records import BlockKind
from qa.repair.captions import is_caption
from qa.repair.drafts import Draft
from qa.repair.headings import is_named, numbering, reads_as_heading
from qa.repair.lines import BULLET, Line, Role, first_word, width

_HEADING_WIDTH = 60
_SHORT = 50
"""Cells under which a line without the end of a sentence is a row (of a poem, an address) rather than a paragraph."""
_CELLS = re.compile(r"\S\t+\S|(?<=[^\s.?!:])(?: {2,}|\u00a0{2,})(?=\S)|\s[|│]\s")
_LEADS_IN = (":", "：", ",", ";")


class _Sort(Enum):
    """What a line is by its look."""

    TITLE = "title"
    HEADING = "heading"
    CAPTION = "caption"
    CELLS = "cells"
    ITEM = "item"
    SHORT = "short"
    PROSE = "prose"


_ROWS = {_Sort.CELLS: BlockKind.TABLE, _Sort.ITEM: BlockKind.LIST, _Sort.SHORT: BlockKind.LIST}


def read(lines: Sequence[Line]) -> list[Draft]:
    """The drafts of a text that is not wrapped.

    Neighbouring rows of a table, items and short lines become one block of rows; a long line that breaks off in its
    sentence goes on with the next. Anything else is a heading or a paragraph of its own.
    """
    taken = [line for line in lines if line.role in (Role.OPEN, Role.TITLE)]
    sorts = [_sort(taken, index) for index in range(len(taken))]
    drafts: list[Draft] = []
    for index, (line, sort) in enumerate(zip(taken, sorts, strict=True)):
        if index and _goes_on(taken, sorts, index):
            drafts[-1].lines.append(line)
        else:
            drafts.append(_draft(line, sort, _captions_rows(taken, sorts, index)))
    return drafts


def _draft(line: Line, sort: _Sort, caption: bool) -> Draft:
    if caption:
        return Draft(BlockKind.TABLE, [line], rows=True, caption=1)
    if sort in _ROWS:
        return Draft(_ROWS[sort], [line], rows=True)
    if sort is _Sort.HEADING:
        return Draft(BlockKind.HEADING, [line], title=line.text)
    return Draft(BlockKind.TITLE if sort is _Sort.TITLE else BlockKind.PARAGRAPH, [line])


def _captions_rows(lines: Sequence[Line], sorts: Sequence[_Sort], index: int) -> bool:
    """Whether a line is the caption of the rows of a table right below it."""
    return sorts[index] is _Sort.CAPTION and index + 1 < len(lines) and sorts[index + 1] is _Sort.CELLS


def _goes_on(lines: Sequence[Line], sorts: Sequence[_Sort], index: int) -> bool:
    """Whether a line belongs to the block of the line above it."""
    line, sort, above = lines[index], sorts[index], sorts[index - 1]
    if sort is _Sort.ITEM and above is _Sort.ITEM:
        return True
    if line.gap:
        return sort is _Sort.CELLS and _captions_rows(lines, sorts, index - 1)
    if sort is above and sort in (_Sort.TITLE, _Sort.CELLS, _Sort.SHORT):
        return True
    if _captions_rows(lines, sorts, index - 1):
        return True
    return above is _Sort.PROSE and sort in (_Sort.PROSE, _Sort.SHORT) and _breaks_off(lines, index - 1)


def _breaks_off(lines: Sequence[Line], index: int) -> bool:
    """Whether a line was wrapped: it ends no sentence, and the next word would have made it the longest around."""
    line, after = lines[index], lines[index + 1]
    if line.ends_sentence or line.text.endswith(_LEADS_IN):
        return False
    around = [other.width for other in lines[max(0, index - 5) : index + 6]]
    return line.width + 1 + width(first_word(after.text)) > max(around) * 0.95


def _sort(lines: Sequence[Line], index: int) -> _Sort:
    """What a line is, by its own look and by that of its neighbours without an empty line between."""
    line = lines[index]
    if line.role is Role.TITLE:
        return _Sort.TITLE
    near = [other for other in _neighbours(lines, index) if other.role is Role.OPEN]
    if _CELLS.search(line.text) and any(_CELLS.search(other.text) for other in near):
        return _Sort.CELLS
    if is_caption(line.text) and not line.ends_sentence:
        return _Sort.CAPTION
    if _is_heading(lines, index):
        return _Sort.HEADING
    if BULLET.match(line.text) or (_is_item(line) and _has_fellow(lines, index)):
        return _Sort.ITEM
    if line.indent >= 2 and index and not line.gap and _is_item(lines[index - 1]):
        return _Sort.ITEM
    if _is_short(line) and any(_is_short(other) for other in near):
        return _Sort.SHORT
    return _Sort.PROSE


def _neighbours(lines: Sequence[Line], index: int) -> list[Line]:
    """The lines right above and below, if no empty line is between."""
    above = [lines[index - 1]] if index and not lines[index].gap else []
    below = [lines[index + 1]] if index + 1 < len(lines) and not lines[index + 1].gap else []
    return above + below


def _is_item(line: Line) -> bool:
    return bool(BULLET.match(line.text)) or numbering(line.text) is not None


def _has_fellow(lines: Sequence[Line], index: int) -> bool:
    """Whether the line above or below is an item too: one number does not make a list."""
    return any(_is_item(other) for other in (*lines[max(0, index - 1) : index], *lines[index + 1 : index + 2]))


def _is_short(line: Line) -> bool:
    return line.width < _SHORT and not line.ends_sentence


def _is_heading(lines: Sequence[Line], index: int) -> bool:
    """Whether a line heads what is below it: short, no sentence, and numbered, named, or alone between empty lines."""
    line = lines[index]
    if line.ends_sentence or line.width > _HEADING_WIDTH or index + 1 == len(lines) or BULLET.match(line.text):
        return False
    below = lines[index + 1]
    if is_named(line.text):
        return True
    if numbering(line.text) is not None:
        return _numbers_a_section(line, below) and not (index and _same_rank(line, lines[index - 1]))
    alone = (line.gap > 0 or index == 0) and below.gap > 0
    if not alone or line.width > _SHORT or not reads_as_heading(line.text) or _CELLS.search(line.text):
        return False
    return index == 0 or below.ends_sentence or below.width > _HEADING_WIDTH or _is_item(below)


def _numbers_a_section(line: Line, below: Line) -> bool:
    """Whether a numbered line is a heading and no item: what follows is deeper, or is text."""
    mine, next_one = numbering(line.text), numbering(below.text)
    if mine is not None and next_one is not None:
        return next_one.rank > mine.rank
    return not below.listed and (below.gap > 0 or below.ends_sentence)


def _same_rank(line: Line, above: Line) -> bool:
    """Whether two lines are numbered alike: with nothing between them they are items."""
    mine, other = numbering(line.text), numbering(above.text)
    return mine is not None and other is not None and mine.rank == other.rank
