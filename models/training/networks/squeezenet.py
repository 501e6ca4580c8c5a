"""SqueezeNet 1.1 feature slices: perceptual and style losses, LPIPS. Never shipped."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEANS_BGR = (104.006, 116.669, 122.679)


class SqueezeNet(nn.Module):
    """Seven slices, as LPIPS takes them: relu(conv1), fire3, fire5, fire6, 7, 8, 9."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        for name, value in torch.load(weights, map_location="cpu").items():
            self.register_buffer(name.replace("/", "_").replace(".", "_"), value.float())
        self.register_buffer("means", torch.tensor(MEANS_BGR).view(1, 3, 1, 1))

    def conv(self, x: Tensor, name: str, stride: int = 1, padding: int = 0) -> Tensor:
        weight = self.get_buffer(f"{name}_weight")
        return F.relu(F.conv2d(x, weight, self.get_buffer(f"{name}_bias"), stride, padding))

    def fire(self, x: Tensor, number: int) -> Tensor:
        squeezed = self.conv(x, f"fire{number}_squeeze1x1")
        one = self.conv(squeezed, f"fire{number}_expand1x1")
        three = self.conv(squeezed, f"fire{number}_expand3x3", padding=1)
        return torch.cat([one, three], dim=1)

    def forward(self, rgb: Tensor, slices: int = 7) -> list[Tensor]:
        """rgb [N, 3, H, W] sRGB [0, 1] -> the first `slices` feature maps."""
        x = rgb.flip(1) * 255 - self.get_buffer("means")
        x = self.conv(x, "conv1", stride=2)
        maps = [x]
        for group in ((2, 3), (4, 5), (6,), (7,), (8,), (9,)):
            if len(maps) == slices:
                break
            if len(group) == 2 or group[0] == 6:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
            for number in group:
                x = self.fire(x, number)
            maps.append(x)
        return maps


class Lpips(nn.Module):
    """LPIPS (Zhang et al. 2018) with the SqueezeNet heads, on these SqueezeNet weights."""

    def __init__(self, features: SqueezeNet, heads: Path) -> None:
        super().__init__()
        self.features = features
        where = next(chain(features.parameters(), features.buffers())).device
        self.heads = [
            value.float() for _, value in sorted(torch.load(heads, map_location=where).items())
        ]

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """Two batches [N, 3, H, W] in [0, 1] -> distance [N]."""
        total = torch.zeros(1, device=a.device)
        for x, y, head in zip(self.features(a), self.features(b), self.heads, strict=True):
            x = x / (x.norm(dim=1, keepdim=True) + 1e-10)
            y = y / (y.norm(dim=1, keepdim=True) + 1e-10)
            total = total + F.conv2d((x - y) ** 2, head).mean(dim=(1, 2, 3))
        return total
