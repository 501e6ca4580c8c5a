"""Attentioned Deep Paint: one graph; its palette comes from a picture or from the artist."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from ..baselines import BASELINES, nearest_regions
from ..measures import Picture
from ..networks.palette import BANDS, COLOURS, STRIDE, PaletteNet
from ..palettes import Bytes, band_palette, palette_picture
from .base import Array, Colorizer, Graph, Inputs, Method, Run, Shape
from .scft import example_sketch


def build(config: Any) -> PaletteNet:
    return PaletteNet()


def graphs(model: nn.Module, config: Any) -> dict[str, Graph]:
    assert isinstance(model, PaletteNet)
    draw = torch.Generator().manual_seed(7)
    examples: list[Inputs] = [
        {
            "sketch": example_sketch(n, h, w, draw),
            "palette": torch.rand(n, BANDS, COLOURS, 3, generator=draw),
        }
        for n, h, w in ((1, 96, 64), (1, 256, 256), (2, 128, 192), (1, 64, 320), (1, 512, 512))
    ]
    inputs: dict[str, Shape] = {
        "sketch": ["N", 1, "H", "W"],
        "palette": ["N", BANDS, COLOURS, 3],
    }
    return {"colorize": Graph(model, inputs, {"colour": ["N", 3, "H", "W"]}, examples)}


def palette_of(reference: Picture) -> Bytes:
    return band_palette((reference * 255 + 0.5).astype(np.uint8))


def colorizer(run: Run, manifest: dict[str, Any]) -> Colorizer:
    """Of the reference the network is given its palette, as at run time, and nothing else."""

    def colorize(sketch: Array, reference: Array) -> Array:
        palette = (palette_of(reference)[None] / 255).astype(np.float32)
        made = run("colorize", {"sketch": sketch[None, None], "palette": palette})
        return np.ascontiguousarray(made["colour"][0].transpose(1, 2, 0))

    return colorize


def nearest_in_palette(sketch: Array, reference: Picture) -> Picture:
    """The same baseline with as little as the network is given: the palette laid out in bands."""
    shown = palette_picture(palette_of(reference), *sketch.shape)
    return nearest_regions(sketch, (shown / 255).astype(np.float32))


METHOD = Method(
    id="palette",
    title="Attentioned Deep Paint",
    summary="Colours a drawing from sixteen colours: four for each quarter of its height.",
    stride=STRIDE,
    token_stride=STRIDE,
    sizes=[256, 512],
    default_size=256,
    build=build,
    graphs=graphs,
    colorizer=colorizer,
    baselines=BASELINES | {"nearest colours by region, palette only": nearest_in_palette},
)
