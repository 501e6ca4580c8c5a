"""Trains the face model's two stages.

    python -m training.face.train components --minutes 20
    python -m training.face.train synthesis --minutes 60

`--data` is a folder with faces.tsv, faces-512.tar (or faces/) and weights/. Both stages share a run
folder and resume it; `--minutes` is the wall clock of a stage, loading included.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch

from ..places import RUNS, SHARED
from . import components, synthesis
from .data import load


def main() -> None:
    began = time.monotonic()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("stage", choices=("components", "synthesis"))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--run", default="face", help="name of the run folder")
    parser.add_argument("--batch", type=int, default=None)
    parser.add_argument("--limit", type=int, default=None, help="only so many faces, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default=None)
    parser.add_argument("--compile", action="store_true", help="torch.compile, from PyTorch 2.1")
    words = parser.parse_args()
    device = torch.device(words.device)
    precision = words.precision or ("bf16" if device.type == "cuda" else "fp32")
    second = words.stage == "synthesis"
    faces = load(words.data, "train", device, limit=words.limit, large=second)
    held_out = load(words.data, "val", device, variants=1, large=False)
    folder = RUNS / words.run
    print(f"{len(faces)} faces, {len(faces.sharp)} sharp; {time.monotonic() - began:.0f} s to load")
    if second:
        batch = words.batch or synthesis.BATCH
        synthesis.train(
            faces,
            held_out,
            words.data,
            folder,
            words.minutes,
            batch=batch,
            large_batch=max(2, batch // 2),
            precision=precision,
            compiled=words.compile,
            began=began,
        )
    else:
        components.train(
            faces,
            held_out,
            folder,
            words.minutes,
            batch=words.batch or components.BATCH,
            precision=precision,
            began=began,
        )


if __name__ == "__main__":
    main()
