"""One settings object, from defaults, a TOML file and `QA_*` variables; an unknown key is an error."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qa.errors import SettingsError

PREFIX = "QA_"
OTHER_VARIABLES = frozenset({"QA_INDEX"})
"""Variables with the prefix that are no settings: the folder of the index, which the command line reads."""


class Settings(BaseModel):
    """Everything that can be set, each with the variable `QA_<NAME>` beside its name in a TOML file.

    `encoder`: `auto` (the model in the box or `QA_MODEL_DIR`, else none), `none` (lexical legs only), the path of a
    folder with `model.onnx` and `tokenizer.json`, or the name or path of a sentence-transformers model.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoder: str = Field("auto", description="auto, none, an ONNX folder, or a sentence-transformers model")
    model_dir: str = Field("", description="folder of the ONNX encoder that `auto` takes when there is none in the box")
    threads: int = Field(2, ge=1, le=64, description="threads of the encoder and of the analyser")
    passage_chars: int = Field(600, ge=80, le=4000, description="budget of a passage in characters")
    window_chars: int = Field(200, ge=30, le=1000, description="budget of a window of sentences that is embedded")
    token_vectors: bool = Field(True, description="keep vectors of tokens too, where the encoder gives them")
    max_line_chars: int = Field(2_000_000, ge=1000, description="a longer single line is refused")
    question_chars: int = Field(2000, ge=10, description="a longer question is refused")
    hits: int = Field(10, ge=1, le=200, description="hits returned")
    depth: int = Field(100, ge=10, le=1000, description="hits taken from each leg before fusion")
    dense_weight_ko: float = Field(0.55, ge=0, le=1, description="vote of the dense leg for Korean questions")
    dense_weight_en: float = Field(0.9, ge=0, le=1, description="vote of the dense leg for English questions")
    token_share_ko: float = Field(0.5, ge=0, le=1, description="share of the dense vote that goes to tokens, Korean")
    token_share_en: float = Field(0.75, ge=0, le=1, description="share of the dense vote that goes to tokens, English")
    threshold: float = Field(0.4, ge=0, le=1, description="probability under which the answer is `not found`")
    answer_sentences: int = Field(5, ge=1, le=10, description="sentences that an answer has at most")
    answer_chars: int = Field(440, ge=50, le=4000, description="characters that an answer aims to stay under")
    llm_url: str = Field("", description="base URL of an OpenAI-compatible endpoint that words answers")
    llm_model: str = Field("", description="model name for the endpoint")
    llm_key: str = Field("", description="key for the endpoint", repr=False)
    llm_timeout: float = Field(30.0, gt=0, description="seconds to wait for the endpoint")
    language: str = Field("", description="language of messages: ko or en; empty follows LANG")


def load_settings(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings: defaults, overridden by the TOML file at `path`, overridden by `QA_*` variables.

    Raises SettingsError for an unknown key (in the file; or a `QA_*` variable that names none) or a bad value.
    """
    values: dict[str, Any] = {}
    if path is not None:
        values.update(_read_toml(path))
    for name, value in (os.environ if environment is None else environment).items():
        if name.startswith(PREFIX) and name not in OTHER_VARIABLES:
            values[name.removeprefix(PREFIX).lower()] = value
    try:
        return Settings(**values)
    except ValidationError as error:
        raise _settings_error(error) from error


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error}. Give a TOML file.",
            f"설정 파일 {path}을(를) 읽을 수 없습니다: {error}. TOML 파일을 지정하세요.",
            subject=str(path),
        ) from error


def _settings_error(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    known = ", ".join(Settings.model_fields)
    if first["type"] == "extra_forbidden":
        return SettingsError(
            f"There is no setting named {key}. The settings are: {known}.",
            f"{key}(이)라는 설정은 없습니다. 쓸 수 있는 설정: {known}.",
            subject=key,
        )
    return SettingsError(
        f"The setting {key} cannot be {first['input']!r}: {first['msg']}.",
        f"설정 {key}의 값 {first['input']!r}은(는) 쓸 수 없습니다: {first['msg']}.",
        subject=key,
    )
