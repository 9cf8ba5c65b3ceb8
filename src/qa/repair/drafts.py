"""Blocks while they are still lines: what the layout of a format is read into, before the text is composed."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.records import BlockKind, Region
from qa.repair.lines import Line


@dataclass(slots=True)
class Draft:
    """A block to be: its lines in reading order and what is known of it.

    `rows` says that each line is a row of its own (tables, lists); otherwise lines are joined into running text.
    `caption` counts the leading lines that are the caption, `sources` the last ones that say where a table is from.
    `number` and `mark` (a span in the file) belong to a note, `level` and `title` (its text) to a heading.
    """

    kind: BlockKind
    lines: list[Line]
    rows: bool = False
    caption: int = 0
    sources: int = 0
    level: int = 0
    title: str = ""
    number: str = ""
    mark: tuple[int, int] | None = None
    region: Region = Region.BODY
    headings: tuple[str, ...] = ()


@dataclass(slots=True)
class Layout:
    """All that was read of a text: drafts in reading order, and the reason for each character that is left out.

    `replaced` holds the characters that stand for a longer sign, of which the rest is left out. `trailing` says that
    a blank at a line's end stands for a space, and its absence for none; `spaced`, that every line end does but at
    the turn of a page. `title` is what the pages call the work, if it is not among the drafts.
    """

    drafts: list[Draft] = field(default_factory=list)
    dropped: dict[int, str] = field(default_factory=dict)
    replaced: dict[int, str] = field(default_factory=dict)
    trailing: bool = False
    spaced: bool = False
    title: str = ""
    warnings: list[str] = field(default_factory=list)

    def drop(self, start: int, end: int, reason: str) -> None:
        """Leave out a span of the text, with its reason."""
        self.dropped.update(dict.fromkeys(range(start, end), reason))

    def stand_in(self, start: int, end: int, sign: str) -> None:
        """Let one character stand for a span of the text (an HTML entity, a line break)."""
        self.replaced[start] = sign
        self.drop(start + 1, end, "markup")

    def kept(self, line: Line) -> str:
        """The text of a line without what is left out."""
        if self.is_whole(line):
            return line.text
        chars = enumerate(line.text, line.start)
        return "".join(self.replaced.get(at, char) for at, char in chars if at not in self.dropped).strip()

    def is_whole(self, line: Line) -> bool:
        """Whether nothing of a line is left out or replaced."""
        places = range(line.start, line.end)
        return self.dropped.keys().isdisjoint(places) and self.replaced.keys().isdisjoint(places)
