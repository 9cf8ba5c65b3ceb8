"""A tiny sentence-transformers model, made here and opened by its folder: needs the extra `models`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.encoders import Encoder, open_encoder
from qa.errors import EncoderError
from qa.records import Language
from qa.settings import Settings

pytest.importorskip("sentence_transformers")

# What torch and transformers warn of is theirs to mend.
pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


def opened(name: Path | str) -> Encoder:
    encoder = open_encoder(Settings(encoder=str(name)))
    assert encoder is not None
    return encoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from tests.tiny_bert import write_tiny_bert

    return write_tiny_bert(tmp_path / "tiny-e5-ko")


def test_rows_have_unit_length_and_stand_in_order(folder: Path) -> None:
    encoder = opened(folder)
    found = encoder.encode_passages(["도시", "외교 외교 city", "", "a\ud800b", "도시"])
    assert (str(found.dtype), found.shape) == ("float32", (5, 8))
    assert np.allclose(np.linalg.norm(found, axis=1), 1)
    assert np.allclose(found[0], found[4])
    assert encoder.encode_passages([]).shape == (0, 8)


def test_the_name_asks_for_the_prompts_of_e5(folder: Path) -> None:
    plain = opened(folder.rename(folder.with_name("tiny-ko")))
    prompted = plain.encode_passages(["query: 도시", "passage: 도시"])
    e5 = opened(folder.with_name("tiny-ko").rename(folder))
    assert np.allclose(e5.encode_questions(["도시"], Language.KOREAN)[0], prompted[0], atol=1e-6)
    assert np.allclose(e5.encode_passages(["도시"])[0], prompted[1], atol=1e-6)
    assert not np.allclose(prompted[0], prompted[1], atol=1e-3)


def test_the_revision_is_that_of_the_files(folder: Path) -> None:
    first = opened(folder).identity
    assert (first.name, first.dimension) == ("tiny-e5-ko", 8)
    assert opened(folder).identity == first
    (folder / "config_sentence_transformers.json").write_text('{"prompts": {}}', encoding="utf-8")
    assert opened(folder).identity.revision != first.revision


def test_damaged_weights_are_named(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(EncoderError, match="tiny-e5-ko cannot be used") as caught:
        opened(folder)
    assert "HF_HUB_OFFLINE" in caught.value.korean


def test_offline_a_hub_model_that_is_not_cached_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EncoderError, match="nobody/nothing cannot be used") as caught:
        opened("nobody/nothing")
    assert "nobody/nothing" in caught.value.korean
