"""What a run is shown as: tables for a reader, JSON for a program, and the misses one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from eval.metrics import Estimate
from eval.score import GROUPED, MEASURES, Outcome, asked, grouped, measure
from qa.records import Hit, Language

SHOWN_HITS = 5
Key = Callable[[Outcome], str]


def tables(found: Sequence[Outcome]) -> Iterator[Table]:
    """One table of all measures by language, then one by kind and one by document."""
    by_language = grouped(found, lambda outcome: outcome.language)
    languages = [language for language in Language if language in by_language]
    table = Table("measure", *languages)
    for name in MEASURES:
        table.add_row(name, *(show(MEASURES[name](by_language[language])) for language in languages))
    yield table
    answerable = [outcome for outcome in found if outcome.question.answerable]
    yield _group_table("kind", answerable, lambda outcome: outcome.question.kind)
    yield _group_table("document", answerable, lambda outcome: outcome.question.document)


def _group_table(title: str, found: Sequence[Outcome], key: Key) -> Table:
    languages = list(Language)
    table = Table(title, "questions", *(f"{name} {language}" for name in GROUPED for language in languages))
    for name, group in grouped(found, key).items():
        parts = {language: [outcome for outcome in group if outcome.language is language] for language in languages}
        cells = [f"{MEASURES[each](parts[language]).value:.3f}" for each in GROUPED for language in languages]
        table.add_row(name, str(len(parts[languages[0]])), *cells)
    return table


def show(estimate: Estimate) -> str:
    """`0.912 [0.880, 0.941] n=342`; a dash when there was nothing to measure."""
    if not estimate.count:
        return "-"
    digits = 3 if estimate.high <= 1 else 1
    return f"{estimate.value:.{digits}f} [{estimate.low:.{digits}f}, {estimate.high:.{digits}f}] n={estimate.count}"


def as_json(found: Sequence[Outcome]) -> dict[str, Any]:
    """All measures by language, kind and document, and a line for each question."""
    return {
        "measures": {name: _measures(group) for name, group in grouped(found, lambda o: o.language).items()},
        "kinds": _nested(found, lambda outcome: outcome.question.kind),
        "documents": _nested(found, lambda outcome: outcome.question.document),
        "questions": [_line(outcome) for outcome in found],
    }


def _nested(found: Sequence[Outcome], key: Key) -> dict[str, Any]:
    answerable = [outcome for outcome in found if outcome.question.answerable]
    return {
        name: {language: _measures(part, GROUPED) for language, part in grouped(group, lambda o: o.language).items()}
        for name, group in grouped(answerable, key).items()
    }


def _measures(found: Sequence[Outcome], names: Sequence[str] = tuple(MEASURES)) -> dict[str, Any]:
    return {name: _finite(asdict(estimate)) for name, estimate in measure(found, names).items()}


def _finite(numbers: dict[str, float]) -> dict[str, float | None]:
    """NaN is not JSON."""
    return {name: None if math.isnan(number) else number for name, number in numbers.items()}


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "id": outcome.question.id,
        "language": outcome.language,
        "kind": outcome.question.kind,
        "status": outcome.answer.status,
        "probability": outcome.answer.probability,
        "rank": outcome.rank,
        "correct": outcome.correct,
        "false_quotes": outcome.false_quotes,
        "citations": len(outcome.answer.citations),
        "took_ms": outcome.answer.took_ms,
    }


def misses(found: Sequence[Outcome], cutoff: int = SHOWN_HITS) -> Iterator[dict[str, Any]]:
    """What went wrong and is worth reading: no relevant hit in the first `cutoff`, a wrong answer, a false claim."""
    for outcome in found:
        faults = list(_faults(outcome, cutoff))
        if faults:
            yield {
                **_line(outcome),
                "faults": faults,
                "question": asked(outcome.question, outcome.language),
                "accepted": outcome.question.accepted,
                "gold": [asdict(gold) for gold in (*outcome.question.gold, *outcome.question.digest)],
                "answer": outcome.answer.text,
                "hits": [_hit(hit) for hit in outcome.answer.hits[:SHOWN_HITS]],
            }


def _faults(outcome: Outcome, cutoff: int) -> Iterator[str]:
    if outcome.false_quotes:
        yield "false quote"
    if not outcome.question.answerable:
        if outcome.answered:
            yield "answered without an answer"
        return
    if outcome.rank is None or outcome.rank > cutoff:
        yield "not retrieved"
    if not outcome.answered:
        yield "not answered"
    elif not outcome.correct:
        yield "wrong answer"


def _hit(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "document": passage.document_id,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "legs": {name: asdict(leg) for name, leg in hit.legs.items()},
        "headings": passage.headings,
        "text": passage.text,
    }
