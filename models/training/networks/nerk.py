"""Nerk: exemplar-based sketch colorization with attention as colour transfer.

Reads like the published description: a U-Net encoder for the sketch, one for the exemplar (its
"style"), attention between the two bottlenecks as colour transfer, a U-Net decoder.

The description lets attention run over the channels of the bottlenecks, the public code over their
positions; both are here, `attention` says which, and the manifest of an export says it too.

Shapes: N pictures, H x W pixels (multiples of 16), h = H/16, w = W/16, Q = h*w sketch positions,
T exemplar positions. Ranges: the sketch is 1 on paper and 0 on ink; colours are sRGB in [0, 1].

Two departures. The published blocks normalise every map by its own mean and deviation (instance
normalisation), which takes away exactly what an exemplar has to hand over, so encoders and decoder
have none (networks/scft.py says more), and the one group normalisation sits inside a branch whose
shortcut keeps absolute colour. And the last 48 of the 512 channels that are transferred are the
exemplar's own pixels, 4x4 for each position, which come out as a first coarse picture.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .scft import PIXELS, conv3, tokens

STRIDE = 16
WIDTHS = (32, 64, 128, 256, 512)
BOTTLENECK = WIDTHS[-1]
KEY_WIDTH = 128
LEARNED = BOTTLENECK - PIXELS  # transferred channels that are learned
PLACES = 8  # channels of `places`
CHANNEL_GRID = 16  # side of the bottleneck that channels are compared over


class Encoder(nn.Module):
    """U-Net encoder 32-64-128-256-512: strided convolutions, each `refined` by another or not."""

    def __init__(self, channels: int, refined: bool) -> None:
        super().__init__()
        self.first = conv3(channels, WIDTHS[0])
        self.down = nn.ModuleList(conv3(i, o, 2) for i, o in pairwise(WIDTHS))
        self.refine = nn.ModuleList(conv3(o, o) for o in WIDTHS[1:-1]) if refined else None

    def forward(self, picture: Tensor) -> list[Tensor]:
        """-> five maps, at full size, 1/2, 1/4, 1/8, 1/16."""
        maps = [F.leaky_relu(self.first(picture), 0.2)]
        for k, down in enumerate(self.down):
            x = F.leaky_relu(down(maps[-1]), 0.2)
            if self.refine is not None and k < len(self.refine):
                x = F.leaky_relu(self.refine[k](x), 0.2)
            maps.append(x)
        return maps


def places(feature_map: Tensor) -> Tensor:
    """Where each position lies, such that near ones are alike: [N, 8, h, w]."""
    ones = torch.ones_like(feature_map[:, :1], dtype=torch.float32)
    y = (2 * ones.cumsum(2) - 1) / ones.sum(2, keepdim=True) - 1
    x = (2 * ones.cumsum(3) - 1) / ones.sum(3, keepdim=True) - 1
    xy = torch.cat([x, y], dim=1) * (math.pi / 2)
    return torch.cat([xy.sin(), xy.cos(), (2 * xy).sin(), (2 * xy).cos()], dim=1)


def shrunk(picture: Tensor) -> Tensor:
    """A picture's pixels at a quarter of its size, 4x4 to a position: [N, 48, h, w]."""
    return F.pixel_unshuffle(F.avg_pool2d(picture * 2 - 1, 4), 4)


def untokened(rows: Tensor, like: Tensor) -> Tensor:
    """[N, h*w, C] -> [N, C, h, w], h and w those of `like`: the inverse of `tokens`."""
    return rows.transpose(1, 2).reshape(rows.shape[0], rows.shape[2], like.shape[2], like.shape[3])


def resized(feature_map: Tensor, height: int, width: int) -> Tensor:
    return F.interpolate(feature_map, size=(height, width), mode="bilinear", align_corners=False)


class PositionKeys(nn.Module):
    """Style bottleneck -> keys [N, T, 128] of length one, values [N, T, 512]."""

    def __init__(self) -> None:
        super().__init__()
        self.w_k = nn.Conv2d(BOTTLENECK + PLACES, KEY_WIDTH, 1, bias=False)
        self.w_v = nn.Conv2d(BOTTLENECK, LEARNED, 1)

    def forward(self, style: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        keys = tokens(self.w_k(torch.cat([style, places(style)], dim=1)))
        values = tokens(torch.cat([self.w_v(style), pixels], dim=1))
        return F.normalize(keys.float(), dim=2), values


class PositionTransfer(nn.Module):
    """Every position of the sketch takes the values of the exemplar's positions it resembles."""

    def __init__(self) -> None:
        super().__init__()
        self.w_q = nn.Conv2d(BOTTLENECK + PLACES, KEY_WIDTH, 1, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(math.log(12.0)))

    def query(self, sketch: Tensor) -> Tensor:
        """Sketch bottleneck -> queries [N, Q, 128] of length one."""
        queries = tokens(self.w_q(torch.cat([sketch, places(sketch)], dim=1)))
        return F.normalize(queries.float(), dim=2)

    def forward(
        self, queries: Tensor, keys: Tensor, values: Tensor, like: Tensor
    ) -> tuple[Tensor, Tensor]:
        """-> transferred [N, 512, h, w], attention [N, Q, T] whose rows sum to one."""
        likeness = (queries @ keys.transpose(1, 2)).float() * self.sharpness.exp()
        attention = torch.softmax(likeness, dim=2)
        return untokened(attention.to(values.dtype) @ values, like), attention


class ChannelKeys(nn.Module):
    """Style bottleneck -> keys [N, 256, 128], each channel of length one, values [N, 256, 176].

    Channels of the two bottlenecks are compared position by position, so both are brought to the
    16x16 positions of a 256 px picture. A value is 128 learned channels and 48 pixels.
    """

    def __init__(self) -> None:
        super().__init__()
        self.w_k = nn.Conv2d(BOTTLENECK, KEY_WIDTH, 1, bias=False)
        self.w_v = nn.Conv2d(BOTTLENECK, KEY_WIDTH, 1)

    def forward(self, style: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
        keys = tokens(resized(self.w_k(style), CHANNEL_GRID, CHANNEL_GRID))
        values = torch.cat([self.w_v(style), pixels], dim=1)
        return F.normalize(keys.float(), dim=1), tokens(resized(values, CHANNEL_GRID, CHANNEL_GRID))


class ChannelTransfer(nn.Module):
    """Every channel of the sketch takes the exemplar's channels that resemble it.

    What it transfers stays where the exemplar has it, so its pixels are worth their mean only.
    """

    def __init__(self) -> None:
        super().__init__()
        self.w_q = nn.Conv2d(BOTTLENECK, KEY_WIDTH, 1, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(math.log(12.0)))
        self.widen = nn.Conv2d(KEY_WIDTH, LEARNED, 1)

    def query(self, sketch: Tensor) -> Tensor:
        """Sketch bottleneck -> queries [N, 256, 128], each channel of length one."""
        queries = tokens(resized(self.w_q(sketch), CHANNEL_GRID, CHANNEL_GRID))
        return F.normalize(queries.float(), dim=1)

    def forward(
        self, queries: Tensor, keys: Tensor, values: Tensor, like: Tensor
    ) -> tuple[Tensor, Tensor]:
        """-> transferred [N, 512, h, w], attention [N, 128, 128] whose rows sum to one."""
        likeness = (queries.transpose(1, 2) @ keys).float() * self.sharpness.exp()
        attention = torch.softmax(likeness, dim=2)
        learned = values[:, :, :KEY_WIDTH] @ attention.transpose(1, 2).to(values.dtype)
        grid = learned.transpose(1, 2).reshape(-1, KEY_WIDTH, CHANNEL_GRID, CHANNEL_GRID)
        learned = self.widen(resized(grid, like.shape[2], like.shape[3]))
        mean = values[:, :, KEY_WIDTH:].mean(dim=1)[:, :, None, None]
        pixels = mean.expand(-1, -1, like.shape[2], like.shape[3])
        return torch.cat([learned, pixels.to(learned.dtype)], dim=1), attention


class ReferenceGraph(nn.Module):
    """exemplar -> keys, values. Exported as reference.onnx."""

    def __init__(self, attention: str) -> None:
        super().__init__()
        self.encoder = Encoder(3, refined=False)
        self.keys = ChannelKeys() if attention == "channels" else PositionKeys()

    def forward(self, reference: Tensor) -> tuple[Tensor, Tensor]:
        keys, values = self.keys(self.encoder(reference * 2 - 1)[-1], shrunk(reference))
        return keys, values


class Up(nn.Module):
    """One decoder scale: narrow, double the size, join the sketch's map of that size."""

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(inputs, outputs, 1)
        self.join = conv3(outputs + skip, outputs)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest")
        return F.leaky_relu(self.join(torch.cat([x, skip], dim=1)), 0.2)


class Blend(nn.Module):
    """What was transferred meets its neighbours; normalised only inside the branch."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(16, BOTTLENECK)
        self.first = conv3(BOTTLENECK, BOTTLENECK // 2)
        self.second = conv3(BOTTLENECK // 2, BOTTLENECK)
        nn.init.normal_(self.second.weight, std=0.1 / math.sqrt(9 * BOTTLENECK / 2))

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.first(self.norm(x)), 0.2)
        return x + self.second(y)


class ColorizeGraph(nn.Module):
    """sketch, keys, values -> colour, attention. Exported as colorize.onnx."""

    def __init__(self, attention: str) -> None:
        super().__init__()
        self.encoder = Encoder(1, refined=True)
        self.transfer = ChannelTransfer() if attention == "channels" else PositionTransfer()
        self.own = nn.Conv2d(BOTTLENECK, BOTTLENECK, 1)  # what the sketch adds to the transfer
        with torch.no_grad():  # at first the pixel channels hold what attention brought, unmixed
            self.own.weight[-PIXELS:] = 0
            self.own.bias[-PIXELS:] = 0  # type: ignore[index]
        self.blend = Blend()
        self.up8 = Up(512, 256, 256)
        self.up4 = Up(256, 128, 128)
        self.up2 = Up(128, 64, 64)
        self.up1 = Up(64, 32 + 3, 32)
        self.paint = nn.Conv2d(32, 3, 3, 1, 1)
        nn.init.normal_(self.paint.weight, std=0.02)
        nn.init.zeros_(self.paint.bias)  # type: ignore[arg-type]

    def encode(self, sketch: Tensor) -> tuple[list[Tensor], Tensor]:
        """Sketch -> its maps (the skips and, last, the bottleneck), its queries."""
        maps = self.encoder(2 - 2 * sketch)  # paper is 0, as the padding is
        return maps, self.transfer.query(maps[-1])

    def paint_from(self, maps: list[Tensor], transferred: Tensor) -> Tensor:
        """The decoder: colour, not yet clamped."""
        x = self.blend(self.own(maps[-1]) + transferred)
        coarse = F.pixel_shuffle(x[:, -PIXELS:], 4)  # the picture at a quarter of the size
        coarse = F.interpolate(coarse, scale_factor=4.0, mode="bilinear")
        x = self.up8(x, maps[3])
        x = self.up4(x, maps[2])
        x = self.up2(x, maps[1])
        x = self.up1(x, torch.cat([maps[0], coarse], dim=1))
        return (self.paint(x) + coarse + 1) / 2

    def forward(self, sketch: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        maps, queries = self.encode(sketch)
        transferred, attention = self.transfer(queries, keys, values, maps[-1])
        return self.paint_from(maps, transferred).clamp(0, 1), attention


class Nerk(nn.Module):
    """The generator. `attention` runs over "positions" or over "channels"."""

    def __init__(self, attention: str = "positions") -> None:
        super().__init__()
        if attention not in ("positions", "channels"):
            raise ValueError(f'attention is over "positions" or "channels", not "{attention}"')
        self.attention = attention
        self.reference = ReferenceGraph(attention)
        self.colorize = ColorizeGraph(attention)
        keys, transfer = self.reference.keys, self.colorize.transfer
        if isinstance(keys, PositionKeys) and isinstance(transfer, PositionTransfer):
            with torch.no_grad():  # at first a place asks its own neighbourhood
                place = torch.randn(KEY_WIDTH, PLACES, 1, 1) * 0.5
                keys.w_k.weight[:, BOTTLENECK:] = place
                transfer.w_q.weight[:, BOTTLENECK:] = place

    def transferred(self, maps: list[Tensor], queries: Tensor, picture: Tensor) -> Tensor:
        """The colour transfer picture -> sketch: [N, 512, h, w]."""
        keys, values = self.reference(picture)
        return self.colorize.transfer(queries, keys, values, maps[-1])[0]

    def forward(self, sketch: Tensor, reference: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-> colour (not clamped), transfer exemplar -> sketch, transfer output -> sketch."""
        maps, queries = self.colorize.encode(sketch)
        from_exemplar = self.transferred(maps, queries, reference)
        colour = self.colorize.paint_from(maps, from_exemplar)
        return colour, from_exemplar, self.transferred(maps, queries, colour)
