"""Trained colorizers as teachers (Hinton et al. 2015, of pictures instead of classes), among them a
network's own last version (Furlanello et al. 2018).

Networks that were trained differently are wrong in different places: the mean of their colours is
nearer to the target than any of them, and a calmer aim than the target itself where the reference
is another page that does not show what was drawn. But a mean is greyer than what it is the mean of,
so its colours are moved part of the way to the reference's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import load_config
from .recipes import recipe_for
from .recipes.base import Recipe
from .shipped import network_of
from .transport import transported


class Teachers:
    """The shipped models in `models`/<name>, none of which learns here."""

    def __init__(self, names: Sequence[str], models: Path, device: torch.device) -> None:
        self.known: list[tuple[Recipe, nn.Module]] = []
        for name in names:
            config = load_config(name)
            config = replace(config, options=config.options | {"teachers": ()})
            network = network_of(models / name, config).eval().requires_grad_(False)
            network = network.to(memory_format=torch.channels_last).to(device)
            self.known.append((recipe_for(config, None, device), network))

    def lesson(
        self, sketch: Tensor, reference: Tensor, moved: float, generator: torch.Generator
    ) -> Tensor:
        """The mean of what they paint, its colours `moved` (0 to 1) to those of the reference, at
        half the size: [N, 3, H/2, W/2] in [0, 1]. Sides of both are equal multiples of 32.

        In bfloat16, which is as good for a lesson and takes half the time, on a CPU too.
        """
        with torch.no_grad():
            with torch.autocast(sketch.device.type, dtype=torch.bfloat16):
                painted = [recipe.colour(net, sketch, reference) for recipe, net in self.known]
            mean = torch.stack([colour.float() for colour in painted]).mean(0)
            return transported(F.avg_pool2d(mean, 2), F.avg_pool2d(reference, 2), moved, generator)
