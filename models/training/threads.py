"""How many cores to use when other programs want some too.

OpenMP gives every thread an equal slice of each layer and waits for the slowest. On two cores with
one taken, two threads were measured five times slower than one. So count what others take.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import torch

STAT = Path("/proc/stat")


class CoreSharer:
    """Call `adjust` often; every few seconds it sets torch's threads to the cores left free."""

    def __init__(self, every_s: float = 4.0) -> None:
        self.every_s = every_s
        self.cores = torch.get_num_threads()
        self.before = self._now()

    def _now(self) -> tuple[float, float, float]:
        """Wall clock, seconds of CPU used by everyone, seconds used by this process."""
        busy = 0.0
        if STAT.exists():
            fields = [int(x) for x in STAT.read_text().split("\n", 1)[0].split()[1:9]]
            busy = (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")
        return time.monotonic(), busy, time.process_time()

    def adjust(self) -> None:
        wall, busy, own = (b - a for a, b in zip(self.before, self._now(), strict=True))
        if wall < self.every_s:
            return
        self.before = self._now()
        others = max(0.0, busy - own) / wall
        torch.set_num_threads(max(1, round(self.cores - others - 0.25)))
