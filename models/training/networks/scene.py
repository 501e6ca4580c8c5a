"""What a drawing or a picture shows, place by place, and what colours that suggests.

Two pages of one story differ in scene: nothing looks the same, but a face is a face. That can't be
learned from a few thousand drawings alone; an encoder that has learned the looks of things from
photographs brings it along (efficientnet.py).

A drawing is seen at SIDE x SIDE whatever its size and shape, so that costs the same always;
references come at about that size.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import Residual, act, conv1, with_place
from .efficientnet import WIDTHS, EfficientNet
from .scft import conv3

SIDE = 256
GRID = SIDE // 16
SCENE = 128  # channels of a scene
FLAT = 0.02  # mean deviation, sRGB: what varies less shows the less


def resized(x: Tensor, side: int) -> Tensor:
    """Any height and width -> side x side: to twice that and the mean of fours, so that a thin line
    of a large drawing leaves its grey."""
    return F.avg_pool2d(F.interpolate(x, (2 * side, 2 * side), mode="bilinear"), 2)


def spread(x: Tensor, like: Tensor) -> Tensor:
    """A scene's map at the height and width of another map."""
    return F.interpolate(x, like.shape[2:], mode="bilinear")


def zero(layer: nn.Conv2d) -> nn.Conv2d:
    """A layer that at first adds nothing."""
    nn.init.zeros_(layer.weight)
    return layer


def liveliness(picture: Tensor) -> Tensor:
    """[N, 1, 1, 1]: 0 for a flat picture, which shows nothing, 1 for any other."""
    off = (picture - picture.mean((2, 3), keepdim=True)).abs().mean((1, 2, 3), keepdim=True)
    return (off / FLAT).clamp(max=1.0)


class Scene(nn.Module):
    """[N, 3, H, W] in sRGB, sides multiples of 16 -> [N, SCENE, H/16, W/16]."""

    def __init__(self, mixed: bool) -> None:
        """`mixed`: whether places know of those around them beyond what the encoder says."""
        super().__init__()
        self.encoder = EfficientNet()
        self.narrow = conv1(sum(WIDTHS) + 2, SCENE)
        self.mix = Residual(SCENE) if mixed else nn.Identity()

    def forward(self, picture: Tensor) -> Tensor:
        eighth, sixteenth = self.encoder(picture)
        x = torch.cat([F.avg_pool2d(eighth, 2), sixteenth], dim=1)
        return act(self.mix(self.narrow(with_place(x))))


class Guess(nn.Module):
    """The colours a scene suggests, given all that attention brought for it."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.take = conv1(SCENE + width, SCENE)
        self.whole = nn.Linear(SCENE, SCENE)
        self.blocks = nn.Sequential(*(Residual(SCENE, dilation=d) for d in (1, 2, 1)))
        self.features = zero(conv1(SCENE, outputs))
        self.colour = zero(conv3(SCENE, 3))

    def forward(self, scene: Tensor, brought: Tensor) -> tuple[Tensor, Tensor]:
        """scene [N, SCENE, GRID, GRID], brought [N, width, h, w] -> features [N, outputs, h, w] to
        add to the drawing's, and what to add to the colours, [N, 3, GRID, GRID]."""
        x = act(self.take(torch.cat([scene, resized(brought, GRID)], dim=1)))
        x = self.blocks(x + self.whole(x.mean((2, 3)))[:, :, None, None])
        return spread(self.features(x), brought), self.colour(x)
