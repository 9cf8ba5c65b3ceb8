"""The batch contract: a line of JSON in, a line of JSON out, whatever is in the line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Qa, Run, environment

KEYS = ["id", "question", "language", "status", "answer", "probability", "citations", "hits", "took_ms"]
CITATION = [
    "number", "document", "title", "page", "section", "quote", "start", "end", "source_start", "source_end",
]  # fmt: skip
HIT = ["rank", "score", "document", "page", "section", "start", "end", "text"]
GOOD: list[dict[str, Any]] = [
    {"id": "q1", "question": "나루시의 흔들다리는 언제 놓였나요?"},
    {"id": 2, "question": "How long is the bridge: 210 meters?"},
    {"id": 3.5, "question": "바다시 정원의 넓이는 얼마인가요?"},
    {"id": "q1", "question": "화성에서 감자는 어떻게 기르나요?"},
    {"id": None, "question": "나루시가 2010년에 가입한 단체는 무엇인가요?", "ignored": True},
]
BAD: list[tuple[bytes, object, str, str]] = [
    (b"not json", None, "", "batch"),
    (b"[1, 2]", None, "", "batch"),
    (b'{"id": "a"}', "a", "", "batch"),
    (b'{"id": "b", "question": 7}', "b", "", "batch"),
    (b'{"id": "c", "question": ""}', "c", "", "question"),
    (b'{"id": "d", "question": "  \\n"}', "d", "  \n", "question"),
    ('{"id": "e", "question": "🙂🙃"}'.encode(), "e", "🙂🙃", "question"),
    (b'{"id": "f", "question": "?!..."}', "f", "?!...", "question"),
    (json.dumps({"id": "g", "question": "왜 " * 10_000}).encode(), "g", "왜 " * 10_000, "question"),
    (b'{"id": "h", "question": "\xff"}', None, "", "batch"),
    (b'{"id": NaN, "question": "x"}', None, "", "batch"),
    (b'{"id": 1e999, "question": "x"}', None, "", "batch"),
    (b"[" * 100_000, None, "", "batch"),
]


def objects(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.splitlines()]


@pytest.fixture(scope="module")
def mixed(qa: Qa, index: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Good and bad lines taking turns, with a byte order mark, blank lines, and no line end behind the last."""
    lines: list[bytes] = []
    for place in range(max(len(GOOD), len(BAD))):
        lines += [json.dumps(GOOD[place], ensure_ascii=False).encode()] if place < len(GOOD) else []
        lines += [BAD[place][0], b""]
    path = tmp_path_factory.mktemp("batch") / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines).rstrip())
    return qa("ask", "--index", index, "--batch", path, "--hits", "3")


@pytest.fixture(scope="module")
def good(mixed: Run) -> list[dict[str, Any]]:
    return [line for line in objects(mixed) if "error" not in line]


@pytest.fixture(scope="module")
def bad(mixed: Run) -> list[dict[str, Any]]:
    return [line for line in objects(mixed) if "error" in line]


def test_a_line_for_each_question_in_order(mixed: Run, good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> None:
    assert mixed.code == 7
    assert mixed.err == ""
    assert [line["question"] for line in good] == [line["question"] for line in GOOD]
    assert [line["question"] for line in bad] == [question for _, _, question, _ in BAD]


def test_ids_come_back_as_they_were(good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> None:
    assert [line["id"] for line in good] == ["q1", 2, 3.5, "q1", None]
    assert isinstance(good[1]["id"], int)
    assert [line["id"] for line in bad] == [identifier for _, identifier, _, _ in BAD]


def test_the_keys_are_exactly_those_of_the_contract(good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> None:
    assert all(list(line) == KEYS for line in good)
    assert all(list(line) == [*KEYS, "error"] for line in bad)
    assert any(line["citations"] for line in good)
    assert all(list(citation) == CITATION for line in good for citation in line["citations"])
    assert all(list(hit) == HIT for line in good for hit in line["hits"])


def test_a_bad_line_says_what_is_wrong(bad: list[dict[str, Any]]) -> None:
    for line, (_, _, _, code) in zip(bad, BAD, strict=True):
        assert line["error"]["code"] == code
        assert list(line["error"]) == ["code", "message"]
        assert (line["status"], line["citations"], line["hits"]) == ("not_found", [], [])
        assert line["probability"] == 0
    assert bad[0]["error"]["message"].startswith("JSON 객체가 아닌 줄입니다")
    assert bad[2]["error"]["message"] == '문자열 "question"이 없는 줄입니다.'
    assert bad[4]["error"]["message"].startswith("질문이 비어 있습니다")


def test_quotes_and_hits_are_slices_of_their_documents(qa: Qa, index: Path, good: list[dict[str, Any]]) -> None:
    texts = {name: qa("show", name, "--text", "--index", index).out for name in ("bridge", "garden")}
    for line in good:
        for citation in line["citations"]:
            assert texts[citation["document"]][citation["start"] : citation["end"]] == citation["quote"]
        for hit in line["hits"]:
            assert texts[hit["document"]][hit["start"] : hit["end"]] == hit["text"]
        assert [hit["rank"] for hit in line["hits"]] == list(range(1, len(line["hits"]) + 1))
        assert sorted((hit["score"] for hit in line["hits"]), reverse=True) == [hit["score"] for hit in line["hits"]]
        assert len(line["hits"]) <= 3


def test_languages_and_answers(good: list[dict[str, Any]]) -> None:
    assert [line["language"] for line in good] == ["ko", "en", "ko", "ko", "ko"]
    assert {line["status"] for line in good if line["citations"]} == {"answered"}
    assert "1987년 5월 3일" in good[0]["answer"]
    assert "45헥타르" in good[2]["answer"]
    assert all(0 <= line["probability"] <= 1 for line in good)
    assert all(line["took_ms"] > 0 for line in good)


def test_the_questions_come_back_as_they_were(qa: Qa, index: Path) -> None:
    question = unicodedata.normalize("NFD", "  흔들다리는 언제 놓였나요? ")
    run = qa("ask", "--batch", "-", stdin=json.dumps({"id": 1, "question": question}).encode(), QA_INDEX=str(index))
    (line,) = objects(run)
    assert line["question"] == question
    assert "1987년" in line["answer"]


def test_a_question_without_an_answer_still_gets_its_hits(qa: Qa, index: Path) -> None:
    lines = "\n".join(json.dumps(question) for question in GOOD)
    run = qa("ask", "--batch", "-", "--hits", "1", stdin=lines.encode(), QA_INDEX=str(index), QA_THRESHOLD="1")
    assert run.code == 0
    assert {line["status"] for line in objects(run)} == {"not_found"}
    assert all(line["citations"] == [] for line in objects(run))
    assert all(len(line["hits"]) == 1 for line in objects(run)[:3])
    assert "찾지 못했습니다" in objects(run)[0]["answer"]


def test_from_standard_input_with_all_lines_good(qa: Qa, index: Path) -> None:
    lines = "\n".join(json.dumps(question) for question in GOOD[:2]) + "\n"
    run = qa("ask", "--batch", "-", "--json", stdin=lines.encode(), QA_INDEX=str(index))
    assert run.code == 0
    assert [line["id"] for line in objects(run)] == ["q1", 2]
    assert qa("ask", "--batch", "-", stdin=b"", QA_INDEX=str(index)) == Run(0, "", "")


@pytest.fixture
def asking(index: Path) -> subprocess.Popen[bytes]:
    """A batch that waits for questions on its standard input."""
    command = [sys.executable, "-m", "qa", "ask", "--index", str(index), "--batch", "-"]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment())


def test_answers_come_line_by_line_and_ctrl_c_ends_it(asking: subprocess.Popen[bytes]) -> None:
    with asking as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            process.stdin.write(f'{{"id": {number}, "question": "다리는 언제 놓였나요?"}}\n'.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert err.decode() == "중단했습니다.\n"


def test_a_reader_that_goes_away_ends_it_quietly(asking: subprocess.Popen[bytes]) -> None:
    with asking as process:
        assert process.stdout is not None
        process.stdout.close()
        process.stdout = None
        _, err = process.communicate(b'{"id": 1, "question": "x1"}\n' * 3, timeout=30)
    assert (process.returncode, err) == (141, b"")


def test_a_file_that_is_not_there(qa: Qa, index: Path) -> None:
    run = qa("ask", "--batch", "none.jsonl", "--index", index)
    assert (run.code, run.out) == (2, "")
    assert "묶음 파일 none.jsonl을(를) 읽을 수 없습니다" in run.err
