"""When an accepted answer stands in a text, and when it only seems to."""

from __future__ import annotations

import pytest

from eval.answers import contains, occurrences


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("회원은 1,000만 명이다.", "1000만"),
        ("그 모임은 1998.\n3. 섰다.", "1998. 3"),
        ("본부는 달빛시에\n둔다", "달빛시에 둔다"),
        ("본부는 달빛시에 둔다", "달빛 시"),
        ("The United\nHarbours (ＵＨ) met.", "united harbours"),
        ("모임(ＵＨ)은 넓다", "UH"),
        ("UH가 정했다", "uh"),
        ("모두 7개 도시7에", "7개 도시"),
        ("비율은 3.5%이다", "3.5%"),
    ],
)
def test_spaces_punctuation_width_and_case_do_not_count(text: str, answer: str) -> None:
    assert contains(text, ["달리 쓴 답", answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("회원은 13명이다", "3"),
        ("회원은 3,000명이다", "3"),
        ("회원은 12,003명이다", "003"),
        ("a fund for harbours", "UN"),
        ("United Nations", "nation"),
        ("본부는 햇빛시에 둔다", "달빛시"),
        ("무엇이든", ""),
        ("무엇이든", "…"),
    ],
)
def test_parts_of_numbers_and_latin_words_and_empty_answers_do_not_count(text: str, answer: str) -> None:
    assert not contains(text, [answer])


def test_occurrences_are_spans_of_the_text_as_given() -> None:
    text = "㈜바람은 바람\n시에서, 바람시에서"
    spans = occurrences(text, ["바람시", "바람시에서"])
    assert [text[start:end] for start, end in spans] == ["바람\n시", "바람\n시에서", "바람시", "바람시에서"]
