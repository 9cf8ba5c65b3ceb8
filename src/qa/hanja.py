"""Korean readings of hanja, traditional and simplified, with the initial-sound rule at the start of a word.

Readings come from the table beside this file, traditional forms of simplified characters from OpenCC's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from qa.text import HANJA

_SYLLABLES = range(0xAC00, 0xD7A4)
_N, _R, _SILENT = 2, 5, 11
_I_VOWELS = frozenset({2, 6, 7, 12, 17, 20})
_FOLLOWS_VOWEL_OR_N = frozenset({0, 4})
_SOFTENED = {"렬": "열", "률": "율"}


@dataclass(frozen=True, slots=True)
class _Tables:
    """Readings of characters, the traditional form of each simplified one, and which of these are `certain`.

    A certain one is no traditional character itself.
    """

    readings: Mapping[str, str]
    traditional: Mapping[str, str]
    certain: frozenset[str]


def reading(text: str) -> str | None:
    """The Korean reading of a run of hanja, None if the text holds anything else or a character of no known reading.

    A character that is both a traditional one and the simplified form of another (后, 几) is taken as simplified
    only where its run has a character that is nothing but simplified. The initial-sound rule (李 이, 聯合 연합)
    holds at the start of the run, and in one of four characters, which nearly always is two words, at the third too.
    """
    tables = _tables()
    simplified = not tables.certain.isdisjoint(text)
    syllables = [_syllable(char, tables, simplified=simplified) for char in text]
    if not syllables or None in syllables:
        return None
    sounds = [syllable for syllable in syllables if syllable]
    starts = {0, 2} if len(sounds) == 4 else {0}
    heard = [_initial(sound) if index in starts else sound for index, sound in enumerate(sounds)]
    return heard[0] + "".join(_softened(before, sound) for before, sound in pairwise(heard))


def _syllable(char: str, tables: _Tables, *, simplified: bool) -> str | None:
    if not HANJA.match(char):
        return None
    if simplified or char in tables.certain:
        found = tables.readings.get(tables.traditional.get(char, char))
        if found:
            return found
    return tables.readings.get(char)


def _initial(syllable: str) -> str:
    """The syllable as it sounds at the start of a word: ㄹ becomes ㄴ, and ㄹ or ㄴ before an i-vowel falls silent."""
    consonant, rest = divmod(ord(syllable) - _SYLLABLES.start, 588)
    vowel = rest // 28
    if consonant in {_N, _R} and vowel in _I_VOWELS:
        consonant = _SILENT
    elif consonant == _R:
        consonant = _N
    return chr(_SYLLABLES.start + consonant * 588 + rest)


def _softened(before: str, syllable: str) -> str:
    """렬 and 률 as 열 and 율 after a vowel or ㄴ."""
    tail = (ord(before) - _SYLLABLES.start) % 28
    return _SOFTENED.get(syllable, syllable) if tail in _FOLLOWS_VOWEL_OR_N else syllable


@cache
def _tables() -> _Tables:
    """Both tables; OpenCC's is read as text, for the package does more on import than is needed here."""
    entries = [line.split("\t") for line in files("qa").joinpath("hanja.tsv").read_text("utf-8").splitlines()[1:]]
    readings = {char: sound for sound, chars in entries for char in chars}
    rows = [line.split("\t") for line in _file("opencc", "dictionary/STCharacters.txt").splitlines() if "\t" in line]
    forms = {char: others.split() for char, others in rows}
    traditional = {char: others[0] for char, others in forms.items()}
    certain = frozenset(char for char, others in forms.items() if char not in others)
    return _Tables(readings, traditional, certain)


def _file(package: str, name: str) -> str:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"the package {package} is not installed", name=package)
    return (Path(spec.origin).parent / name).read_text(encoding="utf-8")
