"""Building, looking at and deleting from an index by the command line."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import BRIDGE, Qa, Run


def text(run: Run) -> str:
    return " ".join(run.out.split())


def test_the_closing_table_says_what_became_of_each_file(built: tuple[Path, Run]) -> None:
    _, run = built
    assert run.code == 1  # two files were skipped
    assert run.err == ""
    rows = {
        line.split()[0]: line.split()[1] for line in run.out.splitlines() if line.split()[0].endswith((".txt", ".md"))
    }
    assert rows == {"bridge.md": "읽음", "garden.md": "읽음", "empty.txt": "건너뜀", "picture.txt": "건너뜀"}
    assert "이은 줄" in text(run)
    assert "empty.txt에 글이 없습니다" in text(run)
    assert "picture.txt은(는) 텍스트가 아니라 PNG 데이터입니다" in text(run)
    assert "색인에 문서 2개" in text(run)


def test_a_second_run_reads_nothing_again(qa: Qa, built: tuple[Path, Run], papers: Path) -> None:
    run = qa("index", papers, "--index", built[0], "--json")
    assert run.code == 1
    assert run.err == ""
    files = {file["name"]: file for file in run.json["files"]}
    assert {name: file["status"] for name, file in files.items()} == {
        "bridge.md": "unchanged", "garden.md": "unchanged", "empty.txt": "skipped", "picture.txt": "skipped",
    }  # fmt: skip
    assert files["empty.txt"]["error"]["code"] == "source_empty"
    assert files["picture.txt"]["error"]["message"].startswith("picture.txt은(는) 텍스트가 아니라")
    assert files["bridge.md"]["repairs"]["lines joined"] == 2
    assert not run.json["changed"]
    assert run.json["counts"]["documents"] == 2


def test_the_index_may_be_named_by_a_variable(qa: Qa, index: Path) -> None:
    by_variable = qa("info", "--json", QA_INDEX=str(index))
    assert by_variable.code == 0
    assert by_variable.json == qa("info", "--json", "--index", index, QA_INDEX="/nowhere").json


def test_info_lists_the_documents(qa: Qa, index: Path) -> None:
    run = qa("info", "--index", index)
    assert run.code == 0
    assert "kiwipiepy" in text(run)
    assert "garden 바다시 정원 보고서 2016" in text(run)
    assert "박바다" in text(run)
    shape = qa("info", "--index", index, "--json").json
    assert [document["id"] for document in shape["documents"]] == ["bridge", "garden"]
    assert shape["counts"]["documents"] == 2
    assert "files" not in shape


def test_show_explains_the_repair_of_a_document(qa: Qa, index: Path) -> None:
    run = qa("show", "bridge", "--index", index)
    assert run.code == 0
    for words in (
        "ID bridge",
        "파일 bridge.md",
        "고친 것",
        "이은 줄 2",
        "본문에서 뺀 것과 까닭",
        "서식 기호 3곳(8자)",
    ):
        assert words in text(run)
    english = text(qa("show", "bridge", "--index", index, "--language", "en"))
    for words in ("Repaired", "lines joined 2", "Left out of the text, and why", "markup 3 (8 characters)"):
        assert words in english


def test_the_text_of_a_document_is_the_repaired_text_alone(qa: Qa, index: Path) -> None:
    run = qa("show", "bridge", "--text", "--index", index)
    assert "공사비는 모두 12억 원이었다. 다리의 길이는 210미터이고 폭은 3미터이다." in run.out
    assert run.out == qa("show", "bridge", "--text", "--json", "--index", index).json["text"] + "\n"


def test_the_account_of_a_document_adds_up(qa: Qa, index: Path) -> None:
    shape = qa("show", "bridge", "--json", "--index", index).json
    assert "text" not in shape
    left_out = [BRIDGE[discard["source_start"] : discard["source_end"]] for discard in shape["discards"]]
    assert [words for words in left_out if words.strip()] == ["# ", "## ", "<!-- 사진은 뺐다 -->", "## "]
    assert shape["repairs"]["lines joined"] == 2
    assert shape["characters"] + sum(map(len, left_out)) >= len(BRIDGE)


def test_show_a_passage_with_its_place_in_the_file(qa: Qa, index: Path) -> None:

    from qa.store import Store

    with Store.open(index) as store:
        passage = next(p for p in store.passages_of("bridge") if "1987년" in p.text)
    shape = qa("show", passage.id, "--json", "--index", index).json
    pieces = "".join(BRIDGE[start:end] for start, end in shape["source_pieces"])
    assert "".join(pieces.split()) == "".join(shape["text"].split())
    assert shape["text"] == passage.text
    assert shape["kind"] == passage.kind.value
    page = text(qa("show", passage.id, "--index", index))
    assert passage.text[:20] in page
    assert f"조각 {len(shape['source_pieces'])}개를 이음" in page
    assert qa("show", passage.id, "--text", "--index", index).out == passage.text + "\n"


@pytest.mark.parametrize("command", ["show", "delete"])
def test_what_is_not_there(qa: Qa, index: Path, command: str) -> None:
    run = qa(command, "nothing", "--index", index)
    assert (run.code, run.out) == (4, "")
    assert "'nothing'이(가) 없습니다" in run.err
    error = qa(command, "nothing", "--index", index, "--json", "--language", "en").json["error"]
    assert (error["code"], error["subject"]) == ("not_found", "nothing")
    assert error["message"].startswith("There is no ")


def test_delete_and_what_a_build_removes(qa: Qa, papers: Path, index: Path, tmp_path: Path) -> None:
    copy, alone = tmp_path / "copy", tmp_path / "alone"
    shutil.copytree(index, copy)
    alone.mkdir()
    shutil.copy(papers / "bridge.md", alone)
    kept = qa("index", alone, "--keep", "--index", copy)
    assert kept.code == 0
    assert "경로에 파일이 없지만 남겼습니다: garden" in text(kept)
    removed = qa("index", alone, "--index", copy)
    assert "지웠습니다(--keep을 주면 남깁니다): garden" in text(removed)
    deleted = qa("delete", "bridge", "--index", copy)
    assert deleted.code == 0
    assert text(deleted).startswith("bridge 문서를 지웠습니다(대목 ")
    assert qa("info", "--json", "--index", copy).json["documents"] == []


def test_a_path_that_is_not_there(qa: Qa, tmp_path: Path) -> None:
    run = qa("index", tmp_path / "none.txt", "--index", tmp_path / "index")
    assert run.code == 2
    assert "none.txt" in run.err
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_reader_that_goes_away_is_no_error(index: Path) -> None:
    command = [sys.executable, "-m", "qa", "show", "bridge", "--text", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
