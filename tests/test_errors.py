"""Each error is raised once by what really raises it; its words are checked in both languages."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

import qa.errors
from qa.encoders import open_encoder
from qa.errors import (
    BinaryFileError,
    EmptyFileError,
    EncoderError,
    EncodingError,
    FilterError,
    GenerationError,
    IndexCorruptError,
    IndexFolderError,
    IndexForeignError,
    IndexFormatError,
    IndexIncompleteError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexWriteError,
    InputError,
    LineTooLongError,
    MissingExtraError,
    MissingFileError,
    NotFoundError,
    QAError,
    QuestionError,
    SettingsError,
    SourceError,
    UnsupportedFormatError,
)
from qa.generate import ChatEndpoint
from qa.readers import find_sources, read
from qa.retrieve import checked_question
from qa.settings import load_settings
from qa.store import Filters, IndexFolder, Store
from tests.building import LIBRARY, HashingEncoder, builder, put, settings

Provoke = Callable[[Path], object]


def reading(name: str, data: bytes, **values: object) -> Provoke:
    def provoke(folder: Path) -> object:
        (folder / name).write_bytes(data)
        return read(folder / name, settings(**values))

    return provoke


def opening(spoil: Callable[[Path], object], chars: int = 0) -> Provoke:
    """Opens an index of one document after something was done to its folder; `chars` is the budget expected of it."""

    def provoke(folder: Path) -> object:
        builder().build([put(folder / "docs", library=LIBRARY)], folder / "index")
        spoil(folder / "index")
        return Store.open(folder / "index", builder(passage_chars=chars).identity if chars else None)

    return provoke


def asking(ask: Callable[[Store], object]) -> Provoke:
    def provoke(folder: Path) -> object:
        builder().build([put(folder / "docs", library=LIBRARY)], folder / "index")
        with Store.open(folder / "index") as store:
            return ask(store)

    return provoke


def locked(folder: Path) -> object:
    with IndexFolder(folder).writing(), IndexFolder(folder).writing():
        return folder


def unwritable(folder: Path) -> object:
    (folder / "file").write_text("", encoding="utf-8")
    with IndexFolder(folder / "file" / "index").writing():
        return folder


def in_manifest(old: str, new: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> object:
        path = IndexFolder(folder).generation(1) / "manifest.json"
        return path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return spoil


TABLE: list[tuple[type[QAError], Provoke, str, str]] = [
    (
        SettingsError,
        lambda _: load_settings(environment={"QA_COLOUR": "blue"}),
        "no setting named colour",
        "설정은 없습",
    ),
    (SettingsError, lambda _: load_settings(environment={"QA_HITS": "many"}), "cannot be 'many'", "쓸 수 없습니다"),
    (QuestionError, lambda _: checked_question(" ", settings()), "Ask something", "질문이 비어"),
    (QuestionError, lambda _: checked_question("강" * 20_000, settings()), "20000 characters", "더 짧게"),
    (QuestionError, lambda _: checked_question("😀 ?!", settings()), "Ask in words", "말로 물어보세요"),
    (MissingFileError, lambda folder: find_sources([folder / "no.txt"]), "Check the path", "경로를 확인"),
    (SourceError, lambda folder: find_sources([put(folder / "docs")]), "nothing to read", "읽을 파일이 없습니다"),
    (EmptyFileError, reading("a.txt", b" \n"), "holds no text", "글이 없습니다"),
    (BinaryFileError, reading("a.txt", b"%PDF-1.7"), "is not text but PDF", "텍스트가 아니라 PDF"),
    (EncodingError, reading("a.txt", b"\xff\x81\x80"), "Save it in UTF-8", "UTF-8로 저장"),
    (UnsupportedFormatError, reading("a.hwp", b"HWP"), "Formats read: .md, .txt", "읽을 수 없는 형식"),
    (LineTooLongError, reading("a.txt", b"a" * 2000, max_line_chars=1000), "Line 1 of a.txt", "1번째 줄이 2,000자"),
    (NotFoundError, asking(lambda store: store.document("강")), "no document '강'", "문서 '강'이(가) 없습니다"),
    (NotFoundError, asking(lambda store: store.passage("강#0")), "no passage '강#0'", "단락 '강#0'이(가) 없습니다"),
    (FilterError, asking(lambda store: store.allowed(Filters(author="없음"))), "has no author '없음'", "저자 '없음'"),
    (IndexMissingError, lambda folder: Store.open(folder / "index"), "Make one with", "색인이 없습니다"),
    (IndexForeignError, lambda folder: Store.open(put(folder, a="강")), "holds something else", "색인이 아닌 것"),
    (
        IndexIncompleteError,
        opening(lambda folder: (folder / "CURRENT").unlink()),
        "never finished. Run `qa index` again",
        "끝나지 않았습니다",
    ),
    (IndexFormatError, opening(in_manifest('"format": ', '"format": 9')), "Update geungeo", "업데이트하거나"),
    (IndexCorruptError, opening(in_manifest('"files"', '"fils"')), "The index is damaged", "색인이 손상되었습니다"),
    (IndexMismatchError, opening(lambda _: None, 99), "passage_chars = ", "예전 값으로 되돌리세요"),
    (IndexLockedError, locked, "Wait until it has finished", "끝날 때까지 기다리세요"),
    (IndexWriteError, unwritable, "cannot be written", "색인을 쓸 수 없습니다"),
    (
        EncoderError,
        lambda folder: open_encoder(settings(encoder=str(folder / "no"))),
        "There is no",
        "폴더에는 model.onnx",
    ),
    (
        GenerationError,
        lambda _: ChatEndpoint(settings(llm_url="http://127.0.0.1:9")).complete([]),
        "The answer is the documents' own words",
        "문서의 원문으로 답합니다",
    ),
]
if find_spec("sentence_transformers") is None:
    extra = (MissingExtraError, lambda _: open_encoder(settings(encoder="some/model")), "needs an extra", "추가 구성")
    TABLE.append(extra)

BASES = {QAError, InputError, IndexFolderError}


@pytest.mark.parametrize(
    ("error", "provoke", "english", "korean"), TABLE, ids=[f"{row[0].__name__}-{at}" for at, row in enumerate(TABLE)]
)
def test_an_error_says_what_to_do_in_both_languages(
    tmp_path: Path, error: type[QAError], provoke: Provoke, english: str, korean: str
) -> None:
    with pytest.raises(error) as caught:
        provoke(tmp_path)
    raised = caught.value
    assert type(raised) is error
    assert english in raised.english == raised.message("en") == str(raised)
    assert korean in raised.korean == raised.message("ko")
    assert raised.english.endswith((".", "…"))
    assert raised.korean.endswith((".", "…"))


def test_the_table_holds_every_error_that_is_raised() -> None:
    classes = {found for _, found in inspect.getmembers(qa.errors, inspect.isclass) if issubclass(found, QAError)}
    assert classes - BASES - {row[0] for row in TABLE} <= {MissingExtraError}


def test_a_language_that_is_not_korean_is_english() -> None:
    error = NotFoundError("There is none.", "없습니다.", subject="강")
    assert [error.message(language) for language in ("ko", "en", "fr", "")] == ["없습니다.", *["There is none."] * 3]
    assert (error.subject, str(error)) == ("강", "There is none.")


def test_what_was_indexed_stays_readable_after_a_refusal(tmp_path: Path) -> None:
    index = tmp_path / "index"
    builder().build([put(tmp_path / "docs", library=LIBRARY)], index)
    with pytest.raises(IndexMismatchError):
        Store.open(index, builder(HashingEncoder(name="other")).identity)
    Store.open(index).close()
