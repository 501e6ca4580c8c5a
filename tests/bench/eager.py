"""Times the scft network eagerly in PyTorch: the peer `ratios.mjs` compares `inkwash bench` with.

python tests/bench/eager.py > eager.json      (from the project's folder, with models/training's requirements)
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))
from training.networks.scft import SCFT  # noqa: E402

RUNS = 20


def median_ms(work: Callable[[], object]) -> float:
    for _ in range(3):
        work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


def main() -> None:
    torch.manual_seed(0)
    model = SCFT().eval()
    figures = {}
    with torch.inference_mode():
        for side in (256, 512):
            picture, sketch = torch.rand(1, 3, side, side), torch.rand(1, 1, side, side)
            keys, values = model.reference(picture)
            figures[f"encode-{side}"] = median_ms(lambda p=picture: model.reference(p))
            figures[f"colorize-{side}"] = median_ms(
                lambda s=sketch, k=keys, v=values: model.colorize(s, k, v)
            )
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "ms": figures}))


if __name__ == "__main__":
    main()
