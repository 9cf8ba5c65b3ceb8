"""Retrieval over real small indexes: what a question finds, in which order, why, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from pathlib import Path
from typing import ClassVar
from unicodedata import normalize

import numpy as np
import pytest

from qa.encoders import Encoder, open_encoder
from qa.errors import FilterError, QuestionError
from qa.records import BlockKind, Hit, Language, Region
from qa.retrieve import DENSE, LEXICAL, Found, Retriever, checked_question, language_of
from qa.store import Filters, Store
from tests.building import analyser, settings
from tests.city import index_city
from tests.toy_encoder import write_toy_encoder

WORDS = ("등대는", "lighthouse", "배는", "boat", "바람이", "wind")
AXES = ((1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0), (0, 0, 0, 1), (0, 0, 0, 1))
"""What the toy encoder knows: each English word means the Korean one before it; the first row is any other word."""
SHORE = {
    "a": "# 가\n\n등대는 높다. 배는 작다.\n",
    "b": "# 나\n\n등대는 아주 멀리서도 잘 보인다.\n",
    "c": "# 다\n\n바람이 분다.\n",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    with Store.open(index_city(tmp_path_factory.mktemp("city"))) as store:
        yield Retriever(store, analyser(), None, settings(hits=20))


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = write_toy_encoder(tmp_path_factory.mktemp("toy") / "toy", WORDS, table=AXES)
    opened = open_encoder(settings(encoder=folder))
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def shore(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Store]:
    with Store.open(index_city(tmp_path_factory.mktemp("shore"), encoder, SHORE)) as store:
        yield store


def texts(found: Found) -> list[str]:
    return [hit.passage.text for hit in found.hits]


def documents(found: Found) -> set[str]:
    return {hit.passage.document_id for hit in found.hits}


def hit_with(found: Found, words: str) -> Hit:
    """The first hit whose passage has these words."""
    return next(hit for hit in found.hits if words in hit.passage.text)


class TestQuestions:
    @pytest.mark.parametrize("question", ["", " \t\n", "\u00a0\u3000"])
    def test_nothing_is_refused(self, question: str) -> None:
        with pytest.raises(QuestionError) as caught:
            checked_question(question, settings())
        assert caught.value.message("en") == "The question is empty. Ask something."
        assert caught.value.message("ko") == "질문이 비어 있습니다. 물어볼 내용을 쓰세요."

    @pytest.mark.parametrize("question", ["?!…", "🙂🎉", "---", "。、", "\u200b"])
    def test_signs_and_pictures_alone_are_refused(self, question: str) -> None:
        with pytest.raises(QuestionError) as caught:
            checked_question(question, settings())
        assert caught.value.message("en") == "The question has no letters or digits in it. Ask in words."
        assert caught.value.message("ko") == "질문에 글자나 숫자가 없습니다. 말로 물어보세요."

    def test_one_that_is_too_long_is_refused_with_both_numbers(self) -> None:
        with pytest.raises(QuestionError) as caught:
            checked_question("다" * 20_000, settings())
        assert caught.value.message("en") == (
            "The question has 20000 characters; 2000 are read. Ask it in fewer words."
        )
        assert caught.value.message("ko") == "질문이 20000자입니다. 2000자까지 읽습니다. 더 짧게 물어보세요."

    def test_the_longest_is_read(self) -> None:
        assert checked_question(" " + "다" * 2000 + "\n", settings()) == "다" * 2000

    def test_the_rest_is_composed_and_its_blanks_closed(self) -> None:
        asked = normalize("NFD", "  흔들다리는\n언제\u00a0 놓였나요? 🙂")
        assert checked_question(asked, settings()) == "흔들다리는 언제 놓였나요? 🙂"

    @pytest.mark.parametrize(
        ("question", "language"),
        [
            ("다리는 어디에 있나요?", Language.KOREAN),
            ("LWC란 무엇인가요?", Language.KOREAN),
            ("ㄱㄴㄷ", Language.KOREAN),
            ("UNESCO League of Water Cities 란?", Language.ENGLISH),
            ("Where is 나루시 in the League of Water Cities?", Language.ENGLISH),
            ("外事办公室", Language.ENGLISH),
            ("2013?", Language.ENGLISH),
        ],
    )
    def test_a_question_is_korean_if_three_letters_in_ten_are(self, question: str, language: Language) -> None:
        assert language_of(question) is language


class TestWhatIsFound:
    def test_hits_are_numbered_best_first_and_within_one(self, city: Retriever) -> None:
        found = city.search("나루시 흔들다리는 언제 놓였나요?")
        assert found.hits[0].passage.text.startswith("나루시의 흔들다리는 1987년")
        assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
        scores = [hit.score for hit in found.hits]
        assert scores == sorted(scores, reverse=True)
        assert 0 <= scores[-1] <= scores[0] <= 1

    def test_as_many_as_wanted_and_the_best_of_all(self, city: Retriever) -> None:
        every = city.search("나루시의 다리").hits
        assert len(every) > 3
        assert city.search("나루시의 다리", hits=3).hits == every[:3]

    def test_a_decomposed_question_finds_the_same(self, city: Retriever) -> None:
        question = "다리 지킴이는 몇 명인가요?"
        assert city.search(normalize("NFD", question)) == city.search(question)

    @pytest.mark.parametrize(
        ("question", "text"),
        [
            ("외사판공실은 무엇을 맡았나요?", "봉투에는 外事辦公室"),
            ("外事办公室은 무엇을 맡았나요?", "봉투에는 外事辦公室"),
            ("外事辦公室", "나루시 외사판공실(外事办公室)"),
            ("우호학교 학생들", "友好學校의 학생들"),
            ("友好学校의 학생들", "友好學校의 학생들"),
        ],
    )
    def test_hanja_is_found_by_its_reading_and_in_either_form(self, city: Retriever, question: str, text: str) -> None:
        assert any(text in passage for passage in texts(city.search(question))[:2])

    def test_an_english_question_finds_korean_by_a_mined_gloss(self, city: Retriever) -> None:
        found = city.search("What does barter mean?")
        assert found.language is Language.ENGLISH
        assert "물물교환" in hit_with(found, "물물교환은 소금과 쌀을").terms
        league = city.search("What does the League of Water Cities do?")
        assert "연합" in hit_with(league, "연합은 해마다").terms

    def test_a_korean_question_finds_english_by_a_mined_gloss(self, city: Retriever) -> None:
        found = city.search("물물교환은 언제 끝났나요?")
        assert "barter" in hit_with(found, "Barter ended when").terms

    @pytest.mark.parametrize(
        "date", ["2013년 10월 5일", "2013. 10. 5.", "2013-10-05", "2013/10/5", "October 5, 2013", "5 October 2013"]
    )
    def test_a_date_is_found_in_any_spelling(self, city: Retriever, date: str) -> None:
        best = city.search(f"{date} 나루시").hits[0]
        assert "2013년 10월 5일에 연합에" in best.passage.text
        assert "2013-10-05" in best.terms

    @pytest.mark.parametrize(
        ("number", "term", "text"),
        [
            ("천만 명이 건너는 다리", "10000000", "1,000만 명"),
            ("10,000,000명", "10000000", "1,000만 명"),
            ("10 million people", "10000000", "1,000만 명"),
            ("1,230,000,000원", "1230000000", "12억 3천만 원"),
            ("1.23 billion won", "1230000000", "12억 3천만 원"),
        ],
    )
    def test_a_number_is_found_in_any_spelling(self, city: Retriever, number: str, term: str, text: str) -> None:
        best = city.search(number).hits[0]
        assert text in best.passage.text
        assert term in best.terms

    def test_what_nothing_speaks_for_finds_nothing(self, city: Retriever) -> None:
        found = city.search("quantum chromodynamics")
        assert found.hits == ()
        assert not any(found.legs.scores.values())

    def test_a_lone_surrogate_does_no_harm(self, city: Retriever) -> None:
        assert "등불이 48개" in city.search("난간의 등불\ud83d").hits[0].passage.text


class TestExplanations:
    def test_each_leg_that_found_a_hit_is_there_with_its_score_and_rank(self, city: Retriever) -> None:
        found = city.search("나루시의 흔들다리는 누가 지키나요?")
        assert set(LEXICAL) <= found.legs.scores.keys()
        for hit in found.hits:
            for name, scores in found.legs.scores.items():
                if hit.passage.id not in scores:
                    assert name not in hit.legs
                    continue
                mine = scores[hit.passage.id]
                ahead = [key for key, score in scores.items() if (-score, key) < (-mine, hit.passage.id)]
                assert hit.legs[name].rank == 1 + len(ahead)
                assert hit.legs[name].score == pytest.approx(mine, abs=1e-6)
            assert hit.legs

    def test_the_terms_of_the_question_that_a_hit_holds_are_named(self, city: Retriever) -> None:
        best = city.search("난간의 등불은 몇 개인가요?").hits[0]
        assert {"난간", "등불", "개"} <= set(best.terms)
        assert set(best.terms) <= {term.term for term in city.search("난간의 등불은 몇 개인가요?").terms.terms}
        assert list(best.terms) == sorted(best.terms)

    def test_a_word_of_the_context_is_named_too(self, city: Retriever) -> None:
        note = hit_with(city.search("개통식의 술"), "떡은 쑥으로")
        assert "술" in note.terms
        assert "이가람" in hit_with(city.search("이가람의 연합"), "연합은 해마다").terms


class TestFilters:
    QUESTION = "나루시 다리와 나룻배와 연합의 편지와 방명록"

    def found(self, city: Retriever, filters: Filters) -> Found:
        found = city.search(self.QUESTION, filters=filters)
        assert found.hits
        return found

    def test_without_any_every_document_is_found(self, city: Retriever) -> None:
        assert documents(self.found(city, Filters())) == {"bridge", "union", "ferry", "letters", "guest-book"}

    def test_documents(self, city: Retriever) -> None:
        assert documents(self.found(city, Filters(documents=("ferry", "union")))) == {"ferry", "union"}

    @pytest.mark.parametrize(("author", "document"), [("mary", "union"), ("이가람", "union"), ("李海松", "letters")])
    def test_part_of_the_author(self, city: Retriever, author: str, document: str) -> None:
        assert documents(self.found(city, Filters(author=author))) == {document}

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            (2010, None, {"union"}),
            (None, 2009, {"bridge", "letters"}),
            (1987, 2009, {"bridge", "letters"}),
            (2009, 2009, {"bridge"}),
            (1, 3000, {"bridge", "union", "letters"}),
        ],
    )
    def test_years_are_inclusive_and_a_work_without_one_is_in_no_range(
        self, city: Retriever, first: int | None, last: int | None, expected: set[str]
    ) -> None:
        assert documents(self.found(city, Filters(year_from=first, year_to=last))) == expected

    @pytest.mark.parametrize("region", [Region.ABSTRACT, Region.ABSTRACT_EN, Region.REFERENCES])
    def test_the_kind_of_section(self, city: Retriever, region: Region) -> None:
        question = f"{self.QUESTION} ferry villages 뗏목"
        hits = city.search(question, filters=Filters(regions=(region,))).hits
        assert {hit.passage.region for hit in hits} == {region}

    def test_the_kind_of_block(self, city: Retriever) -> None:
        hits = city.search("회원 도시의 떡", filters=Filters(kinds=(BlockKind.TABLE, BlockKind.FOOTNOTE))).hits
        assert {hit.passage.kind for hit in hits} == {BlockKind.TABLE, BlockKind.FOOTNOTE}

    def test_together_they_narrow_further(self, city: Retriever) -> None:
        hits = city.search(
            "흔들다리", filters=Filters(author="김하늘", year_to=2009, kinds=(BlockKind.PARAGRAPH,))
        ).hits
        assert {(hit.passage.document_id, hit.passage.kind) for hit in hits} == {("bridge", BlockKind.PARAGRAPH)}
        assert city.search("흔들다리", filters=Filters(documents=("ferry",), kinds=(BlockKind.TABLE,))).hits == ()

    def test_ranks_in_a_leg_count_what_the_filters_let_through(self, city: Retriever) -> None:
        best = city.search("흔들다리의 길이와 연합의 회원", filters=Filters(documents=("union",))).hits[0]
        assert {leg.rank for leg in best.legs.values()} == {1}

    def test_what_there_is_not_is_refused(self, city: Retriever) -> None:
        with pytest.raises(
            FilterError, match=r"The index has no document 'tunnel'\. It has: bridge, ferry, guest-book"
        ):
            city.search("다리", filters=Filters(documents=("tunnel",)))
        with pytest.raises(FilterError) as caught:
            city.search("다리", filters=Filters(author="홍길동"))
        assert caught.value.message("ko").startswith("색인에 저자 '홍길동'이(가) 없습니다.")


class TestOrder:
    def test_an_abstract_that_is_repeated_comes_behind_what_says_something_else(self, city: Retriever) -> None:
        found = city.search("나룻배와 사공의 이야기")
        copies = [hit for hit in found.hits if hit.passage.text.startswith("나룻배는 다리가 없던 시절")]
        assert [hit.passage.headings for hit in copies] == [("요약",), ("국문초록",)]
        first, second = copies
        assert first.rank == 1
        assert second.score <= first.score / 2
        between = found.hits[first.rank : second.rank - 1]
        assert between
        for name, leg in second.legs.items():
            assert any(name not in hit.legs or hit.legs[name].rank > leg.rank for hit in between)

    def test_a_bibliography_entry_comes_behind_text_that_says_as_much(self, tmp_path: Path) -> None:
        same = "돛단배의 돛은 마로 짠다."
        index = index_city(tmp_path, texts={"sail": f"# 돛단배\n\n## 참고문헌\n\n{same}\n\n## 부록 가\n\n{same}\n"})
        with Store.open(index) as store:
            text, entry = Retriever(store, analyser(), None, settings()).search("돛은 무엇으로 짜나요?").hits
        assert (text.passage.region, entry.passage.region) == (Region.BODY, Region.REFERENCES)
        assert (text.score, entry.score) == (1.0, 0.7)
        assert text.legs["bigrams"].score == entry.legs["bigrams"].score

    def test_equal_passages_are_in_the_order_of_their_ids(self, tmp_path: Path) -> None:
        same = "# 종소리\n\n저녁마다 종이 울린다.\n"
        texts = dict.fromkeys("qbm", same) | {"x": "# 북소리\n\n아침에는 북을 친다.\n"}
        index = index_city(tmp_path, texts=texts)
        with Store.open(index) as store:
            hits = Retriever(store, analyser(), None, settings()).search("저녁마다 울리는 종").hits
        assert [hit.passage.id for hit in hits[:3]] == ["b#0", "m#0", "q#0"]
        assert len({hit.score for hit in hits[:3]}) == 1

    def test_asked_again_it_answers_the_same(self, city: Retriever) -> None:
        assert city.search("연합의 회원 도시") == city.search("연합의 회원 도시")


class TestDense:
    """Cosines by hand: a window's vector is the mean of its words', so they count how often it has each meaning."""

    SCORES: ClassVar = {"a#0": 1 / sqrt(4**2 + 1 + 1), "b#0": 1 / sqrt(5**2 + 1), "c#0": 0.0}

    def found(self, store: Store, encoder: Encoder | None, question: str, **values: object) -> Found:
        return Retriever(store, analyser(), encoder, settings(**values)).search(question)

    def test_an_english_question_finds_korean_passages_by_their_best_window(
        self, shore: Store, encoder: Encoder
    ) -> None:
        found = self.found(shore, encoder, "lighthouse")
        assert found.legs.scores.keys() == {DENSE}
        assert found.legs.scores[DENSE] == pytest.approx(self.SCORES, abs=2e-3)
        assert [hit.passage.id for hit in found.hits] == ["a#0", "b#0", "c#0"]
        boat = self.found(shore, encoder, "boat").hits[0]
        assert boat.legs[DENSE].score == pytest.approx(1 / sqrt(2**2 + 1), abs=2e-3)
        assert boat.window is not None
        assert shore.document("a").text[slice(*boat.window)] == "배는 작다."

    def test_a_leg_that_found_nothing_has_no_vote(self, shore: Store, encoder: Encoder) -> None:
        hits = self.found(shore, encoder, "lighthouse").hits
        low, high = self.SCORES["c#0"], self.SCORES["a#0"]
        expected = [(score - low) / (high - low) for score in self.SCORES.values()]
        assert [hit.score for hit in hits] == pytest.approx(expected, abs=2e-3)
        assert [hit.legs.keys() for hit in hits] == [{DENSE}] * 3
        assert [hit.terms for hit in hits] == [()] * 3

    def test_the_language_of_the_question_sets_the_vote(self, shore: Store, encoder: Encoder) -> None:
        for question, name in (("boat boat boat boat 멀리서도", "en"), ("boat boat 멀리서도 아주 잘 보인다", "ko")):
            decided = {
                weight: self.found(shore, encoder, question, **{f"dense_weight_{name}": weight}).hits[0].passage.id
                for weight in (0, 1)
            }
            assert decided == {0: "b#0", 1: "a#0"}

    def test_both_legs_are_named_where_both_found_it(self, shore: Store, encoder: Encoder) -> None:
        best = self.found(shore, encoder, "등대는 어디서 보이나요?").hits[0]
        assert {DENSE, *LEXICAL} <= best.legs.keys()
        assert "등대" in best.terms

    def test_filters_hold_for_the_dense_leg_too(self, shore: Store, encoder: Encoder) -> None:
        retriever = Retriever(shore, analyser(), encoder, settings())
        found = retriever.search("lighthouse", filters=Filters(documents=("b", "c")))
        assert [hit.passage.id for hit in found.hits] == ["b#0", "c#0"]
        assert found.legs.scores[DENSE].keys() == {"b#0", "c#0"}

    def test_without_an_encoder_vectors_are_not_searched(self, shore: Store) -> None:
        assert self.found(shore, None, "lighthouse").hits == ()
        found = self.found(shore, None, "등대는 어디서 보이나요?")
        assert DENSE not in found.legs.scores
        assert [hit.window for hit in found.hits] == [None] * len(found.hits)

    def test_without_vectors_an_encoder_is_not_asked(self, tmp_path: Path, encoder: Encoder) -> None:
        with Store.open(index_city(tmp_path, texts=SHORE)) as store:
            found = self.found(store, encoder, "등대는 어디서 보이나요?")
            assert self.found(store, encoder, "lighthouse").hits == ()
        assert DENSE not in found.legs.scores
        assert found.hits[0].legs.keys() >= set(LEXICAL)

    def test_the_vectors_of_the_toy_are_what_the_arithmetic_says(self, encoder: Encoder) -> None:
        (vector,) = encoder.encode_passages(["등대는 높다. 배는 작다."])
        assert vector == pytest.approx(np.array([4, 1, 1, 0]) / sqrt(18), abs=1e-6)
