"""The house keeps its shape: public names, docstrings, budgets, a light import, and documents that tell the truth."""

from __future__ import annotations

import ast
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa
import qa.errors
from qa.errors import QAError
from qa.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
READMES = (ROOT / "README.md", ROOT / "README.ko.md")
CODE = sorted(path for room in ("src", "api", "eval", "benchmarks", "training") for path in (ROOT / room).rglob("*.py"))
FILE_LINES, BODY_LINES, USUAL_BODY_LINES, USUAL_SHARE, PARAMETERS = 300, 40, 20, 0.9, 5
LONG_FILES = {"src/qa/cli/messages.py"}
"""Files over the budget, each for a reason: the messages are a table in two languages."""
WIDE = ("src/qa/cli/",)
"""Rooms whose functions take a parameter for each option of a command."""
HEAVY = ("torch", "sentence_transformers", "onnxruntime", "faiss", "tantivy", "kiwipiepy")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions() -> Iterator[tuple[str, Function]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{name_of(path)}:{node.name}", node


def body_lines(node: Function) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def test_the_public_names_are_sorted_and_there() -> None:
    assert list(qa.__all__) == sorted(qa.__all__)
    assert [name for name in qa.__all__ if not hasattr(qa, name)] == []


def test_everything_public_says_what_it_is() -> None:
    silent = []
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        silent += [name_of(path)] if not ast.get_docstring(tree) else []
        silent += [f"{name_of(path)}:{node.name}" for node in public(tree) if not ast.get_docstring(node)]
    assert silent == []


def test_files_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES and name not in LONG_FILES} == {}


def test_functions_are_short() -> None:
    lines = {name: body_lines(node) for name, node in functions()}
    assert {name: count for name, count in lines.items() if count > BODY_LINES} == {}
    usual = sum(count <= USUAL_BODY_LINES for count in lines.values())
    assert usual >= USUAL_SHARE * len(lines)


def test_functions_take_few_parameters() -> None:
    wide = {}
    for name, node in functions():
        given = [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        count = len([each for each in given if each not in {"self", "cls"}])
        if count > PARAMETERS and not name.startswith(WIDE):
            wide[name] = count
    assert wide == {}


def test_importing_is_quick_and_loads_no_engine() -> None:
    code = (
        "import time; began = time.perf_counter(); import qa; took = time.perf_counter() - began; import sys;"
        f"print(took, *[name for name in {HEAVY} if name in sys.modules])"
    )
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment = plain | {"PYTHONPATH": str(ROOT / "src")}
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        for _ in range(5)
    ]
    told = [run.stdout.split() for run in runs]
    assert [loaded for _, *loaded in told] == [[]] * 5
    assert min(float(took) for took, *_ in told) < 2 * 0.2


def test_every_error_is_drawn_in_the_tree_and_has_its_own_code() -> None:
    classes = [each for _, each in inspect.getmembers(qa.errors, inspect.isclass) if issubclass(each, QAError)]
    drawn = re.findall(r"\b\w+Error\b", qa.errors.__doc__ or "")
    assert sorted(drawn) == sorted(each.__name__ for each in classes)
    assert len({each.code for each in classes}) == len(classes)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
class TestReadme:
    def test_the_first_run_stands_by_line_25(self, readme: Path) -> None:
        top = "\n".join(readme.read_text(encoding="utf-8").splitlines()[:25])
        assert "make demo" in top
        assert "make test" in readme.read_text(encoding="utf-8")

    def test_the_tree_names_the_rooms_that_there_are(self, readme: Path) -> None:
        told = re.search(r"```text\n(corpus/.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)
        assert told
        rooms = [line.split()[0] for line in told[1].splitlines() if line and not line.startswith(" ")]
        assert [room for room in rooms if not (ROOT / room).is_dir()] == []
        here = {f"{name_of(path)}/" for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
        ours = {room for room in here if any((ROOT / room).glob("README.md")) or any((ROOT / room).glob("*.py"))}
        assert ours <= {room.split("/")[0] + "/" for room in rooms}

    def test_every_setting_is_documented_with_its_default(self, readme: Path) -> None:
        text = readme.read_text(encoding="utf-8")
        rows = dict(re.findall(r"^\| `(QA_\w+)`(?: \*)? \| `?([^`|]*?)`? \|", text, re.MULTILINE))
        wanted = {PREFIX + name.upper(): str(field.default) for name, field in Settings.model_fields.items()}
        assert {name: rows.get(name, "").strip() for name in wanted} == wanted

    def test_every_error_code_is_documented(self, readme: Path) -> None:
        text = readme.read_text(encoding="utf-8")
        classes = [each for _, each in inspect.getmembers(qa.errors, inspect.isclass) if issubclass(each, QAError)]
        assert [each.code for each in classes if each is not QAError and f"`{each.code}`" not in text] == []
