"""Bytes to text: what the bytes are is sniffed, never believed from the file's name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from qa.errors import BinaryFileError, EmptyFileError, EncodingError, LineTooLongError
from qa.text import HANGUL

_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP (DOCX, HWPX, EPUB …)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE (HWP 5, DOC …)"),
    (b"HWP Document File", "HWP 3"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "GZIP"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_COMMON = re.compile("[이다는의을에가하고를로은한지도사서기인어]")
_SHOWN = 80


def decode(data: bytes, name: str, max_line_chars: int) -> str:
    """The text of `data` without byte order mark, every line end (CRLF, CR) as one LF.

    Encodings: UTF-8, UTF-16 with its mark, CP949 where the whole file decodes to what looks like Korean. Raises
    BinaryFileError, EncodingError, EmptyFileError or LineTooLongError.
    """
    _refuse_binary(data, name)
    text = _unmarked(data, name).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise _binary(name, "binary data", "이진 데이터")
    if not text.strip("\ufeff \t\n\f\v\u3000\xa0"):
        raise no_text(name)
    _refuse_long_line(text, name, max_line_chars)
    return text


def no_text(name: str) -> EmptyFileError:
    """The error for a file without text, or with nothing but front matter and comments."""
    return EmptyFileError(
        f"{name} holds no text. Give a file with text in it.",
        f"{name}에 글이 없습니다. 글이 있는 파일을 넣으세요.",
        subject=name,
    )


def _refuse_binary(data: bytes, name: str) -> None:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _binary(name, f"{what} data", f"{what} 데이터")
    if b"\0" in data and not data.startswith(_UTF16):
        raise _binary(name, "binary data", "이진 데이터")


def _binary(name: str, english: str, korean: str) -> BinaryFileError:
    return BinaryFileError(
        f"{name} is not text but {english}. Save it as text or Markdown in UTF-8.",
        f"{name}은(는) 텍스트가 아니라 {korean}입니다. UTF-8 텍스트나 Markdown으로 저장하세요.",
        subject=name,
    )


def _unmarked(data: bytes, name: str) -> str:
    if data.startswith(_UTF16):
        return _decoded(data, "utf-16", name)
    for encoding, accepts in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if accepts(text):
            return text
    raise _encoding(name)


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _encoding(name) from error


def _encoding(name: str) -> EncodingError:
    return EncodingError(
        f"{name} is in none of the encodings that are read: UTF-8, UTF-16 with a mark, CP949 (EUC-KR). "
        "Save it in UTF-8.",
        f"{name}의 인코딩을 알 수 없습니다. 읽는 인코딩: UTF-8, BOM이 있는 UTF-16, CP949(EUC-KR). UTF-8로 저장하세요.",
        subject=name,
    )


def _looks_korean(text: str) -> bool:
    """Whether what CP949 gave is Korean: bytes of Chinese, Japanese or French text decode to rare syllables and hanja.

    Most of what is not ASCII must be Hangul, and of that a tenth must be the commonest syllables (a third of Korean
    prose is).
    """
    foreign = len(_NOT_ASCII.findall(text))
    hangul = len(HANGUL.findall(text))
    return hangul * 2 > foreign and len(_COMMON.findall(text)) * 10 >= hangul


_ENCODINGS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("utf-8-sig", lambda text: True),
    ("cp949", _looks_korean),
)


def _refuse_long_line(text: str, name: str, limit: int) -> None:
    start = 0
    number = 1
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > limit:
            raise LineTooLongError(
                f"Line {number} of {name} has {end - start:,} characters; more than {limit:,} are not read. "
                "Break the line, or raise max_line_chars.",
                f"{name}의 {number}번째 줄이 {end - start:,}자입니다. {limit:,}자까지만 읽습니다. "
                "줄을 나누거나 max_line_chars를 늘리세요.",
                subject=name,
            )
        start, number = end + 1, number + 1
