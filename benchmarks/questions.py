"""Warm questions in a process of their own: milliseconds by language and stage, and the memory that the process holds.

python -m benchmarks.questions INDEX [--questions 100] prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.figures import percentile
from benchmarks.machine import memory
from eval.dataset import CITY_DIPLOMACY, QUESTIONS, UNANSWERABLE, Split, load
from qa.encoders import open_encoder
from qa.engine import Engine
from qa.evidence import HITS_WEIGHED
from qa.records import Language
from qa.settings import load_settings

WARMING = {Language.KOREAN: "이 문서는 무엇을 다루는가?", Language.ENGLISH: "What is this document about?"}


def tuning_questions(language: Language, count: int) -> list[str]:
    """`count` questions of the tuning half, answerable and not, evenly from all over the set."""
    half = [each for each in load(CITY_DIPLOMACY, QUESTIONS, UNANSWERABLE) if each.split is Split.TUNING]
    return [half[position * len(half) // count].text[language] for position in range(min(count, len(half)))]


def milliseconds(ask: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """What each question takes by itself."""
    took = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        took.append(1000 * (time.perf_counter() - began))
    return took


def stages(engine: Engine, language: Language, questions: Sequence[str]) -> dict[str, float]:
    """Medians of the stages over questions that were asked before; evidence and answer are differences of medians.

    `encoder`, without which there is none, is a part of `retrieval`.
    """
    searched = median(milliseconds(lambda question: engine.search(question, hits=HITS_WEIGHED), questions))
    weighed = median(milliseconds(engine.evidence, questions))
    asked = median(milliseconds(engine.ask, questions))
    found = {"retrieval": searched, "evidence": weighed - searched, "answer": asked - weighed}
    encoder = open_encoder(load_settings())
    if encoder is not None:
        encode = median(milliseconds(lambda question: encoder.encode_questions([question], language), questions))
        found["encoder"] = encode
    return found


def measure(index: Path, count: int) -> dict[str, dict[str, float]]:
    """Milliseconds and megabytes of one fresh process; "opened" is after one question a language, when Kiwi is in."""
    asked = {language: tuning_questions(language, count) for language in Language}
    began = time.perf_counter()
    with Engine.open(index) as engine:
        for language in Language:
            engine.ask(WARMING[language])
        took: dict[str, float] = {"open": 1000 * (time.perf_counter() - began)}
        opened = memory()["now"]
        for language, questions in asked.items():
            spent = milliseconds(engine.ask, questions)
            took |= {f"{language}.p50": percentile(spent, 0.5), f"{language}.p95": percentile(spent, 0.95)}
        held = memory()
        for language, questions in asked.items():
            took |= {f"{language}.{name}": spent for name, spent in stages(engine, language, questions).items()}
    return {"question": took, "memory": {"opened": opened, "asked": held["now"], "most": held["most"]}}


def main() -> None:
    """Measure once and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=100, help="how many in each language")
    arguments = parser.parse_args()
    sys.stdout.write(json.dumps(measure(arguments.index, arguments.questions)) + "\n")


if __name__ == "__main__":
    main()
