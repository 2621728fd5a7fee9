"""What an idle server costs, how fast it starts, how fast the command line answers.

Promised: cold start to healthy ≤ 4 s, idle ≤ 2 % of one core and ≤ 200 MB (PSS of all its processes),
`magpie --help` ≤ 0.4 s.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._measure import Figure, cpu_seconds, pss_bytes, report, settle
from tests.support.server import Program

IDLE_SECONDS = 30.0


def help_seconds() -> float:
    """Median of seven runs."""
    taken = []
    for _ in range(7):
        started = time.perf_counter()
        program = Path(sys.executable).with_name("magpie")
        subprocess.run([program, "--help"], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        program = Program(Path(folder) / "data", is_warm=False)
        started = time.perf_counter()
        program.start()
        cold = time.perf_counter() - started
        settle(program.pid)
        before, began = cpu_seconds(program.pid), time.perf_counter()
        time.sleep(IDLE_SECONDS)
        share = (cpu_seconds(program.pid) - before) / (time.perf_counter() - began)
        memory = pss_bytes(program.pid)
        program.stop()
    return report(
        "idle",
        [
            Figure("cold start to healthy, s", cold, 4.0, "the clock"),
            Figure("idle CPU, share of one core", share, 0.02, "the clock"),
            Figure("idle memory, MB PSS", memory / 1e6, 200.0, "the kernel's smaps"),
            Figure("magpie --help, s", help_seconds(), 0.4, "the clock"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main())
