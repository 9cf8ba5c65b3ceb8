"""The only door to tantivy: BM25 (k1 1.2, b 0.75) over terms that terms.py made; deletion leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import tantivy

from qa.errors import IndexCorruptError, IndexLockedError, IndexWriteError
from qa.terms import DocumentTerms

Field = Literal["morphemes", "bigrams"]

HEADING_BOOST = 0.8
_HEADINGS: Mapping[Field, str] = {"morphemes": "heading_morphemes", "bigrams": "heading_bigrams"}
_WRITER_BYTES = 50_000_000


class LexicalIndex:
    """Passages by their terms, in a folder of its own; one writer at a time, any number of readers.

    What is added or deleted can be searched after `commit`. A reader keeps the state that it opened.
    """

    def __init__(self, folder: Path, index: tantivy.Index) -> None:
        index.config_reader("manual")
        self._folder = folder
        self._index = index
        self._searcher = index.searcher()
        self._ids: dict[tuple[int, int], str] = {}
        self._added: list[tantivy.Document] = []
        self._deleted: set[str] = set()

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """An empty index in `folder`, which is made. Raises IndexWriteError if it cannot be, or holds an index."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if tantivy.Index.exists(str(folder)):
                raise FileExistsError(f"{folder} holds an index already")
            return cls(folder, tantivy.Index(_schema(), path=str(folder), reuse=False))
        except (OSError, ValueError) as error:
            raise _write_error(folder, error) from error

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index in `folder`, which may be read-only. Raises IndexCorruptError if it is missing or damaged."""
        try:
            if os.access(folder, os.W_OK) or not folder.is_dir():
                return cls(folder, tantivy.Index.open(str(folder)))
            with tempfile.TemporaryDirectory(prefix="qa-lexical-") as shadow:  # tantivy puts its lock file beside
                for file in folder.iterdir():
                    Path(shadow, file.name).symlink_to(file.absolute())
                return cls(folder, tantivy.Index.open(shadow))
        except (OSError, ValueError) as error:
            raise IndexCorruptError(
                f"The lexical index in {folder} cannot be read: {error}. Build the index again.",
                f"{folder}의 어휘 색인을 읽을 수 없습니다: {error}. 색인을 다시 만드세요.",
                subject=str(folder),
            ) from error

    def __len__(self) -> int:
        """The number of passages that can be searched."""
        return self._searcher.num_docs

    def add(self, passage_id: str, document_id: str, *, fields: DocumentTerms, heading_terms: DocumentTerms) -> None:
        """Add a passage of a document with its own terms and those of its headings."""
        row = tantivy.Document(passage_id=passage_id, document_id=document_id)
        row.add_text("morphemes", " ".join(fields.morphemes))
        row.add_text("bigrams", " ".join(fields.bigrams))
        row.add_text("heading_morphemes", " ".join(heading_terms.morphemes))
        row.add_text("heading_bigrams", " ".join(heading_terms.bigrams))
        self._added.append(row)

    def delete_document(self, document_id: str) -> None:
        """Delete all passages of a document; one that is not there is no error."""
        self._added = [row for row in self._added if row["document_id"] != [document_id]]
        self._deleted.add(document_id)

    def commit(self) -> None:
        """Write what was added and deleted to the disk: the folder is complete, synced and at rest when this returns.

        tantivy counts deleted passages in its statistics until some later merge; so that scores depend only on
        what the index holds, a deletion writes the remaining passages anew. Raises IndexLockedError while another
        process writes, IndexWriteError if the folder cannot be written.
        """
        kept = list(self._kept()) if self._any_deleted() else None
        try:
            writer = self._index.writer(_WRITER_BYTES, 1)
            if kept is not None:
                writer.delete_all_documents()
            for row in [*(kept or ()), *self._added]:
                writer.add_document(row)
            writer.commit()
            writer.wait_merging_threads()
            self._index.reload()
        except (OSError, ValueError) as error:
            raise _write_error(self._folder, error) from error
        self._searcher, self._ids = self._index.searcher(), {}
        self._added, self._deleted = [], set()

    def search(
        self,
        field: Field,
        terms: Mapping[str, float],
        *,
        limit: int,
        documents: Collection[str] | None = None,
        passages: Collection[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The best passages for weighted terms as (passage id, BM25 score), best first, equal scores by id.

        A term counts in the text and, `HEADING_BOOST` as much, in the headings. `documents` and `passages` keep
        only those ids. Scores are rounded to six digits, so that the order of a sum does not show.
        """
        if not terms or limit < 1:
            return []
        query = _query(field, terms)
        for name, allowed in (("document_id", documents), ("passage_id", passages)):
            if allowed is not None:
                query = _narrowed(query, name, allowed)
        return self._best(query, limit)

    def matched(self, passage_ids: Sequence[str], terms: Collection[str]) -> dict[str, tuple[str, ...]]:
        """For each passage, which of `terms` are among the morphemes of its text or headings, sorted."""
        query = tantivy.Query.term_set_query(_schema(), "passage_id", list(passage_ids))
        found = self._searcher.search(query, max(len(passage_ids), 1), count=False)
        rows = {row["passage_id"][0]: row for row in (self._searcher.doc(address) for _, address in found.hits)}
        wanted = set(terms)
        return {
            passage_id: tuple(sorted(wanted.intersection(_held(rows[passage_id])))) if passage_id in rows else ()
            for passage_id in passage_ids
        }

    def _best(self, query: tantivy.Query, limit: int) -> list[tuple[str, float]]:
        """The first `limit`; as many more are read as tie with the last, so that ids decide between them."""
        wanted = limit + 1
        while True:
            hits = self._searcher.search(query, wanted, count=False).hits
            scores = [float(f"{score:.6g}") for score, _ in hits]
            if len(hits) < wanted or scores[-1] < scores[limit - 1]:
                break
            wanted *= 2
        ids = (self._id_at(address) for _, address in hits)
        return sorted(zip(ids, scores, strict=True), key=lambda hit: (-hit[1], hit[0]))[:limit]

    def _id_at(self, address: tantivy.DocAddress) -> str:
        """The passage at an address of this searcher; what was read once is remembered."""
        place = address.segment_ord, address.doc
        if place not in self._ids:
            self._ids[place] = self._searcher.doc(address)["passage_id"][0]
        return self._ids[place]

    def _any_deleted(self) -> bool:
        if not self._deleted:
            return False
        query = tantivy.Query.term_set_query(_schema(), "document_id", sorted(self._deleted))
        return bool(self._searcher.search(query, 1, count=False).hits)

    def _kept(self) -> Iterator[tantivy.Document]:
        hits = self._searcher.search(tantivy.Query.all_query(), max(len(self), 1), count=False).hits
        for _, address in hits:
            row = self._searcher.doc(address)
            if row["document_id"][0] not in self._deleted:
                yield row


@cache
def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("passage_id", "document_id"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (*_HEADINGS, *_HEADINGS.values()):
        builder.add_text_field(name, stored=True, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _query(field: Field, terms: Mapping[str, float]) -> tantivy.Query:
    parts = []
    for term, weight in sorted(terms.items()):
        for name, boost in ((field, weight), (_HEADINGS[field], weight * HEADING_BOOST)):
            found = tantivy.Query.term_query(_schema(), name, term, index_option="freq")
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(found, boost)))
    return tantivy.Query.boolean_query(parts)


def _narrowed(query: tantivy.Query, name: str, allowed: Collection[str]) -> tantivy.Query:
    ids = tantivy.Query.term_set_query(_schema(), name, sorted(allowed))
    free = tantivy.Query.const_score_query(ids, 0.0)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, free)])


def _held(row: tantivy.Document) -> list[str]:
    return [term for name in ("morphemes", "heading_morphemes") for term in row[name][0].split()]


def _write_error(folder: Path, error: Exception) -> IndexLockedError | IndexWriteError:
    if "LockBusy" in str(error):
        return IndexLockedError(
            f"Another process is writing to the lexical index in {folder}. Wait until it has finished.",
            f"다른 프로세스가 {folder}의 어휘 색인에 쓰고 있습니다. 끝날 때까지 기다리세요.",
            subject=str(folder),
        )
    return IndexWriteError(
        f"The lexical index in {folder} cannot be written: {error}. Check the disk and the permissions.",
        f"{folder}에 어휘 색인을 쓸 수 없습니다: {error}. 디스크와 권한을 확인하세요.",
        subject=str(folder),
    )
