"""Fits src/qa/calibration.json to the tuning half of a question set; `python -m eval.calibrate --help`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

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
TARGET = Path(__file__).parents[1] / "src" / "qa" / "calibration.json"


def fit(data: Matrix, labels: Matrix) -> Matrix:
    """Weights of a logistic regression with a ridge penalty, the bias last, by Newton's method (Hastie et al. 4.4).

    `data` is of shape (questions, features), scaled to mean 0 and variance 1; `labels` are 0 or 1.
    """
    rows = np.hstack([data, np.ones((len(data), 1))])
    ridge = np.diag([PENALTY] * data.shape[1] + [1e-6])
    weights: Matrix = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-rows @ weights))
        gradient = rows.T @ (chance - labels) + ridge @ weights
        curvature = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


def scaling(data: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation of each feature; 1 for one that never changes."""
    spread = data.std(axis=0)
    return data.mean(axis=0), np.where(spread > 0, spread, 1.0)


def cross_validated(data: Matrix, labels: Matrix, questions: NDArray[np.int64]) -> float:
    """The AUROC of probabilities that each question gets from a model fitted without it.

    `questions` numbers them: what was asked of several indexes is left out of a fold everywhere.
    """
    scores = np.zeros(len(labels))
    for fold in range(FOLDS):
        inside = questions % FOLDS == fold
        mean, scale = scaling(data[~inside])
        weights = fit((data[~inside] - mean) / scale, labels[~inside])
        scores[inside] = ((data[inside] - mean) / scale) @ weights[:-1] + weights[-1]
    return auroc(scores[labels == 1].tolist(), scores[labels == 0].tolist())


def collect(engine: Engine, dataset: Path) -> dict[str, tuple[Matrix, Matrix]]:
    """For each model's name the features and labels of the tuning questions, asked in both languages.

    Beside those of `dataset` questions about something else altogether are asked: near misses alone would teach that
    a question which shares few words with the documents is as good as any. Where nothing is found, nothing is learnt.
    """
    rows: dict[str, list[tuple[tuple[float, ...], float]]] = {}
    every = (*load(dataset, QUESTIONS, UNANSWERABLE), *load(OFF_TOPIC, UNANSWERABLE))
    questions = [question for question in every if question.split is Split.TUNING]
    for question in track(questions, "asking", console=Console(stderr=True)):
        for language in Language:
            evidence = engine.evidence(question.text[language], hits=20)
            if evidence.sentences:
                rows.setdefault(model_name(evidence), []).append((features(evidence), float(question.answerable)))
    return {name: (np.array([row for row, _ in held]), np.array([y for _, y in held])) for name, held in rows.items()}


def calibrate(indexes: Iterable[Path], dataset: Path, console: Console) -> dict[str, dict[str, list[float]]]:
    """The models by name, each fitted to the questions asked of all indexes that it is for.

    Prints the cross-validated AUROC of each. An index without vectors is searched without an encoder.
    """
    gathered: dict[str, list[tuple[Matrix, Matrix]]] = {}
    for index in indexes:
        with Store.open(index) as store:
            dense = store.vectors is not None
        settings = load_settings() if dense else load_settings().model_copy(update={"encoder": "none"})
        with Engine.open(index, settings) as engine:
            for name, pair in collect(engine, dataset).items():
                gathered.setdefault(name, []).append(pair)
    models = {}
    for name, pairs in sorted(gathered.items()):
        data, labels = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
        models[name] = _model(data, labels)
        score = cross_validated(data, labels, np.concatenate([np.arange(len(held)) for _, held in pairs]))
        console.print(f"{name}: {len(labels)} questions asked, AUROC {score:.3f} over {FOLDS} folds")
    return models


def _model(data: Matrix, labels: Matrix) -> dict[str, list[float]]:
    mean, scale = scaling(data)
    weights = fit((data - mean) / scale, labels)
    parts = {"mean": mean, "scale": scale, "weights": weights[:-1], "bias": weights[-1:]}
    return {name: values.round(6).tolist() for name, values in parts.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write; prints what each model is worth."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path, help="indexes over the originals or the digests")
    parser.add_argument("--dataset", type=Path, default=CITY_DIPLOMACY)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    models = calibrate(options.indexes, options.dataset, Console(highlight=False))
    known = json.loads(options.target.read_text(encoding="utf-8")) if options.target.is_file() else {}
    text = json.dumps(dict(sorted({**known, **models}.items())), indent=1)
    options.target.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
