"""Tables of tokens: what a picture carries with it, and looking things up in it.

Several pictures lie behind one another as rows of one table. Each row knows how many tokens lie
left, right, above and below of it in its picture, so that neighbours are found without more words.

Shapes: N pictures, Q = h * w drawing tokens, S tokens of all sources, T of references and palette.
A place in a picture is counted in its tokens, from the middle of the first, or in its half-size
pixels.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

FINE = 4  # half-size pixels along a token's side
FINE_PIXELS = 3 * FINE * FINE  # a token's own pixels, to be fetched
EXTENT = 4  # tokens left, right, above and below of it in its picture
CARRIED = FINE_PIXELS + EXTENT  # what a value holds beside what attention averages
REACH = 2  # tokens around a place on every side that are looked at
NEAR = (2 * REACH + 1) ** 2


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
    left, right, above, below = sides.chunk(4, dim=2)
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


def likeness(alike: Tensor, best: Tensor, sides: Tensor, at: Tensor) -> Tensor:
    """How alike the places around `at` are, [N, Q, NEAR]; 0 outside the picture.

    alike [N, Q, T]; best [N, Q], a token of the picture that is meant; sides [N, Q, 4], how many
    lie left, right, above and below of it; at [N, Q, 2].
    """
    n, q = best.shape
    left, right, above, below = sides.chunk(4, dim=2)
    columns = left + right + 1
    x = torch.minimum(at[:, :, :1].clamp(min=0), left + right)
    y = torch.minimum(at[:, :, 1:].clamp(min=0), above + below)
    x0, y0 = x.floor(), y.floor()
    side = 2 * REACH + 2
    line = torch.tensor([float(k) for k in range(-REACH, REACH + 2)], device=at.device)
    px, py = x0 + line, y0 + line  # [N, Q, side]
    in_x = (px >= 0) & (px <= left + right)
    in_y = (py >= 0) & (py <= above + below)
    steps = (px - left)[:, :, None] + ((py - above) * columns)[:, :, :, None]
    inside = in_x[:, :, None] & in_y[:, :, :, None]
    index = best[:, :, None] + (steps * inside).long().reshape(n, q, side * side)
    known = index < alike.shape[2]  # not a hint's
    values = torch.gather(alike, 2, index * known).reshape(n, q, side, side)
    values = values * (inside & known.reshape(n, q, side, side))
    fx, fy = (x - x0)[..., None], (y - y0)[..., None]
    values = values[:, :, :-1] * (1 - fy) + values[:, :, 1:] * fy
    values = values[:, :, :, :-1] * (1 - fx) + values[:, :, :, 1:] * fx
    return values.reshape(n, q, NEAR)


def sums_of_pictures(of_tokens: Tensor, sides: Tensor) -> Tensor:
    """[N, T]: what each token's picture has of something together.

    of_tokens [N, T], not negative; sides [N, T, 4]: how many tokens lie left, right, above and
    below of each.
    """
    left, right, above, below = sides.unbind(2)
    columns = left + right + 1
    token = torch.ones_like(left).cumsum(1)  # from one: nothing is summed up before the first
    first, last = token - left - above * columns, token + right + below * columns
    known = F.pad(of_tokens.cumsum(1), (1, 0))
    there = known.gather(1, last.long()) - known.gather(1, first.long() - 1)
    return there.clamp(min=0)


def tokens_at(aims: Tensor, best: Tensor, sides: Tensor) -> tuple[Tensor, Tensor]:
    """The four tokens around what the aims [N, Q, 16, 2], half-size pixels, point at, and by how
    much each of them is meant: rows and shares, [N, Q, 4]. Shares sum to one; where aims lead out
    of their picture, a row comes more than once.

    best [N, Q], a token of the picture that is meant; sides [N, Q, 4], how many lie left, right,
    above and below of it.
    """
    left, right, above, below = sides.chunk(4, dim=2)
    at = ((aims + 0.5) / FINE - 0.5).mean(2)
    x = torch.minimum(at[:, :, :1].clamp(min=0), left + right)
    y = torch.minimum(at[:, :, 1:].clamp(min=0), above + below)
    x0, y0 = x.floor(), y.floor()
    x1, y1 = torch.minimum(x0 + 1, left + right), torch.minimum(y0 + 1, above + below)
    columns = left + right + 1
    rows = torch.cat([px - left + (py - above) * columns for py in (y0, y1) for px in (x0, x1)], 2)
    fx, fy = x - x0, y - y0
    shares = torch.cat([by_x * by_y for by_y in (1 - fy, fy) for by_x in (1 - fx, fx)], dim=2)
    return best[:, :, None] + rows.long(), shares
