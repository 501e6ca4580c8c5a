"""Lessons painted once by lessons.py and kept, as batches to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .frames import framed
from .guidance import GuidedBatch, plain_batch

PARTS = ("sketch", "target", "reference", "lesson")


@dataclass
class Lessons:
    """N pairs of H x W pixels, bytes of sRGB."""

    sketch: Tensor  # [N, 1, H, W], 255 paper
    target: Tensor  # [N, 3, H, W]
    reference: Tensor  # [N, 3, H, W]
    lesson: Tensor  # [N, 3, H/2, W/2]
    device: torch.device

    def turn(self, share: float, seed: int) -> bool:
        """Whether a step is one of those, of all a `share`, that learn from kept lessons."""
        return float(torch.rand(1, generator=torch.Generator().manual_seed(seed))) < share

    def batch(self, count: int, options: dict[str, Any], seed: int) -> GuidedBatch:
        """Drawings and references mirrored each by itself, some of them in frames."""
        generator = torch.Generator().manual_seed(seed)
        at = torch.randint(len(self.sketch), (count,), generator=generator)

        def mirrored() -> Tensor:
            return (torch.rand(count, generator=generator) < 0.5).view(-1, 1, 1, 1)

        def of(kept: Tensor, which: Tensor) -> Tensor:
            pictures = kept[at].float() / 255
            return torch.where(which, pictures.flip(3), pictures)

        turned, other = mirrored(), mirrored()
        made = framed(
            of(self.sketch, turned),
            of(self.target, turned),
            of(self.reference, other),
            of(self.lesson, turned),
            options["frame_share"],
            generator,
        )
        lesson = None if made.lesson is None else made.lesson.to(self.device)
        sketch, target, page = (
            x.to(self.device) for x in (made.sketch, made.target, made.reference)
        )
        return plain_batch(sketch, target, page, lesson, options)

    def save(self, path: Path) -> None:
        np.savez(path, **{name: getattr(self, name).numpy() for name in PARTS})


def opened(path: Path, device: torch.device) -> Lessons:
    """What lessons.py wrote. Raises ValueError for a file that holds something else."""
    with np.load(path, allow_pickle=False) as file:
        if any(name not in file for name in PARTS):
            raise ValueError(f"{path} holds no lessons")
        parts = [torch.from_numpy(file[name]) for name in PARTS]
    n, _, h, w = parts[0].shape
    shapes = [(n, 1, h, w), (n, 3, h, w), (n, 3, h, w), (n, 3, h // 2, w // 2)]
    right = [tuple(x.shape) == shape for x, shape in zip(parts, shapes, strict=True)]
    if not all(right) or any(x.dtype != torch.uint8 for x in parts) or n == 0:
        raise ValueError(f"{path} holds no lessons")
    sketch, target, reference, lesson = parts
    return Lessons(sketch, target, reference, lesson, device)
