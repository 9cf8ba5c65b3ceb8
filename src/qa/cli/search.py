"""`qa search`: the passages that fit best, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.session import Session


def search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="query", metavar="QUERY")],
    hits: Annotated[int | None, typer.Option("--hits", help="hits", metavar="N")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="explain")] = False,
) -> None:
    """List the passages that fit best."""
    session: Session = ctx.obj
    with session.engine(hits=hits) as engine:
        found = engine.search(query, filters=session.filters())
        if session.as_json:
            from qa.cli.shapes import explained_object

            return session.write_json({"query": query, "hits": [explained_object(hit) for hit in found]})
        from qa.cli.render import hits_view

        session.show(*hits_view(found, engine.title, session.language, explain=explain))
        if not found:
            session.show(session.say("search.none"))
    return None
