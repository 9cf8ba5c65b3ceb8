"""Indexing a folder with one `qa index` command: from nothing, again unchanged, and after one file has changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import Ran, timed

SOME_WERE_SKIPPED = 1
"""The exit code of a `qa index` that named files which it could not read."""
ADDED = "\n\n새로 더한 문단이다. 이 문단은 측정을 위해 붙였다.\n"


def index_once(corpus: Path, folder: Path) -> dict[str, float]:
    """Seconds of the three builds of a copy of `corpus`, whole and by stage, and its index left in `folder`/index.

    Stages are those of the build report; `start` is what the report does not cover: the interpreter, imports, the
    encoder, the switch of generations. Kiwi loads inside the first stage that needs it.
    """
    copy, index = folder / "corpus", folder / "index"
    shutil.copytree(corpus, copy, copy_function=shutil.copyfile)
    found = _figures("fresh", first := _build(copy, index))
    found |= _figures("unchanged", _build(copy, index))
    changed = _middle_file(copy, json.loads(first.output))
    changed.write_bytes(changed.read_bytes() + ADDED.encode())
    return found | _figures("one_changed", _build(copy, index))


def size_on_disk(index: Path) -> float:
    """Megabytes (10^6 bytes) of all files of the index: all the generations that it keeps."""
    return sum(path.stat().st_size for path in index.rglob("*") if path.is_file()) / 1e6


def _build(corpus: Path, index: Path) -> Ran:
    command = ["-m", "qa", "index", str(corpus), "--index", str(index), "--json"]
    return timed(command, accepted=(0, SOME_WERE_SKIPPED))


def _figures(name: str, ran: Ran) -> dict[str, float]:
    stages: Mapping[str, float] = json.loads(ran.output)["seconds"]
    whole = {name: ran.wall, f"{name}.cpu": ran.cpu, f"{name}.start": ran.wall - sum(stages.values())}
    return whole | {f"{name}.{stage}": seconds for stage, seconds in stages.items()}


def _middle_file(corpus: Path, report: Mapping[str, Any]) -> Path:
    """The file of median size among those that were indexed (the lower of two, ties by path)."""
    indexed = {file["name"] for file in report["files"] if file["status"] == "indexed"}
    paths = sorted(path for path in corpus.rglob("*") if path.name in indexed)
    return sorted(paths, key=lambda path: path.stat().st_size)[(len(paths) - 1) // 2]
