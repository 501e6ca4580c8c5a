"""Moving the colours of one picture to those of another.

Sliced optimal transport (Pitie et al. 2007; Rabin et al. 2011): along random directions of colour
space, the k-th smallest value goes where the other picture's k-th smallest is, again and again.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .losses import LMS_FROM_RGB, OKLAB_FROM_LMS, oklab

ROUNDS = 8
STEP = 0.8  # of the way that a round asks for


def srgb(lab: Tensor) -> Tensor:
    """OKLab [..., 3] -> sRGB in [0, 1], what lies outside clamped."""
    lms, rgb = (
        torch.linalg.inv(torch.tensor(m, device=lab.device)) for m in (OKLAB_FROM_LMS, LMS_FROM_RGB)
    )
    linear = ((lab @ lms).pow(3) @ rgb).clamp(0, 1)
    curved = 1.055 * linear.clamp(min=1e-6).pow(1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, linear * 12.92, curved).clamp(0, 1)


def transported(picture: Tensor, other: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """`picture` with its colours moved by `share` (0 to 1) of the way to those of `other`.

    Both sRGB [N, 3, H, W] in [0, 1] with as many pixels; distances are OKLab's. In single precision
    whatever the caller's, which can't tell colours apart.
    """
    with torch.autocast(picture.device.type, enabled=False):
        return _transported(picture.float(), other.float(), share, generator)


def _transported(
    picture: Tensor, other: Tensor, share: float, generator: torch.Generator
) -> Tensor:
    own = oklab(picture.flatten(2).transpose(1, 2))
    theirs = oklab(other.flatten(2).transpose(1, 2))
    moved = own
    for _ in range(ROUNDS):
        turn, _ = torch.linalg.qr(torch.randn(3, 3, generator=generator))
        turn = turn.to(picture.device)
        along = moved @ turn
        wanted = (theirs @ turn).sort(dim=1).values
        order = along.argsort(dim=1)
        way = torch.empty_like(along).scatter_(1, order, wanted - along.gather(1, order))
        moved = moved + STEP * (way @ turn.T)
    return srgb(own + share * (moved - own)).transpose(1, 2).reshape(picture.shape)
