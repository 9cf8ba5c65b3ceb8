"""Plain text as PDF extraction leaves it: from physical lines to drafts of blocks in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.records import BlockKind, Region
from qa.repair.captions import mark_captions
from qa.repair.drafts import Draft, Layout
from qa.repair.headings import LABELLED, is_named, numbering, set_levels, set_places
from qa.repair.layout import mark_furniture, page_numbers
from qa.repair.lines import Line, Role, body_width, split_lines
from qa.repair.notes import HOLDS_ON, Note, find_notes
from qa.repair.tables import Table, find_tables
from qa.text import squeeze

_TRAILING_SHARE = 0.05
_NUMBERED_WORK = 5
"""Numbered headings (장, 절, 1.) from which a work is taken to number all of its headings."""
_GOES_ON = re.compile(r"^(?:[(（]|(?:은|는|가|을|를|과|와|의|에|로|으로|에서|한다|된다|하고|하며)\s)")
"""What only the rest of a sentence begins with."""
_REFERENCE_END = re.compile(r"[)）](?:\d{1,3}\)?)?$")


def read_layout(text: str, title: str = "") -> Layout:
    """The drafts of a plain text (NFC), with their sections, regions and pages.

    `title` is the work's title if it is known from elsewhere: its lines become the title block.
    """
    lines = split_lines(text)
    layout = Layout()
    layout.honours_trailing_spaces = _honours_trailing_spaces(lines)
    full = body_width(lines)
    furniture = mark_furniture(lines)
    for index, reason in furniture.items():
        layout.drop(lines[index].start, lines[index].end, reason)
    _mark_title(lines, title)
    mark_captions(lines, full)
    notes = find_notes(lines, full)
    tables = find_tables(lines, full)
    layout.drafts = _drafts(lines, notes, tables, full)
    for note in notes:
        if note.mark:
            layout.drop(*note.mark, "note mark")
    _set_sections(layout.drafts)
    _set_pages(layout.drafts, lines)
    return layout


def _honours_trailing_spaces(lines: Sequence[Line]) -> bool:
    """Whether the extraction kept the space at the end of a line where the print had one."""
    return bool(lines) and sum(line.trailing_space for line in lines) > _TRAILING_SHARE * len(lines)


def _mark_title(lines: Sequence[Line], title: str) -> None:
    """The first run of one to four lines that together are the known title."""
    wanted = squeeze(title)
    if not wanted:
        return
    for start in range(len(lines)):
        joined = ""
        for end in range(start, min(start + 4, len(lines))):
            joined += squeeze(lines[end].text)
            if joined and wanted.startswith(joined) and len(joined) >= 0.6 * len(wanted) and _title_ends(lines, end):
                for line in lines[start : end + 1]:
                    line.role = Role.TITLE if line.role in (Role.OPEN, Role.FURNITURE) else line.role
                return
            if not wanted.startswith(joined):
                break


def _title_ends(lines: Sequence[Line], end: int) -> bool:
    return lines[end].role is Role.OPEN


def _drafts(lines: Sequence[Line], notes: Sequence[Note], tables: Sequence[Table], full: int) -> list[Draft]:
    """One draft a block. Notes and tables that interrupt a paragraph come after it."""
    reader = _Reader(lines, full, trailing=_honours_trailing_spaces(lines))
    note_at = {note.lines[0]: note for note in notes}
    table_at = {table.anchor: table for table in tables}
    for index, line in enumerate(lines):
        if index in note_at:
            reader.set_aside(_note_draft(lines, note_at[index]))
        elif index in table_at:
            reader.set_aside(_table_draft(lines, table_at[index]))
        elif line.role in (Role.OPEN, Role.TITLE):
            reader.take(index)
    reader.close()
    return reader.drafts


def _note_draft(lines: Sequence[Line], note: Note) -> Draft:
    draft = Draft(BlockKind.FOOTNOTE, [lines[index] for index in note.lines], number=str(note.number))
    draft.mark = note.mark
    return draft


def _table_draft(lines: Sequence[Line], table: Table) -> Draft:
    kind = BlockKind.FIGURE if table.figure else BlockKind.TABLE if table.caption else BlockKind.LIST
    order = [*table.caption, *table.rows, *table.sources]
    found = [lines[index] for index in order]
    return Draft(kind, found, rows=True, caption=len(table.caption), sources=len(table.sources))


class _Reader:
    """Takes lines of running text one by one; a paragraph stays open over notes, tables and page breaks."""

    def __init__(self, lines: Sequence[Line], full: int, *, trailing: bool) -> None:
        self.drafts: list[Draft] = []
        self._lines = lines
        self._full = full
        self._trailing = trailing
        self._numbered = sum(_is_numbered(line, full) for line in lines) >= _NUMBERED_WORK
        self._open: Draft | None = None
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
        elif self._open is not None and self._continues(line):
            self._open.lines.append(line)
        else:
            self.close()
            kind = BlockKind.LIST if line.bullet else BlockKind.PARAGRAPH
            self._open = Draft(kind, [line])

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

    def _continues(self, line: Line) -> bool:
        """Whether a line goes on with the open paragraph."""
        assert self._open is not None
        last = self._open.lines[-1]
        if line.bullet and line.indent < 3:
            return False
        if line.text.startswith("(") and last.ends_sentence and numbering(line.text) is None:
            return True
        if last.width < self._full * 0.75 and _REFERENCE_END.search(last.text):
            return False
        if last.width < self._full * 0.5 and line.width > self._full * 0.9 and not HOLDS_ON.search(last.text):
            return False
        return not last.ends_sentence or last.width >= self._full * 0.96

    def _is_heading(self, index: int) -> bool:
        line = self._lines[index]
        if (line.ends_sentence and not LABELLED.match(line.text)) or line.width > self._full * 1.05:
            return False
        if is_named(line.text) or LABELLED.match(line.text):
            return True
        if self._open is not None and not self._paragraph_ended():
            return False
        found = numbering(line.text)
        if found is not None:
            return line.width < self._full * 0.95 and not line.text.endswith((",", ";"))
        if self._numbered or line.bullet or line.width > self._full * 0.88 or not _reads_as_heading(line.text):
            return False
        return not (self._trailing and line.trailing_space) and self._above_prose(index)

    def _paragraph_ended(self) -> bool:
        assert self._open is not None
        return self._open.lines[-1].ends_sentence

    def _above_prose(self, index: int) -> bool:
        """Whether running text, or at most two more headings and then running text, stand below."""
        below = [line for line in self._lines[index + 1 : index + 60] if line.role is Role.OPEN][:3]
        for line in below:
            if _GOES_ON.match(line.text):
                return False
            if line.width >= self._full * 0.85 and not line.bullet:
                return True
            if line.ends_sentence:
                return False
        return False


def _reads_as_heading(text: str) -> bool:
    """Whether a line without a number can be a heading: brackets closed, no comma at the end, some letters."""
    closed = text.count("(") == text.count(")") and not text.startswith("(")
    return closed and not text.endswith((",", ";", "·")) and any(char.isalpha() for char in text)


def _is_numbered(line: Line, full: int) -> bool:
    found = numbering(line.text)
    return line.role is Role.OPEN and found is not None and found.rank <= 3 and line.width < full * 0.9


def _set_sections(drafts: Sequence[Draft]) -> None:
    headings = [(index, draft) for index, draft in enumerate(drafts) if draft.kind is BlockKind.HEADING]
    indices = {index for index, _ in headings}
    set_levels([(draft, draft.title, index - 1 in indices) for index, draft in headings])
    set_places(drafts)
    for draft in drafts:
        if draft.kind is BlockKind.TITLE:
            draft.headings, draft.region = (), Region.FRONT


def _set_pages(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    chapters = {draft.lines[0].page for draft in drafts if draft.level == 1 and draft.lines[0].starts_page}
    pages = page_numbers(lines, chapters)
    for draft in drafts:
        draft.page = pages[draft.lines[0].page]
