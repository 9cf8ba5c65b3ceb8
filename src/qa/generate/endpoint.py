"""The way to a language model: any OpenAI-compatible chat endpoint, and the seam for another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field, ValidationError

from qa.errors import GenerationError
from qa.settings import Settings

_REPLY_BYTES = 1_000_000
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class Endpoint(Protocol):
    """What a language model must do; `name` is told to the reader of an answer."""

    @property
    def name(self) -> str:
        """The model's name."""

    def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """The reply to chat messages, never blank. Raises GenerationError when there is none."""


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class ChatEndpoint:
    """`POST {llm_url}/chat/completions`, answered in full within `llm_timeout` seconds or not at all.

    The key goes to that address only: redirects are not followed, proxies and .netrc files are not consulted, and
    no error tells more than the host and what went wrong.
    """

    def __init__(self, settings: Settings) -> None:
        base = settings.llm_url.rstrip("/")
        self._url = base if base.endswith("/chat/completions") else f"{base}/chat/completions"
        self._model = settings.llm_model
        self._timeout = settings.llm_timeout
        self._headers = {"Authorization": f"Bearer {settings.llm_key}"} if settings.llm_key else {}

    @property
    def name(self) -> str:
        """The model's name, or the endpoint's host where no model is named."""
        return self._model or self._host

    @property
    def _host(self) -> str:
        try:
            return urlsplit(self._url).hostname or "?"
        except ValueError:
            return "?"

    def complete(self, messages: Sequence[dict[str, str]]) -> str:
        """The reply of the model, without the thoughts that some put before it."""
        body: dict[str, object] = {"messages": list(messages), "temperature": 0}
        if self._model:
            body["model"] = self._model
        try:
            raw = b"".join(self._chunks(body))
            reply = _Completion.model_validate_json(raw).choices[0].message.content
        except ValidationError as error:
            raise self._failed("it sent no chat completion", "채팅 응답 형식이 아닙니다") from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise self._failed(*_reason(error)) from error
        reply = _THINKING.sub("", reply).strip()
        if not reply:
            raise self._failed("its reply is empty", "응답이 비어 있습니다")
        return reply

    def _chunks(self, body: dict[str, object]) -> Iterator[bytes]:
        """The answer as it comes in: its size and the whole time are bounded, not only the wait for each part."""
        deadline = monotonic() + self._timeout
        size = 0
        with (
            httpx.Client(timeout=self._timeout, trust_env=False) as client,
            client.stream("POST", self._url, json=body, headers=self._headers) as response,
        ):
            response.raise_for_status()
            for chunk in response.iter_bytes():
                size += len(chunk)
                if monotonic() > deadline:
                    raise httpx.ReadTimeout("late")
                if size > _REPLY_BYTES:
                    raise self._failed("its reply is far too long", "응답이 너무 깁니다")
                yield chunk

    def _failed(self, english: str, korean: str) -> GenerationError:
        return GenerationError(
            f"The language model at {self._host} gave no wording: {english}. The answer is the documents' own words. "
            "Check QA_LLM_URL, QA_LLM_MODEL and QA_LLM_KEY.",
            f"{self._host}의 언어 모델에서 문장을 받지 못했습니다: {korean}. 문서의 원문으로 답합니다. "
            "QA_LLM_URL, QA_LLM_MODEL, QA_LLM_KEY를 확인하세요.",
            subject=self._host,
        )


def _reason(error: Exception) -> tuple[str, str]:
    """What went wrong in both languages, without the words of the error: those may repeat a header."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP status {error.response.status_code}", f"HTTP 상태 {error.response.status_code}"
    if isinstance(error, httpx.TimeoutException):
        return "no complete reply in time", "제시간에 응답이 끝나지 않았습니다"
    name = type(error).__name__
    return f"it cannot be reached ({name})", f"연결할 수 없습니다({name})"
