"""A generation while it is written: rows, postings and vectors of each document go in, and out, together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.glossary import mine
from qa.korean import Analyser
from qa.lexical import LexicalIndex
from qa.records import Document, Manifest, Passage
from qa.store.folder import IndexFolder
from qa.store.manifest import Identity, write_manifest
from qa.store.store import DOCUMENTS, GLOSSARY, LEXICAL, TOKENS, VECTORS
from qa.store.tables import TableReader, TableWriter, windows_of, writing_tables
from qa.terms import DocumentTerms
from qa.tokens import TokenIndex, Tokens
from qa.vectors import VectorIndex


@dataclass(frozen=True, slots=True)
class Entry:
    """A document and all that the legs hold of it.

    `terms` (of its text) and `context_terms` (of what is indexed beside it) have one item a passage; `vectors` one row
    a window, those of the first passage first, and is None without an encoder; `tokens` has one array a window, and is
    None where the index keeps none. `fingerprint` tells whether the document's file need be read again.
    """

    document: Document
    fingerprint: str
    passages: Sequence[Passage]
    terms: Sequence[DocumentTerms]
    context_terms: Sequence[DocumentTerms]
    vectors: NDArray[np.float32] | None
    tokens: Sequence[Tokens] | None = None


class GenerationWriter:
    """Adds documents to all legs and deletes them from all; `writing_generation` gives one."""

    def __init__(
        self, tables: TableWriter, lexical: LexicalIndex, vectors: VectorIndex | None, tokens: TokenIndex | None
    ) -> None:
        self._tables = tables
        self._lexical = lexical
        self._vectors = vectors
        self._tokens = tokens

    def add(self, entry: Entry) -> None:
        """Add a document. Raises ValueError when its passages, terms and vectors do not line up."""
        self._tables.add(entry.document, entry.fingerprint, entry.passages)
        for passage, terms, context in zip(entry.passages, entry.terms, entry.context_terms, strict=True):
            self._lexical.add(passage.id, passage.document_id, fields=terms, heading_terms=context)
        ids = [window.id for passage in entry.passages for window in windows_of(passage)]
        if self._vectors is not None and entry.vectors is not None:
            self._vectors.add(ids, entry.vectors)
        if self._tokens is not None and entry.tokens is not None:
            self._tokens.add(ids, entry.tokens)

    def delete(self, document_id: str) -> None:
        """Delete a document; one that is not there is no error."""
        ids = self._tables.window_ids(document_id)
        if self._vectors is not None:
            self._vectors.remove(ids)
        if self._tokens is not None:
            self._tokens.remove(ids)
        self._lexical.delete_document(document_id)
        self._tables.delete(document_id)


@contextmanager
def writing_generation(
    folder: IndexFolder, base: int | None, identity: Identity, analyser: Analyser
) -> Iterator[GenerationWriter]:
    """A new generation that begins as a copy of `base` (or empty), and is the current one when the block ends well.

    Its glossary is mined from all documents anew. When the block ends with an error nothing of it is left. The caller
    holds `folder.writing()`.
    """
    number = max(folder.numbers(), default=0) + 1
    path = folder.generation(number)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, path, ignore_errors=True)
        path.mkdir(parents=True)
        yield from _written(path, folder.generation(base) if base is not None else None, identity)
        _seal(path, number, identity, analyser)
        folder.switch(number)
        undo.pop_all()
    folder.sweep()


def _written(path: Path, base: Path | None, identity: Identity) -> Iterator[GenerationWriter]:
    """The legs in `path`: copies of those in `base` (not links: no write may reach the old ones), or empty ones."""
    if base is None:
        lexical = LexicalIndex.create(path / LEXICAL)
    else:
        shutil.copyfile(base / DOCUMENTS, path / DOCUMENTS)
        without_locks = shutil.ignore_patterns("*.lock")
        shutil.copytree(base / LEXICAL, path / LEXICAL, ignore=without_locks, copy_function=shutil.copyfile)
        lexical = LexicalIndex.open(path / LEXICAL)
    vectors, tokens = _dense(base, identity)
    with writing_tables(path / DOCUMENTS) as tables:
        yield GenerationWriter(tables, lexical, vectors, tokens)
    lexical.commit()
    if vectors is not None:
        vectors.save(path / VECTORS)
    if tokens is not None:
        tokens.save(path / TOKENS)


def _dense(base: Path | None, identity: Identity) -> tuple[VectorIndex | None, TokenIndex | None]:
    """The vectors of windows and of tokens, as in `base` or empty; None for what an index of this identity lacks."""
    encoder = identity.encoder
    if encoder is None:
        return None, None
    vectors = VectorIndex.open(base / VECTORS) if base else VectorIndex.create(encoder.dimension)
    if not identity.has_tokens:
        return vectors, None
    return vectors, TokenIndex.open(base / TOKENS) if base else TokenIndex.create(encoder.token_dimension)


def _seal(path: Path, number: int, identity: Identity, analyser: Analyser) -> Manifest:
    tables = TableReader(path / DOCUMENTS)
    (path / GLOSSARY).write_text(mine(list(tables.texts()), analyser).to_json(), encoding="utf-8")
    counts = tables.counts()
    tables.close()
    if identity.has_tokens:
        counts["tokens"] = TokenIndex.open(path / TOKENS).rows
    _open_to_others(path / LEXICAL, (path / DOCUMENTS).stat().st_mode)
    return write_manifest(path, number, identity, counts)


def _open_to_others(lexical: Path, mode: int) -> None:
    """Some files of tantivy are private, whoever may read the rest, and no other user could take its locks."""
    for file in lexical.iterdir():
        if file.suffix == ".lock":
            file.unlink()
        else:
            file.chmod(mode)
