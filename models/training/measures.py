"""How a colouring is measured. Pictures are float32 RGB [H, W, 3], sRGB in [0, 1], unless said.

electron/quality measures the same, to the third decimal: tests/fixtures/measures.json holds both
to it. What hangs on a palette or on medians looks at the bytes a picture would be saved as.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from .palettes import palette_of

Picture = NDArray[np.float32]
Labels = NDArray[np.int32]
Real = NDArray[np.float64]


def psnr(a: Picture, b: Picture) -> float:
    return float(-10 * np.log10(max(float(np.mean((a - b) ** 2)), 1e-10)))


def ms_ssim(a: Picture, b: Picture) -> float:
    """Multi-scale SSIM (Wang et al. 2003), five scales, 11x11 window, mean over RGB.

    Both sides must be at least 176 px.
    """
    product = 1.0
    x, y = a.astype(np.float64), b.astype(np.float64)
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        luminance, contrast = _ssim(x, y)
        here = luminance * contrast if scale == 4 else contrast
        product *= max(float(here), 1e-6) ** weight
        x = np.asarray(cv2.resize(x, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
        y = np.asarray(cv2.resize(y, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return product


def _ssim(x: Real, y: Real) -> tuple[float, float]:
    def mean(z: Real) -> Real:
        return np.asarray(cv2.GaussianBlur(z, (11, 11), 1.5)[5:-5, 5:-5], np.float64)

    mx, my = mean(x), mean(y)
    vx, vy, vxy = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = 0.01**2, 0.03**2
    luminance = (2 * mx * my + c1) / (mx * mx + my * my + c1)
    contrast = (2 * vxy + c2) / (vx + vy + c2)
    return float(luminance.mean()), float(contrast.mean())


def regions(sketch: NDArray[np.float32], radii: tuple[int, ...] = (5, 3, 2, 1)) -> Labels:
    """Regions of a drawing [H, W] (1 paper), trapped-ball style: labels from 1, lines included.

    The largest ball that fits marks the open areas first, so gaps narrower than it stay closed;
    smaller balls fill what is left, and every other pixel joins the nearest label.
    """
    free = (sketch > 0.75 * float(np.quantile(sketch, 0.9))).astype(np.uint8)
    labels = np.zeros(sketch.shape, np.int32)
    for radius in radii:
        size = 2 * radius + 1
        ball = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        count, found, stats, _ = cv2.connectedComponentsWithStats(
            cv2.erode(free, ball), connectivity=4
        )
        keep = stats[:, cv2.CC_STAT_AREA] >= 4
        keep[0] = False
        if count == 1 or not keep.any():
            continue
        seeds = np.where(keep[found], found + labels.max(), 0).astype(np.int32)
        near, distance = joined(seeds)
        reached = (distance <= radius) & (free > 0)
        labels[reached] = near[reached]
        free[reached] = 0
    if not labels.any():
        return np.ones(labels.shape, np.int32)
    return packed(joined(labels)[0])


def joined(seeds: Labels) -> tuple[Labels, NDArray[np.float32]]:
    """Every pixel's nearest label and its distance; 0 means unlabelled."""
    distance, nearest = cv2.distanceTransformWithLabels(
        (seeds == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_pixel = np.zeros(int(nearest.max()) + 1, np.int32)
    of_pixel[nearest[seeds > 0]] = seeds[seeds > 0]
    return of_pixel[nearest], np.asarray(distance, np.float32)


def packed(labels: Labels) -> Labels:
    """The same regions, numbered 1 to R without holes."""
    _, dense = np.unique(labels, return_inverse=True)
    return np.asarray(dense.reshape(labels.shape) + 1, np.int32)


def colour_regions(picture: Picture, colours: int = 12, least: int = 40) -> Labels:
    """Connected areas of one palette colour, as a flatter would lay them.

    Every pixel has the nearest of the picture's main colours (OKLab), each place the commonest
    colour of its 5x5 surroundings (of equally common ones the first); areas under `least` pixels
    are grown over by those around them.
    """
    pixels = as_bytes(picture)
    found, _ = palette_of(pixels, colours)
    distinct, index = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    far = ((oklab(distinct / 255)[:, None] - oklab(found / 255)[None]) ** 2).sum(axis=2)
    nearest = far.argmin(axis=1)[index.ravel()].reshape(pixels.shape[:2])
    votes = [
        cv2.boxFilter(
            (nearest == k).astype(np.float32),
            -1,
            (5, 5),
            normalize=False,
            borderType=cv2.BORDER_CONSTANT,
        )
        for k in range(len(found))
    ]
    flat = np.round(np.stack(votes)).argmax(axis=0)
    labels = np.zeros(flat.shape, np.int32)
    for colour in np.unique(flat):
        _, here, stats, _ = cv2.connectedComponentsWithStats((flat == colour).astype(np.uint8))
        keep = stats[:, cv2.CC_STAT_AREA] >= least
        keep[0] = False
        labels = np.where(keep[here], here + labels.max(), labels)
    if not labels.any():
        return np.ones(labels.shape, np.int32)
    return packed(grown(labels.astype(np.int32)))


def grown(labels: Labels) -> Labels:
    """Regions grown ring by ring over pixels that have none (0): each takes the label of the first
    of its eight neighbours that had one a ring ago, in reading order."""
    labels = labels.copy()
    while (labels == 0).any():
        padded = np.pad(labels, 1)
        height, width = labels.shape
        fresh = np.zeros_like(labels)
        for dy in range(3):
            for dx in range(3):
                near = padded[dy : dy + height, dx : dx + width]
                fresh = np.where(fresh == 0, near, fresh)
        labels = np.where(labels == 0, fresh, labels)
    return labels


def as_bytes(picture: Picture) -> NDArray[np.uint8]:
    """The picture as it would be saved."""
    return np.asarray(np.floor(np.clip(picture, 0, 1) * 255 + 0.5), np.uint8)


def region_medians(picture: Picture, labels: Labels) -> tuple[Real, Real]:
    """Median colour of each region, RGB [R, 3], and its area as a share of the picture [R]."""
    order = np.argsort(labels, axis=None, kind="stable")
    flat = picture.reshape(-1, 3)[order]
    counts = np.bincount(labels.ravel())[1:]
    parts = np.split(flat, np.cumsum(counts)[:-1])
    medians = np.array([np.median(part, axis=0) for part in parts])
    return medians, counts / labels.size


def region_accuracy(ours: Picture, target: Picture, labels: Labels, limit: float = 10.0) -> float:
    """Share of area whose region colour is within `limit` (CIEDE2000) of the target's.

    `labels` are the target's colour regions, so that a drawing with open lines is not judged as
    one large region.
    """
    a, area = region_medians(ours, labels)
    b, _ = region_medians(target, labels)
    return float(area[ciede2000(cielab(a), cielab(b)) <= limit].sum())


# sRGB's primaries to XYZ, and D65 (IEC 61966-2-1). OpenCV's own conversion uses a coarse table.
TO_XYZ = np.array(
    [
        [0.4123907992659595, 0.357584339383878, 0.1804807884018343],
        [0.2126390058715104, 0.715168678767756, 0.0721923153607337],
        [0.0193308187155918, 0.119194779794626, 0.9505321522496606],
    ]
)
D65 = np.array([0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329])


def cielab(rgb: Real) -> Real:
    """sRGB [..., 3] in [0, 1] -> CIELAB, D65."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    ratio = linear @ TO_XYZ.T / D65
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def ciede2000(a: Real, b: Real) -> Real:
    """CIEDE2000 of CIELAB colours [R, 3] (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = a.T, b.T
    c = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(c**7 / (c**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = (h2 - h1 + 180) % 360 - 180
    coloured = c1 * c2 > 0
    dh = np.where(coloured, dh, 0)
    d_hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh) / 2)
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = np.where(coloured, (h1 + dh / 2) % 360, h1 + h2)
    t = (
        1
        - 0.17 * np.cos(np.radians(hm - 30))
        + 0.24 * np.cos(np.radians(2 * hm))
        + 0.32 * np.cos(np.radians(3 * hm + 6))
        - 0.20 * np.cos(np.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / np.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    turn = 60 * np.exp(-(((hm - 275) / 25) ** 2))
    rt = -np.sin(np.radians(turn)) * 2 * np.sqrt(cm**7 / (cm**7 + 25.0**7))
    x, y, z = (l2 - l1) / sl, (c2 - c1) / sc, d_hue / sh
    return np.asarray(np.sqrt(np.maximum(x * x + y * y + z * z + rt * y * z, 0)))


def oklab(rgb: Real) -> Real:
    """sRGB [..., 3] in [0, 1] -> OKLab (Ottosson 2020)."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    lms = linear @ np.array(
        [
            [0.4122214708, 0.2119034982, 0.0883024619],
            [0.5363325363, 0.6806995451, 0.2817188376],
            [0.0514459929, 0.1073969566, 0.6299787005],
        ]
    )
    return np.asarray(
        np.cbrt(lms)
        @ np.array(
            [
                [0.2104542553, 1.9779984951, 0.0259040371],
                [0.7936177850, -2.4285922050, 0.7827717662],
                [-0.0040720468, 0.4505937099, -0.8086757660],
            ]
        )
    )


def palette(picture: Picture, colours: int = 12) -> tuple[Real, Real]:
    """The picture's main colours in OKLab [K, 3] and their shares [K], at most `colours`."""
    found, shares = palette_of(as_bytes(picture), colours)
    return oklab(found / 255), shares


def palette_distance(a: Picture, b: Picture) -> float:
    """Earth mover's distance in OKLab between 12-colour palettes, solved exactly."""
    (ca, wa), (cb, wb) = palette(a), palette(b)
    k, m = len(wa), len(wb)
    cost = np.linalg.norm(ca[:, None] - cb[None], axis=2)
    rows = np.kron(np.eye(k), np.ones(m))
    columns = np.kron(np.ones(k), np.eye(m))
    solved = linprog(
        cost.ravel(), A_eq=np.vstack([rows, columns])[:-1], b_eq=np.concatenate([wa, wb])[:-1]
    )
    return float(solved.fun)


def line_fidelity(ours: Picture, sketch: NDArray[np.float32]) -> float:
    """Correlation of the fine structure of the result's brightness with the drawing's."""

    def fine(z: NDArray[Any]) -> Real:
        return np.asarray(z - cv2.GaussianBlur(z, (0, 0), 3.0), np.float64).ravel()

    a = fine(np.asarray(cv2.cvtColor(ours, cv2.COLOR_RGB2GRAY)))
    b = fine(sketch)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-12))
