"""A config is a file of plain assignments in configs/; this is what it must assign.

Whatever else a method's recipe needs to know stands in `options`.
"""

from __future__ import annotations

import importlib
from dataclasses import MISSING, dataclass, fields
from typing import Any

# (from this share of the budget, size in px, pictures a step, least share of a crop)
Stage = tuple[float, int, int, float]


@dataclass(frozen=True)
class Config:
    method: str
    seed: int
    cache_size: int
    line_variants: int
    self_share: float
    natural_share: float
    warp_reach: float
    stages: tuple[Stage, ...]
    learning_rate: float
    final_rate: float
    warmup_steps: int
    discriminator_rate: float
    ema: float
    weights: dict[str, float]
    begins: dict[str, float]
    options: dict[str, Any]
    key_width: int = 0  # of networks whose widths are not those of a published one
    width: int = 0
    cuda_stages: tuple[Stage, ...] = ()  # of a GPU, which wants large batches
    cuda_rate: float = 0.0  # its learning rate; 0: the same

    def stages_on(self, device: str) -> tuple[Stage, ...]:
        return self.cuda_stages if device == "cuda" and self.cuda_stages else self.stages

    def rate_on(self, device: str) -> float:
        return self.cuda_rate if device == "cuda" and self.cuda_rate else self.learning_rate


def load_config(name: str) -> Config:
    """configs/<name>.py -> Config. A missing or misspelt assignment is an error here."""
    module = importlib.import_module(f"{__package__}.configs.{name}")
    given = {k: v for k, v in vars(module).items() if not k.startswith("_")}
    known = {field.name for field in fields(Config)}
    needed = {field.name for field in fields(Config) if field.default is MISSING}
    wrong = (given.keys() - known) | (needed - given.keys())
    if wrong:
        raise ValueError(f"configs/{name}.py: check {sorted(wrong)}")
    return Config(**given)
