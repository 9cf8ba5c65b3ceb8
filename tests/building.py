"""What the tests of the store and of the build share: a small real encoder, an analyser, and invented documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.build import Builder
from qa.encoders import Tokens, Vectors
from qa.encoders.protocol import to_int8, unit_rows
from qa.korean import Analyser
from qa.records import EncoderIdentity, Language
from qa.settings import Settings, load_settings

HARBOUR = """# 항구의 하루

등대지기 윤도담은 새벽 네 시에 물때를 적는다. 배는 모두 열두 척이고 가장 큰 배는 은비늘호다.

## 시장

어시장은 여섯 시에 문을 연다. 상인 조합(Merchants' Guild)은 1987년에 만들어졌다. 값은 칠판에 적는다.
"""
ORCHARD = """# 과수원 일지

사과밭은 언덕 남쪽에 있다. 봄에는 가지를 치고 여름에는 봉지를 씌운다. 올해 수확은 삼백 상자였다.

| 품종 | 상자 |
|---|---|
| 홍옥 | 120 |
| 부사 | 180 |
"""
LIBRARY = "마을 도서관은 수요일에 쉰다.\n책은 한 번에 다섯 권까지 빌린다. 관장은 서가람이다.\n"


class HashingEncoder:
    """Vectors of hashed character pairs: texts that share pairs lie near each other. No model, the same everywhere.

    Its tokens are words, each a vector that hangs on nothing but the word; with `token_dimension` 0 it has none.
    """

    def __init__(
        self, *, name: str = "hashing", revision: str = "1", dimension: int = 64, token_dimension: int = 16
    ) -> None:
        self.identity = EncoderIdentity(name, revision, dimension, token_dimension)

    @property
    def token_dimension(self) -> int:
        return self.identity.token_dimension

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = np.full((len(texts), self.identity.dimension), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for at in range(max(len(text) - 1, 1)):
                digest = sha256(text[at : at + 2].encode()).digest()
                row[int.from_bytes(digest[:4], "big") % self.identity.dimension] += 1
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def encode_questions(self, texts: Sequence[str], language: Language) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], leads: Sequence[int]) -> tuple[Vectors, list[Tokens]]:
        tokens = [to_int8(self._words(text, lead)) for text, lead in zip(texts, leads, strict=True)]
        return self.encode_passages(texts), tokens

    def encode_question_with_tokens(self, text: str, language: Language) -> tuple[NDArray[np.float32], Vectors]:
        return self.encode_passages([text])[0], self._words(text, len(text))

    def _words(self, text: str, lead: int) -> Vectors:
        words = [match.group() for match in re.finditer(r"\w+", text) if match.start() < lead]
        rows = np.empty((len(words), self.token_dimension), np.float32)
        for row, word in zip(rows, words, strict=True):
            digest = sha256(word.encode()).digest() * (1 + self.token_dimension // 32)
            row[:] = np.frombuffer(digest[: self.token_dimension], np.uint8) - 127.5
        return unit_rows(rows, self.identity.name)


@cache
def analyser() -> Analyser:
    """One for all tests: it takes two seconds and half a gigabyte."""
    return Analyser(threads=2)


def settings(**values: object) -> Settings:
    """The defaults, whatever the environment says, with some values set."""
    return load_settings(environment={f"QA_{name.upper()}": str(value) for name, value in values.items()})


def builder(encoder: HashingEncoder | None = None, **values: object) -> Builder:
    """A builder with a hashing encoder and the defaults, with some values set."""
    return Builder(settings(**values), analyser(), encoder or HashingEncoder())


def put(folder: Path, **texts: str) -> Path:
    """Writes `<name>.md` for each text and gives the folder back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder
