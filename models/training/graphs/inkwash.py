"""Inkwash: every source of colour is a token, whichever graph or hand it comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from ..networks.inkwash import STRIDE, TOKEN_STRIDE, Inkwash
from ..networks.tables import CARRIED, FINE
from .base import Array, Colorizer, Graph, Inputs, Method, Run
from .scft import example_picture, example_sketch


def build(config: Any) -> Inkwash:
    return Inkwash(config.key_width, config.width, config.options["fetches"])


def graphs(model: nn.Module, config: Any) -> dict[str, Graph]:
    assert isinstance(model, Inkwash)
    draw = torch.Generator().manual_seed(7)
    references: list[Inputs] = []
    colorings: list[Inputs] = []
    for n, (h, w), (rh, rw), count, hints in (
        (1, (96, 64), (64, 96), 1, 2),
        (1, (256, 256), (256, 256), 1, 1),
        (2, (128, 192), (96, 160), 1, 5),
        (1, (64, 320), (128, 128), 3, 3),
        (1, (64, 64), (16, 16), 1, 1),
    ):
        pictures = [example_picture(n, rh, rw, draw) for _ in range(count)]
        references += [{"reference": p} for p in pictures]
        with torch.no_grad():
            encoded = [model.reference(p) for p in pictures]
        keys, values = (torch.cat(x, 1) for x in zip(*encoded, strict=True))
        colorings.append(
            {
                "sketch": example_sketch(n, h, w, draw),
                "keys": keys,
                "values": values,
                "weights": torch.rand(n, keys.shape[1], generator=draw),
                "places": torch.rand(n, hints, 2, generator=draw) * 2 - 1,
                "hint_values": values[:, :hints].clone(),
                "hint_weights": (torch.rand(n, hints, generator=draw) > 0.5).float(),
            }
        )
    value = config.width + CARRIED
    tokens = {"keys": ["N", "T", config.key_width], "values": ["N", "T", value]}
    return {
        "reference": Graph(model.reference, {"reference": ["N", 3, "H", "W"]}, tokens, references),
        "colorize": Graph(
            model.colorize,
            {"sketch": ["N", 1, "H", "W"]}
            | tokens
            | {
                "weights": ["N", "T"],
                "places": ["N", "K", 2],
                "hint_values": ["N", "K", value],
                "hint_weights": ["N", "K"],
            },
            {
                "colour": ["N", 3, "H", "W"],
                "confidence": ["N", 1, "H", "W"],
                "attention": ["N", "Q", "S"],
            },
            colorings,
        ),
    }


def colorizer(run: Run, manifest: dict[str, Any]) -> Colorizer:
    def colorize(sketch: Array, reference: Array) -> Array:
        planes = np.ascontiguousarray(reference.transpose(2, 0, 1)[None])
        encoded = run("reference", {"reference": planes})
        n, t, width = encoded["values"].shape
        no_hints = {
            "places": np.zeros((n, 1, 2), np.float32),
            "hint_values": np.zeros((n, 1, width), np.float32),
            "hint_weights": np.zeros((n, 1), np.float32),
        }
        weights = {"weights": np.ones((n, t), np.float32)}
        made = run("colorize", {"sketch": sketch[None, None]} | encoded | weights | no_hints)
        return np.ascontiguousarray(made["colour"][0].transpose(1, 2, 0))

    return colorize


METHOD = Method(
    id="inkwash",
    title="Inkwash",
    summary="Colours a drawing from references, palettes, hints and pins in one attention.",
    stride=STRIDE,
    token_stride=TOKEN_STRIDE,
    sizes=[256, 512, 768],
    default_size=256,
    build=build,
    graphs=graphs,
    colorizer=colorizer,
    extra={"referenceSize": 256, "valuePixels": FINE},
    chooses=True,
)
