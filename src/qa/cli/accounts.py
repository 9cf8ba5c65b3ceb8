"""What the index holds and how a text was repaired, as a person reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qa.cli.messages import say
from qa.cli.render import named, passage_pages, place, whole_grid
from qa.cli.shapes import discards_within
from qa.records import Discard, Document, Language, Manifest, Passage
from qa.store import DocumentSummary


def document_view(document: Document, language: Language) -> Iterator[RenderableType]:
    """Who wrote it and when, what it is made of, and what repair did to it, with the reasons."""
    metadata = document.metadata
    yield Text(metadata.title or document.name, style="bold")
    known = {
        "author": metadata.author,
        "year": metadata.year,
        "publisher": metadata.publisher,
        "id": document.id,
        "file": document.name,
        "sha256": document.sha256[:16],
        "characters": f"{len(document.text):,}",
    }
    yield _pairs({say(f"show.{key}", language): value for key, value in known.items() if value}, "", language)
    kinds = Counter(block.kind.value for block in document.blocks)
    yield _pairs(_counted("kind", kinds, language), "show.blocks", language)
    yield _pairs(_counted("repair", document.repairs, language), "show.repairs", language)
    yield _discards(document.discards, language)
    for warning in document.warnings:
        yield Text(f"\n{say('show.warning', language)}: {warning}", style="yellow")


def passage_view(passage: Passage, document: Document, language: Language) -> Iterator[RenderableType]:
    """The passage, where it stands in the document and in the file, and what repair took out of its midst."""
    title = document.metadata.title or document.name
    yield place(title, passage.headings, passage_pages(passage, language))
    yield Padding(Text(passage.text), (1, 2))
    pieces = document.source_map.pieces(passage.start, passage.end)
    start, end = document.source_map.span(passage.start, passage.end)
    known = {
        "id": passage.id,
        "document": passage.document_id,
        "kind": named("kind", passage.kind.value, language),
        "region": named("region", passage.region.value, language),
        "span": f"{passage.start:,}-{passage.end:,}",
        "source": say("show.source_span", language, start=f"{start:,}", end=f"{end:,}", pieces=len(pieces)),
        "duplicate_of": passage.duplicate_of,
    }
    yield _pairs({say(f"show.{key}", language): value for key, value in known.items() if value}, "", language)
    yield _discards(discards_within(document, passage), language)


def index_view(
    manifest: Manifest, documents: Sequence[DocumentSummary], folder: Path, language: Language
) -> Iterator[RenderableType]:
    """The label of the index, and a row for each document."""
    encoder = manifest.encoder
    yield _pairs(
        {
            say("info.index", language): folder,
            say("info.generation", language): f"{manifest.generation} ({manifest.created})",
            say("info.analyser", language): manifest.analyser,
            say("info.encoder", language): f"{encoder.name} {encoder.revision} ({encoder.dimension})"
            if encoder
            else say("info.no_encoder", language),
            **{named("count", name, language): f"{count:,}" for name, count in manifest.counts.items()},
        },
        "",
        language,
    )
    yield _documents(documents, language)
    for summary in documents:
        for warning in summary.warnings:
            yield Text(f"{say('show.warning', language)} ({summary.id}): {warning}", style="yellow")


def _documents(documents: Sequence[DocumentSummary], language: Language) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column(say("show.id", language), overflow="fold", style="cyan")
    table.add_column(say("info.title", language), ratio=1, overflow="fold")
    table.add_column(say("show.year", language), no_wrap=True)
    table.add_column(say("count.passages", language), justify="right", no_wrap=True)
    for summary in documents:
        metadata = summary.metadata
        title = Text(metadata.title or summary.name)
        if metadata.author:
            title.append(f"\n{metadata.author}", style="dim")
        table.add_row(Text(summary.id), title, str(metadata.year or ""), f"{summary.passages:,}")
    return Padding(table, (1, 0, 0, 0))


def _discards(discards: Sequence[Discard], language: Language) -> RenderableType:
    """How often each reason left something out, and how many characters in all."""
    counts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for discard in discards:
        counts[discard.reason] += 1
        sizes[discard.reason] += discard.source_end - discard.source_start
    rows = {
        named("reason", reason, language): say("show.discard", language, count=count, characters=sizes[reason])
        for reason, count in counts.most_common()
    }
    return _pairs(rows, "show.discards", language)


def _counted(group: str, counts: Mapping[str, int], language: Language) -> dict[str, object]:
    return {named(group, name, language): f"{count:,}" for name, count in counts.items() if count}


def _pairs(rows: Mapping[str, object], title: str, language: Language) -> RenderableType:
    """Names and values in two columns under a title; nothing where there is nothing to tell."""
    table = whole_grid(2)
    if title and rows:
        table.title, table.title_justify, table.title_style = f"\n{say(title, language)}", "left", "bold"
    for name, value in rows.items():
        table.add_row(Text(f"  {name}", style="cyan"), Text(str(value)))
    return table
