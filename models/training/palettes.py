"""The palette of a picture: four horizontal bands from the top, the four commonest colours of each.

The same algorithm, number for number, as `bandPalette` in electron/page/palette.ts, which a model
meets at run time; tests/fixtures/palettes.json holds both to it. k-medoids in OKLab over a
histogram of 5 bits a channel, started at the weighted farthest colours, so that the same picture
always gives the same palette and every entry is a colour the picture has.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Real = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]

BANDS = 4
COLOURS = 4
SAMPLES = 160_000  # at most this many pixels of a band are looked at
ROUNDS = 12
WHITE = (255, 255, 255)

_LINEAR = np.array([v / 255 for v in range(256)])
_LINEAR = np.where(_LINEAR <= 0.04045, _LINEAR / 12.92, ((_LINEAR + 0.055) / 1.055) ** 2.4)
_LINEAR = _LINEAR.astype(np.float32).astype(np.float64)


def band_palette(picture: Bytes) -> Bytes:
    """RGB or RGBA [H, W, 3 or 4] -> [4 bands, 4 colours, 3], commonest first.

    Pixels under half opaque do not count. A band with fewer colours repeats its last; one without
    opaque pixels is white.
    """
    height = picture.shape[0]
    bands = []
    for band in range(BANDS):
        top = height * band // BANDS
        bottom = min(height, max(top + 1, height * (band + 1) // BANDS))
        colours = _clustered(*_histogram(picture[top:bottom]), COLOURS)
        while len(colours) < COLOURS:
            colours.append(colours[-1] if colours else WHITE)
        bands.append(colours)
    return np.array(bands, np.uint8)


def band_palettes(pictures: Tensor) -> Tensor:
    """sRGB [N, 3, H, W] in [0, 1] -> palettes [N, 4, 4, 3] in [0, 1], on the same device."""
    small = (pictures.detach().float().clamp(0, 1) * 255 + 0.5).byte().permute(0, 2, 3, 1)
    many = small.cpu().numpy()
    # A GPU would wait for one core to find them.
    found = (
        _workers().map(band_palette, many, chunksize=2)
        if pictures.is_cuda
        else map(band_palette, many)
    )
    palettes = np.stack(list(found))
    return torch.from_numpy(palettes).to(pictures.device).float() / 255


@lru_cache(maxsize=1)
def _workers() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(min(8, os.cpu_count() or 1), get_context("spawn"))


def palette_of(picture: Bytes, count: int) -> tuple[Bytes, Real]:
    """At most `count` colours that stand for the whole picture [K, 3], commonest first, and the
    share of it each stands for [K]; `paletteOf` in electron/page/palette.ts."""
    found, shares = _clusters(*_histogram(picture), count)
    return np.array(found, np.uint8).reshape(-1, 3), shares


def palette_picture(palette: Bytes, height: int, width: int) -> Bytes:
    """What a palette knows, as a picture [H, W, 3]: bands from the top, each band's colours beside
    one another."""
    rows = np.arange(height) * BANDS // height
    columns = np.arange(width) * COLOURS // width
    return palette[rows][:, columns]


def _histogram(picture: Bytes) -> tuple[Whole, Real, Real]:
    """-> colours [B, 3], the same in OKLab [B, 3], pixels of each [B]; in the order of bins."""
    step = max(1, int(np.sqrt(picture.shape[0] * picture.shape[1] / SAMPLES)))
    pixels = picture[::step, ::step].reshape(-1, picture.shape[2])
    if picture.shape[2] == 4:
        pixels = pixels[pixels[:, 3] >= 128]
    wide = pixels[:, :3].astype(np.int64)
    index = (wide[:, 0] >> 3 << 10) | (wide[:, 1] >> 3 << 5) | (wide[:, 2] >> 3)
    counts = np.bincount(index, minlength=32768)
    used = np.flatnonzero(counts)
    weight = counts[used].astype(np.float64)
    sums = [np.bincount(index, wide[:, c], 32768)[used] for c in range(3)]
    rgb = np.floor(np.stack(sums, axis=1) / weight[:, None] + 0.5).astype(np.int64)
    return rgb, _oklab(rgb), weight


def _oklab(rgb: Whole) -> Real:
    """Bytes -> OKLab to single precision: cube roots differ in their last bit between libraries."""
    r, g, b = _LINEAR[rgb].T
    long = np.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = np.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = np.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lab = np.stack(
        [
            0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
            1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short,
            0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short,
        ],
        axis=1,
    )
    return lab.astype(np.float32).astype(np.float64)


def _distances(points: Real, centres: Real) -> Real:
    """Squared, [B, K], added up in the order in which palette.ts adds."""
    d = points[:, None] - centres[None]
    return np.asarray(d[:, :, 0] ** 2 + d[:, :, 1] ** 2 + d[:, :, 2] ** 2)


def _clustered(rgb: Whole, lab: Real, weight: Real, count: int) -> list[tuple[Any, ...]]:
    """At most `count` of the colours, by the share they stand for."""
    return _clusters(rgb, lab, weight, count)[0]


def _clusters(
    rgb: Whole, lab: Real, weight: Real, count: int
) -> tuple[list[tuple[Any, ...]], Real]:
    """The same and the shares."""
    if not len(rgb):
        return [], np.zeros(0)
    centres = _starting(lab, weight, min(count, len(rgb)))
    owner = _distances(lab, lab[centres]).argmin(axis=1)
    for _ in range(ROUNDS):
        moved = [
            _medoid(lab, weight, np.flatnonzero(owner == k), centres[k])
            for k in range(len(centres))
        ]
        if moved == centres:
            break
        centres = moved
        owner = _distances(lab, lab[centres]).argmin(axis=1)
    shares = np.bincount(owner, weight, len(centres)) / weight.sum()
    order = np.argsort(-shares, kind="stable")
    return [tuple(rgb[centres[k]].tolist()) for k in order], shares[order]


def _starting(lab: Real, weight: Real, count: int) -> list[int]:
    """The commonest, then again and again the farthest from all chosen, by how common it is."""
    apart = np.ones(len(lab))
    common = np.sqrt(weight)
    centres: list[int] = []
    while len(centres) < count:
        best = int((apart * common).argmax())
        if apart[best] == 0:
            break
        distance = _distances(lab, lab[best : best + 1])[:, 0]
        apart = np.minimum(apart, distance) if centres else distance
        centres.append(best)
    return centres


def _medoid(lab: Real, weight: Real, members: Whole, otherwise: int) -> int:
    """The colour nearest to the weighted mean of a cluster."""
    if not len(members):
        return otherwise
    # cumsum adds one after the other, as palette.ts does; sum() adds in pairs
    total = weight[members].sum()
    mean = (weight[members, None] * lab[members]).cumsum(axis=0)[-1] / total
    return int(members[_distances(lab[members], mean[None])[:, 0].argmin()])
