"""Plain text: measured first, then read as what extraction left of a print, or as somebody typed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.records import BlockKind
from qa.repair import extracted, typed
from qa.repair.drafts import Draft, Layout
from qa.repair.furniture import mark_furniture, page_numbers, running_title
from qa.repair.headings import is_labelled, is_named, numbering, set_levels, set_places
from qa.repair.lines import Line, Role, split_lines
from qa.repair.setting import measure
from qa.text import squeeze

_TITLE_LINES = 4
_TITLE_GOES_ON = re.compile(r"(?:[고며와과의은는을를,:：]|\band|\bof|\bthe)$", re.IGNORECASE)


def read_layout(text: str, title: str = "") -> Layout:
    """The drafts of a plain text (NFC), with their sections, regions and pages.

    `title` is the work's title if it is known from elsewhere: its lines become the title block.
    """
    lines = split_lines(text)
    setting = measure(lines)
    layout = Layout(trailing=setting.trailing, spaced=setting.spaced)
    furniture = mark_furniture(lines, setting.full)
    _mark_title(lines, title)
    for index, reason in furniture.items():
        if lines[index].role is Role.FURNITURE:
            layout.drop(lines[index].start, lines[index].end, reason)
    layout.drafts = extracted.read(text, lines, setting, layout) if setting.wrapped else typed.read(lines)
    _title_first(layout.drafts)
    if not title:
        _name_title(layout.drafts)
        layout.title = running_title(lines, furniture)
    _set_sections(layout.drafts)
    _set_pages(layout.drafts, lines)
    layout.warnings.extend(_blank_pages(lines))
    return layout


def _mark_title(lines: Sequence[Line], title: str) -> None:
    """The first run of one to four lines that together are the known title, or most of it."""
    wanted = squeeze(title)
    for start in range(len(lines)) if wanted else ():
        joined, found = "", 0
        for line in lines[start : start + _TITLE_LINES]:
            joined += squeeze(line.text[: len(title) + 20])
            if not wanted.startswith(joined):
                break
            found += 1
        held = squeeze("".join(line.text for line in lines[start : start + found]))
        if found and len(held) >= 0.6 * len(wanted) and lines[start + found - 1].role is Role.OPEN:
            for line in lines[start : start + found]:
                line.role = Role.TITLE
            return


def _title_first(drafts: list[Draft]) -> None:
    """A title that was set aside of the first page opens the document."""
    at = next((index for index, draft in enumerate(drafts) if draft.kind is BlockKind.TITLE), 0)
    if at:
        drafts.insert(0, drafts.pop(at))


def _name_title(drafts: list[Draft]) -> None:
    """Of a work without a known title: its first heading, if it is the only one without a number or name, or stands
    directly above another.
    """
    plain = [draft for draft in drafts if draft.kind is BlockKind.HEADING and not _divides(draft)]
    if len(drafts) < 2 or not plain or plain[0] is not drafts[0]:
        return
    if len(plain) > 1 and plain[1] is drafts[1] and _TITLE_GOES_ON.search(drafts[0].title):
        drafts[0].lines.extend(drafts.pop(1).lines)
    elif len(plain) > 1 and drafts[1].kind is not BlockKind.HEADING:
        return
    drafts[0].kind, drafts[0].title = BlockKind.TITLE, ""


def _divides(draft: Draft) -> bool:
    return numbering(draft.title) is not None or is_named(draft.title) or is_labelled(draft.title)


def _set_sections(drafts: Sequence[Draft]) -> None:
    headings = [(index, draft) for index, draft in enumerate(drafts) if draft.kind is BlockKind.HEADING]
    indices = {index for index, _ in headings}
    set_levels([(draft, draft.title, index - 1 in indices) for index, draft in headings])
    set_places(drafts)


def _set_pages(drafts: Sequence[Draft], lines: Sequence[Line]) -> None:
    chapters = {draft.lines[0].page for draft in drafts if draft.level == 1 and draft.lines[0].starts_page}
    pages = page_numbers(lines, chapters)
    for line in lines:
        line.printed = pages[line.page]


def _blank_pages(lines: Sequence[Line]) -> Iterator[str]:
    """A warning if there are pages without any text: they may be scanned ones."""
    last = lines[-1].page if lines else 0
    blank = sorted(set(range(1, last + 1)) - {line.page for line in lines})
    if blank:
        yield f"pages without text (글이 없는 쪽): {', '.join(map(str, blank))}"
