"""Markdown, written by hand or converted from a PDF: block by block, page breaks mended, notes lifted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.records import BlockKind, Region
from qa.repair.drafts import Draft, Layout
from qa.repair.furniture import CONTENTS_LINE, CONTENTS_NAME
from qa.repair.headings import is_named, numbering, set_levels, set_places
from qa.repair.lines import Line, split_lines
from qa.repair.markup import drop_hidden, drop_signs, fences, note_label, note_marks
from qa.repair.setting import breaks_words
from qa.repair.titles import set_title

_HEADING = re.compile(r"^(#{1,6})\s+(?=\S)")
_HEADING_END = re.compile(r"\s+#+$")
_UNDERLINE = re.compile(r"^(?:=+|-+)$")
_RULE = re.compile(r"^(?:[-*_]\s*){3,}$")
_QUOTED = re.compile(r"^(?:>\s?)+")
_TABLE_ROW = re.compile(r"^\|.*\|$|^\S.*\s\|\s.*\|$")
_TABLE_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_ITEM = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_CAPTION = re.compile(r"^(?:\*\*)?(?:표|그림|Table|Figure)\s*(?:\d+(?:[-.]\d+)?)?(?:\*\*)?\s*[:.：]\s*(?=\S)")
_SENTENCE_DONE = re.compile(
    r"[.?!:;。…|][)\]”’\"'」』》>*_]*(?:<sup>[^<]*</sup>)?\s*$|[.?!]\s?\([^()]{2,120}\)$|(?:다|[어아해세]요|음|함|임)$"
)
_LONG = 60
_TAIL = 200
_ROW_INDENT = 3


def looks_like_markdown(text: str) -> bool:
    """Whether a text whose name does not say so is Markdown: it has two headings with # at least."""
    return len(re.findall(r"^#{1,6} \S", text, re.MULTILINE)) >= 2


def read_layout(text: str, title: str = "") -> Layout:
    """The drafts of a Markdown text (NFC). Front matter, comments, contents list and repeated titles are left out."""
    layout = Layout()
    drop_hidden(text, layout)
    reader = _Reader(layout, fences(text))
    lines = reader.lines(text)
    layout.spaced = not breaks_words(lines)
    reader.marks = note_marks(text, layout)
    drop_signs(text, layout)
    layout.drafts = _captioned(reader.drafts(lines))
    for draft in layout.drafts:
        _finish(draft, layout)
    set_title(layout, title)
    layout.drafts = _mended(layout.drafts)
    _set_sections(layout.drafts)
    return layout


class _Reader:
    """Reads lines into drafts; `marks` says where each note is called, `code` where fenced code stands."""

    def __init__(self, layout: Layout, code: Sequence[tuple[int, int]]) -> None:
        self.marks: dict[str, tuple[int, int]] = {}
        self._layout = layout
        self._code = code

    def lines(self, text: str) -> list[Line]:
        """The lines that are seen, without rules and contents lists, the signs of quotations taken off."""
        dropped = self._layout.dropped
        seen = "".join(" " if at in dropped and char != "\n" else char for at, char in enumerate(text))
        kept: list[Line] = []
        above = 0
        for found in split_lines(seen):
            line = found if self._in_code(found) else self._unquoted(found)
            line.gap, above = line.gap + above, 0 if line.text else 1
            reason = "" if self._in_code(line) else _reason_to_drop(line, kept)
            if reason:
                self._layout.drop(line.start, line.end, reason)
            elif line.text:
                kept.append(line)
        return kept

    def drafts(self, lines: Sequence[Line]) -> list[Draft]:
        """One draft for each block of lines without an empty line between, cut further by what lines are."""
        drafts: list[Draft] = []
        for line in lines:
            found = self._begin(line)
            current = drafts[-1] if drafts else None
            if current is not None and not line.gap and self._becomes(current, line):
                self._layout.drop(line.start, line.end, "markup")
            elif current is not None and self._goes_on(current, line, found):
                current.lines.append(line)
            else:
                drafts.append(found)
        return drafts

    def _in_code(self, line: Line) -> tuple[int, int] | None:
        return next((span for span in self._code if span[0] <= line.start < span[1]), None)

    def _unquoted(self, line: Line) -> Line:
        match = _QUOTED.match(line.text)
        if match is None:
            return line
        self._layout.drop(line.start, line.start + match.end(), "markup")
        after = line.spaces_after
        return Line(line.start + match.end(), line.end, line.text[match.end() :], gap=line.gap, spaces_after=after)

    def _begin(self, line: Line) -> Draft:
        """The draft that a line would begin."""
        if self._in_code(line):
            return Draft(BlockKind.LIST, [line], rows=True)
        heading, label = _HEADING.match(line.text), note_label(line.text)
        if heading:
            return Draft(BlockKind.HEADING, [line], level=len(heading[1]))
        if label in self.marks:
            return Draft(BlockKind.FOOTNOTE, [line], number=label, mark=self.marks[label])
        if _TABLE_ROW.match(line.text):
            return Draft(BlockKind.TABLE, [line], rows=True)
        if _CAPTION.match(line.text):
            return Draft(BlockKind.TABLE, [line], rows=True, caption=1)
        if _ITEM.match(line.text):
            return Draft(BlockKind.LIST, [line], rows=True)
        return Draft(BlockKind.PARAGRAPH, [line])

    def _becomes(self, current: Draft, line: Line) -> bool:
        """Whether a line of signs makes a heading or the head of a table of the single line above it."""
        above = current.lines[-1]
        if len(current.lines) > 1 or self._in_code(above):
            return False
        if current.kind is BlockKind.PARAGRAPH and _UNDERLINE.match(line.text):
            current.kind, current.level = BlockKind.HEADING, 1 if line.text[0] == "=" else 2
            return True
        if "|" not in above.text or not _TABLE_RULE.match(line.text):
            return False
        current.kind, current.rows = BlockKind.TABLE, True
        return True

    def _goes_on(self, current: Draft, line: Line, found: Draft) -> bool:
        """Whether a line belongs to the current draft; sets its indent so that items keep to their rows."""
        code = self._in_code(line)
        if code or self._in_code(current.lines[0]):
            return code == self._in_code(current.lines[0])
        if current.kind is BlockKind.HEADING or found.kind in (BlockKind.HEADING, BlockKind.FOOTNOTE):
            return False
        if current.kind is BlockKind.LIST:
            return _goes_on_with_list(line, found)
        if line.gap:
            return False
        if current.kind is BlockKind.TABLE:
            return not found.caption and (found.kind is BlockKind.TABLE or "|" in line.text)
        return found.kind is BlockKind.PARAGRAPH


def _goes_on_with_list(line: Line, found: Draft) -> bool:
    """Whether a line is one more item, or goes on with the last: right below it, or indented below an empty line."""
    if found.kind is BlockKind.LIST:
        line.indent = 0
        return line.gap <= 1
    if found.kind is not BlockKind.PARAGRAPH or line.gap > 1:
        return False
    indented = line.indent >= 2
    line.indent = 0 if line.gap else _ROW_INDENT
    return indented or not line.gap


def _reason_to_drop(line: Line, kept: Sequence[Line]) -> str:
    """Why a line is no text: a rule, or the contents list or its heading; empty if it is text."""
    if _RULE.match(line.text):
        underlines = bool(kept) and not line.gap and len(kept[-1].text) < _LONG and not kept[-1].ends_sentence
        return "" if underlines and _UNDERLINE.match(line.text) else "rule"
    name = _HEADING.sub("", line.text)
    return "contents" if CONTENTS_LINE.search(line.text) or CONTENTS_NAME.match(name) else ""


def _captioned(drafts: Sequence[Draft]) -> list[Draft]:
    """Tables take the caption line that stands above them; a caption with no table below is a paragraph."""
    joined: list[Draft] = []
    for draft in drafts:
        above = joined[-1] if joined else None
        waits = above is not None and above.caption and len(above.lines) == 1
        if above is not None and waits and draft.kind is BlockKind.TABLE and not draft.caption:
            above.lines.extend(draft.lines)
        else:
            joined.append(draft)
    for draft in joined:
        if draft.caption and len(draft.lines) == 1:
            draft.kind, draft.rows, draft.caption = BlockKind.PARAGRAPH, False, 0
    return joined


def _finish(draft: Draft, layout: Layout) -> None:
    """Drop the signs of a heading and of a table's frame; a paragraph whose lines are all broken by hand has rows."""
    if draft.kind is BlockKind.HEADING:
        _drop_hashes(draft.lines[0], layout)
        draft.title = " ".join(" ".join(layout.kept(line) for line in draft.lines).split())
    elif draft.kind is BlockKind.TABLE:
        for line in draft.lines:
            _drop_frame(line, layout)
        draft.lines = [line for line in draft.lines if not _TABLE_RULE.match(line.text)]
    elif draft.kind is BlockKind.PARAGRAPH and len(draft.lines) > 1:
        if all(line.spaces_after >= 2 or line.text.endswith("\\") for line in draft.lines[:-1]):
            draft.kind, draft.rows = BlockKind.LIST, True


def _drop_hashes(line: Line, layout: Layout) -> None:
    begins, ends = _HEADING.match(line.text), _HEADING_END.search(line.text)
    if begins:
        layout.drop(line.start, line.start + begins.end(), "markup")
    if begins and ends:
        layout.drop(line.start + ends.start(), line.end, "markup")


def _drop_frame(line: Line, layout: Layout) -> None:
    """The rule under a table's head goes, and the bars at the ends of its rows."""
    if _TABLE_RULE.match(line.text):
        layout.drop(line.start, line.end, "markup")
    elif line.text.startswith("|"):
        layout.drop(line.start, line.start + 1, "markup")
        if line.text.endswith("|"):
            layout.drop(line.end - 1, line.end, "markup")


def _mended(drafts: Sequence[Draft]) -> list[Draft]:
    """A paragraph that breaks off in its sentence goes on with the next paragraph; notes between them step behind."""
    mended: list[Draft] = []
    aside: list[Draft] = []
    for draft in drafts:
        if draft.kind is BlockKind.FOOTNOTE:
            aside.append(draft)
        elif mended and draft.kind is BlockKind.PARAGRAPH and _breaks_off(mended[-1]) and not _stands_alone(draft):
            draft.lines[0].starts_page = True
            mended[-1].lines.extend(draft.lines)
        else:
            mended.extend(aside)
            aside = []
            mended.append(draft)
    return [*mended, *aside]


def _breaks_off(draft: Draft) -> bool:
    text = draft.lines[-1].text
    return draft.kind is BlockKind.PARAGRAPH and len(text) > _LONG and not _SENTENCE_DONE.search(text[-_TAIL:])


def _stands_alone(draft: Draft) -> bool:
    return bool(re.match(r"[■□▪●○◆※]|\*\*", draft.lines[0].text))


def _set_sections(drafts: Sequence[Draft]) -> None:
    headings = [draft for draft in drafts if draft.kind is BlockKind.HEADING]
    if _hashes_contradict(headings):
        hashes = [draft.level for draft in headings]
        set_levels([(draft, draft.title, False) for draft in headings])
        _keep_deep(headings, hashes)
    else:
        _close_up_levels(headings)
    numbered = any(numbering(draft.title) for draft in headings)
    titled = bool(drafts) and drafts[0].kind is BlockKind.TITLE
    set_places(drafts, opening=Region.FRONT if titled and numbered else Region.BODY)


def _hashes_contradict(headings: Sequence[Draft]) -> bool:
    """Whether headings numbered alike have different numbers of #: then the numbering is what can be trusted."""
    levels: dict[int, set[int]] = {}
    for draft in headings:
        found = numbering(draft.title)
        if found is not None:
            levels.setdefault(found.rank, set()).add(draft.level)
    return any(len(seen) > 1 for seen in levels.values())


def _keep_deep(headings: Sequence[Draft], hashes: Sequence[int]) -> None:
    """Of a numbered work, a heading without a number under a part like the author's note is one level deeper."""
    under_back = False
    for draft, marks in zip(headings, hashes, strict=True):
        if numbering(draft.title) is not None or is_named(draft.title):
            under_back = is_named(draft.title)
        elif under_back and marks >= 3:
            draft.level = 2


def _close_up_levels(headings: Sequence[Draft]) -> None:
    """Levels from the number of #, without gaps."""
    stack: list[int] = []
    for draft in headings:
        while stack and stack[-1] >= draft.level:
            stack.pop()
        stack.append(draft.level)
        draft.level = len(stack)
