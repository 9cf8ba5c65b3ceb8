"""Documents cut into passages of whole sentences, and passages into the short windows that the dense leg embeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from qa.korean import Analyser
from qa.records import Block, BlockKind, Document, Passage
from qa.settings import Settings
from qa.text import squeeze

VERSION = 1
"""Counted up when the same document is cut in another way, so that an index notices."""

_ALONE = (BlockKind.FOOTNOTE, BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST)
_ROWS = (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST, BlockKind.REFERENCE)
_SKIPPED = (BlockKind.HEADING, BlockKind.TITLE)
_SHINGLE = 10
_FEWEST = 5
"""Shingles that a text must have to be compared at all."""
_COMPARABLE = 20
"""Shingles (of some eighty characters) that a passage must have to be called a repetition."""
_SAME = 0.7
_LONGEST = 3
"""Budgets that a sentence may fill before it is cut."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a row of a table, with its block."""

    start: int
    end: int
    block: Block


def cut(document: Document, analyser: Analyser, settings: Settings) -> list[Passage]:
    """The passages of a document in reading order; `document.text[p.start:p.end] == p.text` for each.

    A passage holds whole sentences up to `settings.passage_chars` characters (a longer sentence stands alone; one
    that is many times too long is cut), never of two sections. Footnotes, tables, figures and lists stand on their
    own; a table's caption is in its first passage, and heads the others through their headings. Titles and headings
    are no passages, unless there is nothing else. Passages that say nearly what an earlier one says name it.
    """
    blocks = [block for block in document.blocks if block.kind not in _SKIPPED] or list(document.blocks)
    units = _units(document, blocks, analyser, settings.passage_chars)
    found: list[Passage] = []
    for group in _groups(blocks, document):
        inside = [unit for block in group for unit in units[block.start]]
        for run in _runs(inside, settings.passage_chars):
            found.append(_passage(document, run, len(found), settings.window_chars))
    return _with_duplicates(found)


def _groups(blocks: Sequence[Block], document: Document) -> Iterator[list[Block]]:
    """Blocks that may share a passage: neighbouring paragraphs of one section; anything else alone."""
    group: list[Block] = []
    for block in blocks:
        if group and not _may_share(document, group[-1], block):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _may_share(document: Document, last: Block, block: Block) -> bool:
    if last.kind in _ALONE or block.kind in _ALONE or last.kind is not block.kind:
        return False
    same = last.headings == block.headings and last.region is block.region
    return same and not document.text[last.end : block.start].strip()


def _units(document: Document, blocks: Sequence[Block], analyser: Analyser, budget: int) -> dict[int, list[_Unit]]:
    """The sentences or rows of each block, by the block's start; sentences of all blocks are found in one go."""
    texts = {block.start: document.text[block.start : block.end] for block in blocks}
    running = [block.start for block in blocks if not _has_rows(block)]
    spans = dict(zip(running, analyser.sentences_batch([texts[start] for start in running]), strict=True))
    units: dict[int, list[_Unit]] = {}
    for block in blocks:
        text = texts[block.start]
        pieces = (
            piece
            for start, end in spans.get(block.start) or _rows(text)
            for piece in _shortened(text, start, end, budget)
        )
        units[block.start] = [_Unit(block.start + start, block.start + end, block) for start, end in pieces]
    return units


def _has_rows(block: Block) -> bool:
    return block.kind in _ROWS


def _rows(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]


def _shortened(text: str, start: int, end: int, budget: int) -> Iterator[tuple[int, int]]:
    """The span itself, or, of one that is many times too long, pieces that end at white space where there is some."""
    while end - start > _LONGEST * budget:
        at = text.rfind(" ", start + budget, start + 2 * budget)
        stop = at if at > start else start + 2 * budget
        yield start, stop
        start = stop + (at > start)
    if text[start:end].strip():
        yield start, end


def _runs(units: Sequence[_Unit], budget: int) -> Iterator[list[_Unit]]:
    """Units packed up to the budget, evenly: a group over the budget is cut into passages of about one length."""
    total = units[-1].end - units[0].start if units else 0
    aim = total / max(-(-total // budget), 1)
    run: list[_Unit] = []
    for unit in units:
        length = unit.end - run[0].start if run else 0
        past_aim = run and run[-1].end - run[0].start >= aim * 0.85 and length > aim * 1.1
        if run and (length > budget or past_aim):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _passage(document: Document, run: Sequence[_Unit], ordinal: int, window: int) -> Passage:
    first, last = run[0].block, run[-1].block
    start, end = run[0].start, run[-1].end
    headings = first.headings
    if first.caption and start >= first.caption[1]:
        headings = (*headings, document.text[first.caption[0] : first.caption[1]])
    return Passage(
        id=f"{document.id}#{ordinal}",
        document_id=document.id,
        ordinal=ordinal,
        text=document.text[start:end],
        start=start,
        end=end,
        headings=headings,
        page=first.page_at(start),
        page_end=last.page_at(end - 1),
        kind=first.kind,
        region=first.region,
        windows=tuple(_windows([(unit.start, unit.end) for unit in run], window)),
    )


def _windows(units: Sequence[tuple[int, int]], budget: int) -> Iterator[tuple[int, int]]:
    """For each sentence, the span from it on over what follows, up to the budget: so each begins with its sentence."""
    for index, (start, end) in enumerate(units):
        for _, later in units[index + 1 :]:
            if later - start > budget:
                break
            end = later
        yield start, end


def shingles(text: str) -> frozenset[int]:
    """Hashes of the character 10-grams of a text, spaces and punctuation taken out; a quarter of them, by hash."""
    flat = squeeze(text)
    grams = {flat[at : at + _SHINGLE] for at in range(max(len(flat) - _SHINGLE + 1, 1))}
    hashes = (crc32(gram.encode()) for gram in grams)
    return frozenset(value for value in hashes if value % 4 == 0)


def nearly_same(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the smaller of two sets of shingles is mostly inside the other (containment, Broder 1997)."""
    small = min(len(one), len(other))
    return small >= _FEWEST and len(one & other) >= _SAME * small


def _with_duplicates(passages: Sequence[Passage]) -> list[Passage]:
    """The passages; running text that mostly repeats earlier running text names the passage where most of it stands.

    An abstract that is repeated at the end is cut at other places there: so each passage is compared with all that
    was said before, not with one passage at a time.
    """
    first: dict[int, int] = {}
    done: list[Passage] = []
    for index, passage in enumerate(passages):
        values = shingles(passage.text) if passage.kind is BlockKind.PARAGRAPH else frozenset[int]()
        homes = Counter(first[value] for value in values if value in first)
        repeats = len(values) >= _COMPARABLE and homes.total() >= _SAME * len(values)
        twin = min(homes, key=lambda home: (-homes[home], home)) if repeats else None
        done.append(passage if twin is None else replace(passage, duplicate_of=passages[twin].id))
        first |= {value: index for value in values if value not in first}
    return done
