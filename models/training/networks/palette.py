"""Attentioned Deep Paint: colour from a palette, without a reference picture.

Fifteen input channels: the sketch three times, and four pictures of which the i-th paints each of
four horizontal bands in that band's i-th colour (palettes.py takes those sixteen colours from a
picture). A residual U-Net with attention gates on the skips (Oktay et al. 2018, "Attention U-Net")
turns them into a picture.

Shapes: N pictures, H x W pixels (multiples of 32), any size. Ranges: the sketch is 1 on paper and
0 on ink; palette [N, 4 bands, 4 colours, 3] and colours are sRGB in [0, 1].

Two departures. The published network normalises by batch, which is useless at the batch sizes a
CPU can afford and loosens the tie to the palette's absolute colour; there is no normalisation here
(networks/scft.py says more). And the last layer need not learn to copy a colour through the whole
U-Net: for every pixel it chooses among the sixteen colours, at first those of its own height, and
paints on what it chose. A mixture of the four pictures only would keep the seams of the bands.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .scft import conv3

STRIDE = 32
BANDS = 4
COLOURS = 4
CHANNELS = 3 + 3 * COLOURS
WIDTHS = (16, 48, 96, 160, 224, 256)  # at full size, 1/2, 1/4, 1/8, 1/16, 1/32


def palette_pictures(palette: Tensor, like: Tensor) -> Tensor:
    """[N, 4, 4, 3] -> four pictures of bands, [N, 12, H, W], H and W those of `like`."""
    n = palette.shape[0]
    columns = palette.permute(0, 2, 3, 1).reshape(n, 3 * COLOURS, BANDS, 1)
    return F.interpolate(columns, size=(like.shape[2], like.shape[3]), mode="nearest")


def condition(sketch: Tensor, palette: Tensor) -> Tensor:
    """The fifteen channels, in [-1, 1]; the generator and the discriminator see the same."""
    pictures = palette_pictures(palette, sketch)
    return torch.cat([sketch, sketch, sketch, pictures], dim=1) * 2 - 1


def near_bands(like: Tensor) -> Tensor:
    """Shares of the sixteen colours by height alone, band centre to band centre: [1, 16, H, 1].

    Far bands keep a little, so that a region may take its colour from any of them.
    """
    row = torch.ones_like(like[:1, :1]).cumsum(2) - 0.5  # [1, 1, H, W]
    height = row.amax(2, keepdim=True) + 0.5
    at = (row / height * BANDS - 0.5).clamp(0, BANDS - 1)
    bands = torch.arange(BANDS, dtype=like.dtype, device=like.device)[None, :, None, None]
    near = (1 - (at - bands).abs()).clamp(min=0) + 0.02
    return torch.cat(
        [near[:, k // COLOURS : k // COLOURS + 1] for k in range(BANDS * COLOURS)], dim=1
    )


def quiet(layer: nn.Conv2d) -> nn.Conv2d:
    """The last layer of a residual branch: nearly nothing at first."""
    nn.init.normal_(layer.weight, std=0.2 / math.sqrt(9 * layer.in_channels))
    return layer


class Down(nn.Module):
    """Half the size: two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.shortcut = nn.Conv2d(inputs, outputs, 1)
        self.first = conv3(inputs, outputs, 2)
        self.second = quiet(conv3(outputs, outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.second(F.leaky_relu(self.first(x), 0.2))
        return F.leaky_relu(self.shortcut(F.avg_pool2d(x, 2)) + y, 0.2)


class AttentionGate(nn.Module):
    """How much of a skip to let through, place by place: sigmoid(psi(relu(W_x x + W_g g)))."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.w_x = nn.Conv2d(width, width // 2, 1, bias=False)
        self.w_g = nn.Conv2d(width, width // 2, 1)
        self.psi = nn.Conv2d(width // 2, 1, 1)
        nn.init.constant_(self.psi.bias, 1.0)  # type: ignore[arg-type]  # open at first

    def forward(self, skip: Tensor, gating: Tensor) -> Tensor:
        return skip * torch.sigmoid(self.psi(F.relu(self.w_x(skip) + self.w_g(gating))))


class Up(nn.Module):
    """Double the size, join the gated skip: two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(inputs, outputs, 1)
        self.gate = AttentionGate(outputs)
        self.shortcut = nn.Conv2d(2 * outputs, outputs, 1)
        self.first = conv3(2 * outputs, outputs)
        self.second = quiet(conv3(outputs, outputs))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest")
        joined = torch.cat([x, self.gate(skip, x)], dim=1)
        y = self.second(F.leaky_relu(self.first(joined), 0.2))
        return F.leaky_relu(self.shortcut(joined) + y, 0.2)


class PaletteNet(nn.Module):
    """The generator. Exported as colorize.onnx: sketch, palette -> colour."""

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        self.first = conv3(CHANNELS, widths[0])
        pairs = list(pairwise(widths))
        self.down = nn.ModuleList(Down(i, o) for i, o in pairs)
        self.up = nn.ModuleList(Up(o, i) for i, o in reversed(pairs))
        self.paint = nn.Conv2d(widths[0], 3 + BANDS * COLOURS, 3, 1, 1)
        nn.init.normal_(self.paint.weight, std=0.02)
        nn.init.zeros_(self.paint.bias)  # type: ignore[arg-type]

    def painted(self, given: Tensor, palette: Tensor) -> Tensor:
        """The fifteen channels -> colour, not yet clamped, so that losses have a slope there."""
        maps = [F.leaky_relu(self.first(given), 0.2)]
        for down in self.down:
            maps.append(down(maps[-1]))
        x = maps.pop()
        for up in self.up:
            x = up(x, maps.pop())
        paint, choice = self.paint(x).split([3, BANDS * COLOURS], dim=1)
        share = torch.softmax(choice.float() + near_bands(given).log(), dim=1)
        colours = palette.flatten(1, 2).transpose(1, 2)
        chosen = (colours @ share.flatten(2)).view_as(paint)
        return paint / 2 + chosen

    def forward(self, sketch: Tensor, palette: Tensor) -> Tensor:
        return self.painted(condition(sketch, palette), palette).clamp(0, 1)
