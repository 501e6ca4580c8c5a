"""The face every method shows to export and evaluate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from ..baselines import BASELINES

Array = NDArray[np.float32]
Shape = list[int | str]
Inputs = dict[str, Tensor]
Run = Callable[[str, dict[str, Array]], dict[str, Array]]
"""Runs a graph by name: inputs -> outputs."""
Colorizer = Callable[[Array, Array], Array]
"""sketch [H, W], reference [H, W, 3] -> colour [H, W, 3], all in [0, 1]."""


@dataclass(frozen=True)
class Graph:
    """One ONNX file. A name in a shape is a dimension chosen at run time."""

    module: nn.Module
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    examples: list[Inputs]
    """Inputs of several sizes. The first is traced; all are compared with PyTorch."""


@dataclass(frozen=True)
class Method:
    id: str
    title: str
    summary: str
    stride: int
    token_stride: int
    sizes: list[int]
    default_size: int
    build: Callable[[Any], nn.Module]
    """Config -> the generator as it is trained."""
    graphs: Callable[[nn.Module, Any], dict[str, Graph]]
    """Trained generator, config -> its graphs by name."""
    colorizer: Callable[[Run, dict[str, Any]], Colorizer]
    """How the card colours with the shipped graphs; the second argument is the manifest."""
    extra: dict[str, Any] = field(default_factory=dict)
    """More words of the manifest."""
    of_config: Callable[[Any], dict[str, Any]] = lambda config: {}
    """And those that depend on the config."""
    chooses: bool = False
    """Whether the network picks one token among many, which is not continuous."""
    baselines: Mapping[str, Colorizer] = field(default_factory=lambda: dict(BASELINES))
    """What the card compares it with."""
