"""Loss terms, unweighted; weights stand in the configs.

The first five are those of the SCFT paper, section 3.4; `texture_consistency` is Nerk's.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .networks.scft import similarity


def reconstruction(colour: Tensor, target: Tensor) -> Tensor:
    """L_rec: mean absolute difference."""
    return (colour - target).abs().mean()


def triplet(
    queries: Tensor, keys: Tensor, grid: Tensor, margin: float, generator: torch.Generator
) -> Tensor:
    """L_tr, eq. (5): max(0, margin - S(v_q, v_p) + S(v_q, v_n)), S as in the attention.

    The reference is the target warped by `grid` [N, h, w, 2] (reference position -> sketch
    position), so for every reference token the sketch query that belongs to it is known: sampled
    bilinearly where the warp points. Negatives are random tokens that are not neighbours.
    queries [N, h*w, d] and keys [N, h*w, d] come from pictures of the same size.
    """
    n, h, w, _ = grid.shape
    query_map = queries.float().transpose(1, 2).reshape(n, -1, h, w)
    anchor = F.grid_sample(query_map, grid, align_corners=True, padding_mode="border")
    anchor = anchor.flatten(2).transpose(1, 2)  # [N, T, d], one for every reference token
    positive = similarity(anchor, keys.float())  # [N, T, T]; its diagonal is the true pair
    count = h * w
    other = torch.randint(count, (count,), generator=generator).to(keys.device)
    index = torch.arange(count, device=keys.device)
    far = ((other // w - index // w).abs() > 1) | ((other % w - index % w).abs() > 1)
    inside = (grid.abs() <= 1).all(dim=3).flatten(1) & far
    gap = margin - positive[:, index, index] + positive[:, index, other]
    return (gap.clamp(min=0) * inside).sum() / inside.sum().clamp(min=1)


def perceptual(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """L_perc: mean absolute difference of feature maps, summed over slices."""
    return torch.stack([(a - b).abs().mean() for a, b in zip(ours, theirs, strict=True)]).sum()


def gram(features: Tensor) -> Tensor:
    """Gram matrix over C*H*W, of features brought to order one (they are about 30 on average)."""
    n, c, h, w = features.shape
    flat = features.reshape(n, c, h * w) / 30
    return flat @ flat.transpose(1, 2) / (c * h * w)


def style(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """L_style: mean absolute difference of Gram matrices, summed over slices."""
    return torch.stack(
        [(gram(a) - gram(b)).abs().mean() for a, b in zip(ours, theirs, strict=True)]
    ).sum()


def adversarial(score: Tensor, real: bool) -> Tensor:
    """L_adv as least squares: steadier than log loss at small batches."""
    return ((score - (1.0 if real else 0.0)) ** 2).mean()


def texture_consistency(from_exemplar: Tensor, from_output: Tensor) -> Tensor:
    """Mean square between the colour transfers exemplar -> sketch and output -> sketch.

    Colour taken from the output must recolour the sketch the same way. Both sides get a slope: with
    the exemplar's held still, one encoder chases itself, and both had grown a thousandfold after
    sixty steps.
    """
    return ((from_output.float() - from_exemplar.float()) ** 2).mean()


def critical(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's own loss on its scores of true and of made pictures."""
    return 0.5 * (adversarial(real.float(), True) + adversarial(fake.float(), False))
