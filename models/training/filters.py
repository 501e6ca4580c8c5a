"""Filters of pictures as tensors [N, C, H, W]."""

from __future__ import annotations

from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor


@lru_cache(maxsize=64)
def _gaussian(sigma: float, device: torch.device) -> Tensor:
    reach = max(1, int(sigma * 3 + 0.5))
    x = torch.arange(-reach, reach + 1, device=device).float()
    kernel = torch.exp(-(x**2) / (2 * sigma**2))
    return kernel / kernel.sum()


def blur(x: Tensor, sigma: float) -> Tensor:
    """Separable Gaussian with mirrored borders; any number of channels."""
    kernel = _gaussian(sigma, x.device).to(x.dtype)
    reach = len(kernel) // 2
    n, c, h, w = x.shape
    flat = F.pad(x.reshape(n * c, 1, h, w), (reach, reach, reach, reach), mode="reflect")
    flat = F.conv2d(flat, kernel.view(1, 1, 1, -1))
    return F.conv2d(flat, kernel.view(1, 1, -1, 1)).view(n, c, h, w)


def grey_of(picture: Tensor) -> Tensor:
    """Brightness of sRGB [N, 3, H, W], the weighted sum of Rec. 601: [N, 1, H, W]."""
    return 0.299 * picture[:, :1] + 0.587 * picture[:, 1:2] + 0.114 * picture[:, 2:3]
