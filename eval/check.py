"""The checker of a question set: what is wrong with it, a line each; `python -m eval.check [FOLDER]`."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from eval.answers import contains
from eval.dataset import CITY_DIPLOMACY, FOLLOW_UPS, QUESTIONS, UNANSWERABLE, Gold, Question, Split, load, split_of
from qa.errors import QAError
from qa.records import Language
from qa.text import squeeze

ROOT = Path(__file__).parents[1]
LEAST_SHARE = 0.4
"""Each half holds at least this share of the pairs, of the near misses and of the follow-ups."""


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file that gold points into: its decoded text and the sha256 of its bytes."""

    text: str
    sha256: str


def read_sources(*folders: Path) -> dict[str, Source]:
    """The text files of `folders` by name."""
    found: dict[str, Source] = {}
    for path in sorted(path for folder in folders for path in folder.glob("*.*") if path.suffix in {".md", ".txt"}):
        data = path.read_bytes()
        found[path.name] = Source(data.decode("utf-8"), hashlib.sha256(data).hexdigest())
    return found


def problems(questions: Sequence[Question], sources: Mapping[str, Source]) -> Iterator[str]:
    """What is wrong, in sentences that begin with the id; gold in files that are not among `sources` is not read."""
    yield from _duplicates(questions)
    for question in questions:
        yield from _fields(question)
        for golds in (question.gold, question.digest):
            yield from _spans(question, golds, sources)


def imbalance(questions: Sequence[Question]) -> Iterator[str]:
    """What is wrong with the halves: one that holds less than LEAST_SHARE of a kind of record."""
    groups = {
        "pairs": [question for question in questions if question.answerable and not question.turns],
        "near misses": [question for question in questions if not question.answerable],
        "follow-ups": [question for question in questions if question.turns],
    }
    for name, group in groups.items():
        for split in Split:
            count = sum(question.split is split for question in group)
            if count < LEAST_SHARE * len(group):
                yield f"{name}: only {count} of {len(group)} are in the {split} half"


def _duplicates(questions: Sequence[Question]) -> Iterator[str]:
    for question_id, times in Counter(question.id for question in questions).items():
        if times > 1:
            yield f"{question_id}: the id is used {times} times"
    first: dict[str, str] = {}
    for question in questions:
        for text in (question.completed or question.text).values():
            earlier = first.setdefault(squeeze(text), question.id)
            if earlier != question.id:
                yield f"{question.id}: asks the same as {earlier}"


def _fields(question: Question) -> Iterator[str]:
    if question.split is not split_of(question.id):
        yield f"{question.id}: is in the {question.split} half, its id says {split_of(question.id)}"
    for language in Language:
        if not question.text[language].strip():
            yield f"{question.id}: no question in {language}"
        if question.answerable and not (question.answers or {}).get(language):
            yield f"{question.id}: no accepted answer in {language}"
    if question.answerable and not any(gold.grade == 2 for gold in question.gold):
        yield f"{question.id}: no gold of grade 2 in the originals"
    if question.answerable and not any(gold.grade == 2 for gold in question.digest):
        yield f"{question.id}: no gold of grade 2 in the digests"
    if not question.answerable and not question.why:
        yield f"{question.id}: does not say why there is no answer"


def _spans(question: Question, golds: Sequence[Gold], sources: Mapping[str, Source]) -> Iterator[str]:
    known = [gold for gold in golds if gold.file in sources]
    for gold in known:
        yield from _span(question.id, gold, sources[gold.file])
    answering = [sources[gold.file].text[gold.start : gold.end] for gold in known if gold.grade == 2]
    if answering and not any(contains(text, question.accepted) for text in answering):
        yield f"{question.id}: no accepted answer inside its gold in {known[0].file}"


def _span(question_id: str, gold: Gold, source: Source) -> Iterator[str]:
    if gold.grade not in (1, 2):
        yield f"{question_id}: grade {gold.grade} in {gold.file}, not 1 or 2"
    if gold.sha256 != source.sha256:
        yield f"{question_id}: {gold.file} is not the file that the offsets were counted in"
    elif not 0 <= gold.start < gold.end <= len(source.text):
        yield f"{question_id}: {gold.start}:{gold.end} is no span of {gold.file} ({len(source.text)} characters)"
    elif source.text[gold.start : gold.end].strip() != source.text[gold.start : gold.end]:
        yield f"{question_id}: {gold.start}:{gold.end} of {gold.file} begins or ends with white space"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what is wrong with a question set and how large it is; 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.check", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=CITY_DIPLOMACY)
    parser.add_argument("--sources", type=Path, nargs="*", help="folders of the raw files")
    options = parser.parse_args(arguments)
    console = Console(soft_wrap=True, highlight=False)
    folders = options.sources or [ROOT / "corpus" / "digests", ROOT / "corpus" / "originals"]
    try:
        questions = load(options.folder)
    except QAError as error:
        console.print(error.english, markup=False)
        return error.exit_code
    wrong = [*problems(questions, read_sources(*folders)), *imbalance(questions)]
    for line in wrong:
        console.print(line, markup=False)
    counts = {name: len(load(options.folder, name)) for name in (QUESTIONS, UNANSWERABLE, FOLLOW_UPS)}
    console.print(", ".join(f"{count} in {name}" for name, count in counts.items()) + f"; {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
