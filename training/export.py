"""A trained encoder to what the product runs: model.onnx (int8; mean pooling, unit length) and tokenizer.json.

    python training/export.py FOLDER [TARGET] [--name NAME]

FOLDER is a Hugging Face folder of a BERT-like encoder. Needs torch, transformers and onnx, which no run time does.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quant_pre_process, quantize_dynamic
from transformers import AutoModel

TARGET = Path("local/student")
INPUTS, OUTPUT = ("input_ids", "attention_mask"), "sentence_embedding"
OPSET = 17


class SentenceEncoder(torch.nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
    """Token vectors of the encoder to one vector a text: their mean over the mask, scaled to unit length."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Shapes (texts, tokens) of int64, twice, to (texts, dimension) of float32."""
        (tokens, *_) = self.encoder(input_ids=input_ids, attention_mask=attention_mask, return_dict=False)
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        return torch.nn.functional.normalize((tokens * weights).sum(1) / weights.sum(1), dim=-1)


def export(source: Path, target: Path, *, name: str) -> None:
    """Write the encoder of `source` to `target`, which is made; `name` goes into the file as the encoder's name."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        single, prepared, quantised = (Path(folder, each) for each in ("float.onnx", "prepared.onnx", "int8.onnx"))
        to_onnx(source, single)
        quant_pre_process(single, prepared, skip_symbolic_shape=True)
        quantise(prepared, quantised)
        model = onnx.load(quantised)
    onnx.helper.set_model_props(model, {"name": name})
    onnx.save(model, target / "model.onnx")
    shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")


def to_onnx(source: Path, path: Path) -> None:
    """Write the encoder of `source` in single precision, with any number of texts and tokens."""
    encoder = AutoModel.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.ones(2, 7, dtype=torch.long)
    axes = {each: {0: "texts", 1: "tokens"} for each in INPUTS} | {OUTPUT: {0: "texts"}}
    torch.onnx.export(
        SentenceEncoder(encoder).eval(),
        (ids, ids),
        str(path),
        dynamo=False,  # the newer exporter needs one more package, onnxscript
        opset_version=OPSET,
        input_names=list(INPUTS),
        output_names=[OUTPUT],
        dynamic_axes=axes,
    )


def quantise(path: Path, target: Path) -> None:
    """Write the model with int8 weights and embeddings; activations are scaled as it runs.

    A scale for each channel, since one for a whole matrix costs a point of nDCG@10; seven bits of the eight, since
    processors without VNNI instructions overflow on eight, and measured it costs nothing.
    """
    quantize_dynamic(path, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET)
    parser.add_argument("--name", help="name of the encoder (default: that of the folder)")
    arguments = parser.parse_args()
    name = arguments.name or arguments.folder.absolute().name
    export(arguments.folder, arguments.target, name=name)


if __name__ == "__main__":
    main()
