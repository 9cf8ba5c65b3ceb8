"""The calibrated probability that the indexed documents answer a question."""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.resources import files

from qa.asks import Kind
from qa.evidence import Evidence, held, searchable
from qa.retrieve import DENSE, TOKENS

FEATURES = (
    "cosine",
    "cosine lead",
    "tokens",
    "tokens of the passage",
    "tokens lost to the value",
    "tokens of the value",
    "cosine of the value",
    "coverage of the value's passage",
    "lexical score",
    "coverage",
    "coverage of the best three",
    "rarest term missing",
    "numbers missing",
    "one value asked",
    "value missing",
    "value cosine",
    "value coverage",
    "focus missing",
    "score lead",
)
_DIGITS = re.compile(r"\d")


def probability(evidence: Evidence) -> float:
    """The probability (0..1) that the indexed documents answer the question; 0 where nothing was found.

    Logistic regression over `features`, fitted (by eval/calibrate.py, which writes calibration.json) to the tuning
    half of the question set and to near misses made by leaving passages out (eval/near_misses.py): a model for each
    language, without vectors, with them, and with those of tokens too.
    """
    if not evidence.sentences:
        return 0.0
    model = _models()[model_name(evidence)]
    scaled = zip(features(evidence), model["mean"], model["scale"], model["weights"], strict=True)
    logit = model["bias"][0] + sum(weight * (value - mean) / scale for value, mean, scale, weight in scaled)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def model_name(evidence: Evidence) -> str:
    """Which of the fitted models fits: by the question's language and by the legs that there are."""
    legs = evidence.found.legs.scores
    return f"{evidence.found.language}-{TOKENS if TOKENS in legs else DENSE if DENSE in legs else 'lexical'}"


@cache
def _models() -> dict[str, dict[str, list[float]]]:
    models: dict[str, dict[str, list[float]]] = json.loads(files("qa").joinpath("calibration.json").read_text("utf-8"))
    return models


def features(evidence: Evidence) -> tuple[float, ...]:
    """What the probability is made of, one number for each of FEATURES; all zero where nothing was found."""
    sentences = evidence.sentences
    if not sentences:
        return (0.0,) * len(FEATURES)
    best, rarity = sentences[0], evidence.rarity
    total = sum(rarity.values()) or 1.0
    near = sentences[:3]
    said = [searchable(s.text) for s in near]
    missing = [weight for term, weight in rarity.items() if not any(term in text for text in said)]
    numbers = [term for term in rarity if _DIGITS.search(term)]
    valued = [s for s in sentences[:20] if s.values]
    typed = evidence.wanted.kind is not Kind.TEXT
    cosine = max(s.cosine for s in sentences)
    tokens = max(s.tokens for s in sentences)
    value = max(valued, key=lambda s: s.score, default=None)
    return (
        cosine,
        cosine - _median([s.cosine for s in sentences]),
        tokens,
        max(evidence.found.legs.scores.get(TOKENS, {}).values(), default=0.0),
        (value.tokens - tokens) if typed and value else 0.0,
        value.tokens if typed and value else 0.0,
        value.cosine if typed and value else 0.0,
        held(rarity, searchable(value.hit.passage.text)) / total if typed and value else 0.0,
        _lexical(evidence),
        best.coverage,
        1.0 - sum(missing) / total,
        max(missing, default=0.0) / total,
        sum(not any(n in s.hit.terms for s in near) for n in numbers) / max(len(numbers), 1),
        float(typed),
        float(typed and value is None),
        (value.cosine - cosine) if typed and value else 0.0,
        (value.coverage - best.coverage) if typed and value else 0.0,
        float(typed and not any(evidence.wanted.focus in s.text for s in valued[:3])),
        best.score - sentences[min(4, len(sentences) - 1)].score,
    )


def _lexical(evidence: Evidence) -> float:
    """The best BM25 score, over what it would be if each term stood in one passage alone: whatever the index's size."""
    scores = evidence.found.legs.scores.get("morphemes", {})
    weights = sum(term.weight for term in evidence.found.terms.terms)
    rarest = math.log(1.0 + (evidence.found.searched - 0.5) / 1.5) if evidence.found.searched else 1.0
    return max(scores.values(), default=0.0) / (1.0 + weights) / rarest


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
