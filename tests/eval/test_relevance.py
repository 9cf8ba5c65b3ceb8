"""Gold carried from the raw file to the document, and the rule of a relevant hit."""

from __future__ import annotations

import pytest

from eval.dataset import Gold, Kind, Question, Split
from eval.relevance import LEAST_CHARACTERS, Judge, locate, source_offsets
from qa.errors import InputError
from qa.records import Block, BlockKind, Document, Hit, Language, Metadata, Passage
from qa.text import MappedText

RAW = (
    "항구 모임은 북쪽 섬에서\n- 4 -\n처음 열렸다. 회원은 마흔둘이고 해마다 한 차례씩 큰 바닷가 마을에 모여 "
    "뱃길과 등대를 의논한다. 모이지 못하는 회원은 글월로 뜻을 전하며, 그 글은 모두 곳간에 둔다."
)
BREAK = RAW.index("\n- 4 -\n")


def document() -> Document:
    """RAW with its page number taken out and the wrapped line joined by a space."""
    built = MappedText()
    built.append(RAW[:BREAK], list(range(BREAK)))
    built.insert(" ", BREAK)
    rest = BREAK + len("\n- 4 -\n")
    built.append(RAW[rest:], list(range(rest, len(RAW))))
    block = Block(BlockKind.PARAGRAPH, 0, len(built))
    return Document("port", "port.txt", built.text, (block,), built.source_map(), Metadata(), "ab" * 32)


class Shelf:
    """A library of one document."""

    def document(self, document_id: str) -> Document:
        assert document_id == "port"
        return document()


def gold(text: str, grade: int = 2, sha256: str = "ab" * 32) -> Gold:
    start = RAW.index(text)
    return Gold("port.txt", sha256, start, start + len(text), grade)


def question(*golds: Gold, answer: str = "마흔둘") -> Question:
    texts = {Language.KOREAN: "회원은 몇인가?", Language.ENGLISH: "How many members?"}
    answers = {Language.KOREAN: (answer,), Language.ENGLISH: ("42",)}
    return Question("q", "port", Kind.NUMBER, Split.TUNING, texts, answers=answers, gold=golds)


def hits(*quotes: str) -> list[Hit]:
    text = document().text
    found = []
    for rank, quote in enumerate(quotes, 1):
        start = text.index(quote)
        passage = Passage(f"p{rank}", "port", rank, quote, start, start + len(quote))
        found.append(Hit(passage, 1 / rank, rank))
    return found


def solid(text: str) -> int:
    return len("".join(text.split()))


def test_every_character_has_its_place_in_the_file() -> None:
    whole = document()
    sources = source_offsets(whole)
    assert "".join(RAW[source] for source in sources) == whole.text[:BREAK] + "\n" + whole.text[BREAK + 1 :]
    assert [whole.source_map.source_of(offset) for offset in range(len(whole.text))] == sources.tolist()


def test_a_gold_over_a_page_break_loses_the_furniture_only() -> None:
    whole = document()
    found = locate(gold(RAW[: RAW.index(" 회원은")]), whole.text, source_offsets(whole), ["북쪽 섬"])
    assert "".join(whole.text[offset] for offset in found.offsets) == "항구모임은북쪽섬에서처음열렸다."
    assert [whole.text[first : last + 1] for first, last in found.answers] == ["북쪽 섬"]


def test_half_of_the_gold_is_enough_and_less_is_not() -> None:
    judge = Judge(Shelf())
    asked = question(gold("회원은 마흔둘이고"))  # eight characters
    assert judge.first_relevant(asked, hits("처음 열렸다.", "회원은 마")) == 2
    assert judge.first_relevant(asked, hits("처음 열렸다. 회원은")) is None
    assert judge.first_relevant(asked, []) is None


def test_of_a_long_gold_the_stretch_with_the_answer_is_enough() -> None:
    judge = Judge(Shelf())
    long = question(gold(RAW))
    assert solid(document().text) == 80
    with_answer = "에서 처음 열렸다. 회원은 마흔둘이고 해마다 한 차례씩 큰 바닷가 마을에"
    assert solid(with_answer) == LEAST_CHARACTERS
    assert judge.first_relevant(long, hits(with_answer)) == 1
    assert judge.first_relevant(long, hits(with_answer[1:])) is None
    without = "큰 바닷가 마을에 모여 뱃길과 등대를 의논한다. 모이지 못하는 회원은 글월로"
    assert LEAST_CHARACTERS <= solid(without) < 40
    assert judge.first_relevant(long, hits(without)) is None


def test_gold_that_only_helps_or_lies_in_another_file_does_not_count() -> None:
    judge = Judge(Shelf())
    elsewhere = Gold("other.txt", "cd" * 32, 0, 10, 2)
    assert (
        judge.first_relevant(question(gold("회원은 마흔둘이고", grade=1), elsewhere), hits("회원은 마흔둘이고")) is None
    )


def test_another_version_of_the_file_is_refused() -> None:
    with pytest.raises(InputError, match=r"another version of port\.txt"):
        Judge(Shelf()).first_relevant(question(gold("회원은", sha256="00" * 32)), hits("회원은"))
