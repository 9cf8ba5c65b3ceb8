"""The error tree. Every error carries what it is about and says what to do, in English and in Korean.

QAError
├── SettingsError         a setting is unknown or has a value that cannot be
├── InputError            what was given cannot be used
│   ├── QuestionError     the question is empty, too long, or has no words
│   ├── FilterError       a filter names a field or a value that there is not
│   └── SourceError       a file cannot be read as a document
│       ├── EmptyFileError
│       ├── BinaryFileError
│       ├── EncodingError
│       ├── UnsupportedFormatError
│       ├── MissingFileError
│       └── LineTooLongError
├── NotFoundError         no such document or passage in the index
├── IndexFolderError      an index folder cannot be used
│   ├── IndexMissingError
│   ├── IndexIncompleteError
│   ├── IndexForeignError
│   ├── IndexFormatError
│   ├── IndexCorruptError
│   ├── IndexMismatchError
│   ├── IndexLockedError
│   └── IndexWriteError
├── EncoderError          the encoder cannot be loaded or gave something wrong
│   └── MissingExtraError
└── GenerationError       the language model's endpoint failed (the extractive answer stands)
"""

from __future__ import annotations

from typing import ClassVar


class QAError(Exception):
    """Base of all errors: `english` and `korean` say what is wrong and what to do, `subject` what it is about.

    `code` is stable, for programs; `exit_code` is what the command line leaves with.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, english: str, korean: str, *, subject: str = "") -> None:
        super().__init__(english)
        self.english = english
        self.korean = korean
        self.subject = subject

    def message(self, language: str) -> str:
        """The sentence in `language` (`ko`, anything else is English)."""
        return self.korean if language == "ko" else self.english


class SettingsError(QAError):
    """A setting is unknown or has a value that cannot be."""

    code = "settings"
    exit_code = 2


class InputError(QAError):
    """What was given cannot be used."""

    code = "input"
    exit_code = 2


class QuestionError(InputError):
    """The question is empty, too long, or has no words."""

    code = "question"


class FilterError(InputError):
    """A filter names a field or a value that there is not."""

    code = "filter"


class SourceError(InputError):
    """A file cannot be read as a document."""

    code = "source"


class MissingFileError(SourceError):
    """There is no such file or folder."""

    code = "source_missing"


class EmptyFileError(SourceError):
    """The file holds no text at all."""

    code = "source_empty"


class BinaryFileError(SourceError):
    """The file is not text, whatever its name says."""

    code = "source_binary"


class EncodingError(SourceError):
    """The file's bytes are in no encoding that is read here."""

    code = "source_encoding"


class UnsupportedFormatError(SourceError):
    """There is no reader for files of this kind."""

    code = "source_format"


class LineTooLongError(SourceError):
    """A single line is longer than any text has."""

    code = "source_line"


class NotFoundError(QAError):
    """There is no such document or passage in the index."""

    code = "not_found"
    exit_code = 4


class IndexFolderError(QAError):
    """An index folder cannot be used."""

    code = "index"
    exit_code = 3


class IndexMissingError(IndexFolderError):
    """There is no index in the folder."""

    code = "index_missing"


class IndexIncompleteError(IndexFolderError):
    """The folder holds the beginning of an index that was never finished."""

    code = "index_incomplete"


class IndexForeignError(IndexFolderError):
    """The folder holds something else than an index of ours."""

    code = "index_foreign"


class IndexFormatError(IndexFolderError):
    """The index was written by another version of the format."""

    code = "index_format"


class IndexCorruptError(IndexFolderError):
    """A file of the index is missing or is not what was written."""

    code = "index_corrupt"


class IndexMismatchError(IndexFolderError):
    """The index was made with another encoder or other settings."""

    code = "index_mismatch"


class IndexLockedError(IndexFolderError):
    """Another process is writing to the index."""

    code = "index_locked"


class IndexWriteError(IndexFolderError):
    """The index folder cannot be written (read-only, or the disk is full)."""

    code = "index_write"


class EncoderError(QAError):
    """The encoder cannot be loaded, or gave something wrong."""

    code = "encoder"
    exit_code = 5


class MissingExtraError(EncoderError):
    """A part that is installed on demand is not there."""

    code = "encoder_extra"


class GenerationError(QAError):
    """The language model's endpoint failed; the extractive answer stands."""

    code = "generation"
    exit_code = 6
