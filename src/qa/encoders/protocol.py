"""What an encoder is, and what every encoder does to a text before and to a vector after."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.errors import EncoderError
from qa.records import EncoderIdentity, Language

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), every row of unit length: their inner product is their cosine."""

REVISION_DIGITS = 16


class Encoder(Protocol):
    """Texts to vectors; safe to share between threads. What is longer than the model reads is cut, not refused."""

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision (a hash of what shapes the vectors) and dimension."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts that are searched, in their order; raises EncoderError rather than give a bad one."""
        ...

    def encode_questions(self, texts: Sequence[str], language: Language) -> Vectors:
        """The vectors of questions asked in `language`, in their order; raises EncoderError like encode_passages."""
        ...


def clean(text: str) -> str:
    """`text` in NFC; a pair of surrogates becomes the character that it spells, a lone one the sign U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole)


def unit_rows(vectors: NDArray[np.floating], name: str) -> Vectors:
    """The rows scaled to unit length; raises EncoderError for one that has none (NaN, infinite or zero)."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise EncoderError(
            f"The encoder {name} gave a vector without a direction (NaN, infinite or zero). Its model file is damaged "
            "or does not fit its tokenizer: fetch or export it again.",
            f"인코더 {name}이(가) 방향이 없는 벡터(NaN, 무한대 또는 0)를 냈습니다. 모델 파일이 손상되었거나 "
            "토크나이저와 맞지 않습니다. 다시 받거나 다시 내보내세요.",
            subject=name,
        )
    rows: Vectors = (vectors / lengths).astype(np.float32)
    return rows


def first_line(error: Exception) -> str:
    """What `error` says, shortened; its class where it says nothing."""
    return next(chain(str(error).splitlines(), [type(error).__name__]))[:300]


def revision_of(files: Sequence[Path]) -> str:
    """The first 16 hex digits of the SHA-256 of the files' names and contents, in the order given."""
    digest = sha256()
    for path in files:
        content = sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.name} {content}\n".encode())
    return digest.hexdigest()[:REVISION_DIGITS]
