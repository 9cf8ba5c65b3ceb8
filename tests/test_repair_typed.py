"""Text as people type it, wrapped or not: paragraphs, headings, lists, verses and tables in plain files."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from qa.records import BlockKind
from tests.repairing import block_of, left_out, repaired, texts, wrapped, wrapped_between_words

PARAGRAPHS = [
    "항구의 아침은 고깃배가 들어오는 소리로 시작된다. 상인들은 다섯 시부터 좌판을 편다.",
    "점심 무렵이면 손님이 골목을 가득 채운다. 구청은 지난해에 차양을 새로 달았는데, 비가 오는 날에도 손님이 줄지 "
    "않았다고 상인회는 말한다. 다만 주차장이 모자라 주말마다 다툼이 생긴다는 불만도 있어서 올해 안에 빈터를 "
    "사들이기로 하였다.",
    "저녁에는 등대에 불이 들어온다.",
    "등대지기는 그 불을 마을의 시계라고 부르며 한 번도 늦은 적이 없다고 한다",
    "마지막 배는 자정에 들어온다. 그 뒤로는 바람 소리만 남는다.",
]


def korquad() -> Path:
    return Path(__file__).parents[2] / "shared" / "eval" / "korquad-v1-dev" / "corpus.jsonl"


class TestParagraphs:
    @pytest.mark.parametrize("between", ["\n\n", "\n", "\n\n\n", "\n \n"])
    def test_each_line_is_a_paragraph(self, between: str) -> None:
        document = repaired(between.join(PARAGRAPHS) + "\n")
        assert texts(document) == PARAGRAPHS
        assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}

    def test_a_paragraph_that_is_indented_by_a_blank_begins_no_page(self) -> None:
        document = repaired("".join(f" {text}\n" for text in PARAGRAPHS))
        assert texts(document) == PARAGRAPHS
        assert {block.page for block in document.blocks} == {None}

    @pytest.mark.parametrize("wrap", [wrapped, wrapped_between_words])
    def test_an_empty_line_ends_a_wrapped_paragraph(self, wrap: object) -> None:
        assert callable(wrap)
        document = repaired("\n\n".join("\n".join(wrap(text, 72)) for text in PARAGRAPHS))
        squeezed = ["".join(text.split()) for text in texts(document)]
        assert squeezed == ["".join(text.split()) for text in PARAGRAPHS]

    def test_many_wraps_between_words_are_spaces(self) -> None:
        paragraphs = [text for _ in range(8) for text in PARAGRAPHS]
        raw = "\n\n".join("\n".join(wrapped_between_words(text, 72)) for text in paragraphs)
        assert texts(repaired(raw)) == paragraphs

    def test_a_first_line_that_is_indented_begins_a_paragraph(self) -> None:
        lines = [line for text in PARAGRAPHS[:3] for line in ["  " + wrapped(text, 70)[0], *wrapped(text, 70)[1:]]]
        document = repaired("\n".join([*lines, *wrapped(PARAGRAPHS[1], 72)]))
        assert texts(document)[0] == PARAGRAPHS[0]

    def test_a_wrapped_paragraph_among_lines_is_joined(self) -> None:
        lines = wrapped_between_words(PARAGRAPHS[1], 90)
        short = [PARAGRAPHS[0], PARAGRAPHS[2], PARAGRAPHS[4]] * 3
        document = repaired("\n\n".join([*short, "\n".join(lines), *short]))
        assert PARAGRAPHS[1] in texts(document)
        assert len(texts(document)) == 2 * len(short) + 1

    def test_one_paragraph_is_a_document(self) -> None:
        document = repaired(PARAGRAPHS[0])
        assert (texts(document), document.metadata.title) == ([PARAGRAPHS[0]], "글")

    def test_one_huge_line_is_one_paragraph(self) -> None:
        document = repaired("강은 길다. 나루는 많다. " * 5000)
        assert len(document.blocks) == 1
        assert len(document.text) == 15 * 5000 - 1

    def test_public_paragraphs_are_neither_lost_nor_joined(self) -> None:
        if not korquad().is_file():
            pytest.skip("the public set is not here")
        rows = [json.loads(line) for line in korquad().read_text(encoding="utf-8").splitlines()]
        paragraphs = [" ".join(row["text"].split()) for row in random.Random(7).sample(rows, 200)]
        for between in ("\n\n", "\n"):
            assert texts(repaired(between.join(paragraphs))) == paragraphs

    def test_english_reads_the_same_way(self) -> None:
        first = (
            "The harbour wakes before dawn. Fishermen carry their boxes to the hall, and the auction begins at five."
        )
        second = "By noon the market is full of visitors, who buy dried squid and the small red crabs of the bay."
        wraps = ["\n".join(wrapped_between_words(text, 50)) for text in (first, second)]
        for raw in ("\n\n".join(["The Harbour Town", first, second]), "\n\n".join(["The Harbour Town", *wraps])):
            document = repaired(raw)
            assert texts(document) == ["The Harbour Town", first, second]
            assert document.metadata.title == "The Harbour Town"


class TestHeadings:
    def test_numbers_nest_and_the_first_line_is_the_title(self) -> None:
        raw = (
            "가람 안내\n\n1. 교통\n\n1.1 버스\n\n버스는 자주 다닌다.\n\n1.2 전철\n\n"
            "전철은 둘이다.\n\n2. 숙박\n\n숙소는 많다.\n"
        )
        document = repaired(raw)
        assert document.metadata.title == "가람 안내"
        levels = [(block.level, document.text[block.start : block.end]) for block in document.blocks if block.level]
        assert levels == [(1, "1. 교통"), (2, "1.1 버스"), (2, "1.2 전철"), (1, "2. 숙박")]
        assert block_of(document, "둘이다").headings == ("1. 교통", "1.2 전철")

    def test_numbers_that_begin_anew_stand_below_headings_without(self) -> None:
        parts = [
            "교통\n\n1. 버스\n\n버스는 자주 다닌다.\n\n2. 전철\n\n전철은 둘이다.",
            "숙박\n\n1. 여관\n\n여관은 많다.",
        ]
        document = repaired("\n\n".join(["가람 안내", *parts]))
        levels = {document.text[block.start : block.end]: block.level for block in document.blocks if block.level}
        assert levels == {"교통": 1, "1. 버스": 2, "2. 전철": 2, "숙박": 1, "1. 여관": 2}

    def test_without_empty_lines_numbered_lines_are_headings(self) -> None:
        document = repaired(
            "1. 교통\n버스는 자주 다닌다.\n2. 숙박\n숙소는 강변에 모여 있다.\n참고문헌\n김하늘. 2019. 『강』.\n"
        )
        assert texts(document, BlockKind.HEADING) == ["1. 교통", "2. 숙박", "참고문헌"]
        assert texts(document, BlockKind.REFERENCE) == ["김하늘. 2019. 『강』."]

    @pytest.mark.parametrize(
        "line", ["박바다 팀장님께", "준비물은 다음과 같다:", "그는 끝내 오지 않았다", "(가람시", "2019. 3. 1."]
    )
    def test_what_reads_otherwise_is_no_heading(self, line: str) -> None:
        document = repaired("\n\n".join([PARAGRAPHS[0], line, PARAGRAPHS[1]]))
        assert block_of(document, line).kind is not BlockKind.HEADING

    def test_a_known_title_is_the_title(self) -> None:
        document = repaired("\n\n".join(["어느 항구의", PARAGRAPHS[0]]) + "\n", title="어느 항구의")
        assert document.blocks[0].kind is BlockKind.TITLE
        two = repaired("어느 항구의\n하루\n\n" + PARAGRAPHS[0], title="어느 항구의 하루")
        assert texts(two, BlockKind.TITLE) == ["어느 항구의 하루"]


class TestRows:
    def test_items_are_rows_of_one_list(self) -> None:
        raw = "준비물은 다음과 같다:\n- 장화\n   긴 것으로 한다\n- 장갑\n\n- 모자\n\n끝으로 물을 챙긴다.\n"
        document = repaired(raw)
        assert texts(document) == [
            "준비물은 다음과 같다:",
            "- 장화 긴 것으로 한다\n- 장갑\n- 모자",
            "끝으로 물을 챙긴다.",
        ]
        assert document.blocks[1].kind is BlockKind.LIST

    def test_numbered_sentences_are_a_list_and_a_single_one_is_not(self) -> None:
        document = repaired("뜻은 이렇다.\n1. 강은 흐르는 물이다.\n2. 나루는 배가 닿는 곳이다.\n")
        assert texts(document, BlockKind.LIST) == ["1. 강은 흐르는 물이다.\n2. 나루는 배가 닿는 곳이다."]
        assert repaired("앞이다.\n\n1. 강은 흐르는 물이다.\n\n뒤다.").blocks[1].kind is BlockKind.PARAGRAPH

    def test_a_poem_keeps_its_lines_and_stanzas(self) -> None:
        raw = "봄밤\n\n강둑에 앉아\n물소리를 듣는다\n달은 떠서\n\n멀리 기차가 지나간다\n불 켜진 창마다\n저녁이 있다\n"
        document = repaired(raw)
        assert texts(document) == [stanza.strip() for stanza in raw.split("\n\n")]
        assert [block.kind for block in document.blocks] == [BlockKind.TITLE, BlockKind.LIST, BlockKind.LIST]

    @pytest.mark.parametrize(
        ("raw", "rows"),
        [
            ("도시\t인구\n가람\t12\n나래\t9\n", "도시\t인구\n가람\t12\n나래\t9"),
            ("도시 | 인구\n가람 | 12\n나래 | 9\n", "도시 | 인구\n가람 | 12\n나래 | 9"),
            ("도시     인구\n가람       12\n나래        9\n", "도시 인구\n가람 12\n나래 9"),
        ],
    )
    def test_columns_are_a_table(self, raw: str, rows: str) -> None:
        document = repaired(raw)
        assert (texts(document), document.blocks[0].kind) == ([rows], BlockKind.TABLE)

    @pytest.mark.parametrize("gap", ["\n", "\n\n"])
    def test_a_caption_goes_with_the_columns_below(self, gap: str) -> None:
        document = repaired(f"{PARAGRAPHS[0]}\n\n<표 1> 도시와 인구{gap}도시\t인구\n가람\t12\n")
        table = document.blocks[1]
        assert table.caption is not None
        assert (table.kind, document.text[slice(*table.caption)]) == (BlockKind.TABLE, "<표 1> 도시와 인구")
        alone = repaired(f"<표 1> 도시와 인구\n\n{PARAGRAPHS[0]}")
        assert {block.kind for block in alone.blocks} == {BlockKind.PARAGRAPH}

    def test_a_letter_keeps_its_head_and_its_close(self) -> None:
        body = "\n\n".join("\n".join(wrapped_between_words(text, 70)) for text in PARAGRAPHS[:3])
        raw = (
            f"보낸 사람: 윤도담\n받는 사람: 박바다\n제목: 회의\n\n박바다 팀장님께\n\n{body}\n\n"
            "고맙습니다.\n윤도담 드림\n"
        )
        document = repaired(raw)
        assert texts(document)[0] == "보낸 사람: 윤도담\n받는 사람: 박바다\n제목: 회의"
        assert texts(document)[1:5] == ["박바다 팀장님께", *PARAGRAPHS[:3]]
        assert texts(document)[-1] == "고맙습니다.\n윤도담 드림"


class TestPages:
    def test_form_feeds_count_pages_and_empty_pages_are_told(self) -> None:
        raw = f"{PARAGRAPHS[0]}\n1\n\f{PARAGRAPHS[1]}\n2\n\f\f{PARAGRAPHS[4]}\n4\n"
        document = repaired(raw)
        assert [block.page for block in document.blocks] == [1, 2, 4]
        assert document.warnings == ("pages without text (글이 없는 쪽): 3",)
        assert left_out(document, raw) == {"page number": ["1", "2", "4"]}

    def test_wrapped_pages_with_form_feeds_read_as_a_print(self) -> None:
        first, second = wrapped(PARAGRAPHS[1], 72), wrapped(PARAGRAPHS[1].replace("구청", "시청1)"), 72)
        note = "1) 강마을 시청을 말한다."
        raw = "\n".join(["제1장 항구", "", *first, "", "- 1 -"]) + "\n\f" + "\n".join([*second, "", note, "", "- 2 -"])
        document = repaired(raw)
        assert texts(document, BlockKind.HEADING) == ["제1장 항구"]
        assert [(block.kind, block.page) for block in document.blocks[1:]] == [
            (BlockKind.PARAGRAPH, 1),
            (BlockKind.PARAGRAPH, 2),
            (BlockKind.FOOTNOTE, 2),
        ]
        assert texts(document, BlockKind.FOOTNOTE) == [note]


def test_short_numbered_lines_one_after_another_are_items() -> None:
    document = repaired("살 것은 이렇다.\n\n1. 사과\n\n2. 배\n\n3. 감\n\n모두 시장에 있다.\n")
    assert texts(document) == ["살 것은 이렇다.", "1. 사과\n2. 배\n3. 감", "모두 시장에 있다."]
