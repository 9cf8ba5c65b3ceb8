"""The fit of the calibration: its optimum, its folds, and what it writes, over a real index and question set."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from eval import near_misses
from eval.calibrate import PENALTY, Matrix, Row, balanced, calibrate, collect, cross_validated, fit, main, scaling
from eval.check import imbalance, problems
from eval.dataset import OFF_TOPIC, QUESTIONS, UNANSWERABLE, Split, load, split_of
from qa.build import Builder
from qa.calibration import FEATURES
from qa.encoders import open_encoder
from qa.records import Language
from tests.building import analyser, settings
from tests.city import engine_over
from tests.toy_encoder import write_toy_encoder

SOURCE = (
    "# 달빛 항구 안내\n\n달빛 항구는 1907년에 열렸다. 등대는 모두 세 개이다. 창고는 시청이 빌려준다.\n\n"
    "배를 타는 방법과 이유는 벽에 적혀 있다. The colours of a phone do not change at sea.\n"
)
ASKED = ("달빛 항구는 언제 열렸나요?", "When was the moonlit harbour 달빛 항구 opened?")
MISSED = ("달빛 항구의 뱃삯은 얼마인가요?", "What does a ferry from 달빛 항구 cost?")


def names(split: Split, number: int) -> list[str]:
    """Ids that fall into one half."""
    return list(islice((name for name in map("c-{}".format, count()) if split_of(name) is split), number))


def row(name: str, question: tuple[str, str]) -> dict[str, object]:
    return {"id": name, "split": split_of(name), "question_ko": question[0], "question_en": question[1]}


def pair(name: str) -> dict[str, object]:
    start = SOURCE.index("달빛 항구는")
    gold = {"file": "harbour.md", "sha256": sha256(SOURCE.encode()).hexdigest(), "start": start, "end": start + 20}
    answers = {"answers_ko": ["1907년"], "answers_en": ["1907"], "gold": [gold | {"grade": 2}]}
    return row(name, ASKED) | answers | {"kind": "fact", "difficulty": "easy", "document": "harbour"}


def near_miss(name: str) -> dict[str, object]:
    return row(name, MISSED) | {"kind": "unanswerable", "near": "harbour", "why": "the fare is not said"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents, an index of them, and a set with six pairs and five near misses in the tuning half."""
    root = tmp_path_factory.mktemp("calibrate")
    for name in ("docs", "set"):
        (root / name).mkdir()
    (root / "docs" / "harbour.md").write_text(SOURCE, encoding="utf-8")
    Builder(settings(), analyser()).build([root / "docs"], root / "index")
    tuning = names(Split.TUNING, 11)
    pairs = [pair(name) for name in (*tuning[:6], *names(Split.REPORTING, 3))]
    for file, rows in ((QUESTIONS, pairs), (UNANSWERABLE, [near_miss(name) for name in tuning[6:]])):
        (root / "set" / file).write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return root


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_ENCODER", "none")


def sample(questions: int, seed: int = 7) -> tuple[Matrix, Matrix]:
    """Two features, of which the first says the label with some noise."""
    chance = np.random.default_rng(seed)
    labels = np.tile([0.0, 1.0], questions // 2)
    data = chance.normal(size=(questions, 2))
    data[:, 0] += labels
    return data, labels


def test_the_fit_is_the_optimum_of_the_penalised_likelihood() -> None:
    data, labels = sample(200)
    weights = fit(data, labels)
    chance = 1 / (1 + np.exp(-(data @ weights[:-1] + weights[-1])))
    assert data.T @ (chance - labels) + PENALTY * weights[:-1] == pytest.approx(np.zeros(2), abs=1e-8)
    assert chance.mean() == pytest.approx(labels.mean(), abs=1e-6)
    assert weights[0] > 5 * abs(weights[1])


def test_labels_that_nothing_tells_apart_get_their_share() -> None:
    weights = fit(np.zeros((4, 1)), np.array([1.0, 1.0, 1.0, 0.0]))
    assert weights == pytest.approx(np.array([0.0, np.log(3)]), abs=1e-5)


def test_scaling_is_mean_and_deviation_and_one_where_nothing_changes() -> None:
    mean, scale = scaling(np.array([[1.0, 5.0], [3.0, 5.0]]))
    assert mean.tolist() == [2.0, 5.0]
    assert scale.tolist() == [1.0, 1.0]
    assert scaling(np.array([[0.0], [4.0]]))[1].tolist() == [2.0]


def test_each_question_is_scored_by_a_model_that_never_saw_it() -> None:
    """Each question has a feature of its own and stands twice: who has seen one copy knows the other."""
    labels = np.tile(np.arange(20) // 5 % 2.0, 2)
    data = np.tile(np.eye(20), (2, 1))
    together = np.tile(np.arange(20), 2)
    apart = np.concatenate([np.arange(20), np.arange(20) + 1])
    assert cross_validated(data, labels, together) <= 0.5
    assert cross_validated(data, labels, apart) == 1.0


def test_what_tells_the_labels_apart_is_found_over_the_folds() -> None:
    data, labels = sample(300)
    assert 0.7 < cross_validated(data, labels, np.arange(300)) < 0.85
    clear = labels[:, None] + np.zeros((300, 2))
    assert cross_validated(clear, labels, np.arange(300)) == 1.0


def test_questions_about_something_else_are_asked_beside_the_near_misses(place: Path) -> None:
    elsewhere = [question for question in load(OFF_TOPIC, UNANSWERABLE) if question.split is Split.TUNING]
    with engine_over(place / "index") as engine:
        collected = collect(engine, place / "set")
        asked = {
            language: [bool(engine.evidence(question.text[language], hits=20).sentences) for question in elsewhere]
            for language in Language
        }
    assert collected.keys() == {"ko-lexical", "en-lexical"}
    for language in Language:
        rows = collected[f"{language}-lexical"]
        found = [6 + 5 + at for at, any_found in enumerate(asked[language]) if any_found]
        assert 0 < len(found) < len(elsewhere)
        assert [row.question for row in rows] == [*range(6 + 5), *found]
        assert [row.answerable for row in rows] == [1.0] * 6 + [0.0] * (5 + len(found))
        assert {len(row.features) for row in rows} == {len(FEATURES)}
        assert all(any(row.features) for row in rows)


def test_the_set_of_questions_about_something_else_is_sound() -> None:
    questions = load(OFF_TOPIC, UNANSWERABLE)
    assert list(problems(questions, {})) == []
    assert list(imbalance(questions)) == []
    assert len(questions) == 60


def test_models_are_fitted_to_all_indexes_and_told(place: Path) -> None:
    output = io.StringIO()
    models = calibrate([(place / "index", place / "set")] * 2, Console(file=output, width=100))
    with engine_over(place / "index") as engine:
        rows = collect(engine, place / "set")["ko-lexical"] * 2
    twice, known = np.array([row.features for row in rows]), np.array([row.answerable for row in rows])
    mean, scale = scaling(twice)
    counts = np.array([row.weight for row in rows])
    weights = fit((twice - mean) / scale, known, counts * len(rows) / counts.sum())
    assert models["ko-lexical"]["mean"] == mean.round(6).tolist()
    assert models["ko-lexical"]["scale"] == scale.round(6).tolist()
    assert models["ko-lexical"]["weights"] == pytest.approx(weights[:-1].tolist(), abs=1e-6)
    assert models["ko-lexical"]["bias"] == pytest.approx([weights[-1]], abs=1e-6)
    assert f"ko-lexical: {len(known)} questions asked, AUROC " in output.getvalue()


def test_an_index_with_vectors_is_asked_with_its_encoder(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = write_toy_encoder(tmp_path / "toy", ["항구는", "harbour"])
    monkeypatch.setenv("QA_ENCODER", str(toy))
    Builder(settings(), analyser(), open_encoder(settings(encoder=toy))).build([place / "docs"], tmp_path / "index")
    models = calibrate(
        [(tmp_path / "index", place / "set"), (place / "index", place / "set")], Console(file=io.StringIO())
    )
    assert models.keys() == {f"{language}-{legs}" for language in Language for legs in ("dense", "lexical")}
    assert models["ko-lexical"]["mean"][FEATURES.index("cosine")] == 0.0
    assert models["ko-dense"]["mean"][FEATURES.index("cosine")] > 0.0


def test_what_is_written_keeps_the_models_of_other_legs(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "calibration.json"
    arguments = [f"{place / 'index'}={place / 'set'}", "--target", str(target)]
    assert main(arguments) == 0
    fresh = json.loads(target.read_text(encoding="utf-8"))
    assert list(fresh) == ["en-lexical", "ko-lexical"]
    assert {name: len(values) for name, values in fresh["ko-lexical"].items()} == {
        "mean": len(FEATURES),
        "scale": len(FEATURES),
        "weights": len(FEATURES),
        "bias": 1,
    }
    other = {"mean": [0.5], "scale": [1.0], "weights": [2.0], "bias": [3.0]}
    target.write_text(json.dumps({"ko-dense": other, "ko-lexical": other}), encoding="utf-8")
    assert main(arguments) == 0
    assert json.loads(target.read_text(encoding="utf-8")) == fresh | {"ko-dense": other}
    assert list(json.loads(target.read_text(encoding="utf-8"))) == ["en-lexical", "ko-dense", "ko-lexical"]
    assert capsys.readouterr().out.count("questions asked, AUROC") == 4


def test_a_question_set_counts_by_its_share_whatever_its_size() -> None:
    large = [Row((0.0,), 1.0, number) for number in range(6)]
    small = [Row((1.0,), 0.0, number) for number in (0, 1)]
    rows = list(balanced([large, small], [1.0, 3.0]))
    assert sum(row.weight for row in rows[:6]) == pytest.approx(2.0)
    assert sum(row.weight for row in rows[6:]) == pytest.approx(6.0)
    assert [row.question for row in rows] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_a_row_that_counts_twice_is_a_row_that_stands_twice() -> None:
    data = np.array([[-1.0], [0.5], [1.0]])
    labels = np.array([0.0, 1.0, 1.0])
    twice = fit(np.vstack([data, data[:1]]), np.append(labels, 0.0))
    assert fit(data, labels, np.array([2.0, 1.0, 1.0])).tolist() == pytest.approx(twice.tolist())


def test_a_leaf_out_of_each_topic_makes_a_near_miss(tmp_path: Path) -> None:
    passages = [
        {
            "topic": f"주제 {topic}",
            "ko_passage": f"배 {topic}-{n}호는 {n}월에 떠난다.",
            "ko_question": f"배 {topic}-{n}호는?",
        }
        | {"en_question": f"Boat {topic}-{n}?", "answer_ko": f"{n}월", "answer_en": f"month {n}"}
        for topic in range(4)
        for n in range(3)
    ]
    lone = passages[0] | {"topic": "외톨이"}
    source = tmp_path / "pairs.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in [*passages, lone]), encoding="utf-8")
    assert near_misses.main([str(source), str(tmp_path / "set")]) == 0
    questions = load(tmp_path / "set", QUESTIONS, UNANSWERABLE)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (tmp_path / "set" / "documents").iterdir()}
    assert len(texts) == 4
    assert len(questions) == 12
    for question in questions:
        boat = question.text[Language.KOREAN].removesuffix("는?")
        assert (boat in texts[question.document]) == question.answerable
        assert question.split is Split.TUNING
