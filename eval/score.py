"""From answers to measures: what each question got, and what that makes over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from eval.answers import contains
from eval.dataset import Question
from eval.metrics import Estimate, auroc_estimate, found_by, mean_estimate, reciprocal_rank
from eval.relevance import Judge, Library
from qa.records import Answer, Language, Status

HITS = 20


class Asker(Library, Protocol):
    """What answers questions about documents that it holds (`qa.engine.Engine` does)."""

    def ask(self, question: str, *, hits: int) -> Answer:
        """The answer, with so many hits whatever its status."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one question got in one language.

    `rank` is that of the first relevant hit; `correct` says whether an accepted answer stands in the text (None
    without an answer to accept); `false_quotes` counts the citations whose quote is not its slice of the document.
    """

    question: Question
    language: Language
    answer: Answer
    rank: int | None
    correct: bool | None
    false_quotes: int

    @property
    def answered(self) -> bool:
        """Whether the engine claimed an answer."""
        return self.answer.status is Status.ANSWERED


def asked(question: Question, language: Language) -> str:
    """What is asked: the question, a follow-up in its completed form."""
    return (question.completed or question.text)[language]


def outcomes(questions: Iterable[Question], engine: Asker) -> Iterator[Outcome]:
    """Ask every question in every language, in order, and judge what comes back."""
    judge = Judge(engine)
    for question in questions:
        for language in Language:
            answer = engine.ask(asked(question, language), hits=HITS)
            yield Outcome(
                question,
                language,
                answer,
                judge.first_relevant(question, answer.hits) if question.answerable else None,
                _correct(question, answer) if question.answerable else None,
                _false_quotes(answer, engine),
            )


def _correct(question: Question, answer: Answer) -> bool:
    return answer.status is Status.ANSWERED and contains(answer.text, question.accepted)


def _false_quotes(answer: Answer, library: Library) -> int:
    return sum(
        library.document(citation.document_id).text[citation.start : citation.end] != citation.quote
        for citation in answer.citations
    )


Measure = Callable[[Sequence[Outcome]], Estimate]


def _over_answerable(value: Callable[[Outcome], float]) -> Measure:
    return lambda found: mean_estimate([value(outcome) for outcome in found if outcome.question.answerable])


def _over_unanswerable(value: Callable[[Outcome], float]) -> Measure:
    return lambda found: mean_estimate([value(outcome) for outcome in found if not outcome.question.answerable])


def _auroc(found: Sequence[Outcome]) -> Estimate:
    sides: tuple[list[float], list[float]] = ([], [])
    for outcome in found:
        sides[not outcome.question.answerable].append(outcome.answer.probability)
    return auroc_estimate(*sides)


MEASURES: Mapping[str, Measure] = {
    "recall@1": _over_answerable(lambda outcome: found_by(outcome.rank, 1)),
    "recall@5": _over_answerable(lambda outcome: found_by(outcome.rank, 5)),
    "recall@10": _over_answerable(lambda outcome: found_by(outcome.rank, 10)),
    "MRR@10": _over_answerable(lambda outcome: reciprocal_rank(outcome.rank, 10)),
    "answer hit rate": _over_answerable(lambda outcome: float(outcome.correct is True)),
    "answered, of the answerable": _over_answerable(lambda outcome: float(outcome.answered)),
    "answered, of the unanswerable": _over_unanswerable(lambda outcome: float(outcome.answered)),
    "AUROC": _auroc,
    "characters of an answer": lambda found: mean_estimate([len(o.answer.text) for o in found if o.answered]),
    "quotes verified": lambda found: mean_estimate([float(not o.false_quotes) for o in found if o.answer.citations]),
    "milliseconds": lambda found: mean_estimate([outcome.answer.took_ms for outcome in found]),
}
"""The measures by name, each a mean over questions: recall@k is the share with a relevant hit among the first k."""

GROUPED = ("recall@5", "MRR@10", "answer hit rate")
"""The measures that are shown by kind and by document."""


def measure(found: Sequence[Outcome], names: Iterable[str] = MEASURES) -> dict[str, Estimate]:
    """The measures `names` over `found`."""
    return {name: MEASURES[name](found) for name in names}


def grouped(found: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    """`found` by `key`, groups in the order of their names."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in found:
        groups.setdefault(key(outcome), []).append(outcome)
    return dict(sorted(groups.items()))
