"""What the page has and the work has not: printed page numbers, running headers, contents lists, ornaments."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from qa.repair.captions import CAPTION, SOURCE_LINE
from qa.repair.headings import is_named, numbering
from qa.repair.lines import Line, Role
from qa.text import squeeze

CONTENTS_LINE = re.compile(r"(?:[.·]\s?){4,}\s*\d{1,4}$|…{2,}\s*\d{1,4}$")
CONTENTS_NAME = re.compile(r"^(?:contents|table of contents|(?:표\s|그림\s)?(?:목\s?차|차\s?례))$", re.IGNORECASE)
_PRINTED_NUMBER = re.compile(r"^(?:[-–—]\s*(\d{1,4})\s*[-–—]|0(\d{1,3}))$")
_BARE_NUMBER = re.compile(r"^(\d{1,4})$")
_LISTED_PAGE = re.compile(r"\s(?:\d{1,4}|[ivxlc]{1,6})$")
_LONGEST_HEADER = 120
_DISPLAY_LETTERS = re.compile(r"^(?:[A-Z]{1,3}|&|[A-Z]{3,12})$")


def mark_furniture(lines: Sequence[Line], full: int) -> dict[int, str]:
    """Gives furniture its role; returns the reason for each line's index. `full` is the width of a full line."""
    reasons = _page_numbers(lines) | _running_headers(lines, full) | _contents(lines) | _ornaments(lines)
    for index in reasons:
        lines[index].role = Role.FURNITURE
    return reasons


def running_title(lines: Sequence[Line], reasons: dict[int, str]) -> str:
    """The running header that stands on the most pages, on three at least: of an unknown work, the best title."""
    pages: dict[str, set[int]] = {}
    for index, reason in reasons.items():
        if reason == "running header":
            pages.setdefault(lines[index].text, set()).add(lines[index].page)
    best = max(pages, key=lambda text: (len(pages[text]), text), default="")
    return best if best and len(pages[best]) >= 3 else ""


def _page_numbers(lines: Sequence[Line]) -> dict[int, str]:
    """Lines with nothing but a printed page number; one that no page break announces begins a page of its own."""
    found: dict[int, str] = {}
    unannounced = 0
    for index, line in enumerate(lines):
        line.page += unannounced
        if not _PRINTED_NUMBER.match(line.text):
            continue
        found[index] = "page number"
        if line.gap >= 2 and index and not line.starts_page:
            line.starts_page = True
            line.page += 1
            unannounced += 1
    return found | dict.fromkeys(_bare_numbers(lines), "page number")


def _bare_numbers(lines: Sequence[Line]) -> list[int]:
    """Numbers alone at the head or foot of pages, if on two pages or more they run with the pages."""
    steps: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        match = _BARE_NUMBER.match(line.text)
        if match and (line.starts_page or _last_of_page(lines, index)):
            steps.setdefault(int(match[1]) - line.page, []).append(index)
    best = max(steps.values(), key=len, default=[])
    return best if len(best) >= 2 else []


def _last_of_page(lines: Sequence[Line], index: int) -> bool:
    return index + 1 == len(lines) or lines[index + 1].page != lines[index].page


def _running_headers(lines: Sequence[Line], full: int) -> dict[int, str]:
    """Every line whose words stand at the foot or the head of two pages or more, with the page's number or without.

    So does the name of a part (요약) at the foot of a page, in the middle of a sentence: it is a thumb index.
    """
    keys = [_header_key(line) for line in lines]
    edges = Counter(
        keys[index]
        for index, line in enumerate(lines)
        if lines[-1].page > 1 and (line.starts_page or _last_of_page(lines, index)) and _could_run(line, full)
    )
    found = {index: "running header" for index, key in enumerate(keys) if edges[key] >= 2}
    for index, (line, after) in enumerate(itertools.pairwise(lines)):
        cut = index > 0 and not lines[index - 1].ends_sentence and lines[index - 1].width > 2 * line.width
        if after.page != line.page and is_named(line.text) and cut:
            found[index] = "running header"
    return found


def _header_key(line: Line) -> tuple[str, int | None]:
    """The words of a line, and how far the number before or behind them is from the number of the page."""
    words = squeeze(line.text[:_LONGEST_HEADER])
    match = re.fullmatch(r"(\d{1,4})?(.*?\D)(\d{1,4})?", words)
    if match is None or (match[1] is None) == (match[3] is None):
        return words, None
    return match[2], int(match[1] or match[3]) - line.page


def _could_run(line: Line, full: int) -> bool:
    """Whether a line may be a running header: words enough, no full line, no sentence, numbered heading or caption."""
    if line.width >= full * 0.9 or len(line.text) > _LONGEST_HEADER or line.ends_sentence:
        return False
    if CAPTION.match(line.text) or SOURCE_LINE.match(line.text):
        return False
    return len(_header_key(line)[0]) >= 5 and numbering(line.text) is None


def _contents(lines: Sequence[Line]) -> dict[int, str]:
    """The contents list: lines with leaders and a page number, its name, and what ends in a number below the name."""
    found: dict[int, str] = {}
    inside = False
    for index, line in enumerate(lines):
        if CONTENTS_LINE.search(line.text):
            found[index] = "contents"
        elif CONTENTS_NAME.match(line.text):
            listed = [_LISTED_PAGE.search(later.text) for later in lines[index + 1 : index + 4]]
            inside = len(listed) == 3 and all(listed)
            if inside:
                found[index] = "contents"
        elif inside and _LISTED_PAGE.search(line.text) and line.width < 120:
            found[index] = "contents"
        else:
            inside = False
    return found


def _ornaments(lines: Sequence[Line]) -> dict[int, str]:
    """Scraps of display type before the first real line (a magazine's name set letter by letter, its rubric)."""
    found: dict[int, str] = {}
    for index, line in enumerate(lines[:20]):
        if _DISPLAY_LETTERS.match(line.text.replace(" ", "")):
            found[index] = "ornament"
        elif not _PRINTED_NUMBER.match(line.text):
            label = len(found) > 2 and line.width < 40 and index + 1 < len(lines) and lines[index + 1].width < 60
            found.update({index: "ornament"} if label else {})
            break
    scraps = sum(len(lines[index].text) <= 2 for index in found)
    return found if scraps > 2 else {}


def page_numbers(lines: Sequence[Line], chapter_starts: Iterable[int]) -> dict[int, int | None]:
    """The printed number of each page ordinal, from the numbers that were printed; the ordinal where none was.

    Between two printed numbers that leave room for missing pages, the gap is put before the last page that begins
    a chapter (`chapter_starts`, ordinals). A page before number 1 has None: a wrong page is worse than no page.
    """
    anchors: dict[int, int] = {}
    for line in lines:
        match = _PRINTED_NUMBER.match(line.text) or _BARE_NUMBER.match(line.text)
        if match and line.role is Role.FURNITURE:
            anchors[line.page] = int(match[1] or match[2])
    last = lines[-1].page if lines else 1
    if not anchors:
        return {page: page for page in range(1, last + 1)} if last > 1 else {1: None}
    ordered = sorted(anchors)
    shift = dict.fromkeys(range(1, last + 1), anchors[ordered[0]] - ordered[0])
    for before, after in itertools.pairwise(ordered):
        gap = max((page for page in chapter_starts if before < page <= after), default=after)
        shift.update(dict.fromkeys(range(before, last + 1), anchors[before] - before))
        shift.update(dict.fromkeys(range(gap, last + 1), anchors[after] - after))
    return {page: page + move if page + move > 0 else None for page, move in shift.items()}
