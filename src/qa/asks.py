"""What a question asks for (a count, a date, a person …) and where in a sentence such a thing stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from qa.korean import Morpheme
from qa.records import Language

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_AMOUNT = rf"{_DIGITS}(?:\s?(?:조|억|만|천|백|여))*(?:\s?(?:{_DIGITS})?(?:조|억|만|천))*"
_TENS = "열|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
_ONES = "한|두세|두|서너|세|네|다섯|여섯|일곱|여덟|아홉"
_KOREAN_COUNT = rf"(?<![가-힣])(?:(?:{_TENS})(?:{_ONES})|{_TENS}|{_ONES}|스무)"
_PARTICLE = (
    r"(?:으로|[은는을를의에과와도만씩로]|이(?:었다?|[가고나다라며면지])|[이가다인나](?![가-힣])|인[가데]|였다?|입니)"
)
_UNIT_END = rf"(?={_PARTICLE}|[^가-힣]|$)"
_ANY_UNIT = (
    rf"㎢|㎡|km²|%|(?!{_PARTICLE}(?![가-힣]))(?:[가-힣]{{1,3}}?{_UNIT_END}|[가-힣]{{1,2}})|(?<=[만억조]){_UNIT_END}"
)
_NOT_COUNTED = r"(?<![\d.,])(?<!월)(?<!월 )(?<!표)(?<!표 )(?<!그림)(?<!그림 )(?!(?:1[89]|20)\d\d\s?[년.]|\d{1,2}\s?월)"
"""Stands before a count: it is no part of another number, no year, month or day, no number of a table or figure."""


class Kind(StrEnum):
    """Kinds of things that can be asked for; `TEXT` is anything that is not one value."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    RANK = "rank"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for. `counters` are those that a count may have (명, 개 …), empty for any.

    `focus` is the word that the question word stands with (the budget of `예산은 얼마`), empty where it is not clear:
    a sentence that answers will hold it.
    """

    kind: Kind
    counters: tuple[str, ...] = ()
    focus: str = ""


_KOREAN = {
    Kind.RATE: (
        r"몇\s?(?:%|퍼센트|프로|배)|비율|비중|점유율|증가율|감소율",
        r"(?:율|률)(?:은|이|을)?\s*(?:얼마|몇|어느)",
    ),
    Kind.RANK: (r"몇\s?(?:위|등|번째|순위)", r"순위(?:는|가)?\s*(?:어떻|얼마|몇|어디)"),
    Kind.MONEY: (
        r"(?:예산|사업비|비용|금액|자금|기금|경비|투자액|매출|연봉|월급|급여|가격|신고액|수입)\D{0,14}(?:얼마|몇|규모|크기)",
        r"[가-힣](?:비|(?<!지)금|료)[은는이가]\s?(?:모두|총)?\s?얼마(?!나)|몇\s?(?:원|달러|억|위안)|얼마짜리",
    ),
    Kind.DATE: (
        r"언제|몇\s?(?:년|월|일|세기|시)(?!\s?(?:간|동안|치))|어느\s?(?:해|시기|시점|날)",
        r"(?:연도|날짜|시기|(?<![가-힣])해|년도)(?:는|은|가|이|를|을)?\s*(?:\?|언제|무엇|$)",
    ),
    Kind.PERSON: (
        r"누구|누가|누굴",
        r"(?:학자|사람|인물|시장|교수|저자|위원장|의원|단장|외교관|필자)(?:는|은|의 이름은|이름은)?\s*(?:\?|$|누)",
    ),
    Kind.PLACE: (r"어디(?!까지)|어느\s?(?:도시|나라|국가|지역|곳|시)|소재지|무슨\s?(?:도시|나라)",),
    Kind.COUNT: (
        r"몇\s?(?:[십백천만억]\s)?(?P<counter>[가-힣]{1,4}?)(?=[은는이가을를의에로과와씩나인입]|[^가-힣]|$)|몇|얼마",
        r"(?:개수|횟수|건수|인원|인구|면적|점수|수|수치)(?:는|은|가|이)?\s*(?:\?|얼마|몇|$)",
    ),
}
_ENGLISH = {
    Kind.RATE: (
        r"\b(?:what|which) (?:percentage|percent|share|proportion|rate)\b",
        r"\bpercent(?:age)?\b|how many times (?:as|more|less|larger|bigger|higher|greater|over|the)\b",
    ),
    Kind.RANK: (r"\bwhat (?:rank|place|position)\b|\bhow .{0,20}rank|\brank(?:s|ed|ing)?\b.{0,40}\?$",),
    Kind.MONEY: (r"\b(?:budget|cost|costs|spent|amount|fund|money|price|revenue)\b.*\?|\bhow much\b",),
    Kind.DATE: (
        r"\bwhen\b|\bhow long ago\b",
        r"\b(?:what|which|in which|from what) (?:exact |precise )?(?:year|date|month|day|decade)\b",
    ),
    Kind.PERSON: (
        r"(?<!people )(?<!those )(?<!person )(?-i:\b[Ww]ho(?:m|se)?\b)",
        r"\bwhich (?:scholar|person|mayor|author|diplomat|professor)\b",
    ),
    Kind.PLACE: (r"\bwhere\b|\b(?:which|what) (?:city|cities|country|countries|place|region|continent)\b",),
    Kind.COUNT: (
        r"\bhow many (?P<counter>[a-z-]+(?: [a-z-]+){0,2})",
        r"\b(?:number|population|count|score|area) of\b|\bhow (?:large|big|long|high|old)\b",
    ),
}
_QUESTION_WORDS = {
    language: {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in table.items()}
    for language, table in ((Language.KOREAN, _KOREAN), (Language.ENGLISH, _ENGLISH))
}
_ENGLISH_COUNTERS = (
    (r"people|persons?|staff|employees|researchers|participants|passengers|victims|members of staff", ("명", "인")),
    (r"citizens|residents", ("명", "인")),
    (r"countr|nations|states", ("개국", "국가", "나라")),
    (r"cities|towns", ("도시", "개", "곳")),
    (r"years", ("년",)),
    (r"times", ("회", "번", "차례")),
    (r"days", ("일",)),
    (r"storeys|floors", ("층",)),
)
_SAME_COUNTER = (
    ("명", "인", "사람"),
    ("곳", "개", "군데", "도시", "개소"),
    ("나라", "개국", "국가"),
    ("회", "번", "차례"),
    ("건", "개"),
    ("년", "년간", "해"),
    ("개월", "달"),
    ("일", "일간", "날"),
)
_VALUES = {
    Kind.MONEY: re.compile(
        rf"[$¥￦€]\s?{_AMOUNT}(?:\s?[MmBb]illion)?|{_AMOUNT}\s?(?:여\s?)?(?:원|달러|위안|유로|엔|불|파운드|억|조|Billion|Million)"
    ),
    Kind.RATE: re.compile(rf"{_DIGITS}\s?(?:%|퍼센트|프로|배)|{_KOREAN_COUNT}\s배|절반|[가-힣]\s?분의\s?[가-힣]"),
    Kind.RANK: re.compile(r"\d+\s?(?:위|등|번째)|[+-]\d+|(?:첫|두|세|네)\s?번째|\b\d{1,3}\b"),
    Kind.DATE: re.compile(
        r"(?:기원전\s?)?\d{1,4}\s?년(?!\s?(?:간|동안|만에|째|여))(?:대|경)?(?:\s?\d{1,2}\s?월)?(?:\s?\d{1,2}\s?일)?"
        r"|\d{1,2}\s?월\s?\d{1,2}\s?일|\d{1,2}\s?시(?![가-힣]*간)(?:\s?\d{1,2}\s?분)?"
        r"|\d{1,2}\s?세기(?:\s?[초중후]반?|\s?말)?"
        r"|(?<!\d)(?:1[89]|20)\d\d(?:\.\s?\d{1,2}\.?(?:\s?\d{1,2}\.?)?)?(?!\d)"
    ),
}
_FOCUS = re.compile(
    r"(?:모두|총|대략|정확히|각각|지금까지|현재|과연|전체)?\s*(?:얼마|몇|언제|누구|누가|어디|어느|무엇|무슨|어떤)"
)
_PARTICLES = re.compile(r"(?:에서는|에는|으로는|이라는|라는|에서|으로|에게|까지|부터|은|는|이|가|을|를|의|도|로|에)$")
_PREDICATE = re.compile(r"(?:[나가까]요|니까|[는은인]가|지요|죠|다)$")
_NAMES = ("NNP", "SL", "SH")


def asked(question: str, language: Language) -> Asked:
    """What a question asks for, by its question words; TEXT where none of them is one for a single value."""
    focus = _focus(question) if language is Language.KOREAN else ""
    for kind, pattern in _QUESTION_WORDS[language].items():
        match = pattern.search(question)
        if match:
            counter = match.groupdict().get("counter") or ""
            return Asked(kind, _counters(counter, language) if kind is Kind.COUNT else (), focus)
    return Asked(Kind.TEXT, (), focus)


def _focus(question: str) -> str:
    """The word before the question word, or the last word of a question that has none, without its particle."""
    match = _FOCUS.search(question)
    before = question[: match.start()].split() if match else question.split()
    words = (_PARTICLES.sub("", re.sub(r"\W", "", word)) for word in before[-1:])
    return next((word for word in words if len(word) > 1 and not _PREDICATE.search(word)), "")


def _counters(counter: str, language: Language) -> tuple[str, ...]:
    if not counter:
        return ()
    if language is Language.ENGLISH:
        return next((found for words, found in _ENGLISH_COUNTERS if re.match(words, counter, re.IGNORECASE)), ())
    known = max((each for group in _SAME_COUNTER for each in group if counter.startswith(each)), key=len, default="")
    return next((group for group in _SAME_COUNTER if known in group), (counter,))


def values(text: str, wanted: Asked, morphemes: Sequence[Morpheme] = ()) -> list[tuple[int, int]]:
    """The spans in `text` of things of the kind that is wanted, in order. `morphemes` of it are needed for names."""
    if wanted.kind in (Kind.PERSON, Kind.PLACE):
        return list(_names(morphemes))
    pattern = _count_pattern(wanted.counters) if wanted.kind is Kind.COUNT else _VALUES.get(wanted.kind)
    return [match.span() for match in pattern.finditer(text)] if pattern else []


@cache
def _count_pattern(counters: tuple[str, ...]) -> re.Pattern[str]:
    units = rf"(?:{'|'.join(map(re.escape, counters))}){_UNIT_END}" if counters else _ANY_UNIT
    number = rf"(?:{_NOT_COUNTED}{_AMOUNT}|{_KOREAN_COUNT}\s)\s?(?:여\s?)?"
    return re.compile(rf"{number}(?:{units})|{_NOT_COUNTED}\d+(?:\.\d+)?(?=\s|$)")


def _names(morphemes: Sequence[Morpheme]) -> Iterator[tuple[int, int]]:
    """Runs of proper nouns, hanja and Latin words with a capital letter, which must not be an English sentence's."""
    run: list[Morpheme] = []
    for morpheme, after in zip(morphemes, [*morphemes[1:], None], strict=True):
        opens = morpheme is morphemes[0] and after is not None and after.tag == "SL" and after.form.islower()
        named = morpheme.tag in _NAMES and not (morpheme.tag == "SL" and (opens or morpheme.form.islower()))
        if run and not ((named or morpheme.tag == "XSN") and morpheme.start <= run[-1].end + 1):
            yield _span(run)
            run = []
        if run or named:
            run.append(morpheme)
    if run:
        yield _span(run)


def _span(run: Sequence[Morpheme]) -> tuple[int, int]:
    """The span of a run of morphemes; a full stop that Kiwi leaves at a Latin word is none of it."""
    last = run[-1]
    return run[0].start, last.end - (last.tag == "SL" and last.form.endswith("."))
