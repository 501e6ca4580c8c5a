"""Trained colorizers as teachers (Hinton et al. 2015, of pictures instead of classes), among them a
network's own last version (Furlanello et al. 2018).

Networks that were trained differently are wrong in different places: the mean of their colours is
nearer to the target than any of them, and a calmer aim than the target itself where the reference
is another page that does not show what was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from .config import load_config
from .recipes import recipe_for
from .recipes.base import Recipe
from .shipped import network_of


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

    def colour(self, sketch: Tensor, reference: Tensor) -> Tensor:
        """The mean of what they paint: [N, 3, H, W] in [0, 1]. Sides are multiples of 32.

        In bfloat16, which is as good for a lesson and takes half the time, on a CPU too.
        """
        with torch.no_grad(), torch.autocast(sketch.device.type, dtype=torch.bfloat16):
            painted = [recipe.colour(net, sketch, reference).float() for recipe, net in self.known]
        return torch.stack(painted).mean(0)


def taught(colour: Tensor, target: Tensor, lesson: Tensor) -> Tensor:
    """Mean absolute difference from `lesson` [N, 3, H, W] of those pictures whose lesson is nearer
    to the target than `colour` is: nobody learns from the worse."""
    ours = (colour.detach() - target).abs().mean((1, 2, 3))
    theirs = (lesson - target).abs().mean((1, 2, 3))
    return ((colour - lesson).abs().mean((1, 2, 3)) * (theirs < ours)).mean()
