"""That what `inkwash` is taught by knows right from wrong, on tiny pictures: seconds, no data."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from training.losses import log_error, lost_lines, off_colour, palette_gap, structure
from training.recipes.inkwash import flow, mixture
from training.tests.test_training import seeded
from training.transport import transported


def test_the_losses_know_right_from_wrong() -> None:
    target = torch.tensor([[[1.0, 0, 0], [0, 0, 1.0]]])
    offered = torch.tensor([[[1.0, 0, 0], [0, 0, 1.0]]])
    right = torch.tensor([[[1.0, 0, 0], [0, 1.0, 0]]])
    wrong = torch.tensor([[[0, 1.0, 0], [1.0, 0, 0]]])
    none = torch.tensor([[[0, 0, 1.0], [0, 0, 1.0]]])
    worth = [float(mixture(a, target, offered)) for a in (right, none, wrong)]
    assert worth[0] < 0.01 and worth[0] < worth[1] < worth[2]
    line = torch.tensor([-0.75, -0.25, 0.25, 0.75])
    y, x = torch.meshgrid(line, line, indexing="ij")
    grid = torch.stack([x, y], 2)[None]
    holds = torch.tensor([True])
    assert flow(torch.eye(16)[None], grid, holds) < 0.01
    assert flow(torch.eye(16).flip(0)[None], grid, holds) > 5
    assert flow(torch.eye(16).flip(0)[None], grid, ~holds) == 0


def test_palettes_are_apart_by_colour_and_not_by_place() -> None:
    picture = torch.rand(2, 3, 64, 64, generator=seeded())
    grey = picture * 0.2 + 0.4  # what the mean of several guesses looks like
    turned = picture.flip(2)
    alike = palette_gap(turned, picture, seeded())
    assert palette_gap(picture, picture, seeded()) == 0
    assert alike < 0.2 * palette_gap(grey, picture, seeded())
    blurred = F.avg_pool2d(picture, 5, 1, 2)
    assert structure(picture, picture).abs() < 1e-5
    assert structure(blurred, picture) > 0.2
    black = torch.zeros(1, 3, 64, 64, requires_grad=True)
    palette_gap(black, picture[:1], seeded()).backward()
    assert black.grad is not None and black.grad.isfinite().all()


def test_a_doubtful_colour_is_best_answered_by_the_likeliest() -> None:
    red, blue = torch.tensor([0.8, 0.1, 0.1]), torch.tensor([0.1, 0.2, 0.8])
    flat = torch.ones(1, 3, 16, 16)
    often = F.interpolate(torch.rand(1, 1, 4, 4, generator=seeded()), scale_factor=4)
    target = torch.where(often < 0.6, flat * red.view(3, 1, 1), flat * blue.view(3, 1, 1))
    answers = [red, blue, 0.6 * red + 0.4 * blue]
    worth = [float(off_colour(flat * c.view(3, 1, 1), target)) for c in answers]
    assert off_colour(target, target) == 0
    assert worth[0] < 0.5 < worth[1] < worth[2]


def test_colours_are_moved_to_those_of_another_picture() -> None:
    draw = seeded()
    grey = 0.4 + 0.2 * torch.rand(1, 3, 24, 24, generator=draw)
    vivid = torch.rand(1, 3, 24, 24, generator=draw)
    gaps = [float(palette_gap(transported(grey, vivid, s, draw), vivid, draw)) for s in (0, 0.5, 1)]
    with torch.autocast("cpu", dtype=torch.bfloat16):  # as training on a GPU has it
        assert torch.allclose(transported(grey, vivid, 0, draw), grey, atol=1e-4)
    assert gaps[1] < 0.6 * gaps[0] and gaps[2] < 0.15 * gaps[0]
    darker = transported(grey, vivid, 0.5, draw).mean(1) < grey.mean(1)
    assert (darker == (grey.mean(1) < 0.5)).float().mean() > 0.7  # dark stays dark


def test_lines_are_lost_where_colour_covers_them() -> None:
    sketch = torch.ones(1, 1, 64, 64)
    sketch[:, :, ::9] = 0
    colour = F.interpolate(torch.rand(1, 3, 4, 4, generator=seeded()), scale_factor=16)
    drawn = colour * sketch
    faint = 0.95 * colour + 0.05 * drawn
    assert lost_lines(sketch.expand(-1, 3, -1, -1), sketch) == 0
    assert lost_lines(drawn, sketch) < 0.1 < 0.5 < lost_lines(faint, sketch)
    blank = torch.full((1, 3, 64, 64), 0.5, requires_grad=True)
    lost_lines(blank, sketch).backward()
    assert blank.grad is not None and blank.grad.isfinite().all()


def test_ten_decibels_are_one_step_of_the_logarithm_whatever_a_picture_starts_from() -> None:
    target = torch.full((2, 3, 8, 8), 0.5)
    off = torch.tensor([0.4, 0.1]).view(2, 1, 1, 1)
    far, near = log_error(target + off, target), log_error(target + off * 0.1**0.5, target)
    assert abs(float(far - near) - torch.tensor(10.0).log()) < 0.05
    assert log_error(target, target) < near


def test_where_colours_are_a_toss_up_their_mean_has_the_least_log_error() -> None:
    """On average over both, where the likeliest is neither."""
    black, white = torch.zeros(1, 3, 8, 8), torch.ones(1, 3, 8, 8)
    both = torch.cat([black, white], dim=3)
    answers = [torch.full_like(both, grey) for grey in (0.0, 0.25, 0.5, 1.0)]
    worth = [float(log_error(answer, both)) for answer in answers]
    assert min(worth) == worth[2]
