"""Physical lines of a text with what can be measured of each: width, indent, trailing space, page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

SENTENCE_END = re.compile(
    r"""(?: [.?!。．…]\s?[)\]”’"'」』>》]*      # a full stop, perhaps inside brackets or quotes
          | [.?!。．][)”’"'」』]*\s?\d{1,3}\)?   # … then a note's mark
          | [.?!。．][”’"'」』]*\s?[(<（][^()<>（）]{1,80}[)>）](?:\d{1,3}\)?)?\.?   # … by a reference in brackets
        )\s*$""",
    re.VERBOSE,
)
URL = re.compile(r"(?:https?:/|www\.)\S*", re.IGNORECASE)
BULLET = re.compile(r"^(?:[•◦∙▪■□●○◆◇▶▷➢✓\ue000-\uf8ff\U000f0000-\U000ffffd]\s*|[-–*]\s+)(?=\S)")
"""What begins an item of a list; the private signs are those of word processors' own fonts."""
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z][.．]$")
_WIDE = re.compile(
    r"[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    r"\U0001f300-\U0001faff\U00020000-\U0003fffd]"
)
_BLANK = " \u00a0"
_TAIL = 200
"""Characters at the end of a line that are looked at for the end of a sentence."""


class Role(StrEnum):
    """What a line turned out to be; `OPEN` until it is known."""

    OPEN = "open"
    FURNITURE = "furniture"
    NOTE = "note"
    CAPTION = "caption"
    TABLE = "table"
    TITLE = "title"


@dataclass(slots=True)
class Line:
    """A line with text. `start` and `end` are offsets of its first and last non-space character in the whole text.

    `gap` is the number of empty lines above, `feeds` that of form feeds, `page` the ordinal of the page (1-based),
    `printed` its number as far as that is known. `width` is in cells, a Hangul syllable taking two. `spaces_after`
    counts the blanks that the line ends with.
    """

    start: int
    end: int
    text: str
    indent: int = 0
    gap: int = 0
    spaces_after: int = 0
    feeds: int = 0
    page: int = 1
    starts_page: bool = False
    printed: int | None = None
    role: Role = Role.OPEN
    width: int = field(init=False)
    ends_sentence: bool = field(init=False)

    def __post_init__(self) -> None:
        self.width = width(self.text)
        self.ends_sentence = ends_sentence(self.text)

    @property
    def trailing_space(self) -> bool:
        """Whether a blank stands at the end of the line."""
        return self.spaces_after > 0

    @property
    def ends_in_url(self) -> bool:
        """Whether the last word of the line is (the beginning of) a web address."""
        return bool(URL.search(last_word(self.text)))

    @property
    def listed(self) -> bool:
        """Whether the line begins an item of a list, or goes on with one (three spaces deep)."""
        return bool(BULLET.match(self.text)) or self.indent >= 3


def width(text: str) -> int:
    """Cells of a text: two for a wide character, one for others."""
    return len(text) + len(_WIDE.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends with the text; the full stop of an initial (`J.`) ends none."""
    tail = text[-_TAIL:]
    return bool(SENTENCE_END.search(tail)) and not _INITIAL.search(tail)


def last_word(text: str) -> str:
    """What stands behind the last space."""
    return text.rsplit(" ", 1)[-1]


def first_word(text: str) -> str:
    """What stands before the first space."""
    return text.split(" ", 1)[0]


def split_lines(text: str) -> list[Line]:
    """The lines of `text` that are not empty. Pages are not counted yet (see `measure`)."""
    lines: list[Line] = []
    gap, at, feeds = 1, 0, 0
    for raw in text.split("\n"):
        body = raw.strip()
        margin = raw[: len(raw) - len(raw.lstrip())]
        feeds += margin.count("\f")
        if body:
            indent = len(margin.replace("\f", "").replace("\t", "    "))
            start = at + len(margin)
            after = len(raw) - len(raw.rstrip(_BLANK))
            lines.append(Line(start, start + len(body), body, indent, gap, after, feeds))
            feeds = raw[len(raw.rstrip()) :].count("\f")
        gap = 0 if body else gap + 1
        at += len(raw) + 1
    return lines


def hangul_share(text: str) -> float:
    """The share of Hangul among the letters of a text."""
    letters = [char for char in text if char.isalpha()]
    return sum("가" <= char <= "힣" for char in letters) / len(letters) if letters else 0.0


def reads_as_prose(line: Line) -> bool:
    """Whether the words of a line are those of running text: mostly Hangul, or English in lower case; no item."""
    english = len(re.findall(r"(?<!\S)[a-z]{2,}", line.text)) >= 6
    return not line.listed and (english or hangul_share(line.text) >= 0.4)
