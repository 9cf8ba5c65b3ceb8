"""What is indexed with a passage beside its own text, and never quoted with it: its work, its sections, its callers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.records import Block, BlockKind, Document, Passage
from qa.repair.captions import CAPTION

_SENTENCE = re.compile(r"[^.?!\n]*(?:[.?!](?!\s|$)[^.?!\n]*)*[.?!]?")
_RUNNING = (BlockKind.PARAGRAPH, BlockKind.LIST)


def contexts(document: Document, passages: Sequence[Passage]) -> list[str]:
    """One line a passage: title, author and year of the work, the headings above, and the sentences that lead here.

    A footnote is led to by the sentence that has its mark, a table by the sentences that name it by its number: they
    hold the words that one asks for a bare number or address with.
    """
    known = document.metadata
    work = [known.title, known.title_en, known.author, str(known.year or "")]
    leading = {(block.start, block.end): " ".join(_leading(document, block)) for block in document.blocks}
    return [
        " ".join(part for part in (*work, *passage.headings, _around(leading, passage)) if part) for passage in passages
    ]


def _around(leading: dict[tuple[int, int], str], passage: Passage) -> str:
    return next((text for (start, end), text in leading.items() if start <= passage.start < end and text), "")


def _leading(document: Document, block: Block) -> Iterator[str]:
    if block.kind is BlockKind.FOOTNOTE:
        for start, _ in block.marks:
            host = next((b for b in document.blocks if b.start < start <= b.end), None)
            if host is not None:
                yield _sentence_at(document.text, host, start - 1)
    elif block.caption:
        match = CAPTION.match(document.text[block.caption[0] : block.caption[1]])
        if match:
            yield from _mentions(document, match[1], match[2])


def _mentions(document: Document, name: str, number: str) -> Iterator[str]:
    mention = re.compile(rf"[\[<(]\s?{name}\s?{re.escape(number)}(?![\d.-]\d|\d)")
    for block in document.blocks:
        if block.kind in _RUNNING:
            for match in mention.finditer(document.text, block.start, block.end):
                yield _sentence_at(document.text, block, match.start())


def _sentence_at(text: str, block: Block, offset: int) -> str:
    """The sentence of a block around an offset, cut by punctuation alone: it is searched, not shown."""
    for match in _SENTENCE.finditer(text, block.start, block.end):
        if match.start() <= offset < match.end():
            return match[0].strip()
    return ""
