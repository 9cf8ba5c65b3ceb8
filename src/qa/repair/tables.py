"""Tables, figures and boxed lists: runs of fragments, tied to their captions even when they stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.repair.captions import CAPTION, SOURCE_LINE, is_figure
from qa.repair.headings import is_named, numbering
from qa.repair.lines import Line, Role, hangul_share
from qa.text import squeeze


@dataclass(slots=True)
class Table:
    """A table or figure: indices of its caption lines, of its rows (in order) and of its source lines."""

    caption: list[int]
    rows: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    figure: bool = False

    @property
    def anchor(self) -> int:
        """The index of the line where the table stands in reading order."""
        return (self.caption or self.rows)[0]


def find_tables(lines: Sequence[Line], full: int) -> list[Table]:
    """All tables and figures of a text, their lines given the role TABLE; captions must have theirs already."""
    tables = _captions(lines)
    _take_sources(lines, tables, full)
    for run in _fragment_runs(lines, full):
        _attach(lines, tables, run)
        for index in run:
            lines[index].role = Role.TABLE
    return sorted(tables, key=lambda table: table.anchor)


def _captions(lines: Sequence[Line]) -> list[Table]:
    tables: list[Table] = []
    for index, line in enumerate(lines):
        if line.role is not Role.CAPTION:
            continue
        if CAPTION.match(line.text):
            tables.append(Table([index], figure=is_figure(line.text)))
        elif tables:
            tables[-1].caption.append(index)
    return tables


def _take_sources(lines: Sequence[Line], tables: Sequence[Table], full: int) -> None:
    """`Source: …` lines (with what they run on to) go to the figure just below or to the last table above."""
    for index, line in enumerate(lines):
        if line.role is not Role.OPEN or not SOURCE_LINE.match(line.text) or not tables:
            continue
        run = [index]
        while _source_goes_on(lines, run[-1], full):
            run.append(run[-1] + 1)
        below = run[-1] + 1 < len(lines) and lines[run[-1] + 1].role is Role.CAPTION
        owner = next((t for t in tables if t.caption[0] == run[-1] + 1), None) if below else None
        if owner is None or not owner.figure:
            above = [t for t in tables if t.caption[0] < index and lines[t.caption[0]].page >= line.page - 1]
            owner = above[-1] if above else owner
        if owner is not None:
            owner.sources.extend(run)
            for at in run:
                lines[at].role = Role.TABLE


def _source_goes_on(lines: Sequence[Line], index: int, full: int) -> bool:
    if index + 1 >= len(lines):
        return False
    line, after = lines[index], lines[index + 1]
    same = after.page == line.page and after.role is Role.OPEN and not SOURCE_LINE.match(after.text)
    return same and line.width >= full * 0.85 and not prose_begins(lines, index + 1, full)


def prose_begins(lines: Sequence[Line], index: int, full: int) -> bool:
    """Whether running text stands at `index`: two full lines of mostly Hangul, or one and the end of a sentence."""
    if not _full(lines[index], full):
        return False
    after = next((line for line in lines[index + 1 : index + 40] if line.role is Role.OPEN), None)
    if after is None or after.bullet or numbering(after.text):
        return lines[index].ends_sentence
    return _full(after, full) or after.ends_sentence or after.page != lines[index].page


def _full(line: Line, full: int) -> bool:
    return line.width >= full * 0.9 and not line.bullet and (hangul_share(line.text) >= 0.4 or _english_prose(line))


def _english_prose(line: Line) -> bool:
    return len(re.findall(r"(?<!\S)[a-z]{2,}", line.text)) >= 6


def _fragment_runs(lines: Sequence[Line], full: int) -> list[list[int]]:
    """Maximal runs, page by page, of open lines that are no running text and no heading above running text."""
    runs: list[list[int]] = []
    run: list[int] = []
    prose_open = False
    for index, line in enumerate(lines):
        if line.role in (Role.FURNITURE, Role.NOTE):
            continue
        turned = run and lines[run[-1]].page != line.page
        if turned or line.role not in (Role.OPEN, Role.CAPTION):
            _close(runs, run, lines)
            run = []
        if line.role is not Role.OPEN:
            continue
        if prose_begins(lines, index, full) or (prose_open and _tail(lines, index, full)):
            _close(runs, run, lines)
            run = []
            prose_open = line.width >= full * 0.85 or not line.ends_sentence
            continue
        prose_open = prose_open and not run
        run.append(index)
        prose_open = False
    _close(runs, run, lines)
    return runs


def _tail(lines: Sequence[Line], index: int, full: int) -> bool:
    """Whether the line ends the paragraph above it: it is full, or short and the end of a sentence."""
    line = lines[index]
    if line.bullet or numbering(line.text):
        return False
    return line.ends_sentence or line.width >= full * 0.85


def _close(runs: list[list[int]], run: list[int], lines: Sequence[Line]) -> None:
    """Keep a run if it is a table: more than three lines, or beside a caption; headings at its end stay out."""
    if not run:
        return
    kept = list(run)
    while kept and _could_head(lines, kept, run):
        kept.pop()
    while kept and numbering(lines[kept[0]].text):
        kept.pop(0)
    beside = any(
        0 <= at < len(lines) and lines[at].role is Role.CAPTION and lines[at].page == lines[run[0]].page
        for at in (run[0] - 1, run[-1] + 1)
    )
    bullets = sum(lines[index].bullet for index in kept)
    if len(kept) > 3 or (kept and (beside or bullets >= 2)):
        runs.append(kept)


def _could_head(lines: Sequence[Line], kept: list[int], run: list[int]) -> bool:
    """Whether the last line of a run may be a heading: it has a name or number, or stands alone above prose."""
    line = lines[kept[-1]]
    if is_named(line.text):
        return True
    after = next((at for at in range(kept[-1] + 1, len(lines)) if lines[at].role is Role.OPEN), None)
    below = after is not None and (lines[after].page == line.page or after in run)
    return below and len(kept) <= 3 and not line.bullet and not line.ends_sentence and not line.text.endswith(",")


def _attach(lines: Sequence[Line], tables: list[Table], run: list[int]) -> None:
    """Give a run of fragments to the caption on its page that waits for rows, or to the table that goes on."""
    page = lines[run[0]].page
    here = [table for table in tables if table.caption and lines[table.caption[0]].page == page]
    waiting = [table for table in here if not table.rows] or here
    before = [table for table in tables if table.caption and lines[table.caption[0]].page == page - 1]
    going_on = before[-1] if before and before[-1].rows and not before[-1].figure else None
    if waiting and going_on:
        header = squeeze(lines[going_on.rows[0]].text)
        again = next((k for k, index in enumerate(run) if k and squeeze(lines[index].text) == header), None)
        if again is not None:
            going_on.rows.extend(run[:again])
            run = run[again:]
    owner = next((table for table in reversed(waiting) if not table.figure), waiting[-1] if waiting else going_on)
    if owner is not None:
        owner.rows.extend(run)
        owner.rows.sort()
    else:
        tables.append(Table([], rows=list(run)))
