"""a(.): the appearance transform of section 3.2, a real change of colour.

A model that sees only natural colours learns that grass is green and need not look at the
reference. So hue turns by any angle, channels swap, saturation and gain vary for each channel;
greys stay near grey under most draws, because paper stays paper whatever the palette.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

PERMUTATIONS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))


def hue_rotation(angle: Tensor) -> Tensor:
    """Rotation of RGB about the grey axis. [N] radians -> [N, 3, 3]."""
    c, s = angle.cos(), angle.sin()
    a = (1 - c) / 3
    b = s / math.sqrt(3)
    rows = torch.stack([c + a, a - b, a + b, a + b, c + a, a - b, a - b, a + b, c + a], dim=1)
    return rows.view(-1, 3, 3)


def random_appearance(
    count: int, natural_share: float, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Colour matrices [N, 3, 3] and offsets [N, 3]; `natural_share` of them change nothing."""

    def rand(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    turn = hue_rotation(rand(count) * 2 * math.pi)
    order = torch.randint(len(PERMUTATIONS), (count,), generator=generator)
    swap = torch.eye(3)[torch.tensor(PERMUTATIONS)[order]]
    keep_hue = rand(count) < 0.35
    matrix = torch.where(keep_hue[:, None, None], swap, turn)
    saturation = (0.5 + rand(count)).view(-1, 1, 1)
    grey = torch.full((3, 3), 1 / 3)
    matrix = (torch.eye(3) * saturation + grey * (1 - saturation)) @ matrix
    noisy = (rand(count) < 0.6).float()[:, None]
    gain = 1 + noisy * (rand(count, 3) - 0.6) * 0.5
    matrix = matrix * gain[:, :, None]
    offset = noisy * (rand(count, 3) - 0.5) * 0.12
    natural = rand(count) < natural_share
    matrix = torch.where(natural[:, None, None], torch.eye(3), matrix)
    offset = torch.where(natural[:, None], torch.zeros(3), offset)
    return matrix, offset


def apply_appearance(pictures: Tensor, matrix: Tensor, offset: Tensor) -> Tensor:
    """Pictures [N, 3, H, W] in sRGB [0, 1] -> the same pictures in other colours."""
    n, _, h, w = pictures.shape
    changed = matrix @ pictures.reshape(n, 3, h * w) + offset[:, :, None]
    return changed.view(n, 3, h, w).clamp(0, 1)
