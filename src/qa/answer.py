"""From evidence to a cited extractive answer, or to "not found": every quote is a slice of its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.asks import Kind
from qa.calibration import probability
from qa.evidence import Evidence, Sentence, held, searchable
from qa.passages import nearly_same, shingles
from qa.records import Answer, Citation, Document, Hit, Language, Status
from qa.settings import Settings

NOT_FOUND = {
    Language.KOREAN: "색인된 문서에서 답을 찾지 못했습니다.",
    Language.ENGLISH: "The indexed documents do not answer this question.",
}
_WORTH = 0.5
"""Share of the best sentence's score that a further one must have."""
_FOLLOWS = 0.22
"""Share of the best sentence's score that a sentence gains by following one that was chosen."""
_VALUE_SENTENCES, _VALUE_CHARS = 3, 330
_NEAR = 2
"""Characters between two sentences of one block that are quoted as one."""

Documents = Callable[[str], Document]


@dataclass(slots=True)
class _Quote:
    """A stretch of a document to be quoted, with the sentences in it, best first."""

    sentences: list[Sentence]
    start: int
    end: int

    @property
    def document_id(self) -> str:
        return self.sentences[0].hit.passage.document_id


def answer(evidence: Evidence, documents: Documents, settings: Settings) -> Answer:
    """The answer to a question: a few sentences, each cited, if the documents probably answer it.

    Every citation's quote was compared with its document; one that differs is a defect of the index and raises
    ValueError, so that no false quote can leave the house.
    """
    found = evidence.found
    chance = probability(evidence)
    if chance < settings.threshold or not evidence.sentences:
        return Answer(
            question=found.question,
            language=found.language,
            status=Status.NOT_FOUND,
            text=NOT_FOUND[found.language],
            probability=chance,
            hits=found.hits,
        )
    quotes = _quotes([_with_values_of_a_row(each, evidence.rarity) for each in _chosen(evidence, settings)])
    citations = tuple(_citation(number, quote, documents) for number, quote in enumerate(quotes, 1))
    return Answer(
        question=found.question,
        language=found.language,
        status=Status.ANSWERED,
        text=_text(citations, found.language),
        probability=chance,
        citations=citations,
        hits=found.hits,
        short=_short(citations),
    )


def _chosen(evidence: Evidence, settings: Settings) -> list[Sentence]:
    """The best sentence, and further ones that are nearly as good, say something else and leave the answer short.

    What follows a chosen sentence is preferred: a sentence that names the topic is often answered by the next one.
    A question for one value gets fewer sentences than one for a list, a reason or a summary.
    """
    one_value = evidence.wanted.kind is not Kind.TEXT
    most = min(_VALUE_SENTENCES, settings.answer_sentences) if one_value else settings.answer_sentences
    room = min(_VALUE_CHARS, settings.answer_chars) if one_value else settings.answer_chars
    left = list(evidence.sentences)
    chosen: list[Sentence] = []
    worth = _WORTH * left[0].score
    bonus = _FOLLOWS * left[0].score
    while left and len(chosen) < most:
        scores = [sentence.score + bonus * any(_follows(sentence, other) for other in chosen) for sentence in left]
        best = max(range(len(left)), key=lambda index: (scores[index], -index))
        sentence = left.pop(best)
        if chosen and scores[best] < worth:
            break
        if (chosen and len(sentence.text) > room) or any(_same(sentence, other) for other in chosen):
            continue
        chosen.append(sentence)
        room -= len(sentence.text)
    return chosen


def _with_values_of_a_row(sentence: Sentence, rarity: Mapping[str, float]) -> Sentence:
    """Of several rows that have values, those of the row that has most of the question's terms; none if two do."""
    rows = {value: _row(sentence.text, value[0]) for value in sentence.values}
    found = {row: held(rarity, searchable(row)) for row in rows.values()}
    best = [row for row in found if found[row] == max(found.values())]
    values = tuple(value for value, row in rows.items() if row == best[0]) if len(best) == 1 else ()
    return replace(sentence, values=values)


def _row(text: str, offset: int) -> str:
    return text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]


def _follows(sentence: Sentence, other: Sentence) -> bool:
    same = sentence.hit.passage.id == other.hit.passage.id
    return same and 0 <= sentence.start - other.end <= _NEAR


def _same(one: Sentence, other: Sentence) -> bool:
    overlap = one.hit.passage.id == other.hit.passage.id and one.start < other.end and other.start < one.end
    return overlap or one.text == other.text or nearly_same(shingles(one.text), shingles(other.text))


def _quotes(sentences: Sequence[Sentence]) -> list[_Quote]:
    """One quote a stretch: sentences that follow one another are quoted together. The best comes first."""
    quotes: list[_Quote] = []
    for sentence in sentences:
        homes = [quote for quote in quotes if _adjoins(quote, sentence)]
        whole = [*(each for home in homes for each in home.sentences), sentence]
        joined = _Quote(whole, min(each.start for each in whole), max(each.end for each in whole))
        at = quotes.index(homes[0]) if homes else len(quotes)
        quotes = [*quotes[:at], joined, *(quote for quote in quotes[at:] if quote not in homes)]
    return quotes


def _adjoins(quote: _Quote, sentence: Sentence) -> bool:
    passage = sentence.hit.passage
    if passage.id != quote.sentences[0].hit.passage.id:
        return False
    return -_NEAR <= sentence.start - quote.end <= _NEAR or -_NEAR <= quote.start - sentence.end <= _NEAR


def _citation(number: int, quote: _Quote, documents: Documents) -> Citation:
    document = documents(quote.document_id)
    text = document.text[quote.start : quote.end]
    for sentence in quote.sentences:
        if document.text[sentence.start : sentence.end] != sentence.text:
            raise ValueError(f"passage {sentence.hit.passage.id} is not what document {document.id} says")
    source_start, source_end = document.source_map.span(quote.start, quote.end)
    passage = quote.sentences[0].hit.passage
    return Citation(
        number=number,
        document_id=document.id,
        title=document.metadata.title,
        quote=text,
        start=quote.start,
        end=quote.end,
        source_start=source_start,
        source_end=source_end,
        section=passage.headings,
        page=_page(document, quote.start),
        passage_id=passage.id,
        short=_marked(quote),
    )


def cite_hits(hits: Sequence[Hit], documents: Documents) -> list[Citation]:
    """A citation of each hit's whole passage, numbered from 1: what a language model is shown beside the answer."""
    whole = [
        Sentence(hit, hit.passage.start, hit.passage.end, hit.passage.text, 0.0, 0.0, 0.0, (), 0.0) for hit in hits
    ]
    quotes = [_Quote([sentence], sentence.start, sentence.end) for sentence in whole]
    return [_citation(number, quote, documents) for number, quote in enumerate(quotes, 1)]


def _page(document: Document, offset: int) -> int | None:
    return next((block.page_at(offset) for block in document.blocks if block.start <= offset < block.end), None)


def _marked(quote: _Quote) -> tuple[int, int] | None:
    """Where in the quote the value stands that was asked for: the first new one of its best sentence."""
    for sentence in quote.sentences:
        if sentence.values:
            start, end = sentence.values[0]
            return sentence.start + start - quote.start, sentence.start + end - quote.start
    return None


def _text(citations: Sequence[Citation], language: Language) -> str:
    opening, closing = ("", "") if language is Language.KOREAN else ("“", "”")
    return "\n".join(f"{opening}{_one_line(c.quote)}{closing} [{c.number}]" for c in citations)


def _one_line(quote: str) -> str:
    return " ".join(quote.split())


def _short(citations: Sequence[Citation]) -> str:
    first = citations[0] if citations else None
    return first.quote[slice(*first.short)] if first is not None and first.short else ""
