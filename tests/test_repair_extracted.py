"""What PDF extraction leaves, rule by rule, on small invented prints."""

from __future__ import annotations

import pytest

from qa.records import BlockKind, Region
from tests.repairing import block_of, extracted, left_out, repaired, texts, wrapped, wrapped_between_words

RIVER = (
    "이 고장의 강은 북쪽 산맥에서 시작하여 남쪽 바다로 흘러 들어가며 길이는 모두 백이십 킬로미터에 이른다. "
    "옛사람들은 강을 따라 나루를 열다섯 군데 두었고 나루마다 작은 장이 섰다. 가장 컸던 솔나루에는 하루에 배가 "
    "쉰 척 넘게 드나들었다고 전한다. 지금은 다리가 놓여 나루는 모두 사라졌다."
)
BRIDGE = (
    "첫 다리는 천구백삼십사년에 놓였다. 나무로 만든 다리여서 큰물이 지면 자주 떠내려갔고 그때마다 마을 사람들이 "
    "힘을 모아 다시 놓았다. 쇠로 만든 다리는 스무 해 뒤에야 섰는데 처음에는 기차만 건널 수 있었다. 사람과 수레가 "
    "함께 건너는 넓은 다리는 그 뒤로도 열 해를 더 기다려야 했다."
)
MARKET = (
    "장날이면 강 건너 마을에서도 사람들이 모여들었다. 소금과 미역은 배로 들어왔고 콩과 팥은 수레로 왔다. 상인들은 "
    "새벽에 자리를 펴고 해가 지기 전에 거두었다. 값은 흥정으로 정했으며 외상은 다음 장날에 갚는 것이 법이었다."
)


def squeezed(text: str) -> str:
    return "".join(text.split())


class TestLines:
    def test_paragraphs_are_joined_and_kept_apart(self) -> None:
        document = repaired(extracted(wrapped(RIVER) + wrapped(BRIDGE) + wrapped(MARKET)))
        assert [squeezed(text) for text in texts(document)] == [squeezed(text) for text in (RIVER, BRIDGE, MARKET)]
        assert document.repairs["lines joined"] == sum(len(wrapped(text)) - 1 for text in (RIVER, BRIDGE, MARKET))

    def test_a_wrap_between_words_leaves_a_space(self) -> None:
        lines = [line for _ in range(5) for text in (RIVER, BRIDGE, MARKET) for line in wrapped_between_words(text)]
        joined = " ".join(texts(repaired(extracted(lines))))
        assert joined == " ".join([RIVER, BRIDGE, MARKET] * 5)

    def test_trailing_spaces_are_the_spaces_of_the_print(self) -> None:
        lines = wrapped(RIVER + " " + BRIDGE)
        rest = RIVER + " " + BRIDGE
        marked = []
        for line in lines:
            rest = rest.removeprefix(line)
            marked.append(line + " " if rest.startswith(" ") else line)
            rest = rest.lstrip()
        assert texts(repaired(extracted(marked))) == [RIVER + " " + BRIDGE]

    def test_a_trailing_space_before_a_copula_is_a_mistake_of_extraction(self) -> None:
        first = "강가의 넓은 들은 오래전부터 이 고장 사람들이 지켜 온 자산 "
        lines = [f"{line} " for line in wrapped(BRIDGE) + wrapped(MARKET)]
        document = repaired(extracted([*lines, first, "이다.", *lines]))
        assert "지켜 온 자산이다." in document.text

    def test_an_ordinal_begins_a_paragraph(self) -> None:
        first = "이 고장의 나루가 사라진 까닭은 지금까지 알려진 것만 해도 모두 세 가지를 들 수 있다."
        lines = [*wrapped(RIVER), *wrapped(first, 84), *wrapped("둘째, " + MARKET)]
        assert any(text.startswith("둘째,") for text in texts(repaired(extracted(lines))))

    def test_a_quotation_is_a_paragraph(self) -> None:
        quotation = "“" + "강은 길이고 길은 장이며 장은 사람이다. 그러므로 강이 마르면 사람도 떠난다고 하겠다.”"
        document = repaired(extracted(wrapped(RIVER) + wrapped(quotation, 43) + wrapped("그 뒤로 " + MARKET)))
        assert any(squeezed(text) == squeezed(quotation) for text in texts(document))

    def test_a_reference_in_brackets_goes_with_its_sentence(self) -> None:
        document = repaired(extracted([*wrapped(RIVER), "(김하늘, 2019: 26)", *wrapped(MARKET)]))
        assert texts(document)[0].endswith("사라졌다.(김하늘, 2019: 26)")
        assert squeezed(texts(document)[1]) == squeezed(MARKET)

    def test_short_lines_without_an_end_are_lines_of_their_own(self) -> None:
        document = repaired(extracted(["나루 이야기", "강마을 연구소", "윤도담", *wrapped(RIVER), *wrapped(MARKET)]))
        assert {"강마을 연구소", "윤도담"} <= {line for text in texts(document) for line in text.split("\n")}


class TestPages:
    def test_a_paragraph_goes_on_over_the_page(self) -> None:
        lines = wrapped(RIVER)
        document = repaired(extracted(wrapped(BRIDGE) + lines[:3], lines[3:] + wrapped(MARKET)))
        river = block_of(document, "백이십")
        assert squeezed(document.text[river.start : river.end]) == squeezed(RIVER)
        assert (river.page, [page for _, page in river.turns]) == (1, [2])
        turn = river.turns[0][0]
        assert squeezed(document.text[turn : river.end]) == squeezed("".join(lines[3:]))
        assert [river.page_at(at) for at in (river.start, turn - 1, turn, river.end - 1)] == [1, 1, 2, 2]

    def test_printed_numbers_number_the_pages_and_leave_a_gap_before_a_chapter(self) -> None:
        pages = [
            ["제1장 강", *wrapped(RIVER), "- 11 -"],
            [*wrapped(BRIDGE), "- 12 -"],
            ["제2장 장터", *wrapped(MARKET), *wrapped(RIVER)],
            [*wrapped(BRIDGE), "- 16 -"],
        ]
        document = repaired(extracted(*pages))
        assert [(text, block_of(document, text).page) for text in ("제1장 강", "제2장 장터")] == [
            ("제1장 강", 11),
            ("제2장 장터", 15),
        ]
        assert left_out(document, extracted(*pages)) == {"page number": ["- 11 -", "- 12 -", "- 16 -"]}

    def test_pages_before_number_one_have_none(self) -> None:
        document = repaired(extracted(wrapped(RIVER), wrapped(BRIDGE), [*wrapped(MARKET), "- 1 -"]))
        assert [block.page for block in document.blocks] == [None, None, 1]

    def test_a_number_that_no_break_announces_begins_a_page(self) -> None:
        raw = "\n\n".join(wrapped(RIVER)) + "\n\n\n\n- 8 -\n\n" + "\n\n".join(wrapped(MARKET)) + "\n"
        document = repaired(raw)
        assert [block.page for block in document.blocks] == [7, 8]

    def test_running_headers_go_with_their_numbers(self) -> None:
        pages = [[*wrapped(RIVER), "나루와 장터의 역사 1"], [*wrapped(BRIDGE), "나루와 장터의 역사 2"], wrapped(MARKET)]
        document = repaired(extracted(*pages))
        assert left_out(document, extracted(*pages))["running header"] == [
            "나루와 장터의 역사 1",
            "나루와 장터의 역사 2",
        ]

    def test_a_header_of_three_pages_names_a_work_without_a_title(self) -> None:
        pages = [[*wrapped(text), "나루와 장터의 역사"] for text in (RIVER, BRIDGE, MARKET)]
        assert repaired(extracted(*pages)).metadata.title == "나루와 장터의 역사"
        assert repaired(extracted(*pages[:2])).metadata.title == "글"

    def test_a_thumb_index_in_the_middle_of_a_sentence_goes(self) -> None:
        lines = wrapped(RIVER)
        document = repaired(extracted([*lines[:3], "요약"], lines[3:] + wrapped(MARKET)))
        assert squeezed(texts(document)[0]) == squeezed(RIVER)

    def test_a_magazines_ornaments_go(self) -> None:
        raw = extracted(["032", "R", "I", "V", "ERS", "&", "강과 장터 + 특집", *wrapped(RIVER), *wrapped(MARKET)])
        document = repaired(raw)
        assert left_out(document, raw) == {
            "page number": ["032"],
            "ornament": ["R", "I", "V", "ERS", "&", "강과 장터 + 특집"],
        }
        assert document.blocks[0].page == 32

    @pytest.mark.parametrize(
        "contents",
        [
            ["목 차", "제1장 강 ......... 1", "제2장 장터 ······ 9"],
            ["목차", "제1장 강 1", "제1절 나루 3", "제2장 장터 9", "참고문헌 12"],
        ],
    )
    def test_the_contents_list_is_no_text(self, contents: list[str]) -> None:
        raw = extracted([*contents, "제1장 강", *wrapped(RIVER), "제2장 장터", *wrapped(MARKET)])
        document = repaired(raw)
        assert left_out(document, raw)["contents"][-1] == contents[-1]
        assert texts(document, BlockKind.HEADING) == ["제1장 강", "제2장 장터"]


class TestNotes:
    def test_a_footnote_is_lifted_out_and_linked(self) -> None:
        lines = wrapped(RIVER.replace("솔나루에는", "솔나루1)에는"))
        at = next(index for index, line in enumerate(lines) if "1)" in line) + 1
        note = ["1) 강마을 연구소가 지난해에 펴낸 나루 지도에 그 자리가 나와 있으며 지금은 작은 공원이", "되었다."]
        raw = extracted([*lines[:at], *note, *lines[at:], *wrapped(MARKET)])
        document = repaired(raw)
        assert squeezed(texts(document)[0]) == squeezed(RIVER)
        found = block_of(document, "나루 지도")
        assert (found.kind, found.label) == (BlockKind.FOOTNOTE, "1")
        assert texts(document, BlockKind.FOOTNOTE) == [f"{note[0]} {note[1]}"]
        assert document.text[: found.marks[0][0]].endswith("솔나루")
        assert left_out(document, raw) == {"note mark": ["1)"]}

    def test_a_mark_may_follow_a_year(self) -> None:
        lines = wrapped(RIVER.replace("쉰 척", "20211) 쉰 척"))
        note = "1) 뱃사람들이 남긴 일기에 그렇게 적혀 있으나 다른 기록은 찾을 수 없다."
        raw = extracted([*lines, note, *wrapped(MARKET)])
        assert left_out(repaired(raw), raw) == {"note mark": ["1)"]}

    def test_numbers_begin_anew_where_the_page_calls_one(self) -> None:
        pages = [
            [*wrapped(RIVER.replace("솔나루에는", "솔나루1)에는")), "1) 강마을 지도에 나오는 이름이다."],
            [*wrapped(BRIDGE.replace("기차만", "기차1)만")), "1) 석탄을 나르던 작은 기차를 말한다.", *wrapped(MARKET)],
        ]
        document = repaired(extracted(*pages))
        assert texts(document, BlockKind.FOOTNOTE) == [pages[0][-1], "1) 석탄을 나르던 작은 기차를 말한다."]
        marks = [block.marks[0][0] for block in document.blocks if block.kind is BlockKind.FOOTNOTE]
        assert [document.text[mark - 3 : mark] for mark in marks] == ["솔나루", "처음에는 기차"[-3:]]

    def test_an_item_with_a_number_is_no_note(self) -> None:
        document = repaired(extracted([*wrapped(RIVER), "1) 나루의 이름", *wrapped(MARKET), "2) 장터의 법"]))
        assert texts(document, BlockKind.FOOTNOTE) == []

    def test_a_side_note_is_lifted_out_with_the_mark_and_its_gap(self) -> None:
        lines = wrapped(RIVER.replace("장이 섰다.", "장1 이 섰다.").replace("작은 장1 이", "작은 장터1 가"))
        side = ["1", "장은 닷새마다 섰으며", "큰 장은 보름에 한 번", "열렸다고 전해진다고 함."]
        document = repaired(extracted([*lines[:4], *side, *lines[4:], *wrapped(BRIDGE), *wrapped(MARKET)]))
        assert "나루마다 작은 장터가 섰다." in document.text
        found = block_of(document, "닷새마다")
        assert (found.kind, found.label) == (BlockKind.FOOTNOTE, "1")
        assert texts(document, BlockKind.FOOTNOTE)[0].startswith("1 장은 닷새마다")

    def test_a_narrow_column_explains_the_number_that_has_no_note(self) -> None:
        first = wrapped(RIVER.replace("열다섯 군데", "열다섯 군데1").replace("배가", "배2가"))
        side = ["나루의 수는 기록마다", "조금씩 다르게 나온다", "여기서는 군지를 따라", "열다섯으로 적기로 함."]
        numbered = ["2", "배의 수는 관아의 장부", "에 적힌 것을 따랐음."]
        pages = [[*first[:3], *side, *first[3:]], [*wrapped(BRIDGE), *numbered, *wrapped(MARKET)]]
        document = repaired(extracted(*pages))
        notes = [(block.label, len(block.marks)) for block in document.blocks if block.kind is BlockKind.FOOTNOTE]
        assert notes == [("1", 1), ("2", 1)]

    def test_a_number_of_a_table_calls_no_note(self) -> None:
        lines = wrapped("그림1 과 표1에 적은 대로 " + RIVER)
        document = repaired(
            extracted([*lines, "1", "나루의 수는 군지를 따라", "열다섯으로 적기로 함.", *wrapped(MARKET)])
        )
        assert "그림1 과 표1에 적은 대로" in document.text
        assert block_of(document, "군지를").marks == ()

    def test_a_note_goes_on_over_the_page(self) -> None:
        first = ["1) 나루의 이름은 군지에 나오며 솔숲이 있던 자리라고 적혀 있는데 그 숲은 지금 남아 있지 않고"]
        second = ["흔적만 언덕에 있다고 한다.", "2) 다리의 이름은 마을 사람들이 지었다."]
        pages = [
            [*wrapped(RIVER.replace("솔나루에는", "솔나루1)에는")), *first],
            [*wrapped(BRIDGE.replace("넓은 다리는", "넓은 다리2)는")), *second],
            wrapped(MARKET),
        ]
        document = repaired(extracted(*pages))
        assert squeezed(texts(document, BlockKind.FOOTNOTE)[0]) == squeezed(first[0] + second[0])
        assert texts(document, BlockKind.FOOTNOTE)[1] == second[1]


class TestTables:
    ROWS = ("해 나루 배", "1910 15 52", "1920 12 40", "1930 7 11")

    def test_a_table_has_its_caption_rows_and_source(self) -> None:
        table = ["<표 1> 나루와 배의 수", *self.ROWS, "자료: 강마을 군지"]
        document = repaired(extracted([*wrapped(RIVER), *table, *wrapped(MARKET)]))
        found = block_of(document, "나루와 배의 수")
        assert (found.kind, texts(document, BlockKind.TABLE)) == (BlockKind.TABLE, ["\n".join(table)])
        assert found.caption is not None
        assert document.text[slice(*found.caption)] == table[0]

    def test_rows_at_the_foot_belong_to_the_caption_above_the_text(self) -> None:
        lines = ["<표 1> 나루와 배의 수", *wrapped(RIVER), *self.ROWS]
        document = repaired(extracted(lines, wrapped(MARKET)))
        assert texts(document, BlockKind.TABLE) == ["\n".join([lines[0], *self.ROWS])]

    def test_rows_on_the_next_page_go_on_to_the_repeated_header(self) -> None:
        pages = [
            [*wrapped(RIVER), "<표 1> 나루와 배의 수", *self.ROWS],
            ["1940 3 4", "1950 1 1", *self.ROWS[:1], "솔나루 9 9", "<표 2> 장터의 수", *wrapped(MARKET)],
        ]
        document = repaired(extracted(*pages))
        first, second = texts(document, BlockKind.TABLE)
        assert first == "\n".join(["<표 1> 나루와 배의 수", *self.ROWS, "1940 3 4", "1950 1 1"])
        assert second == "\n".join(["<표 2> 장터의 수", self.ROWS[0], "솔나루 9 9"])

    def test_a_figure_takes_the_labels_before_its_caption(self) -> None:
        labels = ["나루", "장터", "다리", "기찻길"]
        document = repaired(extracted([*wrapped(RIVER), *labels, "그림 1 강마을의 자리", *wrapped(MARKET)]))
        assert texts(document, BlockKind.FIGURE) == ["\n".join(["그림 1 강마을의 자리", *labels])]

    def test_a_source_above_a_figure_is_the_figures(self) -> None:
        lines = ["Source: 강마을 군지", "[그림 1] 강마을의 자리", *wrapped(MARKET)]
        document = repaired(extracted([*wrapped(RIVER), *lines]))
        assert texts(document, BlockKind.FIGURE) == ["[그림 1] 강마을의 자리\nSource: 강마을 군지"]

    def test_a_long_source_runs_on(self) -> None:
        source = wrapped("자료: 강마을 군지와 나루 지도 그리고 관아에 남은 장부를 함께 살펴서 다시 셈한 것 열두 권")
        document = repaired(extracted([*wrapped(RIVER), "<표 1> 나루의 수", *self.ROWS, *source, *wrapped(MARKET)]))
        assert texts(document, BlockKind.TABLE)[0].endswith("셈한 것 열두 권")
        assert texts(document, BlockKind.TABLE)[0].count("\n") == len(self.ROWS) + 1

    def test_a_caption_runs_on_but_not_into_a_header_that_is_repeated(self) -> None:
        caption = "<표 1> 강을 따라 있던 나루와 그 나루에 드나들던 배의 수를 적은"
        lines = [*wrapped(RIVER), caption, "옛 장부", *self.ROWS, *wrapped(MARKET)]
        found = texts(repaired(extracted(lines)), BlockKind.TABLE)[0]
        assert found.split("\n")[:2] == [f"{caption} 옛 장부", self.ROWS[0]]
        again = [*lines[:-4], *wrapped(MARKET), "<표 2> 장터의 수", "옛 장부", *self.ROWS]
        found = texts(repaired(extracted(again)), BlockKind.TABLE)[0]
        assert found.split("\n")[:2] == [caption, "옛 장부"]

    def test_a_mention_is_no_caption(self) -> None:
        lines = [*wrapped(RIVER), "<표 1>에서 보듯이 나루는 줄었다.", "<표 1> 나루의 수", *self.ROWS, *wrapped(MARKET)]
        document = repaired(extracted(lines))
        assert len(texts(document, BlockKind.TABLE)) == 1
        assert block_of(document, "보듯이").kind is BlockKind.PARAGRAPH

    def test_a_line_of_prose_above_a_table_goes_on_overleaf(self) -> None:
        lines = wrapped(BRIDGE)
        pages = [[*wrapped(RIVER), "1. 다리", lines[0], *self.ROWS, "1940 3 4"], [*lines[1:], *wrapped(MARKET)]]
        document = repaired(extracted(*pages))
        assert squeezed(texts(document, BlockKind.PARAGRAPH)[1]) == squeezed(BRIDGE)

    def test_a_boxed_list_keeps_its_items_and_what_they_run_on_to(self) -> None:
        box = [
            "장터의 법",
            "• 외상은 다음 장날에",
            "   갚는다",
            "• 자리는 새벽에 편다",
            "(늦으면 잃는다)",
            "• 흥정은 한 번",
        ]
        document = repaired(extracted([*wrapped(RIVER), *box, *wrapped(MARKET)]))
        assert texts(document, BlockKind.LIST) == [
            "장터의 법\n• 외상은 다음 장날에 갚는다\n• 자리는 새벽에 편다(늦으면 잃는다)\n• 흥정은 한 번"
        ]


class TestHeadings:
    def test_levels_nest_across_inconsistent_numbering(self) -> None:
        names = ["제1장 강", "제1절 나루", "1. 이름", "1) 솔나루", "(1) 자리", "1-1) 배", "제2절 장터", "제2장 다리"]
        lines = [line for name in names for line in (name, *wrapped(MARKET))]
        document = repaired(extracted(lines))
        found = [(block.level, document.text[block.start : block.end]) for block in document.blocks if block.level]
        assert found == list(zip([1, 2, 3, 4, 5, 5, 2, 1], names, strict=True))
        assert document.blocks[-1].headings == ("제2장 다리",)
        assert block_of(document, "1-1)").headings == ("제1장 강", "제1절 나루", "1. 이름", "1) 솔나루")

    def test_headings_without_numbers_stand_above_running_text(self) -> None:
        lines = ["강이 낳은 마을", *wrapped(RIVER), "다리의 시대", *wrapped(BRIDGE), "장터의 법", *wrapped(MARKET)]
        document = repaired(extracted(lines))
        assert texts(document, BlockKind.HEADING) == ["강이 낳은 마을", "다리의 시대", "장터의 법"]

    def test_one_below_another_opens_a_level_for_those_that_begin_alike(self) -> None:
        lines = ["머리말", *wrapped(RIVER), "옛 강마을", "나루 이야기", *wrapped(BRIDGE), "나루 노래", *wrapped(MARKET)]
        document = repaired(extracted(lines))
        levels = {document.text[block.start : block.end]: block.level for block in document.blocks if block.level}
        assert levels == {"머리말": 1, "옛 강마을": 1, "나루 이야기": 2, "나루 노래": 2}

    def test_labels_and_names_are_headings_anywhere(self) -> None:
        lines = ["과제 1 ｜ 나루를 되살릴 것", *wrapped(RIVER), "참고 문헌", "김하늘, 『강의 도시』, 가람, 2019."]
        document = repaired(extracted([*lines, *wrapped(MARKET)]))
        assert texts(document, BlockKind.HEADING) == ["과제 1 ｜ 나루를 되살릴 것", "참고 문헌"]
        assert block_of(document, "김하늘").region is Region.REFERENCES
        assert block_of(document, "김하늘").kind is BlockKind.REFERENCE

    def test_a_known_title_is_found_in_its_lines_and_opens_the_document(self) -> None:
        lines = [*wrapped(RIVER), "나루와 장터의", "오랜 역사", *wrapped(MARKET)]
        document = repaired(extracted(lines), title="나루와 장터의 오랜 역사")
        assert texts(document)[0] == "나루와 장터의 오랜 역사"
        assert (document.blocks[0].kind, document.blocks[0].region) == (BlockKind.TITLE, Region.FRONT)

    def test_an_unknown_title_over_two_lines_is_the_first_heading(self) -> None:
        lines = [
            "나루와 장터를 지켜 온 사람들과",
            "그 강의 이야기",
            "첫 나루",
            *wrapped(RIVER),
            "장터",
            *wrapped(MARKET),
        ]
        document = repaired(extracted(lines))
        assert document.metadata.title == "나루와 장터를 지켜 온 사람들과 그 강의 이야기"
        assert texts(document, BlockKind.HEADING) == ["첫 나루", "장터"]
