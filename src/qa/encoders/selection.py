"""Which encoder the settings ask for."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from qa.encoders.protocol import Encoder
from qa.errors import EncoderError, MissingExtraError
from qa.settings import Settings

BOX = Path(__file__).parents[1] / "models"
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
EXTRA = 'pip install "geungeo[models]"'


def open_encoder(settings: Settings) -> Encoder | None:
    """The encoder of `settings.encoder`; None for `none`, and for `auto` where no model is in the box or set.

    Raises EncoderError if the model is not there or cannot be used, MissingExtraError if it needs the extra `models`.
    """
    if settings.encoder == "none":
        return None
    if settings.encoder == "auto":
        return _open_auto(settings)
    folder = Path(settings.encoder).expanduser()
    if (folder / MODEL).is_file():
        return _open_onnx(folder, settings.threads)
    if (folder.is_absolute() or settings.encoder.startswith(".")) and not folder.is_dir():
        raise _missing(folder)
    return _open_sentence_transformers(settings)


def _open_auto(settings: Settings) -> Encoder | None:
    if (BOX / MODEL).is_file():
        return _open_onnx(BOX, settings.threads)
    if settings.model_dir:
        return _open_onnx(Path(settings.model_dir).expanduser(), settings.threads)
    return None


def _open_onnx(folder: Path, threads: int) -> Encoder:
    for name in (MODEL, TOKENIZER):
        if not (folder / name).is_file():
            raise _missing(folder / name)
    from qa.encoders.onnx import open_onnx  # onnxruntime takes a while to import

    return open_onnx(folder / MODEL, folder / TOKENIZER, threads=threads)


def _open_sentence_transformers(settings: Settings) -> Encoder:
    name = settings.encoder
    if find_spec("sentence_transformers") is None:
        raise MissingExtraError(
            f"The encoder {name} is not a folder with {MODEL} and {TOKENIZER}; a sentence-transformers model needs "
            f"an extra: {EXTRA}.",
            f"인코더 {name}은(는) {MODEL}과 {TOKENIZER}이 든 폴더가 아닙니다. sentence-transformers 모델을 쓰려면 "
            f"추가 구성을 설치하세요: {EXTRA}.",
            subject=name,
        )
    from qa.encoders.sentence_transformers import SentenceTransformersEncoder  # torch takes seconds to import

    return SentenceTransformersEncoder(name, threads=settings.threads)


def _missing(path: Path) -> EncoderError:
    return EncoderError(
        f"There is no {path}. An encoder's folder holds {MODEL} and {TOKENIZER}: set QA_ENCODER or QA_MODEL_DIR to "
        "such a folder, or QA_ENCODER=none to search without one.",
        f"{path}이(가) 없습니다. 인코더 폴더에는 {MODEL}과 {TOKENIZER}이 있어야 합니다. QA_ENCODER나 QA_MODEL_DIR을 "
        "그런 폴더로 지정하거나, 인코더 없이 검색하려면 QA_ENCODER=none으로 두세요.",
        subject=str(path),
    )
