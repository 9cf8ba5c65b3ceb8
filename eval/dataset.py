"""A question set: bilingual pairs, near misses and follow-ups, with gold spans in raw files, never text of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qa.errors import InputError
from qa.records import Language

CITY_DIPLOMACY = Path(__file__).parent / "datasets" / "city-diplomacy"
OFF_TOPIC = Path(__file__).parent / "datasets" / "off-topic"
QUESTIONS, UNANSWERABLE, FOLLOW_UPS = "questions.jsonl", "unanswerable.jsonl", "follow-ups.jsonl"


class Split(StrEnum):
    """The halves of a question set: code and settings are tuned on one, figures are reported on the other."""

    TUNING = "tuning"
    REPORTING = "reporting"


class Kind(StrEnum):
    """What a question asks for; the last has no answer in the documents."""

    FACT = "fact"
    NUMBER = "number"
    DEFINITION = "definition"
    LIST = "list"
    REASON = "reason"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    TABLE = "table"
    FOOTNOTE = "footnote"
    TWO_DOCUMENTS = "two-documents"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Gold:
    """A span of characters of the decoded raw file `file`; `sha256` is that of its bytes.

    `grade` 2 answers the question by itself, 1 helps.
    """

    file: str
    sha256: str
    start: int
    end: int
    grade: int


@dataclass(frozen=True, slots=True)
class Question:
    """The same need in Korean and in English.

    `gold` lies in the originals, `digest` says the same in the digests. `turns` are the questions asked before a
    follow-up and `completed` its self-contained form. Without an answer, `document` is the work that comes nearest,
    `why` says what is missing, and the fields about answers are empty.
    """

    id: str
    document: str
    kind: Kind
    split: Split
    text: Mapping[Language, str]
    difficulty: str = ""
    answers: Mapping[Language, tuple[str, ...]] | None = None
    gold: tuple[Gold, ...] = ()
    digest: tuple[Gold, ...] = ()
    turns: tuple[Mapping[Language, str], ...] = ()
    completed: Mapping[Language, str] | None = None
    why: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return self.kind is not Kind.UNANSWERABLE

    @property
    def accepted(self) -> tuple[str, ...]:
        """The accepted answers in both languages, since quotes are in the documents' language whatever was asked."""
        return tuple(answer for language in Language for answer in (self.answers or {}).get(language, ()))


def split_of(question_id: str) -> Split:
    """The half that an id falls into: fixed for ever by the first byte of its sha256, even for tuning."""
    odd = hashlib.sha256(question_id.encode()).digest()[0] % 2
    return Split.REPORTING if odd else Split.TUNING


def load(folder: Path = CITY_DIPLOMACY, *names: str) -> tuple[Question, ...]:
    """The questions in the files `names` of `folder` (all that are there, when none is named), in file order.

    Raises InputError, naming file and line, for a record that is not what it must be.
    """
    found = [folder / name for name in names or (QUESTIONS, UNANSWERABLE, FOLLOW_UPS)]
    paths = [path for path in found if names or path.is_file()]
    if not paths:
        raise InputError(
            f"There is no question set in {folder}: give a folder with {QUESTIONS}.",
            f"{folder}에 질문 모음이 없습니다. {QUESTIONS}이 있는 폴더를 지정하세요.",
            subject=str(folder),
        )
    return tuple(question for path in paths for question in _read(path))


def _read(path: Path) -> Iterator[Question]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise _unusable(path, 0, error) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _question(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise _unusable(path, number, error) from error


def _unusable(path: Path, line: int, error: Exception) -> InputError:
    return InputError(
        f"{path}, line {line}: not a question of the format in eval/datasets/README.md ({error!r}).",
        f"{path} {line}행: eval/datasets/README.md에 적힌 형식의 질문이 아닙니다({error!r}).",
        subject=f"{path}:{line}",
    )


def _question(row: Mapping[str, Any]) -> Question:
    kind = Kind(row["kind"])
    answerable = kind is not Kind.UNANSWERABLE
    return Question(
        id=row["id"],
        document=row["document"] if answerable else row["near"],
        kind=kind,
        split=Split(row["split"]),
        text=_pair(row, "question"),
        difficulty=row["difficulty"] if answerable else "",
        answers={language: tuple(row[f"answers_{language}"]) for language in Language} if answerable else None,
        gold=tuple(Gold(**gold) for gold in row.get("gold", ())),
        digest=tuple(Gold(**gold) for gold in row.get("digest", ())),
        turns=tuple(_pair(turn, "question") for turn in row.get("turns", ())),
        completed=_pair(row, "completed") if "turns" in row else None,
        why=row.get("why", ""),
    )


def _pair(row: Mapping[str, Any], field: str) -> Mapping[Language, str]:
    return {language: row[f"{field}_{language}"] for language in Language}
