"""A real ONNX encoder small enough to reckon by hand: each word is one axis, a text is the mean of its words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

UNKNOWN = "[UNK]"


def write_toy_encoder(
    folder: Path,
    words: Sequence[str],
    *,
    table: ArrayLike | None = None,
    pooled: bool = True,
    projection: ArrayLike | None = None,
) -> Path:
    """Write model.onnx and tokenizer.json to `folder`, which is made; returns it.

    The dimension is `len(words) + 1`: axis 0 is any unknown word, axis k the k-th word (lower case). `table` replaces
    the rows of the vocabulary. With `pooled` the graph gives one vector a text, not yet of unit length, else token
    vectors. With a `projection` it gives beside the text's vector those of its tokens, times this matrix.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: index for index, word in enumerate([UNKNOWN, *words])}
    rows = np.asarray(np.eye(len(vocabulary)) if table is None else table, np.float32)
    onnx.save(_model(rows, pooled=pooled, projection=projection), folder / "model.onnx")
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token=UNKNOWN))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def _model(rows: np.ndarray, *, pooled: bool, projection: ArrayLike | None) -> onnx.ModelProto:
    constants = [numpy_helper.from_array(rows, "table")]
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["tokens"])]
    shape: list[str | int] = ["texts", "length", rows.shape[1]]
    if pooled:
        nodes.append(helper.make_node("ReduceMean", ["tokens"], ["sentence_embedding"], axes=[1], keepdims=0))
        shape = ["texts", rows.shape[1]]
    outputs = [helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, shape)]
    if projection is not None:
        matrix = np.asarray(projection, np.float32)
        constants.append(numpy_helper.from_array(matrix, "projection"))
        nodes.append(helper.make_node("MatMul", ["tokens", "projection"], ["token_embeddings"]))
        shape = ["texts", "length", matrix.shape[1]]
        outputs.append(helper.make_tensor_value_info("token_embeddings", TensorProto.FLOAT, shape))
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "length"])],
        outputs,
        constants,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
