"""The only door to encoders: texts to vectors of unit length, by an ONNX file or any sentence-transformers model."""

from qa.encoders.protocol import Encoder, TokenEncoder, Tokens, Vectors
from qa.encoders.selection import open_encoder

__all__ = ["Encoder", "TokenEncoder", "Tokens", "Vectors", "open_encoder"]
