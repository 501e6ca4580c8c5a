"""Attentioned Deep Paint's objective: L1 and a patch adversary that remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from .. import losses
from ..data import PictureSet
from ..networks.palette import CHANNELS, PaletteNet, condition
from ..networks.scft import Discriminator
from ..networks.squeezenet import SqueezeNet
from ..palettes import band_palettes
from ..pool import ImagePool
from .base import Recipe, pairs


@dataclass
class PaletteBatch:
    sketch: Tensor  # [N, 1, H, W], 1 paper
    palette: Tensor  # [N, 4, 4, 3]
    target: Tensor  # [N, 3, H, W]


class PaletteRecipe(Recipe):
    terms_logged: ClassVar[tuple[str, ...]] = ("rec", "adv")

    def __init__(self, config: Any, features: SqueezeNet | None, device: torch.device) -> None:
        super().__init__(config, features, device)
        generator = PaletteNet()
        self.generator: PaletteNet = generator.to(memory_format=torch.channels_last).to(device)
        critic = Discriminator(condition=CHANNELS)
        self.discriminator: Discriminator = critic.to(memory_format=torch.channels_last).to(device)
        self.pool = ImagePool(config.options["pool"], config.seed)
        self.made: Tensor | None = None
        self.given: Tensor | None = None

    def batch(
        self, pictures: PictureSet, count: int, px: int, crop_least: float, seed: int
    ) -> PaletteBatch:
        """The palette is the reference's: of the warped target, or of another page of the story."""
        given = pairs(self.config, pictures, count, px, crop_least, seed)
        return PaletteBatch(given.sketch, band_palettes(given.reference), given.target)

    def terms(self, batch: PaletteBatch, on: dict[str, bool], step: int) -> dict[str, Tensor]:
        given = condition(batch.sketch, batch.palette)
        colour = self.generator.painted(given, batch.palette).float()
        self.given, self.made = given, colour.detach()
        terms = {"rec": losses.reconstruction(colour, batch.target)}
        if on["adv"]:
            terms["adv"] = losses.adversarial(self.discriminator(given, colour).float(), True)
        return terms

    def critic(self, batch: PaletteBatch) -> Tensor | None:
        if self.made is None or self.given is None:
            return None
        earlier = self.pool.exchange(torch.cat([self.given, self.made], dim=1))
        real = self.discriminator(self.given, batch.target)
        fake = self.discriminator(earlier[:, :CHANNELS], earlier[:, CHANNELS:])
        return losses.critical(real, fake)

    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        made: Tensor = generator(sketch, band_palettes(reference))
        return made


RECIPE = PaletteRecipe
