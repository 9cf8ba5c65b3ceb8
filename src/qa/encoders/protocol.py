"""What an encoder is, and what every encoder does to a text before and to a vector after."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from qa.errors import EncoderError
from qa.records import EncoderIdentity, Language

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), every row of unit length: their inner product is their cosine."""

Tokens = NDArray[np.int8]
"""Shape (tokens, dimension): vectors of unit length, times 127 and rounded."""

TOKEN_SCALE = 127
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


@runtime_checkable
class TokenEncoder(Encoder, Protocol):
    """An encoder that also gives a vector for each token of a text, for late interaction (arXiv:2004.12832).

    Special tokens have none. The vector of a whole text is the one that `encode_passages` or `encode_questions` gives.
    """

    @property
    def token_dimension(self) -> int:
        """Length of a token's vector."""
        ...

    def encode_passages_with_tokens(self, texts: Sequence[str], leads: Sequence[int]) -> tuple[Vectors, list[Tokens]]:
        """The vectors of `texts`, and of each the tokens that begin in its first `leads[i]` characters.

        They are read together with what follows them. Raises EncoderError, and ValueError unless each text has a lead.
        """
        ...

    def encode_question_with_tokens(self, text: str, language: Language) -> tuple[NDArray[np.float32], Vectors]:
        """The vector, of shape (dimension,), and the vectors of the tokens of a question; raises EncoderError."""
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


def to_int8(tokens: Vectors) -> Tokens:
    """Rows of unit length as they are kept in an index."""
    rounded: Tokens = np.rint(tokens * TOKEN_SCALE).astype(np.int8)
    return rounded


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
