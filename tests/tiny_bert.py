"""A Hugging Face folder of a BERT of one layer with random weights: needs torch and transformers."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from torch import float16, manual_seed
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

WORDS = ("도시", "외교", "city", "query", "passage", ":")


def write_tiny_bert(folder: Path) -> Path:
    """Write the folder, in half precision, with a word-level tokenizer; returns it."""
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", *WORDS])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    manual_seed(0)
    configuration = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=16,
    )
    BertModel(configuration).to(float16).save_pretrained(folder)
    return folder
