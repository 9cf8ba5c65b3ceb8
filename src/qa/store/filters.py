"""What a search can be narrowed to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from qa.errors import FilterError
from qa.records import BlockKind, Metadata, Region
from qa.store.tables import DocumentSummary


@dataclass(frozen=True, slots=True)
class Filters:
    """Each field narrows the search further; an empty one does not.

    `author` is part of the author's name, in any case; `year_from` and `year_to` are inclusive, and a document
    without a year is in no range; `kinds` and `regions` are those of passages.
    """

    documents: tuple[str, ...] = ()
    author: str = ""
    year_from: int | None = None
    year_to: int | None = None
    regions: tuple[Region, ...] = ()
    kinds: tuple[BlockKind, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


def matching_documents(filters: Filters, documents: Sequence[DocumentSummary]) -> set[str]:
    """The ids of the documents that the filters let through.

    Raises FilterError for a document or an author that the index does not have, and for a range without years.
    """
    ids = [document.id for document in documents]
    for wanted in filters.documents:
        if wanted not in ids:
            raise _unknown("document", "문서", wanted, ids)
    authors = {document.metadata.author for document in documents if document.metadata.author}
    if filters.author and not any(_is_by(filters.author, author) for author in authors):
        raise _unknown("author", "저자", filters.author, authors)
    if filters.year_from is not None and filters.year_to is not None and filters.year_from > filters.year_to:
        raise FilterError(
            f"No year lies from {filters.year_from} to {filters.year_to}. Give the earlier year first.",
            f"{filters.year_from}년부터 {filters.year_to}년까지인 해는 없습니다. 이른 해를 먼저 쓰세요.",
            subject="year",
        )
    return {document.id for document in documents if _passes(filters, document.id, document.metadata)}


def _passes(filters: Filters, document_id: str, metadata: Metadata) -> bool:
    if filters.documents and document_id not in filters.documents:
        return False
    if filters.author and not _is_by(filters.author, metadata.author):
        return False
    if filters.year_from is None and filters.year_to is None:
        return True
    if metadata.year is None:
        return False
    return (filters.year_from or metadata.year) <= metadata.year <= (filters.year_to or metadata.year)


def _is_by(wanted: str, author: str) -> bool:
    return normalize("NFC", wanted).casefold().strip() in author.casefold()


def _unknown(field: str, korean: str, wanted: str, known: Collection[str]) -> FilterError:
    names = ", ".join(sorted(known)) or "-"
    return FilterError(
        f"The index has no {field} {wanted!r}. It has: {names}.",
        f"색인에 {korean} {wanted!r}이(가) 없습니다. 있는 {korean}: {names}.",
        subject=field,
    )
