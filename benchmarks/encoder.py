"""How fast an encoder is on the texts given, cut into pieces of about 60, 120 and 300 characters; prints one JSON line.

python benchmarks/encoder.py TEXT... --encoder FOLDER_OR_NAME [--threads 1 2] [--pieces 400]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from qa.encoders import Encoder, open_encoder
from qa.records import Language
from qa.settings import Settings

LENGTHS = (60, 120, 300)
QUESTIONS = 100


def pieces(text: str, length: int, count: int) -> list[str]:
    """Up to `count` runs of whole words of up to `length` characters, from all over the text."""
    found, piece = [], ""
    for word in text.split():
        if piece and len(piece) + 1 + len(word) > length:
            found.append(piece)
            piece = word
        else:
            piece = f"{piece} {word}".strip()
    return found[:: max(1, len(found) // count)][:count]


def texts_per_second(encoder: Encoder, texts: Sequence[str]) -> float:
    """Passages encoded a second, after a few to warm up."""
    encoder.encode_passages(texts[:8])
    start = time.perf_counter()
    encoder.encode_passages(texts)
    return round(len(texts) / (time.perf_counter() - start), 1)


def question_ms(encoder: Encoder, questions: Sequence[str]) -> float:
    """Median milliseconds of one question by itself."""
    took = []
    for question in questions:
        start = time.perf_counter()
        encoder.encode_questions([question], Language.KOREAN)
        took.append(time.perf_counter() - start)
    return round(median(took) * 1000, 2)


def measure(name: str, threads: int, sets: dict[int, list[str]]) -> dict[str, object]:
    """Seconds to open the encoder, passages a second by length, milliseconds a question."""
    start = time.perf_counter()
    encoder = open_encoder(Settings(encoder=name, threads=threads))
    opened = time.perf_counter() - start
    if encoder is None:
        raise SystemExit(f"{name} is no encoder")
    rates = {f"passages_per_second_{length}": texts_per_second(encoder, texts) for length, texts in sets.items()}
    spent = question_ms(encoder, sets[LENGTHS[0]][:QUESTIONS])
    return {**asdict(encoder.identity), "threads": threads, "open_s": round(opened, 3), **rates, "question_ms": spent}


def main() -> None:
    """Read the texts, measure at each number of threads, print the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--encoder", default="auto")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--pieces", type=int, default=400, help="pieces of each length")
    arguments = parser.parse_args()
    text = "\n".join(path.read_text(encoding="utf-8") for path in arguments.texts)
    sets = {length: pieces(text, length, arguments.pieces) for length in LENGTHS}
    runs = [measure(arguments.encoder, threads, sets) for threads in arguments.threads]
    sys.stdout.write(json.dumps({"pieces": arguments.pieces, "runs": runs}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
