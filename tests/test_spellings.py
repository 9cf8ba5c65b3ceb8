"""One spelling for dates, numbers and Latin names."""

from __future__ import annotations

import unicodedata

import pytest

from qa.spellings import fold, fold_latin, number, spellings, stem


def terms(text: str) -> list[tuple[str, ...]]:
    return [spelling.terms for spelling in spellings(fold(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4만 2천", "42000"),
        ("42,000", "42000"),
        ("42000", "42000"),
        ("사만 이천", "42000"),
        ("4만2천5백", "42500"),
        ("1,000만", "10000000"),
        ("천만", "10000000"),
        ("10000000", "10000000"),
        ("6억 5000만", "650000000"),
        ("3조 2,000억", "3200000000000"),
        ("1.5만", "15000"),
        ("3.50", "3.5"),
        ("백이십", "120"),
        ("0", "0"),
    ],
)
def test_numbers_have_one_value(text: str, value: str) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "서른", "3명", "3 5", "일이"])
def test_other_words_are_no_numbers(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text", ["2013. 10.", "2013.10", "2013년 10월", "October 2013", "Oct. 2013", "October of 2013"]
)
def test_months_have_one_spelling(text: str) -> None:
    assert terms(text) == [("2013", "2013년", "10월", "2013-10")]


@pytest.mark.parametrize(
    "text",
    [
        "2013. 10. 5.",
        "2013년 10월 5일",
        "2013-10-05",
        "2013/10/5",
        "October 5, 2013",
        "October 5th 2013",
        "5 October 2013",
        "the 5th of October 2013",
    ],
)
def test_days_have_one_spelling(text: str) -> None:
    assert terms(text)[-1] == ("2013", "2013년", "10월", "5일", "10-05", "2013-10", "2013-10-05")


@pytest.mark.parametrize("text", ["13월 4일", "3.14", "2020. 15", "1. 2. 3."])
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert terms(text) == []


def test_a_day_without_a_year_and_a_year_alone() -> None:
    assert terms("10월 5일") == terms("October 5") == [("10월", "5일", "10-05")]
    assert terms("2013년") == [("2013", "2013년")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bogotá", ("bogota",)),
        ("Łódź", ("lodz",)),
        ("WeGO", ("wego",)),
        ("C40", ("c40",)),
        ("ＵＮ", ("un",)),
        ("UN-Habitat", ("unhabitat", "un", "habitat")),
        ("GPT-4o", ("gpt4o", "gpt", "4o")),
        ("U.S.", ("us",)),
        ("Seoul's", ("seoul",)),
    ],
)
def test_latin_names(text: str, expected: tuple[str, ...]) -> None:
    assert terms(text) == [expected]


def test_english_numbers() -> None:
    assert terms("10 million") == terms("ten million") == [(number("1,000만"),)]
    assert terms("1.5 billion") == [("1500000000",)]


def test_spans_point_into_the_folded_text() -> None:
    text = "회의는 May 2020에 UN-Habitat이 열었다"
    assert [text[spelling.start : spelling.end] for spelling in spellings(text)] == ["May 2020", "UN-Habitat"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [("cities", "city"), ("houses", "house"), ("maps", "map"), ("glass", "glass"), ("bus", "bus"), ("gas", "gas")],
)
def test_plural_endings_go(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize(
    "text", ["", "가", "ㅋㅋ 좋다", "😀", "ＡＢＣ１２", "ﬁn ½", unicodedata.normalize("NFD", "한글 é")]
)
def test_folding_is_stable_and_nfc(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert unicodedata.is_normalized("NFC", folded)


def test_folding_keeps_hangul_letters_and_mends_what_is_no_text() -> None:
    assert fold("ㅋㅋ ＡＢ１ \ud800") == "ㅋㅋ AB1 \ufffd"
    assert fold_latin("도시 Ñandú") == "도시 nandu"
