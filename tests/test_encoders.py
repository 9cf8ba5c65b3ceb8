"""Vectors by hand, nasty texts, threads, damaged files, and which encoder the settings open."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from math import sqrt
from pathlib import Path

import numpy as np
import onnx
import pytest
from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing

from qa.encoders import Encoder, TokenEncoder, open_encoder, selection
from qa.encoders.prompts import E5_INSTRUCTION, Prompts, prompts_for
from qa.encoders.protocol import clean, unit_rows
from qa.errors import EncoderError, MissingExtraError
from qa.records import Language
from qa.settings import Settings
from tests.toy_encoder import write_toy_encoder

WORDS = ("도시", "외교", "city", "가")
NASTY = ["!", "도시\ud800외교", "😀" * 40, "가 " * 50_000, "x" * 100_000, "\x00\u200b도시", "\U0001f1f0\U0001f1f7"]


def opened(folder: Path, threads: int = 2) -> Encoder:
    encoder = open_encoder(Settings(encoder=str(folder), threads=threads))
    assert encoder is not None
    return encoder


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return write_toy_encoder(tmp_path / "toy", WORDS)


class TestOnnx:
    @pytest.mark.parametrize("pooled", [True, False], ids=["pooled in the graph", "token vectors"])
    def test_a_text_is_the_unit_mean_of_its_words(self, tmp_path: Path, pooled: bool) -> None:
        encoder = opened(write_toy_encoder(tmp_path, WORDS, pooled=pooled))
        found = encoder.encode_passages(["도시", "도시 외교", "CITY city 도시", "낯선"])
        expected = [
            [0.0, 1, 0, 0, 0],
            [0, 1 / sqrt(2), 1 / sqrt(2), 0, 0],
            [0, 1 / sqrt(5), 0, 2 / sqrt(5), 0],
            [1.0, 0, 0, 0, 0],
        ]
        assert found.dtype == np.float32
        assert np.allclose(found, expected, atol=1e-6)

    def test_questions_and_passages_share_a_space(self, toy: Path) -> None:
        encoder = opened(toy)
        texts = ["도시 외교", "city"]
        for language in Language:
            assert np.array_equal(encoder.encode_questions(texts, language), encoder.encode_passages(texts))

    def test_no_texts_give_no_rows(self, toy: Path) -> None:
        assert opened(toy).encode_passages([]).shape == (0, 5)

    def test_decomposed_text_is_composed_first(self, toy: Path) -> None:
        decomposed = "\u1103\u1169\u1109\u1175"
        assert np.array_equal(*opened(toy).encode_passages([decomposed, "도시"]))

    def test_threads_change_nothing(self, toy: Path) -> None:
        texts = [" ".join(WORDS[: 1 + number % 4]) for number in range(200)]
        alone = np.vstack([opened(toy, 1).encode_passages([text]) for text in texts[:4]] * 50)
        assert np.array_equal(opened(toy, 4).encode_passages(texts), alone)
        shared = opened(toy)
        with ThreadPoolExecutor(8) as pool:
            for found in pool.map(shared.encode_passages, [texts] * 16):
                assert np.array_equal(found, alone)

    def test_nasty_texts_have_unit_vectors(self, toy: Path) -> None:
        found = opened(toy).encode_passages(NASTY)
        assert np.allclose(np.linalg.norm(found, axis=1), 1)
        assert np.allclose(found[3], [0, 0, 0, 0, 1])

    @pytest.mark.parametrize("text", ["", "  \n"])
    def test_a_text_without_a_token_is_refused(self, toy: Path, text: str) -> None:
        with pytest.raises(EncoderError, match="tokenizer makes no token of") as caught:
            opened(toy).encode_passages(["도시", text])
        assert "인코더 파일" in caught.value.korean

    def test_words_beyond_the_limit_are_not_read(self, toy: Path) -> None:
        within, beyond = "도시 " * 512, "도시 " * 512 + "외교 " * 512
        assert np.array_equal(*opened(toy).encode_passages([within, beyond]))

    def test_the_tokenizers_own_limit_goes_first(self, toy: Path) -> None:
        tokenizer = Tokenizer.from_file(str(toy / "tokenizer.json"))
        tokenizer.enable_truncation(2)
        tokenizer.save(str(toy / "tokenizer.json"))
        assert np.array_equal(*opened(toy).encode_passages(["도시 외교", "도시 외교 city city"]))

    def test_the_identity_is_name_revision_dimension(self, toy: Path, tmp_path: Path) -> None:
        first = opened(toy).identity
        assert (first.name, first.dimension, len(first.revision)) == ("toy", 5, 16)
        assert opened(toy).identity == first
        other = write_toy_encoder(tmp_path / "other" / "toy", (*WORDS[:3], "나"))
        assert opened(other).identity.revision != first.revision

    def test_a_name_in_the_file_outlives_the_folders(self, toy: Path) -> None:
        model = onnx.load(toy / "model.onnx")
        onnx.helper.set_model_props(model, {"name": "house-encoder"})
        onnx.save(model, toy / "model.onnx")
        first = opened(toy).identity
        assert first.name == "house-encoder"
        assert opened(toy.rename(toy.with_name("moved"))).identity == first


PROJECTION = [[0, 0, 1], [1, 0, 0], [3, 4, 0], [0, 2, 0], [0, 1, 1]]
"""What the five axes of the toy's words become as tokens."""


class TestTokens:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        return write_toy_encoder(tmp_path / "tokens" / "toy", WORDS, projection=PROJECTION)

    @pytest.fixture
    def encoder(self, folder: Path) -> TokenEncoder:
        encoder = opened(folder)
        assert isinstance(encoder, TokenEncoder)
        return encoder

    def test_only_a_graph_with_the_output_makes_a_token_encoder(self, toy: Path, encoder: TokenEncoder) -> None:
        plain = opened(toy)
        assert not isinstance(plain, TokenEncoder)
        assert (plain.identity.token_dimension, encoder.identity.token_dimension, encoder.token_dimension) == (0, 3, 3)

    def test_the_identity_tells_the_graphs_apart(self, tmp_path: Path, encoder: TokenEncoder) -> None:
        for name, projection in (("plain", None), ("other", np.eye(5)[:, :3])):
            other = opened(write_toy_encoder(tmp_path / name / "toy", WORDS, projection=projection)).identity
            assert (other.name, other.dimension) == (encoder.identity.name, encoder.identity.dimension)
            assert other.revision != encoder.identity.revision

    def test_vectors_are_those_without_tokens(self, encoder: TokenEncoder) -> None:
        texts = ["도시 외교", "CITY 도시", "낯선 가", *NASTY]
        expected = encoder.encode_passages(texts)
        assert np.array_equal(encoder.encode_passages_with_tokens(texts, [3] * len(texts))[0], expected)
        for text, row in zip(texts, expected, strict=True):
            assert np.array_equal(encoder.encode_question_with_tokens(text, Language.ENGLISH)[0], row)

    def test_tokens_are_projected_scaled_and_rounded(self, encoder: TokenEncoder) -> None:
        _, (found,) = encoder.encode_passages_with_tokens(["도시 외교 city 가 낯선"], [99])
        half = round(127 / sqrt(2))
        assert found.dtype == np.int8
        assert found.tolist() == [
            [127, 0, 0],
            [round(127 * 3 / 5), round(127 * 4 / 5), 0],
            [0, 127, 0],
            [0, half, half],
            [0, 0, 127],
        ]

    @pytest.mark.parametrize(("lead", "words"), [(0, 0), (1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (99, 3)])
    def test_only_tokens_that_begin_in_the_lead_are_given(self, encoder: TokenEncoder, lead: int, words: int) -> None:
        _, (whole, found) = encoder.encode_passages_with_tokens(["도시 외교 city"] * 2, [99, lead])
        assert np.array_equal(found, whole[:words])
        assert found.shape == (words, 3)

    def test_a_lead_counts_the_characters_that_were_given(self, encoder: TokenEncoder) -> None:
        decomposed = "\u1103\u1169\u1109\u1175 외교"
        _, (found,) = encoder.encode_passages_with_tokens([decomposed], [4])
        assert found.tolist() == [[127, 0, 0]]

    def test_special_tokens_have_no_vector(self, folder: Path) -> None:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.post_processor = TemplateProcessing(single="city $A 가", special_tokens=[("city", 3), ("가", 4)])
        tokenizer.save(str(folder / "tokenizer.json"))
        encoder = opened(folder)
        assert isinstance(encoder, TokenEncoder)
        vector, tokens = encoder.encode_question_with_tokens("외교 도시", Language.KOREAN)
        assert np.allclose(vector, [0, 0.5, 0.5, 0.5, 0.5])
        assert np.allclose(tokens, np.array([[0.6, 0.8, 0], [1, 0, 0]]))
        assert encoder.encode_question_with_tokens("", Language.KOREAN)[1].shape == (0, 3)

    def test_no_texts_give_no_tokens_and_each_text_needs_a_lead(self, encoder: TokenEncoder) -> None:
        vectors, tokens = encoder.encode_passages_with_tokens([], [])
        assert (vectors.shape, tokens) == ((0, 5), [])
        with pytest.raises(ValueError, match="1 leads for 2 texts"):
            encoder.encode_passages_with_tokens(["도시", "외교"], [1])

    def test_threads_change_nothing(self, folder: Path, encoder: TokenEncoder) -> None:
        texts, leads = [" ".join(WORDS[: 1 + at % 4]) for at in range(100)], [at % 9 for at in range(100)]
        alone = opened(folder, 1)
        assert isinstance(alone, TokenEncoder)
        for (_, (one,)), other in zip(
            (alone.encode_passages_with_tokens([text], [lead]) for text, lead in zip(texts, leads, strict=True)),
            encoder.encode_passages_with_tokens(texts, leads)[1],
            strict=True,
        ):
            assert np.array_equal(one, other)

    def test_a_token_without_direction_never_leaves(self, tmp_path: Path) -> None:
        matrix = np.array(PROJECTION, float)
        matrix[1] = 0
        encoder = opened(write_toy_encoder(tmp_path, WORDS, projection=matrix))
        assert isinstance(encoder, TokenEncoder)
        with pytest.raises(EncoderError, match="vector without a direction"):
            encoder.encode_question_with_tokens("외교 도시", Language.KOREAN)

    def test_tokens_of_another_shape_are_refused(self, folder: Path) -> None:
        model = onnx.load(folder / "model.onnx")
        model.graph.node[-1].input[0] = "sentence_embedding"
        del model.graph.output[1].type.tensor_type.shape.dim[0]
        onnx.save(model, folder / "model.onnx")
        with pytest.raises(EncoderError, match=r"its output token_embeddings has the shape \(1, 3\)"):
            opened(folder)


class TestDamage:
    @pytest.mark.parametrize("share", [0, 0.3, 0.9])
    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
    def test_a_truncated_file_is_named(self, toy: Path, name: str, share: float) -> None:
        whole = (toy / name).read_bytes()
        (toy / name).write_bytes(whole[: int(share * len(whole))])
        with pytest.raises(EncoderError, match=f"{name} cannot be used: ") as caught:
            opened(toy)
        assert name in caught.value.korean
        assert "쓸 수 없습니다" in caught.value.korean
        assert caught.value.subject == str(toy / name)

    def test_swapped_files_are_refused(self, toy: Path) -> None:
        shutil.copyfile(toy / "tokenizer.json", toy / "model.onnx")
        with pytest.raises(EncoderError, match=r"model\.onnx cannot be used"):
            opened(toy)

    def test_a_tokenizer_of_a_larger_model_is_refused(self, toy: Path) -> None:
        encoder = opened(write_toy_encoder(toy, WORDS, table=np.eye(3)))
        with pytest.raises(EncoderError, match="out of data bounds"):
            encoder.encode_passages(["도시", "가"])

    def test_a_model_with_other_inputs_is_refused(self, toy: Path) -> None:
        model = onnx.load(toy / "model.onnx")
        model.graph.input[0].name = model.graph.node[0].input[1] = "pixels"
        onnx.save(model, toy / "model.onnx")
        with pytest.raises(EncoderError, match="its inputs are pixels"):
            opened(toy)

    def test_a_model_with_another_output_is_refused(self, toy: Path) -> None:
        model = onnx.load(toy / "model.onnx")
        model.graph.node[1].attribute[0].ints[:] = [0, 1]
        del model.graph.output[0].type.tensor_type.shape.dim[0]
        onnx.save(model, toy / "model.onnx")
        with pytest.raises(EncoderError, match=r"its output sentence_embedding has the shape \(5,\)"):
            opened(toy)

    @pytest.mark.parametrize("value", [np.nan, np.inf, 0.0])
    def test_a_vector_without_direction_never_leaves(self, toy: Path, value: float) -> None:
        table = np.eye(5)
        table[1] = value
        encoder = opened(write_toy_encoder(toy, WORDS, table=table))
        with pytest.raises(EncoderError, match="vector without a direction") as caught:
            encoder.encode_passages(["외교", "도시"])
        assert "방향이 없는 벡터" in caught.value.korean


class TestSelection:
    def test_none_is_none(self) -> None:
        assert open_encoder(Settings(encoder="none")) is None

    def test_auto_takes_the_box_then_the_folder_set_then_none(
        self, toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(selection, "BOX", tmp_path / "box")
        assert open_encoder(Settings()) is None
        set_folder = open_encoder(Settings(model_dir=str(toy)))
        assert set_folder is not None
        assert set_folder.identity.name == "toy"
        write_toy_encoder(tmp_path / "box", ("책",))
        box = open_encoder(Settings(model_dir=str(toy)))
        assert box is not None
        assert (box.identity.name, box.identity.dimension) == ("box", 2)

    @pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
    def test_a_set_folder_without_a_file_is_an_error(
        self, toy: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(selection, "BOX", toy / "nothing")
        (toy / name).unlink()
        with pytest.raises(EncoderError, match=f"There is no .*{name}") as caught:
            open_encoder(Settings(model_dir=str(toy)))
        assert "QA_MODEL_DIR" in caught.value.korean

    def test_a_path_that_is_not_there_is_no_hub_name(self, tmp_path: Path) -> None:
        with pytest.raises(EncoderError, match=r"There is no .*absent"):
            open_encoder(Settings(encoder=str(tmp_path / "absent")))
        with pytest.raises(EncoderError, match="There is no absent"):
            open_encoder(Settings(encoder="./absent"))

    @pytest.mark.skipif(find_spec("sentence_transformers") is not None, reason="the extra is installed")
    def test_a_hub_model_without_the_extra_says_what_to_install(self) -> None:
        with pytest.raises(MissingExtraError) as caught:
            open_encoder(Settings(encoder="intfloat/multilingual-e5-small"))
        assert 'pip install "geungeo[models]"' in caught.value.english
        assert 'pip install "geungeo[models]"' in caught.value.korean


def test_clean_joins_surrogates_and_marks_lone_ones() -> None:
    assert clean("\ud83d\ude00 \ud800 a\u0301") == "😀 \ufffd \u00e1"


def test_unit_rows_has_the_direction_of_its_argument() -> None:
    assert np.allclose(unit_rows(np.array([[3.0, 4.0], [0.0, 1e-30]]), "toy"), [[0.6, 0.8], [0.0, 1.0]])


@pytest.mark.parametrize(
    ("name", "configured", "prompts"),
    [
        ("intfloat/multilingual-e5-small", {}, Prompts("query: ", "passage: ")),
        ("/models/multilingual-E5-large-instruct", {"query": "", "document": ""}, Prompts(E5_INSTRUCTION, "")),
        ("some/arctic-embed", {"query": "query: "}, Prompts("query: ", "")),
        ("some/gemma", {"query": "task | ", "document": "text | "}, Prompts("task | ", "text | ")),
        ("some/other", {"passage": "p: "}, Prompts("", "p: ")),
        ("some/bge-m3", {}, Prompts("", "")),
    ],
)
def test_prompts_are_the_models_own(name: str, configured: dict[str, str], prompts: Prompts) -> None:
    assert prompts_for(name, configured) == prompts


@pytest.mark.model
class TestModelSet:
    @pytest.fixture
    def encoder(self) -> Encoder:
        folder = os.environ.get("QA_MODEL_DIR")
        if not folder:
            pytest.skip("QA_MODEL_DIR is not set")
        return opened(Path(folder))

    def test_a_vector_does_not_hang_on_its_neighbours(self, encoder: Encoder) -> None:
        texts = ["겨울에는 배추를 항아리에 담아 묻었다.", "Ferries leave at nine.", "한 번 더 " * 60]
        alone = np.vstack([encoder.encode_passages([text]) for text in texts])
        assert np.array_equal(encoder.encode_passages(texts), alone)

    def test_a_token_does_not_hang_on_the_texts_beside_its_own(self, encoder: Encoder) -> None:
        if not isinstance(encoder, TokenEncoder):
            pytest.skip("the model gives no vectors of tokens")
        texts, leads = (
            ["겨울에는 배추를 항아리에 담아 묻었다. 봄에 꺼냈다.", "Ferries leave at nine.", "한 번 더 " * 60],
            [22, 9, 9],
        )
        vectors, tokens = encoder.encode_passages_with_tokens(texts, leads)
        assert np.array_equal(vectors, encoder.encode_passages(texts))
        for text, lead, expected in zip(texts, leads, tokens, strict=True):
            (found,) = encoder.encode_passages_with_tokens([text], [lead])[1]
            assert np.array_equal(found, expected)
            assert np.allclose(np.linalg.norm(found / 127, axis=1), 1, atol=0.02)

    def test_empty_and_nasty_texts_have_unit_vectors(self, encoder: Encoder) -> None:
        found = encoder.encode_passages(["", "  \n", *NASTY])
        assert np.allclose(np.linalg.norm(found, axis=1), 1)

    def test_a_translation_is_nearest(self, encoder: Encoder) -> None:
        korean = ["시장은 세 도시와 협정을 맺었다.", "강물이 불어 다리가 잠겼다.", "도서관은 월요일에 쉰다."]
        english = [
            "The mayor signed an agreement with three cities.",
            "The river rose and covered the bridge.",
            "The library is closed on Mondays.",
        ]
        scores = encoder.encode_questions(english, Language.ENGLISH) @ encoder.encode_passages(korean).T
        assert scores.argmax(axis=1).tolist() == [0, 1, 2]
