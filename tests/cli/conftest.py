"""The real command line in a process of its own, and one small index for all tests that only read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

BRIDGE = """# 나루시 흔들다리 백서

## 제1장 다리의 역사

나루시의 흔들다리는 1987년 5월 3일에 놓였다. 당시 시장은 김하늘이었으며, 공사비는 모두 12억 원이었
다. 다리의 길이는 210미터이고 폭은 3미터이다.

<!-- 사진은 뺐다 -->

## 제2장 도시 교류

나루시는 1999년에 미도리시와 자매결연을 맺었다. 두 도시는 해마다 학생 교류(student exchange)를 이어 오고
있다. 2010년에는 물의 도시 연합(League of Water Cities, LWC)에 가입하였다.
"""
GARDEN = """---
title: 바다시 정원 보고서
author: 박바다
year: 2016
---
# 바다시 정원 보고서

## 정원의 크기

바다시 정원의 넓이는 45헥타르이다. 정원을 찾는 사람은 해마다 30만 명이다.

## 정원의 나무

정원에는 은행나무와 느티나무가 자란다. 은행나무는 모두 1,200그루이다.
"""


def environment(**variables: str) -> dict[str, str]:
    """Variables for a run of `qa`, without those of whoever runs the tests.

    The threshold is 0, so that whatever is found is an answer: how likely it is one is for other tests.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "LC_", "LANG"))}
    ours = {"LANG": "ko_KR.UTF-8", "COLUMNS": "80", "QA_ENCODER": "none", "QA_THRESHOLD": "0"}
    return {**inherited, **ours, **variables}


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.out)
        return value


Qa = Callable[..., Run]


@pytest.fixture(scope="session")
def qa(tmp_path_factory: pytest.TempPathFactory) -> Qa:
    """Runs `qa` with these arguments in an empty folder."""
    home = tmp_path_factory.mktemp("home")

    def run(*arguments: str | Path, stdin: bytes | None = None, **variables: str) -> Run:
        command = [sys.executable, "-m", "qa", *map(str, arguments)]
        done = subprocess.run(
            command, input=stdin, capture_output=True, env=environment(**variables), cwd=home, timeout=120
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents that can be read and two files that cannot."""
    folder = tmp_path_factory.mktemp("papers")
    (folder / "bridge.md").write_text(BRIDGE, encoding="utf-8")
    (folder / "garden.md").write_text(GARDEN, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    return folder


@pytest.fixture(scope="session")
def built(qa: Qa, papers: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """An index of the papers, and the run that built it."""
    folder = tmp_path_factory.mktemp("index") / "papers"
    return folder, qa("index", papers, "--index", folder)


@pytest.fixture(scope="session")
def index(built: tuple[Path, Run]) -> Path:
    """An index of the papers: read it, never write it."""
    return built[0]
