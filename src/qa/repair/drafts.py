"""Blocks while they are still lines: what the layout of a format is read into, before the text is composed."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.records import BlockKind, Region
from qa.repair.lines import Line


@dataclass(slots=True)
class Draft:
    """A block to be: its lines in reading order and what is known of it.

    `rows` says that each line is a row of its own (tables, lists of labels); otherwise lines are joined into running
    text. `caption` counts the leading lines that are the caption,
    `sources` the last ones that say where a table is from. `number` and `mark` (a span in the file) belong to
    a note. `level` is a heading's.
    """

    kind: BlockKind
    lines: list[Line]
    rows: bool = False
    caption: int = 0
    sources: int = 0
    level: int = 0
    number: str = ""
    mark: tuple[int, int] | None = None
    region: Region = Region.BODY
    headings: tuple[str, ...] = ()
    page: int | None = None
    title: str = ""


@dataclass(slots=True)
class Layout:
    """All that was read of a text: drafts in reading order, and the reason for each span of it that is left out.

    `joins` holds decisions that the format itself makes (a line end, by offset, where a space belongs or not).
    """

    drafts: list[Draft] = field(default_factory=list)
    dropped: dict[int, str] = field(default_factory=dict)
    honours_trailing_spaces: bool = False
    warnings: list[str] = field(default_factory=list)

    def drop(self, start: int, end: int, reason: str) -> None:
        """Leave out a span of the text, with its reason."""
        self.dropped.update(dict.fromkeys(range(start, end), reason))
