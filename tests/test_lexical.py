"""BM25 by hand, deletion that leaves nothing, filters, readers beside a writer, and refusals."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from math import log
from pathlib import Path

import pytest

from qa.errors import IndexCorruptError, IndexLockedError, IndexWriteError
from qa.lexical import HEADING_BOOST, LexicalIndex
from qa.terms import DocumentTerms

NONE = DocumentTerms([], [])
TEXTS = {"p1": "사과 배 사과", "p2": "배 감", "p3": "감 감 감 밤"}


def terms(text: str) -> DocumentTerms:
    return DocumentTerms(text.split(), text.split())


def fill(index: LexicalIndex, texts: dict[str, str], headings: str = "") -> LexicalIndex:
    for passage_id, text in texts.items():
        index.add(passage_id, f"doc-{passage_id}", fields=terms(text), heading_terms=terms(headings))
    index.commit()
    return index


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return fill(LexicalIndex.create(tmp_path / "lexical"), TEXTS)


def bm25(tf: int, length: int, holding: int, *, passages: int = 3, average: float = 3.0) -> float:
    idf = log(1 + (passages - holding + 0.5) / (holding + 0.5))
    return idf * tf * (1.2 + 1) / (tf + 1.2 * (1 - 0.75 + 0.75 * length / average))


def test_scores_are_bm25(index: LexicalIndex) -> None:
    hits = dict(index.search("morphemes", {"사과": 1.0, "배": 2.0}, limit=10))
    assert hits["p1"] == pytest.approx(bm25(2, 3, 1) + 2 * bm25(1, 3, 2), rel=1e-5)
    assert hits["p2"] == pytest.approx(2 * bm25(1, 2, 2), rel=1e-5)
    assert list(hits) == ["p1", "p2"]


def test_headings_count_less(tmp_path: Path) -> None:
    index = LexicalIndex.create(tmp_path / "lexical")
    index.add("p1", "d", fields=terms("밤"), heading_terms=terms("가을"))
    index.add("p2", "d", fields=terms("가을"), heading_terms=terms("밤"))
    index.commit()
    body, heading = (score for _, score in index.search("bigrams", {"가을": 1.0}, limit=5))
    assert heading == pytest.approx(HEADING_BOOST * body, rel=1e-5)


def test_fields_are_apart(tmp_path: Path) -> None:
    index = LexicalIndex.create(tmp_path / "lexical")
    index.add("p1", "d", fields=DocumentTerms(["나무"], ["무숲"]), heading_terms=NONE)
    index.commit()
    assert [hit for hit, _ in index.search("morphemes", {"나무": 1.0}, limit=5)] == ["p1"]
    assert index.search("bigrams", {"나무": 1.0}, limit=5) == []


def test_ties_break_by_id_even_at_the_limit(tmp_path: Path) -> None:
    ids = [f"p{number:03}" for number in range(60)]
    index = fill(LexicalIndex.create(tmp_path / "lexical"), dict.fromkeys(reversed(ids), "사과 배"))
    assert [hit for hit, _ in index.search("morphemes", {"사과": 1.0}, limit=7)] == ids[:7]


def test_filters(index: LexicalIndex) -> None:
    sought = {"감": 1.0, "사과": 1.0}
    assert {hit for hit, _ in index.search("morphemes", sought, limit=5)} == {"p1", "p2", "p3"}
    free = dict(index.search("morphemes", sought, limit=5))
    assert index.search("morphemes", sought, limit=5, documents=["doc-p2"]) == [("p2", free["p2"])]
    assert index.search("morphemes", sought, limit=5, passages={"p3", "nowhere"}) == [("p3", free["p3"])]
    assert index.search("morphemes", sought, limit=5, documents=["doc-p2"], passages=["p3"]) == []
    assert index.search("morphemes", sought, limit=5, documents=[]) == []


def test_nothing_sought_finds_nothing(index: LexicalIndex) -> None:
    assert index.search("morphemes", {}, limit=5) == []
    assert index.search("morphemes", {"없음": 1.0}, limit=5) == []
    assert index.search("morphemes", {"감": 1.0}, limit=0) == []


def test_deletion_leaves_no_trace(index: LexicalIndex, tmp_path: Path) -> None:
    index.delete_document("doc-p1")
    index.delete_document("not there")
    index.commit()
    fresh = fill(LexicalIndex.create(tmp_path / "fresh"), {key: TEXTS[key] for key in ("p2", "p3")})
    sought = {"사과": 1.0, "배": 1.0, "감": 1.0}
    assert len(index) == 2
    assert index.search("morphemes", sought, limit=5) == fresh.search("morphemes", sought, limit=5)
    assert index.matched(["p1"], sought) == {"p1": ()}


def test_a_document_can_be_replaced_in_one_commit(index: LexicalIndex) -> None:
    index.add("p2", "doc-p2", fields=terms("never seen"), heading_terms=NONE)
    index.delete_document("doc-p2")
    index.add("p2", "doc-p2", fields=terms("포도"), heading_terms=NONE)
    index.commit()
    assert len(index) == 3
    assert index.matched(["p2"], ["포도", "배", "never"]) == {"p2": ("포도",)}


def test_uncommitted_is_not_found(index: LexicalIndex) -> None:
    index.add("p4", "doc-p4", fields=terms("포도"), heading_terms=NONE)
    assert index.search("morphemes", {"포도": 1.0}, limit=5) == []
    index.commit()
    assert [hit for hit, _ in index.search("morphemes", {"포도": 1.0}, limit=5)] == ["p4"]


def test_matched_names_terms_of_text_and_headings(tmp_path: Path) -> None:
    index = fill(LexicalIndex.create(tmp_path / "lexical"), TEXTS, headings="가을 과일")
    assert index.matched(["p3", "p1", "p9"], ["과일", "밤", "사과"]) == {
        "p3": ("과일", "밤"),
        "p1": ("과일", "사과"),
        "p9": (),
    }


def test_a_copy_made_after_commit_opens(index: LexicalIndex, tmp_path: Path) -> None:
    shutil.copytree(tmp_path / "lexical", tmp_path / "copy")
    copy = LexicalIndex.open(tmp_path / "copy")
    assert copy.search("morphemes", {"감": 1.0}, limit=5) == index.search("morphemes", {"감": 1.0}, limit=5)


def test_a_reader_keeps_its_state_while_another_writes(index: LexicalIndex, tmp_path: Path) -> None:
    reader = LexicalIndex.open(tmp_path / "lexical")
    index.delete_document("doc-p1")
    index.commit()
    assert [hit for hit, _ in reader.search("morphemes", {"사과": 1.0}, limit=5)] == ["p1"]
    assert len(LexicalIndex.open(tmp_path / "lexical")) == 2


def test_two_writers_are_refused(index: LexicalIndex, tmp_path: Path) -> None:
    holder = (
        "import sys, tantivy; writer = tantivy.Index.open(sys.argv[1]).writer(15_000_000, 1);"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "lexical")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        index.add("p4", "doc-p4", fields=terms("포도"), heading_terms=NONE)
        with pytest.raises(IndexLockedError, match="Another process is writing"):
            index.commit()
        assert len(LexicalIndex.open(tmp_path / "lexical")) == 3
        process.communicate("")
    index.commit()
    assert len(index) == 4


def test_creating_over_an_index_is_refused(index: LexicalIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexWriteError, match="holds an index already"):
        LexicalIndex.create(tmp_path / "lexical")
    assert len(index) == 3


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="cannot be read") as caught:
        LexicalIndex.open(tmp_path / "nowhere")
    assert caught.value.subject == str(tmp_path / "nowhere")
    assert "색인을 다시 만드세요" in caught.value.korean


@pytest.mark.parametrize("suffix", ["meta.json", ".idx", ".term", ".store", ".fieldnorm"])
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_damaged_folder_is_refused(index: LexicalIndex, tmp_path: Path, suffix: str, damage: str) -> None:
    assert len(index) == 3
    (file,) = [path for path in (tmp_path / "lexical").iterdir() if path.name.endswith(suffix)]
    if damage == "missing":
        file.unlink()
    else:
        os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(IndexCorruptError, match="Build the index again"):
        LexicalIndex.open(tmp_path / "lexical")


def test_a_read_only_folder_opens(index: LexicalIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = index.search("morphemes", {"감": 1.0}, limit=5)
    before = {path.name for path in (tmp_path / "lexical").iterdir()}
    monkeypatch.setattr(os, "access", lambda *_: False)  # permissions do not bind the superuser
    reader = LexicalIndex.open(tmp_path / "lexical")
    assert reader.search("morphemes", {"감": 1.0}, limit=5) == expected
    assert {path.name for path in (tmp_path / "lexical").iterdir()} == before
