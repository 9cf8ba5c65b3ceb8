"""A file of questions answered line by line, in order; a bad line gets its error and stops nothing."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from qa.answer import NOT_FOUND
from qa.cli.messages import say
from qa.cli.session import Session
from qa.cli.shapes import batch_object
from qa.errors import InputError, QAError
from qa.records import Answer, Language, Status
from qa.retrieve import language_of
from qa.text import has_words

if TYPE_CHECKING:
    from qa.engine import Engine


class BatchError(InputError):
    """A batch file cannot be read, or a line of it is no question."""

    code = "batch"


@contextmanager
def batch_lines(path: Path) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`, open to be read as lines of bytes. Raises BatchError."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise _error("batch.unreadable", subject=str(path), detail=error.strerror or "") from error
    with file:
        yield file


def answer_lines(lines: Iterable[bytes], engine: Engine, session: Session) -> bool:
    """Write a line of JSON for each question and flush it; whether every line was answered or not found.

    Blank lines are no questions and get no line.
    """
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(session.say("batch.progress")), MofNCompleteColumn(), TimeElapsedColumn())
    good = True
    console = session.messages
    silent = not console.is_terminal or sys.stdout.isatty()  # answers on the terminal are progress enough
    with Progress(*columns, console=console, transient=True, disable=silent, redirect_stdout=False) as progress:
        task = progress.add_task("", total=None)
        for line in lines:
            if not line.strip(b" \t\r\n\xef\xbb\xbf"):
                continue
            shape = answer_line(line, engine, session)
            session.write_json(shape, indent=None)
            good = good and "error" not in shape
            progress.advance(task)
    return good


def answer_line(line: bytes, engine: Engine, session: Session) -> dict[str, Any]:
    """The object for one line of a batch; where the line has an error, it says so under `error`."""
    fields: dict[str, Any] = {}
    problem: dict[str, Any] = {}
    try:
        fields = _fields(line)
        answer = engine.ask(_question(fields), filters=session.filters())
    except QAError as error:
        problem = {"error": {"code": error.code, "message": error.message(session.language)}}
        answer = _unanswered(fields.get("question"), session.language)
    asked = fields.get("question")
    as_given = {"question": asked} if isinstance(asked, str) else {}  # the engine may have put it into NFC
    return batch_object(fields.get("id"), answer) | as_given | problem


def _fields(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8-sig"), parse_float=_finite, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _error("batch.not_json", detail=str(error)) from error
    if not isinstance(value, dict):
        raise _error("batch.not_json", detail=type(value).__name__)
    return value


def _question(fields: dict[str, Any]) -> str:
    question = fields.get("question")
    if not isinstance(question, str):
        raise _error("batch.no_question")
    return question


def _finite(number: str) -> float:
    """The number; one that JSON could not give back is refused."""
    return float(number) if math.isfinite(float(number)) else _refuse(number)


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is no number of JSON")


def _unanswered(question: object, language: Language) -> Answer:
    text = question if isinstance(question, str) else ""
    if has_words(text):
        language = language_of(text)
    return Answer(text, language, Status.NOT_FOUND, NOT_FOUND[language], probability=0.0)


def _error(key: str, *, subject: str = "", detail: str = "") -> BatchError:
    english, korean = (say(key, language, subject=subject, detail=detail) for language in ("en", "ko"))
    return BatchError(english, korean, subject=subject)
