"""A process that writes an index, for the tests that lock it, refuse it the disk, or kill it.

`python -m tests.writer FOLDER` reads commands from its standard input, one a line, and answers each with a line:

    build           build FOLDER/docs into FOLDER/index: the report's generation, or the error's class and message
    fork            begin a build in a child: the child's pid
    reap PID        wait for the child: its exit status
    hold            hold the index as its writer until killed
    open            open the index: how many passages it has
    nobody          give up all rights to write
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import qa
from qa.build import Builder
from qa.errors import QAError
from qa.korean import Analyser, Morpheme
from qa.store import IndexFolder, Store
from tests.building import HashingEncoder, settings

NOBODY = 65_534


class Writer:
    """The process, as a test sees it: `ask` gives it a command and reads a line of its answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, command: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def writer(folder: Path) -> Iterator[Writer]:
    """A warm writer for `folder`, ended with the block."""
    paths = os.pathsep.join([str(Path(__file__).parents[1]), str(Path(qa.__file__).parents[1])])
    command = [sys.executable, "-m", "tests.writer", str(folder)]
    environment = {**os.environ, "PYTHONPATH": paths}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            found = Writer(process)
            assert found.read() == "ready"
            yield found
        finally:
            process.kill()


class OneByOne(Analyser):
    """An analyser that never hands a list to Kiwi's threads: a forked child has none of them."""

    def sentences_batch(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        return [self.sentences(text) for text in texts]

    def morphemes_batch(self, texts: Sequence[str]) -> list[list[Morpheme]]:
        return [self.morphemes(text) for text in texts]

    def join_scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        if pairs:
            raise AssertionError("the documents of these tests have no wrapped lines")
        return []


def main(folder: Path) -> None:
    """Answers commands until there are no more."""
    builder = Builder(settings(), OneByOne(threads=1), HashingEncoder())
    builder.analyser.morphemes("준비")
    answer("ready")
    for line in sys.stdin:
        command, _, pid = line.strip().partition(" ")
        if command == "build":
            answer(build(builder, folder))
        elif command == "fork":
            answer(str(fork(builder, folder)))
        elif command == "reap":
            answer(str(os.waitpid(int(pid), 0)[1]))
        elif command == "hold":
            with IndexFolder(folder / "index").writing():
                answer("held")
                sys.stdin.read()
        elif command == "open":
            with Store.open(folder / "index", builder.identity) as store:
                answer(str(store.counts["passages"]))
        elif command == "nobody":
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            answer("nobody")


def build(builder: Builder, folder: Path) -> str:
    """What came of a build, in one line."""
    try:
        return str(builder.build([folder / "docs"], folder / "index").generation)
    except QAError as error:
        return f"{type(error).__name__}: {error.english} | {error.korean}"


def fork(builder: Builder, folder: Path) -> int:
    """The pid of a child that builds."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if build(builder, folder).isdecimal() else 2)
        finally:
            os._exit(1)
    return pid


def answer(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
