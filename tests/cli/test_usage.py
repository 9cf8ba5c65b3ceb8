"""What is wrong with a command line is said in the reader's language, where the reader looks, with its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Qa

WRONG = [
    (("frob",), "frob 명령은 없습니다.", "There is no command frob."),
    (("ask", "--frob"), "--frob 옵션은 없습니다.", "There is no option --frob."),
    (("--frob",), "--frob 옵션은 없습니다.", "There is no option --frob."),
    (("show",), "ID이(가) 빠졌습니다.", "ID is missing."),
    (("index",), "PATH...이(가) 빠졌습니다.", "PATH... is missing."),
    (("ask",), "질문 하나를 주거나 --batch FILE을 쓰세요.", "Give either a question or --batch FILE."),
    (("ask", "왜?", "--batch", "x"), "질문 하나를 주거나", "Give either a question or --batch FILE."),
    (("ask", "왜?", "--region", "attic"), "--region에 쓸 수 없는 값입니다", "--region cannot take this value"),
    (("ask", "왜?", "--language", "fr"), "--language에 쓸 수 없는 값입니다", "--language cannot take this value"),
    (("ask", "왜?", "--hits", "many"), "--hits에 쓸 수 없는 값입니다", "--hits cannot take this value"),
    (("ask", "왜?", "--hits"), "명령을 이해할 수 없습니다", "The command cannot be understood"),
    (("ask", "왜?", "--hits", "0"), "설정 hits의 값 '0'은(는) 쓸 수 없습니다", "The setting hits cannot be '0'"),
    (("info", "extra"), "명령을 이해할 수 없습니다", "The command cannot be understood"),
    (("info", "--settings", "none.toml"), "설정 파일 none.toml을(를) 읽을 수 없습니다", "The settings file none.toml"),
]


@pytest.mark.parametrize(("arguments", "korean", "english"), WRONG)
def test_wrong_use_of_the_command_line(qa: Qa, arguments: tuple[str, ...], korean: str, english: str) -> None:
    for language, message, label in (("ko_KR.UTF-8", korean, "오류: "), ("C", english, "Error: ")):
        run = qa(*arguments, LANG=language)
        assert run.code == 2
        assert run.out == ""
        assert run.err.startswith(label + message)
        assert "Traceback" not in run.err


@pytest.mark.parametrize(("arguments", "code", "subject"), [
    (("frob",), "usage", "frob"),
    (("ask", "왜?", "--hits", "0"), "settings", "hits"),
    (("info", "--settings", "none.toml"), "settings", "none.toml"),
    (("ask", "왜?", "--batch", "none.jsonl"), "usage", ""),
    (("ask", "--batch", "none.jsonl"), "batch", "none.jsonl"),
])  # fmt: skip
def test_with_json_the_error_is_one_object_and_nothing_else(
    qa: Qa, arguments: tuple[str, ...], code: str, subject: str
) -> None:
    run = qa(*arguments, "--json")
    assert run.code == 2
    assert run.err == ""
    assert run.json["error"]["code"] == code
    assert run.json["error"]["subject"] == subject
    assert set(run.json["error"]) == {"code", "message", "subject"}


def test_an_unknown_variable_is_an_error(qa: Qa) -> None:
    run = qa("info", QA_THRESHHOLD="0.3")
    assert run.code == 2
    assert "threshhold(이)라는 설정은 없습니다" in run.err


@pytest.mark.parametrize(("command", "more"), [
    ("info", ()), ("show", ("x",)), ("delete", ("x",)), ("search", ("다리",)), ("ask", ("다리는?",)),
])  # fmt: skip
def test_without_an_index_every_command_says_how_to_make_one(
    qa: Qa, tmp_path: Path, command: str, more: tuple[str, ...]
) -> None:
    run = qa(command, *more, QA_INDEX=str(tmp_path / "none"))
    assert run.code == 3
    assert run.out == ""
    assert f"{tmp_path / 'none'}에 색인이 없습니다. `qa index`로 만드세요." in " ".join(run.err.split())


def test_the_language_of_the_settings_file_is_that_of_the_messages(qa: Qa, tmp_path: Path) -> None:
    (tmp_path / "qa.toml").write_text('language = "en"\n', encoding="utf-8")
    assert "There is no index in" in qa("info", "--settings", tmp_path / "qa.toml").err
    assert "색인이 없습니다" in qa("info", "--settings", tmp_path / "qa.toml", "--language", "ko").err
