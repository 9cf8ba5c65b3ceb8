"""Page furniture: printed page numbers, running headers, ornaments, and the page that each line stands on."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from qa.repair.headings import is_named, numbering
from qa.repair.lines import Line, Role
from qa.text import squeeze

PRINTED_NUMBER = re.compile(r"^(?:[-–—]\s*(\d{1,4})\s*[-–—]|0(\d{1,3}))$")
SPACED_LETTERS = re.compile(r"^(?:[A-Z]{1,3}|&|[A-Z]{3,12})$")


def mark_furniture(lines: Sequence[Line]) -> dict[int, str]:
    """Gives furniture its role; returns the reason for each line's index."""
    reasons: dict[int, str] = {}
    reasons.update(_page_numbers(lines))
    reasons.update(_running_headers(lines))
    reasons.update(_ornaments(lines))
    for index in reasons:
        lines[index].role = Role.FURNITURE
    return reasons


def _page_numbers(lines: Sequence[Line]) -> dict[int, str]:
    """Lines with nothing but a printed page number; one that no page break announces begins a page of its own."""
    found: dict[int, str] = {}
    for index, line in enumerate(lines):
        if not PRINTED_NUMBER.match(line.text):
            continue
        found[index] = "page number"
        if line.gap >= 2 and index and not line.starts_page:
            line.starts_page = True
            for later in lines[index:]:
                later.page += 1
    return found


def _running_headers(lines: Sequence[Line]) -> dict[int, str]:
    """Every line whose words stand at the foot or the head of two pages or more.

    So does the name of a part (요약) at the foot of a page, in the middle of a sentence: it is a thumb index.
    """
    edges: Counter[str] = Counter()
    for index, line in enumerate(lines):
        last_of_page = index + 1 < len(lines) and lines[index + 1].page != line.page
        if (last_of_page or line.starts_page) and _could_run(line):
            edges[squeeze(line.text)] += 1
    repeated = {words for words, times in edges.items() if times >= 2}
    found = {index: "running header" for index, line in enumerate(lines) if squeeze(line.text) in repeated}
    for index, (line, after) in enumerate(itertools.pairwise(lines)):
        cut = index > 0 and not lines[index - 1].ends_sentence and lines[index - 1].width > 2 * line.width
        if after.page != line.page and is_named(line.text) and cut:
            found[index] = "running header"
    return found


def _could_run(line: Line) -> bool:
    """Whether a line may be a running header: words enough, no sentence, no numbered heading."""
    return len(squeeze(line.text)) >= 5 and not line.ends_sentence and numbering(line.text) is None


def _ornaments(lines: Sequence[Line]) -> dict[int, str]:
    """Scraps of display type before the first real line (a magazine's name set letter by letter, its rubric)."""
    found: dict[int, str] = {}
    for index, line in enumerate(lines[:20]):
        if SPACED_LETTERS.match(line.text.replace(" ", "")):
            found[index] = "ornament"
        elif index in found or PRINTED_NUMBER.match(line.text):
            continue
        else:
            label = len(found) > 2 and line.width < 40 and index + 1 < len(lines) and lines[index + 1].width < 60
            found.update({index: "ornament"} if label else {})
            break
    return found if len(found) > 2 else {}


def page_numbers(lines: Sequence[Line], chapter_starts: set[int]) -> dict[int, int | None]:
    """The printed number of each page ordinal, from the numbers that were printed; the ordinal where none was.

    Between two printed numbers that leave room for missing pages, the gap is put before the last page that begins
    a chapter (`chapter_starts`, ordinals). A page before number 1 has None: a wrong page is worse than no page.
    """
    anchors: dict[int, int] = {}
    for line in lines:
        match = PRINTED_NUMBER.match(line.text) if line.role is Role.FURNITURE else None
        if match:
            anchors[line.page] = int(match[1] or match[2])
    last = max((line.page for line in lines), default=1)
    if not anchors:
        return {page: page for page in range(1, last + 1)} if last > 1 else {1: None}
    ordered = sorted(anchors)
    shift = dict.fromkeys(range(1, last + 1), anchors[ordered[0]] - ordered[0])
    for before, after in itertools.pairwise(ordered):
        step = anchors[after] - after
        gap = max((page for page in chapter_starts if before < page <= after), default=after)
        shift.update(dict.fromkeys(range(before, last + 1), anchors[before] - before))
        shift.update(dict.fromkeys(range(gap, last + 1), step))
    return {page: page + move if page + move > 0 else None for page, move in shift.items()}
