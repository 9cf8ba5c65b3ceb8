"""One object that opens an index and answers: what the command line, the service and the evaluation stand on."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from qa.answer import answer, cite_hits
from qa.encoders import open_encoder
from qa.evidence import HITS_WEIGHED, Evidence, gather
from qa.korean import Analyser
from qa.records import Answer, Document, Hit, Passage
from qa.retrieve import Retriever
from qa.settings import Settings, load_settings
from qa.store import DocumentSummary, Filters, Store, identify

_SHOWN_TO_A_MODEL = 5


class Engine:
    """An open index with its analyser and encoder; every method may be called from several threads.

    It answers from the generation that it opened; open another engine to see a newer one.
    """

    def __init__(self, store: Store, retriever: Retriever, analyser: Analyser, settings: Settings) -> None:
        self.settings = settings
        self._store = store
        self._retriever = retriever
        self._analyser = analyser

    @classmethod
    def open(cls, index: Path, settings: Settings | None = None) -> Engine:
        """The engine over the index in a folder.

        Raises one of the errors under IndexFolderError when the folder holds no index that these settings can search,
        and EncoderError when the encoder cannot be loaded.
        """
        chosen = settings or load_settings()
        analyser = Analyser(threads=chosen.threads)
        encoder = open_encoder(chosen)
        expected = identify(chosen, analyser.version, encoder.identity if encoder else None)
        store = Store.open(index, expected)
        return cls(store, Retriever(store, analyser, encoder, chosen), analyser, chosen)

    def close(self) -> None:
        """Close the files of the index."""
        self._store.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(self, question: str, *, hits: int | None = None, filters: Filters | None = None) -> list[Hit]:
        """The best passages, each with what led to it. Raises QuestionError and FilterError."""
        return list(self._retriever.search(question, hits=hits, filters=filters).hits)

    def evidence(self, question: str, *, hits: int | None = None, filters: Filters | None = None) -> Evidence:
        """The sentences of the best passages, scored; at least as many hits as answers are looked for in."""
        wanted = max(hits or self.settings.hits, HITS_WEIGHED)
        return gather(self._retriever.search(question, hits=wanted, filters=filters), self._analyser)

    def ask(self, question: str, *, hits: int | None = None, filters: Filters | None = None) -> Answer:
        """The answer with its citations, or "not found" with the nearest hits. Raises QuestionError and FilterError."""
        began = time.perf_counter()
        given = answer(self.evidence(question, hits=hits, filters=filters), self.document, self.settings)
        if self.settings.llm_url:
            given = self._worded(given)
        given = replace(given, hits=given.hits[: hits or self.settings.hits])
        return replace(given, took_ms=round((time.perf_counter() - began) * 1000, 3))

    def _worded(self, given: Answer) -> Answer:
        from qa.generate import Verifier, word  # its HTTP client takes longer to import than most questions to answer

        shown = [*given.citations, *cite_hits(given.hits[:_SHOWN_TO_A_MODEL], self.document)]
        verifier = Verifier(self._analyser, self._store.glossary)
        return word(given, self.settings, evidence=shown, verifier=verifier)

    def document(self, document_id: str) -> Document:
        """The document; raises NotFoundError."""
        return self._store.document(document_id)

    def passage(self, passage_id: str) -> Passage:
        """The passage; raises NotFoundError."""
        return self._store.passage(passage_id)

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document in order; raises NotFoundError."""
        return self._store.passages_of(document_id)

    def documents(self) -> list[DocumentSummary]:
        """All documents without their texts, by id."""
        return self._store.documents()

    def title(self, document_id: str) -> str:
        """The title of a document; raises NotFoundError."""
        return self.document(document_id).metadata.title

    def info(self) -> dict[str, Any]:
        """The manifest of the open generation, as plain values."""
        return asdict(self._store.manifest)
