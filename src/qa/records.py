"""The nouns of the house: frozen records that travel between the rooms.

Offsets are counted in characters (Unicode code points). `start` is inclusive, `end` exclusive. A span without a
prefix lies in `Document.text`; a span named `source_*` lies in the decoded raw file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block of a document is."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FOOTNOTE = "footnote"
    TABLE = "table"
    FIGURE = "figure"
    LIST = "list"
    REFERENCE = "reference"


class Region(StrEnum):
    """The part of a work that a block stands in; search can be narrowed to one."""

    FRONT = "front"
    ABSTRACT = "abstract"
    ABSTRACT_EN = "abstract_en"
    BODY = "body"
    REFERENCES = "references"
    BACK = "back"


class Language(StrEnum):
    """Languages that a question can be asked in."""

    KOREAN = "ko"
    ENGLISH = "en"


class Status(StrEnum):
    """What came of a question."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where each character of a document's text stands in the raw file.

    Runs of consecutive characters: character `i` of the text, in the run that starts at `starts[k]`, is character
    `sources[k] + i - starts[k]` of the file. A character that repair put in (the space of a joined line) maps to the
    line end that it replaces.
    """

    starts: tuple[int, ...]
    sources: tuple[int, ...]

    def source_of(self, offset: int) -> int:
        """The file offset of the character at `offset`; raises IndexError for a negative one."""
        if offset < 0:
            raise IndexError(offset)
        run = bisect_right(self.starts, offset) - 1
        return self.sources[run] + offset - self.starts[run]

    def pieces(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """The file spans that the text span `start:end` was made of, in text order, adjoining ones merged."""
        found: list[tuple[int, int]] = []
        at = start
        run = bisect_right(self.starts, start) - 1
        while at < end:
            stop = min(end, self.starts[run + 1]) if run + 1 < len(self.starts) else end
            first = self.sources[run] + at - self.starts[run]
            last = first + stop - at
            if found and found[-1][1] == first:
                found[-1] = (found[-1][0], last)
            else:
                found.append((first, last))
            at, run = stop, run + 1
        return tuple(found)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The smallest file span that holds all of `start:end`."""
        pieces = self.pieces(start, end)
        if not pieces:
            at = self.source_of(start)
            return at, at
        return min(first for first, _ in pieces), max(last for _, last in pieces)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, note, table … of a document, with its place.

    `headings` are the titles of the sections that hold it, outermost first (a heading's own title is not among
    them). `page` is 1-based, None where the file does not say. `caption` is the span of the caption line inside a
    table or figure. `label` is a note's number; `marks` are the spans in the text where a note is called.
    """

    kind: BlockKind
    start: int
    end: int
    headings: tuple[str, ...] = ()
    page: int | None = None
    region: Region = Region.BODY
    level: int = 0
    label: str = ""
    caption: tuple[int, int] | None = None
    marks: tuple[tuple[int, int], ...] = ()
    turns: tuple[tuple[int, int | None], ...] = ()

    def page_at(self, offset: int) -> int | None:
        """The page on which the character at `offset` of the document stands."""
        return next((page for start, page in reversed(self.turns) if start <= offset), self.page)


@dataclass(frozen=True, slots=True)
class Discard:
    """A span of the raw file that is in no block, and the reason why (`page number`, `running header`, …)."""

    source_start: int
    source_end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a work beside its text; empty or None where it is not known."""

    title: str = ""
    title_en: str = ""
    author: str = ""
    year: int | None = None
    publisher: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A repaired work.

    `text` is NFC and never changes; `blocks` stand in reading order, do not overlap, and between two of them there
    is only white space. `id` comes from the file's name and stays the same when the content changes; `sha256` is
    that of the raw bytes.
    """

    id: str
    name: str
    text: str
    blocks: tuple[Block, ...]
    source_map: SourceMap
    metadata: Metadata
    sha256: str
    discards: tuple[Discard, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: whole sentences of one block or of neighbouring blocks of one section.

    `document.text[start:end] == text`. `windows` are the spans (in the document) of short runs of sentences that
    the dense leg embeds. `duplicate_of` names an earlier passage that says nearly the same.
    """

    id: str
    document_id: str
    ordinal: int
    text: str
    start: int
    end: int
    headings: tuple[str, ...] = ()
    page: int | None = None
    page_end: int | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    region: Region = Region.BODY
    windows: tuple[tuple[int, int], ...] = ()
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class LegScore:
    """What one leg of the search gave a passage: its raw score (higher is better) and its 1-based rank."""

    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. Hits are sorted; `rank` is 1-based; a higher `score` is always better (0 to 1).

    `legs` holds an entry for each leg that found it; `terms` are the question's terms that it contains; `window`
    is the span of its best window in the document, None when the dense leg did not find it.
    """

    passage: Passage
    score: float
    rank: int
    legs: Mapping[str, LegScore] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence: `quote` is exactly `document.text[start:end]`, and was checked before it left the house.

    `short` is the span, inside the quote and relative to it, of the words that answer (a number, a name), if the
    question asks for one.
    """

    number: int
    document_id: str
    title: str
    quote: str
    start: int
    end: int
    source_start: int
    source_end: int
    section: tuple[str, ...] = ()
    page: int | None = None
    passage_id: str = ""
    short: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got. Every sentence of an answered text is cited; "not found" claims nothing.

    `probability` (0 to 1) is the calibrated probability that the indexed documents answer the question. `short` is
    the short answer where one was asked for. `worded_by` names the language model that worded the text, if any, and
    `dropped` the sentences of its reply that no citation supported.
    """

    question: str
    language: Language
    status: Status
    text: str
    probability: float
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    short: str = ""
    worded_by: str = ""
    dropped: tuple[str, ...] = ()
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which encoder made the vectors of an index: a mismatch in any field refuses to open it.

    `token_dimension` is 0 for an encoder that gives no vectors of tokens.
    """

    name: str
    revision: str
    dimension: int
    token_dimension: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """The label of an index generation, written last: where it stands, the generation is complete.

    `settings` are those that shape the index; `files` maps each file of the generation to its sha256.
    """

    format: int
    generation: int
    created: str
    analyser: str
    encoder: EncoderIdentity | None
    settings: Mapping[str, str | int | float | bool]
    counts: Mapping[str, int]
    files: Mapping[str, str]
