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


@lru_cache(maxsize=16)
def _on_device(height: int, width: int, count: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """The interpolator, and the identity [H, W, 2], where they are used."""
    y, x = torch.meshgrid(
        torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij"
    )
    identity = torch.stack([x, y], dim=2)
    return _interpolator(height, width, count).to(device), identity.to(device)


def tps_grid(control_shift: Tensor, height: int, width: int) -> Tensor:
    """Control point displacements [N, 5 or side^2, 2] -> sampling grid [N, H, W, 2].

    warped(p) = picture(grid(p)). Zero displacements give the identity.
    """
    spread, identity = _on_device(height, width, control_shift.shape[1], control_shift.device)
    moved = (spread @ control_shift).view(-1, height, width, 2)
    return identity + moved


LEAST_ZOOM = 0.4


def zoom(shift: Tensor, which: Tensor, generator: torch.Generator) -> Tensor:
    """Displacements `shift` [N, 16, 2] of warps, those that `which` [N] names cut to a random part
    of the picture, enlarged. On the CPU."""
    count = len(shift)
    control = _control_points(CONTROL**2)
    scale = LEAST_ZOOM + (1 - LEAST_ZOOM) * torch.rand(count, 1, 1, generator=generator)
    middle = (torch.rand(count, 1, 2, generator=generator) * 2 - 1) * (1 - scale)
    moved = (control + shift) * scale + middle - control
    return torch.where(which[:, None, None], moved, shift)


def unwarped(grid: Tensor, shift: Tensor, size: int, steps: int = 6) -> tuple[Tensor, Tensor]:
    """The way back through a warp: for every half-size pixel of the picture, where it went.

    `grid` [N, 2*size, 2*size, 2] and the displacements [N, 16, 2] it was made from ->
    half-size pixels (x, y) of the warped picture [N, size, size, 2], and whether the place is in it
    and was found. Newton's method, with the warp's best affine map in place of its slope.
    """
    full = 2 * size
    if not len(grid):
        return grid.new_zeros(0, size, size, 2), torch.zeros(0, size, size, dtype=torch.bool)
    control = _control_points(CONTROL**2)
    known = torch.cat([torch.ones(len(control), 1), control], dim=1)
    affine = torch.linalg.pinv(known) @ (control[None] + shift)  # [N, 3, 2]
    slope = torch.linalg.inv(affine[:, 1:] + 1e-6 * torch.eye(2)).to(grid.device)
    start = affine[:, :1].to(grid.device)
    line = (2 * torch.arange(size, device=grid.device) + 0.5) / (full - 1) * 2 - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    wanted = torch.stack([x, y], dim=2).view(1, -1, 2).expand(len(grid), -1, -1)
    at = (wanted - start) @ slope
    planes = grid.permute(0, 3, 1, 2)

    def left() -> Tensor:
        there = F.grid_sample(planes, at[:, None], align_corners=True, padding_mode="border")
        return wanted - there[:, :, 0].transpose(1, 2)

    for _ in range(steps):
        at = at + left() @ slope
    found = (left().abs() < 2 / full).all(2) & (at.abs() <= 1).all(2)
    pixels = ((at + 1) / 2 * (full - 1) - 0.5) / 2
    return pixels.view(-1, size, size, 2), found.view(-1, size, size)


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
