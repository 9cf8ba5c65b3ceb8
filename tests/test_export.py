"""The exported encoder against sentence-transformers, on a tiny model: needs torch, transformers and onnx."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.encoders import Encoder, TokenEncoder, open_encoder
from qa.records import Language
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


def states(folder: Path, text: str) -> NDArray[np.float64]:
    """The token states of a text, scaled to unit length, from the model itself."""
    from torch import no_grad, tensor
    from transformers import AutoModel

    ids = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(text).ids
    with no_grad():
        found = AutoModel.from_pretrained(folder).float().eval()(input_ids=tensor([ids])).last_hidden_state[0].numpy()
    rows: NDArray[np.float64] = found.astype(float) / np.linalg.norm(found, axis=1, keepdims=True)
    return rows


def test_the_projection_is_the_directions_of_the_second_moments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from training import export

    monkeypatch.setattr(export, "TOKEN_DIMENSION", 3)
    found = export.token_projection(folder, TEXTS).numpy()
    rows = np.vstack([states(folder, text) for text in TEXTS])
    kept = np.linalg.svd(rows)[2][:3]
    assert found.shape == (8, 3)
    assert np.allclose(np.abs(kept @ found), np.eye(3), atol=0.05)


def test_with_a_sample_it_gives_tokens_and_the_same_vectors(folder: Path, tmp_path: Path) -> None:
    from training.export import export, token_projection

    export(folder, tmp_path / "plain", name="tiny")
    export(folder, tmp_path / "tokens", name="tiny", sample=TEXTS)
    plain, encoder = opened(tmp_path / "plain"), opened(tmp_path / "tokens")
    assert not isinstance(plain, TokenEncoder)
    assert isinstance(encoder, TokenEncoder)
    assert (encoder.identity.name, encoder.token_dimension) == ("tiny", 8)
    assert np.array_equal(encoder.encode_passages(TEXTS), plain.encode_passages(TEXTS))
    nodes = onnx.load(tmp_path / "tokens" / "model.onnx").graph.node
    assert [node.op_type for node in nodes if "projection" in node.input] == ["MatMul"]  # not an int8 one
    projection = token_projection(folder, TEXTS).numpy()
    for text in TEXTS:
        expected = states(folder, text) @ projection
        found = encoder.encode_question_with_tokens(text, Language.KOREAN)[1]
        cosines = (found * expected / np.linalg.norm(expected, axis=1, keepdims=True)).sum(axis=1)
        assert cosines.min() > 0.95


def test_the_sample_is_passages_in_both_languages_from_all_over_the_file(tmp_path: Path) -> None:
    from training.export import SAMPLE_LINES, read_sample

    lines = [
        {"ko_passage": f"글 {at}", "en_passage": f"text {at}", "ko_question": "?"} for at in range(2 * SAMPLE_LINES)
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = read_sample(tmp_path / "questions.jsonl")
    assert found[:4] == ["글 0", "text 0", "글 2", "text 2"]
    assert len(found) == 2 * SAMPLE_LINES


def test_exporting_again_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    from training.export import export

    for name in ("one", "two"):
        export(folder, tmp_path / name, name="tiny", sample=TEXTS)
    first, second = ((tmp_path / name / "model.onnx").read_bytes() for name in ("one", "two"))
    assert first == second
