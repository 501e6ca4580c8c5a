"""Loss terms, unweighted; weights stand in the configs.

The first five are those of the SCFT paper, section 3.4; `texture_consistency` is Nerk's;
`log_error`, `structure`, `palette_gap`, `off_colour` and `lost_lines` are `inkwash`'s.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .filters import blur, grey_of
from .networks.scft import similarity


def reconstruction(colour: Tensor, target: Tensor) -> Tensor:
    """L_rec: mean absolute difference."""
    return (colour - target).abs().mean()


def triplet(
    queries: Tensor, keys: Tensor, grid: Tensor, margin: float, generator: torch.Generator
) -> Tensor:
    """L_tr, eq. (5): max(0, margin - S(v_q, v_p) + S(v_q, v_n)), S as in the attention.

    The reference is the target warped by `grid` [N, h, w, 2] (reference position -> sketch
    position), so for every reference token the sketch query that belongs to it is known: sampled
    bilinearly where the warp points. Negatives are random tokens that are not neighbours.
    queries [N, h*w, d] and keys [N, h*w, d] come from pictures of the same size.
    """
    n, h, w, _ = grid.shape
    query_map = queries.float().transpose(1, 2).reshape(n, -1, h, w)
    anchor = F.grid_sample(query_map, grid, align_corners=True, padding_mode="border")
    anchor = anchor.flatten(2).transpose(1, 2)  # [N, T, d], one for every reference token
    positive = similarity(anchor, keys.float())  # [N, T, T]; its diagonal is the true pair
    count = h * w
    other = torch.randint(count, (count,), generator=generator).to(keys.device)
    index = torch.arange(count, device=keys.device)
    far = ((other // w - index // w).abs() > 1) | ((other % w - index % w).abs() > 1)
    inside = (grid.abs() <= 1).all(dim=3).flatten(1) & far
    gap = margin - positive[:, index, index] + positive[:, index, other]
    return (gap.clamp(min=0) * inside).sum() / inside.sum().clamp(min=1)


def perceptual(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """L_perc: mean absolute difference of feature maps, summed over slices."""
    return torch.stack([(a - b).abs().mean() for a, b in zip(ours, theirs, strict=True)]).sum()


def gram(features: Tensor) -> Tensor:
    """Gram matrix over C*H*W, of features brought to order one (they are about 30 on average)."""
    n, c, h, w = features.shape
    flat = features.reshape(n, c, h * w) / 30
    return flat @ flat.transpose(1, 2) / (c * h * w)


def style(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """L_style: mean absolute difference of Gram matrices, summed over slices."""
    return torch.stack(
        [(gram(a) - gram(b)).abs().mean() for a, b in zip(ours, theirs, strict=True)]
    ).sum()


def adversarial(score: Tensor, real: bool) -> Tensor:
    """L_adv as least squares: steadier than log loss at small batches."""
    return ((score - (1.0 if real else 0.0)) ** 2).mean()


def texture_consistency(from_exemplar: Tensor, from_output: Tensor) -> Tensor:
    """Mean square between the colour transfers exemplar -> sketch and output -> sketch.

    Colour taken from the output must recolour the sketch the same way. Both sides get a slope: with
    the exemplar's held still, one encoder chases itself, and both had grown a thousandfold after
    sixty steps.
    """
    return ((from_output.float() - from_exemplar.float()) ** 2).mean()


def critical(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's own loss on its scores of true and of made pictures."""
    return 0.5 * (adversarial(real.float(), True) + adversarial(fake.float(), False))


LEAST_ERROR = 1e-4  # mean square; 40 dB need no improving


def log_error(ours: Tensor, theirs: Tensor) -> Tensor:
    """The logarithm of a picture's mean squared error, the mean over pictures: PSNR is -4.34 times
    that. Both [N, 3, H, W] in [0, 1].

    Where it can't be known what is right, its answer is the mean, as the absolute difference's is
    the median; and a picture that is nearly right counts as much as one that can't be.
    """
    return ((ours - theirs).pow(2).mean((1, 2, 3)) + LEAST_ERROR).log().mean()


WINDOW = 7  # pixels along the window of `structure`
SLICES, SAMPLES = 12, 1024  # directions and pixels of `palette_gap`


def structure(ours: Tensor, theirs: Tensor) -> Tensor:
    """One minus SSIM (Wang et al. 2004), at a half, a quarter and an eighth of the size, which
    weigh most in MS-SSIM, in a square window.

    Both [N, 3, H, W] in [0, 1]; 0 where they are alike.
    """
    total = torch.zeros((), device=ours.device)
    for _ in range(3):
        ours, theirs = F.avg_pool2d(ours, 2), F.avg_pool2d(theirs, 2)
        pair = torch.cat([ours, theirs, ours * ours, theirs * theirs, ours * theirs], dim=1)
        a, b, aa, bb, ab = F.avg_pool2d(pair, WINDOW, 1).chunk(5, dim=1)
        luminance = (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)
        contrast = (2 * (ab - a * b) + 9e-4) / (aa - a * a + bb - b * b + 9e-4)
        total = total + (1 - luminance * contrast).mean() / 3
    return total


# Of linear sRGB, and of the cube roots of what it gives (Ottosson 2020); rows are what comes in.
LMS_FROM_RGB = [
    [0.4122214708, 0.2119034982, 0.0883024619],
    [0.5363325363, 0.6806995451, 0.2817188376],
    [0.0514459929, 0.1073969566, 0.6299787005],
]
OKLAB_FROM_LMS = [
    [0.2104542553, 1.9779984951, 0.0259040371],
    [0.7936177850, -2.4285922050, 0.7827717662],
    [-0.0040720468, 0.4505937099, -0.8086757660],
]


def oklab(rgb: Tensor) -> Tensor:
    """sRGB [..., 3] in [0, 1] -> OKLab; clamped just above black, where the cube root has no
    slope."""
    rgb = rgb.clamp(0.004, 1)
    linear = torch.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lms = linear @ torch.tensor(LMS_FROM_RGB, device=rgb.device)
    return lms.pow(1 / 3) @ torch.tensor(OKLAB_FROM_LMS, device=rgb.device)


def palette_gap(ours: Tensor, theirs: Tensor, generator: torch.Generator) -> Tensor:
    """Sliced Wasserstein distance of the colours of two pictures in OKLab (Bonneel et al. 2015).

    Where a network is unsure it answers with the mean of what might be, which is grey; the mean of
    a picture's colours can't be told from that, but their distribution can. [N, 3, H, W] in [0, 1].
    """
    pixels = ours.shape[2] * ours.shape[3]
    at = torch.randint(pixels, (SAMPLES,), generator=generator).to(ours.device)
    slices = torch.randn(3, SLICES, generator=generator).to(ours.device)
    slices = slices / slices.norm(dim=0)
    with torch.autocast(ours.device.type, enabled=False):  # half precision can't tell colours apart
        a, b = (oklab(x.flatten(2)[:, :, at].transpose(1, 2).float()) for x in (ours, theirs))
        a, b = ((x @ slices).sort(dim=1).values for x in (a, b))
    return (a - b).abs().mean()


NEAR = 0.08  # distance in OKLab within which a colour is right: about 10 of CIEDE2000
NEAR_PX = 4


def off_colour(ours: Tensor, theirs: Tensor) -> Tensor:
    """Welsch's loss (Barron 2019) of colours in OKLab, means of 4x4 pixels: about the share of the
    picture that is clearly another colour.

    What is in doubt is best answered by the likeliest colour here; by a mean or a median, which may
    be nobody's colour, where distances count in full. [N, 3, H, W] in [0, 1].
    """
    with torch.autocast(ours.device.type, enabled=False):
        a, b = (oklab(F.avg_pool2d(x.float(), NEAR_PX).permute(0, 2, 3, 1)) for x in (ours, theirs))
        return (1 - ((a - b).pow(2).sum(3) / (-2 * NEAR**2)).exp()).mean()


FINE_PX = 3.0  # deviation of the mean whose rest is fine structure
LINES_KEPT = 0.83  # a correlation that needs no improving: textures are fine structure too


def lost_lines(colour: Tensor, sketch: Tensor) -> Tensor:
    """By how much the fine structure of a picture's brightness is less like the drawing's than
    LINES_KEPT, a correlation (`line_fidelity` in measures.py). [N, 3 and 1, H, W] in [0, 1]."""
    with torch.autocast(colour.device.type, enabled=False):
        a, b = (
            (grey - blur(grey, FINE_PX)).flatten(1)
            for grey in (grey_of(colour.float()), sketch.float())
        )
        alike = (a * b).sum(1) / (a.norm(dim=1) * b.norm(dim=1) + 1e-6)
        return (LINES_KEPT - alike).clamp(min=0).mean()
