"""Places of a reference that everybody looks at give way to the others: no data, no training."""

from __future__ import annotations

import torch

from training.networks.inkwash import MOST_CROWD
from training.networks.tables import extent, sums_of_pictures
from training.tests.test_inkwash import small


def sides_of(height: int, width: int) -> torch.Tensor:
    return extent(torch.zeros(1, 1, height, width)).flatten(2).transpose(1, 2)


def evened(
    scores: torch.Tensor, weights: torch.Tensor, sides: torch.Tensor, evenness: float
) -> torch.Tensor:
    """Scores whose attention is what `evened` makes of theirs."""
    graph = small().colorize
    with torch.no_grad():
        graph.evenness.fill_(evenness)
        attention, lean = graph.evened(torch.softmax(scores, dim=2), weights, sides)
    leant = scores.clone()
    leant[:, :, : weights.shape[1]] -= lean
    assert torch.allclose(attention, torch.softmax(leant, dim=2), atol=1e-6)
    return leant


def test_every_picture_is_summed_up_by_itself() -> None:
    sides = torch.cat([sides_of(2, 3), sides_of(2, 2), sides_of(1, 1)], dim=1)
    sums = sums_of_pictures(torch.arange(1.0, 12.0)[None], sides)
    assert sums.tolist() == [[21.0] * 6 + [34.0] * 4 + [11.0]]


def test_a_place_that_looks_a_bit_like_everything_leaves_the_rest_to_their_own() -> None:
    own = 2 * torch.eye(4)[None]
    own[:, :, 0] += 2.5  # the first place wins everywhere
    scores = torch.cat([own, torch.full((1, 4, 1), -9.0)], dim=2)
    assert (scores.argmax(2) == 0).all()
    made = evened(scores, torch.ones(1, 4), sides_of(2, 2), 1.0)
    assert made.argmax(2).tolist() == [[0, 1, 2, 3]]
    assert torch.equal(evened(scores, torch.ones(1, 4), sides_of(2, 2), 0.0), scores)


def test_only_places_of_pictures_are_leaned_on() -> None:
    """A palette colour may be everywhere, and so may a hint and none."""
    sides = torch.cat([sides_of(2, 2), sides_of(1, 1)], dim=1)
    scores = torch.zeros(1, 4, 7)
    scores[:, :, 4:] = torch.tensor([3.0, 2.0, 1.0])
    made = evened(scores, torch.ones(1, 5), sides, 1.0)
    assert torch.equal(made[:, :, 4:], scores[:, :, 4:])


def test_a_second_picture_that_nobody_asks_gains_nothing() -> None:
    sides = torch.cat([sides_of(2, 2), sides_of(2, 2)], dim=1)
    scores = torch.cat([torch.zeros(1, 4, 4), torch.full((1, 4, 5), -6.0)], dim=2)
    made = evened(scores, torch.ones(1, 8), sides, 1.0)
    assert torch.allclose(made, scores, atol=1e-4)


def test_places_to_be_ignored_stay_ignored() -> None:
    weights = torch.tensor([[1.0, 1.0, 0.0, 0.5]])
    counted = weights.clamp(min=1e-30).log()[:, None].expand(-1, 4, -1)
    scores = torch.cat([counted, torch.full((1, 4, 1), -6.0)], dim=2)
    made = evened(scores, weights, sides_of(2, 2), 1.0)
    assert torch.allclose(made[:, :, [0, 1, 3]], scores[:, :, [0, 1, 3]], atol=1e-4)
    assert (made[:, :, 2] - scores[:, :, 2]).abs().max() <= MOST_CROWD
    assert torch.isfinite(made).all()
    nothing = evened(scores, torch.zeros(1, 4), sides_of(2, 2), 1.0)
    assert torch.isfinite(nothing).all()
