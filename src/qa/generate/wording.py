"""An answer worded by a language model: asked, checked sentence by sentence, and given up at the first doubt."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from qa.errors import GenerationError
from qa.generate.endpoint import ChatEndpoint, Endpoint
from qa.generate.prompt import NOT_FOUND, messages
from qa.generate.replies import Claim
from qa.generate.verify import Verifier
from qa.records import Answer, Citation, Status
from qa.settings import Settings

logger = logging.getLogger(__name__)


def word(
    answer: Answer, settings: Settings, *, evidence: Sequence[Citation], verifier: Verifier, strict: bool = False
) -> Answer:
    """`answer` in the words of the model at `llm_url`, or `answer` itself.

    `evidence` is what the model is shown: the answer's citations first, then checked citations of the best hits; it
    is numbered anew here. Each sentence of the reply must cite, and what it cites must support it
    (`Verifier.supports`); the others are named in `dropped`, and citations that nothing cites any more are gone.
    A "not found" is never worded. Where no sentence stands, the model finds nothing, or the endpoint fails, the
    answer given comes back, with what was dropped; the failure is logged without the question.

    Raises GenerationError instead, if `strict` and the endpoint fails.
    """
    if not settings.llm_url or answer.status is Status.NOT_FOUND or not evidence:
        return answer
    numbered = [replace(citation, number=number) for number, citation in enumerate(evidence, start=1)]
    endpoint = ChatEndpoint(settings)
    asked = messages(answer.question, answer.language, evidence=numbered, sentences=settings.answer_sentences)
    try:
        reply = endpoint.complete(asked)
    except GenerationError as error:
        if strict:
            raise
        logger.warning("%s", error)
        return answer
    return _checked(answer, reply, evidence=numbered, verifier=verifier, endpoint=endpoint)


def _checked(
    answer: Answer, reply: str, *, evidence: Sequence[Citation], verifier: Verifier, endpoint: Endpoint
) -> Answer:
    if NOT_FOUND in reply:
        return answer
    verified = verifier.verify(reply, evidence)
    if not verified.claims:
        return replace(answer, dropped=verified.dropped)
    order = dict.fromkeys(number for claim in verified.claims for number in claim.numbers)
    numbers = {old: new for new, old in enumerate(order, start=1)}
    return replace(
        answer,
        text=_text(verified.claims, numbers),
        citations=tuple(replace(evidence[old - 1], number=new) for old, new in numbers.items()),
        worded_by=endpoint.name,
        dropped=verified.dropped,
    )


def _text(claims: Sequence[Claim], numbers: dict[int, int]) -> str:
    """The sentences with their new marks; a line of the reply stays a line."""
    lines = []
    for _, line in groupby(claims, key=lambda claim: claim.line):
        lines.append(" ".join(claim.text + " " + _marks(claim, numbers) for claim in line))
    return "\n".join(lines)


def _marks(claim: Claim, numbers: dict[int, int]) -> str:
    return "".join(f"[{number}]" for number in sorted(numbers[old] for old in claim.numbers))
