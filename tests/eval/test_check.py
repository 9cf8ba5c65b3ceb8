"""The question set of ours has nothing wrong with it, and the checker finds what is wrong with a spoilt one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.check import ROOT, Source, imbalance, main, problems, read_sources
from eval.dataset import FOLLOW_UPS, QUESTIONS, UNANSWERABLE, Kind, Split, load, split_of
from qa.errors import InputError

RAW = "등대는 1907년에 세웠다. 지금은 셋이 남았다."
END = RAW.index(" 지금")
SOURCE = Source(RAW, "ab" * 32)


def originals() -> Path:
    return Path(__file__).parents[3] / "shared" / "corpus"


def gold(**changed: object) -> dict[str, object]:
    return {"file": "light.txt", "sha256": "ab" * 32, "start": 0, "end": END, "grade": 2} | changed


def row(number: int = 1, **changed: object) -> dict[str, Any]:
    question_id = f"q-{number}"
    return {
        "id": question_id,
        "kind": "number",
        "split": split_of(question_id).value,
        "document": "light",
        "difficulty": "easy",
        "question_ko": f"등대 {number}호는 언제 생겼나요?",
        "question_en": f"When was lighthouse {number} built?",
        "answers_ko": ["1907년"],
        "answers_en": ["1907"],
        "gold": [gold()],
        "digest": [gold(file="light.md")],
    } | changed


def near_miss(number: int = 1, **changed: object) -> dict[str, Any]:
    question_id = f"u-{number}"
    return {
        "id": question_id,
        "kind": "unanswerable",
        "split": split_of(question_id).value,
        "near": "light",
        "question_ko": f"등대 {number}호는 얼마나 높나요?",
        "question_en": f"How high is lighthouse {number}?",
        "why": "the lighthouse is there, its height is not",
    } | changed


def write(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    (folder / name).write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")


def found(folder: Path, *rows: dict[str, Any]) -> list[str]:
    write(folder, QUESTIONS, *rows)
    return list(problems(load(folder), {"light.txt": SOURCE, "light.md": SOURCE}))


def test_our_question_set_has_nothing_wrong_with_it() -> None:
    questions = load()
    assert list(problems(questions, read_sources(ROOT / "corpus" / "digests"))) == []
    assert list(imbalance(questions)) == []


def test_our_gold_stands_in_the_originals() -> None:
    if not originals().is_dir():
        pytest.skip("the originals are not there")
    questions = load()
    sources = read_sources(originals())
    assert {gold.file for question in questions for gold in question.gold} == {
        name for name, source in sources.items() if source.text
    }
    assert list(problems(questions, sources)) == []


def test_our_question_set_is_as_large_and_as_varied_as_it_says() -> None:
    folder = ROOT / "eval" / "datasets" / "city-diplomacy"
    pairs, misses, follow_ups = (load(folder, name) for name in (QUESTIONS, UNANSWERABLE, FOLLOW_UPS))
    assert (len(pairs) >= 300, len(misses) >= 100, len(follow_ups) >= 40) == (True, True, True)
    assert {question.kind for question in pairs} == set(Kind) - {Kind.UNANSWERABLE}
    assert min(Counter(question.kind for question in pairs).values()) >= 20
    assert min(Counter(question.document for question in pairs).values()) >= 40
    assert all(question.turns and question.completed for question in follow_ups)


def test_a_right_record_is_read_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    write(tmp_path, UNANSWERABLE, near_miss())
    turns = [{"question_ko": "등대는 몇인가요?", "question_en": "How many lighthouses?"}]
    lean = row(3, turns=turns, completed_ko="등대 셋째는?", completed_en="The third lighthouse?", question_ko="그럼?")
    write(tmp_path, FOLLOW_UPS, lean)
    assert found(tmp_path, row(1), row(2)) == []
    first, _, third, fourth = load(tmp_path)
    assert (first.accepted, first.gold[0].end, first.split) == (("1907년", "1907"), END, split_of("q-1"))
    assert (third.answerable, third.document, third.accepted, third.gold) == (False, "light", (), ())
    assert [turn["ko"] for turn in fourth.turns] == ["등대는 몇인가요?"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"gold": [gold(end=END + 1)]}, f"q-1: 0:{END + 1} of light.txt begins or ends with white space"),
        ({"gold": [gold(start=END + 1, end=len(RAW))]}, "q-1: no accepted answer inside its gold in light.txt"),
        ({"gold": [gold(end=99)]}, f"q-1: 0:99 is no span of light.txt ({len(RAW)} characters)"),
        ({"gold": [gold(), gold(start=9, end=9)]}, f"q-1: 9:9 is no span of light.txt ({len(RAW)} characters)"),
        ({"gold": [gold(sha256="00")]}, "q-1: light.txt is not the file that the offsets were counted in"),
        ({"gold": [gold(), gold(grade=3)]}, "q-1: grade 3 in light.txt, not 1 or 2"),
        ({"gold": [gold(grade=1)]}, "q-1: no gold of grade 2 in the originals"),
        ({"digest": []}, "q-1: no gold of grade 2 in the digests"),
        ({"answers_en": []}, "q-1: no accepted answer in en"),
        ({"question_ko": " "}, "q-1: no question in ko"),
        ({"split": "reporting"}, "q-1: is in the reporting half, its id says tuning"),
    ],
)
def test_what_is_wrong_with_a_record_is_said(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    assert found(tmp_path, row(1, **changed)) == [said]


def test_duplicates_are_found_whatever_their_spacing(tmp_path: Path) -> None:
    again = row(2, question_en="When was LIGHTHOUSE 1 built")
    assert found(tmp_path, row(1), again) == ["q-2: asks the same as q-1"]
    assert "q-1: the id is used 2 times" in found(tmp_path, row(1), row(1))


def test_a_near_miss_says_why(tmp_path: Path) -> None:
    assert found(tmp_path, near_miss(why="")) == ["u-1: does not say why there is no answer"]


def test_lopsided_halves_are_found(tmp_path: Path) -> None:
    tuning = [number for number in range(1, 40) if split_of(f"q-{number}") is Split.TUNING][:5]
    write(tmp_path, QUESTIONS, *(row(number) for number in tuning))
    assert list(imbalance(load(tmp_path))) == ["pairs: only 0 of 5 are in the reporting half"]


def test_a_record_of_another_shape_is_refused_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, QUESTIONS, row(1), {"id": "q-2", "kind": "riddle"})
    with pytest.raises(InputError, match=r"questions\.jsonl, line 2: not a question .*'riddle' is not a valid Kind"):
        load(tmp_path)
    with pytest.raises(InputError, match="There is no question set in"):
        load(tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"follow-ups\.jsonl, line 0"):
        load(tmp_path, FOLLOW_UPS)


def test_the_command_prints_what_is_wrong_and_leaves_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "light.txt").write_text(RAW, encoding="utf-8")
    write(tmp_path, QUESTIONS, row(1))
    write(tmp_path, UNANSWERABLE)
    write(tmp_path, FOLLOW_UPS)
    assert main([str(tmp_path), "--sources", str(sources)]) == 1
    out = capsys.readouterr().out
    assert "q-1: light.txt is not the file that the offsets were counted in" in out
    assert "1 in questions.jsonl, 0 in unanswerable.jsonl, 0 in follow-ups.jsonl; 2 wrong" in out
    assert main([str(tmp_path / "elsewhere")]) == 2
    assert "There is no question set in" in capsys.readouterr().out
