"""The five parts of a face and their windows, in pixels of the 256 px work size.

A sketch is a plane [N, 1, 256, 256], 1 = paper, 0 = ink. `rest` (the paper's remainder) is the
whole sketch with the four other windows left white.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

CANVAS = 512
WORK = 256
LATENT = 512
MAP_CHANNELS = 32
NEIGHBOURS = 10
REGULARISATION = 1e-3  # of the Gram matrix' trace


@dataclass(frozen=True)
class Window:
    """A square: left, top, side."""

    x: int
    y: int
    size: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows, columns."""
        return slice(self.y, self.y + self.size), slice(self.x, self.x + self.size)


def _at_work_size(x: int, y: int, size: int) -> Window:
    return Window(int(x / 2 + 0.5), int(y / 2 + 0.5), int(size / 2 + 0.5))


WINDOWS: dict[str, Window] = {
    "left-eye": _at_work_size(108, 156, 128),
    "right-eye": _at_work_size(255, 156, 128),
    "nose": _at_work_size(182, 232, 160),
    "mouth": _at_work_size(169, 301, 192),
    "rest": _at_work_size(0, 0, 512),
}
PARTS = tuple(WINDOWS)
INNER = PARTS[:4]
# `rest` lies below, then mouth, nose and eyes on top of it
LAYERS = ("mouth", "nose", "right-eye", "left-eye")
MIRRORED = {"left-eye": "right-eye", "right-eye": "left-eye"}


def inside(part: str, margin: int = 0, size: int = WORK) -> Tensor:
    """[1, 1, size, size]: 1 within `margin` work pixels of the part's window, else 0."""
    mask = torch.zeros(1, 1, WORK, WORK)
    w = WINDOWS[part]
    top, left = max(0, w.y - margin), max(0, w.x - margin)
    mask[:, :, top : w.y + w.size + margin, left : w.x + w.size + margin] = 1
    return mask if size == WORK else F.interpolate(mask, (size, size), mode="nearest")


@lru_cache(maxsize=64)
def mask_of(part: str, margin: int, size: int, device: torch.device) -> Tensor:
    """`inside`, made once: copying it to a device every time would wait for the device."""
    return inside(part, margin, size).to(device)


def cut(sketch: Tensor) -> dict[str, Tensor]:
    """The five networks' inputs [N, 1, S, S] from sketches [N, 1, 256, 256]."""
    found = {}
    rest = sketch.clone()
    for part in INNER:
        rows, columns = WINDOWS[part].slices
        found[part] = sketch[:, :, rows, columns]
        rest[:, :, rows, columns] = 1
    found["rest"] = rest
    return found


def laid(maps: dict[str, Tensor]) -> Tensor:
    """Maps [N, C, S, S] of the five parts -> [N, C, 256, 256], in the order of LAYERS."""
    whole = maps["rest"]
    for part in LAYERS:
        w = WINDOWS[part]
        right, below = WORK - w.x - w.size, WORK - w.y - w.size
        here = F.pad(maps[part], (w.x, right, w.y, below))
        whole = torch.where(mask_of(part, 0, WORK, whole.device) > 0, here, whole)
    return whole
