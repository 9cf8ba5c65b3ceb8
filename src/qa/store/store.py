"""An index opened for reading: rows, postings, vectors and glossary of one generation, which agree or do not open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from qa.errors import IndexCorruptError, IndexIncompleteError, NotFoundError
from qa.glossary import Glossary
from qa.lexical import LexicalIndex
from qa.records import Document, Manifest, Passage
from qa.store.filters import Filters, matching_documents
from qa.store.folder import IndexFolder, corrupt
from qa.store.manifest import Identity, identity_of, read_manifest, refuse_mismatch, verify_files
from qa.store.remember import Remembered
from qa.store.tables import DocumentSummary, TableReader, Window
from qa.tokens import TokenIndex
from qa.vectors import VectorIndex

DOCUMENTS = "documents.sqlite"
LEXICAL = "lexical"
VECTORS = "vectors.faiss"
TOKENS = "tokens.i8"
GLOSSARY = "glossary.json"
_PASSAGES_KEPT, _WINDOWS_KEPT = 8_192, 65_536


class Store:
    """One generation of an index, read-only; every method may be called from several threads.

    It goes on answering from its generation while newer ones are written and this one is removed. `vectors` is None
    when the index was built without an encoder, `tokens` also when the encoder gives none or none were asked for
    (the setting `token_vectors`): to search with others than it was built for is an IndexMismatchError.
    """

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self.lexical = LexicalIndex.open(generation / LEXICAL)
        self.vectors = VectorIndex.open(generation / VECTORS) if manifest.encoder else None
        self.tokens = TokenIndex.open(generation / TOKENS) if identity_of(manifest).has_tokens else None
        self.glossary = Glossary.from_json((generation / GLOSSARY).read_text(encoding="utf-8"))
        self._generation = generation
        self._tables = TableReader(generation / DOCUMENTS)
        self._document = lru_cache(maxsize=64)(self._tables.document)
        self._passages = Remembered(self._tables.passages, _PASSAGES_KEPT)
        self._windows = Remembered(self._tables.windows, _WINDOWS_KEPT)
        self._window_ids = Remembered(self._tables.window_ids_of, _PASSAGES_KEPT)

    @classmethod
    def open(cls, folder: Path, expected: Identity | None = None) -> Store:
        """The current generation of the index in `folder`, every file of it checked.

        `expected` is what the caller will search with; None (to list or show only) takes any. Raises one of the
        errors under IndexFolderError, each for one thing that can be wrong.
        """
        place = IndexFolder(folder)
        number = place.current()
        try:
            return cls._opened(place.generation(number), expected)
        except (IndexCorruptError, IndexIncompleteError):
            if place.current() == number:
                raise
        return cls.open(folder, expected)  # a writer finished, and swept the generation away, in between

    @classmethod
    def _opened(cls, generation: Path, expected: Identity | None) -> Store:
        manifest = read_manifest(generation)
        if expected is not None:
            refuse_mismatch(manifest, expected, generation)
        verify_files(generation, manifest)
        store = cls(generation, manifest)
        store._refuse_disagreement()
        return store

    def close(self) -> None:
        """Close the files of the generation."""
        self._tables.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents, passages, windows and characters there are, and tokens where they have vectors."""
        return self.manifest.counts

    def documents(self) -> list[DocumentSummary]:
        """All documents without their texts, by id."""
        return self._tables.summaries()

    def document(self, document_id: str) -> Document:
        """The document; raises NotFoundError."""
        found = self._document(document_id)
        if found is None:
            raise _not_found("document", "문서", document_id)
        return found

    def texts(self) -> Iterator[str]:
        """The text of each document, by id, one at a time."""
        return self._tables.texts()

    def fingerprints(self) -> dict[str, str]:
        """What each document was made from, by id: with the same fingerprint it need not be read again."""
        return self._tables.fingerprints()

    def passage(self, passage_id: str) -> Passage:
        """The passage; raises NotFoundError."""
        return self.passages([passage_id])[0]

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order of `ids`; raises NotFoundError for the first that is not there."""
        found = self._passages(ids)
        for passage_id in ids:
            if passage_id not in found:
                raise _not_found("passage", "단락", passage_id)
        return [found[passage_id] for passage_id in ids]

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document in their order; raises NotFoundError."""
        found = self._tables.passages_of(document_id)
        return found if found else self._without_passages(document_id)

    def windows(self, ids: Sequence[int]) -> dict[int, Window]:
        """The passage and span that each vector id stands for; ids that are not there are left out."""
        return self._windows(ids)

    def window_ids(self, passage_ids: Collection[str]) -> list[int]:
        """The vector ids of the windows of some passages, in order."""
        return self._tables.window_ids(passage_ids)

    def window_ids_of(self, passage_ids: Collection[str]) -> dict[str, list[int]]:
        """The vector ids of the windows of each passage, as they follow one another in it; one unknown has none."""
        return self._window_ids(list(passage_ids))

    def allowed(self, filters: Filters) -> set[str] | None:
        """The ids of the passages that pass the filters; None, for all of them, when nothing is filtered.

        Raises FilterError for a value that there is not.
        """
        if not filters:
            return None
        documents = matching_documents(filters, self.documents())
        return self._tables.passage_ids(documents, kinds=filters.kinds, regions=filters.regions)

    def _without_passages(self, document_id: str) -> list[Passage]:
        self.document(document_id)
        return []

    def _refuse_disagreement(self) -> None:
        """Raises IndexCorruptError unless manifest, rows, postings and vectors count the same."""
        rows = self._tables.counts()
        if self.tokens is not None:
            rows["tokens"] = self.tokens.rows
        if rows != dict(self.manifest.counts):
            raise corrupt(self._generation / DOCUMENTS, f"it holds {rows}, the manifest says {self.manifest.counts}")
        legs = [(LEXICAL, len(self.lexical), rows["passages"])]
        if self.vectors is not None:
            legs.append((VECTORS, len(self.vectors), rows["windows"]))
        if self.tokens is not None:
            legs.append((TOKENS, len(self.tokens), rows["windows"]))
        for name, found, expected in legs:
            if found != expected:
                raise corrupt(self._generation / name, f"it has {found} entries for {expected} rows")


def _not_found(kind: str, korean: str, name: str) -> NotFoundError:
    return NotFoundError(
        f"There is no {kind} {name!r} in the index. `qa info` lists the documents.",
        f"색인에 {korean} {name!r}이(가) 없습니다. `qa info`로 문서 목록을 보세요.",
        subject=name,
    )
