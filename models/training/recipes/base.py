"""The face every recipe shows the training loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ..data import Batch, PictureSet, make_batch
from ..networks.squeezenet import SqueezeNet


class Recipe(ABC):
    """Networks, batches and losses of one method.

    A step is: `batch`, `terms` (the generator's losses, unweighted; what the discriminator will
    need is kept on the recipe until the step is over), then `critic` where there is one.
    """

    generator: nn.Module
    discriminator: nn.Module | None = None
    terms_logged: ClassVar[tuple[str, ...]]

    def __init__(self, config: Any, features: SqueezeNet | None, device: torch.device) -> None:
        self.config = config
        self.features = features
        self.device = device

    def begin(self) -> None:  # noqa: B027
        """Called once, before the first step of a generator that knows nothing yet."""

    def keep(self, lessons: Path) -> None:
        """Learn from what teachers have painted already. Raises ValueError where the method has no
        teachers."""
        raise ValueError(f"{self.config.method} has no teachers")

    @abstractmethod
    def batch(self, pictures: PictureSet, count: int, px: int, crop_least: float, seed: int) -> Any:
        """One training batch; the same arguments give the same batch."""

    @abstractmethod
    def terms(self, batch: Any, on: dict[str, bool], step: int) -> dict[str, Tensor]:
        """The generator's loss terms that are switched on, unweighted."""

    def critic(self, batch: Any) -> Tensor | None:
        """The discriminator's loss on what `terms` just made, where there is a discriminator."""
        return None

    @abstractmethod
    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        """What the method makes of one drawing and one reference: [N, 3, H, W] in [0, 1]."""


def pairs(
    config: Any,
    pictures: PictureSet,
    count: int,
    px: int,
    crop_least: float,
    seed: int,
    *,
    five_points: bool = False,
) -> Batch:
    """A batch of drawings with one reference each, as `config` shares them out."""
    return make_batch(
        pictures,
        count,
        px,
        seed,
        self_share=config.self_share,
        natural_share=config.natural_share,
        warp_reach=config.warp_reach,
        crop_least=crop_least,
        five_points=five_points,
    )
