"""What was measured: repeated values under a name, the limit beside them, as JSON lines and as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from rich.table import Table

LIMITS: Mapping[str, float] = {
    "index.fresh": 15.0,
    "question.ko.p50": 15.0,
    "question.en.p50": 15.0,
    "cold.ask": 3.5,
    "cold.import": 0.2,
    "memory.opened": 900.0,
    "memory.asked": 900.0,
}
"""What each figure should stay under, in its own unit; that of `index.fresh` is meant for the five originals."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing; `values` are its repetitions in the order they were taken, in `unit`."""

    name: str
    unit: str
    values: tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """Name, unit, values, min, median and max; limit and median/limit are null where there is no limit."""
        limit = LIMITS.get(self.name)
        middle = median(self.values)
        return {
            "figure": self.name,
            "unit": self.unit,
            "values": [round(value, 4) for value in self.values],
            "min": round(min(self.values), 4),
            "median": round(middle, 4),
            "max": round(max(self.values), 4),
            "limit": limit,
            "ratio": round(middle / limit, 3) if limit else None,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0..1) of the values do not exceed; raises IndexError for none."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def collected(runs: Sequence[Mapping[str, float]], unit: str, *, prefix: str = "") -> Iterator[Figure]:
    """A figure for each name in any of the runs, in the order in which they first appear."""
    for name in dict.fromkeys(name for run in runs for name in run):
        yield Figure(prefix + name, unit, tuple(run[name] for run in runs if name in run))


def as_line(value: Mapping[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(value, ensure_ascii=False) + "\n"


def table(figures: Iterable[Figure]) -> Table:
    """A row a figure; a ratio above 1 is over the limit."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    made.add_column("figure")
    for column in ("min", "median", "max", "unit", "limit", "median/limit"):
        made.add_column(column, justify="right", no_wrap=True)
    for figure in figures:
        row = figure.as_json()
        numbers = [f"{row[key]:,.3f}" for key in ("min", "median", "max")]
        limit, ratio = row["limit"], row["ratio"]
        beside = ["", ""] if limit is None else [f"{limit:g}", f"{ratio:.2f}"]
        made.add_row(figure.name, *numbers, figure.unit, *beside, style="red" if (ratio or 0) > 1 else "")
    return made
