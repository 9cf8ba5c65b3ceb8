"""Rows of a generation never change: what was looked up once need not be looked up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Looks up many keys at once, but only those that it has not seen; forgets all of them when there are too many.

    Safe to share between threads: the worst that two of them can do is look up the same key twice.
    """

    def __init__(self, look_up: Callable[[Sequence[Key]], Mapping[Key, Value]], most: int) -> None:
        self._look_up = look_up
        self._most = most
        self._held: dict[Key, Value] = {}

    def __call__(self, keys: Sequence[Key]) -> dict[Key, Value]:
        """What there is for the keys; those that have nothing are left out."""
        held = self._held
        missing = [key for key in keys if key not in held]
        if missing and len(held) + len(missing) > self._most:
            held = self._held = {}
            missing = list(keys)
        if missing:
            held.update(self._look_up(missing))
        return {key: held[key] for key in keys if key in held}
