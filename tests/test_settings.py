"""Settings: defaults, then the file, then the environment; what cannot be is refused with its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from qa.errors import SettingsError
from qa.settings import OTHER_VARIABLES, PREFIX, Settings, load_settings


def toml(folder: Path, text: str) -> Path:
    path = folder / "qa.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_there_are_the_defaults() -> None:
    assert load_settings(environment={}) == Settings()


def test_the_environment_overrides_the_file_and_the_file_the_defaults(tmp_path: Path) -> None:
    path = toml(tmp_path, 'encoder = "none"\nhits = 7\nthreads = 3\n')
    found = load_settings(path, {"QA_HITS": "9", "PATH": "/bin"})
    assert (found.encoder, found.hits, found.threads) == ("none", 9, 3)
    assert found.depth == Settings().depth


def test_variables_are_read_from_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("QA_HITS", "11")
    assert load_settings().hits == 11


def test_the_other_variables_of_the_house_are_no_settings() -> None:
    assert load_settings(environment=dict.fromkeys(OTHER_VARIABLES, "x")) == Settings()


@pytest.mark.parametrize("text", ['colour = "blue"', "[llm]\nurl = 1"])
def test_an_unknown_key_of_the_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"There is no setting named (colour|llm)") as caught:
        load_settings(toml(tmp_path, text), {})
    assert caught.value.subject in {"colour", "llm"}
    assert "쓸 수 있는 설정: encoder, model_dir" in caught.value.korean


def test_an_unknown_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="There is no setting named hitz") as caught:
        load_settings(environment={"QA_HITZ": "3"})
    assert caught.value.subject == "hitz"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("hits", "many", "valid integer"),
        ("hits", "0", "greater than or equal to 1"),
        ("threshold", "1.5", "less than or equal to 1"),
        ("llm_timeout", "0", "greater than 0"),
        ("passage_chars", "10", "greater than or equal to 80"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_the_reason(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"The setting {name} cannot be '{value}': .*{words}") as caught:
        load_settings(environment={PREFIX + name.upper(): value})
    assert caught.value.subject == name
    assert f"설정 {name}의 값 '{value}'" in caught.value.korean


@pytest.mark.parametrize("data", [b"hits = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "qa.toml"
    path.write_bytes(data)
    with pytest.raises(
        SettingsError, match=r"settings file .*qa\.toml cannot be read: .* Give a TOML file\."
    ) as caught:
        load_settings(path, {})
    assert caught.value.subject == str(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "no.toml", {})


def test_settings_never_change_and_never_show_the_key() -> None:
    found = load_settings(environment={"QA_LLM_KEY": "secret"})
    assert "secret" not in repr(found)
    with pytest.raises(ValidationError, match="frozen"):
        found.hits = 3  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
