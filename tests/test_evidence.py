"""Sentences of the best hits: where they begin and end, what they hold, and what speaks for them."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path

import pytest

from qa.asks import Kind
from qa.encoders import open_encoder
from qa.engine import Engine
from qa.evidence import Evidence, Sentence, gather, sentence_spans
from qa.records import BlockKind, Passage
from qa.retrieve import HITS_READ, Retriever
from qa.store import Store
from tests.building import analyser, settings
from tests.city import engine_over, index_city
from tests.toy_encoder import write_toy_encoder

TOWER = "# 탑\n\n탑은 높다. 돌은 희다.\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with engine_over(index_city(tmp_path_factory.mktemp("city"))) as engine:
        yield engine


def passage(text: str, *starts: int, kind: BlockKind = BlockKind.PARAGRAPH, at: int = 100) -> Passage:
    """A passage that stands at `at` and has a window from each of these places in its text on."""
    windows = tuple((at + start, at + len(text)) for start in starts)
    return Passage("p#0", "p", 0, text, at, at + len(text), kind=kind, windows=windows)


def spans(held: Passage) -> list[str]:
    return [held.text[start - held.start : end - held.start] for start, end in sentence_spans(held)]


def with_words(evidence: Evidence, words: str) -> Sentence:
    """The best sentence with these words."""
    return next(sentence for sentence in evidence.sentences if words in sentence.text)


def marked(sentence: Sentence) -> list[str]:
    return [sentence.text[start:end] for start, end in sentence.values]


def test_a_sentence_goes_on_to_the_next_without_the_blanks_between() -> None:
    text = "탑은 높다. 문은 낮다.\n\n돌은 희다."
    assert spans(passage(text, 0, 7, 15)) == ["탑은 높다.", "문은 낮다.", "돌은 희다."]
    assert sentence_spans(passage(text, 0, 7, 15)) == [(100, 106), (107, 113), (115, 121)]


def test_a_passage_without_windows_is_one_sentence() -> None:
    assert spans(passage("탑은 높다. 문은 낮다.")) == ["탑은 높다. 문은 낮다."]


def test_a_row_takes_rows_below_until_it_is_as_long_as_a_sentence() -> None:
    rows = ["북탑 | " + "가" * 70, "남탑 | " + "나" * 70, "동탑 | " + "다" * 140, "서탑 | 60"]
    text = "\n".join(rows)
    starts = [text.index(row) for row in rows]
    for kind in (BlockKind.TABLE, BlockKind.LIST, BlockKind.FIGURE):
        assert spans(passage(text, *starts, kind=kind)) == [
            "\n".join(rows[:2]),
            rows[1],
            "\n".join(rows[2:]),
            rows[3],
        ]
    assert spans(passage(text, *starts)) == rows


def test_a_row_that_is_longer_than_a_sentence_stays_whole() -> None:
    rows = ["가" * 200, "나" * 10]
    assert spans(passage("\n".join(rows), 0, 201, kind=BlockKind.TABLE)) == rows


@pytest.mark.parametrize("question", ["나루시 흔들다리는 언제 놓였나요?", "What does the League of Water Cities do?"])
def test_every_sentence_is_a_slice_of_its_document_and_the_best_comes_first(city: Engine, question: str) -> None:
    sentences = city.evidence(question).sentences
    assert len(sentences) > 5
    for sentence in sentences:
        document = city.document(sentence.hit.passage.document_id)
        assert sentence.text == document.text[sentence.start : sentence.end] == sentence.text.strip()
        assert sentence.hit.passage.start <= sentence.start < sentence.end <= sentence.hit.passage.end
    keys = [(-sentence.score, sentence.hit.rank, sentence.start) for sentence in sentences]
    assert keys == sorted(keys)


def test_the_sentences_of_the_first_hits_are_read(city: Engine) -> None:
    evidence = city.evidence("나루시 다리와 나룻배와 연합의 편지와 방명록", hits=20)
    assert len(evidence.found.hits) > HITS_READ
    assert {sentence.hit.rank for sentence in evidence.sentences} == set(range(1, HITS_READ + 1))
    first = evidence.found.hits[0]
    held = [(s.start, s.end) for s in evidence.sentences if s.hit.rank == 1]
    assert sorted(held) == sentence_spans(first.passage)


def test_the_sentence_that_holds_the_words_of_the_question_is_the_best(city: Engine) -> None:
    evidence = city.evidence("그 난간에서 보이는 등불")
    best, other = evidence.sentences[0], with_words(evidence, "흔들다리의 길이는")
    assert best.text == "난간에는 등불이 48개 달려 있다."
    held = evidence.rarity["난간"] + evidence.rarity["등불"]
    assert best.coverage == pytest.approx(held / sum(evidence.rarity.values()))
    assert other.coverage == 0.0
    assert best.hit.passage.id == other.hit.passage.id


def test_rare_words_cover_more_than_common_ones(city: Engine) -> None:
    evidence = city.evidence("다리 난간")
    assert evidence.rarity["난간"] > evidence.rarity["다리"] > 0
    rail, bridge = with_words(evidence, "난간에는"), with_words(evidence, "다리가 놓이자")
    total = sum(evidence.rarity.values())
    assert rail.coverage == pytest.approx(evidence.rarity["난간"] / total)
    assert bridge.coverage == pytest.approx(evidence.rarity["다리"] / total)


def test_a_latin_name_covers_whatever_its_case(city: Engine) -> None:
    evidence = city.evidence("LWC는 무엇을 하나요?")
    sentence, total = with_words(evidence, "LWC"), sum(evidence.rarity.values())
    held = sum(weight for term, weight in evidence.rarity.items() if term in sentence.text.casefold())
    assert held >= evidence.rarity["lwc"] > 0
    assert sentence.coverage == pytest.approx(held / total)


def test_the_value_that_is_asked_for_is_marked_and_no_other(city: Engine) -> None:
    evidence = city.evidence("난간의 등불은 몇 개인가요?")
    best = evidence.sentences[0]
    assert evidence.wanted.kind is Kind.COUNT
    assert marked(best) == ["48개"]
    plain = city.evidence("난간의 등불")
    assert marked(plain.sentences[0]) == []


def test_what_the_question_says_itself_is_no_value(city: Engine) -> None:
    evidence = city.evidence("1987년 5월 3일에 놓인 흔들다리는 언제 닫혔나요?")
    assert marked(with_words(evidence, "1987년 5월 3일")) == []
    asked = city.evidence("흔들다리는 언제 놓였나요?")
    assert marked(with_words(asked, "1987년 5월 3일")) == ["1987년 5월 3일"]


def test_names_are_looked_for_where_a_person_or_place_is_asked_for(city: Engine) -> None:
    person = city.evidence("공사를 이끈 기술자는 누구인가요?")
    assert marked(with_words(person, "기술자는")) == ["이민호"]
    place = city.evidence("연합의 본부는 어디에 있나요?")
    assert marked(with_words(place, "본부는")) == ["물빛시"]
    assert marked(with_words(city.evidence("공사를 이끈 기술자의 일"), "기술자는")) == []


def test_without_terms_nothing_is_covered(tmp_path: Path) -> None:
    encoder = open_encoder(settings(encoder=write_toy_encoder(tmp_path / "toy", ["탑은", "the"])))
    with Store.open(index_city(tmp_path, encoder, {"tower": TOWER})) as store:
        found = Retriever(store, analyser(), encoder, settings()).search("What is it all about, then?")
        evidence = gather(found, analyser())
    assert found.terms.terms == ()
    assert [sentence.coverage for sentence in evidence.sentences] == [0.0, 0.0]


def test_a_sentence_has_the_cosine_of_the_window_that_begins_with_it(tmp_path: Path) -> None:
    encoder = open_encoder(settings(encoder=write_toy_encoder(tmp_path / "toy", ["돌은", "탑은", "희다"])))
    with Store.open(index_city(tmp_path, encoder, {"tower": TOWER})) as store:
        found = Retriever(store, analyser(), encoder, settings()).search("돌은 희다")
        sentences = {sentence.text: sentence for sentence in gather(found, analyser()).sentences}
    both, second = sqrt(1 + 1 + 1 + 3**2), sqrt(1 + 1 + 1)
    question = sqrt(2)
    assert sentences["탑은 높다."].cosine == pytest.approx(2 / (both * question), abs=2e-3)
    assert sentences["돌은 희다."].cosine == pytest.approx(2 / (second * question), abs=2e-3)


def test_without_a_dense_leg_cosines_are_nothing(city: Engine) -> None:
    assert {sentence.cosine for sentence in city.evidence("흔들다리의 길이").sentences} == {0.0}


def test_nothing_found_is_no_evidence(city: Engine) -> None:
    evidence = city.evidence("quantum chromodynamics")
    assert evidence.sentences == ()
    assert evidence.found.hits == ()
