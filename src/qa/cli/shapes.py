"""The JSON that the command line writes: plain objects made of the records."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from qa.records import Answer, Citation, Discard, Document, Hit, Passage


def citation_object(citation: Citation) -> dict[str, Any]:
    """A citation as it stands in a line of a batch; `section` lists the headings, outermost first."""
    return {
        "number": citation.number,
        "document": citation.document_id,
        "title": citation.title,
        "page": citation.page,
        "section": list(citation.section),
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "source_start": citation.source_start,
        "source_end": citation.source_end,
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """A hit as it stands in a line of a batch."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "document": passage.document_id,
        "page": passage.page,
        "section": list(passage.headings),
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def batch_object(identifier: object, answer: Answer) -> dict[str, Any]:
    """One line of a batch: these keys, in this order, are a contract."""
    return {
        "id": identifier,
        "question": answer.question,
        "language": answer.language.value,
        "status": answer.status.value,
        "answer": answer.text,
        "probability": round(answer.probability, 6),
        "citations": [citation_object(citation) for citation in answer.citations],
        "hits": [hit_object(hit) for hit in answer.hits],
        "took_ms": round(answer.took_ms, 1),
    }


def answer_object(answer: Answer) -> dict[str, Any]:
    """An answer to one question: a batch line without its id, and all else that the record holds."""
    shape = batch_object(None, answer)
    del shape["id"]
    shape["citations"] = [
        citation_object(citation)
        | {"passage": citation.passage_id, "short": list(citation.short) if citation.short else None}
        for citation in answer.citations
    ]
    shape["hits"] = [explained_object(hit) for hit in answer.hits]
    return shape | {"short": answer.short, "worded_by": answer.worded_by, "dropped": list(answer.dropped)}


def explained_object(hit: Hit) -> dict[str, Any]:
    """A hit with the reasons why it was found."""
    return hit_object(hit) | {
        "passage": hit.passage.id,
        "kind": hit.passage.kind.value,
        "region": hit.passage.region.value,
        "duplicate_of": hit.passage.duplicate_of or None,
        "window": list(hit.window) if hit.window else None,
        "terms": list(hit.terms),
        "legs": {leg: {"score": round(found.score, 6), "rank": found.rank} for leg, found in hit.legs.items()},
    }


def passage_object(passage: Passage, document: Document) -> dict[str, Any]:
    """A passage, the pieces of the file that it was made of, and what was left out between them."""
    pieces = document.source_map.pieces(passage.start, passage.end)
    return asdict(passage) | {
        "source_pieces": [list(piece) for piece in pieces],
        "discards": [asdict(discard) for discard in discards_within(document, passage)],
    }


def discards_within(document: Document, passage: Passage) -> list[Discard]:
    """What repair left out inside the span of the file that a passage comes from."""
    start, end = document.source_map.span(passage.start, passage.end)
    return [discard for discard in document.discards if start <= discard.source_start and discard.source_end <= end]


def document_object(document: Document, *, text: bool) -> dict[str, Any]:
    """A document with its blocks and the account of its repair; its text only where it is asked for."""
    return {
        "id": document.id,
        "name": document.name,
        "sha256": document.sha256,
        "metadata": asdict(document.metadata),
        "characters": len(document.text),
        "blocks": [asdict(block) for block in document.blocks],
        "repairs": dict(document.repairs),
        "discards": [asdict(discard) for discard in document.discards],
        "warnings": list(document.warnings),
        **({"text": document.text} if text else {}),
    }
