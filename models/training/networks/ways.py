"""Ways: how far from each place of a drawing the place lies that it takes its colour from.

Shapes: N pictures, maps of h x w tokens. A way (x, y) is a difference of places, each from -1 at
one edge of its picture to 1 at the other, in units of 1 / WAY.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import Residual, act, conv1, doubled, place
from .scft import conv3
from .tables import FINE, NEAR

WAY = 8.0  # so that ways are of the order of one
CUES = 9 + 2 + 1 + 1 + 2  # near attention, the offset it says, mass, likeness, the way itself
SEEN = 16  # of the drawing
SETTLED = 32  # what is known of a way
FITS = 4
NEAR_FIT = 0.5  # ways that are farther from the fit count for little
RIDGE = 1e-4  # for drawings of which one place is sure


def neighbours(like: Tensor) -> Tensor:
    """[9, 2]: steps (x, y) to a token and those around it."""
    steps = [(x, y) for y in (-1.0, 0.0, 1.0) for x in (-1.0, 0.0, 1.0)]
    return torch.tensor(steps, device=like.device)


def nearness(like: Tensor) -> Tensor:
    """[1, 9, 4, 4]: how much a token and those around it count at each of its half-size pixels,
    where ways between tokens follow straight lines."""
    line = torch.tensor([(k + 0.5) / FINE - 0.5 for k in range(FINE)], device=like.device)
    steps = neighbours(like)[:, :, None, None]
    by_x = 1 - (line[None, None, :] - steps[:, 0]).abs()
    by_y = 1 - (line[None, :, None] - steps[:, 1]).abs()
    return (by_x.clamp(min=0) * by_y.clamp(min=0))[None]


def around_each(x: Tensor) -> Tensor:
    """[N, C, h, w] -> [N, C, 9, h, w]: every position and those around it, borders repeated."""
    x = F.pad(x, (1, 1, 1, 1), mode="replicate")
    rows = [x[:, :, :-2], x[:, :, 1:-1], x[:, :, 2:]]
    return torch.stack([part for r in rows for part in (r[..., :-2], r[..., 1:-1], r[..., 2:])], 2)


def pooled(way: Tensor, sure: Tensor, by: int) -> tuple[Tensor, Tensor]:
    """Mean way [N, 2, h / by, w / by], weighted by how sure it is [N, 1, h, w], and that."""
    mean = F.avg_pool2d(sure, by)
    return F.avg_pool2d(way * sure, by) / (mean + 1e-4), mean


def affine(way: Tensor, sure: Tensor) -> Tensor:
    """The affine map nearest to the ways [N, 2, h, w] in the weighted mean of squares, there."""
    n, _, h, w = way.shape
    at = place(way).flatten(2)
    basis = torch.cat([torch.ones_like(at[:, :1]), at], dim=1)  # [N, 3, h * w]
    weight = sure.flatten(2) / (sure.flatten(2).sum(2, keepdim=True) + 1e-6)
    weighted = (basis * weight).transpose(1, 2)
    m = basis @ weighted + RIDGE * torch.eye(3, device=way.device)
    # by the adjugate: exporters know no solver
    a, b, c = m[:, 0, 0], m[:, 0, 1], m[:, 0, 2]
    d, e, f = m[:, 1, 1], m[:, 1, 2], m[:, 2, 2]
    rows = [
        [d * f - e * e, c * e - b * f, b * e - c * d],
        [c * e - b * f, a * f - c * c, b * c - a * e],
        [b * e - c * d, b * c - a * e, a * d - b * b],
    ]
    inverse = torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)
    whole = a * rows[0][0] + b * rows[0][1] + c * rows[0][2]
    found = (way.flatten(2) @ weighted) @ (inverse / whole[:, None, None])
    return (found @ basis).reshape(n, 2, h, w)


def agreed(way: Tensor, sure: Tensor) -> Tensor:
    """The affine map most ways agree on: fitted anew without those that are far from the last fit
    (iteratively reweighted, Cauchy's weights)."""
    fitted = affine(way, sure)
    for _ in range(FITS - 1):
        apart = (way - fitted).pow(2).sum(1, keepdim=True)
        fitted = affine(way, sure / (1 + apart / NEAR_FIT**2))
    return fitted


class Settle(nn.Module):
    """Where each place's neighbours agree that it lies: an hourglass over ways and cues."""

    def __init__(self) -> None:
        super().__init__()
        self.sure = conv1(SEEN + CUES, 1)
        self.to16 = conv3(SEEN + CUES + 2, 48, 2)
        self.mix16 = conv1(48 + 3 + 2, 48)
        self.block16 = Residual(48)
        self.to32 = conv3(48, 56, 2)
        self.mix32 = conv1(56 + 3 + 3 + 2, 56)
        self.block32 = Residual(56)
        self.up16 = conv1(56, 48)
        self.join16 = Residual(48)
        self.up8 = conv1(48, SETTLED)
        self.join8 = conv3(SEEN + CUES + 2 + SETTLED + 4, SETTLED)
        self.settle = conv3(SETTLED, 7)  # of which way how much 4, what else 2, trust 1
        nn.init.normal_(self.settle.weight, std=0.003)

    def forward(self, given: Tensor, way: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """given [N, SEEN + CUES, h, w], way [N, 2, h, w] -> features, way, trust [N, 1, h, w]."""
        sure = torch.sigmoid(self.sure(given).float())
        fitted = agreed(way, sure)
        given = torch.cat([given, (way - fitted).to(given.dtype)], dim=1)
        way16, sure16 = pooled(way, sure, 2)
        way32, sure32 = pooled(way, sure, 4)
        mean = sure.mean((2, 3), keepdim=True)
        whole = (way * sure).mean((2, 3), keepdim=True) / (mean + 1e-4)
        y16 = act(self.to16(given))
        y16 = act(self.mix16(torch.cat([y16, way16, sure16, place(y16)], dim=1)))
        y16 = self.block16(y16)
        y32 = act(self.to32(y16))
        everywhere = torch.cat([whole, mean], dim=1) * torch.ones_like(sure32)
        y32 = torch.cat([y32, way32, sure32, everywhere, place(y32)], dim=1)
        y32 = self.block32(act(self.mix32(y32)))
        y16 = self.join16(y16 + doubled(self.up16(y32)))
        near = F.interpolate(way16, scale_factor=2.0, mode="bilinear")
        far = F.interpolate(way32, scale_factor=4.0, mode="bilinear")
        beside = [
            given,
            doubled(self.up8(y16)),
            (way - near).to(given.dtype),
            (way - far).to(given.dtype),
        ]
        y8 = act(self.join8(torch.cat(beside, dim=1)))
        y = self.settle(y8).float()
        share = torch.softmax(y[:, :4], dim=1).chunk(4, dim=1)
        settled = way * share[0] + near * share[1] + far * share[2] + fitted * share[3]
        return y8, settled + y[:, 4:6], y[:, 6:]


def shared_out(way: Tensor, picture: Tensor) -> Tensor:
    """The way of every half-size pixel, [N, 2, 4h, 4w]: on straight lines between its token's and
    those around it that lead to the same picture. way [N, 2, h, w]; picture [N, 1, h, w], a number
    for each."""
    n, _, h, w = way.shape
    same = (around_each(picture) - picture[:, :, None]).abs() < 0.5  # [N, 1, 9, h, w]
    share = nearness(way)[..., None, None] * same[:, 0, :, None, None]  # [N, 9, 4, 4, h, w]
    share = share / share.sum(1, keepdim=True)
    ways = around_each(way)[:, :, :, None, None]  # [N, 2, 9, 1, 1, h, w]
    mean = (ways * share[:, None]).sum(2)  # [N, 2, 4, 4, h, w]
    return F.pixel_shuffle(mean.reshape(n, 2 * FINE * FINE, h, w), FINE)


class Refine(nn.Module):
    """One step of the way to where the picture is most alike around its end."""

    def __init__(self) -> None:
        super().__init__()
        self.look = conv3(SETTLED + NEAR + 2, SETTLED)
        self.step = conv3(SETTLED, 3)  # in tokens 2, trust 1
        nn.init.normal_(self.step.weight, std=0.003)

    def forward(self, settled: Tensor, near: Tensor, way: Tensor) -> tuple[Tensor, Tensor]:
        """settled [N, SETTLED, h, w]; near [N, NEAR, h, w], how alike the places around there are
        -> step [N, 2, h, w] in tokens, and what is added to the trust [N, 1, h, w]."""
        rough = way - F.avg_pool2d(way, 3, 1, 1, count_include_pad=False)
        seen = [settled, near.to(settled.dtype), rough.to(settled.dtype)]
        made = self.step(act(self.look(torch.cat(seen, dim=1)))).float()
        return made[:, :2], made[:, 2:]
