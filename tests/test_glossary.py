"""Mining of bracketed glosses, and the glossary's look-up."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from qa.glossary import Entry, Glossary, mine
from qa.korean import Analyser


def originals() -> Path:
    return Path(__file__).parents[2] / "shared" / "corpus"


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser(threads=2)


def pairs(analyser: Analyser, *texts: str) -> set[tuple[str, str]]:
    return {(entry.korean, entry.foreign) for entry in mine(texts, analyser).entries}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("마을에서는 물물교환(barter)이 흔했다.", {("물물교환", "barter")}),
        ("그 섬의 해양보호구역(marine protected area, MPA)은 넓다.", {
            ("해양보호구역", "marine protected area"),
            ("해양보호구역", "MPA"),
        }),
        ("올해 세계바람협회(WWA)가 생겼다.", {("세계바람협회", "WWA")}),
        ("모임은 ‘바다를 위한 시장 협의회(Council of Mayors for the Sea)’가 열었다.", {
            ("바다를 위한 시장 협의회", "Council of Mayors for the Sea"),
        }),
        ("그는 '느린 여행'(slow travel)을 말했다.", {("느린 여행", "slow travel")}),
        ("WWA(세계바람협회)에 가입했다.", {("세계바람협회", "WWA")}),
        ("새 지표 Wind Index(바람 지수)를 썼다.", {("바람 지수", "Wind Index")}),
        ("영국의 생물학자 해리 톰슨(Harry Thompson)이 말했다.", {("해리 톰슨", "Harry Thompson")}),
        ("이 책은 지역주의(地域主義)를 다룬다.", {("지역주의", "地域主義")}),
        ("작가 왕샤오밍(王小明)은 젊다.", {("왕샤오밍", "王小明")}),
    ],
)  # fmt: skip
def test_patterns(analyser: Analyser, text: str, expected: set[tuple[str, str]]) -> None:
    assert pairs(analyser, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "배가 늘었다(Thompson, 2018: 26).",
        "배가 늘었다 (pp. 3-7).",
        "그림(예: map)을 보라.",
        "세 기관(WWA, UNB, FAO)이 왔다.",
        "값은 3(三)이다.",
        "빠르게 달린다(run).",
        "그것(thing)은 크다.",
        "홀로 선 (나무)",
        "",
    ],
)
def test_what_is_no_gloss(analyser: Analyser, text: str) -> None:
    assert pairs(analyser, text) == set()


def test_the_span_that_recurs_without_gloss_is_preferred(analyser: Analyser) -> None:
    gloss = "주민들은 새로운 바다 목장(sea ranch)을 보았다."
    assert ("바다 목장", "sea ranch") in pairs(analyser, gloss, "바다 목장은 넓다. 바다 목장에는 물고기가 많다.")


def test_an_abbreviation_passes_on_its_phrase(analyser: Analyser) -> None:
    found = pairs(analyser, "세계바람협회(WWA)가 생겼다.", "World Wind Association(WWA)")
    assert found == {("세계바람협회", "WWA"), ("세계바람협회", "World Wind Association")}


def test_an_abbreviation_of_two_phrases_passes_on_none(analyser: Analyser) -> None:
    texts = ["세계바람협회(WWA)가 생겼다.", "World Wind Association(WWA)", "Western Water Authority(WWA)"]
    assert pairs(analyser, *texts) == {("세계바람협회", "WWA")}


GLOSSARY = Glossary(
    [Entry("물물교환", "Barter Trade", 1), Entry("물물교환", "barter", 3), Entry("바람 지수", "Índice", 1)]
)


@pytest.mark.parametrize("term", ["barter trade", "BARTER TRADES", "Barter-Trade"])
def test_look_up_ignores_case_plural_and_punctuation(term: str) -> None:
    assert GLOSSARY.translations(term) == ("물물교환",)


def test_look_up_from_korean_is_by_frequency() -> None:
    assert GLOSSARY.translations("물물 교환") == ("barter", "Barter Trade")
    assert GLOSSARY.translations("indice") == ("바람 지수",)
    assert GLOSSARY.translations("없음") == ()


def test_json_round_trip_is_stable() -> None:
    text = GLOSSARY.to_json()
    assert Glossary.from_json(text) == GLOSSARY
    assert Glossary(reversed(GLOSSARY.entries)).to_json() == text
    assert Glossary.from_json(Glossary().to_json()) == Glossary()
    assert text.splitlines()[1] == '["물물교환", "Barter Trade", 1],'


def test_merging_adds_counts() -> None:
    merged = GLOSSARY.merge(Glossary([Entry("물물교환", "Barter Trade", 9)]))
    assert merged.translations("물물교환") == ("Barter Trade", "barter")
    assert len(merged) == 3


def test_user_words_are_single_compounds() -> None:
    assert GLOSSARY.user_words() == ("물물교환",)


def test_mining_twice_gives_the_same(analyser: Analyser) -> None:
    if not originals().is_dir():
        pytest.skip("the originals are not here")
    text = unicodedata.normalize("NFC", (originals() / "uclg-city-diplomacy.txt").read_text(encoding="utf-8-sig"))
    glossary = mine([text], analyser)
    assert len(glossary) > 30
    assert glossary.to_json() == mine([text], analyser).to_json()
