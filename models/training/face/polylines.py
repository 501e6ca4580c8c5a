"""What a hand would draw from a face's 68 landmarks: contours, and nothing of the skin.

Runs on the CPU, once before training; landmarks in pixels of the 512 canvas, in iBUG's order
(0-16 jaw, 17-26 brows, 27-35 nose, 36-47 eyes, 48-59 outer and 60-67 inner lips).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numpy.typing import NDArray

from .windows import CANVAS, WORK

Points = NDArray[np.float32]
SHIFT = 4  # fractional bits of cv2's coordinates
RATE = 6  # points between two landmarks


def curve(points: Points, closed: bool) -> Points:
    """Catmull-Rom spline through the points."""
    if closed:
        padded = np.concatenate([points[-1:], points, points[:2]])
    else:
        padded = np.concatenate([points[:1], points, points[-1:]])
    a, b, c, d = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    t = np.linspace(0, 1, RATE, endpoint=False, dtype=np.float32)[None, :, None]
    steps = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    whole = steps.reshape(-1, 2)
    return whole if closed else np.concatenate([whole, points[-1:]])


def drawn(landmarks: Points, rng: np.random.Generator) -> NDArray[np.uint8]:
    """One drawing [256, 256], 255 = ink, in a manner of its own."""
    sheet = np.zeros((CANVAS, CANVAS), np.uint8)
    unsure = float(rng.choice([0.0, 0.7, 1.6]))
    marks = landmarks + np.asarray(rng.normal(0, unsure, landmarks.shape), np.float32)
    thick = int(rng.integers(2, 6))

    def stroke(points: Points, closed: bool = False, width: int = thick) -> None:
        line = np.round(curve(points, closed) * (1 << SHIFT)).astype(np.int32)
        cv2.polylines(sheet, [line[:, None]], closed, 255, max(1, width), cv2.LINE_AA, SHIFT)

    def ring(at: Points, radius: float, width: int) -> None:
        centre = tuple(int(v) for v in np.round(at * (1 << SHIFT)))
        cv2.circle(sheet, centre, int(radius * (1 << SHIFT)), 255, width, cv2.LINE_AA, SHIFT)

    whole_jaw = rng.random() < 0.8
    stroke(marks[0:17] if whole_jaw else marks[3:14])
    brow_kind = rng.random()
    for low, high in ((17, 22), (22, 27)):
        brow = marks[low:high]
        if brow_kind < 0.4:
            stroke(brow, width=thick + int(rng.integers(0, 6)))
        else:  # two outlines
            lift = np.array([0, float(rng.uniform(6, 11))], np.float32)
            under = brow + lift * np.array([0.4, 1, 1, 1, 0.4], np.float32)[:, None]
            stroke(brow)
            stroke(under)
    nose_kind = rng.random()
    if nose_kind < 0.55:
        side = float(rng.choice([-1, 1])) * float(rng.uniform(6, 14))
        bridge = marks[27:31] + np.array([[side, 0]], np.float32)
        stroke(bridge[1:] if rng.random() < 0.4 else bridge)
    stroke(marks[31:36])
    if nose_kind > 0.3:  # wings
        for k, out in ((31, -1), (35, 1)):
            wing = marks[k] + np.array([[out * 4, -20], [out * 9, -8], [out * 3, 3]], np.float32)
            stroke(wing)
    iris_kind = rng.random()
    for low in (36, 42):
        eye = marks[low : low + 6]
        stroke(eye, closed=True)
        middle = eye.mean(0)
        height = float(np.linalg.norm(eye[1] - eye[5]) + np.linalg.norm(eye[2] - eye[4])) / 2
        radius = max(5.0, height * float(rng.uniform(0.42, 0.6)))
        if iris_kind < 0.75:
            ring(middle, radius, max(1, thick - 1))
        if iris_kind > 0.3:
            ring(middle, radius * 0.4, -1)
        if rng.random() < 0.5:  # crease of the lid
            stroke(eye[:4] - np.array([0, float(rng.uniform(7, 12))], np.float32))
    if rng.random() < 0.85:
        stroke(marks[48:60], closed=True)
    stroke(np.concatenate([marks[48:49], marks[60:65], marks[54:55]]))
    if float(np.abs(marks[61:64] - marks[65:68][::-1]).mean()) > 3:  # an open mouth
        stroke(marks[60:68], closed=True)
    return np.asarray(cv2.resize(sheet, (WORK, WORK), interpolation=cv2.INTER_AREA), np.uint8)


def drawings(landmarks: Points, variants: int, seed: int) -> NDArray[np.uint8]:
    """landmarks [F, 68, 2] -> [F, variants, 256, 256], 255 = ink; uses every core."""
    sheets = np.zeros((len(landmarks), variants, WORK, WORK), np.uint8)

    def one(k: int) -> None:
        rng = np.random.default_rng([seed, k])
        for v in range(variants):
            sheets[k, v] = drawn(landmarks[k], rng)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, range(len(landmarks))))
    return sheets
