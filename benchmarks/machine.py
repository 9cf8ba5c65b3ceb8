"""The machine and its processes: how fast it is just now, what a command takes, how much memory this process holds."""

from __future__ import annotations

import os
import platform
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
_STATUS = Path("/proc/self/status")
_MEGABYTE = 1e6
_STEPS = 300_000
_SIDE = 256
_PRODUCTS = 30


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended: wall seconds, processor seconds (user and system, all threads), standard output."""

    wall: float
    cpu: float
    output: str


def calibrate() -> dict[str, float]:
    """Wall and processor seconds of a fixed job in pure Python and in numpy: the same work on every machine.

    Processor seconds tell how fast the machine is, wall above processor seconds how much others take of it.
    """
    wall, cpu = time.perf_counter(), time.process_time()
    state = 1
    for _ in range(_STEPS):
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    square = np.full((_SIDE, _SIDE), state / 2_147_483_648, np.float32)
    for _ in range(_PRODUCTS):
        square = np.tanh(square @ square)
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def timed(command: Sequence[str], *, accepted: Sequence[int] = (0,)) -> Ran:
    """Run `command`, a command line of this Python, in a fresh process from the root of the checkout.

    Raises SystemExit with what it said when its exit code is not one of `accepted`.
    """
    before, began = _children(), time.perf_counter()
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=ROOT, check=False)
    wall = time.perf_counter() - began
    if done.returncode not in accepted:
        raise SystemExit(f"python {' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return Ran(wall, _children() - before, done.stdout)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory() -> dict[str, float]:
    """Megabytes (10^6 bytes) that this process holds now and held at most; without /proc only the most is known."""
    if _STATUS.is_file():
        status = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", _STATUS.read_text(encoding="ascii"), re.MULTILINE))
        return {"now": int(status["VmRSS"]) * 1024 / _MEGABYTE, "most": int(status["VmHWM"]) * 1024 / _MEGABYTE}
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / _MEGABYTE
    return {"now": most, "most": most}


def description() -> Mapping[str, str | int]:
    """The machine in words, for whoever reads the figures later."""
    return {
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count() or 1,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }
