"""What questions ask for, and where in a sentence it stands."""

from __future__ import annotations

import pytest

from qa.asks import Asked, Kind, asked, values
from qa.records import Language
from tests.building import analyser


def kinds(language: Language, questions: list[str]) -> dict[str, Kind]:
    return {question: asked(question, language).kind for question in questions}


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (
            Kind.DATE,
            ["다리는 언제 놓였나요?", "몇 년에 놓였나요?", "어느 해의 일인가요?", "몇 시에 여나요?", "설립 연도는?"],
        ),
        (Kind.PERSON, ["누가 다리를 놓았나요?", "초대 시장은 누구인가요?", "이 책의 저자는?", "공사를 이끈 사람은?"]),
        (Kind.PLACE, ["본부는 어디에 있나요?", "어느 도시와 맺었나요?", "무슨 나라에 갔나요?"]),
        (
            Kind.COUNT,
            ["배는 몇 척인가요?", "면적은 얼마나 되나요?", "인구는 얼마인가요?", "학생 수는?", "몇 년 동안 일했나요?"],
        ),
        (
            Kind.MONEY,
            ["예산은 얼마인가요?", "공사비는 모두 얼마인가요?", "후원금은 얼마였나요?", "몇 억 원이 들었나요?"],
        ),
        (Kind.RATE, ["참가율은 얼마인가요?", "몇 퍼센트인가요?", "비율이 어떻게 되나요?", "몇 배로 늘었나요?"]),
        (Kind.RANK, ["나루시는 몇 위인가요?", "순위는 어떻게 되나요?", "몇 번째 도시인가요?"]),
        (
            Kind.TEXT,
            ["도시 연합이란 무엇인가요?", "왜 다리를 놓았나요?", "어디까지 왔나요?", "방해는 무엇인가요?", "뗏목 경주"],
        ),
    ],
)
def test_korean_questions_are_told_by_their_question_words(kind: Kind, questions: list[str]) -> None:
    assert kinds(Language.KOREAN, questions) == dict.fromkeys(questions, kind)


@pytest.mark.parametrize(
    ("kind", "questions"),
    [
        (
            Kind.DATE,
            ["When was it built?", "In which year did it join?", "How long ago was that?", "What month is it?"],
        ),
        (Kind.PERSON, ["Who built it?", "Whose idea was it?", "Which scholar said so?", "Tell me who built it."]),
        (Kind.PLACE, ["Where is it?", "Which cities joined?", "What country is it in?"]),
        (Kind.COUNT, ["How many boats are there?", "What is the population of Naru?", "How long is the bridge?"]),
        (Kind.MONEY, ["How much did it take?", "What is the budget?", "What did the bridge cost?"]),
        (Kind.RATE, ["What percentage agreed?", "What share went there?", "How many times larger is it?"]),
        (Kind.RANK, ["What rank has Naru?", "How is Naru ranked?", "Where does Naru rank?"]),
        (Kind.TEXT, ["What is a ferry?", "Why was it built?", "What does the WHO do?", "How do people who row eat?"]),
    ],
)
def test_english_questions_are_told_by_their_question_words(kind: Kind, questions: list[str]) -> None:
    assert kinds(Language.ENGLISH, questions) == dict.fromkeys(questions, kind)


@pytest.mark.parametrize(
    ("language", "question", "counters"),
    [
        (Language.KOREAN, "지킴이는 몇 명인가요?", ("명", "인", "사람")),
        (Language.KOREAN, "지킴이는 몇사람이죠?", ("명", "인", "사람")),
        (Language.KOREAN, "몇 개국이 들어갔나요?", ("나라", "개국", "국가")),
        (Language.KOREAN, "등불은 몇 개입니까?", ("곳", "개", "군데", "도시", "개소")),
        (Language.KOREAN, "탑은 몇 층인가요?", ("층",)),
        (Language.KOREAN, "몇 백 마리를 길렀나요?", ("마리",)),
        (Language.KOREAN, "몇 년간 이어졌나요?", ("년", "년간", "해")),
        (Language.KOREAN, "넓이는 얼마나 되나요?", ()),
        (Language.KOREAN, "언제 문을 열었나요?", ()),
        (Language.ENGLISH, "How many people row?", ("명", "인")),
        (Language.ENGLISH, "How many member countries are there?", ()),
        (Language.ENGLISH, "How many countries joined?", ("개국", "국가", "나라")),
        (Language.ENGLISH, "How many times did they meet?", ("회", "번", "차례")),
        (Language.ENGLISH, "How long is it?", ()),
    ],
)
def test_the_counter_of_a_count_stands_for_those_that_mean_the_same(
    language: Language, question: str, counters: tuple[str, ...]
) -> None:
    assert asked(question, language).counters == counters


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("흔들다리의 예산은 얼마인가요?", "예산"),
        ("연합의 본부는 모두 어디에 있나요?", "본부"),
        ("이 책을 쓴 저자는?", "저자"),
        ("몇 년에 가입했나요?", ""),
        ("순위가 어떻게 되나요?", ""),
        ("그 수는 얼마인가요?", ""),
    ],
)
def test_the_focus_is_the_noun_beside_the_question_word(question: str, focus: str) -> None:
    assert asked(question, Language.KOREAN).focus == focus


def test_english_questions_have_no_focus() -> None:
    assert asked("What is the budget of the bridge?", Language.ENGLISH) == Asked(Kind.MONEY)


def found(text: str, kind: Kind, *counters: str) -> list[str]:
    return [text[start:end] for start, end in values(text, Asked(kind, counters))]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("회원은 30만 명이고 배는 열두 척이다.", ["30만 명", "열두 척"]),
        ("길이는 1,210.5미터이며 넓이는 3.2㎢이다.", ["1,210.5미터", "3.2㎢"]),
        ("나무는 1,200그루이다.", ["1,200그루"]),
        ("인구는 30만이며 늘고 있다.", ["30만"]),
        ("등불이 스물다섯 개, 종이 서너 개 있다.", ["스물다섯 개", "서너 개"]),
        ("물빛시 | 32만 명 | 2003년 | 7", ["32만 명", "7"]),
        ("2013년 10월 5일에 3개 나라가 모였다.", ["3개"]),
        ("표 2 그림 3에 45개국과 점수 5.5점이 있다.", ["45개국", "5.5점"]),
        ("세계 도시가 만났다.", []),
    ],
)
def test_counts_are_numbers_with_their_unit_and_without_particles(text: str, counts: list[str]) -> None:
    assert found(text, Kind.COUNT) == counts


@pytest.mark.parametrize(
    ("text", "counters", "counts"),
    [
        ("일곱 명이 48개를 200여 명에게 주었다.", ["명"], ["일곱 명", "200여 명"]),
        ("45개국의 도시 12개가 10개월 동안 만났다.", ["개"], ["12개"]),
        ("두 나라와 세계 나라", ["나라"], ["두 나라"]),
        ("2013년부터 2016년까지 3년 동안", ["년", "년간"], ["3년"]),
        ("2013년부터 12년간", ["년", "년간"], ["12년간"]),
    ],
)
def test_counts_with_a_counter_are_only_those(text: str, counters: list[str], counts: list[str]) -> None:
    assert found(text, Kind.COUNT, *counters) == counts


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Kind.DATE, "1987년 5월 3일에 시작해 19세기 말의 1990년대", ["1987년 5월 3일", "19세기 말", "1990년대"]),
        (Kind.DATE, "기원전 57년, 2013. 10. 5.과 1999.", ["기원전 57년", "2013. 10. 5.", "1999"]),
        (Kind.DATE, "3년 동안 지어 10년 만에 5월 3일 10시 30분에 열고 24시간 쓴다", ["5월 3일", "10시 30분"]),
        (Kind.MONEY, "12억 3천만 원과 5,000달러", ["12억 3천만 원", "5,000달러"]),
        (Kind.MONEY, "$3.5 million, 3조 5천억 원, 48개", ["$3.5 million", "3조 5천억 원"]),
        (Kind.RATE, "3.5%에서 두 배로, 절반의 3분의 일", ["3.5%", "두 배", "절반"]),
        (Kind.RANK, "세계 3위, 두 번째, 1987년", ["3위", "두 번째"]),
        (Kind.TEXT, "1987년의 48개", []),
    ],
)
def test_other_values_by_kind(kind: Kind, text: str, expected: list[str]) -> None:
    assert found(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("공사를 이끈 사람은 기술자 이민호이다.", ["이민호"]),
        ("회장은 Mary Stone이며 李海松과 함께 일했다.", ["Mary Stone", "李海松"]),
        ("The ferry was built by Mary Stone and John.", ["Mary Stone", "John"]),
        ("Mary가 왔다.", ["Mary"]),
        ("LWC", ["LWC"]),
        ("모두 함께 노를 저었다.", []),
    ],
)
def test_names_are_runs_of_proper_nouns_capitalised_words_and_hanja(text: str, names: list[str]) -> None:
    spans = values(text, Asked(Kind.PERSON), analyser().morphemes(text))
    assert [text[start:end] for start, end in spans] == names
    assert values(text, Asked(Kind.PLACE), analyser().morphemes(text)) == spans
