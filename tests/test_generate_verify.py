"""What a reply may say of the passages that it cites."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.generate.replies import claims
from qa.generate.romanise import romanise
from qa.generate.verify import Verifier
from qa.glossary import Entry, Glossary
from qa.korean import Analyser
from qa.records import Citation

QUOTES = (
    "나루시는 2019. 3. 1. 바다시와 자매결연을 맺고 우정의 숲에 나무 1만 2천 그루를 심었다.",
    "연간 방문객은 3,500명에서 4,200명으로 늘었으며, UN-Habitat의 조사에서는 12.5%가 재방문 의사를 밝혔다.",
    "수원시는 2004년 5월에 창설된 이 기구의 사무국을 항구에 두는 데 동의하였다.",
    "The harbour bridge was opened in May 1998 and carries 40,000 cars a day.",
    "시의회는 예산안을 승인하지 않았다.",
)


def citation(number: int, quote: str) -> Citation:
    return Citation(
        number,
        "paper",
        "나루시 교류 백서 2021",
        quote,
        start=0,
        end=len(quote),
        source_start=0,
        source_end=len(quote),
        section=("제1장 초원시의 교류",),
    )


EVIDENCE = [citation(number, quote) for number, quote in enumerate(QUOTES, start=1)]


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.fixture(scope="module")
def verifier(analyser: Analyser) -> Verifier:
    glossary = Glossary([Entry("우정의 숲", "Forest of Friendship", 2), Entry("자매결연", "sisterhood", 1)])
    return Verifier(analyser, glossary)


def cited(numbers: Sequence[int]) -> list[Citation]:
    return [EVIDENCE[number - 1] for number in numbers]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("나루시는 2019년 3월 1일 바다시와 자매결연을 맺었다.", 1),
        ("나루시는 2019년 3월 바다시와 자매결연을 체결했다.", 1),
        ("우정의 숲에 나무 12,000그루를 심었습니다.", 1),
        ("초원시의 교류에서는 나무 12,000그루를 심었다.", 1),  # a name from the heading
        ("방문객은 연간 3500명에서 4200명으로 늘었다.", 2),
        ("UN Habitat 조사에서 12.5%가 재방문 의사를 보였다.", 2),
        ("이 기구는 2004년 5월 창설되었다.", 3),
        ("시의회는 예산안을 승인하지 않았다.", 5),
        ("Suwon agreed to the secretariat of the body founded in May 2004.", 3),
        ("On March 1, 2019 a tie was made.", 1),
        ("They planted 12,000 trees in the Forest of Friendship.", 1),
        ("It was a sisterhood between two cities.", 1),
        ("The bridge was opened in May 1998.", 4),
        ("다리는 1998년 5월에 개통되었다.", 4),
    ],
)
def test_supported_however_it_is_spelt(verifier: Verifier, sentence: str, number: int) -> None:
    assert verifier.supports(sentence, cited([number]))


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("부산은 2019년 3월 1일 바다시와 자매결연을 맺었다.", 1),  # another name
        ("나루시는 2019년 3월 2일 바다시와 자매결연을 맺었다.", 1),  # another day
        ("나루시는 2021년 바다시와 자매결연을 맺었다.", 1),  # the year of the title is no evidence
        ("나무 1만 3천 그루를 심었다.", 1),  # another number
        ("나루시는 바다시와 자매결연을 맺지 않았다.", 1),  # denied
        ("방문객은 줄어들어 관광 산업이 무너졌다.", 2),  # other words
        ("UNESCO 조사에서 12.5%가 재방문 의사를 밝혔다.", 2),  # another Latin name
        ("그렇다.", 1),  # nothing to check
        ("Gunsan agreed to it in May 2004.", 3),
        ("Suwon agreed to it in 2005.", 3),
        ("Suwon City Hall agreed to it in May 2004.", 3),
        ("It is very important for everyone.", 1),
        ("The bridge was closed in June 1998.", 4),
        ("The bridge was never opened.", 4),
        ("다리는 1999년에 개통되었다.", 4),
    ],
)
def test_not_supported(verifier: Verifier, sentence: str, number: int) -> None:
    assert not verifier.supports(sentence, cited([number]))


def test_several_passages_support_a_sentence_together(verifier: Verifier) -> None:
    sentence = "나루시는 2019년 자매결연을 맺었고 방문객은 4,200명으로 늘었다."
    assert not verifier.supports(sentence, cited([1]))
    assert not verifier.supports(sentence, cited([2]))
    assert verifier.supports(sentence, cited([1, 2]))


def test_a_name_that_the_reply_gives_in_korean_is_known_in_all_of_it(verifier: Verifier) -> None:
    reply = "The Sea City (바다시) made a tie in 2019 [1]. Sea City planted 12,000 trees [1]. Sun City did not [1]."
    verified = verifier.verify(reply, EVIDENCE)
    assert [claim.text for claim in verified.claims] == [
        "The Sea City (바다시) made a tie in 2019.",
        "Sea City planted 12,000 trees.",
    ]
    assert verified.dropped == ("Sun City did not.",)
    assert not verifier.supports("Sea City planted 12,000 trees.", cited([1]))


@pytest.mark.parametrize("mark", ["", " [9]", " [1][9]", " [0]", " [1-2]", " (1)"])
def test_a_sentence_that_does_not_cite_what_was_shown_is_dropped(verifier: Verifier, mark: str) -> None:
    verified = verifier.verify(f"나루시는 바다시와 자매결연을 맺었다{mark}.", EVIDENCE)
    assert verified.claims == ()
    assert len(verified.dropped) == 1


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("하나였다 [1]. 둘이었다 [2][3].", [("하나였다.", (1,), 0), ("둘이었다.", (2, 3), 0)]),
        ("하나였다.[1] 둘이었다. [2, 3]", [("하나였다.", (1,), 0), ("둘이었다.", (2, 3), 0)]),
        ("하나였다.[1]둘이었다.[1][1]", [("하나였다.", (1,), 0), ("둘이었다.", (1,), 0)]),
        ("- **하나**였다 [1]\n\n2. 둘이었다【2】", [("하나였다", (1,), 0), ("둘이었다", (2,), 2)]),
        ("[1] 하나였다.", [("하나였다.", (1,), 0)]),
        ("2019. 3. 1.에 열렸다 [1].", [("2019. 3. 1.에 열렸다.", (1,), 0)]),
        ("It was one [1]. It was Dr. Kim [2].", [("It was one.", (1,), 0), ("It was Dr. Kim.", (2,), 0)]),
        ("[1]", []),
        (" \n ", []),
    ],
)
def test_sentences_and_their_marks(
    analyser: Analyser, reply: str, expected: list[tuple[str, tuple[int, ...], int]]
) -> None:
    found = [(claim.text, claim.numbers, claim.line) for claim in claims(reply, analyser)]
    assert found == expected


@pytest.mark.parametrize(
    ("korean", "latin"),
    [("서울", "seoul"), ("경기", "gyeonggi"), ("광주", "gwangju"), ("대전", "daejeon"), ("값 2", "gap 2"), ("", "")],
)
def test_romanise(korean: str, latin: str) -> None:
    assert romanise(korean) == latin
