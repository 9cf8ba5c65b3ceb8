"""One run of the command line: its shared options, its settings, the engine it opens, and where it writes."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.cli.messages import choose_language, say
from qa.errors import QAError
from qa.records import Language

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from qa.engine import Engine
    from qa.settings import Settings
    from qa.store import Filters, Store

INDEX_VARIABLE = "QA_INDEX"


@dataclass
class Session:
    """What the commands are given. `options` are the shared ones, by name, once the command line is read."""

    language: Language
    as_json: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def before(cls, arguments: list[str]) -> Session:
        """A session as far as it can be known before the command line is understood, which may never happen."""
        options = arguments[: arguments.index("--")] if "--" in arguments else arguments
        wanted = [name for flag, name in pairwise(options) if flag == "--language"]
        wanted += [option.partition("=")[2] for option in options if option.startswith("--language=")]
        return cls(choose_language(os.environ, wanted[-1] if wanted else ""), "--json" in options)

    @property
    def index(self) -> Path:
        """The folder of the index: the option, else the variable `QA_INDEX`, else ./index."""
        return self.options.get("index") or Path(os.environ.get(INDEX_VARIABLE) or "index")

    @property
    def verbose(self) -> bool:
        """Whether the reader wants to see what happens."""
        return bool(self.options.get("verbose"))

    def settings(self, **overrides: object) -> Settings:
        """The settings of the file and the variables, with the options given (those that are not None) above them."""
        from qa.settings import PREFIX, load_settings

        variables = {name: value for name, value in os.environ.items() if name != INDEX_VARIABLE}
        variables |= {PREFIX + name.upper(): str(value) for name, value in overrides.items() if value is not None}
        settings = load_settings(self.options.get("settings"), variables)
        if settings.language in set(Language) and not self.options.get("language"):
            self.language = Language(settings.language)
        return settings

    def filters(self) -> Filters:
        """What the search is to be narrowed to."""
        from qa.store import Filters

        return Filters(
            documents=tuple(self.options["document"] or ()),
            author=self.options["author"],
            year_from=self.options["from_year"],
            year_to=self.options["to_year"],
            regions=tuple(self.options["region"] or ()),
            kinds=tuple(self.options["kind"] or ()),
        )

    def engine(self, **overrides: object) -> Engine:
        """The engine over the index; close it, or use it as a context manager."""
        from qa.engine import Engine

        if self.verbose:
            logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
        else:
            logging.getLogger("qa").addHandler(_Notes(self))
        return Engine.open(self.index, self.settings(**overrides))

    def store(self) -> Store:
        """The index opened to be looked at, not searched: any encoder will do, and Kiwi is not loaded."""
        from qa.store import Store

        self.settings()
        return Store.open(self.index)

    def say(self, key: str, **values: object) -> str:
        """A message in the reader's language."""
        return say(key, self.language, **values)

    def write_json(self, value: object, *, indent: int | None = 2) -> None:
        """One JSON value on standard output, flushed."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent) + "\n")
        sys.stdout.flush()

    def write_text(self, text: str) -> None:
        """Text as it is on standard output."""
        sys.stdout.write(text + "\n")

    def show(self, *parts: RenderableType) -> None:
        """Renderables on standard output."""
        from rich.console import Console

        console = Console(highlight=False)
        for part in parts:
            console.print(part)

    @cached_property
    def messages(self) -> Console:
        """Standard error, for progress and errors."""
        from rich.console import Console

        return Console(stderr=True, highlight=False)


class _Notes(logging.Handler):
    """Tells the reader, once and in the reader's language, of an error that the library got over."""

    def __init__(self, session: Session) -> None:
        super().__init__(logging.WARNING)
        self._session = session
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Print the error that the record carries, or else its message."""
        carried = record.args[0] if isinstance(record.args, tuple) and record.args else None
        text = carried.message(self._session.language) if isinstance(carried, QAError) else record.getMessage()
        if text not in self._told:
            self._told.add(text)
            self._session.messages.print(f"{self._session.say('note')}: {text}", style="yellow", markup=False)
