"""A config is a file of plain assignments in configs/; this is what it must assign.

Whatever else a method's recipe needs to know stands in `options`.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Config:
    method: str
    seed: int
    cache_size: int
    line_variants: int
    self_share: float
    natural_share: float
    warp_reach: float
    key_width: int
    width: int
    stages: tuple[tuple[float, int, int, float], ...]
    learning_rate: float
    final_rate: float
    warmup_steps: int
    discriminator_rate: float
    ema: float
    weights: dict[str, float]
    begins: dict[str, float]
    options: dict[str, Any]


def load_config(name: str) -> Config:
    """configs/<name>.py -> Config. A missing or misspelt assignment is an error here."""
    module = importlib.import_module(f"{__package__}.configs.{name}")
    given = {k: v for k, v in vars(module).items() if not k.startswith("_")}
    wanted = {field.name for field in fields(Config)}
    if given.keys() != wanted:
        raise ValueError(f"configs/{name}.py: check {sorted(given.keys() ^ wanted)}")
    return Config(**given)
