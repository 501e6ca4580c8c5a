"""Sketches as beginners draw them: every stroke by itself, thick, crooked, misplaced or forgotten.

Harder than sketches.BAD, which bends a true drawing as a whole; for evaluation only. Landmarks in
pixels of the 512 canvas, in iBUG's order.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .polylines import SHIFT, Points, curve
from .windows import CANVAS, WORK

# Strokes of a face: landmarks, whether they close, how often one is forgotten, and how far they
# stray as a whole, px of the canvas.
STROKES: tuple[tuple[slice, bool, float, float], ...] = (
    (slice(0, 17, 2), False, 0.1, 14),
    (slice(17, 22, 2), False, 0.25, 14),
    (slice(22, 27, 2), False, 0.25, 14),
    (slice(27, 31), False, 0.5, 10),
    (slice(31, 36, 2), False, 0.25, 14),
    (slice(36, 42), True, 0.12, 14),
    (slice(42, 48), True, 0.12, 14),
    (slice(48, 60, 2), True, 0.4, 12),
)


def drawn(landmarks: Points, rng: np.random.Generator) -> NDArray[np.float32]:
    """One sketch [256, 256] in [0, 1], 1 = paper."""
    sheet = np.full((CANVAS, CANVAS), 255, np.uint8)
    pen = float(rng.uniform(5, 13))

    def stroke(points: Points, closed: bool) -> None:
        line = np.round(curve(points, closed) * (1 << SHIFT)).astype(np.int32)
        if not closed and rng.random() < 0.3:  # stopped before the end
            line = line[: max(2, int(len(line) * rng.uniform(0.4, 0.9)))]
        width = max(2, int(pen * rng.uniform(0.6, 1.4)))
        cv2.polylines(sheet, [line[:, None]], closed, 0, width, cv2.LINE_AA, SHIFT)

    for which, closed, forgotten, stray in STROKES:
        if rng.random() < forgotten:
            continue
        points = landmarks[which].astype(np.float64)
        middle = points.mean(0)
        turn, grown = float(rng.normal(0, 0.14)), float(np.exp(rng.normal(0, 0.22)))
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        points = (points - middle) @ rotation.T * grown + middle + rng.normal(0, stray, 2)
        points = points + rng.normal(0, 0.035 * np.ptp(points, 0).max(), points.shape)
        stroke(points.astype(np.float32), closed)
    # lips in one stroke, pupils as dots, hair as a cap, each now and then
    if rng.random() < 0.8:
        mouth = landmarks[[48, 61, 62, 63, 54]] + rng.normal(0, 8, 2)
        stroke((mouth + rng.normal(0, 5, mouth.shape)).astype(np.float32), False)
    for low in (36, 42):
        if rng.random() < 0.6:
            x, y = landmarks[low : low + 6].mean(0) + rng.normal(0, 9, 2)
            cv2.circle(sheet, (int(x), int(y)), int(rng.uniform(4, 12)), 0, -1, cv2.LINE_AA)
    if rng.random() < 0.7:
        turns = np.linspace(np.pi, 2 * np.pi, 7)
        left, right = landmarks[0], landmarks[16]
        middle, half = (left + right) / 2, np.linalg.norm(right - left) / 2 * rng.uniform(0.9, 1.2)
        cap = middle + np.stack([np.cos(turns) * half, np.sin(turns) * half * 1.5], 1)
        stroke((cap + rng.normal(0, 14, cap.shape)).astype(np.float32), False)
    small = cv2.resize(sheet, (WORK, WORK), interpolation=cv2.INTER_AREA)
    return np.asarray(np.asarray(small, np.float32) / 255, np.float32)


def sketches(landmarks: Points, seed: int) -> NDArray[np.float32]:
    """landmarks [F, 68, 2] -> [F, 256, 256]"""
    return np.stack(
        [drawn(marks, np.random.default_rng([seed, k])) for k, marks in enumerate(landmarks)]
    )
