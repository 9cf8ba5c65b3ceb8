"""What the tests of repair share: a source from a text, its repaired document, and what must hold of every document."""

from __future__ import annotations

import unicodedata
from functools import cache
from hashlib import sha256

from qa.korean import Analyser
from qa.readers import Format, Source
from qa.records import Block, BlockKind, Document, Metadata
from qa.repair import repair

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
_SPANS = (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
FULL_WIDTH = {code: code - 0xFEE0 for first, last in _SPANS for code in range(ord(first), ord(last) + 1)}


@cache
def analyser() -> Analyser:
    return Analyser(threads=2)


def source(text: str, *, markdown: bool = False, title: str = "", name: str = "글") -> Source:
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    form = Format.MARKDOWN if markdown else Format.TEXT
    return Source(f"{name}{'.md' if markdown else '.txt'}", digest, text, form, Metadata(title=title), name)


def repaired(text: str, *, markdown: bool = False, title: str = "") -> Document:
    """The repaired document of a text, of which all that must always hold was checked."""
    document = repair(source(text, markdown=markdown, title=title), analyser())
    check_whole(document, text)
    return document


def texts(document: Document, kind: BlockKind | None = None) -> list[str]:
    """What the blocks say, of one kind or of all."""
    blocks = (block for block in document.blocks if kind is None or block.kind is kind)
    return [document.text[block.start : block.end] for block in blocks]


def block_of(document: Document, words: str) -> Block:
    """The block that holds these words."""
    return next(block for block in document.blocks if words in document.text[block.start : block.end])


def left_out(document: Document, raw: str) -> dict[str, list[str]]:
    """What was left out of the text, by reason, white space aside."""
    found: dict[str, list[str]] = {}
    for discard in document.discards:
        if discard.reason != "white space":
            found.setdefault(discard.reason, []).append(raw[discard.source_start : discard.source_end])
    return found


def check_whole(document: Document, raw: str) -> None:
    """No character of the file is lost, and each of the text is that of the file at its place."""
    assert unicodedata.is_normalized("NFC", document.text)
    sources = [document.source_map.source_of(offset) for offset in range(len(document.text))]
    _check_blocks(document)
    _check_characters(document, raw, sources)
    placed = set(sources)
    for discard in document.discards:
        assert discard.reason != "unplaced", (discard, raw[discard.source_start : discard.source_end])
        placed.update(range(discard.source_start, discard.source_end))
    lost = [at for at, char in enumerate(raw) if at not in placed and not char.isspace() and not _joins_back(char)]
    assert lost == []


def _joins_back(char: str) -> bool:
    """Whether a character was composed with the one before it, which stands for both."""
    return bool(unicodedata.combining(char)) or "\u1160" <= char <= "\u11ff"


def _check_blocks(document: Document) -> None:
    """Blocks stand in order, trimmed, and only white space is between them."""
    end = 0
    for block in document.blocks:
        text = document.text[block.start : block.end]
        assert document.text[end : block.start].strip() == ""
        assert text == text.strip() != ""
        assert block.caption is None or block.start == block.caption[0] < block.caption[1] <= block.end
        assert all(block.start < turn < block.end for turn, _ in block.turns)
        end = block.end
    assert document.text[end:].strip() == ""


def _check_characters(document: Document, raw: str, sources: list[int]) -> None:
    """A character that is not white space is the one that stands in the file, composed and of usual width.

    One that stands for an HTML entity begins with its ampersand.
    """
    for char, at in zip(document.text, sources, strict=True):
        if char.isspace():
            continue
        end = at + 1
        while end < len(raw) and _joins_back(raw[end]):
            end += 1
        there = unicodedata.normalize("NFC", raw[at:end]).translate(FULL_WIDTH)
        assert char in there or raw[at] == "&", (char, raw[at:end])


def cells(text: str) -> int:
    """The width of a text, a wide character taking two cells."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: str, width: int = 60) -> list[str]:
    """The lines of a text that is broken anywhere, as Korean is set; the space at a break is lost."""
    lines = [""]
    for char in text:
        if cells(lines[-1] + char) > width and char not in ".,”)":
            lines.append("")
        lines[-1] += "" if char == " " and not lines[-1] else char
    return [line.rstrip() for line in lines]


def wrapped_between_words(text: str, width: int = 60) -> list[str]:
    """The lines of a text that is broken at spaces."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if cells(longer) <= width else [*lines, word]
    return lines


def extracted(*pages: list[str]) -> str:
    """Pages of lines as extraction leaves them: an empty line after every line, a space before a page's first."""
    return "\n ".join("\n\n".join(lines) for lines in pages) + "\n"


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())
