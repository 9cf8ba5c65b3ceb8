"""Answers, passages and documents as a person reads them in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qa.cli.messages import say
from qa.records import Answer, Citation, Hit, Language, Passage, Status

Titles = Callable[[str], str]

_MARK = r"\[\d+\](?:\[\d+\])*"
_NEAREST = 3
_SNIPPET_LINES = 3


class Clamped:
    """The first lines of a text, however wide the terminal is; `…` stands for the others."""

    def __init__(self, text: Text, lines: int) -> None:
        self._text = text
        self._lines = lines

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The lines, wrapped to the width that rich gives."""
        lines = self._text.wrap(console, options.max_width)
        if len(lines) > self._lines:
            last = lines[self._lines - 1]
            last.rstrip()
            last.truncate(options.max_width - 2)
            last.append(" …")
        for line in lines[: self._lines]:
            line.rstrip()
            yield line


def whole_grid(gap: int) -> Table:
    """A grid of two columns with all their text.

    By default rich puts `…` for the last word of a line that is filled by wide characters and the space after them.
    """
    table = Table.grid(padding=(0, gap, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table


def answer_view(answer: Answer) -> Iterator[RenderableType]:
    """The answer, its sources and its probability, with labels in the language of the question."""
    language = answer.language
    yield ""
    yield Padding(_answer_text(answer), (0, 2))
    if answer.citations:
        yield Text(f"\n{say('answer.sources', language)}", style="bold")
        for citation in answer.citations:
            yield from _citation(citation, answer)
    for sentence in answer.dropped:
        yield Text.assemble("\n", (f"{say('answer.dropped', language)}: ", "yellow"), sentence)
    yield Text(f"\n{_footer(answer)}", style="dim")


def _answer_text(answer: Answer) -> Text:
    text = Text(answer.text)
    if answer.status is Status.NOT_FOUND:
        text.stylize("yellow")
    elif answer.short:
        text.highlight_words([answer.short], "bold green")
    text.highlight_regex(_MARK, "cyan")
    return text


def _citation(citation: Citation, answer: Answer) -> Iterator[RenderableType]:
    """Where it stands; and its words: in full, or in one line where the answer above is made of them."""
    quote = Text(f"“{_one_line(citation.quote)}”", style="dim")
    where = place(citation.title, citation.section, _pages(citation.page, None, answer.language))
    table = whole_grid(1)
    table.add_row(Text(f"  [{citation.number}]", style="cyan"), where)
    table.add_row("", quote if answer.worded_by else Clamped(quote, 1))
    yield table


def _footer(answer: Answer) -> str:
    language = answer.language
    parts = [say("answer.probability", language, percent=round(100 * answer.probability))]
    if answer.worded_by:
        parts.append(say("answer.worded_by", language, model=answer.worded_by))
    parts.append(say("answer.seconds", language, seconds=answer.took_ms / 1000))
    return " · ".join(parts)


def nearest_view(answer: Answer, titles: Titles) -> Iterator[RenderableType]:
    """The best hits of a question that was not answered, offered as no more than that."""
    if answer.hits:
        yield Text(f"\n{say('answer.nearest', answer.language)}", style="bold")
        yield from hits_view(answer.hits[:_NEAREST], titles, answer.language)


def hits_view(
    hits: Sequence[Hit], titles: Titles, language: Language, *, explain: bool = False
) -> Iterator[RenderableType]:
    """Each hit with its place, its score, the first lines from its best window on, and why it was found."""
    for hit in hits:
        passage = hit.passage
        table = whole_grid(1)
        where = place(titles(passage.document_id), passage.headings, passage_pages(passage, language))
        table.add_row(Text(f"{hit.rank:>3}.", style="cyan"), where)
        table.add_row("", Clamped(_snippet(hit), _SNIPPET_LINES))
        table.add_row("", Text(f"{hit.score:.3f} · {passage.id}", style="dim"))
        if explain:
            table.add_row("", _reasons(hit, language))
        yield Padding(table, (1, 0, 0, 0))


def _snippet(hit: Hit) -> Text:
    passage = hit.passage
    start = hit.window[0] - passage.start if hit.window else 0
    text = Text(("… " if start > 0 else "") + _one_line(passage.text[max(0, start) :]))
    text.highlight_words([term for term in hit.terms if len(term) > 1], "bold", case_sensitive=False)
    return text


def _reasons(hit: Hit, language: Language) -> Text:
    legs = [
        f"{named('leg', leg, language)} {found.score:.3f} ({say('search.rank', language, rank=found.rank)})"
        for leg, found in sorted(hit.legs.items())
    ]
    lines = [" · ".join(legs)]
    if hit.terms:
        lines.append(f"{say('search.terms', language)}: {', '.join(hit.terms)}")
    if hit.window:
        start, end = (offset - hit.passage.start for offset in hit.window)
        lines.append(f"{say('search.window', language)}: {_one_line(hit.passage.text[start:end])}")
    return Text("\n".join(lines), style="magenta")


def place(title: str, section: Sequence[str], pages: str) -> Text:
    """Title, section path and page in one line (more where they are long)."""
    text = Text(title, style="bold")
    if section:
        text.append(" › " + " › ".join(section), style="not bold")
    if pages:
        text.append(f" · {pages}", style="not bold")
    return text


def passage_pages(passage: Passage, language: Language) -> str:
    """The page or pages of a passage, as one says it; empty where they are not known."""
    return _pages(passage.page, passage.page_end, language)


def _pages(page: int | None, last: int | None, language: Language) -> str:
    if page is None:
        return ""
    if last is not None and last != page:
        return say("pages", language, page=page, last=last)
    return say("page", language, page=page)


def named(group: str, key: str, language: Language | str) -> str:
    """The catalogue's name for something that the library names by `key`; the key itself where it has none."""
    try:
        return say(f"{group}.{key}", language)
    except KeyError:
        return key


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
