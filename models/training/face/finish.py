"""What is done to a face after synthesis, as electron/face/finish.ts does it in the program.

Three faults of the shipped synthesis are lessened: a stripe of two pixels by the pixel shuffle, a
dark rim left by zero padding, and the borders of the windows, where the colours of two parts
disagree. A part's window takes on the colours around it by mean value coordinates (Farbman et al.
2009, "Coordinates for instant image cloning"), from below to above; what lies outside stays.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .windows import LAYERS, WINDOWS, WORK

Picture = NDArray[np.float32]
Floats = NDArray[np.float64]

STRIPE_REACH = 8
# in work pixels
RIM = 2
BAND = 2  # the border's own line lies so far on both sides
LOOK = 4  # beyond it colours are compared over this length
ALONG, ALONG_LINE = 7.0, 3.0  # smoothing along the border

STRENGTH = 0.8
ALIKE, ALIKE_LINE = 0.12, 0.2  # larger differences are edges of the face
PRIOR = 0.02  # weight of no difference at all
POINTS, GRID = 64, 16


def finished(face: Picture) -> Picture:
    """[O, O, 3] in [0, 1] -> the same, mended."""
    picture = without_rim(without_stripes(face.astype(np.float64)))
    for part in LAYERS:
        picture = settled(picture, part)
    return np.asarray(np.clip(picture, 0, 1), np.float32)


def running_mean(rows: Floats, reach: int) -> Floats:
    """Along axis 1, over what of 2 * reach + 1 lies within."""
    count = rows.shape[1]
    total = np.concatenate([np.zeros_like(rows[:, :1]), rows.cumsum(1)], axis=1)
    at = np.arange(count)
    low, high = np.maximum(0, at - reach), np.minimum(count, at + reach + 1)
    return (total[:, high] - total[:, low]) / (high - low)[None, :, None]


def without_stripes(picture: Floats) -> Floats:
    """Columns lighter and darker in turn; all that is slower stays."""
    sign = (1.0 - 2 * (np.arange(picture.shape[1]) % 2))[None, :, None]
    beside = np.pad(picture, ((0, 0), (1, 1), (0, 0)), mode="edge")
    fast = (2 * picture - beside[:, :-2] - beside[:, 2:]) / 4
    stripe = running_mean(running_mean(fast * sign, STRIPE_REACH), STRIPE_REACH)
    return picture - stripe * sign


def without_rim(picture: Floats) -> Floats:
    n = RIM * picture.shape[0] // WORK
    at = np.clip(np.arange(picture.shape[0]), n, picture.shape[0] - 1 - n)
    return picture[at][:, at]


@lru_cache(maxsize=8)
def border_of(part: str, size: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, Floats]:
    """Rows and columns [T, 2R] of the pixels across a window's border, clockwise from its left top,
    the innermost first; which of the T places show [T]; and their middles [T, 2] (x, y)."""
    scale = size // WORK
    reach = (BAND + LOOK) * scale
    w = WINDOWS[part]
    left, top, side = w.x * scale, w.y * scale, w.size * scale
    above = LAYERS[LAYERS.index(part) + 1 :]
    rows, columns, shows, middles = [], [], [], []
    out = np.arange(-reach, reach)
    for edge in range(4):
        for i in range(side):
            if edge == 0:
                x, y, across = left + i, top, (0, -1)
            elif edge == 1:
                x, y, across = left + side, top + i, (1, 0)
            elif edge == 2:
                x, y, across = left + side - 1 - i, top + side, (0, 1)
            else:
                x, y, across = left, top + side - 1 - i, (-1, 0)
            dx, dy = across
            columns.append(x + (out if dx > 0 else -out - 1 if dx < 0 else 0 * out))
            rows.append(y + (out if dy > 0 else -out - 1 if dy < 0 else 0 * out))
            middles.append((x + (0.5 if dx == 0 else 0), y + (0.5 if dy == 0 else 0)))
            near = BAND * scale
            covered = any(
                (u.x * scale - near <= x < (u.x + u.size) * scale + near)
                and (u.y * scale - near <= y < (u.y + u.size) * scale + near)
                for u in (WINDOWS[name] for name in above)
            )
            shows.append(0.0 if covered else 1.0)
    clip = (0, size - 1)
    return (
        np.clip(np.array(rows), *clip),
        np.clip(np.array(columns), *clip),
        np.array(shows),
        np.array(middles, np.float64),
    )


def smoothed(values: Floats, weights: Floats, sigma: float) -> Floats:
    """[T, ...] round the border, by the weights [T] of the places."""
    reach = int(3 * sigma + 0.5)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / 2 / sigma**2)
    kernel /= kernel.sum()
    flat = (values * weights.reshape(-1, *[1] * (values.ndim - 1))).reshape(len(values), -1)
    at = (np.arange(len(values))[:, None] + np.arange(-reach, reach + 1)[None]) % len(values)
    total = (flat[at] * kernel[None, :, None]).sum(1)
    weight = (weights[at] * kernel[None]).sum(1)
    return (total / (weight + PRIOR)[:, None]).reshape(values.shape)


@lru_cache(maxsize=8)
def membrane(part: str, size: int) -> Floats:
    """[GRID^2, POINTS]: mean value coordinates of a grid of the window in points of its border."""
    middles = border_of(part, size)[3]
    scale = size // WORK
    w = WINDOWS[part]
    groups = np.arange(POINTS + 1) * len(middles) // POINTS
    points = np.array([middles[a:b].mean(0) for a, b in pairwise(groups)])
    line = (np.arange(GRID) + 0.5) * w.size * scale / GRID
    y, x = np.meshgrid(w.y * scale + line, w.x * scale + line, indexing="ij")
    gap = points[None] - np.stack([x.ravel(), y.ravel()], 1)[:, None]
    far = np.hypot(gap[..., 0], gap[..., 1])
    cosine = (gap * np.roll(gap, -1, 1)).sum(2) / (far * np.roll(far, -1, 1))
    half = np.sqrt((1 - cosine) / (1 + cosine))  # tangent of half the angle between two points
    weight = (np.roll(half, 1, 1) + half) / far
    return np.asarray(weight / weight.sum(1, keepdims=True), np.float64)


def enlarged(grid: Floats, side: int) -> Floats:
    """[GRID, GRID, 3] -> [side, side, 3], bilinear between middles."""
    place = np.clip((np.arange(side) + 0.5) * GRID / side - 0.5, 0, GRID - 1)
    low = np.floor(place).astype(int)
    high, part = np.minimum(GRID - 1, low + 1), (place - low)[:, None, None]
    tall = grid[low] * (1 - part) + grid[high] * part
    wide = part.reshape(1, -1, 1)
    return tall[:, low] * (1 - wide) + tall[:, high] * wide


def settled(picture: Floats, part: str) -> Floats:
    """A part's window in the colours around it, and the line of its border taken away."""
    size = picture.shape[0]
    scale = size // WORK
    w = WINDOWS[part]
    rows, columns, shows, _ = border_of(part, size)
    look, band = LOOK * scale, BAND * scale
    across = picture[rows, columns]
    step = across[:, :look].mean(1) - across[:, -look:].mean(1)
    weight = shows / (1 + (np.abs(step).max(1) / ALIKE) ** 4)
    step = smoothed(step, weight, ALONG * scale)
    groups = np.arange(POINTS + 1) * len(step) // POINTS
    means = np.array([step[a:b].mean(0) for a, b in pairwise(groups)])
    change = enlarged((membrane(part, size) @ means).reshape(GRID, GRID, 3), w.size * scale)
    uncovered = np.ones((size, size, 1))
    for name in LAYERS[LAYERS.index(part) + 1 :]:
        u = WINDOWS[name]
        uncovered[u.y * scale : (u.y + u.size) * scale, u.x * scale : (u.x + u.size) * scale] = 0
    here = (
        slice(w.y * scale, (w.y + w.size) * scale),
        slice(w.x * scale, (w.x + w.size) * scale),
    )
    picture = picture.copy()
    picture[here] -= STRENGTH * change * uncovered[here]

    across = picture[rows, columns]
    way = ((np.arange(2 * band) + 1) / (2 * band + 1))[None, :, None]
    straight = across[:, look - 1][:, None] * (1 - way) + across[:, -look][:, None] * way
    line = across[:, look : look + 2 * band] - straight
    weight = shows / (1 + (np.abs(line).max((1, 2)) / ALIKE_LINE) ** 4)
    line = smoothed(line, weight, ALONG_LINE * scale) * shows[:, None, None]
    places = (rows[:, look : look + 2 * band], columns[:, look : look + 2 * band])
    total, count = np.zeros_like(picture), np.zeros((size, size, 1))
    np.add.at(total, places, line)
    np.add.at(count, places, np.broadcast_to(shows[:, None, None], (*line.shape[:2], 1)))
    return picture - total / np.maximum(count, 1)
