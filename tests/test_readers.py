"""Files to text: encodings, line ends, names, metadata, and every refusal with its words."""

from __future__ import annotations

import codecs
import os
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import pytest

from qa.errors import (
    BinaryFileError,
    EmptyFileError,
    EncodingError,
    LineTooLongError,
    MissingFileError,
    SourceError,
    UnsupportedFormatError,
)
from qa.readers import Format, find_sources, load, read
from qa.records import Metadata
from qa.settings import load_settings

SETTINGS = load_settings(environment={})
TEXT = "등대지기는 새벽마다 물때를 적었다.\n배는 이틀 뒤에 들어왔다.\n"


def originals() -> Path:
    return Path(__file__).parents[2] / "shared" / "corpus"


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp949"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\r\n").encode("cp949"),
    ],
    ids=["utf-8", "bom", "cp949", "utf-16-le", "utf-16-be", "crlf", "cr", "cp949-crlf"],
)
def test_encodings_and_line_ends_give_one_text(tmp_path: Path, data: bytes) -> None:
    source = read(put(tmp_path, "lamp.txt", data), SETTINGS)
    assert source.text == TEXT
    assert source.sha256 == sha256(data).hexdigest()
    assert (source.name, source.id, source.format) == ("lamp.txt", "lamp", Format.TEXT)


def test_text_is_left_as_it_was_typed(tmp_path: Path) -> None:
    decomposed = normalize("NFD", TEXT)
    assert read(put(tmp_path, "nfd.txt", decomposed), SETTINGS).text == decomposed
    assert read(put(tmp_path, "page.txt", "앞 쪽\f뒤 쪽\u3000끝"), SETTINGS).text == "앞 쪽\f뒤 쪽\u3000끝"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("今天城市会议", "gbk"),
        ("今日の会議では計画を提示しました", "euc_jp"),
        ("Мэр города сказал", "koi8-r"),
        ("Le café de l'été", "latin-1"),
    ],
)
def test_other_encodings_are_refused_though_cp949_may_decode_them(tmp_path: Path, text: str, encoding: str) -> None:
    with pytest.raises(EncodingError, match=r"^a\.txt is in none of the encodings .* Save it in UTF-8\.$") as caught:
        read(put(tmp_path, "a.txt", text.encode(encoding)), SETTINGS)
    assert "UTF-8로 저장하세요" in caught.value.korean


def test_half_a_utf16_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="none of the encodings"):
        read(put(tmp_path, "a.txt", codecs.BOM_UTF16_LE + "가나".encode("utf-16-le")[:-1]), SETTINGS)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF data"),
        (b"PK\x03\x04\x14\x00", "ZIP (DOCX, HWPX, EPUB …) data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "OLE (HWP 5, DOC …) data"),
        (b"abc\x00def", "binary data"),
        (codecs.BOM_UTF16_LE + b"\x00\x00a\x00", "binary data"),
    ],
)
def test_binary_content_is_named_whatever_the_file_is_called(tmp_path: Path, data: bytes, what: str) -> None:
    with pytest.raises(BinaryFileError) as caught:
        read(put(tmp_path, "report.txt", data), SETTINGS)
    assert caught.value.english == f"report.txt is not text but {what}. Save it as text or Markdown in UTF-8."
    assert caught.value.subject == "report.txt"


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "\u3000\u00a0\f".encode()])
def test_files_without_text_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(EmptyFileError, match=r"^blank\.md holds no text\. Give a file with text in it\.$"):
        read(put(tmp_path, "blank.md", data), SETTINGS)


def test_a_ten_megabyte_line_is_refused_and_its_number_given(tmp_path: Path) -> None:
    path = put(tmp_path, "long.txt", "첫 줄\n" + "가" * 3_400_000)
    assert path.stat().st_size > 10_000_000
    with pytest.raises(LineTooLongError, match=r"^Line 2 of long\.txt has 3,400,000 characters; more than 2,000,000"):
        read(path, SETTINGS)


def test_a_line_at_the_limit_is_read(tmp_path: Path) -> None:
    text = "가" * 1000
    assert read(put(tmp_path, "edge.txt", text), load_settings(environment={"QA_MAX_LINE_CHARS": "1000"})).text == text


def test_unknown_formats_and_missing_files_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"Formats read: \.md, \.txt\."):
        read(put(tmp_path, "slides.pptx", "x"), SETTINGS)
    with pytest.raises(MissingFileError, match=r"There is no file or folder .*gone\.txt\. Check the path\."):
        read(tmp_path / "gone.txt", SETTINGS)


def test_a_file_that_went_in_between_is_a_source_error(tmp_path: Path) -> None:
    path = put(tmp_path, "gone.txt", TEXT)
    file = find_sources([path])[0]
    path.unlink()
    with pytest.raises(SourceError, match=r"^gone\.txt cannot be read: No such file or directory\. Check the file and"):
        load(file)


def test_folders_are_searched_in_order_and_notes_of_ours_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/README.md", "readme.md", ".hidden.txt", ".git/d.txt", "e.pdf", "z/UP.TXT"):
        put(tmp_path, name, TEXT)
    put(tmp_path, "sources.toml", "")
    found = find_sources([tmp_path, tmp_path / "b.txt"])
    assert [file.path.relative_to(tmp_path).as_posix() for file in found] == ["a/c.md", "b.txt", "e.pdf", "z/UP.TXT"]
    assert find_sources([tmp_path / "readme.md"])[0].id == "readme"


def test_a_folder_without_readable_files_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "e.pdf", "x")
    with pytest.raises(SourceError, match=r"^There is nothing to read in .*: it holds no file ending in \.md or"):
        find_sources([tmp_path])


def test_ids_are_nfc_names_and_a_shared_name_gets_a_hash_of_its_place(tmp_path: Path) -> None:
    decomposed = normalize("NFD", "가을  장부")
    put(tmp_path, f"{decomposed}.txt", TEXT)
    one, two = put(tmp_path, "one/log.txt", TEXT), put(tmp_path, "two/log.md", TEXT)
    ids = {file.path: file.id for file in find_sources([tmp_path])}
    assert ids[tmp_path / f"{decomposed}.txt"] == "가을-장부"
    assert ids[one] == "log-" + sha256(b"one/log.txt").hexdigest()[:8]
    assert ids[two] == "log-" + sha256(b"two/log.md").hexdigest()[:8]
    assert {file.id for file in find_sources([tmp_path / "one", tmp_path / "two"])} == {ids[one], ids[two]}
    assert find_sources([one])[0].id == "log"


def test_a_file_name_that_is_not_utf8_still_gives_a_name(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "장부".encode("cp949") + b".txt"
    try:
        Path(os.fsdecode(raw)).write_text(TEXT, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    file = find_sources([tmp_path])[0]
    assert file.name.encode("utf-8").endswith(b".txt")
    assert read(file.path, SETTINGS).text == TEXT


def test_metadata_comes_from_the_nearest_sources_toml(tmp_path: Path) -> None:
    put(
        tmp_path,
        "sources.toml",
        '[[source]]\nfile = "deep/log.txt"\ntitle = "항해"\ncontainer = "바다와 배"\nyear = 1999\n'
        '[[source]]\nfile = "near/log.txt"\ntitle = "멀리"\n',
    )
    put(tmp_path, "near/sources.toml", '[[source]]\nfile = "log.txt"\ntitle = "가까이"\nauthor = ["이솔", "박담"]\n')
    deep, near = put(tmp_path, "deep/log.txt", TEXT), put(tmp_path, "near/log.txt", TEXT)
    other = put(tmp_path, "other.txt", TEXT)
    known = {file.path: file.metadata for file in find_sources([tmp_path])}
    assert known[deep] == Metadata(title="항해", publisher="바다와 배", year=1999)
    assert known[near] == Metadata(title="가까이", author="이솔, 박담")
    assert known[other] == Metadata()
    assert find_sources([tmp_path / "deep"])[0].metadata == find_sources([deep])[0].metadata == known[deep]
    low = put(tmp_path, "a/b/deep/log.txt", TEXT)
    assert find_sources([tmp_path / "a"])[0].path == low
    assert find_sources([tmp_path / "a"])[0].metadata == Metadata()


@pytest.mark.parametrize(
    ("text", "reason"), [("[[source]\n", "Expected"), ('[[source]]\ntitle = "x"\n', r"every \[\[source\]\] needs file")]
)
def test_a_broken_sources_toml_is_named(tmp_path: Path, text: str, reason: str) -> None:
    put(tmp_path, "sources.toml", text)
    put(tmp_path, "log.txt", TEXT)
    with pytest.raises(SourceError, match=rf"sources\.toml cannot be read: .*{reason}.* Correct it\."):
        find_sources([tmp_path])


def test_front_matter_goes_before_sources_toml_and_stays_in_the_text(tmp_path: Path) -> None:
    put(tmp_path, "sources.toml", '[[source]]\nfile = "log.md"\ntitle = "밖"\nauthor = "밖"\n')
    toml = f'+++\ntitle = "안"\nyear = 2004\nlicence = "CC BY"\n+++\n\n{TEXT}'
    source = read(put(tmp_path, "log.md", toml), SETTINGS)
    assert source.text == toml
    assert source.format is Format.MARKDOWN
    assert source.metadata == Metadata(title="안", author="밖", year=2004)
    yaml = f'---\n# note\nTitle: "안: 둘"\nyear: 2004년\nkind:\n---\n{TEXT}'
    assert read(put(tmp_path, "log.md", yaml), SETTINGS).metadata == Metadata("안: 둘", author="밖", year=2004)


@pytest.mark.parametrize("text", [f"---\n{TEXT}---\n", f"+++\n{TEXT}", f"# 제목\n\n---\n{TEXT}"])
def test_what_only_looks_like_front_matter_is_text(tmp_path: Path, text: str) -> None:
    source = read(put(tmp_path, "log.md", text), SETTINGS)
    assert source.metadata == Metadata()


def test_front_matter_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^log\.md cannot be read: front matter: .* Correct it\.$"):
        read(put(tmp_path, "log.md", f"+++\ntitle: x\n+++\n{TEXT}"), SETTINGS)


@pytest.mark.skipif(not originals().is_dir(), reason="the originals are not there")
def test_the_originals_are_read_whole() -> None:
    files = find_sources([originals()])
    assert len(files) == 5
    for file in files:
        source = read(file.path, SETTINGS)
        assert source.text == file.path.read_bytes().decode("utf-8").replace("\r\n", "\n")
        assert source.metadata.title
