"""What differs between the models' training: one file a method, found by its id."""

from __future__ import annotations

import importlib
from typing import Any

import torch

from ..networks.squeezenet import SqueezeNet
from .base import Recipe


def recipe_for(config: Any, features: SqueezeNet | None, device: torch.device) -> Recipe:
    """The recipe of `config.method`, its networks on `device`, freshly initialised."""
    module = importlib.import_module(f"{__name__}.{config.method}")
    made: Recipe = module.RECIPE(config, features, device)
    return made
