"""Which words a bracket glosses: 한글(English, ABC), 한글(漢字), English(한글), and how far the Korean term reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from qa.hanja import reading
from qa.korean import Morpheme
from qa.spellings import fold_latin
from qa.text import HANJA

_BRACKET = re.compile(r"\(([^()\n]{2,100})\)")
_REFERENCE = re.compile(r"\d{4}|https?:|www\.|\bpp?\.|et al|참[조고]|검색|출처|자료|예[:를]|명$")
_PIECE = re.compile(r"\s*[,;:/]\s*")
_LABEL = re.compile(r"^(?:이하|약칭|약자|일명|영어|영문|영문명|중국어|독일어|프랑스어|불어|일본어|한자)[: ]*")
_QUOTES = "'\"‘’“”「」『』<>《》〈〉"
_LATIN_TERM = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9 .'’&+-]*")
_LATIN_BEFORE = re.compile(r"(?<![A-Za-z\u00c0-\u024f0-9'’& -])[A-Za-z\u00c0-\u024f0-9'’& -]+$")
_HANJA_NOTE = re.compile(rf"\((?:{HANJA.pattern})+\)(?=[가-힣])")
_ABBREVIATION = re.compile(r"(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z0-9&-]{2,12}")
_HANGUL_TERM = re.compile(r"[가-힣][가-힣0-9·\s-]*")
_CLAUSE = re.compile(r"[\n!?;:,(){}\[\]<>‘“「『《〈’”」』》〉]|(?<![A-Z])\.|(?<!\w)['\"]")
_SMALL_WORDS = frozenset(
    "of and the for in to on at by a an de des la le les du et with as or und der die das &".split()
)
_NEVER_FIRST = frozenset("산하 소속 출신 오늘날 현재 최근 당시 이후 이전 이른바 소위 각종 관련 주요".split())
_CONNECTED = {"위하", "대하", "관하", "통하"}
_ONSETS = "KKNTTLMPPSS-CCCKTPH"
_CODAS = "-KKKNNNTLKMLLLPLMPPTTNTTKTPH"
_LATIN_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "P"), ("s?ch|sh|tch", "C"), ("th", "T"), ("x", "KS"), ("c(?=[eiy])|s+", "S"), ("[cgkq]+", "K"),
        ("[jz]+", "C"), ("[bpvf]+", "P"), ("[dt]+", "T"), ("[rl]+", "L"), ("m+", "M"), ("n+", "N"), ("h", "H"),
        ("[^A-Z]", ""),
    )
)  # fmt: skip
_LONGEST = 10
_CONTEXT = 60
_SOUND = 0.75
_RECURS = 0.6
_LONGEST_NAME = 4
_NO_NOUN = frozenset({"NNB", "NP", "MAG"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A bracket: the clause to the `left` of it, or the Hangul `inside`, and the `foreign` terms on the other side.

    An opening quotation mark (`quoted`) stands where `left` begins, and the closing one (`closed`) where it ends.
    """

    left: str
    foreign: tuple[str, ...]
    quoted: bool = False
    closed: bool = False
    inside: bool = False

    def has(self, *words: str) -> bool:
        """Whether the foreign terms have one of these words, or may have it behind an abbreviation."""
        known = {word for term in self.foreign for word in term.casefold().split()}
        return not known.isdisjoint(words) or all(_ABBREVIATION.fullmatch(term) for term in self.foreign)


def mentions(text: str) -> Iterator[Mention]:
    """The brackets of a folded text that may be glosses, in order."""
    for match in _BRACKET.finditer(text):
        if _REFERENCE.search(match[1]):
            continue
        pieces = [_LABEL.sub("", piece).strip(_QUOTES + " ") for piece in _PIECE.split(match[1])]
        before = _HANJA_NOTE.sub("", text[max(0, match.start() - _CONTEXT) : match.start()]).rstrip()
        if before and (before[-1] in _QUOTES or "가" <= before[-1] <= "힣"):
            yield from _korean_before(before, pieces)
        else:
            yield from _latin_before(before, pieces)


def _korean_before(before: str, pieces: Sequence[str]) -> Iterator[Mention]:
    foreign = _foreign(pieces)
    closed = before[-1] in _QUOTES
    clause = before.rstrip(_QUOTES)
    breaks = [found.end() for found in _CLAUSE.finditer(clause)]
    start = breaks[-1] if breaks else 0
    left = clause[start:].strip()
    quoted = start > 0 and clause[start - 1] in _QUOTES and (closed or clause[start - 1] not in "’”」』》〉")
    if foreign and left:
        yield Mention(left, foreign, quoted=quoted, closed=quoted and closed)


def _latin_before(before: str, pieces: Sequence[str]) -> Iterator[Mention]:
    run = _LATIN_BEFORE.search(before)
    term = run[0].lstrip("0123456789 -'’&").rstrip() if run else ""
    if len(term) < 2 or len(term.split()) > _LONGEST:
        return
    korean = [piece for piece in pieces if _HANGUL_TERM.fullmatch(piece)]
    others = [piece for piece in pieces if _LATIN_TERM.fullmatch(piece) and len(piece) > 1]
    if len(korean) == 1 and len(others) < 2:
        yield Mention(korean[0], (term, *others), inside=True)
    elif len(others) == len(pieces) == 1:
        short, phrase = sorted((term, others[0]), key=len)
        phrase = _spelt_out(short, phrase)
        if phrase:
            yield Mention("", (phrase, short), inside=True)


def _spelt_out(short: str, phrase: str) -> str:
    """The last words of `phrase` that `short` abbreviates, empty if it does not."""
    words = phrase.split()
    for start in range(len(words) - 1, -1, -1):
        initials = [word[0] for word in words[start:] if word.casefold() not in _SMALL_WORDS]
        every = [word[0] for word in words[start:]]
        if short.casefold() in {"".join(initials).casefold(), "".join(every).casefold()}:
            return " ".join(words[start:])
    return phrase if _ABBREVIATION.fullmatch(short) and _abbreviates(short, phrase) else ""


def _foreign(pieces: Sequence[str]) -> tuple[str, ...]:
    """At most one hanja term, one phrase and its abbreviation; a list of several things glosses nothing."""
    hanja = [piece for piece in pieces if len(piece) > 1 and all(HANJA.match(char) for char in piece)]
    latin = [piece.strip(" .-") for piece in pieces if _LATIN_TERM.fullmatch(piece)]
    latin = [piece.removeprefix("the ").removeprefix("The ") for piece in latin if len(piece) > 1]
    phrases = [piece for piece in latin if not _ABBREVIATION.fullmatch(piece)]
    short = [piece for piece in latin if _ABBREVIATION.fullmatch(piece)]
    if len(pieces) > 3 or len(hanja) > 1 or len(phrases) > 1 or len(short) > 1:
        return ()
    if phrases and short and not _abbreviates(short[0], phrases[0]):
        short = []
    return (*hanja, *phrases, *short)


def _abbreviates(short: str, phrase: str) -> bool:
    """Whether the letters of `short` come in this order in `phrase`, the first at its beginning."""
    letters = [char for char in short.casefold() if char.isalpha()]
    rest = iter(phrase.casefold())
    return phrase.casefold().startswith(letters[0]) and all(char in rest for char in letters)


def choose(mention: Mention, morphemes: Sequence[Morpheme], compact: str) -> str | None:
    """The Korean term of a mention, None where there is no trusting any.

    Candidates are the last one, two, … words of the clause, as long as they can be one noun phrase. A transcription
    (조지프 나이) is told by its sound; of a translation, the candidate with as many words as the foreign term wins,
    one that the corpus (`compact`: without brackets and spaces) has elsewhere before one that it has not.
    """
    candidates = _candidates(mention, morphemes)
    if not candidates or morphemes[-1].tag in _NO_NOUN:
        return None
    first, inflected = mention.foreign[0], morphemes[-1].tag.startswith(("J", "E"))
    if HANJA.match(first):
        return _for_hanja(mention.left, first, nominal=not inflected)
    if mention.closed or ((mention.quoted or mention.inside) and candidates[-1].text == mention.left):
        return None if inflected else mention.left
    if mention.inside:
        return None
    likeness = [_likeness(candidate.text, first) for candidate in candidates]
    if max(likeness) >= _SOUND:
        return candidates[likeness.index(max(likeness))].text
    lone = _ABBREVIATION.fullmatch(first) and len(candidates) == 1 and candidates[0].words < 2
    return None if inflected or lone else _by_words(candidates, _foreign_words(first), compact)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """The last words of a clause; `words` is about how many English words they would be, `penalty` for connectors."""

    text: str
    words: float
    penalty: float


def _candidates(mention: Mention, morphemes: Sequence[Morpheme]) -> list[_Candidate]:
    """From the shortest to the longest."""
    text = mention.left
    found: list[_Candidate] = []
    words, penalty = 0.0, 0.0
    eojeols = [match.span() for match in re.finditer(r"\S+", text)]
    for index, (start, end) in enumerate(reversed(eojeols)):
        inner = [m for m in morphemes if start <= m.start < end]
        cost = 0.0 if index == 0 else _joint(text[start:end], inner, mention)
        if cost is None or len(found) == 8:
            break
        words += sum(_weight(m) for m in inner)
        penalty += cost
        if text[start].isalnum() and _starts(text[start:end], inner):
            found.append(_Candidate(text[start:], words, penalty))
    return found


def _starts(eojeol: str, inner: Sequence[Morpheme]) -> bool:
    return bool(inner) and inner[0].tag not in {"NNB", "NP"} and eojeol not in _NEVER_FIRST


def _joint(eojeol: str, inner: Sequence[Morpheme], mention: Mention) -> float | None:
    """What it costs that a noun phrase goes on over this word to the next, None where it cannot."""
    if not inner or eojeol in _NEVER_FIRST:
        return None
    last, before = inner[-1], inner[-2:][0]
    if last.tag.startswith(("NN", "XSN", "XR", "SL", "SH", "SN")):
        return 0.0 if last.tag != "NNB" or last.form == "간" else None
    if last.tag == "JKG":
        return 0.2 if mention.has("of", "for") else 1.2
    if last.tag in {"JC", "MAJ"}:
        return 0.0 if mention.has("and", "&") else None
    if last.tag == "JKO":
        return 0.2 if mention.has("for", "on") else None
    if last.tag != "ETM":
        return None
    if before.form in _CONNECTED:
        return 0.0 if mention.has("for", "on", "of") else 0.8
    described = before.tag == "XSA" or (before.tag == "VCP" and inner[-3:][0].tag == "XSN")
    return 0.3 if described else None


def _weight(morpheme: Morpheme) -> float:
    """About how many English words a Korean morpheme is: a syllable is half a word, an unknown long noun several."""
    if not morpheme.tag.startswith(("NN", "XR", "SL", "SH", "SN", "MM")) or morpheme.tag == "NNB":
        return 0.0
    length = len(morpheme.form)
    return 0.5 if length == 1 else max(1.0, length / 2.5 if length > 4 else 0.0)


def _foreign_words(term: str) -> float:
    if _ABBREVIATION.fullmatch(term):
        return float(sum(char.isupper() for char in term))
    return float(sum(word not in _SMALL_WORDS for word in re.split(r"[\s-]+", term.casefold()) if word.isalpha()))


def _by_words(candidates: Sequence[_Candidate], words: float, compact: str) -> str | None:
    """The candidate whose words are nearest in number, a little nearer where the corpus has it on its own."""
    counts = [compact.count(re.sub(r"\s", "", candidate.text)) for candidate in candidates]
    alone = [count - longer for count, longer in zip(counts, [*counts[1:], 1], strict=True)]
    costs = [
        abs(candidate.words - words) + candidate.penalty - (_RECURS if count > 0 else 0.0)
        for candidate, count in zip(candidates, alone, strict=True)
    ]
    best = candidates[costs.index(min(costs))]
    near = abs(best.words - words) <= max(1.5, words / 3)
    return best.text if near and len(best.text) > 1 else None


def _for_hanja(left: str, hanja: str, *, nominal: bool) -> str | None:
    """The end of the clause that reads as the hanja do; else, for a Chinese name, its last word."""
    tail = re.search(r"\s*".join(reading(hanja) or "-") + "$", left)
    if tail:
        return tail[0]
    name = left.split()[-1]
    fits = len(name) in range(2, 7) if nominal else len(name) == len(hanja)
    return name if fits and len(hanja) <= _LONGEST_NAME else None


def _likeness(korean: str, foreign: str) -> float:
    """How much a Korean word sounds like a Latin one: the ratio of consonants they have in common, in order, 0 to 1."""
    ours, theirs = _hangul_consonants(korean), _latin_consonants(foreign)
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() if min(len(ours), len(theirs)) > 1 else 0.0


def _hangul_consonants(text: str) -> str:
    found = []
    for char in text:
        if "가" <= char <= "힣":
            index = ord(char) - ord("가")
            found += [_ONSETS[index // 588], _CODAS[index % 28]]
        else:
            found.append(_latin_consonants(char))
    return "".join(found).replace("-", "")


def _latin_consonants(text: str) -> str:
    sounds = fold_latin(text)
    for pattern, sound in _LATIN_SOUNDS:
        sounds = pattern.sub(sound, sounds)
    return sounds
