"""Footnotes and side notes: found, lifted out of the text that they interrupt, linked to the mark that calls them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from qa.repair.captions import is_caption
from qa.repair.lines import Line, Role, hangul_share

NUMBERED = re.compile(r"^(\d{1,3})\)\s?(?=\S)")
BARE_NUMBER = re.compile(r"^(\d{1,3})$")
HOLDS_ON = re.compile(r"(?:[:,(（“‘\[:，]|\([^()]*|%[0-9A-F]?)$")


@dataclass(slots=True)
class Note:
    """A note: its number, the indices of its lines, and the span of its mark in the text, if one was found."""

    number: int
    lines: list[int]
    mark: tuple[int, int] | None = None
    mark_line: int = -1
    number_line: bool = False
    extra: list[int] = field(default_factory=list)


def find_notes(lines: Sequence[Line], full: int) -> list[Note]:
    """The notes of a text, in order, their lines given the role NOTE.

    A line begins a note when it has the number that comes next and the text above calls that number. `full` is the
    width of a full line of running text.
    """
    notes: list[Note] = []
    expected = 1
    index = 0
    while index < len(lines):
        note = _numbered_note(lines, index, expected, notes) or _side_note(lines, index, expected, full)
        if note is None:
            index += 1
            continue
        for at in note.lines:
            lines[at].role = Role.NOTE
        notes.append(note)
        expected = note.number + 1
        index = note.lines[-1] + 1
    _adopt_unnumbered(lines, notes, full)
    _link_side_marks(lines, notes)
    _continue_on_next_page(lines, notes)
    notes.sort(key=lambda note: note.lines[0])
    return notes


def _numbered_note(lines: Sequence[Line], index: int, expected: int, notes: Sequence[Note]) -> Note | None:
    """A note that begins with `12)`, if the text since the last note calls 12."""
    match = NUMBERED.match(lines[index].text)
    if lines[index].role is not Role.OPEN or not match or not expected <= int(match[1]) <= expected + 1:
        return None
    number = int(match[1])
    since = max((note.mark_line for note in notes if note.mark), default=0)
    found = find_mark(lines, number, range(since, index), bracket=True)
    if found is None:
        return None
    return Note(number, list(_note_lines(lines, index)), found[1], found[0])


def _note_lines(lines: Sequence[Line], index: int) -> Iterator[int]:
    """The indices of a footnote's lines: on to the next note, or to a line that ends it, or to the page's end."""
    page = lines[index].page
    widest = max(line.width for line in lines if NUMBERED.match(line.text))
    yield index
    while index + 1 < len(lines):
        line, following = lines[index], lines[index + 1]
        if following.page != page or following.role is not Role.OPEN or NUMBERED.match(following.text):
            return
        ended = line.ends_sentence or line.ends_in_url or line.text.endswith((")", "）"))
        full = line.width >= widest * (0.93 if line.ends_in_url else 0.86)
        goes_on = full or HOLDS_ON.search(line.text) or re.match(r"\(?http|/\S", following.text)
        if ended and not goes_on:
            return
        index += 1
        yield index


def find_mark(lines: Sequence[Line], number: int, where: range, *, bracket: bool) -> tuple[int, tuple[int, int]] | None:
    """The line and the span of the mark that calls note `number`; the best candidate, then the first.

    A bracketed mark (`2)`) may follow anything but a digit, or a year (`202134)` calls 34); a bare one (`7`) stands
    against the word that it explains, better after a stop, a bracket or Hangul than after a Latin letter.
    """
    best: tuple[int, int, tuple[int, int]] | None = None
    pattern = re.compile(rf"{number}\)" if bracket else rf"{number}(?!\d)")
    for index in where:
        line = lines[index]
        if line.role in (Role.NOTE, Role.FURNITURE):
            continue
        for match in pattern.finditer(line.text):
            rank = _bracket_rank(line.text, match) if bracket else _bare_rank(lines, index, match)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, index, (line.start + match.start(), line.start + match.end())
    return None if best is None else (best[1], best[2])


def _bracket_rank(text: str, match: re.Match[str]) -> int | None:
    before = text[: match.start()]
    if not before:
        return None
    digits = re.search(r"\d*$", before)
    if digits and digits[0]:
        return 2 if len(digits[0]) == 4 else None
    opened = before.count("(") > before.count(")")
    return 1 if before.endswith((" ", "(")) or (opened and before.endswith((",", "-"))) else 0


def _bare_rank(lines: Sequence[Line], index: int, match: re.Match[str]) -> int | None:
    text, start = lines[index].text, match.start()
    if start == 0:
        unfinished = index > 0 and not lines[index - 1].ends_sentence
        return 3 if unfinished and re.match(r"\d+\s+[가-힣]", text) else None
    before, after = text[start - 1], text[match.end() : match.end() + 1]
    if after and after in "%.,-~–/:)" and (after != "." or text[match.end() + 1 : match.end() + 2].isdigit()):
        return None
    if before in ".,)’”」』]>":
        return None if before in ".," and text[max(0, start - 2) : start - 1].isdigit() else 0
    if "가" <= before <= "힣":
        return 1 if not after or (not after.isdigit() and after not in "개년월일차호") else None
    return 2 if before.isalpha() and before.isascii() and not re.match(r"[A-Za-z]", after) else None


def _side_note(lines: Sequence[Line], index: int, expected: int, full: int) -> Note | None:
    """A side note: its number alone on a line, then lines of a column narrower than the running text."""
    match = BARE_NUMBER.match(lines[index].text)
    if lines[index].role is not Role.OPEN or not match or not expected <= int(match[1]) <= expected + 1:
        return None
    body: list[int] = []
    for at in range(index + 1, len(lines)):
        line = lines[at]
        same_page = line.page == lines[index].page
        if not same_page or line.role is not Role.OPEN or line.width > full * 0.7 or BARE_NUMBER.match(line.text):
            break
        if is_caption(line.text):
            break
        body.append(at)
    if not body:
        return None
    return Note(int(match[1]), [index, *body], number_line=True)


def _adopt_unnumbered(lines: Sequence[Line], notes: list[Note], full: int) -> None:
    """A narrow column without a number explains the number that is called and has no note."""
    if not any(note.number_line for note in notes):
        return
    known = {note.number for note in notes}
    missing = [number for number in range(1, max(known)) if number not in known]
    for start, end in _narrow_columns(lines, full):
        for number in missing:
            same_page = [at for at, line in enumerate(lines) if line.page == lines[start].page]
            found = find_mark(lines, number, range(same_page[0], same_page[-1] + 1), bracket=False)
            if found:
                missing.remove(number)
                notes.append(Note(number, list(range(start, end)), number_line=True))
                for at in range(start, end):
                    lines[at].role = Role.NOTE
                break


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
        if not note.number_line:
            continue
        page = lines[note.lines[0]].page
        for reach in (0, 1):
            near = [at for at, line in enumerate(lines) if abs(line.page - page) <= reach]
            found = find_mark(lines, note.number, range(near[0], near[-1] + 1), bracket=False)
            if found:
                note.mark_line, note.mark = found
                break


def _continue_on_next_page(lines: Sequence[Line], notes: Sequence[Note]) -> None:
    """A note cut by the page's end goes on above the notes of the next page, after the last block of its text."""
    widest = max((line.width for line in lines if NUMBERED.match(line.text)), default=0)
    for note, following in itertools.pairwise(notes):
        last, first = lines[note.lines[-1]], following.lines[0]
        ended = last.ends_sentence or last.ends_in_url or last.width < widest * 0.86
        if note.number_line or ended or lines[first].page != last.page + 1:
            continue
        above = [at for at in range(first) if lines[at].page == lines[first].page and lines[at].role is Role.OPEN]
        cut = next((at for at in reversed(above) if _closes_block(lines[at], last)), None)
        if cut is not None and cut + 1 < first:
            note.lines.extend(range(cut + 1, first))
            for at in range(cut + 1, first):
                lines[at].role = Role.NOTE


def _closes_block(line: Line, note_line: Line) -> bool:
    short = line.width < note_line.width * 0.7
    return short and (line.ends_sentence or bool(NUMBERED.match(line.text)))
