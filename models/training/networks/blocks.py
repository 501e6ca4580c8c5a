"""What the graphs of `inkwash` are built of.

Shapes: maps [N, C, h, w], rows [N, T, C]. Places are (x, y) in [-1, 1], edge to edge.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .scft import conv3, tokens


def act(x: Tensor) -> Tensor:
    return F.leaky_relu(x, 0.2)


def conv1(inputs: int, outputs: int) -> nn.Conv2d:
    layer = nn.Conv2d(inputs, outputs, 1)
    nn.init.kaiming_normal_(layer.weight, a=0.2, nonlinearity="leaky_relu")
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer


class Residual(nn.Module):
    """Two convolutions beside a shortcut; no normalisation, so absolute colour survives."""

    def __init__(self, width: int, inner: int = 0, dilation: int = 1) -> None:
        """`inner` channels between the two; as many as outside if not given."""
        super().__init__()
        inner = inner or width
        self.first = conv3(width, inner, dilation=dilation)
        self.second = conv3(inner, width, dilation=dilation)
        nn.init.normal_(self.second.weight, std=0.1 / math.sqrt(9 * inner))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(act(self.first(act(x))))


def place(x: Tensor) -> Tensor:
    """[N, 2, h, w]: x and y of every position, from -1 at one edge of the picture to 1."""
    ones = torch.ones_like(x[:, :1])
    width, height = ones[:, :, :1].sum(3, keepdim=True), ones[:, :, :, :1].sum(2, keepdim=True)
    across = (2 * ones.cumsum(3) - 1) / width - 1
    down = (2 * ones.cumsum(2) - 1) / height - 1
    return torch.cat([across, down], dim=1)


def with_place(x: Tensor) -> Tensor:
    return torch.cat([x, place(x)], dim=1)


def waves(x: Tensor) -> Tensor:
    """[N, 10, h, w]: place, and sine and cosine of it at two frequencies."""
    at = place(x) * math.pi
    return torch.cat([at, at.sin(), at.cos(), (2 * at).sin(), (2 * at).cos()], dim=1)


WAVES = 10


class Project(nn.Module):
    """A map -> rows of length one, from what is there and where it is.

    Without the normalisation all rows point the same way (features share a large mean) and
    attention takes thousands of steps to tell two places apart.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(inputs)
        self.linear = nn.Linear(inputs + WAVES, outputs, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.rows(tokens(x), tokens(waves(x)))

    def rows(self, features: Tensor, where: Tensor) -> Tensor:
        """features [N, T, inputs], where [N, T, WAVES] -> [N, T, outputs]."""
        return unit(self.linear(torch.cat([self.norm(features), where], dim=2)))


def unit(x: Tensor) -> Tensor:
    """Rows of length one."""
    return x / (x.pow(2).sum(-1, keepdim=True) + 1e-6).sqrt()


def doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
