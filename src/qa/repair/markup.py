"""Markdown's inline signs: what they mark stays, the signs go; notes' marks, HTML and escapes with them."""

from __future__ import annotations

import html
import re

from qa.repair.drafts import Layout

_FENCE = re.compile(r"^ {0,3}(```|~~~)[^\n]*\n(.*?)(?:^ {0,3}\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A\ufeff?(\+\+\+|---)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]+\S[^\n]*$", re.MULTILINE)
_NOTE_MARK = re.compile(r"<sup>\s*\[?(\d{1,3})\)?\]?\s*</sup>|\[\^([^\]\s]{1,20})\](?!:)")
_NOTE_BODY = re.compile(r"^[ \t]*(?:(\d{1,3})\)[ \t]*(?=\S)|\[\^([^\]\s]{1,20})\]:[ \t]*)", re.MULTILINE)
_ESCAPE = re.compile(r"\\+(?=[\\`*_{}\[\]()#+\-.!|<>~])")
_TAG = re.compile(
    r"</?(?:b|i|em|strong|u|s|del|ins|mark|small|span|a|sub|sup|font|code|kbd|img|center|details|summary)"
    r"(?:\s[^<>\n]*)?/?>",
    re.IGNORECASE,
)
_BREAKING_TAG = re.compile(
    r"</?(?:br|p|div|hr|table|thead|tbody|tr|td|th|ul|ol|li|h[1-6]|blockquote|pre)(?:\s[^<>\n]*)?/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9A-Fa-f]{2,5}|[A-Za-z]{2,8});")
_BOLD_TEXT = r"(?:[^\n*]|\*(?!\*)|\n(?![ \t]*\n)){1,400}?"
_MARKUP: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)"), 1),
    (re.compile(r"\[([^\]\n^][^\]\n]*)\]\[[^\]\n]*\]"), 1),
    (re.compile(r"<((?:https?://|mailto:)[^>\s]+)>"), 1),
    (re.compile(r"(?<![*\\])\*{3}(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*{3}(?!\*)"), 1),
    (re.compile(rf"(?<!\\)\*\*(?=\S)({_BOLD_TEXT})(?<=\S)\*\*"), 1),
    (re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?!\*)"), 1),
    (re.compile(r"(?<![\w\\])__(?=\S)([^\n]+?)(?<=\S)__(?![A-Za-z0-9_])"), 1),
    (re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]+?)(?<=[^\s_])_(?![A-Za-z0-9_])"), 1),
    (re.compile(r"(?<!\\)~~(?=\S)([^\n]+?)(?<=\S)~~"), 1),
    (re.compile(r"`([^`\n]+)`"), 1),
)


def drop_hidden(text: str, layout: Layout) -> None:
    """Leave out what no reader sees: front matter, comments, link targets set apart, the fences of code."""
    fenced = fences(text)
    for pattern, reason in ((_FRONT_MATTER, "front matter"), (_COMMENT, "comment"), (_LINK_TARGET, "markup")):
        for match in pattern.finditer(text):
            if not _inside(match.start(), fenced):
                layout.drop(match.start(), match.end(), reason)
    for match in _FENCE.finditer(text):
        layout.drop(match.start(), match.start(2), "markup")
        layout.drop(match.end(2), match.end(), "markup")


def fences(text: str) -> list[tuple[int, int]]:
    """The spans of fenced code, fences and all."""
    return [match.span() for match in _FENCE.finditer(text)]


def _inside(offset: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)


def drop_signs(text: str, layout: Layout) -> None:
    """Leave out the signs of emphasis, links, HTML and escapes, but not in fenced code; an entity becomes one sign."""
    for pattern, group in _MARKUP:
        for match in _seen(pattern, text, layout):
            layout.drop(match.start(), match.start(group), "markup")
            layout.drop(match.end(group), match.end(), "markup")
    for pattern in (_ESCAPE, _TAG):
        for match in _seen(pattern, text, layout):
            layout.drop(match.start(), match.end(), "markup")
    for match in _seen(_BREAKING_TAG, text, layout):
        layout.stand_in(match.start(), match.end(), " ")
    for match in _seen(_ENTITY, text, layout):
        sign = html.unescape(match[0])
        if len(sign) == 1:
            layout.stand_in(match.start(), match.end(), sign)


def _seen(pattern: re.Pattern[str], text: str, layout: Layout) -> list[re.Match[str]]:
    """The matches that nothing has left out yet and that stand in no code."""
    fenced = fences(text)
    found = (match for match in pattern.finditer(text) if match.start() not in layout.dropped)
    return [match for match in found if not _inside(match.start(), fenced)]


def note_marks(text: str, layout: Layout) -> dict[str, tuple[int, int]]:
    """Where each note is called: label to span, for the notes whose text is there. The marks are left out."""
    bodies = {match[1] or match[2] for match in _NOTE_BODY.finditer(text)}
    marks: dict[str, tuple[int, int]] = {}
    for match in _NOTE_MARK.finditer(text):
        label = match[1] or match[2]
        if match.start() not in layout.dropped and label in bodies:
            marks.setdefault(label, match.span())
            layout.drop(match.start(), match.end(), "note mark")
    return marks


def note_label(line: str) -> str:
    """The label of the note whose text a line begins, empty if it begins none."""
    match = _NOTE_BODY.match(line)
    return (match[1] or match[2]) if match else ""
