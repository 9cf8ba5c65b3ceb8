"""What PDF extraction leaves: notes and tables lifted out of the text, rule by rule, on small invented prints."""

from __future__ import annotations

import pytest

from qa.records import BlockKind
from tests.repairing import BRIDGE, MARKET, RIVER, block_of, extracted, left_out, repaired, squeezed, texts, wrapped


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

    @pytest.mark.parametrize(
        "decoy", ["1% 남짓", "1.5 배", "(1) 처음", "3.1 배", "B1b 호", "제1 나루", "1척 또는", "나루1호"]
    )
    def test_another_number_is_no_mark_of_a_side_note(self, decoy: str) -> None:
        lines = wrapped(f"강에는 배가 {decoy} 그리고 많은 나루1가 있었다. " + RIVER)
        raw = extracted([*lines, "1", "나루의 수는 군지를 따라", "열다섯으로 적기로 함.", *wrapped(MARKET)])
        document = repaired(raw)
        assert left_out(document, raw)["note mark"] == ["1"]
        assert document.text[: block_of(document, "군지를").marks[0][0]].endswith("많은 나루")

    @pytest.mark.parametrize("marked", ["ferry1 라는", "나루.1 그리고", "”1 라는", "나루1"])
    def test_a_mark_of_a_side_note_may_follow_many_signs(self, marked: str) -> None:
        lines = wrapped(f"강에는 {marked} 배가 많이 드나들었다고 전한다. " + RIVER)
        raw = extracted([*lines, "1", "나루의 수는 군지를 따라", "열다섯으로 적기로 함.", *wrapped(MARKET)])
        assert [mark.strip() for mark in left_out(repaired(raw), raw)["note mark"]] == ["1"]

    def test_a_mark_at_the_head_of_a_line_goes_with_its_gap(self) -> None:
        first = "강가의 사람들은 배를 타고 건너다녔고 그 배를 모는 솔나루지기"
        raw = extracted(
            [
                *wrapped(RIVER),
                first,
                "1 가 장터의 법을 정하였다고 한다.",
                "1",
                "나루를 지키는 사람을",
                "말함.",
                *wrapped(MARKET),
            ]
        )
        assert "솔나루지기가 장터의" in repaired(raw).text

    @pytest.mark.parametrize("decoy", ["(표 1)", "11)", "(제1)", "1) 하나"])
    def test_another_number_is_no_mark_of_a_footnote(self, decoy: str) -> None:
        lines = wrapped(f"강에는 {decoy} 배가 많이 드나들었다고 전한다. " + RIVER)
        raw = extracted([*lines, "1) 나루를 지키는 사람을 말한다.", *wrapped(MARKET)])
        assert "note mark" not in left_out(repaired(raw), raw)

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
