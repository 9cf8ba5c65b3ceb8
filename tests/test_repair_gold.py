"""The five originals against the hand-made list of what a reader would do (offsets and kinds only)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from qa.readers import read
from qa.records import BlockKind, Document, Region
from qa.repair import repair
from qa.settings import load_settings
from tests.repair_gold import GOLD, Score, score
from tests.repairing import analyser, check_whole

STEMS = sorted(path.stem for path in GOLD.glob("*.jsonl"))


def originals() -> Path:
    return Path(__file__).parents[2] / "shared" / "corpus"


pytestmark = pytest.mark.skipif(not originals().is_dir(), reason="the originals are not here")


@cache
def original(stem: str) -> tuple[Document, str]:
    """The repaired original and its raw text; its title is given, as a catalogue gives it."""
    found = read(originals() / f"{stem}.txt", load_settings(environment={}))
    return repair(found, analyser()), found.text


def scores(kind: str) -> Score:
    total = Score()
    for stem in STEMS:
        found = score(*original(stem), stem)[kind]
        total.right += found.right
        total.wrong += found.wrong
    return total


def share(kind: str) -> float:
    found = scores(kind)
    assert found.total > 0
    return found.right / found.total


def test_every_original_has_its_list() -> None:
    assert STEMS == sorted(path.stem for path in originals().glob("*.txt"))


def test_lines_are_joined_as_a_reader_would() -> None:
    assert scores("wrap").total > 1700
    assert share("wrap") >= 0.985


@pytest.mark.parametrize("kind", ["note", "link", "heading", "extra heading", "table", "paragraph"])
def test_notes_headings_and_tables_are_found(kind: str) -> None:
    assert share(kind) >= 0.98, scores(kind).wrong


@pytest.mark.parametrize("stem", STEMS)
def test_no_character_is_lost_or_moved(stem: str) -> None:
    check_whole(*original(stem))


@pytest.mark.parametrize("stem", STEMS)
def test_furniture_is_in_no_block_but_of_the_front(stem: str) -> None:
    document, raw = original(stem)
    inside = [block for block in document.blocks if block.region is not Region.FRONT]
    held = {document.source_map.source_of(at) for block in inside for at in range(block.start, block.end)}
    entries = map(json.loads, (GOLD / f"{stem}.jsonl").read_text(encoding="utf-8").splitlines())
    furniture = [range(entry["start"], entry["end"]) for entry in entries if entry["kind"] == "furniture"]
    assert [at for span in furniture for at in span if raw[at].isalnum() and at in held] == []


@pytest.mark.parametrize("stem", STEMS)
def test_the_title_opens_the_document(stem: str) -> None:
    document, _ = original(stem)
    known = {entry["file"]: entry["title"] for entry in _catalogue()}
    assert document.metadata.title == known[f"{stem}.txt"]
    titles = [block for block in document.blocks if block.kind is BlockKind.TITLE]
    assert all(block.region is Region.FRONT and block.headings == () for block in titles)
    assert document.blocks[: len(titles)] == tuple(titles)


def _catalogue() -> Iterator[dict[str, str]]:
    yield from tomllib.loads((originals() / "sources.toml").read_text(encoding="utf-8"))["source"]


def test_pages_are_those_that_were_printed() -> None:
    article, _ = original("uclg-city-diplomacy")
    assert article.blocks[0].page == 54
    assert {block.page for block in article.blocks} == set(range(54, 67))
    thesis, _ = original("beijing-seoul-capital-diplomacy-thesis")
    pages = [thesis.blocks[0].page, *(page for block in thesis.blocks for _, page in block.turns)]
    assert pages[0] is None
    assert max(page for page in pages if page) == 74


def test_a_page_turns_inside_its_paragraph() -> None:
    thesis, raw = original("beijing-seoul-capital-diplomacy-thesis")
    for block in thesis.blocks:
        for start, page in block.turns:
            assert block.page_at(start - 1) != page or block.kind in (BlockKind.TABLE, BlockKind.FIGURE)
            assert block.page_at(start) == page
            assert raw[thesis.source_map.source_of(start)] == thesis.text[start]


def test_the_english_abstract_is_known_as_such() -> None:
    thesis, _ = original("beijing-seoul-capital-diplomacy-thesis")
    regions = [block.region for block in thesis.blocks]
    assert regions[-1] is Region.ABSTRACT_EN
    assert Region.ABSTRACT in regions
    report, _ = original("seoul-city-diplomacy-report")
    assert {block.kind for block in report.blocks if block.region is Region.REFERENCES} == {
        BlockKind.HEADING,
        BlockKind.REFERENCE,
    }


def test_the_same_file_gives_the_same_document() -> None:
    found = read(originals() / "seoul-city-diplomacy-challenges.txt", load_settings(environment={}))
    assert repair(found, analyser()) == original("seoul-city-diplomacy-challenges")[0]
