"""Documents cut into passages of whole sentences, and passages into the short windows that the dense leg embeds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from qa.korean import Analyser
from qa.records import Block, BlockKind, Document, Passage, Region
from qa.settings import Settings
from qa.text import squeeze

VERSION = 1
"""Counted up when the same document is cut in another way, so that an index notices."""

_ALONE = (BlockKind.FOOTNOTE, BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST)
_SKIPPED = (BlockKind.HEADING, BlockKind.TITLE)
_SHINGLE = 10
_SAME = 0.7
_LONGEST = 3


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a row of a table, with its block."""

    start: int
    end: int
    block: Block


def cut(document: Document, analyser: Analyser, settings: Settings) -> list[Passage]:
    """The passages of a document in reading order; `document.text[p.start:p.end] == p.text` for each.

    A passage holds whole sentences up to `settings.passage_chars` characters (a longer sentence stands alone), never
    of two sections. Footnotes, tables, figures and lists stand on their own; a table's caption is in its first
    passage, and heads the others through their headings. Passages that say nearly what an earlier one says name it.
    """
    blocks = [block for block in document.blocks if block.kind not in _SKIPPED]
    found: list[Passage] = []
    for group in _groups(blocks, document, settings.passage_chars):
        units = _units(document, group, analyser, settings.passage_chars)
        for run in _runs(units, settings.passage_chars):
            found.append(_passage(document, run, len(found), settings.window_chars))
    return _with_duplicates(found)


def _groups(blocks: Sequence[Block], document: Document, budget: int) -> Iterator[list[Block]]:
    """Blocks that may share a passage: neighbouring paragraphs of one section; anything else alone."""
    group: list[Block] = []
    last = None
    for block in blocks:
        together = bool(group) and last is not None and _may_share(document, last, block)
        if group and not together:
            yield group
            group = []
        group.append(block)
        last = block
    if group:
        yield group


def _may_share(document: Document, last: Block, block: Block) -> bool:
    if last.kind in _ALONE or block.kind in _ALONE or last.kind is not block.kind:
        return False
    same = last.headings == block.headings and last.region is block.region
    return same and not document.text[last.end : block.start].strip()


def _units(document: Document, group: Sequence[Block], analyser: Analyser, budget: int) -> list[_Unit]:
    texts = [document.text[block.start : block.end] for block in group]
    running = [text for block, text in zip(group, texts, strict=True) if not _has_rows(block)]
    sentences = iter(analyser.sentences_batch(running))
    units: list[_Unit] = []
    for block, text in zip(group, texts, strict=True):
        spans = _rows(text) if _has_rows(block) else next(sentences)
        for start, end in spans:
            units.extend(
                _Unit(block.start + a, block.start + b, block) for a, b in _shortened(text, start, end, budget)
            )
    return units


def _has_rows(block: Block) -> bool:
    return block.kind in (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST)


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
    parts = -(-total // budget) if total else 1
    aim = total / parts
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
        page=first.page,
        page_end=last.page,
        kind=first.kind,
        region=first.region,
        windows=tuple(_windows([(unit.start, unit.end) for unit in run], window)),
    )


def _windows(units: Sequence[tuple[int, int]], budget: int) -> Iterator[tuple[int, int]]:
    """For each sentence, the span from it on over what follows, up to the budget; one inside another is left out."""
    reached = -1
    for index, (start, end) in enumerate(units):
        for _, later in units[index + 1 :]:
            if later - start > budget:
                break
            end = later
        if end > reached or end - start > budget // 2:
            yield start, end
        reached = max(reached, end)


def shingles(text: str) -> frozenset[int]:
    """Hashes of the character 10-grams of a text, spaces and punctuation taken out; a quarter of them, by hash."""
    flat = squeeze(text)
    grams = {flat[at : at + _SHINGLE] for at in range(max(len(flat) - _SHINGLE + 1, 1))}
    hashes = (int.from_bytes(blake2b(gram.encode(), digest_size=6).digest(), "big") for gram in grams)
    return frozenset(value for value in hashes if value % 4 == 0)


def nearly_same(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the smaller of two sets of shingles is mostly inside the other (containment, Broder 1997)."""
    small = min(len(one), len(other))
    return small >= 5 and len(one & other) >= _SAME * small


def _with_duplicates(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, each that nearly repeats an earlier one with that one's id."""
    homes: dict[int, list[int]] = defaultdict(list)
    sets = [shingles(passage.text) for passage in passages]
    done: list[Passage] = []
    for index, passage in enumerate(passages):
        earlier = {home for value in sets[index] for home in homes[value]}
        twin = next((home for home in sorted(earlier) if nearly_same(sets[home], sets[index])), None)
        done.append(passage if twin is None else replace(passage, duplicate_of=passages[twin].id))
        for value in sets[index]:
            homes[value].append(index)
    return done


def indexed_heading(title: str, headings: Iterable[str]) -> str:
    """The line that is indexed with a passage and is no part of its text: the work's title and the heading path."""
    return " ".join(part for part in (title, *headings) if part)


def is_back_matter(passage: Passage) -> bool:
    """Whether a passage stands in a part that rarely answers: the bibliography."""
    return passage.region is Region.REFERENCES
