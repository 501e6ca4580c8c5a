"""s(.): the spatial transform of section 3.2, a thin-plate spline, and the correspondence it sets.

Coordinates are grid_sample's: (x, y) in [-1, 1], corner to corner (align_corners=True).
"""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

CONTROL = 4  # control points a side
FIVE = 5  # the corners and the middle


def _radial(squared: Tensor) -> Tensor:
    return squared * torch.log(squared + 1e-9)


def _control_points(count: int) -> Tensor:
    """Where control points lie before they move: a square grid, or the five of a quincunx."""
    if count == FIVE:
        return torch.tensor([[-1.0, -1.0], [1.0, -1.0], [0.0, 0.0], [-1.0, 1.0], [1.0, 1.0]])
    line = torch.linspace(-1, 1, round(count**0.5))
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def _basis(points: Tensor, control: Tensor) -> Tensor:
    distance = ((points[:, None] - control[None]) ** 2).sum(dim=2)
    ones = torch.ones(len(points), 1)
    return torch.cat([_radial(distance), ones, points], dim=1)


@lru_cache(maxsize=16)
def _interpolator(height: int, width: int, count: int) -> Tensor:
    """[H*W, count]: displacements of the control points -> displacement of every pixel."""
    control = _control_points(count)
    system = torch.zeros(count + 3, count + 3)
    system[:count] = _basis(control, control)
    system[count:, :count] = system[:count, count:].T
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij"
    )
    pixels = torch.stack([x.flatten(), y.flatten()], dim=1)
    return _basis(pixels, control) @ torch.linalg.inv(system)[:, :count]


def tps_grid(control_shift: Tensor, height: int, width: int) -> Tensor:
    """Control point displacements [N, 5 or side^2, 2] -> sampling grid [N, H, W, 2].

    warped(p) = picture(grid(p)). Zero displacements give the identity.
    """
    spread = _interpolator(height, width, control_shift.shape[1]).to(control_shift)
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij"
    )
    identity = torch.stack([x, y], dim=2).to(control_shift)
    moved = (spread @ control_shift).view(-1, height, width, 2)
    return identity + moved


def random_shift(
    count: int, reach: float, mirror_share: float, generator: torch.Generator
) -> Tensor:
    """Random control point displacements: turn, scale, shift, bend; some mirrored. [N, 16, 2]."""
    control = _control_points(CONTROL**2)
    angle = (torch.rand(count, generator=generator) - 0.5) * 2 * reach
    scale = 1 + (torch.rand(count, 2, generator=generator) - 0.5) * 2 * reach
    mirror = torch.rand(count, generator=generator) < mirror_share
    scale[:, 0] = torch.where(mirror, -scale[:, 0], scale[:, 0])
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], dim=1).view(-1, 2, 2)
    points = (control[None] * scale[:, None]) @ turn
    points = points + (torch.rand(count, 1, 2, generator=generator) - 0.5) * reach
    bend = (torch.rand(count, CONTROL**2, 2, generator=generator) - 0.5) * reach
    return points - control[None] + bend


def five_point_shift(count: int, reach: float, generator: torch.Generator) -> Tensor:
    """Displacements of the corners and the middle, each by up to `reach` either way. [N, 5, 2]."""
    return (torch.rand(count, FIVE, 2, generator=generator) * 2 - 1) * reach


def warp(pictures: Tensor, grid: Tensor) -> Tensor:
    """grid_sample with mirrored borders, so that no invented colour enters a reference."""
    return F.grid_sample(
        pictures, grid, mode="bilinear", padding_mode="reflection", align_corners=True
    )
