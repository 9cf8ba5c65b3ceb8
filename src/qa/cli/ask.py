"""`qa ask`: one question, or a batch of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.session import Session
from qa.cli.usage import CommandLineError

BATCH_HAD_ERRORS = 7


def ask(
    ctx: typer.Context,
    question: Annotated[str | None, typer.Argument(help="question", metavar="[QUESTION]")] = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="batch", metavar="FILE")] = None,
    hits: Annotated[int | None, typer.Option("--hits", help="hits", metavar="N")] = None,
) -> None:
    """Answer a question, or the questions of a file."""
    session: Session = ctx.obj
    if (question is None) == (batch is None):
        raise CommandLineError("usage.question_or_batch", command=ctx.command_path)
    if batch is not None:
        _batch(session, batch, hits)
    elif question is not None:
        _one(session, question, hits)


def _one(session: Session, question: str, hits: int | None) -> None:
    from qa.cli.shapes import answer_object
    from qa.records import Status

    with session.engine(hits=hits) as engine:
        answer = engine.ask(question, filters=session.filters())
        if session.as_json:
            return session.write_json(answer_object(answer))
        from qa.cli.render import answer_view, nearest_view

        session.show(*answer_view(answer))
        if answer.status is Status.NOT_FOUND:
            session.show(*nearest_view(answer, engine.title))
    return None


def _batch(session: Session, path: Path, hits: int | None) -> None:
    from qa.cli.batch import answer_lines, batch_lines

    with batch_lines(path) as lines, session.engine(hits=hits) as engine:
        if not answer_lines(lines, engine, session):
            raise typer.Exit(BATCH_HAD_ERRORS)
