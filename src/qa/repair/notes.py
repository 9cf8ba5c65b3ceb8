"""Footnotes and side notes: found, lifted out of the text that they interrupt, linked to the mark that calls them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from qa.repair.captions import is_caption
from qa.repair.lines import Line, Role, hangul_share

_NUMBERED = re.compile(r"^(\d{1,3})\)\s?(?=\S)")
_BARE_NUMBER = re.compile(r"^(\d{1,3})$")
_HOLDS_ON = re.compile(r"(?:[:,(（“‘\[，]|\([^()]*|%[0-9A-F]?)$")
_NAMES_A_NUMBER = re.compile(r"(?<![^\W\d_])(?:표|그림|도표|사진|부록|제|Table|Figure|Fig\.|No\.)\s?$")
_PARTICLE_ALONE = re.compile(r"[ \u00a0]+(?=(?:은|는|가|을|를|의|에|에서|와|과|로|으로|라는|이라는)\s)")
_REACH = 400
"""Lines above a footnote in which its mark is looked for."""
_LOOSE = 1
"""Rank of a number that stands free, as that of an item does."""
_PAGE = 80
"""Lines that a page has at most, and lines above the first note in which its mark is looked for."""


@dataclass(slots=True)
class Note:
    """A note: its number, the indices of its lines, the span of its mark in the text and the line of that, if found."""

    number: int
    lines: list[int]
    mark: tuple[int, int] | None = None
    mark_line: int = -1
    at_side: bool = False


def find_notes(lines: Sequence[Line], full: int) -> list[Note]:
    """The notes of a text, in order, their lines given the role NOTE.

    A line begins a note when it has the number that comes next and the text above calls that number. `full` is the
    width of a full line of running text.
    """
    widest = max((line.width for line in lines if _NUMBERED.match(line.text)), default=full)
    widest = max(widest, full)
    notes: list[Note] = []
    index = 0
    while index < len(lines):
        note = _footnote(lines, index, notes, widest) or _side_note(lines, index, notes, full)
        if note is not None:
            _give_role(lines, note.lines)
            notes.append(note)
            index = note.lines[-1]
        index += 1
    _adopt_unnumbered(lines, notes, full)
    _link_side_marks(lines, notes)
    _continue_on_next_page(lines, notes, widest)
    notes.sort(key=lambda note: note.lines[0])
    return notes


def mark_span(text: str, mark: tuple[int, int]) -> tuple[int, int]:
    """What goes with a mark: the mark, and the blanks behind it if a particle of the word before follows them."""
    found = _PARTICLE_ALONE.match(text, mark[1])
    return mark[0], found.end() if found else mark[1]


def _number(pattern: re.Pattern[str], line: Line) -> int:
    """The number that a line begins with, if it may begin a note; else 0."""
    match = pattern.match(line.text) if line.role is Role.OPEN else None
    return int(match[1]) if match else 0


def _comes_next(number: int, notes: Sequence[Note]) -> bool:
    """Whether a number is the one after the last note's, or the one after that."""
    last = notes[-1].number if notes else 0
    return last < number <= last + 2


def _give_role(lines: Sequence[Line], indices: Iterable[int]) -> None:
    for index in indices:
        lines[index].role = Role.NOTE


def _footnote(lines: Sequence[Line], index: int, notes: Sequence[Note], widest: int) -> Note | None:
    """A note that begins with `12)`, if the text since the last mark calls 12.

    The first one must be clearly called. So must one with which the numbers begin anew, on the same page.
    """
    number = _number(_NUMBERED, lines[index])
    follows = bool(notes) and _comes_next(number, notes)
    if not follows and not _comes_next(number, ()):
        return None
    since = max(index - _REACH, notes[-1].mark_line, 0) if follows else max(index - _PAGE, 0)
    if notes and not follows:
        since = next(at for at in range(since, index + 1) if lines[at].page == lines[index].page)
    found = _find_mark(lines, number, range(since, index), bracket=True)
    if found is None or (found.rank == _LOOSE and not follows):
        return None
    return Note(number, list(_note_lines(lines, index, widest)), found.span, found.line)


def _note_lines(lines: Sequence[Line], index: int, widest: int) -> Iterator[int]:
    """The indices of a footnote's lines: on to the next note, or to a line that ends it, or to the page's end."""
    page = lines[index].page
    yield index
    while index + 1 < len(lines):
        line, following = lines[index], lines[index + 1]
        if following.page != page or following.role is not Role.OPEN or _NUMBERED.match(following.text):
            return
        ended = line.ends_sentence or line.ends_in_url or line.text.endswith((")", "）"))
        full = line.width >= widest * (0.93 if line.ends_in_url else 0.86)
        goes_on = full or holds_on(line) or re.match(r"\(?http|/\S", following.text)
        if ended and not goes_on:
            return
        index += 1
        yield index


def holds_on(line: Line) -> bool:
    """Whether a line breaks off at a sign that something must follow: a comma, an open bracket, half an escape."""
    return bool(_HOLDS_ON.search(line.text))


@dataclass(frozen=True, slots=True, order=True)
class _Mark:
    """Where a note may be called: the less its rank, the likelier."""

    rank: int
    line: int
    span: tuple[int, int]


def _find_mark(lines: Sequence[Line], number: int, where: range, *, bracket: bool) -> _Mark | None:
    """The mark that calls note `number`; the best candidate, then the first.

    A bracketed mark (`2)`) may follow anything but a digit, or a year (`202134)` calls 34); a bare one (`7`) stands
    against the word that it explains, better after a stop, a bracket or Hangul than after a Latin letter.
    """
    found: list[_Mark] = []
    pattern = re.compile(rf"{number}\)" if bracket else rf"{number}(?!\d)")
    for index in where:
        line = lines[index]
        if line.role in (Role.NOTE, Role.FURNITURE):
            continue
        for match in pattern.finditer(line.text):
            rank = _bracket_rank(line.text, match) if bracket else _bare_rank(lines, index, match)
            if rank is not None:
                found.append(_Mark(rank, index, (line.start + match.start(), line.start + match.end())))
    return min(found, default=None)


def _bracket_rank(text: str, match: re.Match[str]) -> int | None:
    before = text[: match.start()]
    if not before or _NAMES_A_NUMBER.search(before):
        return None
    digits = re.search(r"\d*$", before)
    if digits and digits[0]:
        return 2 if len(digits[0]) == 4 else None
    opened = before.count("(") > before.count(")")
    return _LOOSE if before.endswith((" ", "(")) or (opened and before.endswith((",", "-"))) else 0


def _bare_rank(lines: Sequence[Line], index: int, match: re.Match[str]) -> int | None:
    text, start = lines[index].text, match.start()
    if start == 0:
        unfinished = index > 0 and not lines[index - 1].ends_sentence
        return 3 if unfinished and re.match(r"\d+\s+[가-힣]", text) else None
    before, after = text[start - 1], text[match.end() : match.end() + 1]
    if after and after in "%.,-~–/:)" and (after != "." or text[match.end() + 1 : match.end() + 2].isdigit()):
        return None
    if _NAMES_A_NUMBER.search(text[:start]):
        return None
    if before in ".,)’”」』]>":
        return None if before in ".," and text[max(0, start - 2) : start - 1].isdigit() else 0
    if "가" <= before <= "힣":
        return 1 if not after.isalnum() or after in "은는이가을를의에와과도로" else None
    return 2 if before.isalpha() and before.isascii() and not re.match(r"[A-Za-z]", after) else None


def _side_note(lines: Sequence[Line], index: int, notes: Sequence[Note], full: int) -> Note | None:
    """A side note: its number alone on a line, then lines of a column narrower than the running text."""
    number = _number(_BARE_NUMBER, lines[index])
    if not _comes_next(number, notes):
        return None
    body = list(itertools.takewhile(lambda at: _in_column(lines[at], lines[index], full), range(index + 1, len(lines))))
    return Note(number, [index, *body], at_side=True) if body else None


def _in_column(line: Line, number: Line, full: int) -> bool:
    """Whether a line goes on with the side note that begins with `number`."""
    if line.page != number.page or line.role is not Role.OPEN or line.width > full * 0.7:
        return False
    return not _BARE_NUMBER.match(line.text) and not is_caption(line.text)


def _adopt_unnumbered(lines: Sequence[Line], notes: list[Note], full: int) -> None:
    """A narrow column without a number explains the number that is called and has no note."""
    known = {note.number for note in notes if note.at_side}
    missing = [number for number in range(1, max(known, default=0)) if number not in known]
    for start, end in _narrow_columns(lines, full) if missing else ():
        page = _near(lines, lines[start].page, 0)
        number = next((number for number in missing if _find_mark(lines, number, page, bracket=False)), None)
        if number is not None:
            missing.remove(number)
            notes.append(Note(number, list(range(start, end)), at_side=True))
            _give_role(lines, range(start, end))


def _near(lines: Sequence[Line], page: int, reach: int) -> range:
    """The indices of the lines on a page and up to `reach` pages from it."""
    found = [at for at, line in enumerate(lines) if abs(line.page - page) <= reach]
    return range(found[0], found[-1] + 1)


def _narrow_columns(lines: Sequence[Line], full: int) -> Iterator[tuple[int, int]]:
    """Runs of three lines or more of one narrow width that end with a sentence."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and lines[end].role is Role.OPEN and lines[end].width < full * 0.62:
            end += 1
            if lines[end - 1].ends_sentence:
                break
        widths = [line.width for line in lines[start : end - 1]]
        even = len(widths) >= 3 and all(abs(w - median(widths)) <= 0.15 * median(widths) for w in widths)
        if even and lines[end - 1].ends_sentence and hangul_share(lines[start].text) > 0.5:
            yield start, end
        start = max(end, start + 1)


def _link_side_marks(lines: Sequence[Line], notes: Sequence[Note]) -> None:
    """Find the mark of each side note, on its own page first, then from the page before to the page after."""
    for note in notes:
        if not note.at_side:
            continue
        for reach in (0, 1):
            near = _near(lines, lines[note.lines[0]].page, reach)
            found = _find_mark(lines, note.number, near, bracket=False)
            if found:
                note.mark_line, note.mark = found.line, found.span
                break


def _continue_on_next_page(lines: Sequence[Line], notes: Sequence[Note], widest: int) -> None:
    """A note cut by the page's end goes on above the notes of the next page, after the last block of its text."""
    for note, following in itertools.pairwise(notes):
        last, first = lines[note.lines[-1]], following.lines[0]
        ended = last.ends_sentence or last.ends_in_url or last.width < widest * 0.86
        if note.at_side or ended or lines[first].page != last.page + 1:
            continue
        above = [at for at in range(first) if lines[at].page == lines[first].page and lines[at].role is Role.OPEN]
        cut = next((at for at in reversed(above[:-1]) if _closes_block(lines[at], last)), first)
        note.lines.extend(range(cut + 1, first))
        _give_role(lines, range(cut + 1, first))


def _closes_block(line: Line, note_line: Line) -> bool:
    short = line.width < note_line.width * 0.7
    return short and (line.ends_sentence or bool(_NUMBERED.match(line.text)))
