"""Which files are read, and the id that each one's document will have."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from qa.errors import MissingFileError, SourceError
from qa.readers.metadata import CATALOGUE, read_catalogue
from qa.records import Metadata

SUFFIXES = (".md", ".txt")

_NOT_SOURCES = {"readme.md", CATALOGUE}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read: `id` is its document's, `metadata` what the nearest `sources.toml` says of it."""

    path: Path
    id: str
    metadata: Metadata = field(default_factory=Metadata)

    @property
    def name(self) -> str:
        """The file's name in NFC."""
        return _clean(self.path.name)


def find_sources(paths: Sequence[Path]) -> list[SourceFile]:
    """The files named, and those anywhere in the folders named, each once, sorted by path.

    In folders, hidden files and folders, README.md and sources.toml are passed over; files of formats that are not
    read are among the result, so that a build can name them. A file's id is its name without suffix (NFC, `-` for
    white space); files that share a name get a hash of their path from the folder that holds all given paths.
    Raises MissingFileError, or SourceError for a folder without any file of a format that is read.
    """
    found: dict[Path, tuple[Path, Path]] = {}
    for given in paths:
        root = given if given.is_dir() else given.parent
        for path in _files(given):
            found.setdefault(path.resolve(), (path, root))
    stems = Counter(_stem(path) for path, _ in found.values())
    base = os.path.commonpath([root.resolve() for _, root in found.values()]) if found else ""
    catalogues: dict[Path, dict[str, Metadata]] = {}
    files = [
        SourceFile(path, _identify(path, resolved, base, stems), _catalogued(path, root, catalogues))
        for resolved, (path, root) in found.items()
    ]
    return sorted(files, key=lambda file: str(file.path))


def _files(given: Path) -> Iterator[Path]:
    if given.is_file():
        yield given
        return
    if not given.exists():
        raise MissingFileError(
            f"There is no file or folder {given}. Check the path.",
            f"{given} 파일이나 폴더가 없습니다. 경로를 확인하세요.",
            subject=str(given),
        )
    paths = list(_walk(given))
    if not any(path.suffix.lower() in SUFFIXES for path in paths):
        raise SourceError(
            f"There is nothing to read in {given}: it holds no file ending in {' or '.join(SUFFIXES)}.",
            f"{given}에 읽을 파일이 없습니다. 읽는 형식: {', '.join(SUFFIXES)}.",
            subject=str(given),
        )
    yield from paths


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and name.lower() not in _NOT_SOURCES:
                yield Path(parent) / name


def _identify(path: Path, resolved: Path, base: str, stems: Counter[str]) -> str:
    stem = _stem(path)
    if stems[stem] == 1:
        return stem
    return f"{stem}-{sha256(os.fsencode(os.path.relpath(resolved, base))).hexdigest()[:8]}"


def _stem(path: Path) -> str:
    return re.sub(r"\s+", "-", _clean(path.stem).strip())


def _clean(name: str) -> str:
    """NFC; bytes that are not UTF-8 become replacement characters."""
    return normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _catalogued(path: Path, root: Path, catalogues: dict[Path, dict[str, Metadata]]) -> Metadata:
    """The entry of the nearest `sources.toml` that names the file, from its own folder up to the one that holds `root`.

    One above, so that a folder `originals` can be indexed by itself though its catalogue stands beside it.
    """
    path, root = Path(os.path.abspath(path)), Path(os.path.abspath(root))
    folder = path.parent
    while True:
        if folder not in catalogues:
            catalogues[folder] = read_catalogue(folder)
        entry = catalogues[folder].get(_clean(path.relative_to(folder).as_posix()))
        if entry is not None:
            return entry
        if folder in (root.parent, folder.parent):
            return Metadata()
        folder = folder.parent
