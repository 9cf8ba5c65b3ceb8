"""One file read: its bytes, then its text. `_FORMATS` is the list of what is read; a new format is a line in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from qa.errors import SourceError, UnsupportedFormatError
from qa.readers.decode import decode
from qa.readers.find import SUFFIXES, SourceFile, find_sources
from qa.readers.metadata import front_matter, merged
from qa.records import Metadata
from qa.settings import Settings

_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_MARKDOWN_HEADINGS = 3


class Format(StrEnum):
    """How a source's text is marked up."""

    TEXT = "text"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text before repair.

    `text` is the decoded file without byte order mark and with every line end (CRLF, CR) as one LF; it is not NFC.
    All `source_*` offsets count its characters, so line numbers are those of the file. Front matter is left in
    place: repair discards it. `id` is the document's.
    """

    name: str
    sha256: str
    text: str
    format: Format
    metadata: Metadata = field(default_factory=Metadata)
    id: str = ""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's bytes, not looked into yet; `sha256` is that of `data`."""

    file: SourceFile
    data: bytes
    sha256: str


def read(path: Path, settings: Settings) -> Source:
    """The source at `path`, with what a `sources.toml` beside it says of it. Raises a SourceError (see `parse`)."""
    return parse(load(find_sources([path])[0]), settings)


def load(file: SourceFile) -> RawFile:
    """The file's bytes. Raises SourceError when they cannot be had, UnsupportedFormatError by the file's suffix."""
    if file.path.suffix.lower() not in SUFFIXES:
        raise UnsupportedFormatError(
            f"{file.name} is of a format that is not read. Formats read: {', '.join(SUFFIXES)}.",
            f"{file.name}은(는) 읽을 수 없는 형식입니다. 읽는 형식: {', '.join(SUFFIXES)}.",
            subject=file.name,
        )
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise SourceError(
            f"{file.name} cannot be read: {error.strerror}. Check the file and its permissions.",
            f"{file.name}을(를) 읽을 수 없습니다: {error.strerror}. 파일과 권한을 확인하세요.",
            subject=file.name,
        ) from error
    return RawFile(file, data, sha256(data).hexdigest())


def parse(raw: RawFile, settings: Settings) -> Source:
    """The text of a loaded file.

    Raises EmptyFileError, BinaryFileError, EncodingError, LineTooLongError, or SourceError for bad front matter.
    """
    text = decode(raw.data, raw.file.name, settings.max_line_chars)
    return _FORMATS[raw.file.path.suffix.lower()](raw, text)


def _text(raw: RawFile, text: str) -> Source:
    """Plain text, unless its headings say that it is Markdown under another name (what PDF converters write)."""
    if len(_MARKDOWN_HEADING.findall(text)) >= _MARKDOWN_HEADINGS:
        return _markdown(raw, text)
    return Source(raw.file.name, raw.sha256, text, Format.TEXT, raw.file.metadata, raw.file.id)


def _markdown(raw: RawFile, text: str) -> Source:
    metadata = merged(front_matter(text, raw.file.name), raw.file.metadata)
    return Source(raw.file.name, raw.sha256, text, Format.MARKDOWN, metadata, raw.file.id)


_FORMATS: dict[str, Callable[[RawFile, str], Source]] = {".md": _markdown, ".txt": _text}
