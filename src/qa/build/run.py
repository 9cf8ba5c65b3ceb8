"""One build: what became of each file, and the new generation, begun when the first change is found."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from hashlib import sha256
from itertools import pairwise

from qa.build.components import Components
from qa.build.report import BuildReport, FileReport, FileStatus
from qa.context import contexts
from qa.encoders import TokenEncoder, Tokens, Vectors
from qa.errors import IndexFolderError, SourceError
from qa.passages import cut
from qa.readers import RawFile, Source, SourceFile, load, no_text, parse
from qa.records import Document, Manifest, Passage
from qa.repair import repair
from qa.store import Entry, GenerationWriter, IndexFolder, Store, identity_of, read_manifest, writing_generation
from qa.terms import DocumentTerms, TermAnalyser


class Run:
    """One build over an old index, if there is one. Documents are taken over from it where its identity is ours."""

    def __init__(self, components: Components, place: IndexFolder, old: Store | None) -> None:
        self._components = components
        self._place = place
        self._old = old
        self._known = {summary.id: summary for summary in old.documents()} if old else {}
        self._fingerprints = old.fingerprints() if old else {}
        self._same = old is not None and identity_of(old.manifest) == components.identity
        self._terms = TermAnalyser(components.analyser)
        self._generation = ExitStack()
        self._writer: GenerationWriter | None = None
        self._seconds: dict[str, float] = {}

    def build(
        self, files: Sequence[SourceFile], *, keep_missing: bool, rebuilt: IndexFolderError | None
    ) -> BuildReport:
        """Index what changed. Raises the first file's error when every file fails."""
        missing = tuple(sorted(self._known.keys() - {file.id for file in files}))
        with self._generation:
            reports = tuple(self._each(files))
            errors = [report.error for report in reports if report.error]
            if errors and len(errors) == len(reports):
                raise errors[0]
            for document_id in missing:
                if keep_missing:
                    self._keep(document_id)
                else:
                    self._remove(document_id)
        manifest = self._manifest()
        return BuildReport(
            generation=manifest.generation,
            changed=self._writer is not None,
            files=reports,
            removed=() if keep_missing else missing,
            kept_missing=missing if keep_missing else (),
            counts=manifest.counts,
            seconds=self._seconds,
            rebuilt=rebuilt,
        )

    def _each(self, files: Sequence[SourceFile]) -> Iterator[FileReport]:
        for done, file in enumerate(files):
            self._components.progress(file.name, done, len(files))
            yield self._file(file)
        self._components.progress("", len(files), len(files))

    def _file(self, file: SourceFile) -> FileReport:
        try:
            with self._timed("read"):
                raw = load(file)
                fingerprint = _fingerprint(raw)
                if self._same and self._fingerprints.get(file.id) == fingerprint:
                    return self._taken_over(file, FileStatus.UNCHANGED)
                source = parse(raw, self._components.settings)
            document = self._repaired(source)
        except SourceError as error:
            if file.id not in self._known:
                return FileReport(file.name, file.id, FileStatus.SKIPPED, error)
            self._keep(file.id)
            return self._taken_over(file, FileStatus.KEPT, error)
        passages = self._put(document, fingerprint)
        return FileReport(
            name=file.name,
            document_id=file.id,
            status=FileStatus.INDEXED,
            passages=len(passages),
            repairs=document.repairs,
            warnings=document.warnings,
        )

    def _repaired(self, source: Source) -> Document:
        with self._timed("repair"):
            document = repair(source, self._components.analyser)
        if not document.text:
            raise no_text(source.name)
        return document

    def _taken_over(self, file: SourceFile, status: FileStatus, error: SourceError | None = None) -> FileReport:
        known = self._known[file.id]
        return FileReport(file.name, file.id, status, error, known.passages, known.repairs, known.warnings)

    def _keep(self, document_id: str) -> None:
        """Keep the document of the old index; where its identity is another, it is cut and embedded anew."""
        if self._old is not None and not self._same:
            document = self._old.document(document_id)
            passages = self._put(document, self._fingerprints[document_id])
            self._known[document_id] = replace(self._known[document_id], passages=len(passages))

    def _remove(self, document_id: str) -> None:
        if self._same:
            self._begun().delete(document_id)

    def _put(self, document: Document, fingerprint: str) -> Sequence[Passage]:
        """Index a document in the place of the one with its id."""
        entry = self._entry(document, fingerprint)
        self._remove(document.id)
        with self._timed("write"):
            self._begun().add(entry)
        return entry.passages

    def _entry(self, document: Document, fingerprint: str) -> Entry:
        """A document cut, analysed and embedded."""
        components = self._components
        with self._timed("passages"):
            passages = cut(document, components.analyser, components.settings)
        with self._timed("terms"):
            terms = self._terms.document_terms([passage.text for passage in passages])
            context_terms = self._context_terms(document, passages)
        vectors, tokens = self._embedded(document, passages)
        return Entry(document, fingerprint, passages, terms, context_terms, vectors, tokens)

    def _embedded(self, document: Document, passages: Sequence[Passage]) -> tuple[Vectors | None, list[Tokens] | None]:
        """The vectors of the windows, and those of the tokens that begin in the sentence a window begins with."""
        encoder = self._components.encoder
        if encoder is None:
            return None, None
        texts = [document.text[start:end] for passage in passages for start, end in passage.windows]
        with self._timed("vectors"):
            if not self._components.identity.has_tokens or not isinstance(encoder, TokenEncoder):
                return encoder.encode_passages(texts), None
            return encoder.encode_passages_with_tokens(texts, [lead for each in passages for lead in _leads(each)])

    def _context_terms(self, document: Document, passages: Sequence[Passage]) -> list[DocumentTerms]:
        """The terms of what is indexed beside each passage, analysed once for all passages that share it."""
        beside = contexts(document, passages)
        distinct = list(dict.fromkeys(beside))
        terms = dict(zip(distinct, self._terms.document_terms(distinct), strict=True))
        return [terms[line] for line in beside]

    def _begun(self) -> GenerationWriter:
        if self._writer is None:
            base = self._old.manifest.generation if self._old is not None and self._same else None
            components = self._components
            opened = writing_generation(self._place, base, components.identity, components.analyser)
            self._writer = self._generation.enter_context(opened)
        return self._writer

    def _manifest(self) -> Manifest:
        return read_manifest(self._place.generation(self._place.current()))

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - began


def _leads(passage: Passage) -> Iterator[int]:
    """For each window the characters up to where the next one begins: the sentence that it begins with."""
    starts = [start for start, _ in passage.windows]
    return (later - start for start, later in pairwise([*starts, passage.end]))


def _fingerprint(raw: RawFile) -> str:
    """What a document is made from, beside the identity of the index: the file's bytes and what is known of it."""
    known = json.dumps(asdict(raw.file.metadata), ensure_ascii=False, sort_keys=True)
    return sha256(f"{raw.sha256}\n{known}".encode()).hexdigest()
