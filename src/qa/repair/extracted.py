"""What PDF extraction leaves of a print: wrapped lines, with notes, tables and captions anywhere between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.records import BlockKind
from qa.repair.captions import mark_captions
from qa.repair.drafts import Draft, Layout
from qa.repair.headings import SECTION_RANK, is_labelled, is_named, numbering, reads_as_heading
from qa.repair.lines import BULLET, Line, Role, first_word, width
from qa.repair.notes import Note, find_notes, holds_on, mark_span
from qa.repair.setting import Setting
from qa.repair.tables import Table, find_tables

_NUMBERED_WORK = 5
"""Numbered headings (장, 절, 1.) from which a work is taken to number all of its headings."""
_GOES_ON = re.compile(r"^(?:[(（]|(?:은|는|가|을|를|과|와|의|에|로|으로|에서|한다|된다|하고|하며)\s)")
"""What only the rest of a sentence begins with."""
_REFERENCE_END = re.compile(r"[)）](?:\d{1,3}\)?)?$")
_ORDINAL = re.compile(r"^(?:(?:첫|두|세|네|다섯|여섯|일곱)\s?번째|첫째|둘째|셋째|넷째|다섯째|여섯째|일곱째)[,로는]?\s")


def read(text: str, lines: Sequence[Line], setting: Setting, layout: Layout) -> list[Draft]:
    """The drafts of a wrapped text: one a block; notes and tables stand behind the paragraph that they interrupt.

    The marks of notes are dropped from `layout`.
    """
    mark_captions(lines, setting.full)
    notes = {note.lines[0]: note for note in find_notes(lines, setting.full)}
    tables = {table.anchor: table for table in find_tables(lines, setting)}
    for note in notes.values():
        if note.mark:
            layout.drop(*mark_span(text, note.mark), "note mark")
    reader = _Reader(lines, setting)
    for index, line in enumerate(lines):
        if index in notes:
            reader.set_aside(_note_draft(lines, notes[index]))
        elif index in tables:
            reader.set_aside(_table_draft(lines, tables[index]))
        elif line.role in (Role.OPEN, Role.TITLE):
            reader.take(index)
    reader.close()
    return reader.drafts


def _note_draft(lines: Sequence[Line], note: Note) -> Draft:
    return Draft(BlockKind.FOOTNOTE, [lines[at] for at in note.lines], number=str(note.number), mark=note.mark)


def _table_draft(lines: Sequence[Line], table: Table) -> Draft:
    kind = BlockKind.FIGURE if table.figure else BlockKind.TABLE if table.caption else BlockKind.LIST
    found = [lines[index] for index in (*table.caption, *table.rows, *table.sources)]
    return Draft(kind, found, rows=True, caption=len(table.caption), sources=len(table.sources))


class _Reader:
    """Takes lines of running text one by one; a paragraph stays open over notes, tables and page breaks."""

    def __init__(self, lines: Sequence[Line], setting: Setting) -> None:
        self.drafts: list[Draft] = []
        self._lines = lines
        self._setting = setting
        self._full = setting.full
        self._numbered = sum(_numbers_a_section(line, setting.full) for line in lines) >= _NUMBERED_WORK
        self._open: Draft | None = None
        self._last = -1
        self._aside: list[Draft] = []

    def set_aside(self, draft: Draft) -> None:
        """A note or table: it goes behind the paragraph that it interrupts."""
        self._aside.append(draft)

    def take(self, index: int) -> None:
        """A line of running text, a heading or the title."""
        line = self._lines[index]
        if line.role is Role.TITLE:
            self._append_title(line)
        elif self._is_heading(index):
            self.close()
            self.drafts.append(Draft(BlockKind.HEADING, [line], title=line.text))
        elif self._open is not None and self._continues(self._open, index):
            self._open.lines.append(line)
            self._last = index
        else:
            self.close()
            self._open = Draft(BlockKind.LIST if line.listed else BlockKind.PARAGRAPH, [line])
            self._last = index

    def close(self) -> None:
        """End the open paragraph and let out what was set aside."""
        if self._open is not None:
            self.drafts.append(self._open)
            self._open = None
        self.drafts.extend(self._aside)
        self._aside = []

    def _append_title(self, line: Line) -> None:
        place = self.drafts if self._open is None else self._aside
        if place and place[-1].kind is BlockKind.TITLE:
            place[-1].lines.append(line)
        else:
            place.append(Draft(BlockKind.TITLE, [line]))

    def _continues(self, paragraph: Draft, index: int) -> bool:
        """Whether a line goes on with the open paragraph."""
        line, last = self._lines[index], paragraph.lines[-1]
        if (BULLET.match(line.text) and line.indent < 3) or self._parted(index):
            return False
        if line.text.startswith("(") and last.ends_sentence and numbering(line.text) is None:
            return True
        if last.ends_sentence and (_ORDINAL.match(line.text) or _is_quotation(paragraph)):
            return False
        if last.width < self._full * 0.8 and _REFERENCE_END.search(last.text):
            return False
        if last.width < self._full * 0.5 and not holds_on(last):
            return False
        if not last.ends_sentence:
            return True
        return not self._setting.has_room(last, line) if self._setting.ragged else last.width >= self._full * 0.96

    def _parted(self, index: int) -> bool:
        """Where empty lines mean something: whether one parts a line from the open paragraph, or an indent, or room
        that the line's first word would have had above.
        """
        line, last = self._lines[index], self._lines[self._last]
        if not self._setting.gaps or line.starts_page or self._last != index - 1:
            return False
        indented = line.indent > last.indent and last.ends_sentence
        room = self._full * 0.9 - last.width > width(first_word(line.text)) + 1
        return line.gap > 0 or indented or room

    def _is_heading(self, index: int) -> bool:
        line = self._lines[index]
        if (line.ends_sentence and not is_labelled(line.text)) or line.width > self._full * 1.05:
            return False
        if is_named(line.text) or is_labelled(line.text):
            return True
        if self._open is not None and not self._open.lines[-1].ends_sentence and not self._parted(index):
            return False
        if numbering(line.text) is not None:
            return line.width < self._full * 0.95 and not line.text.endswith((",", ";"))
        if self._numbered or line.listed or line.width > self._full * 0.88 or not reads_as_heading(line.text):
            return False
        return not (self._setting.trailing and line.trailing_space) and self._alone(index) and self._above_prose(index)

    def _alone(self, index: int) -> bool:
        """Whether a line stands alone, as far as empty lines or the room that it leaves can tell."""
        line = self._lines[index]
        after = self._lines[index + 1] if index + 1 < len(self._lines) else None
        if self._setting.gaps:
            return (line.gap > 0 or line.starts_page) and (after is None or after.gap > 0)
        return after is None or not self._setting.ragged or self._setting.has_room(line, after)

    def _above_prose(self, index: int) -> bool:
        """Whether running text, or at most two more headings and then running text, stand below."""
        below = [line for line in self._lines[index + 1 : index + 60] if line.role is Role.OPEN][:3]
        for line in below:
            if _GOES_ON.match(line.text):
                return False
            if line.width >= self._full * 0.85 and not line.listed:
                return True
            if line.ends_sentence:
                return False
        return False


def _is_quotation(paragraph: Draft) -> bool:
    """Whether a paragraph is one quotation from its first character to its last."""
    text = "".join(line.text for line in paragraph.lines)
    return text.startswith("“") and text.endswith("”") and text.count("“") == 1


def _numbers_a_section(line: Line, full: int) -> bool:
    found = numbering(line.text)
    return line.role is Role.OPEN and found is not None and found.rank <= SECTION_RANK and line.width < full * 0.9
