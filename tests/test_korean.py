"""Sentences with exact spans, morphemes, and the space at a wrapped line."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import inf
from pathlib import Path

import pytest

from qa.korean import Analyser, Morpheme


def originals() -> Path:
    return Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(threads=2)


def pieces(analyser: Analyser, text: str) -> list[str]:
    return [text[start:end] for start, end in analyser.sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "행사는 2019. 3. 1. 열렸다. 강사는 Ph.D. 학위가 있다.",
            ["행사는 2019. 3. 1. 열렸다.", "강사는 Ph.D. 학위가 있다."],
        ),
        (
            "그 항구는 커졌다 (이하늘, 박바다, 2018: 26). 다음 해에는 줄었다.",
            ["그 항구는 커졌다 (이하늘, 박바다, 2018: 26).", "다음 해에는 줄었다."],
        ),
        (
            "그 항구는 커졌다. (이하늘, 2018: 26) 다음 해에는 줄었다.",
            ["그 항구는 커졌다. (이하늘, 2018: 26)", "다음 해에는 줄었다."],
        ),
        (
            "목표는 둘이다 ① 첫째 길을 넓힌다 ② 둘째 다리를 놓는다.",
            ["목표는 둘이다", "① 첫째 길을 넓힌다", "② 둘째 다리를 놓는다."],
        ),
        ("항목은 셋이다.①과 ②를 견준다. ③은 뺀다.", ["항목은 셋이다.", "①과 ②를 견준다.", "③은 뺀다."]),
        (
            "순서는 이렇다.\n- 물을 끓인다\n• 면을 넣는다\n· 기다린다",
            ["순서는 이렇다.", "- 물을 끓인다", "• 면을 넣는다", "· 기다린다"],
        ),
        (
            "배가 떠났다.12) 비가 왔다.<sup>3)</sup> 모두 젖었다.",
            ["배가 떠났다.12)", "비가 왔다.<sup>3)</sup>", "모두 젖었다."],
        ),
        ("두 가지로 나눈다. ‘바다’는 넓다. ‘강’은 길다.", ["두 가지로 나눈다.", "‘바다’는 넓다.", "‘강’은 길다."]),
        (
            "It rained. See Vol. 3 and ask Prof. Kim. 끝이다.",
            ["It rained.", "See Vol. 3 and ask Prof. Kim.", "끝이다."],
        ),
        ("첫 문단이다\n\n둘째 문단이다", ["첫 문단이다", "둘째 문단이다"]),
        ("그림 시리즈 ⑦", ["그림 시리즈 ⑦"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences(analyser: Analyser, text: str, expected: list[str]) -> None:
    assert pieces(analyser, text) == expected


@pytest.mark.parametrize(
    "text",
    ["가", "👨‍👩‍👧 나들이 갔다. 🇰🇷 좋다!", "한\r\n글.\r\n끝", "李 선생은 갔다.\x00다시 왔다.", "\ud800 갔다. 왔다."],
)
def test_sentences_cover_all_but_white_space(analyser: Analyser, text: str) -> None:
    spans = analyser.sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(
        text[left[1] : right[0]].strip() == "" for left, right in pairwise([(0, 0), *spans, (len(text), len(text))])
    )


def test_batches_equal_single_calls(analyser: Analyser) -> None:
    texts = ["배가 떠났다. 비가 왔다.", "", "도시락을 먹었다"] * 5
    assert analyser.sentences_batch(texts) == [analyser.sentences(text) for text in texts]
    assert analyser.morphemes_batch(texts) == [analyser.morphemes(text) for text in texts]


def test_morphemes_have_exact_spans(analyser: Analyser) -> None:
    found = analyser.morphemes("시장은 3층이다.")
    assert found[0] == Morpheme("시장", "NNG", 0, 2)
    assert [(morpheme.tag, morpheme.start, morpheme.end) for morpheme in found[2:4]] == [("SN", 4, 5), ("NNG", 5, 6)]
    assert all(0 <= morpheme.start <= morpheme.end <= 9 for morpheme in found)


def test_decomposed_text_is_refused(analyser: Analyser) -> None:
    with pytest.raises(ValueError, match="must be in NFC"):
        analyser.morphemes(unicodedata.normalize("NFD", "한글"))


def test_user_words_stay_whole_and_know_their_parts() -> None:
    analyser = Analyser(user_words=["바람개비열차"])
    assert analyser.morphemes("바람개비열차가")[0] == Morpheme("바람개비열차", "NNP", 0, 6)
    assert [part.form for part in analyser.parts("바람개비열차")] == ["바람개비", "열차"]
    assert analyser.parts("바람") == ()


@pytest.mark.parametrize(
    ("left", "right", "space"),
    [
        ("비가 그치자 아이들은 운동", "장에서 뛰어놀았다", False),
        ("비가 그치자 아이들은", "운동장에서 뛰어놀았다", True),
        ("가게는 1998", "년에 문을 열었다", False),
        ("그 모임을 시작", "하였다", False),
        ("값은 밤새 높아", "졌다", False),
        ("다리를 놓았다.", "1956년에 무너졌다", True),
        ("자세한 것은 (", "표 3)을 보라", False),
        ("자세한 것은 표 3", ", 그림 4를 보라", False),
        ("한·", "일 회담", False),
        ("the open", "harbour plan", True),
        ("인구는 2010", "2015년 사이", True),
        ("주소는 http://www.harbour", "plan.org", False),
        ('그는 "가자', '"고 했다', False),
        ("", "비가", False),
    ],
)
def test_join(analyser: Analyser, left: str, right: str, space: bool) -> None:
    assert analyser.join(left, right) is space


def test_join_scores(analyser: Analyser) -> None:
    pairs = [("다리를 놓았다.", "비가 왔다"), ("표 (", "1) 참조"), ("바다", "여행"), ("모임을 시작", "하였다")]
    scores = analyser.join_scores(pairs)
    assert scores[:2] == [inf, -inf]
    assert scores[3] < 0
    assert analyser.joins(pairs) == [score >= 0 for score in scores]


def test_wrapped_words_of_one_text_come_back(analyser: Analyser) -> None:
    words = "아침마다 할머니는 작은 텃밭에 물을 주고 이웃과 함께 상추를 나누어 먹으며 옛이야기를 들려주었다".split()
    text = " ".join(words)
    cuts = range(12, len(text) - 12)
    pairs = [(text[:cut], text[cut:]) for cut in cuts if text[cut - 1] != " "]
    right = [score == after.startswith(" ") for score, (_, after) in zip(analyser.joins(pairs), pairs, strict=True)]
    assert sum(right) / len(right) >= 0.9


def test_threads_share_one_analyser() -> None:
    analyser = Analyser(threads=1)
    text = "강가에 버드나무가 서 있다. 바람이 분다."
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: (analyser.sentences(text), analyser.morphemes(text)), range(40)))
    assert all(result == results[0] for result in results)
    assert len(results[0][0]) == 2


def test_version_names_analyser_and_model(analyser: Analyser) -> None:
    assert analyser.version.startswith("kiwipiepy 0.24")
    assert "model 0.24" in analyser.version


def test_no_sentence_of_the_originals_starts_with_a_particle_after_a_quote(analyser: Analyser) -> None:
    if not originals().is_dir():
        pytest.skip("the originals are not here")
    text = unicodedata.normalize("NFC", (originals() / "seoul-city-diplomacy-report.txt").read_text(encoding="utf-8"))
    assert [start for start, _ in analyser.sentences(text) if text[start - 1 : start] in {"’", "”"}] == []
