"""Nerk: reference.onnx encodes the exemplar once, colorize.onnx colours from it."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..networks.nerk import BOTTLENECK, CHANNEL_GRID, KEY_WIDTH, STRIDE, Nerk
from ..networks.scft import PIXELS
from .base import Graph, Inputs, Method, Shape
from .scft import colorizer, example_picture, example_sketch


def build(config: Any) -> Nerk:
    return Nerk(config.options["attention"])


def graphs(model: nn.Module, config: Any) -> dict[str, Graph]:
    assert isinstance(model, Nerk)
    draw = torch.Generator().manual_seed(7)
    references: list[Inputs] = []
    colorings: list[Inputs] = []
    for n, (h, w), (rh, rw) in (
        (1, (80, 64), (64, 96)),
        (1, (256, 256), (256, 256)),
        (2, (128, 192), (96, 160)),
        (1, (64, 320), (128, 128)),
    ):
        picture = example_picture(n, rh, rw, draw)
        references.append({"reference": picture})
        with torch.no_grad():
            keys, values = model.reference(picture)
        colorings.append({"sketch": example_sketch(n, h, w, draw), "keys": keys, "values": values})
    tokens: dict[str, Shape]
    attention: Shape
    if model.attention == "channels":
        positions = CHANNEL_GRID**2
        tokens = {
            "keys": ["N", positions, KEY_WIDTH],
            "values": ["N", positions, KEY_WIDTH + PIXELS],
        }
        attention = ["N", KEY_WIDTH, KEY_WIDTH]
    else:
        tokens = {"keys": ["N", "T", KEY_WIDTH], "values": ["N", "T", BOTTLENECK]}
        attention = ["N", "Q", "T"]
    return {
        "reference": Graph(model.reference, {"reference": ["N", 3, "H", "W"]}, tokens, references),
        "colorize": Graph(
            model.colorize,
            {"sketch": ["N", 1, "H", "W"], **tokens},
            {"colour": ["N", 3, "H", "W"], "attention": attention},
            colorings,
        ),
    }


METHOD = Method(
    id="nerk",
    title="Nerk",
    summary="Colours a drawing from one exemplar by attention between two U-Net bottlenecks.",
    stride=STRIDE,
    token_stride=STRIDE,
    sizes=[256, 512],
    default_size=256,
    build=build,
    graphs=graphs,
    colorizer=colorizer,
    of_config=lambda config: {"attention": config.options["attention"]},
)
