"""`qa index` and `qa delete`: what the index holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.session import Session

if TYPE_CHECKING:
    from qa.build import BuildReport

SOME_WERE_SKIPPED = 1


def index(
    ctx: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="paths", metavar="PATH...")],
    keep: Annotated[bool, typer.Option("--keep", help="keep")] = False,
) -> None:
    """Read documents and build the index."""
    from qa.cli.reports import build_object, build_view

    session: Session = ctx.obj
    report = _build(session, paths, keep=keep)
    if session.as_json:
        session.write_json(build_object(report, session.language))
    else:
        session.show(*build_view(report, session.language))
    if any(file.error for file in report.files):
        raise typer.Exit(SOME_WERE_SKIPPED)


def _build(session: Session, paths: list[Path], *, keep: bool) -> BuildReport:
    """Build with a progress bar on standard error, where that is a terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from qa.build import Builder
    from qa.encoders import open_encoder
    from qa.korean import Analyser

    settings = session.settings()
    console = session.messages
    columns = (BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal, redirect_stdout=False
    ) as bar:
        task = bar.add_task("", total=None)

        def progress(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        builder = Builder(settings, Analyser(threads=settings.threads), open_encoder(settings), progress)
        return builder.build(paths, session.index, keep_missing=keep)


def delete(
    ctx: typer.Context,
    documents: Annotated[list[str], typer.Argument(help="documents", metavar="DOCUMENT...")],
) -> None:
    """Remove documents from the index."""
    from dataclasses import asdict

    from qa.build import delete as remove

    session: Session = ctx.obj
    receipt = remove(documents, session.index)
    if session.as_json:
        return session.write_json(asdict(receipt))
    names = ", ".join(receipt.documents)
    return session.show(session.say("delete.done", names=names, passages=receipt.passages))
