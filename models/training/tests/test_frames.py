"""What pages in frames promise, on pictures of noise."""

from __future__ import annotations

import torch

from training.frames import framed
from training.tests.test_training import seeded

N = 40


def pages() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    draw = seeded()
    sketch = 0.2 + 0.6 * torch.rand(N, 1, 96, 96, generator=draw)
    target, reference = 0.2 + 0.6 * torch.rand(2, N, 3, 96, 96, generator=draw)
    return sketch, target, reference, 0.2 + 0.6 * torch.rand(N, 3, 48, 48, generator=draw)


def test_a_frame_is_one_colour_around_a_picture_that_stays() -> None:
    sketch, target, reference, lesson = pages()
    made = framed(sketch, target, reference, lesson, 1.0, seeded())
    has = (made.target != target).flatten(1).any(1)
    assert 0.7 < has.float().mean() < 1
    inside = 0
    for k in torch.nonzero(has)[:, 0].tolist():
        off = made.target[k] != target[k]
        blank = (made.sketch[k, 0] == 1) & off.any(0)
        colours = made.target[k][:, blank]
        assert blank.sum() > 100
        assert float(colours.std(1).median()) < 0.05  # but for the edge of the line
        inside += int((~off.any(0)).sum())
        assert (made.sketch[k] < 0.55).any()  # its line
    assert inside / (96 * 96 * int(has.sum())) > 0.5


def test_frames_of_a_drawing_and_its_reference_are_mostly_of_one_colour() -> None:
    sketch, target, reference, lesson = pages()
    made = framed(sketch, target, reference, lesson, 1.0, seeded())
    assert made.lesson is not None
    alike = []
    for k in range(N):
        outside = (made.sketch[k, 0] == 1) & (made.target[k] != target[k]).any(0)
        there = (made.reference[k] != reference[k]).any(0)
        if outside.sum() < 100 or there.sum() < 100:
            continue
        wanted = made.target[k][:, outside].mode(1).values
        offered = made.reference[k][:, there].mode(1).values
        alike.append(bool((wanted - offered).abs().max() < 0.02))
        taught = made.lesson[k][:, outside[::2, ::2]].mode(1).values
        assert (taught - offered).abs().max() < 0.02
    assert len(alike) > 10
    assert 0.5 < sum(alike) / len(alike) < 1


def test_without_a_share_nothing_changes_and_what_is_given_never_does() -> None:
    given = pages()
    before = [x.clone() for x in given]
    made = framed(*given, 0.0, seeded())
    assert made.lesson is not None
    for x, y in zip((made.sketch, made.target, made.reference, made.lesson), before, strict=True):
        assert torch.equal(x, y)
    framed(*given, 1.0, seeded())
    assert all(torch.equal(x, y) for x, y in zip(given, before, strict=True))
