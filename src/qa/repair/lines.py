"""Physical lines of an extracted text with what can be measured of each: width, indent, trailing space, page."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SENTENCE_END = re.compile(
    r"""(?: [.?!。．…]\s?[)\]”’"'」』>》]*      # a full stop, perhaps inside brackets or quotes
          | [.?!。．][)”’"'」』]*\s?\d{1,3}\)?   # … then a note's mark
          | [.?!。．][”’"'」』]*\s?[(<（][^()<>（）]{1,80}[)>）](?:\d{1,3}\)?)?\.?   # … by a reference in brackets
        )\s*$""",
    re.VERBOSE,
)
_INITIAL = re.compile(r"(?<![A-Za-z])[A-Z][.．]$")
URL = re.compile(r"(?:https?:/|www\.)\S*", re.IGNORECASE)
BULLET = re.compile(r"^[•◦▪■□●○◆▶➢✓\-–*]\s*(?=\S)")


class Role(StrEnum):
    """What a line turned out to be; `OPEN` until it is known."""

    OPEN = "open"
    FURNITURE = "furniture"
    NOTE = "note"
    CAPTION = "caption"
    TABLE = "table"
    HEADING = "heading"
    TITLE = "title"
    PROSE = "prose"


@dataclass(slots=True)
class Line:
    """A line with text. `start` and `end` are offsets of its first and last non-space character in the whole text.

    `page` is the ordinal of the page (1-based); `gap` is the number of empty lines above; `width` is in cells, a
    Hangul syllable taking two.
    """

    start: int
    end: int
    text: str
    trailing_space: bool
    indent: int
    gap: int
    page: int = 1
    starts_page: bool = False
    role: Role = Role.OPEN
    group: int = -1

    @property
    def width(self) -> int:
        """Cells that the line takes."""
        return width(self.text)

    @property
    def ends_sentence(self) -> bool:
        """Whether a sentence ends with the line."""
        return bool(SENTENCE_END.search(self.text)) and not _INITIAL.search(self.text)

    @property
    def ends_in_url(self) -> bool:
        """Whether the last word of the line is (the beginning of) a web address."""
        return bool(URL.search(self.text.split(" ")[-1]))

    @property
    def bullet(self) -> bool:
        """Whether the line begins an item of a list, or goes on with one (three spaces deep)."""
        return bool(BULLET.match(self.text)) or self.indent >= 3


def width(text: str) -> int:
    """Cells of a text: two for a wide character, one for others."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def split_lines(text: str) -> list[Line]:
    """The lines of `text` that are not empty, with pages counted.

    A page begins after a form feed, and at a line with exactly one leading space that follows its predecessor
    without an empty line (what two common extractors leave of a page break).
    """
    lines: list[Line] = []
    page, gap, at = 1, 1, 0
    for raw in text.split("\n"):
        body = raw.strip()
        fed = "\f" in raw
        if fed and lines:
            page += 1
        if body:
            indent = len(raw) - len(raw.lstrip())
            spaced = indent == 1 and gap == 0 and bool(lines) and not fed
            page += spaced
            start = at + indent
            line = Line(start, start + len(body), body, raw.endswith((" ", "\u00a0")), indent, gap, page)
            line.starts_page = spaced or (bool(lines) and lines[-1].page != page)
            lines.append(line)
        gap = 0 if body else gap + 1
        at += len(raw) + 1
    return lines


def body_width(lines: Sequence[Line]) -> int:
    """The width of a full line of running text: the commonest one (in steps of four cells) over 30 cells."""
    counts = Counter(line.width // 4 for line in lines if line.width > 30)
    if not counts:
        return 60
    best = max(counts, key=lambda step: (sum(counts[step + d] for d in (-1, 0, 1)), step))
    near = [line.width for line in lines if abs(line.width // 4 - best) <= 1]
    return sorted(near)[len(near) // 2]


def hangul_share(text: str) -> float:
    """The share of Hangul among the letters of a text."""
    letters = [char for char in text if char.isalpha()]
    return sum("가" <= char <= "힣" for char in letters) / len(letters) if letters else 0.0
