"""The records that carry arithmetic: the map to the source, and the page of a place in a block."""

from __future__ import annotations

import random
from dataclasses import FrozenInstanceError

import pytest

from qa.records import Block, BlockKind, Region, SourceMap

MAP = SourceMap(starts=(0, 3, 4, 6), sources=(10, 13, 20, 5))
"""Characters 0-2 from 10, 3 from 13, 4-5 from 20, the rest from 5."""


def test_each_character_knows_its_place() -> None:
    assert [MAP.source_of(offset) for offset in range(9)] == [10, 11, 12, 13, 20, 21, 5, 6, 7]
    with pytest.raises(IndexError, match="-1"):
        MAP.source_of(-1)


def test_pieces_stand_in_text_order_and_adjoining_ones_are_one() -> None:
    assert MAP.pieces(0, 9) == ((10, 14), (20, 22), (5, 8))
    assert MAP.pieces(1, 3) == ((11, 13),)
    assert MAP.pieces(2, 5) == ((12, 14), (20, 21))
    assert MAP.pieces(4, 4) == ()


def test_a_span_holds_all_pieces() -> None:
    assert MAP.span(0, 6) == (10, 22)
    assert MAP.span(4, 8) == (5, 22)
    assert MAP.span(4, 4) == (20, 20)


@pytest.mark.parametrize("seed", range(4))
def test_pieces_spell_the_offsets_one_by_one(seed: int) -> None:
    pick = random.Random(seed)
    starts = (0, *sorted(pick.sample(range(1, 60), 9)))
    found = SourceMap(starts, tuple(pick.randint(0, 500) for _ in starts))
    for _ in range(50):
        start, end = sorted(pick.choices(range(70), k=2))
        spelled = [at for first, last in found.pieces(start, end) for at in range(first, last)]
        assert spelled == [found.source_of(offset) for offset in range(start, end)]


def test_the_page_of_a_place_is_the_last_that_turned_before_it() -> None:
    block = Block(BlockKind.PARAGRAPH, 100, 200, page=7, turns=((140, 8), (180, None)))
    assert [block.page_at(offset) for offset in (100, 139, 140, 179, 180, 199)] == [7, 7, 8, 8, None, None]
    assert Block(BlockKind.LIST, 0, 9).page_at(3) is None


def test_records_do_not_change() -> None:
    block = Block(BlockKind.PARAGRAPH, 0, 1)
    with pytest.raises(FrozenInstanceError):
        block.start = 5  # type: ignore[misc]
    assert (str(block.kind), str(block.region)) == ("paragraph", str(Region.BODY))
