"""The exported encoder against sentence-transformers, on a tiny model: needs torch, transformers and onnx."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.encoders import Encoder, open_encoder
from qa.settings import Settings

pytest.importorskip("sentence_transformers")

# What torch and transformers warn of is theirs to mend.
pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]
TEXTS = ["도시", "외교 도시 city", "query : 낯선 말 도시 외교"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from tests.tiny_bert import write_tiny_bert

    return write_tiny_bert(tmp_path / "tiny")


def opened(folder: Path) -> Encoder:
    encoder = open_encoder(Settings(encoder=str(folder)))
    assert encoder is not None
    return encoder


def test_in_single_precision_it_is_the_same_model(folder: Path) -> None:
    from training.export import to_onnx

    expected = opened(folder).encode_passages(TEXTS)
    to_onnx(folder, folder / "model.onnx")
    assert np.allclose(opened(folder).encode_passages(TEXTS), expected, atol=1e-5)


def test_exported_it_opens_under_its_name_and_comes_close(folder: Path, tmp_path: Path) -> None:
    from training.export import export

    export(folder, tmp_path / "target", name="tiny-int8")
    encoder = opened(tmp_path / "target")
    assert (encoder.identity.name, encoder.identity.dimension) == ("tiny-int8", 8)
    cosines = (encoder.encode_passages(TEXTS) * opened(folder).encode_passages(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.95


def test_exporting_again_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    from training.export import export

    for name in ("one", "two"):
        export(folder, tmp_path / name, name="tiny")
    first, second = ((tmp_path / name / "model.onnx").read_bytes() for name in ("one", "two"))
    assert first == second
