"""The runner: asks a question set of an index, in process, and prints what came of it; `python -m eval.run --help`."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

import qa
from eval.dataset import CITY_DIPLOMACY, FOLLOW_UPS, QUESTIONS, UNANSWERABLE, Question, Split, load
from eval.report import as_json, misses, tables
from eval.score import Outcome, outcomes
from qa.engine import Engine
from qa.errors import QAError
from qa.settings import load_settings

WIDTH = 150
"""Columns of what is not shown in a terminal."""
SHAPE = ("analyser", "encoder", "settings", "counts")
"""What of the index's manifest is told with a run."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; the exit code is 0, or that of the error."""
    options = _parser().parse_args(arguments)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    try:
        run(options, console)
    except QAError as error:
        console.print(error.english, markup=False)
        return error.exit_code
    return 0


def run(options: argparse.Namespace, console: Console) -> None:
    """Ask, print the tables, and write the files that were asked for."""
    questions = select(options)
    with Engine.open(options.index, load_settings(options.settings)) as engine:
        names = {document.name for document in engine.documents()}
        found = list(track(outcomes(questions, engine), "asking", 2 * len(questions), console=Console(stderr=True)))
        manifest = _manifest(options) | {"index": {key: engine.info()[key] for key in SHAPE}}
    for table in tables(found):
        console.print(table)
    for question in out_of_reach(questions, names):
        console.print(f"{question.id}: no gold in the indexed files; counted as missed", markup=False)
    if options.json:
        text = json.dumps(manifest | as_json(found), ensure_ascii=False, indent=1)
        options.json.write_text(text + "\n", encoding="utf-8")
    if options.misses:
        write_misses(options.misses, found)


def out_of_reach(questions: Sequence[Question], names: Collection[str]) -> list[Question]:
    """The answerable questions with no gold of grade 2 in files of these names: no search can find it."""
    return [
        question
        for question in questions
        if question.answerable
        and not any(gold.grade == 2 and gold.file in names for gold in (*question.gold, *question.digest))
    ]


def select(options: argparse.Namespace) -> tuple[Question, ...]:
    """The questions of the half that was asked for."""
    names = [QUESTIONS, UNANSWERABLE, *([FOLLOW_UPS] if options.follow_ups else [])]
    questions = load(options.dataset, *names)
    return tuple(question for question in questions if options.split in ("all", question.split))


def write_misses(path: Path, found: Sequence[Outcome]) -> None:
    """The misses as JSONL. They quote the indexed documents: keep the file where these may be."""
    lines = [json.dumps(miss, ensure_ascii=False) + "\n" for miss in misses(found)]
    path.write_text("".join(lines), encoding="utf-8")


def _manifest(options: argparse.Namespace) -> dict[str, Any]:
    files = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(options.dataset.glob("*.jsonl"))
    }
    return {
        "dataset": files,
        "split": options.split,
        "follow_ups": options.follow_ups,
        "version": qa.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.run", description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="folder of the index that is asked")
    parser.add_argument("--split", choices=[*Split, "all"], default="all", help="half of the question set")
    parser.add_argument("--dataset", type=Path, default=CITY_DIPLOMACY, help="folder of the question set")
    parser.add_argument("--follow-ups", action="store_true", help="also ask the follow-ups, in their completed form")
    parser.add_argument("--settings", type=Path, help="TOML file of settings")
    parser.add_argument("--json", type=Path, help="write all measures and a line a question to this file")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file (it quotes the documents)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
