"""Documents and questions for the calibration out of passages by topic; `python -m eval.near_misses --help`.

Of each topic's passages one is left out: its question is a near miss then, the others are answered. So the same kinds
of question stand on both sides, which a set whose near misses were written by hand does not give.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.dataset import QUESTIONS, UNANSWERABLE

SEED = 20261120
TOPICS = 420

Row = dict[str, Any]


def topics(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """TOPICS topics with three passages or more, drawn with a fixed seed."""
    held: dict[str, list[Row]] = {}
    for row in rows:
        held.setdefault(row["topic"], []).append(row)
    names = sorted(name for name, passages in held.items() if len(passages) >= 3)
    random.Random(SEED).shuffle(names)
    return [(name, held[name]) for name in names[:TOPICS]]


def split(number: int, passages: Sequence[Row]) -> tuple[str, list[Row], Row]:
    """A topic's document, the questions that it answers, and the near miss."""
    left_out = random.Random(SEED + number).randrange(len(passages))
    kept = [passage for index, passage in enumerate(passages) if index != left_out]
    document = f"topic-{number:04}"
    answered = [
        _record(f"{document}-{index}", passage)
        | {"kind": "fact", "difficulty": "medium", "document": document}
        | {"answers_ko": [passage["answer_ko"]], "answers_en": [passage["answer_en"]]}
        for index, passage in enumerate(kept)
    ]
    missed = _record(f"{document}-u", passages[left_out])
    why = "the passage that answers was left out"
    return "\n\n".join(p["ko_passage"] for p in kept) + "\n", answered, missed | _unanswerable(document, why)


def _record(name: str, passage: Row) -> Row:
    return {
        "id": name,
        "split": "tuning",
        "question_ko": passage["ko_question"],
        "question_en": passage["en_question"],
    }


def _unanswerable(document: str, why: str) -> Row:
    return {"kind": "unanswerable", "near": document, "why": why}


def write(source: Path, target: Path) -> int:
    """Write `target`/documents and the question files beside it; the number of questions."""
    rows = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    documents = target / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    every: dict[str, list[Row]] = {QUESTIONS: [], UNANSWERABLE: []}
    for number, (_, passages) in enumerate(topics(rows)):
        text, answered, missed = split(number, passages)
        (documents / f"topic-{number:04}.txt").write_text(text, encoding="utf-8")
        every[QUESTIONS].extend(answered)
        every[UNANSWERABLE].append(missed)
    for name, records in every.items():
        (target / name).write_text("".join(_lines(records)), encoding="utf-8")
    return sum(map(len, every.values()))


def _lines(records: Sequence[Row]) -> Iterator[str]:
    return (json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the documents and the questions."""
    parser = argparse.ArgumentParser(prog="python -m eval.near_misses", description=__doc__)
    parser.add_argument("source", type=Path, help="JSONL of topic, ko_passage, ko_question, en_question, answer_ko/en")
    parser.add_argument("target", type=Path, help="folder that is written")
    options = parser.parse_args(arguments)
    sys.stdout.write(f"{write(options.source, options.target)} questions in {options.target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
