"""DeepFaceDrawing's networks (Chen et al. 2020), sized for two CPU cores.

Encoder and decoder of a part have five stages of stride two, each with a residual block; between
them lies the part's 512-d vector. `Mapping` (the paper's FM) turns a vector into a 32-channel map
of the window, `Synthesis` (IS) the five composed maps into a photograph.

Normalisation: batch statistics in the auto-encoders, which fold into the convolutions; none in
`Mapping` and `Synthesis`, since statistics over a whole picture would
let one part recolour another.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .windows import LATENT, MAP_CHANNELS, PARTS, WINDOWS, laid

SLOPE = 0.2
PART_WIDTHS = (32, 48, 64, 96, 112)
REST_WIDTHS = (24, 32, 64, 96, 128)
REST_REDUCED = 32  # channels left for the fully connected layers of the remainder


def sides(size: int) -> list[int]:
    """Side of the window and of the maps after each of the five stages."""
    found = [size]
    for _ in range(5):
        found.append((found[-1] + 1) // 2)
    return found


class Residual(nn.Module):
    """x + two 3x3 convolutions."""

    def __init__(self, width: int, norm: bool) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1, bias=not norm)
        self.two = nn.Conv2d(width, width, 3, padding=1, bias=not norm)
        self.norm_one = nn.BatchNorm2d(width) if norm else nn.Identity()
        self.norm_two = nn.BatchNorm2d(width) if norm else nn.Identity()
        if not norm:
            nn.init.normal_(self.two.weight, std=0.01)

    def forward(self, x: Tensor) -> Tensor:
        y = F.leaky_relu(self.norm_one(self.one(x)), SLOPE)
        return F.leaky_relu(x + self.norm_two(self.two(y)), SLOPE)


class Encoder(nn.Module):
    """Sketch of one window [N, 1, S, S] -> vector [N, 512]."""

    def __init__(self, part: str) -> None:
        super().__init__()
        size = WINDOWS[part].size
        widths = REST_WIDTHS if part == "rest" else PART_WIDTHS
        stages: list[nn.Module] = []
        before = 1
        for width in widths:
            stages += [
                nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.LeakyReLU(SLOPE),
                Residual(width, norm=True),
            ]
            before = width
        if part == "rest":
            stages.append(nn.Conv2d(before, REST_REDUCED, 1))
            before = REST_REDUCED
        self.stages = nn.Sequential(*stages)
        self.vector = nn.Linear(before * sides(size)[-1] ** 2, LATENT)

    def forward(self, sketch: Tensor) -> Tensor:
        return self.vector(self.stages((1 - sketch) * 2).flatten(1))


class Growth(nn.Module):
    """Vector [N, 512] -> map [N, widths[0], S, S] through five doublings."""

    def __init__(self, part: str, widths: tuple[int, ...], norm: bool) -> None:
        super().__init__()
        self.sides = sides(WINDOWS[part].size)
        self.first = REST_REDUCED if part == "rest" else widths[-1]
        self.spread = nn.Linear(LATENT, self.first * self.sides[-1] ** 2)
        self.widen = nn.Conv2d(self.first, widths[-1], 1) if part == "rest" else nn.Identity()
        # the block of the finest scale would cost more than all others together
        self.blocks = nn.ModuleList(Residual(w, norm) for w in reversed(widths))
        after = [*reversed(widths[:-1]), widths[0]]
        self.narrow = nn.ModuleList(
            nn.Conv2d(a, b, 3, padding=1) for a, b in zip(reversed(widths), after, strict=True)
        )

    def forward(self, vector: Tensor) -> Tensor:
        side = self.sides[-1]
        x = F.leaky_relu(self.spread(vector), SLOPE).view(-1, self.first, side, side)
        x = self.widen(x)
        for k, (block, narrow) in enumerate(zip(self.blocks, self.narrow, strict=True)):
            side = self.sides[-2 - k]
            x = F.interpolate(block(x), (side, side), mode="nearest")
            x = F.leaky_relu(narrow(x), SLOPE)
        return x


class Decoder(nn.Module):
    """Vector [N, 512] -> sketch of the window [N, 1, S, S] in [0, 1]."""

    def __init__(self, part: str) -> None:
        super().__init__()
        widths = REST_WIDTHS if part == "rest" else PART_WIDTHS
        self.growth = Growth(part, widths, norm=True)
        self.out = nn.Conv2d(widths[0], 1, 3, padding=1)
        self.out.bias = nn.Parameter(torch.full((1,), -2.0))  # most of a sheet is paper

    def logits(self, vector: Tensor) -> Tensor:
        """Log odds of ink."""
        return self.out(self.growth(vector))

    def forward(self, vector: Tensor) -> Tensor:
        return torch.sigmoid(-self.logits(vector))


class Component(nn.Module):
    """The auto-encoder of one part."""

    def __init__(self, part: str) -> None:
        super().__init__()
        self.encoder = Encoder(part)
        self.decoder = Decoder(part)


class Components(nn.Module):
    """All five auto-encoders: stage I."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = nn.ModuleDict({part: Component(part) for part in PARTS})

    def of(self, part: str) -> Component:
        component = self.parts[part]
        assert isinstance(component, Component)
        return component

    def encode(self, windows: dict[str, Tensor]) -> dict[str, Tensor]:
        return {part: self.of(part).encoder(windows[part]) for part in PARTS}


class Mapping(nn.Module):
    """FM: vector [N, 512] -> map [N, 32, S, S]. `centre` and `spread` are the bank's own."""

    def __init__(self, part: str) -> None:
        super().__init__()
        widths = (MAP_CHANNELS, 32, 48, 64, 96)
        self.register_buffer("centre", torch.zeros(LATENT))
        self.register_buffer("spread", torch.ones(LATENT))
        self.growth = Growth(part, widths, norm=False)

    def forward(self, vector: Tensor) -> Tensor:
        return self.growth((vector - self.get_buffer("centre")) / self.get_buffer("spread"))


class Synthesis(nn.Module):
    """IS: composed maps [N, 32, 256, 256] -> photograph, at 256 or through the head at 512 px."""

    widths = (48, 96, 160, 208)
    blocks = 4
    fine = 32

    def __init__(self) -> None:
        super().__init__()
        before = MAP_CHANNELS
        down = []
        for width in self.widths:
            down.append(nn.Conv2d(before, width, 3, stride=2, padding=1))
            before = width
        self.down = nn.ModuleList(down)
        self.middle = nn.Sequential(*(Residual(before, norm=False) for _ in range(self.blocks)))
        up, blocks = [], []
        for width in (*reversed(self.widths[:-1]), self.fine):
            up.append(nn.Conv2d(before, width, 3, padding=1))
            blocks.append(Residual(width, norm=False) if width != self.fine else nn.Identity())
            before = width
        self.up = nn.ModuleList(up)
        self.up_blocks = nn.ModuleList(blocks)
        self.last = nn.Conv2d(self.fine, self.fine, 3, padding=1)
        self.colour = nn.Conv2d(self.fine, 3, 3, padding=1)
        self.head = nn.Conv2d(self.fine, 32, 3, padding=1)
        self.detail = nn.Conv2d(32, 12, 3, padding=1)
        for parameter in self.detail.parameters():
            nn.init.zeros_(parameter)

    def features(self, composed: Tensor) -> Tensor:
        x, skips = composed, [composed]
        for conv in self.down:
            x = F.leaky_relu(conv(x), SLOPE)
            skips.append(x)
        x = self.middle(x)
        skips.pop()
        for conv, block in zip(self.up, self.up_blocks, strict=True):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            x = F.leaky_relu(conv(x) + skips.pop(), SLOPE)
            x = block(x)
        return F.leaky_relu(self.last(x) + x, SLOPE)

    def at_work_size(self, features: Tensor) -> Tensor:
        return torch.sigmoid(self.colour(features).float())

    def at_canvas_size(self, features: Tensor) -> Tensor:
        """Twice the size: the small picture enlarged smoothly, plus detail."""
        small = F.interpolate(
            self.colour(features), scale_factor=2.0, mode="bilinear", align_corners=False
        )
        detail = self.detail(F.leaky_relu(self.head(features), SLOPE))
        return torch.sigmoid((small + F.pixel_shuffle(detail, 2)).float())


class Painter(nn.Module):
    """Stage II: five mappings and the synthesis."""

    def __init__(self) -> None:
        super().__init__()
        self.mappings = nn.ModuleDict({part: Mapping(part) for part in PARTS})
        self.synthesis = Synthesis()

    def mapping(self, part: str) -> Mapping:
        mapping = self.mappings[part]
        assert isinstance(mapping, Mapping)
        return mapping

    def composed(self, vectors: dict[str, Tensor]) -> Tensor:
        return laid({part: self.mapping(part)(vectors[part]) for part in PARTS})

    def features(self, vectors: dict[str, Tensor]) -> Tensor:
        return self.synthesis.features(self.composed(vectors))

    def forward(self, vectors: dict[str, Tensor], output_px: int = 256) -> Tensor:
        """Vectors [N, 512] of the five parts -> faces [N, 3, P, P], sRGB in [0, 1]."""
        features = self.features(vectors)
        if output_px == 512:
            return self.synthesis.at_canvas_size(features)
        return self.synthesis.at_work_size(features)


class SpectralConv(nn.Conv2d):
    """A convolution whose weights are divided by their largest singular value (Miyato et al. 2018).

    One step of power iteration a call, in single precision under any autocast.
    """

    def __init__(self, before: int, after: int, kernel: int, stride: int = 1) -> None:
        super().__init__(before, after, kernel, stride, padding=1)
        self.register_buffer("left", F.normalize(torch.randn(after), dim=0))

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):
            flat = self.weight.float().flatten(1)
            with torch.no_grad():
                right = F.normalize(flat.T @ self.get_buffer("left"), dim=0)
                left = F.normalize(flat @ right, dim=0)
                if self.training:
                    self.get_buffer("left").copy_(left)
            largest = (left * (flat @ right)).sum()
            weight = self.weight / largest
        return F.conv2d(x, weight, self.bias, self.stride, self.padding)


class Patches(nn.Module):
    """One discriminator: scores of overlapping patches, and its own feature maps."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        widths = (width, width * 2, width * 4, width * 4)
        layers = []
        before = channels
        for k, after in enumerate(widths):
            layers.append(
                SpectralConv(before, after, 4, 2) if k < 3 else SpectralConv(before, after, 3)
            )
            before = after
        self.layers = nn.ModuleList(layers)
        self.score = SpectralConv(before, 1, 3)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Feature maps, the patches' scores last."""
        found = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
            found.append(x)
        return [*found, self.score(x)]


class Critic(nn.Module):
    """Judges (sketch, photograph) at three scales."""

    def __init__(self, width: int = 48, scales: int = 3) -> None:
        super().__init__()
        self.scales = nn.ModuleList(Patches(4, width) for _ in range(scales))

    def forward(self, sketch: Tensor, picture: Tensor) -> list[list[Tensor]]:
        x = torch.cat([sketch * 2 - 1, picture * 2 - 1], dim=1)
        found = []
        for k, scale in enumerate(self.scales):
            if k > 0:
                x = F.avg_pool2d(x, 2)
            found.append(scale(x))
        return found
