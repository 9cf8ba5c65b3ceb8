"""The label of a generation: what made it, what it holds, and the checksum of every file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from qa.errors import IndexFormatError, IndexIncompleteError, IndexMismatchError
from qa.passages import VERSION as PASSAGES_VERSION
from qa.records import EncoderIdentity, Manifest
from qa.repair import VERSION as REPAIR_VERSION
from qa.settings import Settings
from qa.store.folder import MANIFEST, corrupt

FORMAT = 1
"""Counted up when the files of a generation change their layout."""

TERMS_VERSION = 1
"""Counted up when the same passage gets other terms (terms, spellings, hanja) or another context."""


@dataclass(frozen=True, slots=True)
class Identity:
    """All that shapes an index beside the files that go into it: two builds with one identity give one index."""

    analyser: str
    encoder: EncoderIdentity | None
    settings: Mapping[str, str | int | float | bool]

    @property
    def has_tokens(self) -> bool:
        """Whether the index holds vectors of tokens."""
        return bool(self.settings.get("token_vectors", False))


def identify(settings: Settings, analyser: str, encoder: EncoderIdentity | None) -> Identity:
    """The identity of an index built with these; `analyser` is the analyser's version.

    Its setting `token_vectors` says whether the index has them: they are asked for, and the encoder gives them.
    """
    shaping: dict[str, str | int | float | bool] = {
        "passage_chars": settings.passage_chars,
        "window_chars": settings.window_chars,
        "token_vectors": settings.token_vectors and encoder is not None and encoder.token_dimension > 0,
        "repair_version": REPAIR_VERSION,
        "passages_version": PASSAGES_VERSION,
        "terms_version": TERMS_VERSION,
    }
    return Identity(analyser, encoder, shaping)


def identity_of(manifest: Manifest) -> Identity:
    """The identity that a generation was built with."""
    return Identity(manifest.analyser, manifest.encoder, manifest.settings)


def write_manifest(folder: Path, generation: int, identity: Identity, counts: Mapping[str, int]) -> Manifest:
    """Seal the generation in `folder`: the checksums of its files, written last."""
    manifest = Manifest(
        format=FORMAT,
        generation=generation,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        analyser=identity.analyser,
        encoder=identity.encoder,
        settings=identity.settings,
        counts=counts,
        files={path.relative_to(folder).as_posix(): _checksum(path) for path in _files(folder)},
    )
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """The label of the generation in `folder`.

    Raises IndexIncompleteError when there is none, IndexFormatError for another format, IndexCorruptError when it
    cannot be understood.
    """
    path = folder / MANIFEST
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise _other_format(path, values["format"])
        encoder = values.pop("encoder")
        return Manifest(encoder=EncoderIdentity(**encoder) if encoder else None, **values)
    except FileNotFoundError:
        raise IndexIncompleteError(
            f"The index in {folder} was never finished: it has no {MANIFEST}. Run `qa index` again.",
            f"{folder}의 색인이 완성되지 않았습니다({MANIFEST} 없음). `qa index`를 다시 실행하세요.",
            subject=str(folder),
        ) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise corrupt(path, f"it cannot be understood ({error})") from error


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Raises IndexCorruptError that names the first file which is missing or is not what was written."""
    for name, expected in sorted(manifest.files.items()):
        try:
            found = _checksum(folder / name)
        except OSError as error:
            raise corrupt(folder / name, error.strerror or str(error)) from error
        if found != expected:
            raise corrupt(folder / name, "its checksum is not the one in the manifest")


def refuse_mismatch(manifest: Manifest, expected: Identity, folder: Path) -> None:
    """Raises IndexMismatchError that names the first field in which the index differs from what is `expected`."""
    was, now = _flat(identity_of(manifest)), _flat(expected)
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            raise IndexMismatchError(
                f"The index in {folder} was made with {name} = {was.get(name)!r}; now it is {now.get(name)!r}. "
                "Run `qa index` again, or go back to the old value.",
                f"{folder}의 색인은 {name} = {was.get(name)!r}(으)로 만들었는데 지금은 {now.get(name)!r}입니다. "
                "`qa index`를 다시 실행하거나 예전 값으로 되돌리세요.",
                subject=name,
            )


def _flat(identity: Identity) -> dict[str, object]:
    fields: dict[str, object] = {"analyser": identity.analyser, **identity.settings}
    encoder = asdict(identity.encoder) if identity.encoder else {"name": "none"}
    return fields | {f"encoder {name}": value for name, value in encoder.items()}


def _files(folder: Path) -> list[Path]:
    """The files of a generation; tantivy's lock files come and go."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _other_format(path: Path, found: int) -> IndexFormatError:
    newer = found > FORMAT
    return IndexFormatError(
        f"The index {path.parent} has format {found}, this version reads {FORMAT}. "
        + ("Update geungeo, or build into another folder." if newer else "Run `qa index` again."),
        f"{path.parent}의 색인 형식은 {found}인데 이 버전은 {FORMAT}을(를) 읽습니다. "
        + ("geungeo를 업데이트하거나 다른 폴더에 만드세요." if newer else "`qa index`를 다시 실행하세요."),
        subject=str(found),
    )
