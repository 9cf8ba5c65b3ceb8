"""Markdown, rule by rule: what is marked stays, the signs go, and each character keeps its place."""

from __future__ import annotations

import pytest

from qa.records import BlockKind, Document, Region
from tests.repairing import block_of, left_out, repaired, texts

LONG = (
    "이 고장의 강은 북쪽 산맥에서 시작하여 남쪽 바다로 흘러 들어가며 길이는 모두 백이십 킬로미터에 이르는데 그 물길을"
)


def read(text: str, title: str = "") -> Document:
    return repaired(text, markdown=True, title=title)


class TestSigns:
    @pytest.mark.parametrize(
        ("raw", "text"),
        [
            ("**강**은 *길고* __나루__는 _많다_.", "강은 길고 나루는 많다."),
            ("***강***은 ~~짧고~~ 길다.", "강은 짧고 길다."),
            ("[강](https://ex.am/a_b_c)과 ![나루](a.png)", "강과 나루"),
            ("[강][1]과 <https://ex.am/ple>", "강과 https://ex.am/ple"),
            ("`강_나루_다리`와 2\\*3\\_4 그리고 a*b*c", "강_나루_다리와 2*3_4 그리고 a*b*c"),
            ("강&nbsp;나루 &lt;옛날&gt; &amp; &#39;지금&#39; &nosuch;", "강 나루 <옛날> & '지금' &nosuch;"),
            ("강<br>나루<br/>다리 <b>장터</b> 12km<sup>2</sup>", "강 나루 다리 장터 12km2"),
            ("snake_case_name 과 2 * 3 * 4", "snake_case_name 과 2 * 3 * 4"),
            ("**강과\n나루**의 이야기", "강과 나루의 이야기"),
        ],
    )
    def test_signs_go_and_what_they_mark_stays(self, raw: str, text: str) -> None:
        assert read(raw).text == text

    def test_hidden_parts_are_named(self) -> None:
        raw = '+++\ntitle = "강"\n+++\n\n# 강\n\n글이다. <!-- 숨은 글\n두 줄 -->\n\n---\n\n[1]: https://ex.am/ple\n\n끝이다.\n'
        document = read(raw)
        assert texts(document) == ["강", "글이다.", "끝이다."]
        assert left_out(document, raw) == {
            "front matter": ['+++\ntitle = "강"\n+++\n'],
            "markup": ["# ", "[1]: https://ex.am/ple"],
            "comment": ["<!-- 숨은 글\n두 줄 -->"],
            "rule": ["---"],
        }

    def test_yaml_front_matter_is_left_out_too(self) -> None:
        assert read("---\ntitle: 강\n---\n글이다.\n").text == "글이다."

    def test_code_stays_as_it_is(self) -> None:
        document = read("앞이다.\n\n```python\n# 나루 *x*\n\nprint(1)\n```\n\n~~~\n<b>\n~~~\n")
        assert texts(document) == ["앞이다.", "# 나루 *x*\nprint(1)", "<b>"]
        assert [block.kind for block in document.blocks[1:]] == [BlockKind.LIST, BlockKind.LIST]

    def test_a_quotation_loses_its_signs(self) -> None:
        assert texts(read("> 강은 길다.\n> 나루는 많다.\n>\n> > 다리는 적다.")) == [
            "강은 길다. 나루는 많다.",
            "다리는 적다.",
        ]


class TestBlocks:
    def test_headings_of_both_kinds(self) -> None:
        raw = (
            "강 이야기\n=====\n\n머리말이다.\n\n나루\n---\n\n많다.\n\n### 배 ###\n\n크다.\n\n"
            "긴 문장으로 끝난 글이다.\n---\n"
        )
        document = read(raw)
        found = [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]
        assert found[0] == (BlockKind.TITLE, 0, "강 이야기")
        assert [entry for entry in found if entry[1]] == [(BlockKind.HEADING, 1, "나루"), (BlockKind.HEADING, 2, "배")]
        assert left_out(document, raw)["rule"] == ["---"]

    def test_levels_close_up_and_the_path_follows(self) -> None:
        document = read("# 강\n\n## 나루\n\n#### 배\n\n크다.\n\n## 장터\n\n넓다.\n")
        assert [block.level for block in document.blocks if block.level] == [1, 2, 1]
        assert block_of(document, "크다").headings == ("나루", "배")

    def test_numbers_are_trusted_where_hashes_contradict_them(self) -> None:
        raw = (
            "## I. 강\n\n길다.\n\n### (1) 나루\n\n많다.\n\n### II. 다리\n\n적다.\n\n"
            "## (1) 쇠다리\n\n둘.\n\n## 저자약력\n\n### 윤도담\n\n글쓴이.\n"
        )
        document = read(raw)
        levels = {document.text[block.start : block.end]: block.level for block in document.blocks if block.level}
        assert levels == {"I. 강": 1, "(1) 나루": 2, "II. 다리": 1, "(1) 쇠다리": 2, "저자약력": 1, "윤도담": 2}
        assert block_of(document, "글쓴이").region is Region.BACK

    def test_lists_keep_items_and_what_they_run_on_to(self) -> None:
        raw = (
            "준비물은 이렇다:\n- 장화\n  긴 것\n- 장갑\n\n- 모자\n\n  챙이 넓은 것\n\n1. 하나\n"
            "   1. 속\n2. 둘\n\n끝이다.\n"
        )
        document = read(raw)
        assert texts(document)[1] == "- 장화 긴 것\n- 장갑\n- 모자\n챙이 넓은 것\n1. 하나\n1. 속\n2. 둘"
        assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.PARAGRAPH]

    def test_lines_broken_by_hand_are_rows(self) -> None:
        document = read("펴낸이 \u00a0\u00a0 윤도담  \n펴낸 곳 강마을  \n펴낸 날 2020년\n\n봄밤에\\\n강둑에\\\n앉아\n")
        assert texts(document)[0] == "펴낸이 윤도담\n펴낸 곳 강마을\n펴낸 날 2020년"
        assert [block.kind for block in document.blocks] == [BlockKind.LIST, BlockKind.LIST]

    def test_lines_of_a_paragraph_are_joined_with_spaces(self) -> None:
        assert read("강은 북쪽에서\n시작하여 남쪽으로\n흐른다.").text == "강은 북쪽에서 시작하여 남쪽으로 흐른다."


class TestTables:
    TABLE = "| 도시 | 인구 |\n|:---|---:|\n| 가람 | 12<br>만 |\n| 나\\|래 | 9 |\n"

    def test_frames_go_and_cells_stay(self) -> None:
        document = read(self.TABLE)
        assert document.text == "도시 | 인구\n가람 | 12 만\n나|래 | 9"
        assert document.blocks[0].kind is BlockKind.TABLE

    @pytest.mark.parametrize("caption", ["표 1: 도시와 인구", "**표**: 도시와 인구", "Table 2. Towns"])
    def test_a_caption_above_heads_the_table(self, caption: str) -> None:
        document = read(f"{caption}\n\n{self.TABLE}")
        found = document.blocks[0].caption
        assert found is not None
        assert document.text[slice(*found)] == caption.replace("*", "")

    def test_a_caption_without_a_table_is_a_paragraph(self) -> None:
        document = read(f"표 1: 도시와 인구\n\n글이다.\n\n표 2: 나루\n\n{self.TABLE}")
        assert [block.kind for block in document.blocks] == [BlockKind.PARAGRAPH, BlockKind.PARAGRAPH, BlockKind.TABLE]

    def test_a_table_without_bars_at_its_sides(self) -> None:
        document = read("도시 | 면적\n--- | ---\n가람 | 45\n나래 | 33\n\n강 | 나루 사이의 글이다.\n")
        assert texts(document, BlockKind.TABLE) == ["도시 | 면적\n가람 | 45\n나래 | 33"]
        assert texts(document, BlockKind.PARAGRAPH) == ["강 | 나루 사이의 글이다."]


class TestNotes:
    def test_notes_of_both_kinds_are_lifted_and_linked(self) -> None:
        raw = (
            "강<sup>1)</sup>은 길고 나루[^나]는 많다.[^나]\n\n1) 옛 이름은 가람이다.\n\n"
            "[^나]: 배가 닿는 곳이다.\n둘째 줄이다.\n"
        )
        document = read(raw)
        assert texts(document) == [
            "강은 길고 나루는 많다.",
            "1) 옛 이름은 가람이다.",
            "[^나]: 배가 닿는 곳이다. 둘째 줄이다.",
        ]
        assert [(block.label, block.marks) for block in document.blocks[1:]] == [("1", ((1, 1),)), ("나", ((8, 8),))]
        assert left_out(document, raw)["note mark"] == ["<sup>1)</sup>", "[^나]", "[^나]"]

    def test_a_mark_without_a_note_stays(self) -> None:
        assert read("넓이는 45km<sup>2</sup>이고 나루[^x]는 많다.").text == "넓이는 45km2이고 나루[^x]는 많다."

    def test_a_paragraph_that_a_page_cut_goes_on_behind_its_notes(self) -> None:
        raw = f"{LONG}<sup>1)</sup>\n\n1) 물길은 여럿이다.\n\n따라 나루가 있었다.\n\n다음 문단이다.\n"
        document = read(raw)
        assert texts(document) == [f"{LONG} 따라 나루가 있었다.", "1) 물길은 여럿이다.", "다음 문단이다."]

    @pytest.mark.parametrize("after", ["■ 주제어 강, 나루", "# 나루", "- 나루"])
    def test_what_stands_alone_does_not_go_on(self, after: str) -> None:
        assert texts(read(f"{LONG}\n\n{after}\n"))[0] == LONG

    def test_a_finished_paragraph_does_not_go_on(self) -> None:
        done = LONG.removesuffix("그 물길을") + "물길은 여럿임"
        assert texts(read(f"{done}\n\n나루가 있었다.\n")) == [done, "나루가 있었다."]


class TestTitles:
    def test_repeats_of_the_title_and_its_subtitle_go(self) -> None:
        cover = "# 강 이야기\n\n나루와  \n장터\n\n"
        raw = f"{cover}{cover}# 강 이야기\n\n## 나루와 장터\n\n## 1. 나루\n\n많다.\n"
        document = read(raw)
        assert texts(document) == ["강 이야기", "나루와 장터", "1. 나루", "많다."]
        assert [block.kind for block in document.blocks[:2]] == [BlockKind.TITLE, BlockKind.TITLE]
        assert "".join(left_out(document, raw)["repeated title"]).count("나루와") == 2
        assert document.metadata.title == "강 이야기"

    def test_a_subtitle_completes_the_known_title(self) -> None:
        document = read("# 강 이야기\n\n나루와 장터\n\n글이다.\n", title="강 이야기: 나루와 장터")
        assert [block.kind for block in document.blocks[:2]] == [BlockKind.TITLE, BlockKind.TITLE]

    def test_the_contents_list_goes(self) -> None:
        raw = "# 강\n\n## 목차\n\n1. 나루 ..... 3\n2. 장터 ..... 9\n\n## 1. 나루\n\n많다.\n"
        document = read(raw)
        assert texts(document) == ["강", "1. 나루", "많다."]
        assert len(left_out(document, raw)["contents"]) == 3

    @pytest.mark.parametrize(
        "raw", ["# 나루\n\n많다.\n\n# 장터\n\n넓다.\n", "# 서론\n\n## 나루\n\n많다.\n\n# 결론\n\n넓다.\n"]
    )
    def test_one_of_several_parts_is_no_title(self, raw: str) -> None:
        document = read(raw)
        assert texts(document, BlockKind.TITLE) == []
        assert document.metadata.title == "글"

    def test_references_are_references(self) -> None:
        document = read(
            "# 강\n\n## 참고문헌\n\n- 김하늘. 2019. 『강』.\n- 윤도담. 2020. 『나루』.\n\nSmith, J. 2018. Rivers.\n"
        )
        assert {block.kind for block in document.blocks if block.region is Region.REFERENCES} == {
            BlockKind.HEADING,
            BlockKind.REFERENCE,
        }

    def test_markdown_is_seen_whatever_the_files_name(self) -> None:
        assert texts(repaired("# 강\n\n길다.\n\n## 나루\n\n많다.\n")) == ["강", "길다.", "나루", "많다."]
        assert texts(repaired("# 강은 길다.\n\n나루는 많다.\n"))[0] == "# 강은 길다."
