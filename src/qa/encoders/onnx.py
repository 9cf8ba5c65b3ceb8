"""An encoder from an ONNX file and its tokenizer.json: ONNX Runtime and tokenizers, no torch.

Each text runs alone, never padded, so the same text always gives the same vector: in a batch, an int8 model scales its
activations by the largest of all, and a vector would hang on its neighbours. On a CPU batches are no faster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime
from tokenizers import Encoding, Tokenizer

from qa.encoders.protocol import Tokens, Vectors, clean, first_line, revision_of, to_int8, unit_rows
from qa.errors import EncoderError
from qa.records import EncoderIdentity, Language

TOKENS = 512
SENTENCE, TOKEN = "sentence_embedding", "token_embeddings"
PROBE = "근거 grounds"
INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
T = TypeVar("T")
RUNTIME_ERRORS = tuple(
    each for each in vars(runtime).values() if isinstance(each, type) and issubclass(each, Exception)
)


def open_onnx(model: Path, tokenizer: Path, *, threads: int = 1) -> OnnxEncoder:
    """The encoder of a model file: a TokenEncoder where the graph gives vectors of tokens beside those of texts.

    Raises EncoderError if one of the files cannot be used.
    """
    session = _open_session(model)
    both = {SENTENCE, TOKEN} <= {each.name for each in session.get_outputs()}
    kind = OnnxTokenEncoder if both else OnnxEncoder
    return kind(model, tokenizer, session, threads=threads)


class OnnxEncoder:
    """Vectors from the output `sentence_embedding`, or the mean of the first output's token vectors.

    A text is read up to the tokenizer's own truncation, 512 tokens where it sets none. The name is the one that the
    model file carries (metadata `name`), else its folder's; the revision covers weights and tokenizer.
    """

    def __init__(
        self, model: Path, tokenizer: Path, session: onnxruntime.InferenceSession, *, threads: int = 1
    ) -> None:
        self._path = model
        self._threads = threads
        self._tokenizer = _open_tokenizer(tokenizer)
        self._session = session
        self._inputs = frozenset(each.name for each in self._session.get_inputs())
        outputs = [each.name for each in self._session.get_outputs()]
        if not {"input_ids"} <= self._inputs <= INPUTS:
            raise _unusable(model, f"its inputs are {', '.join(sorted(self._inputs))}")
        self._output = SENTENCE if SENTENCE in outputs else outputs[0]
        name = self._session.get_modelmeta().custom_metadata_map.get("name") or model.absolute().parent.name
        beside = [model.with_name(model.name + ending) for ending in (".data", "_data")]  # a large model's weights
        files = [model, *(path for path in beside if path.is_file()), tokenizer]
        probe = unit_rows(self._vector(PROBE)[np.newaxis], name)
        self._identity = EncoderIdentity(name, revision_of(files), probe.shape[1])

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision and dimensions."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`; raises EncoderError if the model fails on one."""
        return self._rows(self._each(self._vector, texts))

    def encode_questions(self, texts: Sequence[str], language: Language) -> Vectors:
        """The vectors of `texts`, as of passages: one space holds both languages, and there are no prompts."""
        return self.encode_passages(texts)

    def _each(self, read: Callable[..., T], *given: Sequence[object]) -> list[T]:
        """What `read` makes of each text, on all threads."""
        if len(given[0]) < 2:
            return list(map(read, *given))
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(read, *given))

    def _rows(self, vectors: Sequence[NDArray[np.floating]]) -> Vectors:
        if not vectors:
            return np.empty((0, self._identity.dimension), np.float32)
        return unit_rows(np.stack(vectors), self._identity.name)

    def _vector(self, text: str) -> NDArray[np.floating]:
        return self._pooled(self._run(self._tokens(text), [self._output])[0])

    def _tokens(self, text: str) -> Encoding:
        encoding = self._tokenizer.encode(clean(text))
        if not encoding.ids:
            raise _unusable(self._path, f"its tokenizer makes no token of {text[:40]!r}")
        return encoding

    def _run(self, encoding: Encoding, outputs: Sequence[str]) -> list[NDArray[np.floating]]:
        ids = np.array([encoding.ids], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        try:
            found = self._session.run(outputs, {name: feed[name] for name in self._inputs})
        except RUNTIME_ERRORS as error:
            raise _unusable(self._path, first_line(error)) from error
        return list(found)

    def _pooled(self, output: NDArray[np.floating]) -> NDArray[np.floating]:
        if output.ndim not in (2, 3) or output.shape[0] != 1 or not output.size:
            raise _unusable(self._path, f"its output {self._output} has the shape {output.shape}")
        vector: NDArray[np.floating] = output[0].mean(axis=0) if output.ndim == 3 else output[0]
        return vector


class OnnxTokenEncoder(OnnxEncoder):
    """Also vectors of tokens, from the output `token_embeddings` of shape (texts, tokens, dimension), in one run."""

    def __init__(
        self, model: Path, tokenizer: Path, session: onnxruntime.InferenceSession, *, threads: int = 1
    ) -> None:
        super().__init__(model, tokenizer, session, threads=threads)
        self._identity = replace(self._identity, token_dimension=self._read(PROBE, len(PROBE))[1].shape[1])

    @property
    def token_dimension(self) -> int:
        """Length of a token's vector."""
        return self._identity.token_dimension

    def encode_passages_with_tokens(self, texts: Sequence[str], leads: Sequence[int]) -> tuple[Vectors, list[Tokens]]:
        """The vectors of `texts`, and of each the tokens that begin in its first `leads[i]` characters, in order.

        A text's tokens end where the encoder stops reading. Raises EncoderError if the model fails on one,
        ValueError unless each text has a lead.
        """
        if len(texts) != len(leads):
            raise ValueError(f"{len(leads)} leads for {len(texts)} texts")
        found = self._each(self._read_passage, texts, leads)
        return self._rows([vector for vector, _ in found]), [tokens for _, tokens in found]

    def encode_question_with_tokens(self, text: str, language: Language) -> tuple[NDArray[np.float32], Vectors]:
        """The vector, of shape (dimension,), and the vectors of the tokens of a question; raises EncoderError."""
        vector, tokens = self._read(text, len(text))
        return self._rows([vector])[0], tokens

    def _read_passage(self, text: str, lead: int) -> tuple[NDArray[np.floating], Tokens]:
        vector, tokens = self._read(text, lead)
        return vector, to_int8(tokens)

    def _read(self, text: str, lead: int) -> tuple[NDArray[np.floating], Vectors]:
        """The vector of a text, and those of its ordinary tokens that begin in its first `lead` characters."""
        encoding = self._tokens(text)
        pooled, states = self._run(encoding, [self._output, TOKEN])
        if states.ndim != 3 or states.shape[:2] != (1, len(encoding.ids)):
            raise _unusable(self._path, f"its output {TOKEN} has the shape {states.shape}")
        end = len(clean(text[:lead]))
        places = zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
        kept = [at for at, ((start, _), special) in enumerate(places) if start < end and not special]
        return self._pooled(pooled), unit_rows(states[0, kept], self._identity.name)


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    """One thread a run: texts run beside one another, which costs no waiting at every layer's end."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = options.enable_cpu_mem_arena = False  # lengths vary: nothing to keep between runs
    options.log_severity_level = 4  # failures arrive as exceptions
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except RUNTIME_ERRORS as error:
        raise _unusable(path, first_line(error)) from error


def _open_tokenizer(path: Path) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_buffer(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unusable(path, first_line(error)) from error
    tokenizer.no_padding()
    if tokenizer.truncation is None:
        tokenizer.enable_truncation(TOKENS)
    return tokenizer


def _unusable(path: Path, reason: str) -> EncoderError:
    return EncoderError(
        f"The encoder's file {path} cannot be used: {reason}. It is damaged, or not one of ours: fetch or export it "
        "again, or set QA_ENCODER=none to search without it.",
        f"인코더 파일 {path}을(를) 쓸 수 없습니다: {reason}. 손상되었거나 맞지 않는 파일입니다. 다시 받거나 다시 "
        "내보내고, 인코더 없이 검색하려면 QA_ENCODER=none으로 두세요.",
        subject=str(path),
    )
