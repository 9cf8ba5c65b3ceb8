"""Help pages: typer's commands, with our words in the reader's language instead of typer's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from typer.core import TyperCommand, TyperGroup

from qa.cli.messages import MESSAGES, say
from qa.cli.usage import CommandLineError
from qa.records import Language

if TYPE_CHECKING:
    from rich.console import RenderableType

    from qa.cli.session import Session


class _Context(Protocol):
    """What a page needs to know of the run that asked for it; `obj` is the session."""

    obj: Session

    @property
    def command_path(self) -> str: ...


class _Parameter(Protocol):
    """An option or an argument, as typer holds it."""

    name: str
    opts: list[str]
    metavar: str | None
    param_type_name: str
    help: str
    rich_help_panel: str | None


_SECTIONS = ("arguments", "options", "filters", "shared")


class Command(TyperCommand):
    """A command whose help texts are keys of the catalogue: `command.<name>` and `option.<help>`."""

    def format_help(self, ctx: _Context, formatter: object) -> None:
        """Print the page; typer calls this for `--help`."""
        language = ctx.obj.language
        usage = " ".join([ctx.command_path, *_arguments(self, ctx), say("help.usage_options", language)])
        _print([*_head(str(self.name), usage, language), *_parameters(self, ctx), *_foot(str(self.name), language)])


class Group(TyperGroup):
    """The program itself: its commands, and what they share."""

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand:
        """The command of this name; raises CommandLineError."""
        if cmd_name not in self.commands:
            raise CommandLineError("usage.no_command", subject=cmd_name)
        return cast(TyperCommand, self.commands[cmd_name])

    def format_help(self, ctx: _Context, formatter: object) -> None:
        """Print the page; typer calls this for `--help`."""
        language = ctx.obj.language
        rows = [(name, say(f"command.{name}", language)) for name in self.commands]
        page = [*_head("qa", say("help.usage_group", language), language), *_section("help.commands", rows, language)]
        _print([*page, *_parameters(self, ctx), *_foot("qa", language)])


def _print(page: Sequence[RenderableType]) -> None:
    from rich.console import Console, Group

    Console(highlight=False, soft_wrap=False).print(Group(*page))


def _head(name: str, usage: str, language: Language) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text(say("help.about" if name == "qa" else f"command.{name}", language), style="bold")
    yield Text.assemble("\n", (say("help.usage", language), "bold"), "  ", usage)


def _foot(name: str, language: Language) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    for section in ("examples", "exit"):
        if f"{section}.{name}" in MESSAGES:
            yield Text(f"\n{say(f'help.{section}', language)}", style="bold")
            yield Padding(Text(say(f"{section}.{name}", language)), (0, 0, 0, 2), expand=False)
    if name == "qa":
        yield Text(f"\n{say('help.more', language)}", style="dim")


def _params(command: Command | Group, ctx: _Context) -> list[_Parameter]:
    return cast(list[_Parameter], command.get_params(cast(Any, ctx)))


def _arguments(command: Command, ctx: _Context) -> list[str]:
    return [_name(param) for param in _params(command, ctx) if param.param_type_name == "argument"]


def _parameters(command: Command | Group, ctx: _Context) -> Iterator[RenderableType]:
    """The sections of arguments and options; an option says in `rich_help_panel` where it belongs."""
    language = ctx.obj.language
    rows: dict[str, list[tuple[str, str]]] = {section: [] for section in _SECTIONS}
    for param in _params(command, ctx):
        kind = "arguments" if param.param_type_name == "argument" else "options"
        rows[param.rich_help_panel or kind].append((_name(param), _says(param, language)))
    for section in _SECTIONS:
        yield from _section(f"help.{section}", rows[section], language)


def _name(param: _Parameter) -> str:
    if param.param_type_name == "argument":
        return param.metavar or param.name.upper()
    return " ".join([", ".join(param.opts), *([param.metavar] if param.metavar else [])])


def _says(param: _Parameter, language: Language) -> str:
    return say("option.help" if "--help" in param.opts else f"option.{param.help}", language)


def _section(title: str, rows: Sequence[tuple[str, str]], language: Language) -> Iterator[RenderableType]:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="cyan", min_width=14)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(f"  {name}"), Text(text))
    yield Text(f"\n{say(title, language)}", style="bold")
    yield table
