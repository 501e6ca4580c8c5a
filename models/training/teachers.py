"""Trained colorizers as teachers (Hinton et al. 2015, of pictures instead of classes), among them a
network's own last version (Furlanello et al. 2018).

Networks that were trained differently are wrong in different places, and so is one network that
sees a drawing or its reference mirrored, or a little smaller: the mean of what is painted is nearer
to the target than any of it, and a calmer aim than the target itself where the reference is another
page that does not show what was drawn. What a network learns from the mean of its own views is that
they should not differ. But a mean is greyer than what it is the mean of, so its colours are moved
part of the way to the reference's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .config import load_config
from .evaluate import shipped
from .recipes import recipe_for
from .shipped import network_of
from .transport import transported

STEP = 32  # sides that every teacher takes are multiples of it


@dataclass(frozen=True)
class View:
    """How a teacher is shown a pair."""

    drawing_mirrored: bool = False
    reference_mirrored: bool = False
    steps: int = 0  # by how many STEPs the drawing is larger


# A teacher of n views is shown the first n of these.
VIEWS = (View(), View(True, True), View(True, False, -1), View(False, True, 1))


class Painter(Protocol):
    """sketches [N, 1, H, W], references [N, 3, h, w] -> colours [N, 3, H, W] in [0, 1]."""

    def __call__(self, sketch: Tensor, reference: Tensor) -> Tensor: ...


class Teachers:
    """The shipped models in `models`/<name>, none of which learns here."""

    def __init__(self, views: Mapping[str, int], models: Path, device: torch.device) -> None:
        """`views`: how many of VIEWS each of them is shown."""
        painter = by_runtime if device.type == "cpu" else by_network
        self.known: list[tuple[Painter, tuple[View, ...]]] = [
            (painter(models / name, device), VIEWS[:count]) for name, count in views.items()
        ]

    def lesson(
        self, sketch: Tensor, reference: Tensor, moved: float, generator: torch.Generator
    ) -> Tensor:
        """The mean of all views' paintings, its colours `moved` (0 to 1) to those of the reference,
        at half the size: [N, 3, H/2, W/2] in [0, 1]. Sides of both are equal multiples of 32."""
        with torch.no_grad():
            painted = [
                seen(paint, sketch, reference, view)
                for paint, views in self.known
                for view in views
            ]
            mean = torch.stack(painted).mean(0)
            return transported(mean, F.avg_pool2d(reference, 2), moved, generator)


def by_network(folder: Path, device: torch.device) -> Painter:
    """The model in `folder` as a network on the device, in bfloat16: as good for a lesson, in half
    the time."""
    manifest = json.loads((folder / "manifest.json").read_text())
    config = load_config(manifest["method"])
    config = replace(config, options=config.options | {"teachers": {}})
    network = network_of(folder, config).eval().requires_grad_(False)
    network = network.to(memory_format=torch.channels_last).to(device)
    recipe = recipe_for(config, None, device)

    def paint(sketch: Tensor, reference: Tensor) -> Tensor:
        with torch.autocast(device.type, dtype=torch.bfloat16):
            return recipe.colour(network, straight(sketch), straight(reference)).float()

    return paint


def by_runtime(folder: Path, device: torch.device) -> Painter:
    """The model in `folder` through ONNX Runtime, in six tenths of PyTorch's time on a CPU; without
    AVX-512 bfloat16 takes eight times as long there."""
    colorize = shipped(folder, torch.get_num_threads())

    def paint(sketch: Tensor, reference: Tensor) -> Tensor:
        made = [
            colorize(s[0].contiguous().numpy(), r.permute(1, 2, 0).contiguous().numpy())
            for s, r in zip(sketch, reference, strict=True)
        ]
        return torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2)

    return paint


def seen(paint: Painter, sketch: Tensor, reference: Tensor, view: View) -> Tensor:
    """What a teacher paints of a view, laid back as the drawing is: [N, 3, H/2, W/2]."""
    h, w = (side + view.steps * STEP for side in sketch.shape[2:])
    drawn = sketch if view.steps == 0 else resized(sketch, h, w)
    if view.drawing_mirrored:
        drawn = drawn.flip(3)
    if view.reference_mirrored:
        reference = reference.flip(3)
    colour = paint(drawn, reference)
    if view.drawing_mirrored:
        colour = colour.flip(3)
    if view.steps == 0:
        return F.avg_pool2d(colour, 2)
    return resized(colour, sketch.shape[2] // 2, sketch.shape[3] // 2)


def resized(x: Tensor, h: int, w: int) -> Tensor:
    return F.interpolate(x.float(), (h, w), mode="bilinear", align_corners=False, antialias=True)


def straight(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
