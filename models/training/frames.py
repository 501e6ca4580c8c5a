"""Frames and gutters around drawings and references, as comic pages and picture books have them.

Outside a frame there is nothing but one colour, which the reference's own frame tells. What lies
inside says nothing of it and a blank edge of a drawing looks like a blank sky, so without such
pairs a network paints both alike.

Shapes: N pictures of H x W pixels. A drawing is 1 on paper and 0 on ink; colours are sRGB in
[0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST_MARGIN, MOST_MARGIN = 0.03, 0.17  # of the picture's side
GUTTER_SHARE = 0.25  # of the frames: those with a gutter through the picture
OPEN_SHARE = 0.2  # of the frames: those of bars above and below, or left and right, alone
INKED_SHARE = 0.6  # of the frames: those with a black line around the picture in colour, too
SAME_COLOUR = 0.75  # of the pairs: those whose frames have one colour
ALONE_SHARE = 0.2  # of the pairs: those where only the drawing or only the reference has a frame


@dataclass
class Frame:
    outside: Tensor  # [1, H, W], 1 in the frame and 0 in the picture
    line: Tensor  # [1, H, W], ink of the line between them


def uniform(low: float, high: float, generator: torch.Generator) -> float:
    return low + (high - low) * float(torch.rand(1, generator=generator))


def frame(height: int, width: int, generator: torch.Generator) -> Frame:
    """A frame with margins of its own, drawn with a hand that is not quite steady."""
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    side = max(height, width)
    margin = uniform(LEAST_MARGIN, MOST_MARGIN, generator) * side
    left, right, above, below = (margin * uniform(0.7, 1.3, generator) for _ in range(4))
    if uniform(0, 1, generator) < OPEN_SHARE:
        if uniform(0, 1, generator) < 0.5:
            left = right = -float(side)
        else:
            above = below = -float(side)
    across = torch.maximum(left - x, x - (width - right))
    down = torch.maximum(above - y, y - (height - below))
    off = torch.maximum(across, down)  # how far outside, in pixels
    if uniform(0, 1, generator) < GUTTER_SHARE:
        along, length = (x, width) if uniform(0, 1, generator) < 0.5 else (y, height)
        half = uniform(0.01, 0.03, generator) * side
        middle = uniform(0.3, 0.7, generator) * length
        off = torch.maximum(off, half - (along - middle).abs())
    reach = 1.2 * uniform(0, 1, generator) ** 2
    for along in (x, y):
        turns = uniform(0.02, 0.12, generator)
        off = off + reach * (along * turns + uniform(0, 6, generator)).sin()
    half_line = uniform(0.5, 1.5, generator)
    line = (half_line + 0.5 - off.abs()).clamp(0, 1) * uniform(0.5, 1, generator)
    return Frame((off + 0.5).clamp(0, 1)[None], line[None])


def paper(picture: Tensor, generator: torch.Generator) -> Tensor:
    """A frame's colour [3, 1, 1]: paper, ink, one of the picture's, or any."""
    kind = uniform(0, 1, generator)
    if kind < 0.25:
        return torch.full((3, 1, 1), uniform(0.92, 1, generator))
    if kind < 0.33:
        return torch.full((3, 1, 1), uniform(0, 0.15, generator))
    if kind < 0.66:
        _, height, width = picture.shape
        row = min(int(uniform(0, height, generator)), height - 1)
        column = min(int(uniform(0, width, generator)), width - 1)
        return picture[:, row, column].reshape(3, 1, 1).cpu()
    return torch.rand(3, 1, 1, generator=generator)


def laid(picture: Tensor, around: Frame, colour: Tensor, inked: bool) -> Tensor:
    """A picture [3, H, W], or one a whole number of times as small, with a frame laid over it."""
    outside, line = around.outside.to(picture), around.line.to(picture)
    times = outside.shape[2] // picture.shape[2]
    if times > 1:
        outside, line = F.avg_pool2d(outside, times), F.avg_pool2d(line, times)
    picture = picture + (colour.to(picture) - picture) * outside
    return picture * (1 - line) if inked else picture


@dataclass
class Framed:
    sketch: Tensor
    target: Tensor
    reference: Tensor
    lesson: Tensor | None


def framed(
    sketch: Tensor,
    target: Tensor,
    reference: Tensor,
    lesson: Tensor | None,
    share: float,
    generator: torch.Generator,
) -> Framed:
    """A share of a batch in frames: sketch [N, 1, H, W], target [N, 3, H, W], another picture as
    reference [N, 3, h, w], and what a teacher painted, if any, [N, 3, H / k, W / k]. New tensors.

    Mostly both the drawing and the reference have one, and mostly of the same colour; a drawing's
    alone is white.
    """
    sketch, target, reference = sketch.clone(), target.clone(), reference.clone()
    lesson = None if lesson is None else lesson.clone()
    for i in range(len(sketch)):
        if uniform(0, 1, generator) >= share:
            continue
        alone = uniform(0, 1, generator) / ALONE_SHARE
        on_reference, on_drawing = alone >= 0.5, not 0.5 <= alone < 1
        offered = paper(reference[i], generator) if on_reference else torch.ones(3, 1, 1)
        other = on_reference and uniform(0, 1, generator) >= SAME_COLOUR
        wanted = paper(target[i], generator) if other else offered
        inked = uniform(0, 1, generator) < INKED_SHARE
        if on_reference:
            around = frame(reference.shape[2], reference.shape[3], generator)
            reference[i] = laid(reference[i], around, offered, inked)
        if on_drawing:
            around = frame(sketch.shape[2], sketch.shape[3], generator)
            outside, line = around.outside.to(sketch), around.line.to(sketch)
            sketch[i] = torch.minimum(sketch[i] + (1 - sketch[i]) * outside, 1 - line)
            target[i] = laid(target[i], around, wanted, inked)
            if lesson is not None:
                lesson[i] = laid(lesson[i], around, offered, inked)
    return Framed(sketch, target, reference, lesson)
