"""A run over hand-written answers: every measure with its arithmetic, the tables, the JSON and the misses."""

from __future__ import annotations

import json

import pytest
from rich.console import Console

from eval.dataset import Gold, Kind, Question, Split
from eval.metrics import NOTHING, Estimate
from eval.report import as_json, misses, show, tables
from eval.score import MEASURES, Outcome, grouped, measure, outcomes
from qa.records import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Document,
    Hit,
    Language,
    Metadata,
    Passage,
    SourceMap,
    Status,
)

TEXT = "달빛 항구는 1907년에 열렸다. 등대는 셋이 남았다. 갈매기는 봄에 온다."
SENTENCES = [(0, 17), (18, 28), (29, 40)]


class Scripted:
    """Answers from a list, and one document whose text is its file."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = {answer.question: answer for answer in answers}

    def ask(self, question: str, *, hits: int) -> Answer:
        assert hits == 20
        return self.answers[question]

    def document(self, document_id: str) -> Document:
        block = Block(BlockKind.PARAGRAPH, 0, len(TEXT))
        return Document(document_id, "port.txt", TEXT, (block,), SourceMap((0,), (0,)), Metadata(), "ab" * 32)


def question(number: int, kind: Kind = Kind.NUMBER, accepted: str = "1907년", sentence: int = 0) -> Question:
    texts = {language: f"{language}-{number}" for language in Language}
    if kind is Kind.UNANSWERABLE:
        return Question(f"q{number}", "port", kind, Split.TUNING, texts, why="not said")
    start, end = SENTENCES[sentence]
    golds = (Gold("port.txt", "ab" * 32, start, end, 2),)
    answers = dict.fromkeys(Language, (accepted,))
    return Question(f"q{number}", "port", kind, Split.TUNING, texts, answers=answers, gold=golds)


def answer(asked: str, sentence: int | None, probability: float, *ranked: int, quote: str | None = None) -> Answer:
    """An answer that quotes a sentence (none: not found), with the sentences `ranked` as hits."""
    hits = []
    for rank, each in enumerate(ranked, 1):
        start, end = SENTENCES[each]
        hits.append(Hit(Passage(f"p{each}", "port", each, TEXT[start:end], start, end), 1 / rank, rank))
    language = Language(asked[:2])
    if sentence is None:
        return Answer(asked, language, Status.NOT_FOUND, "없습니다.", probability, (), tuple(hits))
    start, end = SENTENCES[sentence]
    text = quote or TEXT[start:end]
    citation = Citation(1, "port", "항구", text, start, end, start, end)
    return Answer(asked, language, Status.ANSWERED, TEXT[start:end], probability, (citation,), tuple(hits), took_ms=4.0)


@pytest.fixture
def found() -> list[Outcome]:
    questions = [question(1), question(2, Kind.FACT, "셋", 1), question(3, Kind.UNANSWERABLE)]
    engine = Scripted(
        answer("ko-1", 0, 0.9, 0, 1),
        answer("ko-2", 2, 0.4, 2, 0, 1),
        answer("ko-3", None, 0.4, 2),
        answer("en-1", None, 0.2, 1, 2),
        answer("en-2", 1, 0.8, 1, quote="등대는 넷이"),
        answer("en-3", 2, 0.5, 2),
    )
    return list(outcomes(questions, engine))


def test_every_measure_by_language(found: list[Outcome]) -> None:
    values = {
        language: {name: estimate.value for name, estimate in measure(group).items()}
        for language, group in grouped(found, lambda outcome: outcome.language).items()
    }
    lengths = [end - start for start, end in SENTENCES]
    assert values["ko"] == {
        "recall@1": 1 / 2,  # ko-1 at rank 1, ko-2 at rank 3
        "recall@5": 2 / 2,
        "recall@10": 2 / 2,
        "MRR@10": (1 + 1 / 3) / 2,
        "answer hit rate": 1 / 2,
        "answered, of the answerable": 2 / 2,
        "answered, of the unanswerable": 0 / 1,
        "AUROC": (1 + 1 / 2) / 2,  # .9 above .4, .4 ties with .4
        "characters of an answer": (lengths[0] + lengths[2]) / 2,
        "quotes verified": 1.0,
        "milliseconds": (4 + 4 + 0) / 3,
    }
    assert values["en"] == {
        "recall@1": 1 / 2,  # en-1 never, en-2 at rank 1
        "recall@5": 1 / 2,
        "recall@10": 1 / 2,
        "MRR@10": 1 / 2,
        "answer hit rate": 1 / 2,
        "answered, of the answerable": 1 / 2,
        "answered, of the unanswerable": 1 / 1,
        "AUROC": 1 / 2,  # .2 below .5, .8 above
        "characters of an answer": (lengths[1] + lengths[2]) / 2,
        "quotes verified": 1 / 2,
        "milliseconds": (0 + 4 + 4) / 3,
    }


def test_misses_say_what_went_wrong(found: list[Outcome]) -> None:
    told = {(miss["id"], str(miss["language"])): miss for miss in misses(found)}
    assert {key: miss["faults"] for key, miss in told.items()} == {
        ("q2", "ko"): ["wrong answer"],
        ("q1", "en"): ["not retrieved", "not answered"],
        ("q2", "en"): ["false quote"],
        ("q3", "en"): ["answered without an answer"],
    }
    assert told["q2", "ko"]["accepted"] == ("셋", "셋")
    assert [hit["start"] for hit in told["q2", "ko"]["hits"]] == [29, 0, 18]
    assert [miss["id"] for miss in misses(found, cutoff=1) if "not retrieved" in miss["faults"]] == ["q1", "q2"]


def test_a_follow_up_is_asked_in_its_completed_form() -> None:
    completed = {Language.KOREAN: "ko-9", Language.ENGLISH: "en-9"}
    texts = {Language.KOREAN: "그럼?", Language.ENGLISH: "And?"}
    answers = dict.fromkeys(Language, ("1907년",))
    lean = Question("f1", "port", Kind.FACT, Split.TUNING, texts, answers=answers, turns=(texts,), completed=completed)
    engine = Scripted(answer("ko-9", 0, 0.9), answer("en-9", 0, 0.9))
    assert [outcome.correct for outcome in outcomes([lean], engine)] == [True, True]


def test_tables_show_all_measures_kinds_and_documents(found: list[Outcome]) -> None:
    console = Console(width=200)
    with console.capture() as shown:
        for table in tables(found):
            console.print(table)
    text = shown.get()
    assert all(name in text for name in MEASURES)
    assert "0.667 [0.333, 1.000] n=2" in text
    assert all(word in text for word in ("number", "fact", "port"))
    assert "│ unanswerable" not in text


def test_estimates_are_shown_with_their_interval() -> None:
    assert show(Estimate(0.9124, 0.88, 0.941, 342)) == "0.912 [0.880, 0.941] n=342"
    assert show(Estimate(211.26, 200, 222.22, 9)) == "211.3 [200.0, 222.2] n=9"
    assert show(NOTHING) == "-"


def test_json_is_json_and_holds_a_line_a_question(found: list[Outcome]) -> None:
    told = json.loads(json.dumps(as_json(found), allow_nan=False))
    assert told["measures"]["ko"]["recall@1"]["value"] == 0.5
    assert told["kinds"]["fact"]["en"]["answer hit rate"] == {"value": 1.0, "low": 1.0, "high": 1.0, "count": 1}
    assert list(told["documents"]) == ["port"]
    assert [(line["id"], line["language"], line["rank"]) for line in told["questions"]] == [
        ("q1", "ko", 1),
        ("q1", "en", None),
        ("q2", "ko", 3),
        ("q2", "en", 1),
        ("q3", "ko", None),
        ("q3", "en", None),
    ]
    only_answerable = as_json([outcome for outcome in found if outcome.question.answerable])
    assert only_answerable["measures"]["ko"]["AUROC"] == {"value": None, "low": None, "high": None, "count": 0}
