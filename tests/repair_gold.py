"""Scores a repaired document against the hand-made gold list of its file (tests/gold/repair)."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qa.records import Block, BlockKind, Document

GOLD = Path(__file__).parent / "gold" / "repair"
Entry = dict[str, Any]


@dataclass
class Score:
    """How many of a kind are right, and the entries that are wrong."""

    right: int = 0
    wrong: list[tuple[Entry, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + len(self.wrong)

    def count(self, entry: Entry, verdict: str) -> None:
        if verdict == "right":
            self.right += 1
        else:
            self.wrong.append((entry, verdict))


class Placed:
    """A document with the way back: from an offset in the file to the offset in the text."""

    def __init__(self, document: Document, raw: str) -> None:
        self.document, self.raw = document, raw
        self.at: dict[int, int] = {}
        for offset in range(len(document.text)):
            source = document.source_map.source_of(offset)
            if source not in self.at and document.text[offset] not in "\n ":
                self.at[source] = offset
        self._starts = [block.start for block in document.blocks]
        self._markup = {
            at for d in document.discards if d.reason == "markup" for at in range(d.source_start, d.source_end)
        }

    def block(self, source: int) -> Block | None:
        offset = self.at.get(source)
        if offset is None:
            return None
        return self.document.blocks[bisect_right(self._starts, offset) - 1]

    def words(self, start: int, end: int) -> list[int]:
        """The file offsets in a span that hold letters or digits and are no markup (the target of a link)."""
        return [at for at in range(start, end) if self.raw[at].isalnum() and at not in self._markup]


def entries(stem: str) -> Iterator[Entry]:
    for line in (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def score(document: Document, raw: str, stem: str) -> dict[str, Score]:
    """The scores by kind: wrap, paragraph, heading, note, link, table."""
    placed = Placed(document, raw)
    scores = {kind: Score() for kind in ("wrap", "paragraph", "heading", "extra heading", "note", "link", "table")}
    judges: dict[str, Callable[[Placed, Entry], str]] = {
        "wrap": _wrap,
        "paragraph": _paragraph,
        "heading": _heading,
        "note": _note,
        "table": _table,
        "figure": _table,
    }
    for entry in entries(stem):
        kind = entry["kind"]
        if kind in judges:
            scores["table" if kind == "figure" else kind].count(entry, judges[kind](placed, entry))
        if kind == "note" and entry["mark"] is not None:
            scores["link"].count(entry, _link(placed, entry))
    gold_starts = {entry["start"] for entry in entries(stem) if entry["kind"] == "heading"}
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            start = document.source_map.source_of(block.start)
            near = any(abs(start - gold) <= 6 for gold in gold_starts)
            scores["extra heading"].count({"start": start}, "right" if near else "no heading in the gold")
    return scores


def _ends(placed: Placed, entry: Entry) -> tuple[int | None, int | None]:
    before = next(
        (placed.at[at] for at in range(entry["offset"] - 1, entry["offset"] - 30, -1) if at in placed.at), None
    )
    first = entry.get("next", entry["offset"] + 1)
    after = next((placed.at[at] for at in range(first, first + 30) if at in placed.at), None)
    return before, after


def _wrap(placed: Placed, entry: Entry) -> str:
    before, after = _ends(placed, entry)
    if before is None or after is None:
        return "lost"
    between = placed.document.text[before + 1 : after]
    found = {"": "none", " ": "space"}.get(between, "break")
    return "right" if found == entry["join"] else found


def _paragraph(placed: Placed, entry: Entry) -> str:
    before, after = _ends(placed, entry)
    if before is None or after is None:
        return "right"
    return "right" if "\n" in placed.document.text[min(before, after) : max(before, after)] else "joined"


def _heading(placed: Placed, entry: Entry) -> str:
    words = placed.words(entry["start"], entry["end"])
    block = placed.block(words[0])
    if block is None or block.kind is not BlockKind.HEADING:
        return f"not a heading but {block.kind if block else 'left out'}"
    if any(placed.block(word) != block for word in words):
        return "cut"
    inside = [char for char in placed.document.text[block.start : block.end] if char.isalnum()]
    if len(inside) != len(words):
        return "too long"
    return "right" if block.level == entry["level"] else f"level {block.level}"


def _note(placed: Placed, entry: Entry) -> str:
    words = [word for start, end in entry["pieces"] for word in placed.words(start, end)]
    homes = [placed.block(word) for word in words]
    block = max((home for home in homes if home is not None), key=homes.count, default=None)
    if block is None or block.kind is not BlockKind.FOOTNOTE or block.label != entry["number"]:
        return f"in {block.kind if block else 'nothing'} {block.label if block else ''}"
    if homes.count(block) < 0.97 * len(words):
        return f"holds {homes.count(block)} of {len(words)}"
    held = sum(char.isalnum() for char in placed.document.text[block.start : block.end])
    return "right" if held <= 1.05 * len(words) + 2 else f"holds {held} for {len(words)}"


def _link(placed: Placed, entry: Entry) -> str:
    block = next(
        (b for b in placed.document.blocks if b.kind is BlockKind.FOOTNOTE and b.label == entry["number"]), None
    )
    if block is None or not block.marks:
        return "no mark"
    mark = next((d for d in placed.document.discards if d.source_start == entry["mark"]), None)
    if mark is None or mark.reason != "note mark":
        return "another mark"
    before = next(placed.at[at] for at in range(entry["mark"] - 1, -1, -1) if at in placed.at)
    return "right" if block.marks[0][0] == before + 1 else "misplaced"


def _table(placed: Placed, entry: Entry) -> str:
    spans = [*entry["pieces"], *([entry["caption"]] if entry.get("caption") else [])]
    words = [word for start, end in spans for word in placed.words(start, end)]
    homes = [placed.block(word) for word in words]
    block = max((home for home in homes if home is not None), key=homes.count, default=None)
    if block is None or block.kind not in (BlockKind.TABLE, BlockKind.FIGURE, BlockKind.LIST):
        return f"in {block.kind if block else 'nothing'}"
    if homes.count(block) < 0.9 * len(words):
        return f"holds {homes.count(block)} of {len(words)}"
    held = sum(char.isalnum() for char in placed.document.text[block.start : block.end])
    return "right" if held <= 1.1 * len(words) + 10 else f"holds {held} for {len(words)}"
