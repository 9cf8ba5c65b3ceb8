"""Asking and searching, for people and for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.chat_endpoint import chat_server, replies, sends
from tests.cli.conftest import Qa, Run

WHEN = "나루시의 흔들다리는 언제 놓였나요?"


def text(run: Run) -> str:
    return " ".join(run.out.split())


def test_an_answer_with_its_sources(qa: Qa, index: Path) -> None:
    run = qa("ask", WHEN, "--index", index)
    assert (run.code, run.err) == (0, "")
    answer, sources = text(run).split("출처")
    assert "1987년 5월 3일" in answer
    assert "[1]" in answer
    assert "[1] 나루시 흔들다리 백서 › 제1장 다리의 역사" in sources
    assert re.search(r"“나루시의 흔들다리는 1987년 5월 3일", sources)
    assert re.search(r"문서에 답이 있을 확률 \d+% · \d+\.\d\d초", sources)


def test_the_labels_are_in_the_language_of_the_question(qa: Qa, index: Path) -> None:
    run = qa("ask", "In which year did 나루시 join LWC (League of Water Cities)?", "--index", index)
    assert "Probability that the documents answer" in run.out
    assert "확률" not in run.out


def test_not_found_offers_the_nearest_passages_as_such(qa: Qa, index: Path) -> None:
    run = qa("ask", "바다시 정원에서 감자를 기른 정원사는 누구인가요?", "--index", index, QA_THRESHOLD="1")
    assert run.code == 0
    assert "찾지 못했습니다" in text(run)
    assert "출처" not in run.out
    assert "가장 가까운 대목(답이 아닐 수 있습니다)" in run.out


def test_an_answer_as_json_is_one_object_with_all_that_is_known(qa: Qa, index: Path) -> None:
    run = qa("ask", WHEN, "--json", "--hits", "2", "--index", index)
    shape = run.json
    assert shape["question"] == WHEN
    assert shape["status"] == "answered"
    assert len(shape["hits"]) <= 2
    assert shape["citations"][0]["passage"] == shape["hits"][0]["passage"]
    assert set(shape["hits"][0]["legs"]) == {"morphemes", "bigrams"}
    assert (shape["worded_by"], shape["dropped"]) == ("", [])


@pytest.mark.parametrize(("question", "code"), [("", "question"), ("🙂", "question"), ("왜" * 20_000, "question")])
def test_a_question_that_is_none(qa: Qa, index: Path, question: str, code: str) -> None:
    run = qa("ask", question, "--json", "--index", index)
    assert run.code == 2
    assert run.json["error"]["code"] == code


def test_a_search_explained(qa: Qa, index: Path) -> None:
    run = qa("search", "은행나무는 몇 그루", "--explain", "--index", index)
    assert (run.code, run.err) == (0, "")
    assert "1. 바다시 정원 보고서 › 정원의 나무" in text(run)
    assert "형태소" in run.out
    assert "(1위)" in run.out
    assert "찾은 말: " in run.out
    plain = qa("search", "은행나무는 몇 그루", "--index", index)
    assert "찾은 말" not in plain.out


def test_a_search_as_json(qa: Qa, index: Path) -> None:
    shape = qa("search", "은행나무", "--json", "--index", index).json
    assert shape["query"] == "은행나무"
    best = shape["hits"][0]
    assert (best["document"], best["rank"]) == ("garden", 1)
    assert "은행나무" in best["terms"]
    assert best["legs"]["morphemes"]["rank"] == 1


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        (("--document", "bridge", "--document", "garden"), {"bridge", "garden"}),
        (("--author", "박바다"), {"garden"}),
        (("--from-year", "2015", "--to-year", "2017"), {"garden"}),
        (("--to-year", "2015"), set()),
        (("--document", "bridge", "--region", "body", "--kind", "paragraph"), {"bridge"}),
    ],
)
def test_a_search_narrowed_down(qa: Qa, index: Path, options: tuple[str, ...], documents: set[str]) -> None:
    run = qa("search", "나루시 다리와 바다시 정원의 나무", *options, "--json", "--index", index)
    assert {hit["document"] for hit in run.json["hits"]} == documents


def test_a_filter_for_what_is_not_there(qa: Qa, index: Path) -> None:
    run = qa("search", "다리", "--document", "river", "--json", "--index", index)
    assert run.code == 2
    assert run.json["error"]["code"] == "filter"
    assert "bridge, garden" in run.json["error"]["message"]


def test_an_answer_worded_by_a_model(qa: Qa, index: Path) -> None:
    reply = "흔들다리는 1987년 5월 3일에 놓였다 [1]. 다리는 세계에서 가장 길다 [1]."
    with chat_server(replies(reply)) as server:
        run = qa("ask", WHEN, "--index", index, QA_LLM_URL=server.url, QA_LLM_MODEL="writer-1", QA_LLM_KEY="sk-1")
    assert len(server.requests) == 1
    assert "흔들다리는 1987년 5월 3일에 놓였다. [1]" in text(run)
    assert "writer-1의 문장이며" in text(run)
    assert "출처로 뒷받침되지 않아 뺀 문장: 다리는 세계에서 가장 길다." in text(run)
    assert "sk-1" not in run.out + run.err


def test_a_failing_model_leaves_the_answer_of_the_documents(qa: Qa, index: Path) -> None:
    lines = (json.dumps({"id": number, "question": WHEN}) for number in (1, 2))
    with chat_server(sends(b"", 503)) as server:
        run = qa("ask", "--batch", "-", stdin="\n".join(lines).encode(), QA_INDEX=str(index), QA_LLM_URL=server.url)
    assert run.code == 0
    assert len(server.requests) == 2
    for line in run.out.splitlines():
        assert "1987년 5월 3일" in json.loads(line)["answer"]
    assert " ".join(run.err.split()).startswith(
        "알림: 127.0.0.1의 언어 모델에서 문장을 받지 못했습니다: HTTP 상태 503."
    )
    assert run.err.count("알림") == 1
