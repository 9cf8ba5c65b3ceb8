"""What is known of a work: entries of a `sources.toml`, and the front matter of Markdown files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

from qa.errors import SourceError
from qa.records import Metadata

CATALOGUE = "sources.toml"

_TOML_FRONT = re.compile(r"\+\+\+[ \t]*\n(.*?\n)?\+\+\+[ \t]*(?:\n|$)", re.DOTALL)
_YAML_FRONT = re.compile(r"---[ \t]*\n((?:[\w-]+[ \t]*:.*\n|[ \t]*(?:#.*)?\n)*)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_YAML_LINE = re.compile(r"^([\w-]+)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def read_catalogue(folder: Path) -> dict[str, Metadata]:
    """The entries of the folder's `sources.toml` by file (path from the folder, NFC); empty where there is none.

    Raises SourceError when it is not TOML, or an entry names no file.
    """
    path = folder / CATALOGUE
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("source", [])
        return {normalize("NFC", entry["file"]): metadata_of(entry) for entry in entries}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(path, str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, 'every [[source]] needs file = "…"') from error


def metadata_of(entry: Mapping[str, Any]) -> Metadata:
    """The known fields of an entry; others are left out, `container` stands in for `publisher`."""
    values = {field.name: _text(entry.get(field.name)) for field in fields(Metadata) if field.name != "year"}
    values["publisher"] = values["publisher"] or _text(entry.get("container"))
    year = re.search(r"(?<!\d)\d{4}(?!\d)", _text(entry.get("year")))
    return Metadata(**values, year=int(year[0]) if year else None)


def merged(first: Metadata, second: Metadata) -> Metadata:
    """`first`, with what it leaves open taken from `second`."""
    blank = {field.name for field in fields(Metadata) if not getattr(first, field.name)}
    return replace(first, **{name: getattr(second, name) for name in blank})


def front_matter(text: str, name: str) -> Metadata:
    """The metadata between two `+++` (TOML) or `---` (`key: value`) lines that open the text.

    Empty when the text opens with something else. Raises SourceError for `+++` lines around what is not TOML.
    """
    toml = _TOML_FRONT.match(text)
    if toml:
        try:
            return metadata_of(tomllib.loads(toml[1] or ""))
        except tomllib.TOMLDecodeError as error:
            raise _unreadable(name, f"front matter: {error}") from error
    yaml = _YAML_FRONT.match(text)
    if yaml:
        return metadata_of({key.lower(): value.strip("\"'") for key, value in _YAML_LINE.findall(yaml[1])})
    return Metadata()


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_text(part) for part in value)
    return "" if value is None else normalize("NFC", " ".join(str(value).split()))


def _unreadable(path: Path | str, reason: str) -> SourceError:
    return SourceError(
        f"{path} cannot be read: {reason}. Correct it.",
        f"{path}을(를) 읽을 수 없습니다: {reason}. 고쳐 주세요.",
        subject=str(path),
    )
