"""What was wrong with a command line, in both languages: typer says it in English only."""

from __future__ import annotations

from typing import Any, Protocol

import typer

from qa.cli.messages import say
from qa.errors import InputError


class CommandLineError(InputError):
    """The command line names an option or command that there is not, or gives a value that cannot be."""

    code = "usage"

    def __init__(self, key: str, *, subject: str = "", detail: str = "", command: str = "qa") -> None:
        english, korean = (say(key, language, subject=subject, detail=detail) for language in ("en", "ko"))
        super().__init__(english, korean, subject=subject)
        self.command = command


class _Parameter(Protocol):
    name: str
    opts: list[str]
    metavar: str | None
    param_type_name: str


def understood(error: typer.TyperException) -> CommandLineError:
    """Our error for one of typer's, whose classes are told apart by what they carry."""
    told: Any = error
    context = getattr(told, "ctx", None)
    command = context.command_path if context is not None else "qa"
    name, parameter = type(error).__name__, getattr(told, "param", None)
    if name == "NoSuchOption":
        return CommandLineError("usage.no_option", subject=told.option_name, command=command)
    if name == "MissingParameter" and parameter is not None:
        return CommandLineError("usage.missing", subject=_named(parameter), command=command)
    if name == "BadParameter" and parameter is not None:
        detail = told.message.removeprefix("Value error, ")
        return CommandLineError("usage.bad_value", subject=_named(parameter), detail=detail, command=command)
    return CommandLineError("usage.other", detail=error.format_message(), command=command)


def _named(parameter: _Parameter) -> str:
    return parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name
