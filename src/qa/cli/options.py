"""The options that commands share, declared once and added to the commands that take them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.main import get_command

from qa.cli.help import Command
from qa.records import BlockKind, Language, Region


def _remember(ctx: typer.Context, param: typer.CallbackParam, value: object) -> object:
    """Puts the value where `Session` looks for it, instead of among the arguments of the command."""
    ctx.obj.options[param.name] = value
    return value


def _option(flag: str, panel: str, *, metavar: str = "") -> object:
    name = flag.removeprefix("--").replace("-", "_")
    return typer.Option(
        flag, help=name, metavar=metavar or None, rich_help_panel=panel, callback=_remember, expose_value=False
    )


def _shared(
    index: Annotated[Path | None, _option("--index", "shared", metavar="DIR")] = None,
    settings: Annotated[Path | None, _option("--settings", "shared", metavar="FILE")] = None,
    json: Annotated[bool, _option("--json", "shared")] = False,
    language: Annotated[Language | None, _option("--language", "shared", metavar="ko|en")] = None,
    verbose: Annotated[bool, _option("--verbose", "shared")] = False,
) -> None:
    """For every command."""


def _filters(
    document: Annotated[list[str] | None, _option("--document", "filters", metavar="ID")] = None,
    author: Annotated[str, _option("--author", "filters", metavar="NAME")] = "",
    from_year: Annotated[int | None, _option("--from-year", "filters", metavar="YEAR")] = None,
    to_year: Annotated[int | None, _option("--to-year", "filters", metavar="YEAR")] = None,
    region: Annotated[list[Region] | None, _option("--region", "filters", metavar="NAME")] = None,
    kind: Annotated[list[BlockKind] | None, _option("--kind", "filters", metavar="NAME")] = None,
) -> None:
    """For the commands that search."""


def shared_options() -> list[Any]:
    """The options of every command, as the command line's parser takes them."""
    return _params(_shared)


def filter_options() -> list[Any]:
    """The options that narrow a search down."""
    return _params(_filters)


def _params(function: Callable[..., None]) -> list[Any]:
    app = typer.Typer(add_completion=False)
    app.command(cls=Command)(function)
    return list(get_command(app).params)
