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

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import load_config
from .recipes import recipe_for
from .recipes.base import Recipe
from .shipped import network_of
from .transport import transported

STEP = 32  # sides that every teacher takes are multiples of it


@dataclass(frozen=True)
class View:
    """How a teacher is shown a pair."""

    drawing_mirrored: bool = False
    reference_mirrored: bool = False
    steps: int = 0  # by how many STEPs the drawing is larger


# The first count: a teacher of two views sees the pair as it is and mirrored.
VIEWS = (View(), View(True, True), View(True, False, -1), View(False, True, 1))


class Teachers:
    """The shipped models in `models`/<name>, none of which learns here."""

    def __init__(self, views: Mapping[str, int], models: Path, device: torch.device) -> None:
        """`views`: how many of VIEWS each of them is shown."""
        self.known: list[tuple[Recipe, nn.Module, tuple[View, ...]]] = []
        for name, count in views.items():
            config = load_config(name)
            config = replace(config, options=config.options | {"teachers": {}})
            network = network_of(models / name, config).eval().requires_grad_(False)
            network = network.to(memory_format=torch.channels_last).to(device)
            self.known.append((recipe_for(config, None, device), network, VIEWS[:count]))

    def lesson(
        self, sketch: Tensor, reference: Tensor, moved: float, generator: torch.Generator
    ) -> Tensor:
        """The mean of all views' paintings, its colours `moved` (0 to 1) to those of the reference,
        at half the size: [N, 3, H/2, W/2] in [0, 1]. Sides of both are equal multiples of 32.

        In bfloat16 where the device is quick at it: as good for a lesson, in half the time.
        """
        kind = sketch.device.type
        with torch.no_grad():
            with torch.autocast(kind, dtype=torch.bfloat16, enabled=quick_at_halves(kind)):
                painted = [
                    seen(recipe, network, sketch, reference, view)
                    for recipe, network, views in self.known
                    for view in views
                ]
            mean = torch.stack(painted).mean(0)
            return transported(mean, F.avg_pool2d(reference, 2), moved, generator)


def quick_at_halves(device: str) -> bool:
    """Whether bfloat16 is sooner ready than single precision. Without AVX-512 it takes eight times
    as long (PyTorch 2.15)."""
    if device == "cuda":
        return True
    known = getattr(torch.backends.cpu, "get_cpu_capability", None)  # not before PyTorch 2
    return known is not None and "AVX512" in known()


def seen(
    recipe: Recipe, network: nn.Module, sketch: Tensor, reference: Tensor, view: View
) -> Tensor:
    """What a network paints of a view, laid back as the drawing is: [N, 3, H/2, W/2]."""
    h, w = (side + view.steps * STEP for side in sketch.shape[2:])
    drawn = sketch if view.steps == 0 else resized(sketch, h, w)
    if view.drawing_mirrored:
        drawn = drawn.flip(3)
    if view.reference_mirrored:
        reference = reference.flip(3)
    colour = recipe.colour(network, straight(drawn), straight(reference)).float()
    if view.drawing_mirrored:
        colour = colour.flip(3)
    if view.steps == 0:
        return F.avg_pool2d(colour, 2)
    return resized(colour, sketch.shape[2] // 2, sketch.shape[3] // 2)


def resized(x: Tensor, h: int, w: int) -> Tensor:
    return F.interpolate(x.float(), (h, w), mode="bilinear", align_corners=False, antialias=True)


def straight(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
