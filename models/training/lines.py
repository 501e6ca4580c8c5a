"""Line drawings from coloured pictures: the training sketches, in several families.

Real drawings differ in everything but this: dark marks on light paper. So every picture is drawn
several times with random parameters, in one family each, then handled as hands and scanners do.
All functions take and return single pictures: RGB uint8 [H, W, 3] in, "ink" float32 [H, W] in
[0, 1] (0 paper, 1 full ink) between, and line art uint8 [H, W] (255 paper, 0 ink) out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Ink = NDArray[np.float32]
Grey = NDArray[np.uint8]
Random = np.random.Generator


def smoothstep(x: NDArray[Any], low: float, high: float) -> Ink:
    t = np.clip((x - low) / max(high - low, 1e-6), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def blur(x: NDArray[Any], sigma: float) -> Ink:
    return np.asarray(cv2.GaussianBlur(x, (0, 0), sigma), np.float32)


def noise(shape: tuple[int, int], grain: float, rng: Random) -> Ink:
    """Smooth noise with zero mean and unit variance; `grain` is its size in pixels."""
    h, w = shape
    small = rng.standard_normal((max(2, int(h / grain) + 1), max(2, int(w / grain) + 1)))
    big = cv2.resize(small.astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
    return np.asarray(big / (float(big.std()) + 1e-6), np.float32)


def ink_of_picture(rgb: Rgb, rng: Random) -> Ink:
    """The picture's own dark lines: thin, darker than their surroundings, and dark in themselves.

    Thin and dark by local contrast (black top-hat), hardened so that what remains says where a
    line is and not how dark the paint around it was.
    """
    value = rgb.max(axis=2)
    size = int(rng.integers(7, 14)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    hat = cv2.morphologyEx(value, cv2.MORPH_BLACKHAT, kernel).astype(np.float32) / 255
    low = float(rng.uniform(0.1, 0.22))
    ink = smoothstep(hat, low, low + float(rng.uniform(0.06, 0.16)))
    if rng.random() < 0.5:  # solid blacks, as an inker fills them
        dark = float(rng.uniform(0.12, 0.24))
        ink = np.maximum(ink, 1 - smoothstep(value.astype(np.float32) / 255, dark, dark + 0.06))
    return ink


def xdog(rgb: Rgb, rng: Random) -> Ink:
    """Extended difference of Gaussians (Winnemoeller et al. 2012), hardened."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    sigma = float(rng.uniform(0.6, 1.6))
    sharp = float(rng.uniform(8, 22))
    difference = blur(grey, sigma) - float(rng.uniform(0.97, 0.995)) * blur(grey, sigma * 1.6)
    return smoothstep(-difference * sharp, 0.03, 0.4)


def borders(rgb: Rgb, rng: Random) -> Ink:
    """Outlines between regions of different colour, whatever their brightness."""
    flat = cv2.medianBlur(rgb, int(rng.choice([5, 7, 9])))
    lab = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)
    lab = cv2.GaussianBlur(lab, (0, 0), float(rng.uniform(0.8, 1.6)))
    # Canny over whichever channel changes most: hysteresis keeps the outlines whole.
    dx = np.stack([cv2.Sobel(lab[:, :, k], cv2.CV_16S, 1, 0) for k in range(3)])
    dy = np.stack([cv2.Sobel(lab[:, :, k], cv2.CV_16S, 0, 1) for k in range(3)])
    strongest = (np.abs(dx) + np.abs(dy)).argmax(axis=0)[None]
    high = float(rng.uniform(35, 110))
    edge = cv2.Canny(
        np.take_along_axis(dx, strongest, 0)[0],
        np.take_along_axis(dy, strongest, 0)[0],
        high * float(rng.uniform(0.25, 0.5)),
        high,
        L2gradient=True,
    )
    if rng.random() < 0.5:
        edge = cv2.dilate(edge, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    ink = blur(edge.astype(np.float32) / 255, float(rng.uniform(0.6, 1.0)))
    return np.asarray(np.clip(ink * 2.0, 0, 1), np.float32)


def canny(rgb: Rgb, rng: Random) -> Ink:
    """Thin technical lines."""
    soft = cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.8, 2.2)))
    high = float(rng.uniform(60, 160))
    edge = cv2.Canny(soft, high * float(rng.uniform(0.3, 0.6)), high, L2gradient=True)
    ink = blur(edge.astype(np.float32) / 255, float(rng.uniform(0.5, 0.9)))
    return np.asarray(np.clip(ink * 2.0, 0, 1), np.float32)


def hatching(rgb: Rgb, rng: Random) -> Ink:
    """Contours of another family, with parallel strokes laid over the darker tones."""
    contour = (ink_of_picture, xdog, borders)[int(rng.integers(3))](rgb, rng)
    h, w = contour.shape
    tone = blur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), 4.0) / 255
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    angle = float(rng.uniform(0, np.pi))
    period = float(rng.uniform(5, 11))
    bend = noise((h, w), 40, rng) * 0.7
    strokes = np.zeros((h, w), np.float32)
    for turn, threshold in ((0.0, rng.uniform(0.25, 0.5)), (1.1, rng.uniform(0.1, 0.25))):
        across = x * np.cos(angle + turn) + y * np.sin(angle + turn) + bend
        wave = np.cos(across * (2 * np.pi / period))
        here = smoothstep(float(threshold) - tone, -0.02, 0.03)
        strokes = np.maximum(strokes, here * smoothstep(wave, 0.55, 0.9))
    gaps = noise((h, w), 14, rng) > -0.9
    return np.asarray(np.maximum(contour, strokes * gaps * 0.9), np.float32)


FAMILIES: dict[str, Callable[[Rgb, Random], Ink]] = {
    "ink": ink_of_picture,
    "xdog": xdog,
    "borders": borders,
    "canny": canny,
    "hatching": hatching,
}
SHARES = (0.34, 0.22, 0.2, 0.12, 0.12)


def without_specks(ink: Ink, area: int) -> Ink:
    """Dust out: marks smaller than `area` pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0.25).astype(np.uint8))
    keep = stats[:, cv2.CC_STAT_AREA] >= area
    keep[0] = True
    near = cv2.dilate(keep[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(ink * near, np.float32) if count > 1 else ink


def handled(ink: Ink, rng: Random) -> Ink:
    """What hands do: wobble, thick and thin, broken and forgotten strokes."""
    h, w = ink.shape
    ink = without_specks(ink, int(rng.integers(6, 30)))
    if rng.random() < 0.5:
        grain = float(rng.uniform(12, 60))
        reach = float(rng.uniform(0.3, 1.4))
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        there = x + noise((h, w), grain, rng) * reach, y + noise((h, w), grain, rng) * reach
        moved = cv2.remap(ink, *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        ink = np.asarray(moved, np.float32)
    weight = rng.random()
    if weight < 0.3:
        thick = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
        where = smoothstep(noise((h, w), 50, rng), -0.5, 0.5) if rng.random() < 0.5 else 1.0
        ink = np.asarray(ink + (thick - ink) * where, np.float32)
    elif weight < 0.5:
        ink = np.asarray(np.clip(blur(ink, 0.7) * 1.5 - 0.25, 0, 1), np.float32)
    if rng.random() < 0.3:  # strokes that break off
        ink = ink * smoothstep(noise((h, w), float(rng.uniform(6, 24)), rng), -2.6, -1.7)
    if rng.random() < 0.25:  # whole strokes forgotten
        count, labels = cv2.connectedComponents((ink > 0.2).astype(np.uint8))
        drop = rng.random(count) < rng.uniform(0.05, 0.3)
        sizes = np.bincount(labels.ravel(), minlength=count)
        drop &= sizes < 0.02 * h * w
        drop[0] = False
        lost = cv2.dilate(drop[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
        ink = ink * (1 - lost)
    return np.asarray(ink, np.float32)


def forgotten(ink: Ink, rgb: Rgb) -> float:
    """Share of the clear borders between colours with no ink beside them (4 px at 512 px)."""
    lab = cv2.cvtColor(cv2.medianBlur(rgb, 7), cv2.COLOR_RGB2LAB)
    edges = np.zeros(ink.shape, bool)
    for channel in cv2.split(lab):
        edges |= cv2.Canny(channel, 40, 90, L2gradient=True) > 0
    reach = 2 * max(1, round(4 * min(ink.shape) / 512)) + 1
    near = cv2.dilate((ink > 0.25).astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0
    count = int(edges.sum())
    return float((edges & ~near).sum() / count) if count > 0.002 * ink.size else 0.0


MOST_FORGOTTEN = 0.35


def screentone(ink: Ink, rgb: Rgb, rng: Random) -> Ink:
    """Dots under the lines, in regions a random threshold on a random channel picks out."""
    h, w = ink.shape
    channel = blur(rgb[:, :, int(rng.integers(3))], 3.0) / 255
    centre = float(rng.uniform(0.2, 0.8))
    inside = np.abs(channel - centre) < rng.uniform(0.05, 0.12)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    period = float(rng.uniform(4, 7))
    u, v = (x + y) * (np.pi / period), (x - y) * (np.pi / period)
    dots = smoothstep(np.cos(u) + np.cos(v), float(rng.uniform(0.6, 1.2)), 1.6)
    return np.asarray(np.maximum(ink, dots * inside * 0.9), np.float32)


def on_paper(ink: Ink, rng: Random) -> Grey:
    """Ink or pencil on paper, scanned and saved."""
    h, w = ink.shape
    pencil = rng.random() < 0.3
    if pencil:
        tooth = smoothstep(rng.standard_normal((h, w)), -1.6, 0.6)
        ink = blur(ink * (1 - float(rng.uniform(0.3, 0.8)) * (1 - tooth)), 0.6)
        ink = np.asarray(ink * float(rng.uniform(0.45, 0.9)), np.float32)
    darkest = 0.0 if rng.random() < 0.6 else float(rng.uniform(0, 0.25))
    paper = np.ones((h, w), np.float32)
    kind = rng.random()
    if kind < 0.22:  # photographed or scanned sheet: light falls off, paper has a grain
        paper *= float(rng.uniform(0.82, 0.98))
        paper += noise((h, w), 160, rng) * float(rng.uniform(0, 0.03))
        paper += rng.standard_normal((h, w)).astype(np.float32) * float(rng.uniform(0, 0.025))
    grey = paper * (1 - ink) + darkest * ink
    art = np.asarray(np.clip(grey * 255 + 0.5, 0, 255), np.uint8)
    if rng.random() < 0.15:
        quality = int(rng.integers(25, 80))
        _, packed = cv2.imencode(".jpg", art, [cv2.IMWRITE_JPEG_QUALITY, quality])
        art = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return art


def draw(rgb: Rgb, rng: Random, family: str | None = None) -> Grey:
    """One line drawing of `rgb`. Same picture and same generator state, same drawing."""
    names = list(FAMILIES)
    wanted = family or names[int(rng.choice(len(names), p=SHARES))]
    ink = FAMILIES[wanted](rgb, rng)
    # A painting without outlines has no ink of its own, and some edges are too soft for any
    # threshold: an almost empty sheet teaches nothing, so it is drawn again from its borders.
    if float((ink > 0.4).mean()) < 0.012:
        ink = np.maximum(ink, xdog(rgb, rng))
    if float((ink > 0.4).mean()) > 0.4:
        ink = canny(rgb, rng)
    # Paint without outlines leaves half of a drawing out of its own ink: a hand would draw them.
    if forgotten(ink, rgb) > MOST_FORGOTTEN:
        ink = np.maximum(ink, (borders, canny, xdog)[int(rng.integers(3))](rgb, rng))
    if forgotten(ink, rgb) > MOST_FORGOTTEN:
        ink = np.maximum(ink, borders(rgb, rng))
    ink = handled(ink, rng)
    if rng.random() < 0.06:
        ink = screentone(ink, rgb, rng)
    return on_paper(ink, rng)
