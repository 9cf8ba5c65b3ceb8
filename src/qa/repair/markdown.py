"""Markdown, written by hand or converted from a PDF: markup taken out, page breaks mended, notes lifted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.records import BlockKind, Region
from qa.repair.drafts import Draft, Layout
from qa.repair.headings import is_named, numbering, set_levels, set_places
from qa.repair.lines import Line, split_lines
from qa.text import squeeze

_FRONT_MATTER = re.compile(r"\A\ufeff?(\+\+\+|---)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6})\s+(?=\S)")
_RULE = re.compile(r"^(?:[-*_]\s*){3,}$")
_TABLE_ROW = re.compile(r"^\|.*\|$|^\S.*\s\|\s.*\|$")
_TABLE_RULE = re.compile(r"^\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_ITEM = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
_CONTENTS_LINE = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}$|…{2,}\s*\d{1,4}$")
_CONTENTS_NAME = re.compile(r"^(?:contents|table of contents|목\s?차|차\s?례)$", re.IGNORECASE)
_NOTE_MARK = re.compile(r"<sup>\s*\[?(\d{1,3})\)?\]?\s*</sup>|\[\^(\w{1,12})\](?!:)")
_NOTE_BODY = re.compile(r"^(?:(\d{1,3})\)\s*(?=\S)|\[\^(\w{1,12})\]:\s*)")
_CAPTION = re.compile(r"^(?:\*\*)?(?:표|그림|Table|Figure)\s*(?:\d+(?:[-.]\d+)?)?\s*[:.：]\s*(?=\S)")
_SENTENCE_DONE = re.compile(r"[.?!:;。…|][)\]”’\"'」』》>*_]*(?:<sup>[^<]*</sup>)?\s*$|[.?!]\s?\([^()]{2,120}\)$")
_MARKUP: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)"), 1),
    (re.compile(r"<((?:https?://|mailto:)[^>\s]+)>"), 1),
    (re.compile(r"\*\*(?=\S)([^\n]+?)(?<=\S)\*\*"), 1),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])"), 1),
    (re.compile(r"(?<!\w)__(?=\S)([^\n]+?)(?<=\S)__(?!\w)"), 1),
    (re.compile(r"`([^`\n]+)`"), 1),
)
_ESCAPE = re.compile(r"\\+(?=[\\`*_{}\[\]()#+\-.!|<>~])")


def read_layout(text: str, title: str = "") -> Layout:
    """The drafts of a Markdown text (NFC). Front matter, comments, contents list and repeated titles are left out."""
    layout = Layout()
    for pattern, reason in ((_FRONT_MATTER, "front matter"), (_COMMENT, "comment")):
        for match in pattern.finditer(text):
            layout.drop(match.start(), match.end(), reason)
    lines = [line for line in split_lines(_blanked(text, layout)) if not _RULE.match(line.text)]
    _drop_rules(text, lines, layout)
    _mark_drops(text, layout)
    lines = _without_contents(lines, layout)
    marks = _note_marks(text, layout)
    layout.drafts = _captioned(_drafts(lines, marks))
    _drop_table_frames(layout)
    _titles(layout, title)
    _mend_page_breaks(layout)
    _set_sections(layout)
    return layout


def _blanked(text: str, layout: Layout) -> str:
    """The text with what is dropped made blank, line ends kept, so that offsets stay."""
    return "".join(" " if at in layout.dropped and char != "\n" else char for at, char in enumerate(text))


def _drop_rules(text: str, kept: Sequence[Line], layout: Layout) -> None:
    held = {line.start for line in kept}
    for line in split_lines(text):
        if line.start not in held and line.start not in layout.dropped:
            layout.drop(line.start, line.end, "rule")


def _mark_drops(text: str, layout: Layout) -> None:
    """Markup goes, what it marks stays."""
    fenced = {at for match in _FENCE.finditer(text) for at in range(*match.span())}
    for pattern, group in _MARKUP:
        for match in pattern.finditer(text):
            if match.start() not in fenced and match.start() not in layout.dropped:
                layout.drop(match.start(), match.start(group), "markup")
                layout.drop(match.end(group), match.end(), "markup")
    for match in _ESCAPE.finditer(text):
        if match.start() not in fenced:
            layout.drop(match.start(), match.end(), "markup")


def _without_contents(lines: Sequence[Line], layout: Layout) -> list[Line]:
    """The lines less the contents list and its heading."""
    kept: list[Line] = []
    for line in lines:
        name = _HEADING.sub("", line.text)
        if _CONTENTS_LINE.search(line.text) or _CONTENTS_NAME.match(name):
            layout.drop(line.start, line.end, "contents")
        else:
            kept.append(line)
    return kept


def _note_marks(text: str, layout: Layout) -> dict[str, tuple[int, int]]:
    """Where each note is called: label to span. The marks are left out of the text."""
    marks: dict[str, tuple[int, int]] = {}
    for match in _NOTE_MARK.finditer(text):
        label = match[1] or match[2]
        if match.start() not in layout.dropped and label not in marks:
            marks[label] = match.span()
            layout.drop(match.start(), match.end(), "note mark")
    return marks


def _drafts(lines: Sequence[Line], marks: dict[str, tuple[int, int]]) -> Iterator[Draft]:
    """One draft for each block of lines without an empty line between, cut further by what lines are."""
    current: Draft | None = None
    for line in lines:
        found = _begin(line, marks)
        goes_on = current is not None and line.gap == 0 and _goes_on(current, line, found)
        if goes_on and current is not None:
            current.lines.append(line)
            continue
        if current is not None:
            yield current
        current = found
    if current is not None:
        yield current


def _captioned(drafts: Iterator[Draft]) -> list[Draft]:
    """Tables take the caption line that stands above them; a caption with no table below is a paragraph."""
    joined: list[Draft] = []
    for draft in drafts:
        above = joined[-1] if joined else None
        if above and above.caption and len(above.lines) == 1 and draft.kind is BlockKind.TABLE and not draft.caption:
            above.lines.extend(draft.lines)
            continue
        if above and above.caption and len(above.lines) == 1:
            above.kind, above.rows, above.caption = BlockKind.PARAGRAPH, False, 0
        joined.append(draft)
    return joined


def _drop_table_frames(layout: Layout) -> None:
    """The rule under a table's head goes, and the bars at the ends of its rows."""
    for draft in layout.drafts:
        if draft.kind is not BlockKind.TABLE:
            continue
        for line in draft.lines:
            if _TABLE_RULE.match(line.text):
                layout.drop(line.start, line.end, "markup")
            elif line.text.startswith("|"):
                layout.drop(line.start, line.start + 1, "markup")
                if line.text.endswith("|"):
                    layout.drop(line.end - 1, line.end, "markup")
        draft.lines = [line for line in draft.lines if not _TABLE_RULE.match(line.text)]


def _begin(line: Line, marks: dict[str, tuple[int, int]]) -> Draft:
    """The draft that a line would begin."""
    heading, note = _HEADING.match(line.text), _NOTE_BODY.match(line.text)
    if heading:
        return Draft(BlockKind.HEADING, [line], level=len(heading[1]), title=line.text[heading.end() :])
    if note and (note[1] or note[2]) in marks:
        label = note[1] or note[2]
        return Draft(BlockKind.FOOTNOTE, [line], number=label, mark=marks[label])
    if _TABLE_ROW.match(line.text) or _TABLE_RULE.match(line.text):
        return Draft(BlockKind.TABLE, [line], rows=True)
    if _CAPTION.match(line.text):
        return Draft(BlockKind.TABLE, [line], rows=True, caption=1)
    if _ITEM.match(line.text):
        return Draft(BlockKind.LIST, [line], rows=True)
    return Draft(BlockKind.PARAGRAPH, [line])


def _goes_on(current: Draft, line: Line, found: Draft) -> bool:
    if current.kind is BlockKind.HEADING or found.kind in (BlockKind.HEADING, BlockKind.FOOTNOTE):
        return False
    if current.kind is BlockKind.TABLE:
        return found.kind is BlockKind.TABLE and not found.caption
    if current.kind is BlockKind.LIST:
        return found.kind is BlockKind.LIST
    return found.kind is BlockKind.PARAGRAPH


def _titles(layout: Layout, title: str) -> None:
    """The first heading `#` is the title (with the lines right below it that belong to it); repeats of it go."""
    counts = Counter(squeeze(draft.title) for draft in layout.drafts if draft.kind is BlockKind.HEADING)
    first = next((draft for draft in layout.drafts if draft.kind is BlockKind.HEADING), None)
    if first is None or (first.level != 1 and counts[squeeze(first.title)] < 2):
        return
    name = squeeze(first.title)
    wanted = squeeze(title)
    subtitle = ""
    kept: list[Draft] = []
    follows = False
    for draft in layout.drafts:
        words = "".join(squeeze(line.text) for line in draft.lines)
        is_title = draft.kind is BlockKind.HEADING and squeeze(draft.title) == name
        is_sub = follows and bool(words) and (words == subtitle or (not subtitle and wanted == name + words))
        follows = is_title or (follows and draft.kind is BlockKind.TITLE)
        if not is_title and not is_sub:
            kept.append(draft)
            continue
        if is_sub:
            subtitle, follows = words, False
        if draft is first or (is_sub and sum(d.kind is BlockKind.TITLE for d in kept) == 1):
            draft.kind, draft.level, draft.title = BlockKind.TITLE, 0, ""
            kept.append(draft)
        else:
            for line in draft.lines:
                layout.drop(line.start, line.end, "repeated title")
    layout.drafts = kept
    _drop_hashes(layout)


def _drop_hashes(layout: Layout) -> None:
    for draft in layout.drafts:
        if draft.kind in (BlockKind.HEADING, BlockKind.TITLE):
            match = _HEADING.match(draft.lines[0].text)
            if match:
                layout.drop(draft.lines[0].start, draft.lines[0].start + match.end(), "markup")


def _mend_page_breaks(layout: Layout) -> None:
    """A paragraph that breaks off in its sentence goes on with the next paragraph; notes between them step behind."""
    mended: list[Draft] = []
    aside: list[Draft] = []
    for draft in layout.drafts:
        open_draft = mended[-1] if mended and mended[-1].kind is BlockKind.PARAGRAPH else None
        if draft.kind is BlockKind.FOOTNOTE:
            aside.append(draft)
        elif open_draft and draft.kind is BlockKind.PARAGRAPH and _breaks_off(open_draft) and not _stands_alone(draft):
            open_draft.lines.extend(draft.lines)
        else:
            mended.extend(aside)
            aside = []
            mended.append(draft)
    layout.drafts = [*mended, *aside]


def _breaks_off(draft: Draft) -> bool:
    text = draft.lines[-1].text
    return len(text) > 60 and not _SENTENCE_DONE.search(text)


def _stands_alone(draft: Draft) -> bool:
    return bool(re.match(r"[■□▪●○◆※]|\*\*", draft.lines[0].text))


def _set_sections(layout: Layout) -> None:
    headings = [draft for draft in layout.drafts if draft.kind is BlockKind.HEADING]
    for draft in headings:
        draft.title = _plain_title(draft, layout)
    numbered = sum(numbering(draft.title) is not None for draft in headings)
    if _hashes_contradict(headings):
        set_levels([(draft, draft.title, False) for draft in headings])
        _keep_deep(headings)
    else:
        _close_up_levels(headings)
    opening = Region.FRONT if headings and layout.drafts[0].kind is BlockKind.TITLE and numbered else Region.BODY
    set_places(layout.drafts, opening=opening)
    for draft in layout.drafts:
        if draft.region is Region.REFERENCES and draft.kind in (BlockKind.LIST, BlockKind.PARAGRAPH):
            draft.kind = BlockKind.REFERENCE


def _hashes_contradict(headings: Sequence[Draft]) -> bool:
    """Whether headings numbered alike have different numbers of #: then the numbering is what can be trusted."""
    levels: dict[int, set[int]] = {}
    for draft in headings:
        found = numbering(draft.title)
        if found is not None:
            levels.setdefault(found.rank, set()).add(draft.level)
    return any(len(seen) > 1 for seen in levels.values())


def _keep_deep(headings: Sequence[Draft]) -> None:
    """Of a numbered work, a heading without a number under a part like the author's note is one level deeper."""
    under_back = False
    for draft in headings:
        if numbering(draft.title) is None and not is_named(draft.title):
            hashes = _HEADING.match(draft.lines[0].text)
            deep = under_back and bool(hashes) and hashes is not None and len(hashes[1]) >= 3
            draft.level = 2 if deep else draft.level
        else:
            under_back = is_named(draft.title)


def _close_up_levels(headings: Sequence[Draft]) -> None:
    """Levels from the number of #, without gaps."""
    stack: list[int] = []
    for draft in headings:
        while stack and stack[-1] >= draft.level:
            stack.pop()
        stack.append(draft.level)
        draft.level = len(stack)


def _plain_title(draft: Draft, layout: Layout) -> str:
    """The heading's text as the document will have it."""
    line = draft.lines[0]
    kept = (char for at, char in enumerate(line.text, line.start) if at not in layout.dropped)
    return " ".join("".join(kept).split())
