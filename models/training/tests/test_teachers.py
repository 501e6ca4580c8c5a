"""What a lesson promises, with teachers that paint what can be told by looking."""

from __future__ import annotations

from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.recipes.base import Recipe
from training.teachers import VIEWS, Teachers, View, seen
from training.tests.test_training import seeded


class Painter:
    """A recipe whose pictures are the drawing's own light, tinted by the reference's left edge."""

    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        return sketch * reference[:, :, :1, :1]


class Ramp:
    """A recipe that paints the same whatever it is shown: dark on the left, light on the right."""

    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        across = torch.linspace(0, 1, sketch.shape[3])
        return across.expand(len(sketch), 3, *sketch.shape[2:]).clone()


def taught_by(recipe: Any, views: tuple[View, ...]) -> Teachers:
    teachers = Teachers({}, cast(Any, None), torch.device("cpu"))
    teachers.known.append((cast(Recipe, recipe), nn.Identity(), views))
    return teachers


def test_what_is_painted_of_any_view_lies_as_the_drawing_does() -> None:
    rough = torch.rand(2, 1, 4, 4, generator=seeded())
    sketch = F.interpolate(rough, (128, 128), mode="bilinear")
    reference = torch.ones(2, 3, 128, 128)
    reference[:, 0, :, -1] = 0.5  # seen on the left only where it is mirrored
    for view in VIEWS:
        painted = seen(cast(Recipe, Painter()), nn.Identity(), sketch, reference, view)
        wanted = F.avg_pool2d(sketch, 2).expand(-1, 3, -1, -1).clone()
        if view.reference_mirrored:
            wanted[:, 0] *= 0.5
        assert painted.shape == (2, 3, 64, 64)
        assert float((painted - wanted).abs().max()) < 0.03, view


def test_what_depends_on_the_side_alone_is_not_taught() -> None:
    sketch, reference = torch.ones(1, 1, 64, 64), torch.full((1, 3, 64, 64), 0.5)
    once = taught_by(Ramp(), VIEWS[:1]).lesson(sketch, reference, 0.0, seeded())
    both = taught_by(Ramp(), VIEWS[:2]).lesson(sketch, reference, 0.0, seeded())
    assert float(once[..., -1].mean() - once[..., 0].mean()) > 0.9
    assert float((both - 0.5).abs().max()) < 0.01


def test_a_lesson_moves_to_the_reference_as_far_as_asked() -> None:
    sketch, reference = torch.ones(1, 1, 64, 64), torch.zeros(1, 3, 64, 64)
    reference[:, 0] = 0.8
    teachers = taught_by(Ramp(), VIEWS[:1])
    off = [
        float(teachers.lesson(sketch, reference, moved, seeded())[:, 1].mean())
        for moved in (0.0, 0.5, 1.0)
    ]
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.1
