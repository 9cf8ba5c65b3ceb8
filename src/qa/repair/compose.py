"""From drafts to the Document: lines joined, marks and markup taken out, every character with its place in the file."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.records import Block, BlockKind, Discard
from qa.repair.drafts import Draft, Layout
from qa.repair.joins import Wrap, open_quotes
from qa.repair.letters import INVISIBLE, half_width, letter_spacing
from qa.repair.lines import BULLET, Line
from qa.text import MappedText

_BLANKS = re.compile(r"\s+")
_MARK_REACH = 40
"""Characters before a note's mark among which one that is kept is looked for."""

SpaceChooser = Callable[[Sequence[Wrap]], list[bool]]


@dataclass(frozen=True, slots=True)
class Composed:
    """The text with its map, the blocks in it, and how many repairs of each kind were made."""

    text: MappedText
    blocks: tuple[Block, ...]
    repairs: dict[str, int]


def compose(raw: str, layout: Layout, choose: SpaceChooser) -> Composed:
    """Join the lines of every draft and lay the blocks one after another, an empty line between two.

    `choose` says for pairs of lines that were one whether a space belongs between. What `layout` drops is left out;
    the spaces inside letter-spaced words are dropped here.
    """
    spaced = _close_letters(layout)
    joined = _choose_spaces(layout, choose)
    out = MappedText()
    blocks: list[Block] = []
    marks: list[tuple[int, int] | None] = []
    for draft in layout.drafts:
        piece = _Piece(raw, layout)
        piece.fill(draft, joined)
        if piece.chars:
            if len(out):
                out.insert("\n\n", piece.sources[0])
            blocks.append(_block(draft, len(out), piece))
            marks.append(draft.mark)
            out.append("".join(piece.chars), piece.sources)
    repairs = _counts(layout) | {"lines joined": len(joined), "letter-spaced words closed": spaced}
    return Composed(out, tuple(_link(blocks, marks, out.sources)), repairs)


def _close_letters(layout: Layout) -> int:
    """Drop the spaces inside letter-spaced words; returns in how many lines."""
    changed = 0
    for line in (line for draft in layout.drafts for line in draft.lines):
        inside = letter_spacing(line.text)
        changed += bool(inside)
        for at in inside:
            layout.dropped.setdefault(line.start + at, "letter spacing")
    return changed


def _choose_spaces(layout: Layout, choose: SpaceChooser) -> dict[int, bool]:
    """For the end of each line that is joined to the next, whether a space belongs there."""
    ends: list[int] = []
    wraps: list[Wrap] = []
    for draft in layout.drafts:
        quotes = ""
        for index, line in enumerate(draft.lines[1:]):
            left = draft.lines[index]
            if draft.rows and not _same_row(draft, index):
                quotes = ""
                continue
            ends.append(left.end)
            wraps.append(_wrap(layout, draft, (left, line), quotes))
            quotes = open_quotes(wraps[-1].left, quotes)
    return dict(zip(ends, choose(wraps), strict=True))


def _wrap(layout: Layout, draft: Draft, pair: tuple[Line, Line], quotes: str) -> Wrap:
    """The two lines as a reader joins them; trailing spaces mean something in running text only."""
    left, right = (layout.kept(line) for line in pair)
    if draft.kind is BlockKind.FOOTNOTE and left == draft.number:
        return Wrap(left, right, True)
    set_by_hand = draft.rows or draft.kind in (BlockKind.TITLE, BlockKind.HEADING)
    means = layout.trailing and (pair[0].trailing_space or not set_by_hand)
    spaced = layout.spaced and not pair[1].starts_page
    return Wrap(left, right, pair[0].trailing_space if means else None, spaced, quotes)


def _same_row(draft: Draft, index: int) -> bool:
    """In rows: whether the line after `index` goes on with its row.

    A caption or source runs on; an item goes on three spaces deep, or with a remark in brackets.
    """
    if index + 1 <= draft.caption:
        return index + 1 < draft.caption
    if len(draft.lines) - index - 1 < draft.sources:
        return True
    line, after = draft.lines[index], draft.lines[index + 1]
    if BULLET.match(after.text):
        return False
    return after.indent >= 3 or (bool(BULLET.match(line.text)) and after.text.startswith(("(", "<")))


class _Piece:
    """The characters of one block, each with its offset in the file."""

    def __init__(self, raw: str, layout: Layout) -> None:
        self.chars: list[str] = []
        self.sources: list[int] = []
        self.caption_end = 0
        self.turns: list[tuple[int, int | None]] = []
        self._raw = raw
        self._layout = layout

    def fill(self, draft: Draft, joined: dict[int, bool]) -> None:
        """Lay the draft's lines one after another, then make one of every run of blanks."""
        for index, line in enumerate(draft.lines):
            if index:
                end = draft.lines[index - 1].end
                if end not in joined:
                    self._put("\n", end)
                elif joined[end]:
                    self._put(" ", end)
                if line.printed != draft.lines[index - 1].printed:
                    self.turns.append((len(self.chars), line.printed))
            if draft.caption and index == draft.caption:
                self.caption_end = len(self.chars) - 1
            self._add(line)
        if draft.caption == len(draft.lines):
            self.caption_end = len(self.chars)
        self._squeeze_blanks(keep_tabs=draft.kind is BlockKind.TABLE)

    def _add(self, line: Line) -> None:
        text = half_width(self._raw[line.start : line.end])
        places = range(line.start, line.end)
        if self._layout.is_whole(line) and not INVISIBLE.search(text):
            self.chars.extend(text)
            self.sources.extend(places)
            return
        for offset, char in zip(places, text, strict=True):
            if offset not in self._layout.dropped and not INVISIBLE.match(char):
                self._put(self._layout.replaced.get(offset, char), offset)

    def _put(self, char: str, source: int) -> None:
        self.chars.append(char)
        self.sources.append(min(source, len(self._raw) - 1))

    def _squeeze_blanks(self, *, keep_tabs: bool) -> None:
        """One blank for any run of them: a line end if one is among them, a tab between cells; none at the ends."""
        text = "".join(self.chars)
        gone: list[int] = []
        for match in _BLANKS.finditer(text):
            blank = "\n" if "\n" in match[0] else "\t" if keep_tabs and "\t" in match[0] else " "
            at = text.find(blank, *match.span())
            keep = match.start() if at < 0 else at
            self.chars[keep] = blank
            inside = match.start() > 0 and match.end() < len(text)
            gone.extend(index for index in range(*match.span()) if index != keep or not inside)
        if gone:
            self._take_out(gone)

    def _take_out(self, gone: Sequence[int]) -> None:
        """Remove the characters at the given indices, which ascend."""
        self.caption_end -= bisect_left(gone, self.caption_end)
        self.turns = [(index - bisect_left(gone, index), page) for index, page in self.turns]
        out = set(gone)
        self.chars = [char for index, char in enumerate(self.chars) if index not in out]
        self.sources = [source for index, source in enumerate(self.sources) if index not in out]


def _block(draft: Draft, start: int, piece: _Piece) -> Block:
    opening = [page for index, page in piece.turns if index == 0]
    return Block(
        kind=draft.kind,
        start=start,
        end=start + len(piece.chars),
        headings=draft.headings,
        page=opening[-1] if opening else draft.lines[0].printed,
        region=draft.region,
        level=draft.level,
        label=draft.number,
        caption=(start, start + piece.caption_end) if draft.caption else None,
        turns=tuple((start + index, page) for index, page in piece.turns if 0 < index < len(piece.chars)),
    )


def _link(blocks: Sequence[Block], marks: Sequence[tuple[int, int] | None], sources: Sequence[int]) -> Iterator[Block]:
    """Give each note the place in the text where its mark stood (the mark itself is taken out)."""
    near = {source for mark in marks if mark for source in _backwards(mark)}
    placed = {source: at for at, source in enumerate(sources) if source in near}
    for block, mark in zip(blocks, marks, strict=True):
        before = next((placed[at] for at in _backwards(mark) if at in placed), None)
        yield block if before is None else replace(block, marks=((before + 1, before + 1),))


def _backwards(mark: tuple[int, int] | None) -> range:
    return range(mark[0] - 1, max(mark[0] - _MARK_REACH, 0) - 1, -1) if mark else range(0)


def _counts(layout: Layout) -> dict[str, int]:
    kinds = Counter(draft.kind for draft in layout.drafts)
    return {
        "headings": kinds[BlockKind.HEADING],
        "notes lifted out": kinds[BlockKind.FOOTNOTE],
        "notes linked": sum(draft.kind is BlockKind.FOOTNOTE and draft.mark is not None for draft in layout.drafts),
        "tables and figures": kinds[BlockKind.TABLE] + kinds[BlockKind.FIGURE],
    }


def discards(raw: str, used: Sequence[int], layout: Layout) -> tuple[Discard, ...]:
    """Every character of the text that is in no block, in runs with their reason.

    White space is its own reason; a character that nothing accounts for is `unplaced` (there must be none).
    """
    kept = set(used)
    runs: list[Discard] = []
    for offset, char in enumerate(raw):
        if offset in kept:
            continue
        reason = layout.dropped.get(offset) or ("markup" if offset in layout.replaced else _reason(char))
        if runs and runs[-1].source_end == offset and runs[-1].reason == reason:
            runs[-1] = replace(runs[-1], source_end=offset + 1)
        else:
            runs.append(Discard(offset, offset + 1, reason))
    return tuple(runs)


def _reason(char: str) -> str:
    if char.isspace():
        return "white space"
    return "invisible" if INVISIBLE.match(char) else "unplaced"
