"""Speed, memory and size in one run: JSON lines on standard output, a table with the limits on standard error.

python -m benchmarks [--corpus DIR] [--repeat 5] [--questions 100]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from benchmarks.figures import Figure, as_line, collected, table
from benchmarks.indexing import index_once, size_on_disk
from benchmarks.machine import ROOT, calibrate, description, timed
from benchmarks.peers import installed
from benchmarks.questions import WARMING
from qa.records import Language
from qa.store import Store

IMPORT = "import time; began = time.perf_counter(); import qa; print(time.perf_counter() - began)"
Value = TypeVar("Value")


class Bench:
    """One run over one corpus, in a folder of its own; its figures come in the order in which they are taken."""

    def __init__(self, options: argparse.Namespace, folder: Path, console: Console) -> None:
        self._corpus: Path = options.corpus.resolve()
        self._questions: int = options.questions
        self._repeat: int = options.repeat
        self._folder = folder
        self._console = console
        self._index = folder / "0" / "index"

    def figures(self) -> Iterator[Figure]:
        """All of them; the calibration is repeated before each kind, so that a change of the machine shows."""
        yield from self._calibrated("before_indexing")
        runs = self._each("qa index", lambda turn: index_once(self._corpus, self._folder / str(turn)))
        yield from collected(runs, "s", prefix="index.")
        yield Figure("index.vectors_share", "of stages", tuple(map(_vectors_share, runs)))
        yield Figure("index.disk", "MB", (size_on_disk(self._index),))
        yield from self._calibrated("before_questions")
        yield from self._warm()
        yield from self._calibrated("before_cold_starts")
        yield from collected(self._each("cold starts", lambda _: self._cold()), "s", prefix="cold.")
        yield from self._peers()

    def header(self) -> dict[str, object]:
        """What was measured on what: the machine, the corpus and its index, the peers that are there."""
        with Store.open(self._index) as store:
            encoder = store.manifest.encoder
            counts = dict(store.counts)
        named = f"{encoder.name} {encoder.revision[:12]}" if encoder else None
        return {
            "run": str(self._corpus.name),
            "machine": description(),
            "counts": counts,
            "encoder": named,
            "peers": installed(),
        }

    def _calibrated(self, when: str) -> Iterator[Figure]:
        runs = self._each("calibration", lambda _: calibrate())
        yield from collected(runs, "s", prefix=f"calibration.{when}.")

    def _warm(self) -> Iterator[Figure]:
        command = ["-m", "benchmarks.questions", str(self._index), "--questions", str(self._questions)]
        runs = self._each("warm questions", lambda _: _object(command))
        yield from collected([run["question"] for run in runs], "ms", prefix="question.")
        yield from collected([run["memory"] for run in runs], "MB", prefix="memory.")

    def _cold(self) -> dict[str, float]:
        asked = timed(["-m", "qa", "ask", "--index", str(self._index), WARMING[Language.KOREAN]])
        imported = timed(["-c", IMPORT])
        helped = timed(["-m", "qa", "--help"])
        found = {"ask": asked.wall, "ask.cpu": asked.cpu, "import": float(imported.output)}
        return found | {"help": helped.wall, "help.cpu": helped.cpu, "python": timed(["-c", ""]).wall}

    def _peers(self) -> Iterator[Figure]:
        for name, there in installed().items():
            if not there:
                self._console.print(f"{name} is not installed: left out", markup=False)
                continue
            command = ["-m", "benchmarks.peers", name, str(self._index), "--questions", str(self._questions)]
            runs = [_object(command) for _ in range(self._repeat)]
            yield from collected(runs, "ms", prefix=f"peer.{name}.")

    def _each(self, what: str, once: Callable[[int], Value]) -> list[Value]:
        with self._console.status(what):
            return [once(turn) for turn in range(self._repeat)]


def _object(command: Sequence[str]) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(timed(command).output)
    return value


def _vectors_share(run: dict[str, float]) -> float:
    """The encoder's part in the stages of a first build."""
    whole = run["fresh"] - run["fresh.start"]
    return run.get("fresh.vectors", 0.0) / whole if whole else 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything; a line goes out as soon as its figure is known."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus", help="the folder to index (default: corpus/)")
    parser.add_argument("--repeat", type=_positive, default=5, help="how often each figure is taken")
    parser.add_argument("--questions", type=_positive, default=100, help="how many in each language")
    console = Console(stderr=True, highlight=False)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(parser.parse_args(arguments), Path(folder), console)
        for figure in bench.figures():
            sys.stdout.write(as_line(figure.as_json()))
            sys.stdout.flush()
            found.append(figure)
        sys.stdout.write(as_line(bench.header()))
    console.print(table(found))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    main()
