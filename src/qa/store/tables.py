"""Documents, passages and windows in one SQLite file: the rows that postings and vectors point to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

from qa.records import Block, BlockKind, Discard, Document, Metadata, Passage, Region, SourceMap

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, fingerprint TEXT NOT NULL,
    metadata TEXT NOT NULL, text TEXT NOT NULL, blocks TEXT NOT NULL, source_map TEXT NOT NULL,
    discards TEXT NOT NULL, repairs TEXT NOT NULL, warnings TEXT NOT NULL
);
CREATE TABLE passages (
    id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, text TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    headings TEXT NOT NULL, page INTEGER, page_end INTEGER, kind TEXT NOT NULL, region TEXT NOT NULL,
    windows TEXT NOT NULL, duplicate_of TEXT NOT NULL
);
CREATE UNIQUE INDEX passages_in_order ON passages (document_id, ordinal);
CREATE TABLE windows (
    id INTEGER PRIMARY KEY, passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX windows_of_passage ON windows (passage_id);
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A span of a document that one vector stands for."""

    id: int
    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document without its text."""

    id: str
    name: str
    sha256: str
    metadata: Metadata
    characters: int
    passages: int
    repairs: dict[str, int]
    warnings: tuple[str, ...]


def windows_of(passage: Passage) -> list[Window]:
    """The windows of a passage with their ids: 63 bits of a hash of passage and span, the same in every build."""
    return [Window(_window_id(passage.id, start, end), passage.id, start, end) for start, end in passage.windows]


def _window_id(passage_id: str, start: int, end: int) -> int:
    digest = sha256(f"{passage_id}\n{start}\n{end}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


class TableWriter:
    """Adds rows to a generation's file, and deletes them; `writing_tables` gives one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, document: Document, fingerprint: str, passages: Sequence[Passage]) -> None:
        """Add a document with its passages and their windows."""
        self._connection.execute(
            f"INSERT INTO documents VALUES ({_marks(11)})",
            (document.id, document.name, document.sha256, fingerprint, *_document_columns(document)),
        )
        self._connection.executemany(f"INSERT INTO passages VALUES ({_marks(13)})", map(_passage_row, passages))
        windows = (astuple(window) for passage in passages for window in windows_of(passage))
        self._connection.executemany(f"INSERT INTO windows VALUES ({_marks(4)})", windows)

    def window_ids(self, document_id: str) -> list[int]:
        """The ids of the windows of a document."""
        sql = "SELECT windows.id FROM windows JOIN passages ON passages.id = passage_id WHERE document_id = ?"
        return [row[0] for row in self._connection.execute(sql, (document_id,))]

    def delete(self, document_id: str) -> None:
        """Delete a document with its passages and windows."""
        self._connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


@contextmanager
def writing_tables(path: Path) -> Iterator[TableWriter]:
    """The file at `path`, made with empty tables if it is not there, to be written in one transaction.

    When the block ends well all of it is in the file, and the pages of deleted rows are gone from it. SQLite neither
    syncs nor keeps a journal on the disk: the whole generation is synced before it counts, or thrown away.
    """
    fresh = not path.exists()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("foreign_keys = ON", "journal_mode = MEMORY", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        if fresh:
            connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        yield TableWriter(connection)
        connection.execute("COMMIT")
        connection.execute("VACUUM")


class TableReader:
    """Reads a generation's file; every method may be called from several threads."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
        self._lock = Lock()

    def close(self) -> None:
        """Close the file; nothing can be read any more."""
        self._connection.close()

    def counts(self) -> dict[str, int]:
        """How many documents, passages and windows there are, and how many characters the documents have."""
        row = self._rows(
            "SELECT count(*), (SELECT count(*) FROM passages), (SELECT count(*) FROM windows), "
            "coalesce(sum(length(text)), 0) FROM documents"
        )[0]
        return dict(zip(("documents", "passages", "windows", "characters"), row, strict=True))

    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of each document, by id."""
        return dict(self._rows("SELECT id, fingerprint FROM documents ORDER BY id"))

    def summaries(self) -> list[DocumentSummary]:
        """All documents without their texts, by id."""
        rows = self._rows(
            "SELECT id, name, sha256, metadata, length(text), "
            "(SELECT count(*) FROM passages WHERE document_id = documents.id), repairs, warnings "
            "FROM documents ORDER BY id"
        )
        return [_summary(row) for row in rows]

    def document(self, document_id: str) -> Document | None:
        """A document, None when there is none with that id."""
        rows = self._rows(
            "SELECT id, name, sha256, metadata, text, blocks, source_map, discards, repairs, warnings "
            "FROM documents WHERE id = ?",
            document_id,
        )
        return _document(rows[0]) if rows else None

    def texts(self) -> Iterator[str]:
        """The text of each document, by id, one at a time."""
        for document_id in self.fingerprints():
            yield self._rows("SELECT text FROM documents WHERE id = ?", document_id)[0][0]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """The passages that there are among `ids`, by id."""
        return self._passages("WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(ids)))

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document in their order."""
        return list(self._passages("WHERE document_id = ?", document_id).values())

    def windows(self, ids: Sequence[int]) -> dict[int, Window]:
        """The windows that there are among `ids`, by id."""
        sql = "SELECT id, passage_id, start, end FROM windows WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._rows(sql, json.dumps(list(ids)))
        return {row[0]: Window(*row) for row in rows}

    def window_ids(self, passage_ids: Collection[str]) -> list[int]:
        """The ids of the windows of some passages, in order."""
        wanted = json.dumps(sorted(passage_ids))
        sql = "SELECT id FROM windows WHERE passage_id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return [row[0] for row in self._rows(sql, wanted)]

    def window_ids_of(self, passage_ids: Collection[str]) -> dict[str, list[int]]:
        """The ids of the windows of each passage, as they follow one another in it."""
        found: dict[str, list[int]] = {passage_id: [] for passage_id in passage_ids}
        sql = (
            "SELECT passage_id, id FROM windows WHERE passage_id IN (SELECT value FROM json_each(?)) "
            "ORDER BY start, end"
        )
        for passage_id, window in self._rows(sql, json.dumps(list(found))):
            found[passage_id].append(window)
        return found

    def passage_ids(
        self, documents: Collection[str], *, kinds: Collection[str] = (), regions: Collection[str] = ()
    ) -> set[str]:
        """The ids of the passages of some documents; of these kinds and regions only, where any are named."""
        sql = "SELECT id FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"
        values = [json.dumps(sorted(documents))]
        for column, wanted in (("kind", kinds), ("region", regions)):
            if wanted:
                sql += f" AND {column} IN (SELECT value FROM json_each(?))"
                values.append(json.dumps(sorted(wanted)))
        return {row[0] for row in self._rows(sql, *values)}

    def _passages(self, condition: str, *values: str) -> dict[str, Passage]:
        rows = self._rows(f"SELECT * FROM passages {condition} ORDER BY document_id, ordinal", *values)
        return {row[0]: _passage(row) for row in rows}

    def _rows(self, sql: str, *values: str) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _document_columns(document: Document) -> tuple[str, ...]:
    return (
        _dump(asdict(document.metadata)),
        document.text,
        _dump([astuple(block) for block in document.blocks]),
        _dump(astuple(document.source_map)),
        _dump([astuple(discard) for discard in document.discards]),
        _dump(dict(document.repairs)),
        _dump(document.warnings),
    )


def _summary(row: Sequence[Any]) -> DocumentSummary:
    document_id, name, sha, metadata, characters, passages, repairs, warnings = row
    return DocumentSummary(
        id=document_id,
        name=name,
        sha256=sha,
        metadata=Metadata(**json.loads(metadata)),
        characters=characters,
        passages=passages,
        repairs=json.loads(repairs),
        warnings=tuple(json.loads(warnings)),
    )


def _document(row: Sequence[Any]) -> Document:
    document_id, name, sha, metadata, text, blocks, source_map, discards, repairs, warnings = row
    return Document(
        id=document_id,
        name=name,
        text=text,
        blocks=tuple(_block(values) for values in json.loads(blocks)),
        source_map=SourceMap(*map(tuple, json.loads(source_map))),
        metadata=Metadata(**json.loads(metadata)),
        sha256=sha,
        discards=tuple(Discard(*values) for values in json.loads(discards)),
        repairs=json.loads(repairs),
        warnings=tuple(json.loads(warnings)),
    )


def _block(values: list[Any]) -> Block:
    block = Block(*values)
    return replace(
        block,
        kind=BlockKind(block.kind),
        region=Region(block.region),
        headings=tuple(block.headings),
        caption=(block.caption[0], block.caption[1]) if block.caption else None,
        marks=tuple((start, end) for start, end in block.marks),
        turns=tuple((start, page) for start, page in block.turns),
    )


def _passage_row(passage: Passage) -> tuple[str | int | None, ...]:
    values = {field.name: getattr(passage, field.name) for field in fields(passage)}
    values["headings"], values["windows"] = _dump(passage.headings), _dump(passage.windows)
    return tuple(values.values())


def _passage(row: Sequence[Any]) -> Passage:
    passage = Passage(*row)
    return replace(
        passage,
        headings=tuple(json.loads(row[6])),
        kind=BlockKind(passage.kind),
        region=Region(passage.region),
        windows=tuple((start, end) for start, end in json.loads(row[11])),
    )
