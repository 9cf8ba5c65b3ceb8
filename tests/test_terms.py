"""Terms of documents and questions: the same thing written in two ways meets in one term."""

from __future__ import annotations

import pytest

from qa.glossary import Entry, Glossary
from qa.korean import Analyser
from qa.records import Language
from qa.terms import DocumentTerms, QuestionTerms, Source, TermAnalyser

GLOSSARY = Glossary(
    [
        Entry("물물교환", "barter trade", 2),
        Entry("세계바람협회", "World Wind Association", 1),
        Entry("세계바람협회", "WWA", 3),
    ]
)


@pytest.fixture(scope="module")
def plain() -> TermAnalyser:
    return TermAnalyser(Analyser(threads=2))


@pytest.fixture(scope="module")
def terms() -> TermAnalyser:
    return TermAnalyser(Analyser(threads=1), GLOSSARY)


def of(terms: TermAnalyser, text: str) -> DocumentTerms:
    return terms.document_terms([text])[0]


def sources(found: QuestionTerms) -> dict[str, Source]:
    return {term.term: term.source for term in found.terms}


def test_particles_and_endings_go_and_compounds_stay(plain: TermAnalyser) -> None:
    found = of(plain, "바닷가마을에서는 어부들이 그물을 고쳤다").morphemes
    assert {"그물", "고치"} <= set(found)
    assert not {"을", "에서", "었", "다"} & set(found)
    assert "도시외교" in of(plain, "도시외교를").morphemes
    assert {"도시", "외교"} <= set(of(plain, "도시외교를").morphemes)


def test_bigrams_stay_inside_words(plain: TermAnalyser) -> None:
    assert of(plain, "감나무 밑, (집)AB").bigrams == ["감나", "나무", "밑", "집", "ab"]


@pytest.mark.parametrize(
    ("one", "other", "meeting"),
    [
        ("4만 2천 명", "42,000명", "42000"),
        ("1,000만 그루", "천만 그루", "10000000"),
        ("6억 5000만 원", "650000000원", "650000000"),
        ("제3차 모임", "3차 모임", "3차"),
        ("2013. 10. 모임", "October 2013", "2013-10"),
        ("Bogotá 시장", "bogota", "bogota"),
        ("ＵＮ", "un", "un"),
        ("UN-Habitat", "UN Habitat", "habitat"),
        ("赵可金의 글", "조가금의 글", "조가금"),
        ("GPT-4o", "gpt4o", "gpt4o"),
    ],
)
def test_two_spellings_meet(plain: TermAnalyser, one: str, other: str, meeting: str) -> None:
    assert meeting in of(plain, one).morphemes
    assert meeting in of(plain, other).morphemes


def test_no_term_holds_white_space(plain: TermAnalyser) -> None:
    found = of(plain, "4만 2천 명\u3000은 New\u00a0York\t에서 李 明博 😀 ½ ﬁ\u2028끝 www.a.kr a@b.kr #나무 ㅋㅋ")
    assert all(term and not any(char.isspace() for char in term) for term in [*found.morphemes, *found.bigrams])


def test_batches_equal_single_texts(plain: TermAnalyser) -> None:
    texts = ["사과가 익었다.", "", "\ud800", "배 3개"]
    assert plain.document_terms(texts) == [of(plain, text) for text in texts]
    assert of(plain, "") == DocumentTerms([], [])


def test_user_words_stand_beside_their_parts() -> None:
    found = of(TermAnalyser(Analyser(user_words=["바람개비열차"])), "바람개비열차를 탔다").morphemes
    assert {"바람개비열차", "바람개비", "열차"} <= set(found)


def test_korean_questions_lose_question_words(plain: TermAnalyser) -> None:
    found = plain.question_terms("어부들이 고친 그물은 언제 어디에서 무엇으로 만들었나?", Language.KOREAN)
    assert {"어부", "그물", "고치"} <= set(found.morphemes)
    assert not {"언제", "어디", "무엇"} & set(found.morphemes)
    assert set(found.morphemes.values()) == {1.0}
    assert found.bigrams["그물"] == 1.0


def test_short_questions_keep_their_words_as_they_stand(plain: TermAnalyser) -> None:
    assert "기차" in plain.question_terms("기차", Language.KOREAN).morphemes
    assert sources(plain.question_terms("푸르미르?", Language.KOREAN))["푸르미르"] in Source


def test_english_questions_keep_content_names_and_numbers(plain: TermAnalyser) -> None:
    found = plain.question_terms("How many of the 42,000 boats did WHO and Malmö count in May 2020?", Language.ENGLISH)
    assert {"42000", "boat", "who", "malmo", "2020-05", "5월"} <= set(found.morphemes)
    assert not {"how", "many", "of", "the", "did", "and", "in"} & set(found.morphemes)
    assert "bo" not in found.bigrams  # boats is no name
    assert "ma" in found.bigrams


def test_the_glossary_translates_both_ways(terms: TermAnalyser) -> None:
    english = terms.question_terms("Who invented barter trade?", Language.ENGLISH)
    (compound,) = [term for term in english.terms if term.term == "물물교환"]
    assert (compound.weight, compound.source, compound.gloss) == (1.0, Source.GLOSSARY, "barter trade")
    assert "물교" in english.bigrams
    korean = terms.question_terms("세계 바람협회는 어디에 있나?", Language.KOREAN)
    weights = {term.term: term.weight for term in korean.terms if term.source is Source.GLOSSARY}
    assert weights == {"wwa": 0.5, "world": 0.25, "wind": 0.25, "association": 0.25}


def test_a_reading_is_marked(plain: TermAnalyser) -> None:
    found = sources(plain.question_terms("趙可金은 어떤 책을 썼나?", Language.KOREAN))
    assert (found["趙可金"], found["조가금"]) == (Source.MORPHEME, Source.READING)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("question", ["", " ", "?!", "\ud800", "the of and"])
def test_questions_without_words_have_no_terms(plain: TermAnalyser, question: str, language: Language) -> None:
    assert plain.question_terms(question, language).terms == ()
