"""What is indexed beside a passage: its work, its sections, and the sentences that lead to a note or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.context import contexts
from qa.records import Block, BlockKind, Document, Metadata, Passage, SourceMap

KNOWN = Metadata(title="탑의 역사", title_en="A History of Towers", author="구름솔", year=1999, publisher="나루문화사")


def document(*pieces: tuple[BlockKind, str], metadata: Metadata = KNOWN) -> Document:
    """A document of blocks with blank lines between; a `^` in a text is where note 1 is called."""
    blocks, text = [], ""
    for kind, piece in pieces:
        start = len(text)
        text += piece.replace("^", "")
        blocks.append(Block(kind, start, len(text), label="1" if kind is BlockKind.FOOTNOTE else ""))
        text += "\n\n"
    marked = "\n\n".join(piece for _, piece in pieces)
    marks = ((marked.index("^"),) * 2,) if "^" in marked else ()
    blocks = [replace(block, marks=marks) if block.kind is BlockKind.FOOTNOTE else block for block in blocks]
    return Document("tower", "tower.md", text, tuple(blocks), SourceMap((0,), (0,)), metadata, "")


def captioned(made: Document, caption: str) -> Document:
    """The same with this caption in its table or figure."""
    at = made.text.index(caption)
    blocks = (
        replace(block, caption=(at, at + len(caption))) if block.start <= at < block.end else block
        for block in made.blocks
    )
    return replace(made, blocks=tuple(blocks))


def passage(made: Document, block: int, headings: Sequence[str] = ()) -> Passage:
    start, end = made.blocks[block].start, made.blocks[block].end
    return Passage(f"tower#{block}", "tower", block, made.text[start:end], start, end, tuple(headings))


def leads(made: Document, block: int) -> str:
    """The context of a block without what is known of the work."""
    (line,) = contexts(replace(made, metadata=Metadata()), [passage(made, block)])
    return line


def test_the_work_and_the_headings_stand_before_every_passage() -> None:
    made = document((BlockKind.PARAGRAPH, "탑은 높다."), (BlockKind.PARAGRAPH, "탑은 희다."))
    lines = contexts(made, [passage(made, 0), passage(made, 1, ["제1장 겉모습", "1. 빛깔"])])
    assert lines == [
        "탑의 역사 A History of Towers 구름솔 1999",
        "탑의 역사 A History of Towers 구름솔 1999 제1장 겉모습 1. 빛깔",
    ]
    assert contexts(made, []) == []


def test_what_is_not_known_is_left_out() -> None:
    made = document((BlockKind.PARAGRAPH, "탑은 높다."), metadata=Metadata(title="탑"))
    assert contexts(made, [passage(made, 0)]) == ["탑"]
    assert leads(made, 0) == ""


def test_a_footnote_is_led_to_by_the_very_sentence_that_calls_it() -> None:
    made = document(
        (BlockKind.PARAGRAPH, "탑은 높다. 높이가 3.5길인 탑은 돌^로 쌓았다. 지붕은 없다."),
        (BlockKind.FOOTNOTE, "1) 강돌이다."),
    )
    assert leads(made, 1) == "높이가 3.5길인 탑은 돌로 쌓았다."
    assert leads(made, 0) == ""


def test_a_mark_at_the_end_of_its_paragraph_belongs_to_it() -> None:
    made = document(
        (BlockKind.PARAGRAPH, "탑은 높다. 지붕은 없다.^"),
        (BlockKind.PARAGRAPH, "문은 낮다."),
        (BlockKind.FOOTNOTE, "1) 바람에 날아갔다."),
    )
    assert leads(made, 2) == "지붕은 없다."


def test_a_footnote_that_nothing_calls_has_no_lead() -> None:
    made = document((BlockKind.PARAGRAPH, "탑은 높다."), (BlockKind.FOOTNOTE, "1) 강돌이다."))
    assert leads(made, 1) == ""
    astray = replace(made.blocks[1], marks=((len(made.text), len(made.text)),))
    assert leads(replace(made, blocks=(made.blocks[0], astray)), 1) == ""


def test_a_mark_at_the_beginning_of_a_line_without_words_leads_nowhere() -> None:
    made = document((BlockKind.LIST, "첫째 줄.\n^둘째 줄."), (BlockKind.FOOTNOTE, "1) 셋째."))
    assert leads(made, 1) == ""


def test_a_table_is_led_to_by_the_sentences_that_name_its_number() -> None:
    made = document(
        (BlockKind.PARAGRAPH, "탑은 넷이다. 그 높이는 [표 2]와 같다. 문은 낮다."),
        (BlockKind.LIST, "- 탑의 값(표 2 참조)\n- 탑의 빛"),
        (BlockKind.TABLE, "표 2. 높이\n북탑 | 30\n남탑 | 40"),
    )
    made = captioned(made, "표 2. 높이")
    assert leads(made, 2) == "그 높이는 [표 2]와 같다. - 탑의 값(표 2 참조)"
    assert leads(made, 0) == ""


def test_another_number_that_begins_alike_is_not_this_table() -> None:
    made = document(
        (BlockKind.PARAGRAPH, "하나는 [표 12]에 있다. 둘은 [표 1-2]에 있다. 셋은 [그림 1]에 있다. 넷은 <표1>에 있다."),
        (BlockKind.HEADING, "[표 1]의 뜻"),
        (BlockKind.TABLE, "표 1 값\n북탑 | 30"),
        (BlockKind.TABLE, "표 1-2 값\n남탑 | 30"),
        (BlockKind.FIGURE, "그림 1 탑\n(사진)"),
    )
    made = captioned(captioned(captioned(made, "표 1 값"), "표 1-2 값"), "그림 1 탑")
    assert leads(made, 2) == "넷은 <표1>에 있다."
    assert leads(made, 3) == "둘은 [표 1-2]에 있다."
    assert leads(made, 4) == "셋은 [그림 1]에 있다."


def test_a_table_without_a_caption_or_number_has_no_lead() -> None:
    made = document((BlockKind.PARAGRAPH, "값은 [표 1]에 있다."), (BlockKind.TABLE, "탑의 값\n북탑 | 30"))
    assert leads(made, 1) == ""
    assert leads(captioned(made, "탑의 값"), 1) == ""


def test_every_passage_of_a_long_table_has_its_lead() -> None:
    made = document(
        (BlockKind.PARAGRAPH, "값은 [표 1]에 있다."),
        (BlockKind.TABLE, "표 1 값\n북탑 | 30\n남탑 | 40\n동탑 | 50"),
    )
    made = captioned(made, "표 1 값")
    at = made.text.index("남탑")
    later = replace(passage(made, 1), start=at, text=made.text[at : made.blocks[1].end])
    assert contexts(replace(made, metadata=Metadata()), [later]) == ["값은 [표 1]에 있다."]
