"""What a build or a deletion did, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qa.errors import IndexFolderError, SourceError


class FileStatus(StrEnum):
    """What became of a file."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file of a build. `error` says why it was skipped, or why the version indexed before was kept."""

    name: str
    document_id: str
    status: FileStatus
    error: SourceError | None = None
    passages: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `generation` is the current one now; `changed` says whether this build wrote it.

    `removed` are documents whose file is not among the given paths any more, `kept_missing` those that stayed all
    the same; `rebuilt` is what was wrong with the old index when it was built from nothing; `seconds` go by stage.
    """

    generation: int
    changed: bool
    files: tuple[FileReport, ...]
    removed: tuple[str, ...]
    kept_missing: tuple[str, ...]
    counts: Mapping[str, int]
    seconds: Mapping[str, float]
    rebuilt: IndexFolderError | None = None


@dataclass(frozen=True, slots=True)
class DeleteReceipt:
    """What left the index: how many fewer rows (passages), postings and vectors the new generation has."""

    documents: tuple[str, ...]
    generation: int
    passages: int
    postings: int
    vectors: int
