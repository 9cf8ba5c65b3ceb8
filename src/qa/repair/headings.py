"""Headings across inconsistent numbering, and the levels that their nesting gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.records import Region
from qa.repair.drafts import Draft

_RANKS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(r"^제\s?\d{1,2}\s?[장편부]\s*(?=\S)")),
    (1, re.compile(r"^[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4}\.?\s*(?=\S)")),
    (1, re.compile(r"^(?=[IVX])(?:IX|IV|V?I{0,3}|X{1,2}(?:IX|IV|V?I{0,3}))\.\s+(?=\S)")),
    (2, re.compile(r"^제\s?\d{1,2}\s?절\s*(?=\S)")),
    (3, re.compile(r"^\d{1,2}\.\s+(?=\D)")),
    (4, re.compile(r"^\d{1,2}\)\s*(?=\D)")),
    (5, re.compile(r"^\d{1,2}-\d{1,2}\)\s*(?=\S)")),
    (5, re.compile(r"^\(\d{1,2}\)\s*(?=\S)")),
    (6, re.compile(r"^[가나다라마바사아자차카타파하][.)]\s+(?=\S)")),
    (6, re.compile(r"^[①-⑳]\s*(?=\S)")),
)
LABELLED = re.compile(r"^\S{1,6}(?:\s?\d{1,2})?\s?[ㅣ｜|│]\s*\S")
_NAMED: tuple[tuple[Region, re.Pattern[str]], ...] = (
    (Region.ABSTRACT_EN, re.compile(r"^(?:abstract|summary|영문\s?초록)$", re.IGNORECASE)),
    (Region.ABSTRACT, re.compile(r"^(?:국문\s?초록|초\s?록|요\s?약|국문\s?요약|논문\s?요약|요약문)$")),
    (Region.REFERENCES, re.compile(r"^(?:참고\s?문헌|references|bibliography|works cited)$", re.IGNORECASE)),
    (
        Region.BACK,
        re.compile(r"^(?:저자\s?약력|저자\s?소개|부\s?록|감사의\s?글|appendix|acknowledge?ments?)$", re.IGNORECASE),
    ),
)
UNNUMBERED = 0


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a heading is numbered: `rank` from 1 (chapters) down; UNNUMBERED for none."""

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


def named_region(text: str) -> Region | None:
    """The part of a work that a heading of this name begins (요약, References …), None for other names."""
    return next((region for region, pattern in _NAMED if pattern.match(text.strip())), None)


def is_named(text: str) -> bool:
    """Whether the line is the name of a part that every work may have."""
    return named_region(text) is not None


def set_levels(headings: Sequence[tuple[Draft, str, bool]]) -> None:
    """Give each heading (draft, text, whether the one before follows it directly) its level, 1 outermost.

    Numbered headings nest by rank: a level is one more than that of the nearest heading above with a lower rank.
    Where no heading has a number, one that stands directly under another opens a level below it, and those after it
    that begin with the same word belong to that level too.
    """
    stack: list[tuple[float, int]] = []
    sub_word = ""
    for draft, text, directly in headings:
        found = numbering(text)
        if found is None and directly and stack and not is_named(text):
            rank, sub_word = stack[-1][0] + 0.5, _first_word(text)
        elif found is None and sub_word and _first_word(text) == sub_word:
            rank = next((r for r, _ in reversed(stack) if r % 1), 1.0)
        else:
            rank = float(found.rank) if found else 1.0
            sub_word = "" if rank <= 1 else sub_word
        while stack and stack[-1][0] >= rank:
            stack.pop()
        draft.level = len(stack) + 1
        stack.append((rank, draft.level))


def _first_word(text: str) -> str:
    return text.split()[0] if text.split() else ""


def set_places(drafts: Iterable[Draft], *, opening: Region = Region.BODY) -> None:
    """Give every draft the titles of the sections that hold it and the region of the work that it stands in.

    What stands before the first heading is in `opening`; a named part (abstract, references …) reaches to the next
    heading of its level or above.
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
