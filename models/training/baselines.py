"""What a model has to beat, none of it learned. sketch [H, W] (1 paper), reference [H, W, 3]."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .measures import Picture, Real, colour_regions, region_medians, regions

Sketch = NDArray[np.float32]


def mean_colour(sketch: Sketch, reference: Picture) -> Picture:
    """The drawing multiplied by the reference's mean colour."""
    return np.asarray(sketch[:, :, None] * reference.mean(axis=(0, 1)), np.float32)


def reinhard(sketch: Sketch, reference: Picture) -> Picture:
    """Colour transfer (Reinhard et al. 2001): mean and deviation of each CIELAB channel."""
    grey = np.repeat(sketch[:, :, None], 3, axis=2)
    ours = cv2.cvtColor(np.ascontiguousarray(grey, np.float32), cv2.COLOR_RGB2LAB)
    theirs = cv2.cvtColor(np.ascontiguousarray(reference, np.float32), cv2.COLOR_RGB2LAB)
    m0, s0 = ours.mean((0, 1)), ours.std((0, 1))
    m1, s1 = theirs.mean((0, 1)), theirs.std((0, 1))
    moved = (ours - m0) * (s1 / np.maximum(s0, 1e-3)) + m1
    moved[:, :, 0] = moved[:, :, 0].clip(0, 100)
    rgb = cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.asarray(rgb.clip(0, 1), np.float32)


def nearest_regions(sketch: Sketch, reference: Picture) -> Picture:
    """Every region of the drawing takes the median colour of the reference where it lies.

    The nearest place is the strongest unlearned cue when the reference is a warped copy, and no
    worse than matching regions by size and place on other pages.
    """
    labels = regions(sketch)
    medians, _ = region_medians(reference, labels)
    return painted(medians, labels, sketch)


def matched_regions(sketch: Sketch, reference: Picture) -> Picture:
    """Every region takes the colour of the reference's most similar region: place, size, shape.

    The reference's regions are those of its palette of twelve colours.
    """
    labels = regions(sketch)
    theirs = colour_regions(reference)
    colours, _ = region_medians(reference, theirs)
    ours_f, theirs_f = described(labels), described(theirs)
    nearest = ((ours_f[:, None] - theirs_f[None]) ** 2).sum(2).argmin(1)
    return painted(colours[nearest], labels, sketch)


def described(labels: NDArray[np.int32]) -> Real:
    """Place, size and spread of each region: [R, 5]."""
    h, w = labels.shape
    y, x = np.mgrid[0:h, 0:w] / max(h, w)
    count = np.bincount(labels.ravel())[1:]

    def mean(z: Real) -> Real:
        return np.bincount(labels.ravel(), z.ravel())[1:] / count

    cx, cy = mean(x), mean(y)
    sx, sy = np.sqrt(mean(x * x) - cx**2 + 1e-9), np.sqrt(mean(y * y) - cy**2 + 1e-9)
    return np.stack([cx, cy, np.sqrt(count / labels.size), sx, sy], axis=1)


def painted(colours: Real, labels: NDArray[np.int32], sketch: Sketch) -> Picture:
    return np.asarray(colours[labels - 1] * sketch[:, :, None], np.float32)


BASELINES = {
    "mean colour": mean_colour,
    "Reinhard": reinhard,
    "nearest colours by region": nearest_regions,
}
