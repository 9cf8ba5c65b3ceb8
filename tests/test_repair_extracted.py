"""What PDF extraction leaves: lines, pages and headings, rule by rule, on small invented prints."""

from __future__ import annotations

import pytest

from qa.records import BlockKind, Region
from tests.repairing import (
    BRIDGE,
    MARKET,
    RIVER,
    block_of,
    extracted,
    left_out,
    repaired,
    squeezed,
    texts,
    wrapped,
    wrapped_between_words,
)


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


def test_short_lines_under_a_named_heading_leave_it_a_heading() -> None:
    lines = ["국문초록", "나루와 장터의 역사", "강마을 대학교", "나루학과", "윤도담", *wrapped(RIVER), *wrapped(MARKET)]
    document = repaired(extracted(lines))
    assert texts(document)[:2] == ["국문초록", "나루와 장터의 역사\n강마을 대학교\n나루학과\n윤도담"]
    assert {block.region for block in document.blocks} == {Region.ABSTRACT}
