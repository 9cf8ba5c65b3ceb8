"""Tables, figures and boxed lists: runs of fragments, tied to their captions even when they stand elsewhere."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qa.repair.captions import CAPTION, SOURCE_LINE, is_figure
from qa.repair.headings import is_named, numbering
from qa.repair.lines import Line, Role, hangul_share, reads_as_prose
from qa.repair.setting import Setting
from qa.text import squeeze

_LOOK_AHEAD = 80
_SENTENCE = re.compile(r"\S \S+ .*[다까요][.?!][’”'\")\]]*$")


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


def find_tables(lines: Sequence[Line], setting: Setting) -> list[Table]:
    """All tables and figures of a text, their lines given the role TABLE; captions must have theirs already."""
    tables = _captions(lines)
    _take_sources(lines, tables, setting)
    for run in _Runs(lines, setting).find():
        _attach(lines, tables, run)
        _give_role(lines, run)
    return sorted(tables, key=lambda table: table.anchor)


def _give_role(lines: Sequence[Line], indices: Iterable[int]) -> None:
    for index in indices:
        lines[index].role = Role.TABLE


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


def _take_sources(lines: Sequence[Line], tables: Sequence[Table], setting: Setting) -> None:
    """`Source: …` lines (with what they run on to) go to the figure just below or to the last table above."""
    for index, line in enumerate(lines):
        if line.role is not Role.OPEN or not SOURCE_LINE.match(line.text):
            continue
        run = [index]
        while _source_goes_on(lines, run[-1], setting):
            run.append(run[-1] + 1)
        owner = _owner_of_source(lines, tables, run)
        if owner is not None:
            owner.sources.extend(run)
            _give_role(lines, run)


def _owner_of_source(lines: Sequence[Line], tables: Sequence[Table], run: Sequence[int]) -> Table | None:
    below = next((table for table in tables if table.caption[0] == run[-1] + 1), None)
    if below is not None and below.figure:
        return below
    page = lines[run[0]].page
    above = [table for table in tables if table.caption[0] < run[0] and lines[table.caption[0]].page >= page - 1]
    return above[-1] if above else below


def _source_goes_on(lines: Sequence[Line], index: int, setting: Setting) -> bool:
    if index + 1 >= len(lines):
        return False
    line, after = lines[index], lines[index + 1]
    same = after.page == line.page and after.role is Role.OPEN and not SOURCE_LINE.match(after.text)
    return same and setting.is_full(line) and not prose_begins(lines, index + 1, setting)


def prose_begins(lines: Sequence[Line], index: int, setting: Setting) -> bool:
    """Whether running text stands at `index`: two full lines of prose, or one and the end of a sentence or page."""
    line = lines[index]
    if not _full(line, setting):
        return False
    after = next(_ahead(lines, index), None)
    if after is None or after.listed or _numbered(after, line):
        return line.ends_sentence
    return _full(after, setting) or after.ends_sentence or after.page != line.page


def _goes_on_overleaf(lines: Sequence[Line], index: int, setting: Setting) -> bool:
    """Whether a single full line of prose above a table at the page's foot goes on at the head of the next page."""
    line = lines[index]
    if line.ends_sentence or not _full(line, setting):
        return False
    over = next((later for later in _ahead(lines, index) if later.page != line.page), None)
    return over is not None and _full(over, setting) and not _numbered(over, line)


def _ahead(lines: Sequence[Line], index: int) -> Iterator[Line]:
    """The lines not far below whose role is not known yet."""
    ahead = itertools.islice(lines, index + 1, index + _LOOK_AHEAD)
    return (line for line in ahead if line.role is Role.OPEN)


def _full(line: Line, setting: Setting) -> bool:
    return setting.is_full(line) and reads_as_prose(line)


class _Runs:
    """Maximal runs, page by page, of open lines that are no running text and no heading above running text."""

    def __init__(self, lines: Sequence[Line], setting: Setting) -> None:
        self._lines = lines
        self._setting = setting
        self._kept: list[list[int]] = []
        self._run: list[int] = []

    def find(self) -> list[list[int]]:
        """The runs that are tables, in order."""
        prose_open = False
        for index, line in enumerate(self._lines):
            if line.role in (Role.FURNITURE, Role.NOTE):
                continue
            if self._parted(line):
                self._close()
                prose_open = prose_open and not (self._setting.gaps and line.gap)
            if line.role is not Role.OPEN:
                continue
            tail = prose_open and _tail(line, self._lines[index - 1], self._setting)
            if tail or self._prose_begins(index):
                self._close()
                prose_open = self._setting.is_full(line) or not line.ends_sentence
            elif not self._run and _is_sentence(line):
                prose_open = False
            else:
                prose_open = False
                self._run.append(index)
        self._close()
        return self._kept

    def _prose_begins(self, index: int) -> bool:
        under_headings = all(numbering(self._lines[at].text) for at in self._run)
        return prose_begins(self._lines, index, self._setting) or (
            under_headings and _goes_on_overleaf(self._lines, index, self._setting)
        )

    def _parted(self, line: Line) -> bool:
        """Whether a page, another kind of line or an empty line that means something ends the run above a line."""
        turned = bool(self._run) and self._lines[self._run[-1]].page != line.page
        return turned or line.role not in (Role.OPEN, Role.CAPTION) or (self._setting.gaps and line.gap > 0)

    def _close(self) -> None:
        """Keep the run if it is a table: lines enough, or beside a caption; headings at its ends stay out."""
        run, self._run = self._run, []
        kept = list(run)
        while kept and not self._setting.gaps and self._could_head(kept, run):
            kept.pop()
        while kept and _divides(self._lines[kept[0]].text):
            kept.pop(0)
        bullets = sum(self._lines[index].listed for index in kept)
        enough = 2 if self._setting.gaps else 4
        if len(kept) >= enough or (kept and (self._beside_caption(run) or bullets >= 2)):
            self._kept.append(kept)

    def _beside_caption(self, run: Sequence[int]) -> bool:
        page = self._lines[run[0]].page
        beside = (self._lines[at] for at in (run[0] - 1, run[-1] + 1) if 0 <= at < len(self._lines))
        return any(line.role is Role.CAPTION and line.page == page for line in beside)

    def _could_head(self, kept: Sequence[int], run: Sequence[int]) -> bool:
        """Whether the last line of a run may be a heading: it has a name, or stands alone above prose."""
        line = self._lines[kept[-1]]
        if is_named(line.text):
            return True
        rest = range(kept[-1] + 1, len(self._lines))
        after = next((at for at in rest if self._lines[at].role is Role.OPEN), None)
        below = after is not None and (self._lines[after].page == line.page or after in run)
        return below and len(kept) <= 3 and not line.listed and not line.ends_sentence and not line.text.endswith(",")


def _divides(text: str) -> bool:
    """Whether a line has the number or the name of a heading."""
    return numbering(text) is not None or is_named(text)


def _is_sentence(line: Line) -> bool:
    """Whether a short line is a sentence of its own, and no cell of a table."""
    return not line.listed and bool(_SENTENCE.search(line.text)) and hangul_share(line.text) > 0.5


def _tail(line: Line, above: Line, setting: Setting) -> bool:
    """Whether the line ends the paragraph above it: it is full, or short and the end of a sentence."""
    if line.listed or _numbered(line, above):
        return False
    return line.ends_sentence or setting.is_full(line)


def _numbered(line: Line, above: Line) -> bool:
    """Whether a line begins with a number of its own (다.), and not with the end of the sentence above it."""
    if line.text.startswith("다.") and not above.ends_sentence:
        return False
    return numbering(line.text) is not None


def _attach(lines: Sequence[Line], tables: list[Table], run: list[int]) -> None:
    """Give a run of fragments to the caption on its page that waits for rows, or to the table that goes on."""
    page = lines[run[0]].page
    here = [table for table in tables if table.caption and lines[table.caption[0]].page == page]
    waiting = [table for table in here if not table.rows] or here
    before = [table for table in tables if table.caption and lines[table.caption[0]].page == page - 1]
    going_on = before[-1] if before and before[-1].rows and not before[-1].figure else None
    if waiting and going_on:
        cut = _header_again(lines, going_on, run)
        going_on.rows.extend(run[:cut])
        run = run[cut:]
    owner = next((table for table in reversed(waiting) if not table.figure), waiting[-1] if waiting else going_on)
    if owner is not None:
        owner.rows.extend(run)
        owner.rows.sort()
    else:
        tables.append(Table([], rows=list(run)))


def _header_again(lines: Sequence[Line], table: Table, run: Sequence[int]) -> int:
    """How many lines of a run belong to the table that goes on: those above where its first row is repeated."""
    header = squeeze(lines[table.rows[0]].text)
    return next((k for k, index in enumerate(run) if k and squeeze(lines[index].text) == header), 0)
