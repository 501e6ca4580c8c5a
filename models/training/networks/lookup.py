"""Looking a reference's own pixels up where attention points.

An 8x8 patch moved by whole patches is off by up to four pixels, which costs five decibels, and the
best patch is often a wrong one that only looks alike. So every patch of the drawing finds its way
to a place in the picture that holds the patch it attends to most:

1. where its neighbours, near and far, and one affine map agree that it lies (`Settle`);
2. moved, twice, to where the picture is most alike around there (`Refine`; as RAFT does, Teed and
   Deng 2020);
3. shared out to the half-size pixels, on straight lines between ways to the same picture;
4. corrected once after a look at what is fetched there beside the drawing's lines.

There the picture's half-size pixels are fetched. How far to trust them is learned with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import act, conv1, doubled, place
from .scft import conv3, tokens
from .tables import FINE, FINE_PIXELS, fetch, likeness, take_rows, to_picture, to_rows
from .ways import SEEN, WAY, Refine, Settle, neighbours, shared_out

NOTHING = 1e-9  # attention to what is to be ignored is less


@dataclass
class Pick:
    """The token each place of a drawing attends to most, and its picture."""

    most: Tensor  # [N, Q], attention to it
    best: Tensor  # [N, Q], its row
    sides: Tensor  # [N, Q, 4]: tokens left, right, above and below of it
    drawn: Tensor  # [N, Q, 2]: the place in the drawing
    like: Tensor  # a map of the drawing's tokens

    @property
    def counts(self) -> Tensor:
        """Columns and rows of the picture, [N, Q, 2]."""
        left, right, above, below = self.sides.chunk(4, dim=2)
        return torch.cat([left + right, above + below], dim=2) + 1

    @property
    def place(self) -> Tensor:
        """The token's column and row in its picture, [N, Q, 2]."""
        left, _, above, _ = self.sides.chunk(4, dim=2)
        return torch.cat([left, above], dim=2)

    @property
    def picture(self) -> Tensor:
        """[N, 1, h, w]: the picture's first row, another for each picture."""
        left, right, above, _ = self.sides.chunk(4, dim=2)
        return self.map(self.best[:, :, None] - left - above * (left + right + 1))

    def map(self, rows: Tensor) -> Tensor:
        """[N, Q, C] -> [N, C, h, w]."""
        n, _, h, w = self.like.shape
        return rows.transpose(1, 2).reshape(n, -1, h, w)

    def way(self, at: Tensor) -> Tensor:
        """The way to a place in the picture, counted in tokens: [N, Q, 2] -> [N, 2, h, w]."""
        return self.map(((2 * at + 1) / self.counts - 1 - self.drawn) * WAY)

    def at(self, way: Tensor) -> Tensor:
        """The place a way leads to, in tokens: [N, 2, h, w] -> [N, Q, 2]."""
        return ((tokens(way) / WAY + self.drawn + 1) * self.counts - 1) / 2

    def pixels_at(self, way: Tensor) -> Tensor:
        """The place every half-size pixel's way leads to, in half-size pixels: [N, 2, 4h, 4w]."""
        counts = doubled(doubled(self.map(self.counts)))
        return (way / WAY + place(way) + 1) * (FINE / 2) * counts - 0.5


class Lookup(nn.Module):
    """The ways, and what they fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.see = conv1(96, SEEN)
        self.settle = Settle()
        self.refine = nn.ModuleList([Refine(), Refine()])
        self.correct_from = conv3(48 + 12 + 1, 24)
        self.correct_more = conv3(24, 24, dilation=2)
        self.correct = conv3(24, 3)  # displacement 2, trust 1
        nn.init.normal_(self.correct.weight, std=0.003)

    def forward(
        self,
        maps: tuple[Tensor, Tensor, Tensor],
        alike: Tensor,
        attention: Tensor,
        carried: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """`maps` of the drawing at 1/2, 1/4 and 1/8; `alike`, cosines [N, Q, T]; `attention`
        [N, Q, S], the last for none; `carried` [N, S, CARRIED].

        -> fetched [N, 3, H/2, W/2] in -1..1, trust [N, 1, H/2, W/2], best [N, Q], and the aims step
        by step, [N, Q, 16, 2]: half-size pixels (x, y) of the best token's picture.
        """
        _, x4, x8 = maps
        most, best = attention[:, :, :-1].max(2)
        sides = take_rows(carried[:, :, FINE_PIXELS:], best).floor()
        pick = Pick(most, best, sides, tokens(place(x8.float())), x8)
        cues, way = self.cues(pick, alike, attention)
        given = torch.cat([act(self.see(x8)), cues.to(x8.dtype)], dim=1)
        settled, way, trust = self.settle(given, way)
        ways = [way]
        for refine in self.refine:
            way = way.detach()
            near = likeness(alike, best, sides, pick.at(way))
            step, more = refine(settled, pick.map(near), way)
            way = way + step * (2 * WAY) / pick.map(pick.counts)
            trust = trust + more
            ways.append(way)
        fine = [F.interpolate(w, scale_factor=float(FINE), mode="bilinear") for w in ways[:-1]]
        fine.append(shared_out(way, pick.picture))
        aims = [to_rows(pick.pixels_at(w)) for w in fine]

        trust = F.interpolate(trust, scale_factor=float(FINE), mode="bilinear")
        pixels, corner = carried[:, :, :FINE_PIXELS], FINE * pick.place[:, :, None]
        there = to_picture(fetch(pixels, best, sides, aims[-1] - corner), x8)
        seen = [x4, F.pixel_unshuffle(there, 2).to(x4.dtype), F.avg_pool2d(trust, 2).to(x4.dtype)]
        y = act(self.correct_from(torch.cat(seen, dim=1)))
        y = self.correct(act(self.correct_more(y))).float()
        y = F.interpolate(y, scale_factor=2.0, mode="bilinear")
        aims.append(aims[-1] + to_rows(y[:, :2]))
        fetched = to_picture(fetch(pixels, best, sides, aims[-1] - corner), x8)
        meant = pick.map((most > NOTHING).float()[:, :, None])  # else all of it is to be ignored
        trust = torch.sigmoid(trust + y[:, 2:]) * doubled(doubled(meant))
        return fetched, trust, best, aims

    def cues(self, pick: Pick, alike: Tensor, attention: Tensor) -> tuple[Tensor, Tensor]:
        """What is known before anything is looked up, [N, CUES, h, w], and the first way."""
        # Attention around the best token says on which side of it the true place lies.
        left, right, above, below = pick.sides.chunk(4, dim=2)
        steps = neighbours(attention)  # [9, 2]
        across, down = steps[None, None, :, 0], steps[None, None, :, 1]
        inside = (across >= -left) & (across <= right) & (down >= -above) & (down <= below)
        step = (across + down * (left + right + 1)).long() * inside
        around = pick.best[:, :, None] + step
        near = torch.gather(attention, 2, around) * inside
        mass = near.sum(2, keepdim=True)
        near = near / mass.clamp(min=NOTHING)
        offset = near @ steps
        way = pick.way(pick.place + offset)
        known = (pick.best < alike.shape[2])[:, :, None]  # not a hint's
        likeliest = torch.gather(alike, 2, pick.best[:, :, None] * known) * known
        return pick.map(torch.cat([near, offset, mass, likeliest, tokens(way)], dim=2)), way
