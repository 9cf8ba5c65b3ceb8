"""An encoder from any sentence-transformers model, by hub name or path, with the prompts that it was trained with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import torch
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer

from qa.encoders.prompts import prompts_for
from qa.encoders.protocol import Vectors, clean, first_line, revision_of, unit_rows
from qa.errors import EncoderError
from qa.records import EncoderIdentity, Language

WEIGHTS_AND_CONFIGURATION = ("*.safetensors", "*.bin", "*.json", "*.model", "*.txt")


class SentenceTransformersEncoder:
    """A model in single precision. A text beyond the model's own limit of tokens is cut there.

    With HF_HUB_OFFLINE set, only a folder or a model that is in the hub's cache opens. The revision is the hub's
    commit, or for a folder a hash of its files.
    """

    def __init__(self, name: str, *, threads: int = 1) -> None:
        torch.set_num_threads(threads)
        folder = Path(name).expanduser()
        local = folder.is_dir()
        self._model = _open_model(str(folder) if local else name)
        self._prompts = prompts_for(name, self._model.prompts)
        self._lock = Lock()  # the tokenizer's padding is state of its own
        revision = revision_of(_files(folder)) if local else _hub_revision(self._model)
        name = folder.absolute().name if local else name
        self._identity = EncoderIdentity(name, revision, 0)
        dimension = self._encode(["근거 grounds"], "").shape[1]
        self._identity = EncoderIdentity(name, revision, dimension)

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision and dimension."""
        return self._identity

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts` under the passage prompt; raises EncoderError if the model fails."""
        return self._encode(texts, self._prompts.passage)

    def encode_questions(self, texts: Sequence[str], language: Language) -> Vectors:
        """The vectors of `texts` under the question prompt; raises EncoderError if the model fails."""
        return self._encode(texts, self._prompts.question)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        given = [clean(text) for text in texts] or [""]
        try:
            with self._lock:
                found = self._model.encode(given, prompt=prompt, show_progress_bar=False, convert_to_numpy=True)
        except (IndexError, RuntimeError, ValueError) as error:
            raise _unusable(self._identity.name, error) from error
        return unit_rows(found, self._identity.name)[: len(texts)]


def _open_model(name: str) -> SentenceTransformer:
    try:
        return SentenceTransformer(name, model_kwargs={"dtype": "float32"})
    except (OSError, ImportError, KeyError, RuntimeError, TypeError, ValueError, SafetensorError) as error:
        raise _unusable(name, error) from error


def _files(folder: Path) -> list[Path]:
    found = {path for pattern in WEIGHTS_AND_CONFIGURATION for path in folder.rglob(pattern)}
    return sorted(path for path in found if path.is_file())


def _hub_revision(model: SentenceTransformer) -> str:
    configuration = getattr(model[0].auto_model, "config", None)
    return str(getattr(configuration, "_commit_hash", None) or "unknown")


def _unusable(name: str, error: Exception) -> EncoderError:
    reason = first_line(error)
    return EncoderError(
        f"The sentence-transformers model {name} cannot be used: {reason}. Check its name or folder; with "
        "HF_HUB_OFFLINE set it must be in the hub's cache.",
        f"sentence-transformers 모델 {name}을(를) 쓸 수 없습니다: {reason}. 이름이나 폴더를 확인하세요. "
        "HF_HUB_OFFLINE이 설정되어 있으면 허브 캐시에 있어야 합니다.",
        subject=name,
    )
