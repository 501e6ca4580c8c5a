"""A discriminator's memory: pictures made some steps ago (Shrivastava et al. 2017)."""

from __future__ import annotations

import random

from torch import Tensor


class ImagePool:
    """Of every picture put in, either it or one from up to 50 earlier ones comes out.

    A picture travels with what it was made from, since the discriminator judges both together.
    Pictures of another size empty the pool.
    """

    def __init__(self, size: int = 50, seed: int = 1) -> None:
        self.size = size
        self.kept: list[Tensor] = []
        self.random = random.Random(seed)

    def exchange(self, pictures: Tensor) -> Tensor:
        """[N, C, H, W] -> as many, some of them older; what comes out of the pool leaves it."""
        if self.kept and self.kept[0].shape != pictures.shape[1:]:
            self.kept.clear()
        out = pictures.detach().clone()
        for k, picture in enumerate(pictures.detach()):
            if len(self.kept) < self.size:
                self.kept.append(picture.clone())
            elif self.random.random() < 0.5:
                place = self.random.randrange(self.size)
                out[k] = self.kept[place]
                self.kept[place] = picture.clone()
        return out
