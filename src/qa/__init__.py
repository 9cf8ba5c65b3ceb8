"""Geungeo: question answering over Korean documents, with passages that it can show."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.build import Builder as Builder
    from qa.engine import Engine as Engine
    from qa.errors import QAError as QAError
    from qa.records import Answer as Answer
    from qa.records import Citation as Citation
    from qa.records import Document as Document
    from qa.records import Hit as Hit
    from qa.records import Language as Language
    from qa.records import Passage as Passage
    from qa.records import Status as Status
    from qa.settings import Settings as Settings
    from qa.settings import load_settings as load_settings
    from qa.store import Filters as Filters

__version__ = "0.1.0"

_HOMES = {
    "Answer": "qa.records",
    "Builder": "qa.build",
    "Citation": "qa.records",
    "Document": "qa.records",
    "Engine": "qa.engine",
    "Filters": "qa.store",
    "Hit": "qa.records",
    "Language": "qa.records",
    "Passage": "qa.records",
    "QAError": "qa.errors",
    "Settings": "qa.settings",
    "Status": "qa.records",
    "load_settings": "qa.settings",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """A public name, imported when it is first asked for: `import qa` alone loads no engine."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
