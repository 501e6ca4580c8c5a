"""What a lesson promises, with teachers that paint what can be told by looking."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import load_config
from training.export import export
from training.graphs import method_of
from training.teachers import VIEWS, Painter, Teachers, View, by_network, by_runtime, seen
from training.tests.test_training import seeded

CPU = torch.device("cpu")


def tinted(sketch: Tensor, reference: Tensor) -> Tensor:
    """The drawing's own light in the colour of the reference's left edge."""
    return sketch * reference[:, :, :1, :1]


def ramp(sketch: Tensor, reference: Tensor) -> Tensor:
    """The same whatever is shown: dark on the left, light on the right."""
    across = torch.linspace(0, 1, sketch.shape[3])
    return across.expand(len(sketch), 3, *sketch.shape[2:]).clone()


def taught_by(paint: Painter, views: tuple[View, ...]) -> Teachers:
    teachers = Teachers({}, Path(), CPU)
    teachers.known.append((paint, views))
    return teachers


def test_what_is_painted_of_any_view_lies_as_the_drawing_does() -> None:
    rough = torch.rand(2, 1, 4, 4, generator=seeded())
    sketch = F.interpolate(rough, (128, 128), mode="bilinear")
    reference = torch.ones(2, 3, 128, 128)
    reference[:, 0, :, -1] = 0.5  # seen on the left only where it is mirrored
    for view in VIEWS:
        painted = seen(tinted, sketch, reference, view)
        wanted = F.avg_pool2d(sketch, 2).expand(-1, 3, -1, -1).clone()
        if view.reference_mirrored:
            wanted[:, 0] *= 0.5
        assert painted.shape == (2, 3, 64, 64)
        assert float((painted - wanted).abs().max()) < 0.03, view


def test_what_depends_on_the_side_alone_is_not_taught() -> None:
    sketch, reference = torch.ones(1, 1, 64, 64), torch.full((1, 3, 64, 64), 0.5)
    once = taught_by(ramp, VIEWS[:1]).lesson(sketch, reference, 0.0, seeded())
    both = taught_by(ramp, VIEWS[:2]).lesson(sketch, reference, 0.0, seeded())
    assert float(once[..., -1].mean() - once[..., 0].mean()) > 0.9
    assert float((both - 0.5).abs().max()) < 0.01


def test_a_lesson_moves_to_the_reference_as_far_as_asked() -> None:
    sketch, reference = torch.ones(1, 1, 64, 64), torch.zeros(1, 3, 64, 64)
    reference[:, 0] = 0.8
    teachers = taught_by(ramp, VIEWS[:1])
    off = [
        float(teachers.lesson(sketch, reference, moved, seeded())[:, 1].mean())
        for moved in (0.0, 0.5, 1.0)
    ]
    assert off[0] > off[1] > off[2]
    assert off[2] < 0.1


def test_a_teacher_paints_the_same_by_either_way(tmp_path: Path) -> None:
    config = load_config("scft")
    method = method_of("scft")
    network, draw = method.build(config), seeded()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=draw) * 0.05)
    export(method, network, config, {}, tmp_path / "scft")
    sketch = torch.rand(2, 1, 64, 64, generator=seeded())
    reference = torch.rand(2, 3, 64, 64, generator=seeded())
    with torch.no_grad():
        a = by_runtime(tmp_path / "scft", CPU)(sketch, reference)
        b = by_network(tmp_path / "scft", CPU)(sketch, reference)
    assert a.shape == b.shape == (2, 3, 64, 64)
    assert float((a - b).abs().mean()) < 0.02  # bfloat16 tells colours apart to a hundredth
