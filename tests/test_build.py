"""The write path: only what changed is built, what goes leaves every leg, and a failed build changes nothing."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest

from qa.build import Builder, BuildReport, FileStatus, delete
from qa.errors import (
    EmptyFileError,
    IndexCorruptError,
    IndexForeignError,
    IndexFormatError,
    IndexMissingError,
    MissingFileError,
    NotFoundError,
    SourceError,
    UnsupportedFormatError,
)
from qa.korean import Analyser
from qa.records import Language
from qa.store import TOKENS, IndexFolder, Store
from qa.text import squeeze
from tests.building import HARBOUR, LIBRARY, ORCHARD, HashingEncoder, analyser, builder, put, settings

EXTRA = "\n## 덧붙임\n\n등대에는 고양이 한 마리가 산다. 이름은 먹구름이다.\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return put(tmp_path / "docs", harbour=HARBOUR, orchard=ORCHARD, library=LIBRARY)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def status(report: BuildReport) -> dict[str, str]:
    return {file.document_id: file.status.value for file in report.files}


def times(index: Path) -> dict[Path, int]:
    """When each file was written; tantivy's locks, which readers make, are left out."""
    files = [path for path in (index / "generations").rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {path: path.stat().st_mtime_ns for path in files}


def contents(index: Path) -> dict[str, object]:
    """All that an index holds, leg by leg, however it came to be."""
    with Store.open(index) as store:
        documents = [store.document(summary.id) for summary in store.documents()]
        passages = [passage for document in documents for passage in store.passages_of(document.id)]
        terms = {"등대지기": 1.0, "사과밭": 0.5, "도서관": 2.0, "고양이": 1.0}
        found: dict[str, object] = {
            "documents": documents,
            "passages": passages,
            "lexical": store.lexical.search("morphemes", terms, limit=50),
            "glossary": store.glossary,
            "counts": dict(store.counts),
        }
        if store.vectors is not None:
            queries = HashingEncoder().encode_passages([passage.text for passage in passages])
            ids, scores = store.vectors.search(queries, 5)
            found |= {"windows": store.windows(store.vectors.ids().tolist()), "ids": ids.tolist()}
            found |= {"scores": np.round(scores, 5).tolist()}
        if store.tokens is not None:
            question = HashingEncoder().encode_question_with_tokens("사과밭 새벽 도서관 고양이", Language.KOREAN)[1]
            found["tokens"] = store.tokens.max_sim_each(question, store.tokens.ids().tolist())
        return found


def test_the_first_build_reads_everything_and_says_so(docs: Path, index: Path) -> None:
    told: list[tuple[str, int, int]] = []
    made = Builder(settings(), analyser(), HashingEncoder(), lambda *step: told.append(step))
    report = made.build([docs], index)
    assert status(report) == dict.fromkeys(["harbour", "library", "orchard"], "indexed")
    assert (report.generation, report.changed, report.removed, report.rebuilt) == (1, True, (), None)
    assert set(report.seconds) == {"read", "repair", "passages", "terms", "vectors", "write"}
    assert sum(file.passages for file in report.files) == report.counts["passages"]
    assert report.files[0].repairs["headings"] >= 1
    assert told == [("harbour.md", 0, 3), ("library.md", 1, 3), ("orchard.md", 2, 3), ("", 3, 3)]
    Store.open(index, made.identity).close()


def test_without_a_change_nothing_is_written(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    before = times(index)
    report = builder().build([docs], index)
    assert (report.generation, report.changed) == (1, False)
    assert status(report) == dict.fromkeys(["harbour", "library", "orchard"], "unchanged")
    assert set(report.seconds) == {"read"}
    assert [file.passages for file in report.files] == [2, 1, 2]
    assert times(index) == before


def test_only_what_changed_is_read_and_the_index_is_as_if_built_at_once(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    put(docs, harbour=HARBOUR + EXTRA, garden=ORCHARD.replace("사과", "감"))
    (docs / "library.md").unlink()
    report = builder().build([docs], index)
    assert status(report) == {"garden": "indexed", "harbour": "indexed", "orchard": "unchanged"}
    assert (report.removed, report.generation) == (("library",), 2)
    fresh = index.with_name("fresh")
    assert builder().build([docs], fresh).generation == 1
    assert contents(index) == contents(fresh)


def test_a_changed_entry_in_sources_toml_counts_as_a_change(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    (docs / "sources.toml").write_text('[[source]]\nfile = "library.md"\ntitle = "대출 안내"\n', encoding="utf-8")
    report = builder().build([docs], index)
    assert status(report) == {"harbour": "unchanged", "library": "indexed", "orchard": "unchanged"}
    with Store.open(index) as store:
        assert store.document("library").metadata.title == "대출 안내"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(lambda: builder(passage_chars=200), id="passage_chars"),
        pytest.param(lambda: builder(window_chars=60), id="window_chars"),
        pytest.param(lambda: builder(HashingEncoder(revision="2")), id="encoder"),
        pytest.param(lambda: Builder(settings(), analyser()), id="no encoder"),
        pytest.param(lambda: builder(token_vectors=False), id="token_vectors"),
        pytest.param(lambda: builder(HashingEncoder(token_dimension=0)), id="encoder without tokens"),
    ],
)
def test_another_identity_builds_everything_anew(docs: Path, index: Path, other: Callable[[], Builder]) -> None:
    builder().build([docs], index)
    report = other().build([docs], index)
    assert set(status(report).values()) == {"indexed"}
    assert report.generation == 2
    fresh = index.with_name("fresh")
    other().build([docs], fresh)
    assert contents(index) == contents(fresh)
    Store.open(index, other().identity).close()


def test_missing_files_stay_on_request(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    new = put(docs.with_name("more"), garden=EXTRA)
    report = builder().build([new], index, keep_missing=True)
    assert (report.removed, report.kept_missing) == ((), ("harbour", "library", "orchard"))
    assert report.counts["documents"] == 4
    before = contents(index)
    report = builder(passage_chars=200).build([new], index, keep_missing=True)
    assert report.kept_missing == ("harbour", "library", "orchard")
    with Store.open(index, builder(passage_chars=200).identity) as store:
        assert [store.document(summary.id) for summary in store.documents()] == before["documents"]
    assert builder().build([new], index).removed == ("harbour", "library", "orchard")
    with Store.open(index) as store:
        assert [summary.id for summary in store.documents()] == ["garden"]


def test_a_file_that_fails_is_named_and_stops_no_other(docs: Path, index: Path) -> None:
    put(docs, blank=" \n", front='+++\ntitle = "x"\n+++\n<!-- y -->\n')
    (docs / "photo.png").write_bytes(b"\x89PNG")
    report = builder().build([docs], index)
    failed = {file.name: file for file in report.files if file.error}
    assert set(failed) == {"blank.md", "front.md", "photo.png"}
    assert isinstance(failed["blank.md"].error, EmptyFileError)
    assert isinstance(failed["front.md"].error, EmptyFileError)
    assert isinstance(failed["photo.png"].error, UnsupportedFormatError)
    assert {file.status for file in failed.values()} == {FileStatus.SKIPPED}
    assert report.counts["documents"] == 3


@pytest.mark.parametrize("passage_chars", [420, 200], ids=["same identity", "another identity"])
def test_a_file_that_fails_later_keeps_its_old_version(docs: Path, index: Path, passage_chars: int) -> None:
    builder().build([docs], index)
    with Store.open(index) as store:
        old = store.document("orchard")
    put(docs, orchard="\n\n", harbour=HARBOUR + EXTRA)
    report = builder(passage_chars=passage_chars).build([docs], index)
    kept = next(file for file in report.files if file.document_id == "orchard")
    assert (kept.status, type(kept.error)) == (FileStatus.KEPT, EmptyFileError)
    with Store.open(index, builder(passage_chars=passage_chars).identity) as store:
        assert store.document("orchard") == old
        assert kept.passages == len(store.passages_of("orchard")) > 0
        assert "먹구름" in store.document("harbour").text
    put(docs, orchard=ORCHARD)
    again = builder(passage_chars=passage_chars).build([docs], index)
    assert status(again)["orchard"] == "unchanged"


def test_when_every_file_fails_the_first_error_is_raised_and_the_index_stays(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    before = contents(index)
    put(docs, harbour="", orchard=" ", library="\n")
    with pytest.raises(EmptyFileError, match=r"^harbour\.md holds no text"):
        builder().build([docs], index)
    assert contents(index) == before
    with pytest.raises(EmptyFileError, match=r"^harbour\.md holds no text"):
        builder().build([docs], index.with_name("other"))
    with pytest.raises(IndexMissingError, match="There is no index in"):
        Store.open(index.with_name("other"))


def test_a_path_that_is_not_there_makes_no_folder(docs: Path, index: Path) -> None:
    with pytest.raises(MissingFileError, match=r"There is no file or folder .*none\. Check the path\."):
        builder().build([docs, docs / "none"], index)
    assert not index.exists()


def test_files_of_the_index_are_no_sources(tmp_path: Path) -> None:
    put(tmp_path, harbour=HARBOUR)
    index = tmp_path / "index"
    builder().build([tmp_path], index)
    assert status(builder().build([tmp_path], index)) == {"harbour": "unchanged"}
    with pytest.raises(SourceError, match="nothing to read"):
        builder().build([index], index)


def test_odd_files_come_in_whole(tmp_path: Path, index: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    name = normalize("NFD", "가을 장부")
    (docs / f"{name}.txt").write_bytes(normalize("NFD", LIBRARY).encode())
    (docs / "cp949.txt").write_bytes(LIBRARY.replace("\n", "\r\n").encode("cp949"))
    (docs / "bom.txt").write_bytes(LIBRARY.encode("utf-8-sig"))
    (docs / "utf16.txt").write_bytes(LIBRARY.encode("utf-16"))
    (docs / "long.txt").write_bytes(b"a" * 10_000_000)
    report = builder().build([docs], index)
    assert {file.document_id for file in report.files if file.error} == {"long"}
    with Store.open(index) as store:
        texts = {summary.id: store.document(summary.id).text for summary in store.documents()}
    assert set(texts) == {"가을-장부", "cp949", "bom", "utf16"}
    assert {squeeze(text) for text in texts.values()} == {squeeze(LIBRARY)}
    assert len(set(texts.values())) == 1


def test_delete_takes_a_document_out_of_every_leg(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    with Store.open(index) as store:
        ids = [passage.id for passage in store.passages_of("harbour")]
        windows = store.window_ids(ids)
        assert "Merchants' Guild" in {entry.foreign for entry in store.glossary.entries}
    receipt = delete(["harbour"], index, analyser=analyser())
    assert (receipt.documents, receipt.generation) == (("harbour",), 2)
    assert (receipt.passages, receipt.postings, receipt.vectors) == (len(ids), len(ids), len(windows))
    with Store.open(index, builder().identity) as store:
        assert store.windows(windows) == {}
        assert store.vectors is not None
        assert not set(windows) & set(store.vectors.ids().tolist())
        assert store.tokens is not None
        assert not set(windows) & set(store.tokens.ids().tolist())
        assert store.lexical.search("morphemes", {"등대지기": 1.0}, limit=5) == []
        assert len(store.glossary) == 0
        with pytest.raises(NotFoundError, match="no document 'harbour'"):
            store.document("harbour")
    latest = IndexFolder(index).generation(2)
    traces = [path for path in latest.rglob("*") if path.is_file() and "윤도담".encode() in path.read_bytes()]
    assert traces == []
    fresh = index.with_name("fresh")
    (docs / "harbour.md").unlink()
    builder().build([docs], fresh)
    assert contents(index) == contents(fresh)


def test_delete_of_what_is_not_there_deletes_nothing(docs: Path, index: Path) -> None:
    with pytest.raises(IndexMissingError, match="Make one with `qa index`"):
        delete(["harbour"], index)
    assert not index.exists()
    builder().build([docs], index)
    with pytest.raises(NotFoundError, match="no document 'none'"):
        delete(["harbour", "none"], index, analyser=analyser())
    with Store.open(index) as store:
        assert (store.manifest.generation, store.counts["documents"]) == (1, 3)


def test_an_index_can_be_emptied_and_filled_again(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    delete(["harbour", "library", "orchard"], index, analyser=analyser())
    with Store.open(index, builder().identity) as store:
        assert dict(store.counts) == {"documents": 0, "passages": 0, "windows": 0, "characters": 0, "tokens": 0}
    assert set(status(builder().build([docs], index)).values()) == {"indexed"}


def test_old_generations_go_and_readers_of_them_go_on(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    with Store.open(index) as reader:
        before = reader.document("harbour")
        for number in range(2, 5):
            put(docs, harbour=HARBOUR + EXTRA * number)
            assert builder().build([docs], index).generation == number
        assert IndexFolder(index).numbers() == [1, 2, 3, 4]
        for number in range(1, 5):
            _age(IndexFolder(index).generation(number))
        put(docs, harbour=HARBOUR)
        builder().build([docs], index)
        assert IndexFolder(index).numbers() == [4, 5]
        assert reader.document("harbour") == before
        assert reader.lexical.search("morphemes", {"등대지기": 1.0}, limit=1)


def _age(generation: Path) -> None:
    long_ago = time.time() - 3600
    os.utime(generation / "manifest.json", (long_ago, long_ago))


def test_what_a_killed_build_left_is_swept_by_the_next(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    folder = IndexFolder(index)
    shutil.copytree(folder.generation(1), folder.generation(2))
    shutil.copytree(folder.generation(1), folder.generation(3))
    (folder.generation(3) / "manifest.json").unlink()
    report = builder().build([docs], index)
    assert (report.changed, folder.numbers()) == (False, [1])


@pytest.mark.parametrize("name", ["documents.sqlite", "lexical/meta.json", TOKENS, "CURRENT"])
def test_a_damaged_index_is_built_from_nothing(docs: Path, index: Path, name: str) -> None:
    builder().build([docs], index)
    before = contents(index)
    folder = index if name == "CURRENT" else IndexFolder(index).generation(1)
    (folder / name).write_text("spoilt")
    with pytest.raises(IndexCorruptError, match=name):
        builder().build([docs], index, keep_missing=True)
    report = builder().build([docs], index)
    assert set(status(report).values()) == {"indexed"}
    assert isinstance(report.rebuilt, IndexCorruptError)
    assert contents(index) == before


def test_an_older_format_is_built_from_nothing_and_a_newer_one_refused(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    manifest = IndexFolder(index).generation(1) / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"format": 1', '"format": 2'), encoding="utf-8")
    with pytest.raises(IndexFormatError, match="Update geungeo"):
        builder().build([docs], index)
    manifest.write_text(text.replace('"format": 1', '"format": 0'), encoding="utf-8")
    report = builder().build([docs], index)
    assert isinstance(report.rebuilt, IndexFormatError)
    Store.open(index).close()


def test_a_folder_of_other_files_is_refused_and_left_alone(docs: Path) -> None:
    before = sorted(path.name for path in docs.iterdir())
    with pytest.raises(IndexForeignError, match=r"holds something else than an index \(harbour\.md\)"):
        builder().build([docs], docs)
    assert sorted(path.name for path in docs.iterdir()) == before


def test_an_index_that_was_moved_opens(docs: Path, index: Path) -> None:
    builder().build([docs], index)
    before = contents(index)
    moved = Path(shutil.move(index, index.with_name("moved here")))
    assert contents(moved) == before
    assert builder().build([docs], moved).changed is False


def test_each_word_is_kept_once_with_the_sentence_that_it_stands_in(docs: Path, index: Path) -> None:
    made = builder()
    made.build([docs], index)
    with Store.open(index, made.identity) as store:
        assert store.tokens is not None
        for name in ("harbour", "library", "orchard"):
            for passage in store.passages_of(name):
                ids = store.window_ids_of([passage.id])[passage.id]
                starts = [start for start, _ in passage.windows]
                sentences = [
                    passage.text[start - passage.start : end - passage.start]
                    for start, end in pairwise([*starts, passage.end])
                ]
                for window, sentence in zip(ids, sentences, strict=True):
                    _, words = HashingEncoder().encode_question_with_tokens(sentence, Language.KOREAN)
                    assert store.tokens.max_sim_each(words, [window])[window] > 0.98
        texts = [passage.text for name in ("harbour", "library", "orchard") for passage in store.passages_of(name)]
        assert store.tokens.rows == store.counts["tokens"] == sum(len(re.findall(r"\w+", text)) for text in texts)


def test_the_analyser_of_another_version_is_another_identity() -> None:
    class Later(Analyser):
        @property
        def version(self) -> str:
            return "later"

    assert Builder(settings(), Later()).identity != Builder(settings(), Analyser()).identity
