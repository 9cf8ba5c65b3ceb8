"""One spelling for what is written in many: dates, numbers, Latin names; pure functions on text, no analyser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_COMPATIBILITY_JAMO = re.compile("([\u3131-\u318e]+)")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNDECOMPOSED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})

_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f]")
_LATIN = re.compile(rf"(?<![0-9{_LETTER}])[{_LETTER}][{_LETTER}0-9]*(?:[-'’&/.][{_LETTER}0-9]+)*")
_JOINT = re.compile(r"[-'’&/.]")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?P<name>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)|May)\\b\\.?"
)
_YEAR = r"(?P<year>(?:1\d|20|21)\d\d)"
_DAY = r"(?P<day>\d{1,2})"
_END = "(?![0-9A-Za-z])"
_DATES = tuple(
    re.compile(rf"(?<![\w.]){pattern}")
    for pattern in (
        rf"{_YEAR}\s?[.년]\s?(?P<month>\d{{1,2}})(?:\s?[.월](?:\s?{_DAY}\s?(?:일|\.|{_END}))?|(?![0-9A-Za-z.]))",
        rf"{_YEAR}(?P<s>[-/])(?P<month>\d{{1,2}})(?:(?P=s){_DAY}){_END}",
        rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}{_END}",
        rf"{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}{_END}",
        rf"{_MONTH},?\s+(?:of\s+)?{_YEAR}{_END}",
        rf"(?P<month>\d{{1,2}})월\s?{_DAY}일",
        rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?{_END}",
        rf"{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}{_END}",
        rf"{_YEAR}년",
    )
)

_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}
_HANGUL_DIGITS = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")}
_NUMERAL = re.compile(rf"{_FIGURE}|[십백천]|[만억조경]|[영일이삼사오육칠팔구]")
_ENGLISH_UNITS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ENGLISH_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ENGLISH_NUMBER = re.compile(
    rf"(?<![\w.])(?P<count>{_FIGURE}|(?i:{'|'.join(_ENGLISH_DIGITS)}))\s?(?P<unit>(?i:{'|'.join(_ENGLISH_UNITS)}))\b"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """A span of a text and the terms that stand for it, however it was written."""

    start: int
    end: int
    terms: tuple[str, ...]


def fold(text: str) -> str:
    """`text` in NFKC (so NFC too) for indexing: full-width forms made narrow, Hangul letters standing alone kept."""
    whole = _SURROGATES.sub("\ufffd", text)
    parts = _COMPATIBILITY_JAMO.split(unicodedata.normalize("NFC", whole))
    folded = (part if index % 2 else unicodedata.normalize("NFKC", part) for index, part in enumerate(parts))
    return unicodedata.normalize("NFC", "".join(folded))


def fold_latin(word: str) -> str:
    """`word` without case and accents."""
    folded = word.casefold()
    if not _ACCENTED.search(folded):
        return folded
    bare = "".join(char for char in unicodedata.normalize("NFD", folded) if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.translate(_UNDECOMPOSED))


def stem(word: str) -> str:
    """An English word without its plural ending (the S stemmer: Harman, How effective is suffixing?, 1991)."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word


def spellings(text: str) -> list[Spelling]:
    """Dates, English numbers and Latin words of a folded text, in order; where two overlap, the first kind wins."""
    found: list[Spelling] = []
    taken = bytearray(len(text))
    for spelling in (*_dates(text), *_english_numbers(text), *_latin(text)):
        if not any(taken[spelling.start : spelling.end]):
            taken[spelling.start : spelling.end] = b"\1" * (spelling.end - spelling.start)
            found.append(spelling)
    return sorted(found, key=lambda spelling: spelling.start)


def number(text: str) -> str | None:
    """The value of one number in figures and Korean units (`1,000만` is `10000000`), None for anything else.

    A plain figure keeps its decimals without trailing zeros; so `3.50` is `3.5`.
    """
    tokens = _NUMERAL.findall(text)
    if not tokens or "".join(tokens) != re.sub(r"\s", "", text):
        return None
    total, group, digit = Decimal(0), Decimal(0), None
    for token in tokens:
        if token in _LARGE:
            total += ((group + (digit or 0)) or 1) * _LARGE[token]
            group, digit = Decimal(0), None
        elif token in _SMALL:
            group += (1 if digit is None else digit) * _SMALL[token]
            digit = None
        elif digit is not None:
            return None
        else:
            digit = Decimal(_HANGUL_DIGITS.get(token, token.replace(",", "")))
    return _plain(total + group + (digit or 0))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _latin(text: str) -> Iterator[Spelling]:
    """Latin words: the whole without its punctuation, and its parts (UN-Habitat: unhabitat, un, habitat)."""
    for match in _LATIN.finditer(text):
        word = re.sub(r"['’]s$", "", fold_latin(match[0]))
        parts = [stem(part) for part in _JOINT.split(word) if len(part) > 1 or part.isdigit()]
        whole = stem(_JOINT.sub("", word))
        yield Spelling(*match.span(), tuple(dict.fromkeys([whole, *parts])))


def _english_numbers(text: str) -> Iterator[Spelling]:
    for match in _ENGLISH_NUMBER.finditer(text):
        count = match["count"].casefold().replace(",", "")
        figure = _ENGLISH_DIGITS.index(count) + 1 if count in _ENGLISH_DIGITS else count
        yield Spelling(*match.span(), (_plain(Decimal(figure) * _ENGLISH_UNITS[match["unit"].casefold()]),))


def _dates(text: str) -> Iterator[Spelling]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            terms = _date_terms(match.groupdict())
            if terms:
                yield Spelling(*match.span(), terms)


def _date_terms(parts: dict[str, str | None]) -> tuple[str, ...]:
    """`2013-10-05`, the month and the day of the year it lies in, and the words 2013년, 10월, 5일."""
    year, day = parts.get("year"), int(parts.get("day") or 0)
    name = parts.get("name")
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(parts.get("month") or 0)
    if month > 12 or day > 31 or (day and not month) or (not month and (parts.get("month") or parts.get("day"))):
        return ()
    terms = [year, f"{year}년"] if year else []
    terms += [f"{month}월"] if month else []
    terms += [f"{day}일", f"{month:02}-{day:02}"] if day else []
    terms += [f"{year}-{month:02}"] if year and month else []
    terms += [f"{year}-{month:02}-{day:02}"] if year and day else []
    return tuple(terms)
