"""Repair: from the text that extraction left to a clean Document that knows where each character came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.korean import Analyser
from qa.readers import Source
from qa.records import Block, BlockKind, Document, Metadata
from qa.repair import markdown, plain
from qa.repair.compose import compose, discards
from qa.repair.drafts import Layout
from qa.repair.joins import Wrap, spaces
from qa.text import nfc_with_sources

__all__ = ["VERSION", "repair"]

VERSION = 1
"""Counted up when repair gives another text for the same file, so that an index notices."""


def repair(source: Source, analyser: Analyser) -> Document:
    """The repaired document of a source.

    Its text is NFC; its blocks cover all of it but the white space between them; every character of the file is in a
    block or in a named discard. The same source and analyser give the same document.
    """
    text, origin = nfc_with_sources(source.text)
    layout = _layout(source, text)

    def choose(wraps: Sequence[Wrap]) -> list[bool]:
        return spaces(wraps, analyser, [line.text for draft in layout.drafts for line in draft.lines])

    composed = compose(text, layout, choose)
    lost = discards(text, composed.text.sources, layout.dropped)
    composed.text.sources[:] = [origin[offset] for offset in composed.text.sources]
    ends = [*origin, len(source.text)]
    return Document(
        id=source.id,
        name=source.name,
        text=composed.text.text,
        blocks=composed.blocks,
        source_map=composed.text.source_map(),
        metadata=_metadata(source.metadata, composed.blocks, composed.text.text, source.id),
        sha256=source.sha256,
        discards=tuple(replace(d, source_start=ends[d.source_start], source_end=ends[d.source_end]) for d in lost),
        repairs=composed.repairs,
        warnings=tuple(layout.warnings),
    )


def _layout(source: Source, text: str) -> Layout:
    read_layout = markdown.read_layout if source.format == "markdown" else plain.read_layout
    return read_layout(text, source.metadata.title)


def _metadata(known: Metadata, blocks: Sequence[Block], text: str, name: str) -> Metadata:
    """What is known, with the title taken from the document itself (or its file's name) where nobody gave one."""
    if known.title:
        return known
    found = next((text[b.start : b.end] for b in blocks if b.kind is BlockKind.TITLE), "")
    return replace(known, title=" ".join(found.split()) or name)
