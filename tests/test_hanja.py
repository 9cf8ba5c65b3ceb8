"""Readings of traditional and simplified characters."""

from __future__ import annotations

import pytest

from qa.hanja import reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("外事办公室", "외사판공실"),
        ("外事辦公室", "외사판공실"),
        ("李", "이"),
        ("聯合", "연합"),
        ("女性", "여성"),
        ("老人", "노인"),
        ("国际联合", "국제연합"),
        ("國際聯合", "국제연합"),
        ("赵可金", "조가금"),
        ("趙可金", "조가금"),
        ("比率", "비율"),
        ("法律", "법률"),
        ("規律", "규율"),
    ],
)
def test_readings(text: str, expected: str) -> None:
    assert reading(text) == expected


def test_a_character_of_both_scripts_follows_its_run() -> None:
    assert reading("胜利") == "성리"  # nothing says that it is simplified: 胜 has a reading of its own
    assert reading("胜负") == "승부"  # 负 is nothing but simplified, so 胜 stands for 勝


@pytest.mark.parametrize("text", ["", "서울", "李a", "李 선생", "\U00020000"])
def test_anything_else_has_none(text: str) -> None:
    assert reading(text) is None
