"""nDCG@10 of the lexical legs on a folder of corpus.jsonl, queries.jsonl and qrels.tsv; prints one JSON line.

python benchmarks/lexical.py FOLDER [--every N]
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from math import log2
from pathlib import Path

from qa.korean import Analyser
from qa.lexical import LexicalIndex
from qa.records import Language
from qa.terms import DocumentTerms, TermAnalyser

DEPTH = 100
CUT = 10
Row = dict[str, str]
Run = list[tuple[str, float]]
Qrels = Mapping[str, Mapping[str, int]]


def read_rows(path: Path) -> list[Row]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Gains by question and passage, from a TREC-like table with a header."""
    gains: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            gains.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return gains


def ndcg(run: Run, gains: Mapping[str, int]) -> float:
    """nDCG@10 with linear gains: sum of gain / log2(rank + 1) over that of the best order."""
    found = sum(gains.get(passage, 0) / log2(rank + 2) for rank, (passage, _) in enumerate(run[:CUT]))
    best = sum(gain / log2(rank + 2) for rank, gain in enumerate(sorted(gains.values(), reverse=True)[:CUT]))
    return found / best if best else 0.0


def fused(legs: Sequence[Run]) -> Run:
    """The sum of the legs, each scaled to 0..1 between its last and its first score."""
    total: dict[str, float] = {}
    for leg in legs:
        low, high = (leg[-1][1], leg[0][1]) if leg else (0.0, 0.0)
        for passage, score in leg:
            total[passage] = total.get(passage, 0.0) + ((score - low) / (high - low) if high > low else 1.0)
    return sorted(total.items(), key=lambda hit: (-hit[1], hit[0]))


def build(folder: Path, rows: Sequence[Row], terms: Sequence[DocumentTerms]) -> LexicalIndex:
    """An index of the passages, without headings."""
    index = LexicalIndex.create(folder)
    for row, fields in zip(rows, terms, strict=True):
        index.add(row["_id"], row["_id"], fields=fields, heading_terms=DocumentTerms([], []))
    index.commit()
    return index


def evaluate(index: LexicalIndex, analyser: TermAnalyser, questions: Sequence[Row], qrels: Qrels) -> dict[str, float]:
    """Mean nDCG@10 of each leg and of both, and milliseconds a question."""
    sums = dict.fromkeys(("morphemes", "bigrams", "both"), 0.0)
    start = time.perf_counter()
    for question in questions:
        terms = analyser.question_terms(question["text"], Language(question.get("lang", "ko")))
        morphemes = index.search("morphemes", terms.morphemes, limit=DEPTH)
        bigrams = index.search("bigrams", terms.bigrams, limit=DEPTH)
        for name, run in zip(sums, (morphemes, bigrams, fused([morphemes, bigrams])), strict=True):
            sums[name] += ndcg(run, qrels[question["_id"]])
    took = (time.perf_counter() - start) * 1000
    means = {name: round(total / len(questions), 4) for name, total in sums.items()}
    return {**means, "question_ms": round(took / len(questions), 2)}


def main() -> None:
    """Index the set in a temporary folder, ask its questions, print the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="take every Nth question")
    arguments = parser.parse_args()
    rows = read_rows(arguments.folder / "corpus.jsonl")
    questions = read_rows(arguments.folder / "queries.jsonl")[:: arguments.every]
    analyser = TermAnalyser(Analyser(threads=2))
    analyser.document_terms([""])  # loads the analyser, which is not what is timed
    start = time.perf_counter()
    terms = analyser.document_terms([row["text"] for row in rows])
    seconds = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as folder:
        scores = evaluate(
            build(Path(folder, "lexical"), rows, terms), analyser, questions, read_qrels(arguments.folder / "qrels.tsv")
        )
    characters = sum(len(row["text"]) for row in rows)
    result = {"set": arguments.folder.name, "questions": len(questions), **scores}
    sys.stdout.write(json.dumps({**result, "terms_seconds_per_150k": round(seconds * 150_000 / characters, 2)}) + "\n")


if __name__ == "__main__":
    main()
