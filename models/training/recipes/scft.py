"""SCFT's objective, section 3.4."""

from __future__ import annotations

from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from .. import losses
from ..data import Batch, PictureSet
from ..networks.scft import SCFT, Discriminator
from ..networks.squeezenet import SqueezeNet
from .base import Recipe, pairs


class ScftRecipe(Recipe):
    terms_logged: ClassVar[tuple[str, ...]] = ("rec", "triplet", "perc", "style", "adv")

    def __init__(self, config: Any, features: SqueezeNet | None, device: torch.device) -> None:
        super().__init__(config, features, device)
        generator = SCFT(config.key_width, config.width)
        self.generator: SCFT = generator.to(memory_format=torch.channels_last).to(device)
        critic = Discriminator()
        self.discriminator: Discriminator = critic.to(memory_format=torch.channels_last).to(device)
        self.made: Tensor | None = None

    def batch(
        self, pictures: PictureSet, count: int, px: int, crop_least: float, seed: int
    ) -> Batch:
        return pairs(self.config, pictures, count, px, crop_least, seed)

    def terms(self, batch: Batch, on: dict[str, bool], step: int) -> dict[str, Tensor]:
        margin, slices = self.config.options["margin"], self.config.options["feature_slices"]
        colour, queries, keys = self.generator(batch.sketch, batch.reference)
        colour = colour.float()
        self.made = colour.detach()
        terms = {"rec": losses.reconstruction(colour, batch.target)}
        if on["triplet"] and batch.self_count:
            draw = torch.Generator().manual_seed(step)
            n = batch.self_count
            terms["triplet"] = losses.triplet(queries[:n], keys[:n], batch.grid, margin, draw)
        if self.features is not None and (on["perc"] or on["style"]):
            with torch.no_grad():
                theirs = [f.float() for f in self.features(batch.target, slices)]
            ours = [f.float() for f in self.features(colour, slices)]
            terms["perc"] = losses.perceptual(ours, theirs)
            terms["style"] = losses.style(ours, theirs)
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
        made: Tensor = generator(sketch, reference)[0].clamp(0, 1)
        return made


RECIPE = ScftRecipe
