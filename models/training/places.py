"""Where the training code finds and leaves things."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared" / "data"
CACHE = HERE / "cache"
RUNS = HERE / "runs"
WEIGHTS = SHARED / "weights"
SQUEEZENET = WEIGHTS / "squeezenet_v1.1_notop.pth"
HEADS = WEIGHTS / "richzhang_PerceptualSimilarity_squeeze.pth"
