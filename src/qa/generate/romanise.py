"""Hangul in Latin letters, so that "Seoul" is known to be 서울: the Revised Romanization, syllable by syllable."""

from __future__ import annotations

import re

_INITIALS = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = ("", *"k k k n n n t l k m p l l p l m p p t t ng t t k t p t".split())
_FIRST = ord("가")


def romanise(text: str) -> str:
    """`text` with each Hangul syllable in Latin letters; sounds that meet do not change each other (신라 is sinla).

    Revised Romanization of Korean, Ministry of Culture and Tourism notice 2000-8, as for names.
    """
    return re.sub("[가-힣]", lambda match: _syllable(ord(match[0]) - _FIRST), text)


def _syllable(index: int) -> str:
    initial, rest = divmod(index, len(_VOWELS) * len(_FINALS))
    vowel, final = divmod(rest, len(_FINALS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
