"""Training batches for `inkwash`: drawings with every kind of guidance an artist may give.

A picture's reference is a warped copy of itself (self) or another page of its story (cross);
beside it may lie a second reference, a palette, hints and pins, and any of them may be missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from .appearance import apply_appearance, random_appearance
from .data import PictureSet, cut
from .frames import framed
from .networks.blocks import doubled
from .networks.inkwash import TOKEN_STRIDE as TOKEN
from .warp import random_shift, tps_grid, unwarped, warp, zoom


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
    source: Tensor  # [self_count, H/2, W/2, 2]: place in the target -> half-size pixel of the first
    found: Tensor  # [self_count, H/2, W/2], whether it lies in the first reference
    self_count: int
    lesson: Tensor | None = None  # [N, 3, H/2, W/2]: what teachers painted, if that is known


def shuffled(pictures: Tensor, which: Tensor, generator: torch.Generator, cells: int = 4) -> Tensor:
    """Those of the pictures that `which` [N] names, cut into cells x cells patches in random order:
    no place left to copy from."""
    n, c, h, w = pictures.shape
    patches = pictures.view(n, c, cells, h // cells, cells, w // cells)
    size = c * (h // cells) * (w // cells)  # said, for a batch of none
    patches = patches.permute(0, 2, 4, 1, 3, 5).reshape(n, cells * cells, size)
    order = torch.rand(n, cells * cells, generator=generator).argsort(1)
    order = torch.where(which[:, None], order, torch.arange(cells * cells)).to(pictures.device)
    patches = torch.gather(patches, 1, order[:, :, None].expand_as(patches))
    patches = patches.view(n, cells, cells, c, h // cells, w // cells)
    return patches.permute(0, 3, 1, 4, 2, 5).reshape(n, c, h, w)


FLOOD_STEPS = 40
FLOOD_APART = 28 / 255


def repainted(target: Tensor, spots: Tensor, colours: Tensor, which: Tensor) -> Tensor:
    """[N, 3, H, W] with the object around each spot, all that is connected and alike, moved to a
    colour [N, 3], in those pictures that `which` [N] names. `spots` [N, 2]: (x, y) in pixels.

    What differs from the reference's colours only here can be learned from a hint alone.
    """
    n, _, h, w = target.shape
    flat = (spots[:, 1] * w + spots[:, 0])[:, None, None].expand(-1, 3, 1)
    seed = torch.gather(target.flatten(2), 2, flat)[..., None]  # [N, 3, 1, 1]
    alike = ((target - seed).abs().amax(1, keepdim=True) < FLOOD_APART).float()
    small = -F.max_pool2d(-alike, 2)  # a line one pixel wide still parts two areas
    at = (spots[:, 1] // 2 * (w // 2) + spots[:, 0] // 2)[:, None]
    inside = torch.zeros(n, (h // 2) * (w // 2), device=target.device).scatter_(1, at, 1.0)
    inside = inside.view(n, 1, h // 2, w // 2)
    for _ in range(FLOOD_STEPS):
        inside = F.max_pool2d(inside, 5, 1, 2) * small
    inside = F.max_pool2d(doubled(inside), 5, 1, 2) * alike * which.view(-1, 1, 1, 1)
    moved = (target + colours[:, :, None, None] - seed).clamp(0, 1)
    return target + inside * (moved - target)


def plain_batch(
    sketch: Tensor,
    target: Tensor,
    reference: Tensor,
    lesson: Tensor | None,
    options: dict[str, Any],
) -> GuidedBatch:
    """Drawings [N, 1, H, W] with one other page each, [N, 3, H, W], and no other guidance."""
    n, _, h, w = sketch.shape
    device = sketch.device
    k, p = int(options["most_hints"]), int(options["palette_colours"])

    def none(*shape: int) -> Tensor:
        return torch.zeros(*shape, device=device)

    return GuidedBatch(
        sketch=sketch.contiguous(memory_format=torch.channels_last),
        target=target.contiguous(memory_format=torch.channels_last),
        references=reference.contiguous(memory_format=torch.channels_last)[None],
        reference_weights=none(1, n) + 1,
        palette=none(n, p, 3),
        palette_weights=none(n),
        places=none(n, k, 2),
        hint_colours=none(n, k, 3),
        hint_weights=none(n, k),
        pinned=torch.full((n, k), -1, dtype=torch.long, device=device),
        grid=none(0, h // TOKEN, w // TOKEN, 2),
        true_grid=none(0) > 0,
        source=none(0, h // 2, w // 2, 2),
        found=none(0, h // 2, w // 2) > 0,
        self_count=0,
        lesson=lesson,
    )


def model_sheets(pages: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
    """Pages [N, 3, H, W] cut in two at a share [N] of their width, each part alone on white paper:
    as an artist gives one sheet for each character of a drawing."""
    columns = (torch.arange(pages.shape[3], device=pages.device) + 0.5) / pages.shape[3]
    left = (columns < at[:, None])[:, None, None]
    return torch.where(left, pages, 1.0), torch.where(left, 1.0, pages)


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
    on_device = torch.Generator(device).manual_seed(seed)
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
    mirrored = (rand(count) < 0.5).to(device).view(-1, 1, 1, 1)
    both = torch.where(mirrored, both.flip(3), both)
    target, sketch = both[:, :3], both[:, 3:].contiguous(memory_format=torch.channels_last)

    # one change of colour for a drawing and all pages of its story
    cross_natural = options["cross_natural_share"] if paired else natural_share
    parts = [
        random_appearance(self_count, natural_share, generator),
        random_appearance(count - self_count, cross_natural, generator),
    ]
    matrix = torch.cat([p[0] for p in parts]).to(device)
    offset = torch.cat([p[1] for p in parts]).to(device)
    target = apply_appearance(target, matrix, offset)

    # references: the warped self, whole or a cut of it, or another page, then perhaps one more
    zoomed = rand(self_count) < options["zoom_share"]
    shift = zoom(random_shift(self_count, warp_reach, 0.15, generator), zoomed, generator)
    full = tps_grid(shift.to(device), px, px)
    warped = warp(target[:self_count], full)
    shuffle = rand(self_count) < options["shuffle_share"]
    warped = shuffled(warped, shuffle, generator)
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
        pages = apply_appearance(pages, matrix, offset)
        # where the first is a cut, the second may be another cut of the same drawing
        again = zoomed & (rand(self_count) < 0.5)
        more = zoom(random_shift(self_count, warp_reach, 0.0, generator), again, generator)
        cuts = warp(target[:self_count], tps_grid(more.to(device), px, px))
        own = torch.cat([again, torch.zeros(count - self_count, dtype=torch.bool)])
        cuts = torch.cat([cuts, pages[self_count:]])
        references.append(torch.where(own.to(device).view(-1, 1, 1, 1), cuts, pages))
        # of another page, each reference may be one side
        parted = rand(count) < options["sheet_share"]
        parted[:self_count] = False
        sheets = model_sheets(references[0], (0.3 + 0.4 * rand(count)).to(device))
        chosen = parted.to(device).view(-1, 1, 1, 1)
        references = [torch.where(chosen, x, y) for x, y in zip(sheets, references, strict=True)]
        present = [present[0] | parted, torch.tensor(there) | own | parted]
    else:
        # pages in frames, which only another page has
        inside = framed(
            sketch[cross],
            target[cross],
            references[0][cross],
            None,
            options["frame_share"],
            generator,
        )
        sketch = torch.cat([sketch[:self_count], inside.sketch])
        target = torch.cat([target[:self_count], inside.target])
        references = [torch.cat([warped, inside.reference])]

    # hints: on paper, not on a line; some of them on an object repainted for them alone
    most = int(options["most_hints"])
    hinted = rand(count) < options["hint_share"]
    repaint = hinted & (rand(count) < options["repaint_share"])
    side = px // TOKEN
    tokens = F.avg_pool2d(full.permute(0, 3, 1, 2), TOKEN).permute(0, 2, 3, 1)
    tokens = tokens * (px / max(px - TOKEN, 1))
    pinned_here = torch.cat(
        [~shuffle & (rand(self_count) < options["pin_share"]), torch.zeros(count - self_count) > 1]
    )
    dots = torch.where(pinned_here, 1 + (rand(count) * 4).long(), 1 + (rand(count) * most).long())
    dots = torch.where(hinted | pinned_here, dots, torch.zeros_like(dots))
    repaint &= ~pinned_here
    paper = (sketch[:, 0] > 0.7).flatten(1).float() + 1e-3
    spots = torch.multinomial(paper, most, generator=on_device)
    spots = torch.stack([spots % px, spots // px], dim=2)  # [N, K, (x, y)]
    target = repainted(target, spots[:, 0], rand(count, 3).to(device), repaint.to(device))
    places = spots * (2 / px) + (1 / px - 1)
    pinned = torch.full((count, most), -1, dtype=torch.long, device=device)
    if self_count:
        within = (tokens.abs() < 0.97).all(3).flatten(1).float() + 1e-6
        chosen = torch.multinomial(within, most, generator=on_device)
        theirs = torch.gather(tokens.flatten(1, 2), 1, chosen[:, :, None].expand(-1, -1, 2))
        pins = pinned_here[:self_count].to(device)
        places[:self_count] = torch.where(pins[:, None, None], theirs, places[:self_count])
        pinned[:self_count] = torch.where(pins[:, None], chosen, pinned[:self_count])
    hint_weights = (torch.arange(most)[None] < dots[:, None]).float().to(device)
    hint_weights = hint_weights * (places.abs() < 1).all(2)
    smooth = F.avg_pool2d(target, 5, 1, 2, count_include_pad=False)
    hint_colours = F.grid_sample(smooth, places[:, :, None], align_corners=False)
    hint_colours = hint_colours[:, :, :, 0].transpose(1, 2)

    # palette: colours the target has, in no order
    colours = F.avg_pool2d(target, TOKEN).flatten(2).transpose(1, 2)
    amount = int(options["palette_colours"])
    chosen = torch.randint(side * side, (count, amount), generator=generator).to(device)
    palette = torch.gather(colours, 1, chosen[:, :, None].expand(-1, -1, 3))
    wanted = torch.where(present[0], options["palette_share"], options["palette_alone_share"])
    palette_weights = (rand(count) < wanted).float()

    source, found = unwarped(full, shift, px // 2)
    strength = (0.6 + 0.9 * rand(count)).view(-1, 1, 1, 1).to(device)
    sketch = (1 - (1 - sketch) * strength).clamp(0, 1)
    return GuidedBatch(
        sketch=sketch,
        target=target.contiguous(memory_format=torch.channels_last),
        references=torch.stack(references),
        reference_weights=torch.stack(present).float().to(device),
        palette=palette,
        palette_weights=palette_weights.to(device),
        places=places,
        hint_colours=hint_colours,
        hint_weights=hint_weights,
        pinned=pinned,
        grid=tokens,
        true_grid=~shuffle.to(device),
        source=source,
        found=found & ~shuffle.to(device)[:, None, None],
        self_count=self_count,
    )
