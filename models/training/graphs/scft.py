"""SCFT: reference.onnx encodes a picture once, colorize.onnx colours from any number of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from ..networks.scft import SCFT, STRIDE
from .base import Array, Colorizer, Graph, Inputs, Method, Run


def example_sketch(n: int, h: int, w: int, draw: torch.Generator) -> torch.Tensor:
    return (torch.rand(n, 1, h, w, generator=draw) > 0.1).float()


def example_picture(n: int, h: int, w: int, draw: torch.Generator) -> torch.Tensor:
    small = torch.rand(n, 3, h // 16, w // 16, generator=draw)
    return F.interpolate(small, scale_factor=16.0, mode="bilinear")


def build(config: Any) -> SCFT:
    return SCFT(config.key_width, config.width)


def graphs(model: nn.Module, config: Any) -> dict[str, Graph]:
    assert isinstance(model, SCFT)
    draw = torch.Generator().manual_seed(7)
    references: list[Inputs] = []
    colorings: list[Inputs] = []
    for n, (h, w), (rh, rw), count in (
        (1, (80, 64), (64, 96), 1),
        (1, (256, 256), (256, 256), 1),
        (2, (128, 192), (96, 160), 1),
        (1, (64, 320), (128, 128), 3),
    ):
        pictures = [example_picture(n, rh, rw, draw) for _ in range(count)]
        references += [{"reference": p} for p in pictures]
        with torch.no_grad():
            encoded = [model.reference(p) for p in pictures]
        keys, values = (torch.cat(x, 1) for x in zip(*encoded, strict=True))
        sketch = example_sketch(n, h, w, draw)
        colorings.append({"sketch": sketch, "keys": keys, "values": values})
    tokens = {"keys": ["N", "T", config.key_width], "values": ["N", "T", config.width]}
    return {
        "reference": Graph(model.reference, {"reference": ["N", 3, "H", "W"]}, tokens, references),
        "colorize": Graph(
            model.colorize,
            {"sketch": ["N", 1, "H", "W"]} | tokens,
            {"colour": ["N", 3, "H", "W"], "attention": ["N", "Q", "T"]},
            colorings,
        ),
    }


def colorizer(run: Run, manifest: dict[str, Any]) -> Colorizer:
    """From one reference's keys and values; Nerk's graphs have the same names."""

    def colorize(sketch: Array, reference: Array) -> Array:
        planes = np.ascontiguousarray(reference.transpose(2, 0, 1)[None])
        encoded = run("reference", {"reference": planes})
        made = run("colorize", {"sketch": sketch[None, None]} | encoded)
        return np.ascontiguousarray(made["colour"][0].transpose(1, 2, 0))

    return colorize


METHOD = Method(
    id="scft",
    title="SCFT",
    summary="Colours a drawing from reference pictures by dense semantic correspondence.",
    stride=STRIDE,
    token_stride=STRIDE,
    sizes=[256, 512, 768],
    default_size=256,
    build=build,
    graphs=graphs,
    colorizer=colorizer,
)
