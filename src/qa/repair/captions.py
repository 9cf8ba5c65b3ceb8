"""Captions of tables and figures, told from sentences that only mention them, and the source lines below them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qa.repair.lines import Line, Role

CAPTION = re.compile(r"^[\[<〈]?\s?(표|그림|도표|Table|Figure|Fig\.)\s?(\d+(?:[-.]\d+)?)\s?[\]>〉.:]?\s*(?=\S)")
PARTICLE = re.compile(r"^(?:은|는|이|가|을|를|에|과|와|의|에서|에는|처럼|참조|참고)(?=[\s\[\]>,.]|$)")
SOURCE_LINE = re.compile(r"^(?:자료|출처|주|Source|Sources|Note)\s*[:：]?\s+(?=\S)|^(?:Source|출처|자료)\s*[:：]")


def mark_captions(lines: Sequence[Line], full: int) -> None:
    """Gives caption lines (and the line that a long caption runs on to) their role.

    A number with a particle behind it is a mention in a sentence; so is a second line with a number that has its
    caption already. A caption does not run on to a line that stands elsewhere too: that heads a table's columns.
    """
    seen: set[tuple[str, str]] = set()
    texts = Counter(line.text for line in lines)
    for index, line in enumerate(lines):
        match = CAPTION.match(line.text)
        if line.role is not Role.OPEN or not match or not is_caption(line.text):
            continue
        if (match[1], match[2]) in seen or line.ends_sentence:
            continue
        seen.add((match[1], match[2]))
        line.role = Role.CAPTION
        after = lines[index + 1] if index + 1 < len(lines) else None
        if after is not None and _runs_on(line, after, full) and texts[after.text] == 1:
            after.role = Role.CAPTION


def _runs_on(line: Line, after: Line, full: int) -> bool:
    """Whether a full caption line goes on with the short line below it."""
    if line.width < full * 0.85 or after.page != line.page or after.role is not Role.OPEN:
        return False
    return after.width < full * 0.7 and not after.ends_sentence and not SOURCE_LINE.match(after.text)


def is_caption(text: str) -> bool:
    """Whether a line reads as a caption: a table's or figure's number, and no particle behind it."""
    match = CAPTION.match(text)
    return match is not None and not PARTICLE.match(text[match.end() :])


def is_figure(text: str) -> bool:
    """Whether a caption announces a figure and not a table."""
    match = CAPTION.match(text)
    return match is not None and match[1] in ("그림", "Figure", "Fig.")
