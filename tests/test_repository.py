"""What may be in the repository: nothing of the originals, nothing large, no file that git ignores."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from qa.text import squeeze

ROOT = Path(__file__).parents[1]
RUN = 32
MEGABYTE = 1_000_000
MODELS = ROOT / "src" / "qa" / "models"


def originals() -> Path:
    return Path(__file__).parents[2] / "shared" / "corpus"


@cache
def files() -> tuple[Path, ...]:
    """All files that git does not ignore."""
    ignored = GitIgnoreSpec.from_lines([".git/", *(ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()])
    return tuple(_walk(ROOT, ignored))


def _walk(folder: Path, ignored: GitIgnoreSpec) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda each: each.name):
        path = Path(entry.path)
        name = path.relative_to(ROOT).as_posix()
        if entry.is_dir(follow_symlinks=False):
            if not ignored.match_file(name + "/"):
                yield from _walk(path, ignored)
        elif not ignored.match_file(name):
            yield path


def runs(text: str) -> Iterator[str]:
    letters = squeeze(text)
    return (letters[start : start + RUN] for start in range(len(letters) - RUN + 1))


def test_no_file_is_large_but_the_model() -> None:
    large = [path for path in files() if path.stat().st_size > MEGABYTE and not path.is_relative_to(MODELS)]
    assert large == []


def test_no_sentence_of_the_originals_is_here() -> None:
    texts = [path.read_text(encoding="utf-8") for path in originals().glob("*.txt")]
    if not texts:
        pytest.skip("the originals are not there")
    theirs = {run for text in texts for run in runs(text)}
    assert len(theirs) > 90_000
    found = {
        f"{path.relative_to(ROOT)}: {run}"
        for path in files()
        for run in runs(path.read_bytes().decode("utf-8", "ignore"))
        if run in theirs
    }
    assert found == set()


def test_the_folder_for_the_users_files_is_kept_and_empty() -> None:
    kept = [path for path in files() if path.is_relative_to(ROOT / "corpus" / "originals")]
    assert [path.name for path in kept] == [".gitkeep"]


def test_the_catalogue_describes_each_digest() -> None:
    catalogue = tomllib.loads((ROOT / "corpus" / "sources.toml").read_text(encoding="utf-8"))["source"]
    fronts = {}
    for path in sorted((ROOT / "corpus" / "digests").glob("*.md")):
        front = tomllib.loads(path.read_text(encoding="utf-8").split("+++")[1])
        fronts[f"digests/{path.name}"] = (front["title_en"], front.get("year"), front["original_sha256"])
        assert (front["kind"], front["licence"]) == ("digest", "CC BY 4.0")
    assert {entry["digest"]: (entry["title_en"], entry.get("year"), entry["sha256"]) for entry in catalogue} == fronts
