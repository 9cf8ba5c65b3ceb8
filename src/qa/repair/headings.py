"""Headings across inconsistent numbering, and the levels that their nesting gives them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.records import BlockKind, Region
from qa.repair.drafts import Draft
from qa.repair.lines import first_word

_RANKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"^제\s?\d{1,2}\s?[장편부]\s*(?=\S)")),
    (1, re.compile(r"^(?:chapter|part)\s\d{1,2}\b[.:]?\s*", re.IGNORECASE)),
    (1, re.compile(r"^[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4}\.?\s*(?=\S)")),
    (1, re.compile(r"^(?=[IVX])(?:IX|IV|V?I{0,3}|X{1,2}(?:IX|IV|V?I{0,3}))\.\s+(?=\S)")),
    (2, re.compile(r"^제\s?\d{1,2}\s?절\s*(?=\S)")),
    (3, re.compile(r"^\d{1,2}\.\s+(?=\D)")),
    (4, re.compile(r"^\d{1,2}\.\d{1,2}\.?\s+(?=[^\W\d_]|[‘'“\"(])")),
    (5, re.compile(r"^\d{1,2}(?:\.\d{1,2}){2,3}\.?\s+(?=[^\W\d_]|[‘'“\"(])")),
    (6, re.compile(r"^\d{1,2}\)\s*(?=\D)")),
    (7, re.compile(r"^\d{1,2}-\d{1,2}\)\s*(?=\S)")),
    (7, re.compile(r"^\(\d{1,2}\)\s*(?=\S)")),
    (8, re.compile(r"^[가나다라마바사아자차카타파하][.)]\s+(?=\S)")),
    (8, re.compile(r"^[①-⑳]\s*(?=\S)")),
)
SECTION_RANK = 3
"""The deepest rank of the numbers that divide a whole work (장, 절, 1.)."""
_BAR = "ㅣ｜|│"
_LABEL = re.compile(rf"^\S{{1,6}}(?:\s?\d{{1,2}})?\s?[{_BAR}]\s*\S")
_NAMED: tuple[tuple[Region, re.Pattern[str]], ...] = (
    (Region.ABSTRACT_EN, re.compile(r"(?:abstract|summary|영문\s?초록)", re.IGNORECASE)),
    (Region.ABSTRACT, re.compile(r"(?:국문\s?초록|초\s?록|요\s?약|국문\s?요약|논문\s?요약|요약문)")),
    (Region.REFERENCES, re.compile(r"(?:참고\s?문헌|references|bibliography|works cited)", re.IGNORECASE)),
    (
        Region.BACK,
        re.compile(r"(?:저자\s?약력|저자\s?소개|부\s?록|감사의\s?글|appendix|acknowledge?ments?)", re.IGNORECASE),
    ),
)
_NO_HEADING_END = re.compile(r"[,;·:：]$|(?:[니없한된인]다|님|께|귀하|드림|올림)$")
_PAST = 20
"""Place of the final consonant ㅆ among the 28 of Hangul."""
_REMARK = re.compile(r"\s*\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a heading is numbered: `rank` from 1 (chapters) down; `number` is 0 where it is not in Arabic figures."""

    rank: int
    number: int


def numbering(text: str) -> Numbering | None:
    """The numbering of a line that could be a heading, None when it has none."""
    for rank, pattern in _RANKS:
        match = pattern.match(text)
        if match:
            digits = re.findall(r"\d+", match[0])
            return Numbering(rank, int(digits[-1]) if digits else 0)
    return None


def is_labelled(text: str) -> bool:
    """Whether a line is a heading with a label before a bar (`도전 1 ｜ …`); a table's row has more bars than one."""
    return bool(_LABEL.match(text)) and sum(text.count(bar) for bar in _BAR) == 1


def named_region(text: str) -> Region | None:
    """The part of a work that a heading of this name begins (요약, References …), None for other names.

    A number before the name and a remark in brackets behind it make no difference.
    """
    name = _REMARK.sub("", text.strip())
    for _, pattern in _RANKS:
        name = pattern.sub("", name)
    return next((region for region, pattern in _NAMED if pattern.fullmatch(name)), None)


def is_named(text: str) -> bool:
    """Whether the line is the name of a part that every work may have."""
    return named_region(text) is not None


def reads_as_heading(text: str) -> bool:
    """Whether a line without a number can be a heading: brackets closed, letters in it.

    A Korean predicate or a form of address at its end, or a sign that leads in what follows, speaks against it.
    """
    closed = text.count("(") == text.count(")") and not text.startswith("(")
    past = text.endswith("다") and len(text) > 1 and (ord(text[-2]) - ord("가")) % 28 == _PAST
    return closed and not past and not _NO_HEADING_END.search(text) and any(char.isalpha() for char in text)


def set_levels(headings: Sequence[tuple[Draft, str, bool]]) -> None:
    """Give each heading (draft, text, whether the one before follows it directly) its level, 1 outermost.

    Headings nest by the rank of their numbers: a level is one more than that of the nearest heading above with a
    lower rank. One without a number that stands directly under another opens a level below it, and those after it
    that begin with the same word belong to that level too.
    """
    top = _rank_without_number([numbering(text) for _, text, _ in headings])
    stack: list[tuple[float, int]] = []
    sub_word = ""
    for draft, text, directly in headings:
        found = numbering(text)
        if found is None and directly and stack and not is_named(text):
            rank, sub_word = stack[-1][0] + 0.5, first_word(text)
        elif found is None and sub_word and first_word(text) == sub_word:
            rank = next((rank for rank, _ in reversed(stack) if rank % 1), top)
        else:
            rank = float(found.rank) if found else top
            sub_word = "" if rank <= top else sub_word
        while stack and stack[-1][0] >= rank:
            stack.pop()
        draft.level = len(stack) + 1
        stack.append((rank, draft.level))


def _rank_without_number(found: Sequence[Numbering | None]) -> float:
    """The rank of a heading without a number: that of the outermost numbers, or one above where these begin anew."""
    numbers = [numbering for numbering in found if numbering]
    outermost = min((numbering.rank for numbering in numbers), default=1)
    run = [numbering.number for numbering in numbers if numbering.rank == outermost]
    begins_anew = any(0 < after <= before for before, after in itertools.pairwise(run))
    return float(outermost - begins_anew)


def set_places(drafts: Iterable[Draft], *, opening: Region = Region.BODY) -> None:
    """Give every draft the titles of the sections that hold it and the region of the work that it stands in.

    What stands before the first heading is in `opening`, the title before all; a named part (abstract, references …)
    reaches to the next heading of its level or above. What stands in the references is a reference.
    """
    path: list[tuple[int, str]] = []
    region, region_level = opening, 99
    for draft in drafts:
        if draft.title and draft.level:
            path = [entry for entry in path if entry[0] < draft.level]
            named = named_region(draft.title)
            if named is not None:
                region, region_level = named, draft.level
            elif draft.level <= region_level:
                region, region_level = Region.BODY, 99
            draft.headings = tuple(title for _, title in path)
            path.append((draft.level, draft.title))
        else:
            draft.headings = tuple(title for _, title in path)
        draft.region = region
        if draft.kind is BlockKind.TITLE:
            draft.headings, draft.region = (), Region.FRONT
        elif region is Region.REFERENCES and draft.kind in (BlockKind.LIST, BlockKind.PARAGRAPH):
            draft.kind = BlockKind.REFERENCE
