"""Fits src/qa/calibration.json to the tuning half of a question set; `python -m eval.calibrate --help`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from eval.dataset import CITY_DIPLOMACY, OFF_TOPIC, QUESTIONS, UNANSWERABLE, Split, load
from eval.metrics import auroc
from qa.calibration import features, model_name
from qa.engine import Engine
from qa.records import Language
from qa.settings import load_settings
from qa.store import Store

Matrix = NDArray[np.float64]
PENALTY = 8.0
FOLDS = 5
STEPS = 50
_OFF_TOPIC_COUNTS = 4.0
"""How often a question about something else counts: there are few of them, and to answer one is the worst mistake."""
_COUNTS = {CITY_DIPLOMACY: 2.0}
"""Sets that count more than once: this one is asked of whole works, as users ask of theirs."""
TARGET = Path(__file__).parents[1] / "src" / "qa" / "calibration.json"


class Row(NamedTuple):
    """What a question in one language taught: its features, its label (1 or 0), its number, and what it counts."""

    features: tuple[float, ...]
    answerable: float
    question: int
    weight: float = 1.0


def fit(data: Matrix, labels: Matrix, counts: Matrix | None = None) -> Matrix:
    """Weights of a logistic regression with a ridge penalty, the bias last, by Newton's method (Hastie et al. 4.4).

    `data` is of shape (questions, features), scaled to mean 0 and variance 1; `labels` are 0 or 1; `counts` says how
    often each row counts, once where it is None.
    """
    counts = np.ones(len(data)) if counts is None else counts
    rows = np.hstack([data, np.ones((len(data), 1))])
    ridge = np.diag([PENALTY] * data.shape[1] + [1e-6])
    weights: Matrix = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (counts * (chance - labels)) + ridge @ weights
        curvature = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


def scaling(data: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation of each feature; 1 for one that never changes."""
    spread = data.std(axis=0)
    return data.mean(axis=0), np.where(spread > 0, spread, 1.0)


def cross_validated(data: Matrix, labels: Matrix, questions: NDArray[np.int64], counts: Matrix | None = None) -> float:
    """The AUROC of probabilities that each question gets from a model fitted without it.

    `questions` numbers them: what was asked of several indexes is left out of a fold everywhere.
    """
    counts = np.ones(len(data)) if counts is None else counts
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        inside = questions % FOLDS == fold
        mean, scale = scaling(data[~inside])
        weights = fit((data[~inside] - mean) / scale, labels[~inside], counts[~inside])
        scores[inside] = ((data[inside] - mean) / scale) @ weights[:-1] + weights[-1]
    return auroc(scores[labels == 1].tolist(), scores[labels == 0].tolist())


def collect(engine: Engine, dataset: Path) -> dict[str, list[Row]]:
    """For each model's name the rows of the tuning questions, asked in both languages.

    Beside those of `dataset` questions about something else altogether are asked: near misses alone would teach that
    a question which shares few words with the documents is as good as any. Where nothing is found, nothing is learnt.
    """
    rows: dict[str, list[Row]] = {}
    elsewhere = load(OFF_TOPIC, UNANSWERABLE)
    every = (*load(dataset, QUESTIONS, UNANSWERABLE), *elsewhere)
    questions = [question for question in every if question.split is Split.TUNING]
    for number, question in enumerate(track(questions, "asking", console=Console(stderr=True))):
        weight = _OFF_TOPIC_COUNTS if question in elsewhere else 1.0
        for language in Language:
            evidence = engine.evidence(question.text[language], hits=20)
            if evidence.sentences:
                row = Row(features(evidence), float(question.answerable), number, weight)
                rows.setdefault(model_name(evidence), []).append(row)
    return rows


def calibrate(indexes: Iterable[tuple[Path, Path]], console: Console) -> dict[str, dict[str, list[float]]]:
    """The models by name, each fitted to the questions asked of all indexes that it is for.

    `indexes` are pairs of an index and the question set that is asked of it; an index without vectors is searched
    without an encoder. Prints the cross-validated AUROC of each model.
    """
    gathered: dict[str, dict[Path, list[Row]]] = {}
    for index, dataset in indexes:
        with Store.open(index) as store:
            dense = store.vectors is not None
        settings = load_settings() if dense else load_settings().model_copy(update={"encoder": "none"})
        with Engine.open(index, settings) as engine:
            for name, rows in collect(engine, dataset).items():
                gathered.setdefault(name, {}).setdefault(dataset, []).extend(rows)
    models = {}
    for name, sets in sorted(gathered.items()):
        rows = list(balanced(list(sets.values()), [_COUNTS.get(folder, 1.0) for folder in sets]))
        data, labels, questions, counts = (np.array(column) for column in zip(*rows, strict=True))
        models[name] = _model(data, labels, counts)
        score = cross_validated(data, labels, questions, counts)
        console.print(f"{name}: {len(labels)} questions asked, AUROC {score:.3f} over {FOLDS} folds")
    return models


def balanced(sets: Sequence[Sequence[Row]], shares: Sequence[float]) -> Iterator[Row]:
    """The rows of all sets, numbered on, each set counting by its share whatever its size."""
    total, first = sum(map(len, sets)), 0
    for rows, share in zip(sets, shares, strict=True):
        factor = total * share / sum(shares) / sum(row.weight for row in rows)
        yield from (row._replace(question=first + row.question, weight=factor * row.weight) for row in rows)
        first += 1 + max(row.question for row in rows)


def _model(data: Matrix, labels: Matrix, counts: Matrix) -> dict[str, list[float]]:
    mean, scale = scaling(data)
    weights = fit((data - mean) / scale, labels, counts)
    parts = {"mean": mean, "scale": scale, "weights": weights[:-1], "bias": weights[-1:]}
    return {name: values.round(6).tolist() for name, values in parts.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; prints what each model is worth."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("indexes", nargs="+", type=_pair, metavar="INDEX[=DATASET]", help="what is asked of what")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--only", nargs="*", default=[], metavar="MODEL", help="write these alone (en-lexical …)")
    options = parser.parse_args(arguments)
    models = calibrate(options.indexes, Console(highlight=False))
    known = json.loads(options.target.read_text(encoding="utf-8")) if options.target.is_file() else {}
    chosen = {name: model for name, model in models.items() if not options.only or name in options.only}
    text = json.dumps(dict(sorted({**known, **chosen}.items())), indent=1)
    options.target.write_text(text + "\n", encoding="utf-8")
    return 0


def _pair(argument: str) -> tuple[Path, Path]:
    index, _, dataset = argument.partition("=")
    return Path(index), Path(dataset) if dataset else CITY_DIPLOMACY


if __name__ == "__main__":
    sys.exit(main())
