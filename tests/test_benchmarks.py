"""The benchmarks run, and say what they measured; how fast anything is is never asserted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import LIMITS, Figure, collected, percentile
from benchmarks.indexing import size_on_disk
from benchmarks.machine import ROOT, memory, timed
from benchmarks.peers import installed
from tests.building import HARBOUR, LIBRARY, ORCHARD, put
from tests.toy_encoder import write_toy_encoder

REPEATED = (
    "index.fresh",
    "index.unchanged",
    "index.one_changed",
    "question.ko.p95",
    "question.en.encoder",
    "cold.help",
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], str]:
    """The lines and the table of one run over three small documents with a toy encoder."""
    folder = tmp_path_factory.mktemp("bench")
    corpus = put(folder / "corpus", harbour=HARBOUR, orchard=ORCHARD, library=LIBRARY)
    encoder = write_toy_encoder(folder / "encoder", ["배는", "시장", "책은"])
    command = [sys.executable, "-m", "benchmarks", "--corpus", str(corpus), "--repeat", "1", "--questions", "2"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    environment = inherited | {"QA_ENCODER": str(encoder), "COLUMNS": "120"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.stderr.decode()


@pytest.mark.slow
def test_each_figure_is_a_line_with_its_limit(printed: tuple[list[dict[str, Any]], str]) -> None:
    *lines, run = printed[0]
    figures = {line["figure"]: line for line in lines}
    assert len(figures) == len(lines)
    assert figures.keys() >= {*LIMITS, *REPEATED, "index.disk", "memory.most", "calibration.before_indexing.cpu"}
    for name, line in figures.items():
        assert len(line["values"]) == 1
        assert line["min"] == line["median"] == line["max"] == line["values"][0]
        assert line["limit"] == LIMITS.get(name)
        assert (line["ratio"] is None) == (line["limit"] is None)
    assert run["counts"]["documents"] == 3
    assert run["encoder"].startswith("encoder ")
    assert run["machine"]["processors"] >= 1


@pytest.mark.slow
def test_only_the_changed_file_is_embedded_again(printed: tuple[list[dict[str, Any]], str]) -> None:
    names = {line.get("figure") for line in printed[0]}
    assert {"index.fresh.vectors", "index.one_changed.vectors", "index.unchanged.read"} <= names
    assert "index.unchanged.vectors" not in names


@pytest.mark.slow
def test_the_table_has_a_row_for_each_figure_and_a_word_for_each_missing_peer(
    printed: tuple[list[dict[str, Any]], str],
) -> None:
    lines, table = printed
    assert "median/limit" in table
    assert [line["figure"] for line in lines[:-1] if line["figure"] not in table] == []
    for name, there in installed().items():
        assert (f"{name} is not installed: left out" in table) is not there
        assert any(line.get("figure") == f"peer.{name}.question" for line in lines) is there


def test_a_figure_says_how_its_median_stands_to_the_limit() -> None:
    assert Figure("index.fresh", "s", (30.0, 9.0, 12.0)).as_json() == {
        "figure": "index.fresh",
        "unit": "s",
        "values": [30.0, 9.0, 12.0],
        "min": 9.0,
        "median": 12.0,
        "max": 30.0,
        "limit": 15.0,
        "ratio": 0.8,
    }
    assert Figure("index.disk", "MB", (5.0,)).as_json()["ratio"] is None


@pytest.mark.parametrize(("share", "value"), [(0.5, 10), (0.95, 19), (0.96, 20), (1.0, 20), (0.0, 1)])
def test_a_percentile_is_the_smallest_value_that_so_many_stay_under(share: float, value: int) -> None:
    assert percentile(list(range(20, 0, -1)), share) == value


def test_a_name_that_one_run_lacks_keeps_the_values_of_the_others() -> None:
    runs = [{"whole": 1.0}, {"whole": 2.0, "part": 0.5}]
    assert list(collected(runs, "s", prefix="x.")) == [
        Figure("x.whole", "s", (1.0, 2.0)),
        Figure("x.part", "s", (0.5,)),
    ]


def test_size_counts_every_file_below(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "one").write_bytes(b"x" * 1_000_000)
    (tmp_path / "deep" / "two").write_bytes(b"x" * 500_000)
    assert size_on_disk(tmp_path) == 1.5


def test_memory_never_held_less_than_now() -> None:
    held = memory()
    assert 10 < held["now"] <= held["most"]


def test_a_command_that_fails_stops_the_run_with_what_it_said() -> None:
    with pytest.raises(SystemExit, match=r"ended with 3:\n(.|\n)*no such luck"):
        timed(["-c", "import sys; sys.stderr.write('no such luck'); sys.exit(3)"])
    assert timed(["-c", "import sys; sys.exit(3)"], accepted=(3,)).output == ""
