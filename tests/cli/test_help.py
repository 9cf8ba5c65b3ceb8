"""Help pages in both languages, the catalogue behind them, and how fast they come."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qa as library
from qa.cli.messages import MESSAGES, choose_language, say
from qa.cli.options import filter_options, shared_options
from qa.records import BlockKind, Language, Region
from tests.cli.conftest import Qa

SOURCE = Path(library.__file__).parent / "cli"
COMMANDS = ("index", "ask", "search", "show", "info", "delete")


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_the_help_page_in_korean(qa: Qa) -> None:
    page = lines(qa("--help").out)
    assert page[0] == "근거: 한국어 문서에 묻고, 문서의 문장으로 답을 듣습니다."
    for line in (
        "사용법 qa 명령 [옵션]",
        "명령",
        "index 문서를 읽어 색인을 만들거나 새로 고칩니다",
        "ask 질문에 출처와 함께 답합니다",
        "search 가장 알맞은 대목을 찾습니다",
        "show 문서나 대목을 보이고 본문을 어떻게 고쳤는지 알립니다",
        "info 색인에 무엇이 있는지 알립니다",
        "delete 색인에서 문서를 지웁니다",
        "옵션",
        "--version 버전을 출력합니다",
        "종료 코드",
    ):
        assert line in page
    assert qa().out == qa("--help").out


def test_the_help_page_in_english(qa: Qa) -> None:
    page = lines(qa("--help", LANG="C.UTF-8").out)
    for line in ("Usage qa COMMAND [OPTIONS]", "ask Answer a question with its sources", "--help Print this help"):
        assert line in page
    assert not re.search("[가-힣]", "".join(page))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(qa: Qa, command: str) -> None:
    korean, english = qa(command, "--help"), qa(command, "--help", "--language", "en")
    assert (korean.code, english.code) == (0, 0)
    assert lines(korean.out)[0] == say(f"command.{command}", "ko")
    assert lines(english.out)[0] == say(f"command.{command}", "en")
    for option in ("--index DIR", "--settings FILE", "--json", "--language ko|en", "--help"):
        assert option in korean.out
        assert option in english.out
    assert not re.search("[가-힣]", english.out)


def test_the_batch_contract_is_on_the_page(qa: Qa) -> None:
    page = " ".join(lines(qa("ask", "--help", LANG="C").out))
    assert '--batch FILE JSONL file of {"id", "question"}, - for standard input' in page
    assert "7 a line of the batch had an error" in page


def test_the_version(qa: Qa) -> None:
    assert qa("--version").out == f"geungeo {library.__version__}\n"


def test_the_help_comes_at_once(qa: Qa) -> None:
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        qa("--help")
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.5


def test_importing_the_command_line_loads_no_engine() -> None:
    heavy = "{'kiwipiepy', 'faiss', 'tantivy', 'onnxruntime', 'httpx', 'numpy', 'pydantic', 'rich'}"
    script = f"import sys, qa.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"


def fields(text: str) -> set[str]:
    return {field.partition(":")[0] for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_both_languages_of_a_message_take_the_same_values(key: str) -> None:
    english, korean = MESSAGES[key]
    assert fields(english) == fields(korean)
    assert bool(english) == bool(korean)


def test_the_catalogue_has_every_message_that_the_code_says() -> None:
    said: set[str] = set()
    for path in SOURCE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r"""\b(?:say|_error|CommandLineError)\(\s*"([a-z_.]+)\"""", text))
    assert len(said) > 40
    assert said <= MESSAGES.keys()


def test_the_choices_in_the_help_are_those_that_there_are() -> None:
    for key, kinds in (("option.region", Region), ("option.kind", BlockKind)):
        listed = say(key, "en").partition(": ")[2].split(", ")
        assert set(listed) <= {kind.value for kind in kinds}
    assert say("option.region", "ko").endswith(say("option.region", "en").partition(": ")[2])
    assert {f"option.{param.help}" for param in [*shared_options(), *filter_options()]} <= MESSAGES.keys()


@pytest.mark.parametrize(
    ("environment", "wanted", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "", "ko"),
        ({"LANG": "en_US.UTF-8"}, "", "en"),
        ({"LANG": "C"}, "", "en"),
        ({}, "", "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR.UTF-8"}, "", "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, "", "en"),
        ({"LANG": "en_US.UTF-8", "QA_LANGUAGE": "ko"}, "", "ko"),
        ({"LANG": "ko_KR.UTF-8", "QA_LANGUAGE": "ko"}, "en", "en"),
        ({"LANG": "ko_KR.UTF-8"}, "klingon", "ko"),
    ],
)
def test_the_language_of_messages(environment: dict[str, str], wanted: str, language: str) -> None:
    assert choose_language(environment, wanted) is Language(language)
