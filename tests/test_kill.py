"""A build that is killed at any instant leaves the index in one of its two states, whole and answering."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from qa.records import Language
from qa.store import IndexFolder, Store
from tests.building import HARBOUR, LIBRARY, ORCHARD, HashingEncoder, builder, put
from tests.writer import Writer, writer

KILLS = 200
SEED = 20_261_120
LOG = "\n## 기록\n\n항해 일지 제{}호를 적는다.\n"


def texts(version: int) -> dict[str, str]:
    """The documents of a version: two say which it is, one is there every other time, one never changes."""
    found = {"harbour": HARBOUR + LOG.format(version), "orchard": ORCHARD + LOG.format(version), "library": LIBRARY}
    return found | ({"visitor": f"손님은 제{version}호를 읽었다.\n"} if version % 2 else {})


def write(docs: Path, version: int) -> None:
    put(docs, **texts(version))
    if version % 2 == 0:
        (docs / "visitor.md").unlink(missing_ok=True)


def version_in(index: Path) -> int:
    """The one version that all of the index is of: rows, postings, vectors, tokens; it opens, and it answers."""
    with Store.open(index, builder().identity) as store:
        stated = {store.document(name).text.split("제")[-1].split("호")[0] for name in ("harbour", "orchard")}
        assert len(stated) == 1
        version = int(stated.pop())
        assert {summary.id for summary in store.documents()} == set(texts(version))
        found = store.lexical.search("morphemes", {str(version): 1.0}, limit=9)
        assert {passage.document_id for passage in store.passages([name for name, _ in found])} >= {
            "harbour",
            "orchard",
        }
        assert store.vectors is not None
        question = HashingEncoder().encode_questions([f"항해 일지 제{version}호를 적는다."], Language.KOREAN)
        nearest = store.windows(store.vectors.search(question, 1)[0][0].tolist())
        passage = store.passage(next(iter(nearest.values())).passage_id)
        assert f"제{version}호" in passage.text
        assert store.tokens is not None
        assert store.tokens.ids().tolist() == store.vectors.ids().tolist()
        _, words = HashingEncoder().encode_question_with_tokens(f"제{version}호를", Language.KOREAN)
        assert store.tokens.max_sim(words, store.window_ids_of([passage.id]))[passage.id] > 0.98
        return version


def kill_one(other: Writer, delay: float) -> bool:
    """Begins a build and kills it after `delay` seconds; whether it was killed before it ended."""
    pid = int(other.ask("fork"))
    time.sleep(delay)
    os.kill(pid, signal.SIGKILL)
    return other.ask(f"reap {pid}") == str(int(signal.SIGKILL))


def seconds_of_a_build(other: Writer) -> float:
    began = time.perf_counter()
    pid = other.ask("fork")
    assert other.ask(f"reap {pid}") == "0"
    return time.perf_counter() - began


def finished(index: Path) -> list[bool]:
    folder = IndexFolder(index)
    return [(folder.generation(number) / "manifest.json").exists() for number in folder.numbers()]


@pytest.mark.slow
def test_a_killed_build_leaves_the_old_index_or_the_new_one(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    docs, index = tmp_path / "docs", tmp_path / "index"
    came_of: Counter[str] = Counter()
    with writer(tmp_path) as other:
        for version in (0, 1):
            write(docs, version)
            usual = seconds_of_a_build(other)
        before = version_in(index)
        while came_of["old"] + came_of["new"] < KILLS:
            version += 1
            write(docs, version)
            killed = kill_one(other, chance.triangular(0, 1.2 * usual, 0.9 * usual))
            now = version_in(index)
            assert now in {before, version}
            assert killed or now == version
            came_of["ended" if not killed else "new" if now == version else "old"] += 1
            before = now
        seconds_of_a_build(other)
    assert version_in(index) == version
    assert all(finished(index))
    assert came_of["old"] >= KILLS / 2
