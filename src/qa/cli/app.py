"""The program `qa`: its commands put together, and every end that a run can come to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, cast

import typer
from typer.core import TyperGroup
from typer.main import get_command

from qa.cli import ask, info, manage, search, show
from qa.cli.help import Command, Group
from qa.cli.options import filter_options, shared_options
from qa.cli.session import Session
from qa.cli.usage import CommandLineError, understood
from qa.errors import QAError

_INTERRUPTED = 130
_BROKEN_PIPE = 141
_COMMANDS: Mapping[str, Callable[..., None]] = {
    "index": manage.index,
    "ask": ask.ask,
    "search": search.search,
    "show": show.show,
    "info": info.info,
    "delete": manage.delete,
}
_SEARCHING = ("ask", "search")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code: `errors.QAError.exit_code`, or those of `qa --help`."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a lone surrogate becomes \ud800, which in JSON stands for itself
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    session = Session.before(arguments)
    try:
        code = _run(arguments or ["--help"], session)
        sys.stdout.flush()
    except QAError as error:
        code = _report(error, session)
    except KeyboardInterrupt:
        session.messages.print(session.say("interrupted"))
        code = _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again on its way out
        code = _BROKEN_PIPE
    sys.exit(code)


def _run(arguments: list[str], session: Session) -> int:
    program = _program()
    try:
        with program.make_context("qa", arguments, obj=session) as context:
            program.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    except typer.TyperException as error:
        raise understood(error) from error
    return 0


def _program() -> TyperGroup:
    app = typer.Typer(cls=Group, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_root)
    for name, command in _COMMANDS.items():
        app.command(name, cls=Command)(command)
    program = cast(TyperGroup, get_command(app))
    for name, command in program.commands.items():
        command.params += [*(filter_options() if name in _SEARCHING else []), *shared_options()]
    return program


def _version(wanted: bool) -> None:
    if wanted:
        from qa import __version__

        typer.echo(f"geungeo {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[bool, typer.Option("--version", help="version", callback=_version, is_eager=True)] = False,
) -> None:
    """The program itself does nothing."""


def _report(error: QAError, session: Session) -> int:
    """Tell the error where its reader looks: as an object on standard output with `--json`, else on standard error."""
    text = error.message(session.language)
    if session.as_json:
        session.write_json({"error": {"code": error.code, "message": text, "subject": error.subject}})
        return error.exit_code
    from rich.text import Text

    session.messages.print(Text.assemble((f"{session.say('error')}: ", "bold red"), text), soft_wrap=True)
    if isinstance(error, CommandLineError):
        session.messages.print(Text(session.say("usage.hint", command=error.command), style="dim"))
    return error.exit_code
