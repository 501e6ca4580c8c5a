"""What `inkwash`'s network promises, on tiny pictures: seconds, no data."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import torch
import torch.nn.functional as F

from training.config import load_config
from training.export import LARGEST_SHIPPED, export
from training.graphs import method_of
from training.networks.blocks import place
from training.networks.inkwash import Inkwash
from training.networks.tables import (
    CARRIED,
    FINE_PIXELS,
    NEAR,
    REACH,
    fetch,
    likeness,
    take_rows,
    to_picture,
    to_rows,
    tokens_at,
)
from training.networks.ways import agreed, shared_out
from training.shipped import network_of
from training.tests.test_training import seeded
from training.warp import random_shift, tps_grid, unwarped, warp, zoom

SIZES = ((16, 32), (16, 16))
NO_HINTS = (torch.zeros(1, 1, 2), torch.zeros(1, 1, 48 + CARRIED), torch.zeros(1, 1))


def small() -> Inkwash:
    torch.manual_seed(1)
    return Inkwash(16, 48).eval()


def test_places_reach_from_edge_to_edge_on_any_shape() -> None:
    at = place(torch.zeros(1, 5, 2, 4))
    assert torch.allclose(at[0, 0, 0], torch.tensor([-0.75, -0.25, 0.25, 0.75]))
    assert torch.allclose(at[0, 1, :, 0], torch.tensor([-0.5, 0.5]))


def test_references_have_no_order_and_ignored_ones_no_effect() -> None:
    model = small()
    sketch = torch.rand(1, 1, 64, 32, generator=seeded())
    first = model.reference(torch.rand(1, 3, 32, 48, generator=seeded()))
    second = model.reference(torch.rand(1, 3, 64, 16, generator=seeded()).square())
    t, u = first[0].shape[1], second[0].shape[1]

    def run(
        parts: list[tuple[torch.Tensor, torch.Tensor]], weights: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        keys, values = (torch.cat(x, 1) for x in zip(*parts, strict=True))
        colour, _, attention = model.colorize(sketch, keys, values, weights, *NO_HINTS)
        return colour, attention

    ones = torch.ones(1, t + u)
    colour, attention = run([first, second], ones)
    again, moved = run([second, first], ones)
    assert torch.allclose(colour, again, atol=1e-5)
    assert torch.allclose(attention[:, :, :t], moved[:, :, u : u + t], atol=1e-5)
    half = ones.clone()
    half[:, t:] = 0
    alone = run([first], ones[:, :t])[0]
    assert torch.allclose(run([first, second], half)[0], alone, atol=1e-5)
    nothing = run([first], torch.zeros(1, t))[0]
    assert torch.allclose(nothing, run([second], torch.zeros(1, u))[0], atol=1e-5)


def test_a_warped_copy_looked_up_where_it_came_from_is_the_picture() -> None:
    """The way back through a warp, and the bilinear look-up across tokens, agree."""
    generator = seeded()
    rough = torch.rand(4, 3, 6, 6, generator=generator)
    picture = F.interpolate(rough, (128, 128), mode="bicubic").clamp(0, 1)
    shift = random_shift(4, 0.25, 0.5, generator)
    shift = zoom(shift, torch.tensor([True, False, True, False]), generator)
    grid = tps_grid(shift, 128, 128)
    _, values = small().reference(warp(picture, grid))
    source, found = unwarped(grid, shift, 64)
    assert (found.float().mean((1, 2)) > 0.05).all()
    where = to_rows(source.permute(0, 3, 1, 2))
    token = (where[:, :, 5] / 4).floor().clamp(0, 15)
    best = (token[:, :, 1] * 16 + token[:, :, 0]).long()
    carried = values[:, :, 48:].detach()
    sides = take_rows(carried[:, :, FINE_PIXELS:], best)
    at = where - 4 * token[:, :, None]
    made = to_picture(
        fetch(carried[:, :, :FINE_PIXELS], best, sides, at), torch.zeros(4, 1, 16, 16)
    )
    gap = ((made + 1) / 2 - F.avg_pool2d(picture, 2)).abs().mean(1)
    assert gap[found].mean() < 0.01 and gap[found].max() < 0.15


def test_likeness_is_looked_up_between_tokens_and_only_inside_their_picture() -> None:
    """Two pictures of 4x3 and 2x2 tokens; one drawing token, alike to token k by k."""
    alike = torch.arange(16.0)[None, None]
    sides = torch.tensor([[[1.0, 2.0, 1.0, 1.0]]])
    best = torch.tensor([[5]])  # column 1, row 1 of the first
    near = likeness(alike, best, sides, torch.tensor([[[1.5, 1.0]]])).view(2 * REACH + 1, -1)
    assert near.shape == (NEAR // (2 * REACH + 1), 2 * REACH + 1)
    assert near[REACH, REACH] == 5.5 and near[REACH, REACH + 1] == 6.5
    assert near[REACH + 1, REACH] == 9.5 and near[REACH - 1, REACH] == 1.5
    assert (near[0] == 0).all() and (near[-1] == 0).all()  # above and below it
    assert near[REACH, 0] == 0.5 * 4  # half of the way out at the left: token 4 and nothing
    second = likeness(
        alike, torch.tensor([[12]]), torch.tensor([[[0.0, 1.0, 0.0, 1.0]]]), torch.zeros(1, 1, 2)
    ).view(2 * REACH + 1, -1)
    assert second[REACH, REACH] == 12 and second[REACH + 1, REACH + 1] == 15
    assert second[REACH, REACH - 1] == 0 and second[REACH - 1, REACH] == 0


def test_the_way_of_a_pixel_is_a_mean_of_ways_to_the_same_picture() -> None:
    column = torch.arange(6.0).view(1, 1, 1, 6).expand(1, 1, 4, 6)
    way = torch.cat([column, column * 0 + 3], 1)
    one = torch.zeros(1, 1, 4, 6)
    fine = shared_out(way, one)
    assert torch.allclose(fine[:, 1], torch.full((1, 16, 24), 3.0), atol=1e-4)
    straight = (torch.arange(24.0) + 0.5) / 4 - 0.5
    assert torch.allclose(fine[0, 0, 8, 4:20], straight[4:20], atol=1e-4)
    two = one.clone()
    two[..., 3:] = 12  # the right half leads to another picture
    far = way.clone()
    far[..., 3:] += 50
    apart = shared_out(far, two)
    assert (apart[0, 0, :, :12] <= 2).all() and (apart[0, 0, :, 12:] >= 53).all()


def test_the_token_an_aim_points_at_is_named() -> None:
    model = small()
    values = torch.cat(
        [model.reference(torch.rand(1, 3, h, w, generator=seeded()))[1] for h, w in SIZES], 1
    ).detach()
    carried = values[:, :, 48:]
    best = torch.tensor([[0, 9]])  # of the first picture, 2x4 tokens; of the second, 2x2
    aims = torch.tensor([[[5.5, 1.5], [1.5, 9.0]]])[:, :, None].expand(-1, -1, 16, -1)
    sides = take_rows(carried[:, :, FINE_PIXELS:], best)

    def named(aims: torch.Tensor) -> torch.Tensor:
        return torch.zeros(1, 2, 12).scatter_add(2, *tokens_at(aims, best, sides))[0]

    assert torch.allclose(named(aims).sum(1), torch.ones(2))
    assert named(aims)[0, 1] == 1  # half-size pixels 4 to 7 of the first row
    assert named(aims)[1, 10] == 1  # clamped to the last row of the second picture
    between = torch.full_like(aims, 3.5)
    assert torch.allclose(named(between)[0, [0, 1, 4, 5]], torch.tensor(0.25))


def test_a_hint_that_is_not_there_changes_nothing_and_one_that_is_draws_attention() -> None:
    model = small()
    sketch = torch.rand(1, 1, 32, 32, generator=seeded())
    keys, values = model.reference(torch.rand(1, 3, 32, 32, generator=seeded()))
    ones = torch.ones(1, keys.shape[1])
    _, red = model.swatches(torch.tensor([[[1.0, 0.0, 0.0]]]))
    at = torch.tensor([[[0.3, -0.3]]])
    plain = model.colorize(sketch, keys, values, ones, *NO_HINTS)[0]
    absent = model.colorize(sketch, keys, values, ones, at, red, torch.zeros(1, 1))[0]
    assert torch.allclose(plain, absent, atol=1e-5)
    attention = model.colorize(sketch, keys, values, ones, at, red, torch.ones(1, 1))[2][0, :, -1]
    beside, far = attention[1 * 4 + 2], attention[3 * 4 + 0]
    assert beside > far


def test_attention_is_sharper_the_more_alike_its_best_place_is() -> None:
    graph = small().colorize
    alike = torch.tensor([0.0, 0.5, 1.0]).repeat(2, 4, 1)
    near, far = alike * 0.8, alike * 0.1
    counted = torch.zeros(2, 1, 3)
    (best_near, edge_near), (best_far, edge_far) = (graph.edge(x, counted) for x in (near, far))
    assert torch.allclose(best_near, torch.full((2, 4, 1), 0.8))
    assert (edge_near > 1).all() and (edge_far < 1).all()
    assert torch.allclose(best_far, torch.full((2, 4, 1), 0.1))
    # What is ignored says nothing of how alike the rest is.
    counted[:, :, 2] = -69.0
    assert (graph.edge(near, counted)[1] < edge_near).all()


def test_exported_weights_come_back(tmp_path: Path) -> None:
    config = dataclasses.replace(load_config("inkwash"), key_width=16, width=48)
    model = small()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.01)
    worst = export(method_of("inkwash"), model, config, {}, tmp_path)
    assert worst["colour shipped"] < LARGEST_SHIPPED
    back = network_of(tmp_path, config)
    for (name, ours), theirs in zip(model.named_parameters(), back.parameters(), strict=True):
        assert torch.allclose(ours, theirs, atol=2e-3), name


def test_the_map_most_places_agree_on_is_found_among_wrong_ones() -> None:
    y, x = torch.meshgrid(
        torch.linspace(-0.9, 0.9, 10), torch.linspace(-0.9, 0.9, 10), indexing="ij"
    )
    way = torch.stack([0.5 + 0.2 * x - 0.1 * y, 1 + 0.3 * y], 0)[None]
    sure = torch.ones(1, 1, 10, 10)
    assert torch.allclose(agreed(way, sure), way, atol=2e-3)
    wrong = way.clone()
    wrong[:, :, :3] = torch.rand(1, 2, 3, 10, generator=seeded()) * 8 - 4
    assert torch.allclose(agreed(wrong, sure), way, atol=0.1)
    sure[:, :, :3] = 0
    assert torch.allclose(agreed(wrong, sure), way, atol=2e-3)
    nothing = agreed(wrong, torch.zeros_like(sure))
    assert nothing.isfinite().all() and (nothing.abs() < 0.1).all()
