"""Training batches: faces bent, morphed, mirrored and drawn, all on the device."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from ..filters import grey_of
from .data import Faces
from .sketches import (
    FIELD,
    Hand,
    Random,
    bend,
    chosen,
    displaced,
    handled,
    identity_grid,
    lines_of,
    on_paper,
    standard,
    uniform,
)
from .windows import CANVAS, WORK

# Where each of the 68 landmarks goes when the face is mirrored.
MIRROR_ORDER = [
    *range(16, -1, -1),
    *range(26, 16, -1),
    *range(27, 31),
    *range(35, 30, -1),
    *(45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40),
    *(54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55),
    *(64, 63, 62, 61, 60, 67, 66, 65),
]


@dataclass(frozen=True)
class Batch:
    """photo [N, 3, 256, 256] and sketch [N, 1, 256, 256] in [0, 1]; large: at 512 px, or None."""

    index: Tensor
    mirrored: Tensor  # [N] bool
    photo: Tensor
    sketch: Tensor
    large: Tensor | None


@lru_cache(maxsize=4)
def _mirror_order(device: torch.device) -> Tensor:
    return torch.tensor(MIRROR_ORDER, device=device)


@lru_cache(maxsize=4)
def _anchors(device: torch.device) -> Tensor:
    line = torch.linspace(0, CANVAS, 5, device=device)
    y, x = torch.meshgrid(line, line, indexing="ij")
    points = torch.stack([x.flatten(), y.flatten()], 1)
    return points[((points == 0) | (points == CANVAS)).any(1)]


def _radial(squared: Tensor) -> Tensor:
    return squared * torch.log(squared + 1e-6)


def morph(source: Tensor, target: Tensor) -> Tensor:
    """Field [N, 2, 64, 64] in work px that brings landmarks `source` to where `target` has them.

    Thin-plate spline through landmarks [N, 68, 2] (px of the canvas); the border stays. In double
    precision, since its terms are large and nearly cancel.
    """
    n, device = len(source), source.device
    source, target = source.double(), target.double()
    border = _anchors(device)[None].expand(n, -1, -1).double()
    at = torch.cat([target, border], 1) / CANVAS
    moved = torch.cat([source - target, torch.zeros_like(border)], 1)
    count = at.shape[1]
    system = at.new_zeros(n, count + 3, count + 3)
    system[:, :count, :count] = _radial(((at[:, :, None] - at[:, None]) ** 2).sum(3))
    system[:, :count, :count] += 2e-3 * torch.eye(count, device=device)
    plane = torch.cat([torch.ones_like(at[:, :, :1]), at], 2)
    system[:, :count, count:] = plane
    system[:, count:, :count] = plane.transpose(1, 2)
    wanted = torch.cat([moved, at.new_zeros(n, 3, 2)], 1)
    weights = torch.linalg.solve_ex(system, wanted)[0]
    side = FIELD // 2
    pixels = (identity_grid(side, device).view(1, -1, 2).double() + 1) / 2
    radial = _radial(((pixels[:, :, None] - at[:, None]) ** 2).sum(3))
    plane = torch.cat([torch.ones_like(pixels[:, :, :1]), pixels], 2).expand(n, -1, -1)
    coarse = torch.cat([radial, plane], 2) @ weights
    field = coarse.transpose(1, 2).reshape(n, 2, side, side).float() * (WORK / CANVAS)
    return F.interpolate(field, (FIELD, FIELD), mode="bilinear", align_corners=False)


def flipped(x: Tensor, mirrored: Tensor) -> Tensor:
    return torch.where(mirrored.view(-1, 1, 1, 1), x.flip(3), x)


def lit(photo: Tensor, large: Tensor | None, rng: Random) -> tuple[Tensor, Tensor | None]:
    """Small changes of exposure, gamma and warmth: a sketch can't tell of large ones."""
    n = len(photo)
    gamma = uniform(n, -0.12, 0.12, rng).exp()
    gain = uniform(n, -0.08, 0.08, rng).exp()
    warmth = torch.randn(n, 3, 1, 1, device=photo.device, generator=rng) * 0.015

    def change(x: Tensor) -> Tensor:
        return (x.clamp(1e-3, 1) ** gamma * gain * (1 + warmth)).clamp(0, 1)

    return change(photo), None if large is None else change(large)


def make(
    faces: Faces,
    index: Tensor,
    hand: Hand,
    rng: Random,
    *,
    place: Tensor | None = None,
    clean: float = 0.2,
    morphed: float = 0.4,
    bent: float = 0.6,
    lighting: bool = True,
) -> Batch:
    """A batch of faces[index]; `place` says where in faces.large each one's 512 px picture is.

    Of the sketches a share `clean` is the photograph's standard sketch, `morphed` are on their way
    to another face's proportions, `bent` are drawn crooked, the photograph with them.
    """
    n = len(index)
    mirrored = chosen(n, 0.5, rng).view(-1) > 0
    photo = flipped(faces.pictures[index].float() / 255, mirrored)
    variant = torch.randint(faces.contours.shape[1], (n,), device=rng.device, generator=rng)
    contours = flipped(faces.contours[index, variant][:, None].float() / 255, mirrored)
    marks = faces.landmarks[index]
    other = marks.roll(1, 0)
    order = _mirror_order(marks.device)
    turned = torch.stack([CANVAS - marks[:, order, 0], marks[:, order, 1]], dim=2)
    marks = torch.where(mirrored.view(-1, 1, 1), turned, marks)
    way = uniform(n, 0.1, 0.6, rng) * chosen(n, morphed, rng)
    target = marks + (other - marks) * way.view(-1, 1, 1)
    field = morph(marks, target) + bend(n, hand, rng) * chosen(n, bent, rng)
    both = displaced(torch.cat([photo, contours], 1), field)
    photo, contours = both[:, :3], both[:, 3:]
    ink = handled(lines_of(grey_of(photo), contours, hand.contours, rng), hand, rng)
    sketch = on_paper(ink)
    sketch = torch.where(chosen(n, clean, rng) > 0, standard(photo), sketch)
    large = None
    if place is not None:
        large = displaced(flipped(faces.large[place].float() / 255, mirrored), field)
    if lighting:
        photo, large = lit(photo, large, rng)
    return Batch(index, mirrored, photo, sketch, large)


class Draw:
    """Indices of faces, drawn by weight, without asking the device for anything."""

    def __init__(self, weights: Tensor, rng: Random) -> None:
        self.rng = rng
        self.pool = torch.multinomial(weights, 100_000, replacement=True, generator=rng)

    def __call__(self, count: int) -> Tensor:
        at = torch.randint(len(self.pool), (count,), device=self.rng.device, generator=self.rng)
        return self.pool[at]
