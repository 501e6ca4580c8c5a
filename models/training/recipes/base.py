"""The face every recipe shows the training loop."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ..data import PictureSet
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
