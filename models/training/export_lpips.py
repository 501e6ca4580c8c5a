"""LPIPS on SqueezeNet -> one ONNX graph, with which `inkwash quality` measures without PyTorch.

    python -m training.export_lpips --to ../tests/fixtures/lpips/lpips.onnx

Two pictures [N, 3, H, W], sRGB in [0, 1], give a distance [N]. Weights are stored in half
precision; the export fails if a distance differs from PyTorch's by 1e-3 or more.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import torch

from .export import half_weights, largest_differences, to_onnx
from .graphs.base import Graph, Inputs, Shape
from .networks.squeezenet import Lpips, SqueezeNet
from .places import HEADS, SQUEEZENET

LARGEST = 1e-3


def examples() -> list[Inputs]:
    """A picture beside itself, and beside two noisy copies, at sizes no network insists on."""
    draw = torch.Generator().manual_seed(7)
    made = []
    for count, share, height, width in (
        (2, 0.5, 64, 96),
        (1, 0.0, 256, 256),
        (1, 0.1, 177, 256),
        (3, 0.5, 256, 91),
    ):
        coarse = torch.rand(count, 3, height // 8 + 1, width // 8 + 1, generator=draw)
        one = torch.nn.functional.interpolate(coarse, (height, width), mode="bilinear")
        noise = torch.randn(one.shape, generator=draw)
        made.append({"one": one, "other": (one + share * noise).clamp(0, 1)})
    return made


def export(path: Path) -> float:
    """Writes the graph whole or not at all; returns the largest difference seen."""
    picture: Shape = ["N", 3, "H", "W"]
    graph = Graph(
        Lpips(SqueezeNet(SQUEEZENET), HEADS).eval(),
        {"one": picture, "other": picture},
        {"distance": ["N"]},
        examples(),
    )
    with tempfile.TemporaryDirectory() as room:
        single, half = Path(room, "single.onnx"), Path(room, "lpips.onnx")
        with torch.no_grad():
            to_onnx(graph, single)
        half_weights(single, half)
        worst, _ = largest_differences({"lpips": graph}, Path(room))["distance"]
        if worst >= LARGEST:
            raise AssertionError(f"distances differ from PyTorch's by up to {worst:.2e}")
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(half.read_bytes())
        part.replace(path)
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--to", type=Path, required=True, help="file to write")
    words = parser.parse_args()
    worst = export(words.to)
    size = words.to.stat().st_size
    print(f"{words.to}: {size} bytes, largest difference from PyTorch {worst:.2e}")


if __name__ == "__main__":
    main()
