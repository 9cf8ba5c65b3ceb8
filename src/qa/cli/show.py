"""`qa show`: a document or a passage, and how its text was repaired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.session import Session

if TYPE_CHECKING:
    from qa.records import Document, Passage


def show(
    ctx: typer.Context,
    identifier: Annotated[str, typer.Argument(help="identifier", metavar="ID")],
    text: Annotated[bool, typer.Option("--text", help="text")] = False,
) -> None:
    """Show a document or a passage."""
    session: Session = ctx.obj
    with session.store() as store:
        if identifier in {summary.id for summary in store.documents()}:
            return _document(session, store.document(identifier), text=text)
        passage = store.passage(identifier)
        return _passage(session, passage, store.document(passage.document_id), text=text)


def _document(session: Session, document: Document, *, text: bool) -> None:
    if session.as_json:
        from qa.cli.shapes import document_object

        return session.write_json(document_object(document, text=text))
    if text:
        return session.write_text(document.text)
    from qa.cli.accounts import document_view

    return session.show(*document_view(document, session.language))


def _passage(session: Session, passage: Passage, document: Document, *, text: bool) -> None:
    if session.as_json:
        from qa.cli.shapes import passage_object

        return session.write_json(passage_object(passage, document))
    if text:
        return session.write_text(passage.text)
    from qa.cli.accounts import passage_view

    return session.show(*passage_view(passage, document, session.language))
