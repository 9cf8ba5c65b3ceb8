"""A trained encoder to what the product runs: model.onnx (int8; a vector a text, and one a token) and tokenizer.json.

    python training/export.py FOLDER [TARGET] [--name NAME] [--sample FILE]

FOLDER is a Hugging Face folder of a BERT-like encoder. Needs torch, transformers and onnx, which no run time does.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quant_pre_process, quantize_dynamic
from tokenizers import Tokenizer
from torch.nn.functional import normalize
from transformers import AutoModel

TARGET = Path("local/student")
INPUTS, OUTPUT, TOKEN_OUTPUT = ("input_ids", "attention_mask"), "sentence_embedding", "token_embeddings"
OPSET = 17
PROJECTION = "projection"
TOKEN_DIMENSION = 128
SAMPLE_LINES = 500
SAMPLE_TOKENS = 192
SAMPLE_FIELDS = ("ko_passage", "en_passage")


class SentenceEncoder(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """Token vectors of the encoder to one vector a text: their mean over the mask, scaled to unit length.

    With a projection also to one vector a token: its state times the projection, scaled to unit length. Special
    tokens (which the tokenizer knows) are among them.
    """

    def __init__(self, encoder: torch.nn.Module, projection: torch.Tensor | None = None) -> None:
        super().__init__()
        self.encoder = encoder
        self.register_buffer(PROJECTION, projection)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Shapes (texts, tokens) of int64, twice, to (texts, dimension), and (texts, tokens, 128), of float32."""
        (tokens, *_) = self.encoder(input_ids=input_ids, attention_mask=attention_mask, return_dict=False)
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        sentence = normalize((tokens * weights).sum(1) / weights.sum(1), dim=-1)
        if self.projection is None:
            return (sentence,)
        return sentence, normalize(tokens @ self.projection, dim=-1)


def export(source: Path, target: Path, *, name: str, sample: Sequence[str] = ()) -> None:
    """Write the encoder of `source` to `target`, which is made; `name` goes into the file as the encoder's name.

    From the texts of `sample` the projection of its token vectors is found; without any it gives none.
    """
    target.mkdir(parents=True, exist_ok=True)
    projection = token_projection(source, sample) if sample else None
    with tempfile.TemporaryDirectory() as folder:
        single, prepared, quantised = (Path(folder, each) for each in ("float.onnx", "prepared.onnx", "int8.onnx"))
        to_onnx(source, single, projection)
        quant_pre_process(single, prepared, skip_symbolic_shape=True)
        quantise(prepared, quantised)
        model = onnx.load(quantised)
    onnx.helper.set_model_props(model, {"name": name})
    onnx.save(model, target / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")


def to_onnx(source: Path, path: Path, projection: torch.Tensor | None = None) -> None:
    """Write the encoder of `source` in single precision, with any number of texts and tokens."""
    encoder = AutoModel.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.ones(2, 7, dtype=torch.long)
    outputs = [OUTPUT] if projection is None else [OUTPUT, TOKEN_OUTPUT]
    axes = {each: {0: "texts", 1: "tokens"} for each in (*INPUTS, *outputs[1:])} | {OUTPUT: {0: "texts"}}
    torch.onnx.export(
        SentenceEncoder(encoder, projection).eval(),
        (ids, ids),
        str(path),
        dynamo=False,  # the newer exporter needs one more package, onnxscript
        opset_version=OPSET,
        input_names=list(INPUTS),
        output_names=outputs,
        dynamic_axes=axes,
    )


@torch.no_grad()  # type: ignore[untyped-decorator,unused-ignore]  # as above
def token_projection(source: Path, texts: Sequence[str]) -> torch.Tensor:
    """The 128 directions (columns; as many as there are, of a smaller encoder) in which unit token states vary most.

    Eigenvectors of their second-moment matrix, largest eigenvalue first: a PCA that is not centred, since what is
    to be kept is inner products. [CLS] and [SEP] do not count.
    """
    encoder = AutoModel.from_pretrained(source, dtype=torch.float32).eval()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(min(SAMPLE_TOKENS, encoder.config.max_position_embeddings))
    width = encoder.config.hidden_size
    moments = torch.zeros(width, width, dtype=torch.float64)
    for encoding in tokenizer.encode_batch(list(texts)):
        if not encoding.ids:
            continue
        ordinary = torch.tensor(encoding.special_tokens_mask) == 0
        with torch.autocast("cpu", dtype=torch.bfloat16):  # several times as fast, and moments average its rounding
            states = encoder(input_ids=torch.tensor([encoding.ids])).last_hidden_state[0, ordinary]
        unit = normalize(states.double(), dim=-1)
        moments += unit.T @ unit
    _, directions = torch.linalg.eigh(moments)
    return directions.flip(1)[:, :TOKEN_DIMENSION].float().contiguous()


def quantise(path: Path, target: Path) -> None:
    """Write the model with int8 weights and embeddings; activations are scaled as it runs.

    A scale for each channel, since one for a whole matrix costs a point of nDCG@10; seven bits of the eight, since
    processors without VNNI instructions overflow on eight, and measured it costs nothing. The projection stays as it
    is: it is small, and its vectors are rounded once more in the index.
    """
    nodes = onnx.load(path, load_external_data=False).graph.node
    projection = [node.name for node in nodes if PROJECTION in node.input]
    quantize_dynamic(
        path,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=projection,
    )


def read_sample(path: Path) -> list[str]:
    """The passages, in both languages, of some 500 lines spread over a JSONL file of training questions."""
    lines = path.read_text(encoding="utf-8").splitlines()
    taken = lines[:: max(1, len(lines) // SAMPLE_LINES)]
    return [json.loads(line)[field] for line in taken for field in SAMPLE_FIELDS]


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET)
    parser.add_argument("--name", help="name of the encoder (default: that of the folder)")
    parser.add_argument("--sample", type=Path, help="JSONL with ko_passage and en_passage, to find token vectors from")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # texts are short: more threads wait for one another longer than they work
    name = arguments.name or arguments.folder.absolute().name
    sample = read_sample(arguments.sample) if arguments.sample else ()
    export(arguments.folder, arguments.target, name=name, sample=sample)


if __name__ == "__main__":
    main()
