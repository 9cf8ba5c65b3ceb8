"""What became of each file of a build: as a table, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from qa.build import BuildReport, FileReport, FileStatus
from qa.cli.messages import say
from qa.cli.render import named
from qa.records import Language

_STYLES = {FileStatus.INDEXED: "green", FileStatus.UNCHANGED: "dim", FileStatus.KEPT: "yellow"}


def build_object(report: BuildReport, language: Language) -> dict[str, Any]:
    """The report with its errors as code and message."""
    return {
        "generation": report.generation,
        "changed": report.changed,
        "files": [_file_object(file, language) for file in report.files],
        "removed": list(report.removed),
        "kept_missing": list(report.kept_missing),
        "rebuilt": report.rebuilt.message(language) if report.rebuilt else None,
        "counts": dict(report.counts),
        "seconds": {stage: round(seconds, 3) for stage, seconds in report.seconds.items()},
    }


def _file_object(file: FileReport, language: Language) -> dict[str, Any]:
    error = file.error
    return {
        "name": file.name,
        "document": file.document_id,
        "status": file.status.value,
        "error": {"code": error.code, "message": error.message(language)} if error else None,
        "passages": file.passages,
        "repairs": dict(file.repairs),
        "warnings": list(file.warnings),
    }


def build_view(report: BuildReport, language: Language) -> Iterator[RenderableType]:
    """A row for each file, what left the index, and what it holds now."""
    if report.rebuilt:
        yield Text(say("index.rebuilt", language, reason=report.rebuilt.message(language)), style="yellow")
    yield _table(report, language)
    for key, documents in (("index.removed", report.removed), ("index.kept_missing", report.kept_missing)):
        if documents:
            yield Text(say(key, language, names=", ".join(documents)), style="yellow")
    seconds = sum(report.seconds.values())
    yield Text(say("index.total" if report.changed else "index.same", language, seconds=seconds, **report.counts))


def _table(report: BuildReport, language: Language) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", expand=False)
    table.add_column(say("index.file", language), overflow="fold")
    table.add_column(say("index.status", language), no_wrap=True)
    table.add_column(say("index.passages", language), justify="right", no_wrap=True)
    table.add_column(say("index.account", language), ratio=1, overflow="fold")
    for file in report.files:
        status = Text(say(f"status.{file.status.value}", language), style=_STYLES.get(file.status, "red"))
        table.add_row(Text(file.name), status, str(file.passages or ""), _account(file, language))
    return table


def _account(file: FileReport, language: Language) -> Text:
    """Why it was skipped, or what was repaired and what to look at."""
    if file.error:
        return Text(file.error.message(language), style="red")
    repairs = [f"{named('repair', name, language)} {count:,}" for name, count in file.repairs.items() if count]
    text = Text(" · ".join(repairs), style="dim")
    for warning in file.warnings:
        text.append(f"\n{warning}", style="yellow")
    return text
