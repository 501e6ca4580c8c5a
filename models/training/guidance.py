"""Training batches for `inkwash`: drawings with every kind of guidance an artist may give.

A picture's reference is a warped copy of itself (self) or another page of its story (cross);
beside it may lie a second reference, a palette, hints and pins, and any of them may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .appearance import apply_appearance, random_appearance
from .data import PictureSet, cut
from .warp import random_shift, tps_grid, warp


@dataclass
class GuidedBatch:
    """N drawings, R references each, P palette colours, K hints and pins; the first
    `self_count` have a warped copy of themselves as first reference."""

    sketch: Tensor  # [N, 1, H, W], 1 paper
    target: Tensor  # [N, 3, H, W]
    references: Tensor  # [R, N, 3, H, W]
    reference_weights: Tensor  # [R, N], 0 or 1
    palette: Tensor  # [N, P, 3]
    palette_weights: Tensor  # [N], 0 or 1
    places: Tensor  # [N, K, 2], (x, y) in -1..1
    hint_colours: Tensor  # [N, K, 3], of the target where the hint lies
    hint_weights: Tensor  # [N, K], 0 or 1
    pinned: Tensor  # [N, K], token of the first reference a pin points at, or -1 for a colour
    grid: Tensor  # [self_count, h, w, 2]: token of the first reference -> place in the target
    true_grid: Tensor  # [self_count], whether `grid` holds (not after a shuffle)
    self_count: int


def shuffled(pictures: Tensor, generator: torch.Generator, cells: int = 4) -> Tensor:
    """Each picture cut into cells x cells patches in random order: no place left to copy from."""
    n, c, h, w = pictures.shape
    patches = pictures.view(n, c, cells, h // cells, cells, w // cells)
    patches = patches.permute(0, 2, 4, 1, 3, 5).reshape(n, cells * cells, c, h // cells, -1)
    order = torch.rand(n, cells * cells, generator=generator).argsort(1).to(pictures.device)
    patches = torch.stack([p[o] for p, o in zip(patches, order, strict=True)])
    patches = patches.view(n, cells, cells, c, h // cells, w // cells)
    return patches.permute(0, 3, 1, 4, 2, 5).reshape(n, c, h, w)


def repainted(target: Tensor, x: int, y: int, colour: Tensor) -> Tensor:
    """[3, H, W] with the object around (x, y), all that is connected and alike, in `colour`.

    What differs from the reference's colours only here can be learned from a hint alone.
    """
    rgb = (target.permute(1, 2, 0).float().cpu().numpy() * 255).astype(np.uint8)
    rgb = np.ascontiguousarray(rgb)
    mask = np.zeros((rgb.shape[0] + 2, rgb.shape[1] + 2), np.uint8)
    flags = 4 | (255 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    cv2.floodFill(rgb, mask, (x, y), (0, 0, 0), (28,) * 3, (28,) * 3, flags)
    inside = torch.from_numpy(mask[1:-1, 1:-1] > 0).to(target.device)
    moved = target + (colour - target[:, y, x])[:, None, None]
    return torch.where(inside[None], moved.clamp(0, 1), target)


def guided_batch(
    pictures: PictureSet,
    count: int,
    px: int,
    crop_least: float,
    seed: int,
    *,
    self_share: float,
    natural_share: float,
    warp_reach: float,
    options: dict[str, Any],
) -> GuidedBatch:
    """One batch; the same arguments give the same batch. `options`: see configs/inkwash.py."""
    generator = torch.Generator().manual_seed(seed)
    device = pictures.images.device
    cached = pictures.images.shape[-1]
    total = len(pictures.files)

    def rand(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def pick(limit: int) -> int:
        return int(torch.randint(limit, (1,), generator=generator))

    def crops_of(source: Tensor) -> Tensor:
        side = int(cached * (crop_least + (1 - crop_least) * float(rand(1))))
        corners = (rand(len(source), 2) * (cached - side + 1)).long()
        return cut(source, corners, side, px).contiguous(memory_format=torch.channels_last)

    # whose picture, whose page
    paired = any(pictures.partners)
    self_count = round(count * self_share) if paired else count
    index = [pick(total) for _ in range(count)]
    for k in range(self_count, count):
        while not pictures.partners[index[k]]:
            index[k] = pick(total)
    first = list(index)
    for k in range(self_count, count):
        others = pictures.partners[index[k]]
        first[k] = others[pick(len(others))]
    on = torch.tensor(index, device=device)
    variant = torch.randint(pictures.lines.shape[1], (count,), generator=generator).to(device)
    both = torch.cat([pictures.images[on], pictures.lines[on, variant][:, None]], dim=1)
    both = crops_of(both)
    mirrored = rand(count) < 0.5
    both[mirrored] = both[mirrored].flip(3)
    target, sketch = both[:, :3].contiguous(memory_format=torch.channels_last), both[:, 3:]
    sketch = sketch.contiguous(memory_format=torch.channels_last)

    # one change of colour for a drawing and all pages of its story
    cross_natural = options["cross_natural_share"] if paired else natural_share
    parts = [
        random_appearance(self_count, natural_share, generator),
        random_appearance(count - self_count, cross_natural, generator),
    ]
    matrix = torch.cat([p[0] for p in parts]).to(device)
    offset = torch.cat([p[1] for p in parts]).to(device)
    target = apply_appearance(target, matrix, offset)

    # references: the warped self or another page, then perhaps one more
    shift = random_shift(self_count, warp_reach, 0.15, generator).to(device)
    full = tps_grid(shift, px, px)
    warped = warp(target[:self_count], full)
    shuffle = rand(self_count) < options["shuffle_share"]
    if shuffle.any():
        warped[shuffle] = shuffled(warped[shuffle], generator)
    cross = slice(self_count, count)
    pages = crops_of(pictures.images[torch.tensor(first[cross], dtype=torch.long, device=device)])
    pages = apply_appearance(pages, matrix[cross], offset[cross])
    references = [torch.cat([warped, pages])]
    present = [rand(count) >= options["drop_share"]]
    if float(rand(1)) < options["second_share"]:
        second, there = [], []
        for k in range(count):
            mates = pictures.partners[index[k]]
            kind = float(rand(1))
            there.append(kind < 0.75)
            second.append(mates[pick(len(mates))] if mates and kind < 0.45 else pick(total))
        pages = crops_of(pictures.images[torch.tensor(second, device=device)])
        references.append(apply_appearance(pages, matrix, offset))
        present.append(torch.tensor(there))

    # hints: on paper, not on a line; some of them on an object repainted for them alone
    most = int(options["most_hints"])
    hinted = rand(count) < options["hint_share"]
    repaint = rand(count) < options["repaint_share"]
    places = torch.zeros(count, most, 2)
    hint_weights = torch.zeros(count, most)
    pinned = torch.full((count, most), -1, dtype=torch.long)
    side = px // 8
    tokens = F.avg_pool2d(full.permute(0, 3, 1, 2), 8).permute(0, 2, 3, 1)
    tokens = tokens * (px / max(px - 8, 1))
    paper = (sketch[:, 0] > 0.7).flatten(1).float().cpu() + 1e-3
    for k in range(count):
        if k < self_count and not shuffle[k] and float(rand(1)) < options["pin_share"]:
            inside = (tokens[k].abs() < 0.97).all(2).flatten().nonzero()[:, 0].cpu()
            for slot in range(min(1 + pick(4), len(inside))):
                token = int(inside[pick(len(inside))])
                places[k, slot] = tokens[k].reshape(-1, 2)[token].cpu()
                pinned[k, slot] = token
                hint_weights[k, slot] = 1
        elif hinted[k]:
            dots = 1 + pick(most)
            spots = torch.multinomial(paper[k], dots, generator=generator)
            x, y = spots % px, spots // px
            if repaint[k]:
                target[k] = repainted(target[k], int(x[0]), int(y[0]), rand(3).to(device))
            places[k, :dots] = torch.stack([x, y], 1) * (2 / px) + (1 / px - 1)
            hint_weights[k, :dots] = 1
    places = places.to(device)
    smooth = F.avg_pool2d(target, 5, 1, 2, count_include_pad=False)
    hint_colours = F.grid_sample(smooth, places[:, :, None], align_corners=False)
    hint_colours = hint_colours[:, :, :, 0].transpose(1, 2)

    # palette: colours the target has, in no order
    colours = F.avg_pool2d(target, 8).flatten(2).transpose(1, 2)
    chosen = torch.randint(
        side * side, (count, int(options["palette_colours"])), generator=generator
    )
    palette = torch.stack([c[i] for c, i in zip(colours, chosen.to(device), strict=True)])
    wanted = torch.where(present[0], options["palette_share"], options["palette_alone_share"])
    palette_weights = (rand(count) < wanted).float()

    strength = (0.6 + 0.9 * rand(count)).view(-1, 1, 1, 1).to(device)
    sketch = (1 - (1 - sketch) * strength).clamp(0, 1)
    return GuidedBatch(
        sketch=sketch,
        target=target,
        references=torch.stack(references),
        reference_weights=torch.stack(present).float().to(device),
        palette=palette,
        palette_weights=palette_weights.to(device),
        places=places,
        hint_colours=hint_colours,
        hint_weights=hint_weights.to(device),
        pinned=pinned.to(device),
        grid=tokens,
        true_grid=~shuffle.to(device),
        self_count=self_count,
    )
