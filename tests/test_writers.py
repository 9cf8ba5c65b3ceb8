"""One writer at a time, and a disk that refuses: real processes, real refusals, and the old index as it was."""

from __future__ import annotations

import os
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.build import delete
from qa.errors import IndexLockedError, IndexMissingError, IndexWriteError
from qa.store import IndexFolder, Store
from tests.building import HARBOUR, LIBRARY, HashingEncoder, builder, put
from tests.writer import writer

UNTOUCHED = "Free some space or check the permissions, then build again; what was indexed before is untouched."
KOREAN = "공간이나 권한을 확인한 뒤 다시 만드세요. 이전 색인은 그대로 있습니다."


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other users may enter, with documents and an index of them."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        put(Path(name, "docs"), harbour=HARBOUR, library=LIBRARY)
        builder().build([Path(name, "docs")], Path(name, "index"))
        yield Path(name)


def text_of(index: Path, document_id: str) -> str:
    with Store.open(index) as store:
        return store.document(document_id).text


def test_a_second_writer_is_told_the_pid_of_the_first_and_readers_read_on(folder: Path) -> None:
    index = folder / "index"
    with writer(folder) as other:
        assert other.ask("hold") == "held"
        message = (
            rf"^Another process \({other.process.pid}\) is writing to the index in .*Wait until it has finished\.$"
        )
        for write in (lambda: builder().build([folder / "docs"], index), lambda: delete(["harbour"], index)):
            with pytest.raises(IndexLockedError, match=message) as caught:
                write()
            assert f"다른 프로세스({other.process.pid})가" in caught.value.korean
        assert "윤도담" in text_of(index, "harbour")
        other.process.kill()
        other.process.wait()
        assert builder().build([folder / "docs"], index).changed is False


def test_of_two_builds_at_once_one_writes_and_the_other_is_refused_or_waits_its_turn(folder: Path) -> None:
    with writer(folder) as one, writer(folder) as two:
        for round_ in range(5):
            put(folder / "docs", harbour=HARBOUR + f"\n배가 {round_}번 들어왔다.\n")
            pids = [one.ask("fork"), two.ask("fork")]
            ended = sorted([one.ask(f"reap {pids[0]}"), two.ask(f"reap {pids[1]}")])
            assert len(set(pids)) == 2
            assert ended in (["0", "0"], ["0", "512"])
            assert f"배가 {round_}번" in text_of(folder / "index", "harbour")


def test_readers_open_whole_generations_while_a_writer_goes_on(folder: Path) -> None:
    opened: list[int] = []
    with writer(folder) as other:
        for number in range(2, 10):
            put(
                folder / "docs",
                harbour=HARBOUR + f"\n배가 {number}번 들어왔다.\n",
                library=LIBRARY + f"\n{number}층.\n",
            )
            pid = other.ask("fork")
            while number not in opened:
                with Store.open(folder / "index") as store:
                    texts = [store.document(name).text for name in ("harbour", "library")]
                    opened.append(store.manifest.generation)
                assert (f"배가 {number}번" in texts[0]) == (f"{number}층" in texts[1]) == (opened[-1] == number)
            assert other.ask(f"reap {pid}") == "0"
    assert opened == sorted(opened)
    assert len(opened) > 16


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process grows larger, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("limit", [0, 10, 300, 2_000, 20_000])
def test_a_disk_that_fills_up_leaves_the_old_index(folder: Path, limit: int) -> None:
    put(folder / "docs", library=LIBRARY + "\n열람실은 이 층에 있다.\n")
    with files_up_to(limit), pytest.raises(IndexWriteError) as caught:
        builder().build([folder / "docs"], folder / "index")
    where = folder / "index"
    assert caught.value.english == f"The index in {where} cannot be written: File too large. {UNTOUCHED}"
    assert caught.value.korean == f"{where}의 색인을 쓸 수 없습니다: File too large. {KOREAN}"
    assert IndexFolder(where).numbers() == [1]
    assert "열람실" not in text_of(where, "library")
    assert builder().build([folder / "docs"], where).generation == 2
    assert "열람실" in text_of(where, "library")


@pytest.mark.parametrize(
    ("limit", "dimension", "message"),
    [
        (500, 64, "The lexical index in .* cannot be written: "),
        (20_000, 64, "The index in .* cannot be written: .*(disk|full)"),
        (40_000, 4096, "The vectors cannot be written to .*vectors.faiss: "),
    ],
    ids=["postings", "rows", "vectors"],
)
def test_whichever_leg_the_disk_refuses_nothing_is_left(folder: Path, limit: int, dimension: int, message: str) -> None:
    made = builder(HashingEncoder(dimension=dimension))
    with files_up_to(limit), pytest.raises(IndexWriteError, match=message):
        made.build([folder / "docs"], folder / "new")
    assert IndexFolder(folder / "new").numbers() == []
    with pytest.raises(IndexMissingError, match="There is no index in"):
        Store.open(folder / "new")
    assert made.build([folder / "docs"], folder / "new").generation == 1


def test_a_folder_that_may_not_be_written_can_still_be_read(folder: Path) -> None:
    index = folder / "index"
    shutil.rmtree(index)
    with writer(folder) as other:
        assert other.ask("build") == "1"
        put(folder / "docs", library=LIBRARY + "\n열람실은 이 층에 있다.\n")
        modes = {path: path.stat().st_mode for path in [index, *index.rglob("*")]}
        for path, mode in modes.items():
            path.chmod(mode & 0o555)
        try:
            assert other.ask("nobody") == "nobody"
            refused = other.ask("build")
            assert refused.startswith(f"IndexWriteError: The index in {index} cannot be written: Permission denied. ")
            assert other.ask("open") == "3"
        finally:
            for path, mode in modes.items():
                path.chmod(mode)
    assert "열람실" not in text_of(index, "library")


def test_a_file_where_the_generations_should_be_is_a_write_error(folder: Path) -> None:
    index = folder / "new"
    index.mkdir()
    (index / "generations").write_text("")
    with pytest.raises(IndexWriteError, match=r"The index in .*new cannot be written: Not a directory\. Free"):
        builder().build([folder / "docs"], index)
