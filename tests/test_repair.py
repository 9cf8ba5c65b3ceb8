"""Repair as a whole: what holds of every document, how wraps are decided, and what becomes of odd characters."""

from __future__ import annotations

import random
import unicodedata

import pytest

from qa.records import BlockKind, Discard, Region
from qa.repair import VERSION, repair
from qa.repair.headings import Numbering, named_region, numbering
from qa.repair.joins import Vocabulary, Wrap, open_quotes, spaces
from qa.repair.letters import half_width, letter_spacing
from qa.repair.lines import ends_sentence, split_lines, width
from qa.repair.setting import measure
from tests.repairing import analyser, block_of, extracted, left_out, repaired, source, texts, wrapped

SCRAPS = [
    *(
        "강은 길다. ",
        "그리고",
        "1) ",
        "2)",
        "[표 1] 제목",
        "•항목",
        "| a | b |\n|---|---|\n| 1 | 2 |\n",
        "가" * 80 + "\n",
    ),
    *(
        "\n",
        "\n\n",
        "\n\n\n",
        " ",
        "  ",
        "\t",
        "\f",
        "\r",
        "# 제목\n",
        "## 1. 절\n",
        "제1장 강\n",
        "참고문헌\n",
        "목차\n",
    ),
    *("```\nx # y\n```\n", "<sup>1)</sup>", "[^1]", "[^1]: 주\n", "**굵게**", "[글](http://a.b/c_d)", "&nbsp;", "<br>"),
    *(
        "&amp;",
        "— 12 —",
        "- 3 -\n",
        "7\n",
        "C I T Y N E T",
        "Ｒiver",
        "\u200b",
        "\u00a0",
        "가\u0301",
        "\u1112\u1161\u11ab",
    ),
    *("“인용”", "http://ex.am/ple-", "...... 3\n", "Source: x\n", "(2020)", "<!-- c -->", "---\n", "+++\n", "> 인용\n"),
    *(
        "English words here and there in a line of prose that is long\n",
        "- [ ] 일\n",
        "\x00",
        "😀",
        "漢字",
        "!@#$%",
        "다. ",
    ),
]


class TestWhole:
    def test_the_document_carries_what_the_source_has(self) -> None:
        found = source("나루 이야기\n\n강은 길다.\n", name="나루")
        document = repair(found, analyser())
        assert (document.id, document.name, document.sha256) == ("나루", "나루.txt", found.sha256)
        assert (document.metadata.title, document.warnings) == ("나루 이야기", ())
        assert document == repair(found, analyser())
        assert VERSION >= 1

    def test_a_given_title_stays_and_a_missing_one_is_the_files_name(self) -> None:
        assert repaired("강은 길다.", title="나루").metadata.title == "나루"
        assert repaired("강은 길다. 나루는 많다.").metadata.title == "글"

    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("markdown", [False, True])
    def test_nothing_is_lost_of_any_text(self, seed: int, markdown: bool) -> None:
        pick = random.Random(seed)
        for _ in range(60):
            document = repaired("".join(pick.choices(SCRAPS, k=pick.randint(1, 40))), markdown=markdown)
            assert all(discard.reason != "unplaced" for discard in document.discards)

    @pytest.mark.parametrize("raw", ["", "\n \n", "\f\f", "\u200b"])
    def test_a_text_of_nothing_gives_no_blocks(self, raw: str) -> None:
        document = repaired(raw)
        assert (document.text, document.blocks) == ("", ())

    def test_decomposed_hangul_is_composed_and_maps_to_the_file(self) -> None:
        text = "나루 이야기\n\n강은 길고 나루는 많다. 다리는 짧다.\n"
        decomposed = unicodedata.normalize("NFD", text)
        document = repaired(decomposed)
        assert document.text == repaired(text).text
        start = document.text.index("나루는")
        first, last = document.source_map.span(start, start + 3)
        assert unicodedata.normalize("NFC", decomposed[first:last])[:2] == "나루"

    def test_every_discard_names_its_reason(self) -> None:
        raw = "\ufeff강은\u200b 길다. \n"
        document = repaired(raw)
        assert document.text == "강은 길다."
        assert document.discards == (
            Discard(0, 1, "invisible"),
            Discard(3, 4, "invisible"),
            Discard(8, 10, "white space"),
        )

    def test_full_width_letters_become_usual_ones_in_their_places(self) -> None:
        document = repaired("그 책은 Ｒiver ２０１９년 판이다.")
        assert document.text == "그 책은 River 2019년 판이다."
        assert document.source_map.pieces(0, len(document.text)) == ((0, len(document.text)),)
        assert half_width("Ａｚ０９（가）") == "Az09（가）"

    def test_blanks_of_all_kinds_become_one_space(self) -> None:
        assert repaired("강은\u00a0\u00a0 길고\u3000나루는\t많다.").text == "강은 길고 나루는 많다."


class TestLetters:
    @pytest.mark.parametrize(
        ("text", "closed"),
        [
            ("모임의 이름은 R I V E R 이다", "모임의 이름은 RIVER 이다"),
            ("R I V E R - T O W N 은  L a", "RIVER-TOWN은  La"),
            ("for  the  Study  o f  Rive rs", "for  the  Study  of  Rivers"),
            ("T h e  R i v e r s  &  T o w n s", "The  Rivers  &  Towns"),
            ("보기 A B C D 가운데", "보기 A B C D 가운데"),
            ("It is a river", "It is a river"),
        ],
    )
    def test_words_set_letter_by_letter_are_closed(self, text: str, closed: str) -> None:
        inside = letter_spacing(text)
        assert "".join(char for at, char in enumerate(text) if at not in inside) == closed

    def test_they_are_closed_in_the_document_and_counted(self) -> None:
        raw = "모임은 R I V E R 라고 부른다."
        document = repaired(raw)
        assert document.text == "모임은 RIVER 라고 부른다."
        assert document.repairs["letter-spaced words closed"] == 1
        assert left_out(document, raw)["letter spacing"][:1] == [" "]


class TestWraps:
    @pytest.mark.parametrize(
        ("left", "right", "space"),
        [
            ("나루는 사라졌다.", "다리가 섰다.", True),
            ("강과 나루(", "옛 이름)", False),
            ("강과 나루", ") 그리고", False),
            ("강과 나루", "(옛 이름)", False),
            ("the old river town", "(its former name)", True),
            ("a long description of the", "river and its town", True),
            ("자료는 https://ex.am/ple/ri", "ver.html 에 있다", False),
            ("자료는 https://ex.am/ple", "에서 볼 수 있다", False),
            ("see the site https://ex.am/ple", "and more of it", True),
            ("적혀 있다.", "(https://ex.am/ple)", False),
            ("as it was told by them.", "(https://ex.am/ple)", True),
            ("그의 책 '강", "'을 읽었다", False),
            ('그는 "', '가자"고 말했다', False),
            ("옛 이름은 나루，", "지금은 다리", False),
            ("노래일 뿐", "아니라 역사다", True),
            ("강·", "나루", False),
        ],
    )
    def test_punctuation_decides(self, left: str, right: str, space: bool) -> None:
        assert spaces([Wrap(left, right)], analyser(), []) == [space]

    def test_a_quote_is_counted_over_the_whole_paragraph(self) -> None:
        closing = Wrap("의 역사'", "등을 읽었다", quotes=open_quotes("그는 '강과 나루"))
        opening = Wrap("그는 '", "등대'를 읽었다")
        assert spaces([closing, opening], analyser(), []) == [True, False]
        assert spaces([Wrap("the merchants' guild's '", "river'")], analyser(), []) == [True]

    def test_the_file_knows_best_but_for_what_cannot_be(self) -> None:
        wraps = [
            Wrap("다리가 놓", "인 강", trailing_space=False),
            Wrap("다리가 놓인", "강가", trailing_space=True),
            Wrap("남은 것은 자산", "이다.", trailing_space=True),
        ]
        assert spaces(wraps, analyser(), []) == [False, True, False]

    def test_a_text_that_is_wrapped_between_words_has_a_space_at_each_wrap(self) -> None:
        assert spaces([Wrap("솔나", "루에 배가", spaced=True)], analyser(), []) == [True]

    def test_the_habit_of_the_document_corrects_the_analyser(self) -> None:
        closed = ["그 나루장터 는 크다", "이 나루장터 는 작다", "저 나루장터 도 있다"]
        apart = ["그 나루 장터 는 크다", "이 나루 장터 는 작다", "저 나루 장터 도 있다"]
        wrap = Wrap("강가의 큰 나루", "장터 에서")
        assert spaces([wrap], analyser(), closed) == [False]
        assert spaces([wrap], analyser(), apart) == [True]

    def test_vocabulary_leaves_out_the_words_that_a_wrap_may_have_cut(self) -> None:
        vocabulary = Vocabulary.of(["솔나루 장터 다리 배", "장터 다리 강"])
        assert dict(vocabulary.words) == {"장터": 1, "다리": 2}
        assert vocabulary.odds("장터", "다") == 1
        assert vocabulary.odds("다", "리") == 0
        assert Vocabulary.of(["강 솔나루 배"]).odds("솔나", "루") == -1


class TestParts:
    @pytest.mark.parametrize(
        ("text", "ends"),
        [
            ("강은 길다.", True),
            ("강은 길다.12)", True),
            ("강은 길다.(김하늘, 2019: 26)", True),
            ("“강은 길다.”", True),
            ("강은", False),
            ("지은이 J.", False),
            ("강은 길다", False),
        ],
    )
    def test_the_end_of_a_sentence_is_seen(self, text: str, ends: bool) -> None:
        assert ends_sentence(text) is ends

    def test_lines_are_measured(self) -> None:
        first, second = split_lines("\n  강 ab  \n\n\f제2장\n")
        assert (first.start, first.end, first.text) == (3, 7, "강 ab")
        assert (first.indent, first.gap, first.spaces_after, first.width) == (2, 2, 2, 5)
        assert (second.indent, second.gap, second.feeds, second.trailing_space) == (0, 1, 1, False)
        assert width("강a漢，") == 7

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("제2장 강", Numbering(1, 2)),
            ("Ⅳ. 강", Numbering(1, 0)),
            ("IV. 강", Numbering(1, 0)),
            ("Chapter 3. River", Numbering(1, 3)),
            ("제3절 강", Numbering(2, 3)),
            ("4. 강", Numbering(3, 4)),
            ("4.2 강", Numbering(4, 2)),
            ("4.2.1 강", Numbering(5, 1)),
            ("1) 강", Numbering(6, 1)),
            ("(2) 강", Numbering(7, 2)),
            ("가. 강", Numbering(8, 0)),
            ("① 강", Numbering(8, 0)),
            ("강 1", None),
            ("4.2 3", None),
        ],
    )
    def test_numbers_have_ranks(self, text: str, found: Numbering | None) -> None:
        assert numbering(text) == found

    @pytest.mark.parametrize(
        ("text", "region"),
        [
            ("요 약", Region.ABSTRACT),
            ("Ⅵ. 참고문헌 (가나다순)", Region.REFERENCES),
            ("ABSTRACT", Region.ABSTRACT_EN),
            ("부록", Region.BACK),
            ("요약하면", None),
        ],
    )
    def test_parts_have_names(self, text: str, region: Region | None) -> None:
        assert named_region(text) is region

    def test_a_setting_is_measured_over_the_whole_text(self) -> None:
        prose = wrapped("강은 북쪽에서 시작하여 남쪽으로 흐르고 그 길이는 백 킬로미터를 훌쩍 넘는다고 전한다. " * 6)
        double = measure(split_lines(extracted(prose)))
        single = measure(split_lines("\n".join(prose)))
        typed = measure(split_lines("강은 길다.\n\n나루는 많다. 다리는 적다.\n\n장터는 넓다."))
        assert (double.wrapped, double.gaps, double.ragged) == (True, False, False)
        assert (single.wrapped, single.gaps) == (True, True)
        assert (typed.wrapped, typed.gaps) == (False, True)
        assert {double.full, single.full} <= {59, 60}

    def test_regions_reach_to_the_next_heading_of_their_level(self) -> None:
        raw = (
            "# 강 이야기\n\n머리말이다.\n\n## 요약\n\n짧다.\n\n### 세부\n\n길다.\n\n## 1. 나루\n\n"
            "많다.\n\n## 부록\n\n표다.\n"
        )
        document = repaired(raw, markdown=True)
        regions = {text: block_of(document, text).region for text in ("머리말", "짧다", "길다", "많다", "표다")}
        assert regions == {
            "머리말": Region.FRONT,
            "짧다": Region.ABSTRACT,
            "길다": Region.ABSTRACT,
            "많다": Region.BODY,
            "표다": Region.BACK,
        }
        assert texts(document, BlockKind.TITLE) == ["강 이야기"]
