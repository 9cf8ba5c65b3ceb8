"""`qa info`: what the index holds."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer

from qa.cli.session import Session

if TYPE_CHECKING:
    from qa.store import Store


def info(ctx: typer.Context) -> None:
    """Tell what the index holds."""
    session: Session = ctx.obj
    with session.store() as store:
        if session.as_json:
            return session.write_json(_info_object(store, session))
        from qa.cli.accounts import index_view

        return session.show(*index_view(store.manifest, store.documents(), session.index, session.language))


def _info_object(store: Store, session: Session) -> dict[str, Any]:
    manifest = asdict(store.manifest)
    del manifest["files"]
    return {"index": str(session.index), **manifest, "documents": [asdict(summary) for summary in store.documents()]}
