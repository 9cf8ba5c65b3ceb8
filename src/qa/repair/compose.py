"""From drafts to the Document: lines joined, marks and markup taken out, every character with its place in the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.records import Block, BlockKind, Discard
from qa.repair.drafts import Draft, Layout
from qa.repair.joins import Wrap
from qa.repair.lines import BULLET, Line
from qa.text import HANGUL, MappedText

_SPACED_RUN = re.compile(r"(?<![^\W_])(?:[A-Za-zÀ-ÿ&'’] ){2,}[A-Za-zÀ-ÿ](?:[a-zÀ-ÿ]{1,6})?(?![^\W_])")
_SPREAD = re.compile(r"[A-Za-z] {2,}(?=[A-Za-z])")
_WIDE_GAP = re.compile(r"[A-Za-z&]\s{2,}\S")
_NARROW_GAP = re.compile(r"(?<=[A-Za-zÀ-ÿ(&'’-]) (?=[A-Za-zÀ-ÿ()&'’-])")
_HANGUL_AFTER_SPACED = re.compile(r"(?<=[A-Z]) (?=[가-힣](?![가-힣]))")
_BLANKS = re.compile(r"[\s\u00a0\u200b\ufeff]+")

SpaceChooser = Callable[[Sequence[Wrap]], list[bool]]


@dataclass(frozen=True, slots=True)
class Composed:
    """The text with its map, the blocks in it, and how many repairs of each kind were made."""

    text: MappedText
    blocks: tuple[Block, ...]
    repairs: dict[str, int]


def compose(raw: str, layout: Layout, choose: SpaceChooser) -> Composed:
    """Join the lines of every draft and lay the blocks one after another, an empty line between two.

    `choose` says for pairs of lines that were one whether a space belongs between. What `layout` drops is left out.
    """
    pairs = [(draft, left, right) for draft in layout.drafts for left, right in _wraps(draft)]
    chosen = dict(
        zip([left.end for _, left, _ in pairs], choose([_wrap(layout, *pair) for pair in pairs]), strict=True)
    )
    out = MappedText()
    blocks: list[Block] = []
    repairs = Counter(_counts(layout))
    repairs["lines joined"] = len(pairs)
    marks: dict[int, int] = {}
    for draft in layout.drafts:
        piece = _Piece(raw, layout.dropped)
        _fill(piece, draft, chosen)
        repairs["letter-spaced words closed"] += piece.close_letter_spacing()
        piece.squeeze_blanks()
        if not piece.chars:
            continue
        if len(out):
            out.insert("\n\n", piece.sources[0])
        start = len(out)
        out.append("".join(piece.chars), piece.sources)
        blocks.append(_block(draft, start, piece))
        marks.update({source: start + at for at, source in enumerate(piece.sources)})
    return Composed(out, tuple(_link(blocks, layout.drafts, marks)), dict(repairs))


def _counts(layout: Layout) -> dict[str, int]:
    kinds = Counter(draft.kind for draft in layout.drafts)
    notes = [draft for draft in layout.drafts if draft.kind is BlockKind.FOOTNOTE]
    return {
        "headings": kinds[BlockKind.HEADING],
        "notes lifted out": len(notes),
        "notes linked": sum(draft.mark is not None for draft in notes),
        "tables and figures": kinds[BlockKind.TABLE] + kinds[BlockKind.FIGURE],
    }


def _wraps(draft: Draft) -> Iterator[tuple[Line, Line]]:
    """The pairs of lines of a draft that are joined into one; the others stay lines of their own."""
    for index, (line, after) in enumerate(zip(draft.lines, draft.lines[1:], strict=False)):
        if not draft.rows or _same_row(draft, index, line, after):
            yield line, after


def _wrap(layout: Layout, draft: Draft, left: Line, right: Line) -> Wrap:
    """The two lines as a reader joins them: without what is dropped; trailing spaces mean something in running text."""
    before, after = (_kept(layout, line) for line in (left, right))
    if draft.kind is BlockKind.FOOTNOTE and before == draft.number:
        return Wrap(before, after, True)
    set_by_hand = draft.rows or draft.kind in (BlockKind.TITLE, BlockKind.HEADING)
    means = layout.honours_trailing_spaces and (left.trailing_space or not set_by_hand)
    return Wrap(before, after, left.trailing_space if means else None)


def _kept(layout: Layout, line: Line) -> str:
    chars = (char for at, char in enumerate(line.text, line.start) if at not in layout.dropped)
    return "".join(chars).strip()


def _same_row(draft: Draft, index: int, line: Line, after: Line) -> bool:
    """In a table: a caption that runs on, or an item that goes on three spaces deep."""
    if index + 1 < draft.caption:
        return True
    if index + 1 == draft.caption:
        return False
    if len(draft.lines) - index - 1 < draft.sources:
        return True
    return after.indent >= 3 and not BULLET.match(after.text)


class _Piece:
    """The characters of one block, each with its offset in the file."""

    def __init__(self, raw: str, dropped: dict[int, str]) -> None:
        self._raw = raw
        self.dropped = dropped
        self.chars: list[str] = []
        self.sources: list[int] = []
        self.caption_end = 0

    def add(self, start: int, end: int) -> None:
        for offset in range(start, end):
            if offset not in self.dropped:
                self.chars.append(self._raw[offset])
                self.sources.append(offset)

    def put(self, char: str, source: int) -> None:
        self.chars.append(char)
        self.sources.append(source)

    def _remove(self, indices: set[int]) -> None:
        keep = [index for index in range(len(self.chars)) if index not in indices]
        self.caption_end -= sum(index < self.caption_end for index in indices)
        self.chars = [self.chars[index] for index in keep]
        self.sources = [self.sources[index] for index in keep]

    def close_letter_spacing(self) -> int:
        """Close words that were set letter by letter; returns how many stretches were closed."""
        text = "".join(self.chars)
        gone: set[int] = set()
        closed = 0
        for line in re.finditer(r"[^\n]+", text):
            runs = list(_SPACED_RUN.finditer(text, line.start(), line.end()))
            if not runs:
                continue
            closed += len(runs)
            spread = _WIDE_GAP.search(text, line.start(), line.end())
            spans = [(line.start(), line.end())] if spread else [run.span() for run in runs]
            for start, end in spans:
                gone.update(match.start() for match in _NARROW_GAP.finditer(text, start, end))
                gone.update(match.start() for match in _HANGUL_AFTER_SPACED.finditer(text, start, end + 2))
        self._remove(gone)
        return closed

    def squeeze_blanks(self) -> None:
        """One space for any run of blanks inside a line, none at the ends of the block."""
        text = "".join(self.chars)
        gone: set[int] = set()
        for match in _BLANKS.finditer(text):
            edge = match.start() == 0 or match.end() == len(text)
            keep = None if edge else next((at for at in range(*match.span()) if text[at] == "\n"), match.start())
            gone.update(at for at in range(*match.span()) if at != keep)
            if keep is not None and text[keep] != "\n":
                self.chars[keep] = " "
        self._remove(gone)


def _fill(piece: _Piece, draft: Draft, chosen: dict[int, bool]) -> None:
    """Two spaces where lines are joined with one: letter-spaced words must not be closed over it."""
    previous: Line | None = None
    for index, line in enumerate(draft.lines):
        if previous is not None:
            if draft.rows and not _same_row(draft, index - 1, previous, line):
                piece.put("\n", previous.end)
            elif chosen[previous.end]:
                piece.put(" ", previous.end)
                piece.put(" ", previous.end)
        if draft.caption and index == draft.caption:
            piece.caption_end = len(piece.chars) - 1
        _drop_letter_spacing(piece, line)
        piece.add(line.start, line.end)
        previous = line
    if draft.caption == len(draft.lines):
        piece.caption_end = len(piece.chars)


def _drop_letter_spacing(piece: _Piece, line: Line) -> None:
    """In a Latin line that was spread until words stand two spaces apart, a single space is no word's end."""
    if len(_SPREAD.findall(line.text)) >= 2 and not HANGUL.search(line.text):
        for match in _NARROW_GAP.finditer(line.text):
            piece.dropped[line.start + match.start()] = "letter spacing"


def _block(draft: Draft, start: int, piece: _Piece) -> Block:
    caption = (start, start + piece.caption_end) if draft.caption else None
    return Block(
        kind=draft.kind,
        start=start,
        end=start + len(piece.chars),
        headings=draft.headings,
        page=draft.page,
        region=draft.region,
        level=draft.level,
        label=draft.number,
        caption=caption,
    )


def _link(blocks: Sequence[Block], drafts: Sequence[Draft], placed: dict[int, int]) -> Iterator[Block]:
    """Give each note the place in the text where its mark stood (the mark itself is taken out)."""
    notes = {draft.number: draft for draft in drafts if draft.kind is BlockKind.FOOTNOTE}
    for block in blocks:
        draft = notes.get(block.label) if block.kind is BlockKind.FOOTNOTE else None
        if draft is None or draft.mark is None:
            yield block
            continue
        before = next(
            (placed[at] + 1 for at in range(draft.mark[0] - 1, max(draft.mark[0] - 40, -1), -1) if at in placed), None
        )
        spot = () if before is None else ((before, before),)
        yield Block(
            block.kind,
            block.start,
            block.end,
            block.headings,
            block.page,
            block.region,
            block.level,
            block.label,
            block.caption,
            spot,
        )


def discards(raw: str, used: Sequence[int], dropped: dict[int, str]) -> tuple[Discard, ...]:
    """Every character of the file that is in no block, in runs with their reason.

    White space is its own reason; a character that nothing accounts for is `unplaced` (there must be none).
    """
    kept = set(used)
    runs: list[Discard] = []
    for offset, char in enumerate(raw):
        if offset in kept:
            continue
        reason = dropped.get(offset) or ("white space" if _BLANKS.fullmatch(char) else "unplaced")
        if runs and runs[-1].source_end == offset and runs[-1].reason == reason:
            runs[-1] = Discard(runs[-1].source_start, offset + 1, reason)
        else:
            runs.append(Discard(offset, offset + 1, reason))
    return tuple(runs)
