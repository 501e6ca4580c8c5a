"""Looking a reference's own pixels up where attention points.

An 8x8 patch moved by whole patches is off by up to four pixels, which costs five decibels. So every
patch of the drawing gets an aim: a displacement and a stretch, from the scores around the token it
attends to most, by which the picture's half-size pixels are fetched. What was fetched is looked at
beside the drawing's lines once, and the aim corrected. How far to trust it is learned with it.

Shapes: N pictures, Q = h * w drawing tokens, S tokens of all sources.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import act, place
from .scft import conv3, tokens

FINE = 4  # half-size pixels along a token's side
FINE_PIXELS = 3 * FINE * FINE  # a token's own pixels, to be fetched
EXTENT = 4  # tokens left, right, above and below of it in its picture
CARRIED = FINE_PIXELS + EXTENT  # what a value holds beside what attention averages
CUES = 9 + 2 + 1 + 2  # near scores, the offset they say, their mass, how far away they are


def extent(x: Tensor) -> Tensor:
    """[N, 4, h, w]: how many positions lie left, right, above and below of each."""
    ones = torch.ones_like(x[:, :1])
    left, above = ones.cumsum(3) - 1, ones.cumsum(2) - 1
    right, below = ones.sum(3, keepdim=True) - 1 - left, ones.sum(2, keepdim=True) - 1 - above
    return torch.cat([left, right, above, below], dim=1)


def to_picture(rows: Tensor, like: Tensor) -> Tensor:
    """[N, Q, 16, C], half-size pixels of every token -> [N, C, 4h, 4w], h x w as in `like`."""
    n, _, h, w = like.shape
    rows = rows.reshape(n, h, w, FINE * FINE, -1).permute(0, 4, 3, 1, 2)
    return F.pixel_shuffle(rows.reshape(n, -1, h, w), FINE)


def to_rows(picture: Tensor) -> Tensor:
    """[N, C, 4h, 4w] -> [N, h*w, 16, C], half-size pixels of every token."""
    n, c, _, _ = picture.shape
    small = F.pixel_unshuffle(picture, FINE)
    return small.reshape(n, c, FINE * FINE, -1).permute(0, 3, 2, 1)


def neighbours(like: Tensor) -> Tensor:
    """[9, 2]: steps (x, y) to a token and those around it."""
    steps = [(x, y) for y in (-1.0, 0.0, 1.0) for x in (-1.0, 0.0, 1.0)]
    return torch.tensor(steps, device=like.device)


def subpixels(like: Tensor) -> Tensor:
    """[16, 2]: (x, y) of a token's half-size pixels from its middle, in sides of a token."""
    line = [(k + 0.5) / FINE - 0.5 for k in range(FINE)]
    return torch.tensor([(x, y) for y in line for x in line], device=like.device)


def take_rows(rows: Tensor, index: Tensor) -> Tensor:
    """rows [N, S, C], index [N, Q] -> [N, Q, C]."""
    return torch.gather(rows, 1, index[:, :, None].expand(-1, -1, rows.shape[2]))


def fetch(pixels: Tensor, best: Tensor, sides: Tensor, at: Tensor) -> Tensor:
    """Bilinear look-up in the pictures that the tokens `best` are parts of, clamped to them.

    pixels [N, S, 48], half-size pixels of all tokens; best [N, Q]; sides [N, Q, 4]: how many tokens
    lie left, right, above and below; at [N, Q, 16, 2]: half-size pixels from the token's first.
    -> [N, Q, 16, 3]
    """
    n, q = best.shape
    left, right, above, below = (sides[:, :, k : k + 1].floor() for k in range(4))
    columns = left + right + 1
    end_x, end_y = FINE * right + (FINE - 1), FINE * below + (FINE - 1)
    x = torch.minimum(torch.maximum(at[..., 0], -FINE * left), end_x)
    y = torch.minimum(torch.maximum(at[..., 1], -FINE * above), end_y)
    x0, y0 = x.detach().floor(), y.detach().floor()
    x1, y1 = torch.minimum(x0 + 1, end_x), torch.minimum(y0 + 1, end_y)
    fx, fy = (x - x0)[..., None], (y - y0)[..., None]
    table = pixels.reshape(n, -1, 3, FINE * FINE).transpose(2, 3).reshape(n, -1, 3)
    token = best[:, :, None].float()

    def pixel(px: Tensor, py: Tensor) -> Tensor:
        column, row = (px / FINE).floor(), (py / FINE).floor()
        index = (token + column + row * columns) * (FINE * FINE)
        index = (index + (py - FINE * row) * FINE + (px - FINE * column)).long()
        return take_rows(table, index.reshape(n, -1)).reshape(n, q, FINE * FINE, 3)

    top = pixel(x0, y0) * (1 - fx) + pixel(x1, y0) * fx
    bottom = pixel(x0, y1) * (1 - fx) + pixel(x1, y1) * fx
    return top * (1 - fy) + bottom * fy


class Lookup(nn.Module):
    """The aims, and what they fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.aim_from = conv3(96 + CUES, 64)
        self.aim = conv3(64, 7)  # displacement 2, stretch 4, trust 1
        self.correct_from = conv3(48 + 12 + 1, 24)
        self.correct = conv3(24, 3)  # displacement 2, trust 1
        nn.init.normal_(self.aim.weight, std=0.003)
        nn.init.normal_(self.correct.weight, std=0.003)

    def forward(
        self,
        maps: tuple[Tensor, Tensor, Tensor],
        scores: Tensor,
        attention: Tensor,
        carried: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
        """`carried` [N, S, CARRIED] -> fetched, trust [N, 1, H/2, W/2], best, aims."""
        _, x4, x8 = maps
        n, _, h, w = x8.shape
        best = attention.argmax(2)
        sides = take_rows(carried[:, :, FINE_PIXELS:], best)  # [N, Q, 4]
        left, right, above, below = (sides[:, :, k : k + 1] for k in range(4))
        columns, rows = left + right + 1, above + below + 1

        # The scores around the best token say on which side of it the true place lies.
        steps = neighbours(scores)  # [9, 2]
        across, down = steps[None, None, :, 0], steps[None, None, :, 1]
        inside = (across >= -left) & (across <= right) & (down >= -above) & (down <= below)
        around = best[:, :, None] + (across + down * columns).long() * inside
        near = torch.gather(scores, 2, around).masked_fill(~inside, -1e4)
        near = torch.softmax(near, dim=2)
        mass = (torch.gather(attention, 2, around) * inside).sum(2, keepdim=True)
        offset = near @ steps
        theirs = torch.cat([(2 * left + 1) / columns - 1, (2 * above + 1) / rows - 1], dim=2)
        moved = theirs - tokens(place(x8.float()))
        cues = torch.cat([near, offset, mass, moved], dim=2)
        cues = cues.transpose(1, 2).reshape(n, CUES, h, w)
        y = act(self.aim_from(torch.cat([x8, cues.to(x8.dtype)], dim=1)))
        y = self.aim(y).float()
        shift = offset + tokens(y[:, :2])
        stretch = tokens(y[:, 2:6])[:, :, None]  # [N, Q, 1, 4]
        inner = subpixels(scores)  # [16, 2], of a token's side
        u, v = inner[None, None, :, 0], inner[None, None, :, 1]
        x = shift[:, :, :1] + u + stretch[..., 0] * u + stretch[..., 1] * v
        y_ = shift[:, :, 1:] + v + stretch[..., 2] * u + stretch[..., 3] * v
        at = torch.stack([x, y_], dim=3) * FINE + (FINE - 1) / 2
        trust = F.interpolate(y[:, 6:], scale_factor=float(FINE), mode="bilinear")

        pixels = carried[:, :, :FINE_PIXELS]
        corner = FINE * torch.cat([left, above], dim=2)[:, :, None]
        first = to_picture(fetch(pixels, best, sides, at), x8)
        seen = [x4, F.pixel_unshuffle(first, 2).to(x4.dtype), F.avg_pool2d(trust, 2).to(x4.dtype)]
        y = self.correct(act(self.correct_from(torch.cat(seen, dim=1)))).float()
        y = F.interpolate(y, scale_factor=2.0, mode="bilinear")
        then = at + to_rows(y[:, :2])
        fetched = to_picture(fetch(pixels, best, sides, then), x8)
        trust = torch.sigmoid(trust + y[:, 2:])
        return fetched, trust, best, [corner + at, corner + then]
