"""Text and offsets: NFC with a map back, lines and columns, the builder that keeps the map."""

from __future__ import annotations

import random
import unicodedata

import pytest

from qa.text import HANGUL, HANJA, MappedText, has_words, line_and_column, nfc_with_sources, squeeze

NASTY = [
    "",
    "강",
    "강과 나루의 이야기",
    "\u1100\u1161\u11bc",
    "가\u11a8나",
    "ㄱㅏ",
    "e\u0301a\u0323\u0302",
    "\u0301강",
    "👩‍👩‍👧 🇰🇷",
    "북경(北京)의 江",
    "\u09c7\u09be",
    "\u1025\u102e",
    "Ａ１，。",
    "a\r\nb",
    "\ud800x",
]
LETTERS = "강나루e\u0301\u0323\u1100\u1161\u11bc\u11a8\u0300 \nA漢😀\u09c7\u09be가"


def check(raw: str) -> None:
    """The text is the NFC of `raw`, and each of its characters comes from where it says."""
    text, sources = nfc_with_sources(raw)
    assert text == unicodedata.normalize("NFC", raw)
    assert len(text) == len(sources)
    assert sources == sorted(sources)
    bounds = [*sources, len(raw)]
    for at in range(len(text)):
        cluster = raw[bounds[at] : next((end for end in bounds[at:] if end > bounds[at]), len(raw))]
        assert text[at] in unicodedata.normalize("NFC", cluster)


@pytest.mark.parametrize("raw", NASTY)
def test_nfc_maps_each_character_back(raw: str) -> None:
    check(raw)
    check(unicodedata.normalize("NFD", raw))


@pytest.mark.parametrize("seed", range(5))
def test_nfc_maps_random_texts_back(seed: int) -> None:
    pick = random.Random(seed)
    for _ in range(200):
        check("".join(pick.choices(LETTERS, k=pick.randint(0, 30))))


def test_decomposed_hangul_maps_to_its_first_letter() -> None:
    text, sources = nfc_with_sources(unicodedata.normalize("NFD", "강과"))
    assert (text, sources) == ("강과", [0, 3])


def test_text_that_is_composed_already_maps_to_itself() -> None:
    assert nfc_with_sources("강과\n나루") == ("강과\n나루", [0, 1, 2, 3, 4])


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (4, (3, 1)), (6, (3, 3)), (7, (3, 4))]
)
def test_lines_and_columns_count_from_one(offset: int, place: tuple[int, int]) -> None:
    assert line_and_column("강가\n\n나루터", offset) == place


def test_lines_and_columns_agree_with_splitting() -> None:
    text = "강\n나루 이야기\n\n끝\n"
    for offset, char in enumerate(text):
        line, column = line_and_column(text, offset)
        assert (text.split("\n")[line - 1] + "\n")[column - 1] == char


class TestMappedText:
    def test_it_keeps_text_and_offsets_together(self) -> None:
        text = MappedText()
        text.append("강과", [4, 5])
        text.insert(" ", 6)
        text.append("나루", [9, 10])
        assert (text.text, text.sources, len(text)) == ("강과 나루", [4, 5, 6, 9, 10], 5)
        assert (text.source_map().starts, text.source_map().sources) == ((0, 3), (4, 9))

    def test_it_refuses_offsets_that_do_not_fit(self) -> None:
        with pytest.raises(ValueError, match="2 characters with 1 offsets"):
            MappedText().append("강과", [1])

    def test_nothing_maps_to_nothing(self) -> None:
        assert (MappedText().text, MappedText().source_map().starts) == ("", (0,))

    @pytest.mark.parametrize("seed", range(3))
    def test_its_map_gives_every_offset_back(self, seed: int) -> None:
        pick = random.Random(seed)
        sources = [pick.randint(0, 30) for _ in range(200)]
        text = MappedText()
        text.append("가" * 200, sources)
        assert [text.source_map().source_of(offset) for offset in range(200)] == sources


def test_squeeze_keeps_what_was_said() -> None:
    assert squeeze("『강과, 나루』 (ＡＢ_c １)") == "강과나루abc1"


@pytest.mark.parametrize(("text", "words"), [("강", True), ("7", True), ("?!😀 ", False), ("", False), ("北", True)])
def test_words_are_letters_or_digits(text: str, words: bool) -> None:
    assert has_words(text) is words


def test_scripts_are_told_apart() -> None:
    assert HANGUL.findall("강 江 a ㄱ") == ["강"]
    assert HANJA.findall("강 江 a 㐀 豈") == ["江", "㐀", "豈"]
