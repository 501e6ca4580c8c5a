"""SCFT: reference-based sketch colorization with dense semantic correspondence.

Reads like section 3 of Lee et al., "Reference-Based Sketch Image Colorization using
Augmented-Self Reference and Dense Semantic Correspondence", CVPR 2020. The symbols are the
paper's: I_s sketch, I_r reference, E_s and E_r encoders, v_s and v_r tokens, alpha attention.

Shapes: N pictures, H x W pixels (multiples of 16), h = H/16, w = W/16, Q = h*w sketch tokens,
T reference tokens (any number: tokens of several references may be concatenated).
Ranges: the sketch is 1 on paper and 0 on ink; colours are sRGB in [0, 1].
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDE = 16
WIDTHS = (16, 16, 32, 32, 64, 64, 128, 128, 256, 256)
TOKEN_WIDTH = sum(WIDTHS)  # 992
PIXELS = 3 * 4 * 4  # a token's own pixels: its 16x16 patch at 4x4


def conv3(inputs: int, outputs: int, stride: int = 1, dilation: int = 1) -> nn.Conv2d:
    """3x3 convolution, initialised so that a stack without normalisation keeps its scale.

    There is no normalisation in encoders and decoder: instance (and group) normalisation would
    take away the mean colour of a picture, which is exactly what a reference has to hand over,
    and batch statistics are useless at the batch sizes a CPU can afford.
    """
    layer = nn.Conv2d(inputs, outputs, 3, stride, dilation, dilation)
    nn.init.kaiming_normal_(layer.weight, a=0.2, nonlinearity="leaky_relu")
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer


class Encoder(nn.Module):
    """Section 3.1: ten convolutions, stride 2 at the 3rd, 5th, 7th and 9th."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inputs = (channels, *WIDTHS[:-1])
        strides = (1, 1, 2, 1, 2, 1, 2, 1, 2, 1)
        self.layers = nn.ModuleList(
            conv3(i, o, s) for i, o, s in zip(inputs, WIDTHS, strides, strict=True)
        )

    def forward(self, picture: Tensor) -> list[Tensor]:
        maps = []
        x = picture
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2)
            maps.append(x)
        return maps


def pooled(maps: list[Tensor]) -> Tensor:
    """Eq. (1): v = [phi(f_1); ...; phi(f_10)], every map pooled to H/16 x W/16: [N, 992, h, w]."""
    kernels = (16, 16, 8, 8, 4, 4, 2, 2, 1, 1)
    return torch.cat(
        [F.avg_pool2d(f, k) if k > 1 else f for f, k in zip(maps, kernels, strict=True)], dim=1
    )


def tokens(feature_map: Tensor) -> Tensor:
    """[N, C, h, w] -> [N, h*w, C], row-major. The transpose is what makes a row one position."""
    return feature_map.flatten(2).transpose(1, 2)


class ResidualBlock(nn.Module):
    """Group normalisation only inside the branch: the shortcut keeps absolute colour."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(16, width)
        self.first = conv3(width, width)
        self.second = conv3(width, width)
        nn.init.normal_(self.second.weight, std=0.1 / math.sqrt(9 * width))

    def forward(self, x: Tensor) -> Tensor:
        y = self.first(F.leaky_relu(self.norm(x), 0.2))
        return x + self.second(F.leaky_relu(y, 0.2))


class Up(nn.Module):
    """One decoder scale: double the size, join the sketch skip, two convolutions."""

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.join = conv3(inputs + skip, outputs)
        self.smooth = conv3(outputs, outputs)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        x = F.leaky_relu(self.join(torch.cat([x, skip], dim=1)), 0.2)
        return F.leaky_relu(self.smooth(x), 0.2)


class ReferenceGraph(nn.Module):
    """reference -> keys [N, T, key_width], values [N, T, width]. Exported as reference.onnx.

    The last 48 channels of a value are the token's own pixels at a quarter of the size: the
    picture itself is the zeroth of the pooled maps, and its part of W_v is the identity. A deep
    encoder takes a GPU's day to learn to hand on a colour unchanged; this says it at once.
    """

    def __init__(self, key_width: int, width: int) -> None:
        super().__init__()
        self.encoder = Encoder(3)
        self.key_norm = nn.LayerNorm(TOKEN_WIDTH)
        self.w_k = nn.Linear(TOKEN_WIDTH, key_width, bias=False)
        self.w_v = nn.Linear(TOKEN_WIDTH, width - PIXELS)

    def forward(self, reference: Tensor) -> tuple[Tensor, Tensor]:
        v_r = tokens(pooled(self.encoder(reference * 2 - 1)))
        pixels = F.pixel_unshuffle(F.avg_pool2d(reference * 2 - 1, 4), 4)
        values = torch.cat([self.w_v(v_r), tokens(pixels)], dim=2)
        return self.w_k(self.key_norm(v_r)), values


class ColorizeGraph(nn.Module):
    """sketch, keys, values -> colour, attention. Exported as colorize.onnx."""

    def __init__(self, key_width: int, width: int) -> None:
        super().__init__()
        self.encoder = Encoder(1)
        self.query_norm = nn.LayerNorm(TOKEN_WIDTH)
        self.w_q = nn.Linear(TOKEN_WIDTH, key_width, bias=False)
        # The paper adds 992-wide tokens (eq. 4) and works on 992 channels from there on, some
        # 70 M parameters in four residual blocks. We narrow c to `width` by a linear map P, and
        # since P(v_s + sum alpha W_v v_r) = P v_s + sum alpha (P W_v) v_r, the map is folded
        # into W_v (ReferenceGraph.w_v) and applied to v_s here: the same sum, fewer numbers.
        self.narrow = nn.Linear(TOKEN_WIDTH, width)
        with torch.no_grad():  # at first the pixel channels hold what attention brought, unmixed
            self.narrow.weight[-PIXELS:] = 0
            self.narrow.bias[-PIXELS:] = 0
        self.blocks = nn.Sequential(*[ResidualBlock(width) for _ in range(4)])
        self.up8 = Up(width, 128, 128)
        self.up4 = Up(128, 64, 64)
        self.up2 = Up(64, 32, 32)
        self.up1 = Up(32, 16 + 3, 16)
        self.paint = nn.Conv2d(16, 3, 3, 1, 1)
        nn.init.normal_(self.paint.weight, std=0.02)
        nn.init.zeros_(self.paint.bias)  # type: ignore[arg-type]

    def query(self, sketch: Tensor) -> tuple[list[Tensor], Tensor, Tensor]:
        """Sketch -> its maps (the skips), v_s [N, 992, h, w], queries [N, Q, key_width]."""
        maps = self.encoder(2 - 2 * sketch)  # paper is 0, as the padding is
        v_s = pooled(maps)
        return maps, v_s, self.w_q(self.query_norm(tokens(v_s)))

    def paint_from(self, maps: list[Tensor], v_s: Tensor, alpha: Tensor, values: Tensor) -> Tensor:
        """Eqs. (3) and (4), residual blocks and decoder: colour, not yet clamped."""
        v_star = alpha @ values  # eq. (3)
        c = self.narrow(tokens(v_s)) + v_star  # eq. (4)
        shape = v_s.shape
        x = c.transpose(1, 2).reshape(shape[0], c.shape[2], shape[2], shape[3])
        x = self.blocks(x)
        coarse = F.pixel_shuffle(x[:, -PIXELS:], 4)  # the picture at a quarter of the size
        coarse = F.interpolate(coarse, scale_factor=4.0, mode="bilinear")
        x = self.up8(x, maps[7])
        x = self.up4(x, maps[5])
        x = self.up2(x, maps[3])
        x = self.up1(x, torch.cat([maps[1], coarse], dim=1))
        return (self.paint(x) + coarse + 1) / 2

    def forward(self, sketch: Tensor, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        maps, v_s, queries = self.query(sketch)
        alpha = torch.softmax(similarity(queries, keys), dim=2)
        return self.paint_from(maps, v_s, alpha, values).clamp(0, 1), alpha


def similarity(queries: Tensor, keys: Tensor) -> Tensor:
    """The argument of eq. (2): S = q.k / sqrt(d), divided *before* the softmax. [N, Q, T]."""
    return (queries @ keys.transpose(1, 2)) * (1.0 / math.sqrt(queries.shape[-1]))


class SCFT(nn.Module):
    """The generator: both graphs side by side."""

    def __init__(self, key_width: int = 256, width: int = 224) -> None:
        super().__init__()
        self.reference = ReferenceGraph(key_width, width)
        self.colorize = ColorizeGraph(key_width, width)

    def forward(self, sketch: Tensor, reference: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-> colour (not clamped, so that the loss has a slope outside [0, 1]), queries, keys."""
        keys, values = self.reference(reference)
        maps, v_s, queries = self.colorize.query(sketch)
        alpha = torch.softmax(similarity(queries, keys).float(), dim=2).to(values.dtype)  # eq. (2)
        return self.colorize.paint_from(maps, v_s, alpha, values), queries, keys


class Discriminator(nn.Module):
    """Conditional patch discriminator D(I_s, I): one score for every 70x70 patch.

    `condition`: channels of what a picture is judged beside; the sketch alone has one.
    """

    def __init__(self, width: int = 32, condition: int = 1) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inputs = condition + 3
        for outputs, stride in ((width, 2), (2 * width, 2), (4 * width, 2), (4 * width, 1)):
            conv = nn.Conv2d(inputs, outputs, 4, stride, 1)
            layers += [nn.utils.spectral_norm(conv), nn.LeakyReLU(0.2)]
            inputs = outputs
        layers.append(nn.utils.spectral_norm(nn.Conv2d(inputs, 1, 4, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, sketch: Tensor, picture: Tensor) -> Tensor:
        score: Tensor = self.layers(torch.cat([sketch, picture], dim=1) * 2 - 1)
        return score
