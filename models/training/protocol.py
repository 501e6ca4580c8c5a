"""The trials a model is judged by (MODELS.md): same, cross, other, at one size, fixed seeds.

same   reference = the target warped by a thin-plate spline (turn, scale, shift, bend), colours kept
cross  reference = another picture of the same group
other  reference = a picture of another group; there is no target then
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .data import PictureSet
from .warp import random_shift, tps_grid, warp

KINDS = ("same", "cross", "other")
WARP_REACH = 0.2


@dataclass
class Trial:
    sketch: Tensor  # [1, 1, H, W]
    reference: Tensor  # [1, 3, H, W]
    target: Tensor  # [1, 3, H, W]; for `other` the picture the sketch was drawn from
    index: int


def trials(pictures: PictureSet, kind: str, limit: int | None = None) -> list[Trial]:
    """Every picture once (where it has a partner), in a fixed order; evenly thinned to `limit`."""
    made = []
    count = len(pictures.files)
    usable = [i for i in range(count) if kind != "cross" or pictures.partners[i]]
    if limit is not None and limit < len(usable):
        usable = [usable[int(k)] for k in np.linspace(0, len(usable) - 1, limit)]
    for i in usable:
        rng = np.random.default_rng([KINDS.index(kind), i])
        target = pictures.images[i][None].float() / 255
        if kind == "same":
            generator = torch.Generator().manual_seed(i)
            shift = random_shift(1, WARP_REACH, 0.0, generator)
            grid = tps_grid(shift, *target.shape[2:]).to(target.device)
            reference = warp(target, grid)
        elif kind == "cross":
            reference = pictures.images[int(rng.choice(pictures.partners[i]))][None].float() / 255
        else:
            strangers = [j for j in range(count) if pictures.groups[j] != pictures.groups[i]]
            reference = pictures.images[int(rng.choice(strangers))][None].float() / 255
        sketch = pictures.lines[i, 0][None, None].float() / 255
        made.append(Trial(sketch, reference, target, i))
    return made
