"""Nerk's objective: L1, a patch adversary, texture consistency."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from .. import losses
from ..data import Batch, PictureSet
from ..networks.nerk import Nerk
from ..networks.scft import Discriminator
from ..networks.squeezenet import SqueezeNet
from .base import Recipe, pairs


class NerkRecipe(Recipe):
    terms_logged: ClassVar[tuple[str, ...]] = ("rec", "texture", "adv")

    def __init__(self, config: Any, features: SqueezeNet | None, device: torch.device) -> None:
        super().__init__(config, features, device)
        generator = Nerk(config.options["attention"])
        self.generator: Nerk = generator.to(memory_format=torch.channels_last).to(device)
        critic = Discriminator()
        self.discriminator: Discriminator = critic.to(memory_format=torch.channels_last).to(device)
        self.made: Tensor | None = None

    def batch(
        self, pictures: PictureSet, count: int, px: int, crop_least: float, seed: int
    ) -> Batch:
        return pairs(self.config, pictures, count, px, crop_least, seed, five_points=True)

    def terms(self, batch: Batch, on: dict[str, bool], step: int) -> dict[str, Tensor]:
        colour, from_exemplar, from_output = self.generator(batch.sketch, batch.reference)
        colour = colour.float()
        self.made = colour.detach()
        terms = {"rec": losses.reconstruction(colour, batch.target)}
        if on["texture"]:
            terms["texture"] = losses.texture_consistency(from_exemplar, from_output)
        if on["adv"]:
            score = self.discriminator(batch.sketch, colour).float()
            terms["adv"] = losses.adversarial(score, True)
        return terms

    def critic(self, batch: Batch) -> Tensor | None:
        if self.made is None:
            return None
        real = self.discriminator(batch.sketch, batch.target)
        fake = self.discriminator(batch.sketch, self.made)
        return losses.critical(real, fake)

    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        assert isinstance(generator, Nerk)
        made: Tensor = generator.colorize(sketch, *generator.reference(reference))[0]
        return made


RECIPE = NerkRecipe
