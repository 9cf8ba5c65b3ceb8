"""An encoder from an ONNX file and its tokenizer.json: ONNX Runtime and tokenizers, no torch.

Each text runs alone, never padded, so the same text always gives the same vector: in a batch, an int8 model scales its
activations by the largest of all, and a vector would hang on its neighbours. On a CPU batches are no faster.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime
from tokenizers import Tokenizer

from qa.encoders.protocol import Vectors, clean, first_line, revision_of, unit_rows
from qa.errors import EncoderError
from qa.records import EncoderIdentity, Language

TOKENS = 512
INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})
RUNTIME_ERRORS = tuple(
    each for each in vars(runtime).values() if isinstance(each, type) and issubclass(each, Exception)
)


class OnnxEncoder:
    """Vectors from the output `sentence_embedding`, or the mean of the first output's token vectors.

    A text is read up to the tokenizer's own truncation, 512 tokens where it sets none. The name is the one that the
    model file carries (metadata `name`), else its folder's; the revision covers weights and tokenizer.
    """

    def __init__(self, model: Path, tokenizer: Path, *, threads: int = 1) -> None:
        self._path = model
        self._threads = threads
        self._tokenizer = _open_tokenizer(tokenizer)
        self._session = _open_session(model)
        self._inputs = frozenset(each.name for each in self._session.get_inputs())
        outputs = [each.name for each in self._session.get_outputs()]
        if not {"input_ids"} <= self._inputs <= INPUTS:
            raise _unusable(model, f"its inputs are {', '.join(sorted(self._inputs))}")
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        name = self._session.get_modelmeta().custom_metadata_map.get("name") or model.absolute().parent.name
        beside = [model.with_name(model.name + ending) for ending in (".data", "_data")]  # a large model's weights
        files = [model, *(path for path in beside if path.is_file()), tokenizer]
        probe = unit_rows(self._vector("근거 grounds")[np.newaxis], name)
        self._identity = EncoderIdentity(name, revision_of(files), probe.shape[1])

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision and dimension."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`; raises EncoderError if the model fails on one."""
        if not texts:
            return np.empty((0, self._identity.dimension), np.float32)
        if len(texts) == 1:
            rows = [self._vector(texts[0])]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                rows = list(pool.map(self._vector, texts))
        return unit_rows(np.stack(rows), self._identity.name)

    def encode_questions(self, texts: Sequence[str], language: Language) -> Vectors:
        """The vectors of `texts`, as of passages: one space holds both languages, and there are no prompts."""
        return self.encode_passages(texts)

    def _vector(self, text: str) -> NDArray[np.floating]:
        ids = np.array([self._tokenizer.encode(clean(text)).ids], np.int64)
        if not ids.size:
            raise _unusable(self._path, f"its tokenizer makes no token of {text[:40]!r}")
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        try:
            (output,) = self._session.run([self._output], {name: feed[name] for name in self._inputs})
        except RUNTIME_ERRORS as error:
            raise _unusable(self._path, first_line(error)) from error
        if output.ndim not in (2, 3) or output.shape[0] != 1 or not output.size:
            raise _unusable(self._path, f"its output {self._output} has the shape {output.shape}")
        vector: NDArray[np.floating] = output[0].mean(axis=0) if output.ndim == 3 else output[0]
        return vector


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
