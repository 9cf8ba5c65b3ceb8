"""What others would do with the same passages: white-space BM25, where one of its libraries is installed.

python -m benchmarks.peers NAME INDEX [--questions 100] prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.questions import milliseconds, tuning_questions
from qa.records import Language
from qa.store import Store

HITS = 10
Search = Callable[[str], object]


def _bm25s(passages: Sequence[Sequence[str]]) -> Search:
    index = import_module("bm25s").BM25()
    index.index(passages, show_progress=False)
    hits = min(HITS, len(passages))
    return lambda question: index.retrieve([question.split()], k=hits, show_progress=False)


def _rank_bm25(passages: Sequence[Sequence[str]]) -> Search:
    index = import_module("rank_bm25").BM25Okapi(passages)
    return lambda question: index.get_scores(question.split()).argsort()[::-1][:HITS]


PEERS: Mapping[str, Callable[[Sequence[Sequence[str]]], Search]] = {"bm25s": _bm25s, "rank_bm25": _rank_bm25}
"""From passages, each split at white space, to a search: both libraries with their defaults."""


def installed() -> dict[str, bool]:
    """Whether each peer can be imported."""
    return {name: find_spec(name) is not None for name in PEERS}


def measure(name: str, index: Path, count: int) -> dict[str, float]:
    """Milliseconds to index the passages of `index` with a peer, and the median of a Korean question."""
    with Store.open(index) as store:
        documents = [each.id for each in store.documents()]
        texts = [passage.text for document in documents for passage in store.passages_of(document)]
    import_module(name)  # not what is timed
    began = time.perf_counter()
    search = PEERS[name]([text.split() for text in texts])
    built = 1000 * (time.perf_counter() - began)
    return {"index": built, "question": median(milliseconds(search, tuning_questions(Language.KOREAN, count)))}


def main() -> None:
    """Measure one peer once and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(PEERS))
    parser.add_argument("index", type=Path)
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    sys.stdout.write(json.dumps(measure(arguments.name, arguments.index, arguments.questions)) + "\n")


if __name__ == "__main__":
    main()
