"""What a person sees: whole words at every width of the terminal, Hangul counted as two columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from qa.cli.render import Clamped, answer_view, hits_view, nearest_view
from qa.records import Answer, Citation, Hit, Language, LegScore, Passage, Status

LONG = (
    "다리의 길이는 210미터이고 폭은 3미터이며, 난간은 바닷바람에 잘 견디는 삼나무로 만들었고 해마다 두 차례씩 "
    "시의 기술자들이 모든 밧줄을 손으로 점검한다."
)
CITATION = Citation(
    1, "bridge", "나루시 흔들다리 백서: 서른 해의 기록", LONG, start=0, end=len(LONG), source_start=0,
    source_end=len(LONG), section=("제1장 다리의 역사", "제2절 놓이기까지"), page=12, short=(8, 13),
)  # fmt: skip
HIT = Hit(
    Passage("bridge#1", "bridge", 1, f"짧은 앞 문장. {LONG}", 0, 9 + len(LONG), ("제1장 다리의 역사",), 12, 13),
    score=0.912,
    rank=1,
    legs={"morphemes": LegScore(12.31, 1), "dense": LegScore(0.71, 3)},
    terms=("다리", "길이"),
    window=(9, 9 + len(LONG)),
)
ANSWER = Answer(
    "다리는 얼마나 긴가요?", Language.KOREAN, Status.ANSWERED, f"{LONG} [1]", probability=0.934,
    citations=(CITATION,), hits=(HIT,), short="210미터", worded_by="writer-1", dropped=("가장 긴 다리이다.",),
)  # fmt: skip


def screen(parts: Iterable[RenderableType], width: int, *, colour: bool = False) -> str:
    console = Console(width=width, force_terminal=colour, color_system="256" if colour else None, highlight=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def words(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("width", range(40, 130))
def test_no_word_is_lost_and_no_line_too_long(width: int) -> None:
    answer = screen(answer_view(ANSWER), width)
    assert words(f"{LONG} [1]") in words(answer)
    assert words(f"[1] {CITATION.title} › {' › '.join(CITATION.section)} · 12쪽") in words(answer)
    assert words(f"“{LONG}”") in words(answer)
    hits = screen(hits_view([HIT], lambda _: "백서", Language.KOREAN, explain=True), width)
    assert words(f"가장 가까운 부분: {LONG}") in words(hits)
    assert all(cell_len(line) <= width for line in (answer + hits).splitlines())


def test_the_whole_page_of_an_answer() -> None:
    lines = [line.rstrip() for line in screen(answer_view(replace(ANSWER, dropped=(), worded_by="")), 80).splitlines()]
    assert lines == [
        "",
        "  다리의 길이는 210미터이고 폭은 3미터이며, 난간은 바닷바람에 잘 견디는",
        "  삼나무로 만들었고 해마다 두 차례씩 시의 기술자들이 모든 밧줄을 손으로",
        "  점검한다. [1]",
        "",
        "출처",
        "  [1] 나루시 흔들다리 백서: 서른 해의 기록 › 제1장 다리의 역사 › 제2절",
        "      놓이기까지 · 12쪽",
        "      “다리의 길이는 210미터이고 폭은 3미터이며, 난간은 바닷바람에 잘 견디는 …",
        "",
        "문서에 답이 있을 확률 93% · 0.00초",
    ]


def test_the_short_answer_and_the_marks_stand_out() -> None:
    page = screen(answer_view(ANSWER), 120, colour=True)
    assert "\x1b[1;32m210미터\x1b[0m" in page
    assert "\x1b[36m[1]\x1b[0m" in page


def test_labels_follow_the_question() -> None:
    page = words(screen(answer_view(replace(ANSWER, language=Language.ENGLISH)), 100))
    for label in ("Sources", "· p. 12", "Left out, since no source bears it out: ", "93%", "Worded by writer-1"):
        assert words(label) in page


def test_what_was_not_found_has_no_sources_and_its_nearest_passages() -> None:
    missing = replace(ANSWER, status=Status.NOT_FOUND, text="찾지 못했습니다.", citations=(), dropped=(), worded_by="")
    page = screen([*answer_view(missing), *nearest_view(missing, lambda _: "백서")], 80)
    assert "출처" not in page
    assert "가장 가까운 대목(답이 아닐 수 있습니다)" in page
    assert "1. 백서 › 제1장 다리의 역사 · 12-13쪽" in page
    assert "… 다리의 길이는" in page  # from the best window on
    assert screen(nearest_view(replace(missing, hits=()), lambda _: ""), 80) == ""


def test_markup_in_a_document_is_text() -> None:
    page = screen(answer_view(replace(ANSWER, text="[bold]굵게[/bold] [red] [1]", dropped=())), 80)
    assert "[bold]굵게[/bold] [red] [1]" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [("가나 다라", "가나\n다라"), ("가나 다라 마바", "가나\n다 …"), ("가", "가"), ("", "")],
)
def test_clamped_to_two_lines_of_four_columns(text: str, shown: str) -> None:
    assert screen([Clamped(Text(text), 2)], 4).rstrip() == shown
