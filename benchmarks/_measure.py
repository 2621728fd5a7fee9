"""CPU and memory of process trees, and how a result is printed."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from dataclasses import dataclass
from typing import Any

import psutil


@dataclass(slots=True)
class Figure:
    """One promised figure. `limit` is what the project promises; `value` is to be at most that."""

    name: str
    value: float
    limit: float
    against: str

    @property
    def holds(self) -> bool:
        return self.value <= self.limit


def report(benchmark: str, figures: list[Figure], **details: Any) -> int:
    """Print the figures as JSON; returns 1 if a promise is not kept."""
    lines = [
        {
            "name": one.name,
            "value": round(one.value, 4),
            "limit": one.limit,
            "holds": one.holds,
            "against": one.against,
        }
        for one in figures
    ]
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    json.dump({"benchmark": benchmark, "figures": lines, "machine": machine, **details}, sys.stdout, indent=2)
    print()
    return 0 if all(one.holds for one in figures) else 1


def tree(pid: int) -> list[psutil.Process]:
    """A process and all its descendants."""
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]


def cpu_seconds(pid: int) -> float:
    """CPU time of the tree so far, its ended children included.

    The fork server reaps its jobs, so their time is counted in its `children_*` figures.
    """
    total = 0.0
    for process in tree(pid):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def pss_bytes(pid: int) -> int:
    """Proportional set size of the tree: shared pages are counted once."""
    total = 0
    for process in tree(pid):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue
    return total


def settle(pid: int, quiet_seconds: float = 3.0, patience: float = 60.0) -> None:
    """Wait until the tree has used next to no CPU for a while: start-up work is over."""
    deadline = time.monotonic() + patience
    quiet_since, last = time.monotonic(), cpu_seconds(pid)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = cpu_seconds(pid)
        if now - last > 0.02:
            quiet_since = time.monotonic()
        last = now
        if time.monotonic() - quiet_since >= quiet_seconds:
            return
