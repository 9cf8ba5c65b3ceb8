"""The runner over a real index of two small documents, and its refusals."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import QUESTIONS, UNANSWERABLE, split_of
from eval.run import main
from qa.build import Builder
from qa.korean import Analyser
from qa.settings import Settings

TEXTS = {
    "harbour.md": (
        "# 달빛 항구 안내\n\n## 역사\n\n달빛 항구는 1907년 5월 3일에 열렸다. 처음에는 작은 나루였다.\n\n"
        "## 시설\n\n등대는 모두 세 개이고 가장 높은 것은 북쪽 방파제에 있다. 창고는 시청이 빌려준다.\n"
    ),
    "bakery.md": (
        "# 구름 빵집 이야기\n\n## 사람들\n\n구름 빵집의 주인은 한여울이다. 그는 섬에서 밀을 길러 빵을 굽는다.\n\n"
        "## 하루\n\n빵집은 새벽 네 시에 불을 켜고 정오에 문을 닫는다.\n"
    ),
}
ASKED = [
    ("r-1", "harbour.md", "달빛 항구는 언제 열렸나요?", "1907년 5월 3일", "달빛 항구는 1907년 5월 3일에 열렸다."),
    ("r-2", "bakery.md", "구름 빵집의 주인은 누구인가요?", "한여울", "구름 빵집의 주인은 한여울이다."),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index of the documents, and a question set over them."""
    root = tmp_path_factory.mktemp("run")
    (root / "sources").mkdir()
    (root / "set").mkdir()
    for name, text in TEXTS.items():
        (root / "sources" / name).write_text(text, encoding="utf-8")
    Builder(Settings(encoder="none"), Analyser()).build([root / "sources"], root / "index")
    _write(root / "set" / QUESTIONS, [_row(*each) for each in ASKED])
    near = {"id": "r-u1", "kind": "unanswerable", "split": split_of("r-u1"), "near": "bakery", "why": "not said"}
    _write(root / "set" / UNANSWERABLE, [near | _texts("화성 탐사선의 연료는 무엇인가요?")])
    return root


def _texts(question: str) -> dict[str, str]:
    return {"question_ko": question, "question_en": f"{question} (English)"}


def _row(question_id: str, name: str, question: str, answer: str, gold: str) -> dict[str, Any]:
    start = TEXTS[name].index(gold)
    checksum = sha256(TEXTS[name].encode()).hexdigest()
    span = {"file": name, "sha256": checksum, "start": start, "end": start + len(gold), "grade": 2}
    return _texts(question) | {
        "id": question_id,
        "kind": "fact",
        "difficulty": "easy",
        "split": split_of(question_id),
        "document": name.removesuffix(".md"),
        "answers_ko": [answer],
        "answers_en": [answer],
        "gold": [span],
    }


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENCODER", "none")


def test_a_run_asks_scores_prints_and_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, missed = folder / "run.json", folder / "misses.jsonl"
    options = ["--index", str(folder / "index"), "--dataset", str(folder / "set"), "--follow-ups"]
    (folder / "set" / "follow-ups.jsonl").write_text("", encoding="utf-8")
    assert main([*options, "--json", str(out), "--misses", str(missed)]) == 0
    assert "recall@5" in capsys.readouterr().out
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["measures"]["ko"]["recall@5"]["value"] == 1.0
    assert told["measures"]["ko"]["quotes verified"]["value"] == 1.0
    assert [line["id"] for line in told["questions"]] == ["r-1", "r-1", "r-2", "r-2", "r-u1", "r-u1"]
    assert (told["index"]["counts"]["documents"], told["index"]["encoder"]) == (2, None)
    assert told["dataset"][QUESTIONS] == sha256((folder / "set" / QUESTIONS).read_bytes()).hexdigest()
    faulty = [json.loads(line) for line in missed.read_text(encoding="utf-8").splitlines()]
    assert all(miss["faults"] for miss in faulty)


def test_a_run_over_one_half_asks_that_half(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    options = ["--index", str(folder / "index"), "--dataset", str(folder / "set"), "--split", "tuning"]
    assert main([*options, "--json", str(out)]) == 0
    asked = {line["id"] for line in json.loads(out.read_text(encoding="utf-8"))["questions"]}
    assert asked == {name for name in ("r-1", "r-2", "r-u1") if split_of(name) == "tuning"}


def test_gold_in_a_file_that_is_not_indexed_is_said_and_counts_as_missed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = _row(*ASKED[0])
    row["gold"][0]["file"] = "elsewhere.md"
    _write(tmp_path / QUESTIONS, [row])
    _write(tmp_path / UNANSWERABLE, [])
    assert main(["--index", str(folder / "index"), "--dataset", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "r-1: no gold in the indexed files; counted as missed" in shown
    assert "0.000 [0.000, 0.000] n=1" in shown


def test_another_version_of_a_file_is_refused(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = _row(*ASKED[0])
    row["gold"][0]["sha256"] = "00" * 32
    _write(tmp_path / QUESTIONS, [row])
    _write(tmp_path / UNANSWERABLE, [])
    assert main(["--index", str(folder / "index"), "--dataset", str(tmp_path)]) == 2
    assert "another version of harbour.md" in capsys.readouterr().out


def test_a_missing_index_is_said_and_given_its_exit_code(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--index", str(tmp_path / "none"), "--dataset", str(folder / "set")]) == 3
    assert "index" in capsys.readouterr().out
