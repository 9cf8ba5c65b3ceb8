"""What an index is built with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from qa.encoders import Encoder
from qa.korean import Analyser
from qa.settings import Settings
from qa.store import Identity, identify

Progress = Callable[[str, int, int], None]
"""Called with the name of the file that is worked on, how many files are done, and how many there are."""


def _silent(name: str, done: int, total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Components:
    """Settings and engines; without an encoder an index has no vectors."""

    settings: Settings
    analyser: Analyser
    encoder: Encoder | None = None
    progress: Progress = field(default=_silent)

    @property
    def identity(self) -> Identity:
        """What an index that is built with these can be opened with."""
        return identify(self.settings, self.analyser.version, self.encoder.identity if self.encoder else None)
