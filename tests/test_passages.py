"""Passages: exact slices of whole sentences, never over a section; tables and notes alone; repeats named."""

from __future__ import annotations

import random

import pytest

from qa.passages import VERSION, cut, nearly_same, shingles
from qa.records import Block, BlockKind, Document, Metadata, Passage, Region, SourceMap
from qa.settings import Settings, load_settings
from tests.repairing import analyser, repaired

NAMES = "솔 달 별 물 들 꽃 잎 강 뫼 샘 밭 숲 길 터 골".split()
DEEDS = "나루를 지킨다 배를 모은다 장을 연다 다리를 놓는다 소금을 판다 그물을 깁는다 등불을 켠다 물때를 적는다".split(
    "다 "
)


def settings(**values: int) -> Settings:
    return load_settings(environment={f"QA_{name.upper()}": str(value) for name, value in values.items()})


def sentences(count: int, seed: int = 1) -> str:
    """So many different sentences."""
    pick = random.Random(seed)
    made = (
        f"{pick.choice(NAMES)}{pick.choice(NAMES)}마을의 {pick.choice(NAMES)}지기는 {pick.randint(2, 99)}해째 "
        f"{pick.choice(DEEDS).removesuffix('다')}다."
        for _ in range(count)
    )
    return " ".join(made)


def document(*blocks: tuple[BlockKind, str], headings: tuple[str, ...] = (), turn: int = 0) -> Document:
    """A document of these blocks; from `turn` characters into a block on, its page is 2."""
    text, made = "", []
    for kind, words in blocks:
        text += "\n\n" if text else ""
        start = len(text)
        caption = (start, start + words.index("\n")) if kind is BlockKind.TABLE else None
        turns = ((start + turn, 2),) if turn else ()
        made.append(Block(kind, start, start + len(words), headings, 1, caption=caption, turns=turns))
        text += words
    return Document("글", "글.txt", text, tuple(made), SourceMap((0,), (0,)), Metadata(title="글"), "0")


def passages(found: Document, **values: int) -> list[Passage]:
    """The passages, of which all that must always hold was checked."""
    cuts = cut(found, analyser(), settings(**values))
    end = 0
    for ordinal, passage in enumerate(cuts):
        assert found.text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
        assert (passage.id, passage.document_id, passage.ordinal) == (f"{found.id}#{ordinal}", found.id, ordinal)
        assert passage.start >= end
        end = passage.end
        assert passage.windows
        assert all(passage.start <= first < last <= passage.end for first, last in passage.windows)
        assert {first for first, _ in passage.windows} >= {passage.start}
    return cuts


PARAGRAPH = BlockKind.PARAGRAPH


class TestCutting:
    def test_sentences_stay_whole_and_within_the_budget(self) -> None:
        found = document((PARAGRAPH, sentences(60)))
        cuts = passages(found, passage_chars=300)
        assert all(len(passage.text) <= 300 for passage in cuts)
        assert all(passage.text.endswith("다.") for passage in cuts)
        assert " ".join(passage.text for passage in cuts) == found.text

    def test_passages_of_a_section_are_about_as_long(self) -> None:
        lengths = [len(passage.text) for passage in passages(document((PARAGRAPH, sentences(45))), passage_chars=400)]
        assert max(lengths) < 1.5 * min(lengths)

    def test_neighbouring_paragraphs_share_a_passage(self) -> None:
        found = document((PARAGRAPH, sentences(2)), (PARAGRAPH, sentences(2, seed=2)))
        assert [passage.text for passage in passages(found)] == [found.text]

    def test_a_passage_never_lies_over_two_sections_or_regions(self) -> None:
        found = repaired(f"# 강\n\n## 1. 나루\n\n{sentences(2)}\n\n## 요약\n\n{sentences(2, 2)}\n", markdown=True)
        cuts = passages(found)
        assert [(passage.headings, passage.region) for passage in cuts] == [
            (("1. 나루",), Region.BODY),
            (("요약",), Region.ABSTRACT),
        ]

    @pytest.mark.parametrize("kind", [BlockKind.FOOTNOTE, BlockKind.LIST, BlockKind.FIGURE, BlockKind.REFERENCE])
    def test_notes_lists_and_figures_stand_alone(self, kind: BlockKind) -> None:
        found = document((PARAGRAPH, sentences(1)), (kind, sentences(1, 2)), (PARAGRAPH, sentences(1, 3)))
        assert [passage.kind for passage in passages(found)] == [PARAGRAPH, kind, PARAGRAPH]

    def test_two_notes_are_two_passages(self) -> None:
        found = document((BlockKind.FOOTNOTE, "1) 강은 길다."), (BlockKind.FOOTNOTE, "2) 나루는 많다."))
        assert len(passages(found)) == 2

    def test_references_share_passages_entry_by_entry(self) -> None:
        entries = "\n".join(f"이름{number}. 20{number}. 『강의 책 {number}』. 가람." for number in range(10, 60))
        cuts = passages(document((BlockKind.REFERENCE, entries)), passage_chars=200)
        assert [row for passage in cuts for row in passage.text.split("\n")] == entries.split("\n")

    def test_rows_stay_whole_and_the_caption_heads_the_rest_of_its_table(self) -> None:
        rows = [f"나루{number} {number * 7} {number * 31}" for number in range(60)]
        found = document((BlockKind.TABLE, "\n".join(["<표 1> 나루의 수", *rows])), headings=("강",))
        cuts = passages(found, passage_chars=200)
        assert cuts[0].text.startswith("<표 1> 나루의 수\n나루0 ")
        assert cuts[0].headings == ("강",)
        assert {passage.headings for passage in cuts[1:]} == {("강", "<표 1> 나루의 수")}
        assert [row for passage in cuts for row in passage.text.split("\n")][1:] == rows

    def test_a_long_sentence_stands_alone(self) -> None:
        long = "강은 " + "길고 " * 150 + "깊다."
        cuts = passages(document((PARAGRAPH, f"{sentences(2)} {long} {sentences(2, 2)}")), passage_chars=300)
        assert long in [passage.text for passage in cuts]

    def test_a_sentence_of_ten_thousand_characters_is_cut_at_spaces(self) -> None:
        long = " ".join(f"{number}나루" for number in range(2100)) + "를 지났다."
        cuts = passages(document((PARAGRAPH, long)), passage_chars=400)
        assert len(long) > 10_000
        assert max(len(passage.text) for passage in cuts) <= 3 * 400
        assert " ".join(passage.text for passage in cuts) == long

    def test_one_without_spaces_is_cut_all_the_same(self) -> None:
        cuts = passages(document((PARAGRAPH, "가나다라" * 2500)), passage_chars=400)
        assert "".join(passage.text for passage in cuts) == "가나다라" * 2500
        assert max(len(passage.text) for passage in cuts) <= 3 * 400

    def test_headings_are_no_passages_unless_there_is_nothing_else(self) -> None:
        found = document((BlockKind.TITLE, "강"), (BlockKind.HEADING, "나루"), (PARAGRAPH, "많다."))
        assert [passage.text for passage in passages(found)] == ["많다."]
        alone = document((BlockKind.TITLE, "강"), (BlockKind.HEADING, "나루"))
        assert [passage.text for passage in passages(alone)] == ["강", "나루"]

    def test_an_empty_document_has_none(self) -> None:
        assert passages(document()) == []

    def test_pages_are_those_of_the_first_and_last_character(self) -> None:
        found = document((PARAGRAPH, sentences(30)), turn=350)
        pages = [(passage.page, passage.page_end) for passage in passages(found, passage_chars=300)]
        assert pages[:2] == [(1, 1), (1, 2)]
        assert set(pages[2:]) == {(2, 2)}


class TestWindows:
    def test_each_sentence_begins_a_window_up_to_the_budget(self) -> None:
        (passage,) = passages(document((PARAGRAPH, sentences(6))), window_chars=60)
        spans = analyser().sentences(passage.text)
        assert [first for first, _ in passage.windows] == [first for first, _ in spans]
        ends = {last for _, last in spans}
        for first, last in passage.windows:
            assert last in ends
            assert last - first <= 60 or (first, last) in spans

    def test_a_row_that_is_longer_than_the_budget_is_a_window(self) -> None:
        row = "나루 " * 40
        (passage,) = passages(document((BlockKind.LIST, f"강\n{row.strip()}")), window_chars=60)
        assert passage.windows == ((0, 1), (2, 2 + len(row.strip())))


class TestRepeats:
    def test_an_abstract_repeated_at_the_end_names_the_first(self) -> None:
        abstract = sentences(12, seed=5)
        found = repaired(
            f"# 강\n\n## 초록\n\n{abstract}\n\n## 1. 나루\n\n{sentences(30)}\n\n## 2. 결론\n\n{abstract}\n",
            markdown=True,
        )
        cuts = passages(found)
        first = [passage for passage in cuts if passage.region is Region.ABSTRACT]
        last = [passage for passage in cuts if passage.headings == ("2. 결론",)]
        assert [passage.duplicate_of for passage in last] == [passage.id for passage in first]
        assert {passage.duplicate_of for passage in cuts if passage not in last} == {""}

    def test_a_repeat_that_is_cut_elsewhere_is_seen(self) -> None:
        said = sentences(40, seed=5)
        found = document((PARAGRAPH, said), (BlockKind.LIST, "쉼"), (PARAGRAPH, said[said.index(". ", 150) + 2 :]))
        cuts = passages(found, passage_chars=300)
        later = cuts[[passage.kind for passage in cuts].index(BlockKind.LIST) + 1 :]
        assert len(later) > 2
        assert all(passage.duplicate_of for passage in later)

    def test_tables_notes_and_short_texts_are_never_repeats(self) -> None:
        note = "1) https://example.org/a/long/address/of/a/source.html"
        table = f"<표 1> 나루\n{sentences(3)}"
        found = document(*[(BlockKind.FOOTNOTE, note), (BlockKind.TABLE, table), (PARAGRAPH, "강은 길다.")] * 2)
        assert {passage.duplicate_of for passage in passages(found)} == {""}

    def test_shingles_see_through_spaces_and_signs(self) -> None:
        one, other = sentences(8), sentences(8, seed=9)
        assert shingles(one) == shingles(one.replace(" ", "").replace(".", "…"))
        assert nearly_same(shingles(one), shingles(one + other))
        assert not nearly_same(shingles(one), shingles(other))
        assert not nearly_same(shingles("강"), shingles("강"))


def test_the_same_document_is_cut_the_same_way() -> None:
    found = document((PARAGRAPH, sentences(50)))
    assert passages(found) == passages(found)
    assert VERSION >= 1
