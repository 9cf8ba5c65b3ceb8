"""The index folder on disk: its generations, the file CURRENT that names one, the writer's lock, durable writes.

CURRENT                 the number of the generation that readers open; replaced by one rename
generations/000007/     a generation: documents.sqlite, lexical/, vectors.faiss, tokens.i8, glossary.json,
                        manifest.json
lock                    held by the process that writes; its pid is inside
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import (
    IndexCorruptError,
    IndexForeignError,
    IndexIncompleteError,
    IndexLockedError,
    IndexMissingError,
    IndexWriteError,
)

MANIFEST = "manifest.json"
GRACE_SECONDS = 60.0

_CURRENT = "CURRENT"
_GENERATIONS = "generations"
_LOCK = "lock"
_OURS = {_CURRENT, _GENERATIONS, _LOCK, "README.md"}


@dataclass(frozen=True, slots=True)
class IndexFolder:
    """The folder `root`; nothing is read or made until a method is called."""

    root: Path

    def current(self) -> int:
        """The number of the generation that readers open.

        Raises IndexMissingError (no folder, or an empty one), IndexForeignError (a file, or a folder of other
        files), IndexIncompleteError (no build ever finished), IndexCorruptError (CURRENT says nothing sensible).
        """
        self.refuse_foreign()
        if not (self.root / _CURRENT).exists():
            raise self._unbuilt()
        number = self._named()
        if number is None:
            raise corrupt(self.root / _CURRENT, "it does not say a generation's number")
        if not self.generation(number).is_dir():
            raise corrupt(self.generation(number), "CURRENT names it but it is not there")
        return number

    def generation(self, number: int) -> Path:
        """Where a generation stands."""
        return self.root / _GENERATIONS / f"{number:06d}"

    def numbers(self) -> list[int]:
        """The numbers of all generations, finished or not, in order."""
        folder = self.root / _GENERATIONS
        if not folder.is_dir():
            return []
        return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal())

    def refuse_foreign(self) -> None:
        """Raises IndexForeignError unless the folder is ours, is empty, or is not there."""
        if not self.root.exists() or (self.root / _CURRENT).exists() or (self.root / _GENERATIONS).exists():
            return
        others = [self.root.name] if not self.root.is_dir() else self._others()
        if others:
            raise IndexForeignError(
                f"{self.root} holds something else than an index ({others[0]}). Give an empty or a new folder.",
                f"{self.root}에는 색인이 아닌 것({others[0]})이 있습니다. 비어 있거나 새로운 폴더를 지정하세요.",
                subject=str(self.root),
            )

    def switch(self, number: int) -> None:
        """Make a finished generation the current one: everything of it is on the disk before the one rename."""
        _sync_tree(self.generation(number))
        _sync(self.root / _GENERATIONS)
        fresh = self.root / f"{_CURRENT}.new"
        fresh.write_text(f"{number:06d}\n", encoding="ascii")
        _sync(fresh)
        fresh.replace(self.root / _CURRENT)
        _sync(self.root)

    def sweep(self) -> None:
        """Remove what killed builds left, and old generations but the one before the current.

        A generation younger than `GRACE_SECONDS` stays too: a reader may be about to open it.
        """
        current = self._named()
        whole = [number for number in self.numbers() if (self.generation(number) / MANIFEST).exists()]
        settled = [number for number in whole if current is None or number <= current]
        for number in self.numbers():
            spared = number in settled[-2:] or (number in settled and self._age(number) < GRACE_SECONDS)
            if number != current and not spared:
                shutil.rmtree(self.generation(number))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder (made if need be) as its only writer, swept; a dead process holds nothing.

        Raises IndexForeignError, IndexLockedError (names the process that writes), and IndexWriteError for any
        refusal of the disk inside the block.
        """
        self.refuse_foreign()
        with write_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / _LOCK)
            try:
                lock.acquire(blocking=False)
            except Timeout:
                raise self._locked() from None
            try:
                (self.root / _LOCK).write_text(f"{os.getpid()}\n", encoding="ascii")
                self.sweep()
                yield
            finally:
                lock.release()

    def _others(self) -> list[str]:
        return sorted(
            entry.name for entry in self.root.iterdir() if entry.name not in _OURS and not entry.name.startswith(".")
        )

    def _unbuilt(self) -> IndexMissingError | IndexIncompleteError:
        if self.numbers():
            return IndexIncompleteError(
                f"A first build in {self.root} never finished. Run `qa index` again.",
                f"{self.root}의 첫 색인 작업이 끝나지 않았습니다. `qa index`를 다시 실행하세요.",
                subject=str(self.root),
            )
        return IndexMissingError(
            f"There is no index in {self.root}. Make one with `qa index`.",
            f"{self.root}에 색인이 없습니다. `qa index`로 만드세요.",
            subject=str(self.root),
        )

    def _locked(self) -> IndexLockedError:
        try:
            pid = (self.root / _LOCK).read_text(encoding="ascii").strip()
        except OSError:
            pid = ""
        return IndexLockedError(
            f"Another process ({pid or 'of unknown number'}) is writing to the index in {self.root}. "
            "Wait until it has finished.",
            f"다른 프로세스({pid or '번호 모름'})가 {self.root}의 색인에 쓰고 있습니다. 끝날 때까지 기다리세요.",
            subject=pid,
        )

    def _named(self) -> int | None:
        """The number that CURRENT says, None when it says none."""
        try:
            number = (self.root / _CURRENT).read_bytes().strip()
        except OSError:
            return None
        return int(number) if number.isdigit() else None

    def _age(self, number: int) -> float:
        return time.time() - (self.generation(number) / MANIFEST).stat().st_mtime


@contextmanager
def write_errors(root: Path) -> Iterator[None]:
    """Turns what the disk refuses (full, read-only, no permission) into an IndexWriteError that names the folder."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexWriteError(
            f"The index in {root} cannot be written: {reason}. Free some space or check the permissions, then build "
            "again; what was indexed before is untouched.",
            f"{root}의 색인을 쓸 수 없습니다: {reason}. 공간이나 권한을 확인한 뒤 다시 만드세요. "
            "이전 색인은 그대로 있습니다.",
            subject=str(root),
        ) from error


def corrupt(path: Path, reason: str) -> IndexCorruptError:
    """The error for a file of an index that is missing or is not what was written."""
    return IndexCorruptError(
        f"The index is damaged: {path}: {reason}. Build it again with `qa index`.",
        f"색인이 손상되었습니다: {path}: {reason}. `qa index`로 다시 만드세요.",
        subject=str(path),
    )


def _sync_tree(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            _sync(Path(parent, name))
        _sync(Path(parent))


def _sync(path: Path) -> None:
    if os.name == "nt":  # Windows can sync neither a folder nor a file that is open for reading
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
