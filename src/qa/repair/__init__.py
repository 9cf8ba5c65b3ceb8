"""Repair: from the text that extraction left to a clean Document that knows where each character came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.korean import Analyser
from qa.readers import Source
from qa.records import BlockKind, Discard, Document
from qa.repair import markdown, plain
from qa.repair.compose import Composed, compose, discards
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
    layout = _read_layout(source, text)

    def choose(wraps: Sequence[Wrap]) -> list[bool]:
        return spaces(wraps, analyser, [line.text for draft in layout.drafts for line in draft.lines])

    composed = compose(text, layout, choose)
    left_out = discards(text, composed.text.sources, layout)
    composed.text.sources[:] = [origin[offset] for offset in composed.text.sources]
    return Document(
        id=source.id,
        name=source.name,
        text=composed.text.text,
        blocks=composed.blocks,
        source_map=composed.text.source_map(),
        metadata=replace(source.metadata, title=_title(source, composed, layout)),
        sha256=source.sha256,
        discards=_in_file(left_out, [*origin, len(source.text)]),
        repairs=composed.repairs,
        warnings=tuple(layout.warnings),
    )


def _read_layout(source: Source, text: str) -> Layout:
    """The layout of a text; one whose name does not say that it is Markdown may be so nevertheless."""
    marked = source.format == "markdown" or markdown.looks_like_markdown(text)
    read_layout = markdown.read_layout if marked else plain.read_layout
    return read_layout(text, source.metadata.title)


def _title(source: Source, composed: Composed, layout: Layout) -> str:
    """The known title, else that in the text, else what its pages are headed with, else the file's name."""
    title = next((block for block in composed.blocks if block.kind is BlockKind.TITLE), None)
    found = composed.text.text[title.start : title.end] if title else ""
    return source.metadata.title or " ".join(found.split()) or layout.title or source.id


def _in_file(found: Sequence[Discard], origin: Sequence[int]) -> tuple[Discard, ...]:
    """Discards of the NFC text as spans of the file."""
    return tuple(replace(d, source_start=origin[d.source_start], source_end=origin[d.source_end]) for d in found)
