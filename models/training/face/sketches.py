"""Sketches from photographs, drawn a batch at a time on the device, as hands would draw them.

Between functions "ink" is [N, 1, H, W], 1 = full ink, 0 = paper; sketches are its reverse. What
bends a drawing (wobble, parts in the wrong place) bends the photograph too, so that lines decide
where things are; what a hand does to lines alone (weight, gaps, forgotten strokes, grain) does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from ..filters import blur, grey_of
from .windows import INNER, WORK, inside, mask_of

Random = torch.Generator


@dataclass(frozen=True)
class Hand:
    """How far a hand strays; shares are of drawings, lengths in work pixels."""

    contours: float  # share drawn from landmarks
    wobble: float  # largest smooth displacement
    misplaced: float  # share with parts in the wrong place
    shift: float  # by how much
    weight: float  # share with lines made thick or thin
    thickest: float  # how much of a 5 px brush at most
    gaps: float  # share of broken lines
    blobs: float  # share with places forgotten
    partial: float  # share with whole windows or one side not yet drawn
    pencil: float  # share with grain and grey


# What stage I reads and writes back: everything a drawing may be.
ANY = Hand(0.5, 5.0, 0.35, 8.0, 0.7, 1.0, 0.3, 0.3, 0.25, 0.35)
# What stage II paints from: real drawings, some of them clumsy.
REAL = Hand(0.45, 4.0, 0.3, 6.0, 0.6, 0.7, 0.2, 0.2, 0.08, 0.3)
# A fair drawing, and one that a manifold has to cure: evaluation.
FAIR = Hand(0.75, 1.5, 0.0, 0.0, 0.7, 0.5, 0.2, 0.1, 0.0, 0.4)
BAD = Hand(0.75, 9.0, 0.9, 9.0, 0.9, 1.0, 0.7, 0.7, 0.25, 0.4)


def uniform(n: int, low: float, high: float, rng: Random) -> Tensor:
    """[n, 1, 1, 1]"""
    return torch.rand(n, 1, 1, 1, device=rng.device, generator=rng) * (high - low) + low


def chosen(n: int, share: float, rng: Random) -> Tensor:
    """[n, 1, 1, 1] of 0 and 1."""
    return (torch.rand(n, 1, 1, 1, device=rng.device, generator=rng) < share).float()


def smooth_noise(n: int, channels: int, cells: int, size: int, rng: Random) -> Tensor:
    """[n, channels, size, size], about unit variance, features `size / cells` px wide."""
    coarse = torch.randn(n, channels, cells + 3, cells + 3, device=rng.device, generator=rng)
    fine = F.interpolate(
        coarse, scale_factor=size / cells, mode="bicubic", align_corners=False,
        recompute_scale_factor=False,
    )  # fmt: skip
    edge = (fine.shape[2] - size) // 2
    return fine[:, :, edge : edge + size, edge : edge + size] * 1.3


def step(x: Tensor, low: Tensor | float, high: Tensor | float) -> Tensor:
    """Smooth step from 0 at `low` to 1 at `high`."""
    t = ((x - low) / (high - low)).clamp(0, 1)
    return t * t * (3 - 2 * t)


def grown(x: Tensor, size: int) -> Tensor:
    return F.max_pool2d(x, size, 1, size // 2)


def connected(weak: Tensor, strong: Tensor, reach: int) -> Tensor:
    """Weak ink that hangs together with strong ink within `reach` pixels."""
    found = strong
    for _ in range(reach // 2):
        found = torch.minimum(grown(found, 5), weak)
    return found


# difference of Gaussians: width of the narrower one, in work pixels
FINENESS = (1.0, 1.3, 1.7)
CLEAN_LEVEL = 0.5


def even(grey: Tensor) -> Tensor:
    """Contrast made the same everywhere: soft light and dark skin are drawn like any other."""

    def wide(x: Tensor) -> Tensor:
        small = blur(F.avg_pool2d(x, 4), 3.0)
        return F.interpolate(small, scale_factor=4.0, mode="bilinear", align_corners=False)

    mean = wide(grey)
    return (grey - mean) / (wide((grey - mean) ** 2) + 0.0015).sqrt()


def edges(evened: Tensor, fineness: float, level: Tensor) -> Tensor:
    """Dark lines and borders of an `even` photograph [N, 1, H, W] as ink: difference of Gaussians,
    then hysteresis. `level` [N, 1, 1, 1]: about 1; higher is fewer lines.
    """
    fine = blur(evened, fineness)
    wave = (blur(fine, fineness * 1.25) - fine) * 3  # positive in the dark of an edge
    weak = step(wave, level * 0.35, level * 0.8)
    strong = step(wave, level * 0.95, level * 1.25)
    lines = connected(weak, strong, 12)
    # specks: ink without enough ink around it
    return lines * step(blur(lines, 4.0), 0.03, 0.07)


def standard(photo: Tensor) -> Tensor:
    """The clean sketch of a photograph [N, 3, 256, 256] in [0, 1]: the bank's, and `val`'s own."""
    evened = even(grey_of(photo.float()))
    return 1 - edges(evened, FINENESS[0], torch.full_like(evened[:, :, :1, :1], CLEAN_LEVEL))


def identity_grid(size: int, device: torch.device) -> Tensor:
    line = (torch.arange(size, device=device).float() * 2 + 1) / size - 1
    y, x = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([x, y], dim=2)[None]


def displaced(picture: Tensor, field: Tensor, mode: str = "bilinear") -> Tensor:
    """picture(p + field(p)); field [N, 2, h, w] in work pixels, of any size."""
    size = picture.shape[-1]
    if field.shape[-1] != size:
        field = F.interpolate(field, (size, size), mode="bilinear", align_corners=False)
    grid = identity_grid(size, picture.device) + field.permute(0, 2, 3, 1) * (2 / WORK)
    return F.grid_sample(picture, grid, mode=mode, padding_mode="reflection", align_corners=False)


FIELD = 64  # displacement fields are made at this size


@lru_cache(maxsize=4)
def _bumps(device: torch.device) -> Tensor:
    """[4, 1, FIELD, FIELD]: soft windows that parts are shifted in."""
    masks = torch.cat([inside(part, -6, FIELD) for part in INNER])
    return blur(masks.to(device), 2.0)


def bend(n: int, hand: Hand, rng: Random) -> Tensor:
    """A displacement field [n, 2, 64, 64] in work pixels: wobble at two scales, shifted parts."""
    amount = uniform(n, 0, 1, rng) ** 2 * hand.wobble
    field = smooth_noise(n, 2, 5, FIELD, rng) * amount * 0.6
    field = field + smooth_noise(n, 2, 14, FIELD, rng) * amount * 0.22
    if hand.misplaced > 0:
        shifts = torch.randn(n, 4, 2, 1, 1, device=rng.device, generator=rng) * hand.shift * 0.6
        on = (torch.rand(n, 4, 1, 1, 1, device=rng.device, generator=rng) < 0.5).float()
        moved = (shifts * on * _bumps(rng.device)[None]).sum(1)
        field = field + moved * chosen(n, hand.misplaced, rng)
    return field


def lines_of(grey: Tensor, contours: Tensor, share: float, rng: Random) -> Tensor:
    """Ink of a batch, from edges of the photograph, from landmarks' contours, or from both."""
    n = len(grey)
    level = uniform(n, 0, 1, rng) ** 1.5 * 0.8 + 0.4
    evened = even(grey)
    pick = torch.rand(n, 1, 1, 1, device=rng.device, generator=rng)
    drawn = torch.zeros_like(grey)
    for k, fineness in enumerate(FINENESS):
        here = ((pick * len(FINENESS)).floor() == k).float()
        drawn = drawn + here * edges(evened, fineness, level)
    from_marks = chosen(n, share, rng)
    # contours know nothing of hair and clothes: leave coarse edges, often only outside the face
    y, x = torch.meshgrid(
        torch.arange(WORK, device=grey.device),
        torch.arange(WORK, device=grey.device),
        indexing="ij",
    )
    radius = ((x - 128) / 62.0) ** 2 + ((y - 152) / 82.0) ** 2
    outside = step(radius.float()[None, None], 0.85, 1.1)
    sparse = uniform(n, 0, 1, rng)
    kept = torch.where(sparse < 0.55, outside, torch.where(sparse < 0.8, 0.0 * outside, 1.0))
    by_hand = torch.maximum(contours, drawn * kept)
    return torch.where(from_marks > 0, by_hand, drawn)


def handled(ink: Tensor, hand: Hand, rng: Random) -> Tensor:
    """What a hand does to lines without moving them."""
    n = len(ink)
    size = ink.shape[-1]
    # thick and thin, evenly or along the way
    along = step(smooth_noise(n, 1, 5, size, rng), -0.8, 0.8)
    along = torch.where(chosen(n, 0.5, rng) > 0, along, torch.ones_like(along))
    amount = uniform(n, 0, 1, rng) * chosen(n, hand.weight, rng)
    kind = torch.rand(n, 1, 1, 1, device=rng.device, generator=rng)
    three, five = grown(ink, 3), grown(blur(ink, 0.8), 5)
    thin = -F.max_pool2d(-ink, 3, 1, 1) * 0.5 + ink * 0.5
    ink = torch.where(kind < 0.4, ink + (three - ink) * amount * along, ink)
    fat = ink + (five - ink) * amount * along * hand.thickest
    ink = torch.where((kind >= 0.4) & (kind < 0.65), fat, ink)
    ink = torch.where(kind >= 0.85, ink + (thin - ink) * amount, ink)
    # broken lines
    gaps = step(smooth_noise(n, 1, 22, size, rng), -1.5, -0.9)
    ink = torch.where(chosen(n, hand.gaps, rng) > 0, ink * gaps, ink)
    # forgotten places: blobs, and one block
    blobs = step(smooth_noise(n, 1, 7, size, rng) + uniform(n, 0.2, 1.6, rng), -0.3, 0.1)
    ink = torch.where(chosen(n, hand.blobs, rng) > 0, ink * blobs, ink)
    # not yet drawn: one side, or whole windows
    half = torch.rand(n, 2, 1, 1, device=rng.device, generator=rng)
    line = (torch.arange(size, device=ink.device).float() + 0.5) / size
    y, x = torch.meshgrid(line, line, indexing="ij")
    turn = half[:, :1] * 6.2832
    across = (x - 0.5)[None, None] * turn.cos() + (y - 0.5)[None, None] * turn.sin()
    begun = step(across, half[:, 1:] * 0.5 - 0.45, half[:, 1:] * 0.5 - 0.4)
    windows = torch.ones_like(ink)
    for part in INNER:
        mask = mask_of(part, 0, size, ink.device)
        windows = windows * (1 - mask * chosen(n, 0.4, rng))
    by_window = chosen(n, 0.5, rng)
    undone = torch.where(by_window > 0, windows, begun)
    ink = torch.where(chosen(n, hand.partial, rng) > 0, ink * undone, ink)
    # pencil
    grain = torch.rand(ink.shape, device=ink.device, generator=rng)
    tooth = step(grain, 0.0, uniform(n, 0.2, 0.9, rng)) * uniform(n, 0.5, 0.95, rng)
    return torch.where(chosen(n, hand.pencil, rng) > 0, ink * tooth, ink).clamp(0, 1)


def on_paper(ink: Tensor) -> Tensor:
    """Ink -> sketch, 1 = paper."""
    return 1 - ink
