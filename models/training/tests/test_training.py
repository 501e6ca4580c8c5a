"""What training promises, on tiny networks: seconds, no data."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from training import losses
from training.appearance import apply_appearance, hue_rotation, random_appearance
from training.config import load_config
from training.data import PictureSet, listed, make_batch
from training.export import LARGEST_SHIPPED, export
from training.graphs import method_of
from training.lines import FAMILIES, draw
from training.networks.scft import SCFT, similarity, tokens
from training.train import later
from training.warp import CONTROL, random_shift, tps_grid, warp


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def few_pictures(count: int = 4, size: int = 64) -> PictureSet:
    images = torch.randint(0, 256, (count, 3, size, size), dtype=torch.uint8, generator=seeded())
    lines = torch.full((count, 1, size, size), 255, dtype=torch.uint8)
    partners = [[j for j in range(count) if j != i] for i in range(count)]
    return PictureSet(images, lines, [str(i) for i in range(count)], ["g"] * count, partners)


def test_an_unmoved_spline_moves_nothing() -> None:
    picture = torch.rand(2, 3, 32, 48)
    grid = tps_grid(torch.zeros(2, CONTROL**2, 2), 32, 48)
    assert torch.allclose(warp(picture, grid), picture, atol=1e-4)


def test_a_spline_passes_through_its_control_points() -> None:
    shift = random_shift(1, 0.3, 0.0, seeded())
    side = 31  # control points fall on pixels: 0, 10, 20, 30
    grid = tps_grid(shift, side, side)
    line = torch.linspace(-1, 1, CONTROL)
    y, x = torch.meshgrid(line, line, indexing="ij")
    control = torch.stack([x, y], dim=2)
    assert torch.allclose(grid[0, ::10, ::10] - control, shift.view(4, 4, 2), atol=1e-3)


def test_a_token_is_one_position_with_all_its_channels() -> None:
    feature_map = torch.arange(2 * 3 * 4 * 5).float().view(2, 3, 4, 5)
    rows = tokens(feature_map)
    assert rows.shape == (2, 20, 3)
    for y in range(4):
        for x in range(5):
            assert torch.equal(rows[:, y * 5 + x], feature_map[:, :, y, x])


def test_the_order_of_reference_tokens_does_not_matter() -> None:
    model = SCFT(16, 64).eval()
    sketch = torch.rand(1, 1, 32, 48)
    keys, values = model.reference(torch.rand(1, 3, 48, 32))
    order = torch.randperm(keys.shape[1])
    colour, attention = model.colorize(sketch, keys, values)
    again, shuffled = model.colorize(sketch, keys[:, order], values[:, order])
    assert torch.allclose(colour, again, atol=1e-5)
    assert torch.allclose(attention[:, :, order], shuffled, atol=1e-5)
    assert torch.allclose(attention.sum(2), torch.ones(1, 6), atol=1e-5)


def test_similarity_is_scaled_before_the_softmax() -> None:
    queries, keys = torch.rand(1, 3, 64), torch.rand(1, 5, 64)
    expected = torch.einsum("nqd,ntd->nqt", queries, keys) / 8
    assert torch.allclose(similarity(queries, keys), expected, atol=1e-5)


def test_the_triplet_loss_is_margin_for_equal_tokens_and_zero_for_perfect_ones() -> None:
    grid = tps_grid(torch.zeros(1, CONTROL**2, 2), 4, 4)
    same = torch.ones(1, 16, 64)
    assert torch.allclose(losses.triplet(same, same, grid, 12.0, seeded()), torch.tensor(12.0))
    own = torch.eye(16)[None] * 100
    assert losses.triplet(own, own, grid, 12.0, seeded()) == 0
    fresh = SCFT(16, 64)
    keys, _ = fresh.reference(torch.rand(1, 3, 64, 64))
    _, _, queries = fresh.colorize.query(torch.rand(1, 1, 64, 64))
    assert losses.triplet(queries, keys, grid, 12.0, seeded()) > 1


def test_appearance_is_a_real_change_of_hue_that_keeps_white() -> None:
    red = torch.tensor([1.0, 0.0, 0.0]).view(1, 3, 1, 1)
    third = hue_rotation(torch.tensor([2 * torch.pi / 3]))
    turned = apply_appearance(red, third, torch.zeros(1, 3))
    assert torch.allclose(turned.flatten(), torch.tensor([0.0, 1.0, 0.0]), atol=1e-5)
    white = torch.ones(1, 3, 1, 1)
    assert torch.allclose(apply_appearance(white, third, torch.zeros(1, 3)), white, atol=1e-5)
    matrix, offset = random_appearance(64, 0.0, seeded())
    moved = (apply_appearance(red.expand(64, -1, -1, -1), matrix, offset) - red).abs().amax(1)
    assert (moved > 0.2).float().mean() > 0.8
    matrix, offset = random_appearance(8, 1.0, seeded())
    assert torch.equal(apply_appearance(red.expand(8, -1, -1, -1), matrix, offset)[0], red[0])


def test_a_self_pair_knows_where_its_reference_came_from() -> None:
    pictures = few_pictures(size=128)
    smooth = torch.nn.functional.interpolate(torch.rand(4, 3, 4, 4), (128, 128), mode="bicubic")
    pictures.images = (smooth.clamp(0, 1) * 255).to(torch.uint8)
    words: dict[str, Any] = {
        "self_share": 1.0,
        "natural_share": 0.5,
        "warp_reach": 0.2,
        "crop_least": 0.9,
    }
    batch = make_batch(pictures, 4, 128, 3, **words)
    pooled = torch.nn.functional.avg_pool2d(batch.target, 16)
    there = torch.nn.functional.grid_sample(pooled, batch.grid, align_corners=True)
    here = torch.nn.functional.avg_pool2d(batch.reference, 16)
    inside = (batch.grid.abs() <= 1).all(3)[:, None]
    assert ((there - here).abs() * inside).sum() / inside.sum() < 0.1
    twice = make_batch(pictures, 4, 128, 3, **words)
    assert torch.equal(batch.target, twice.target) and torch.equal(batch.sketch, twice.sketch)


def test_every_family_draws_dark_lines_on_light_paper() -> None:
    rgb = np.full((160, 160, 3), (230, 200, 120), np.uint8)
    cv2.circle(rgb, (80, 80), 50, (60, 90, 200), -1)
    cv2.circle(rgb, (80, 80), 50, (20, 20, 20), 3)
    for family in FAMILIES:
        art = draw(rgb, np.random.default_rng(1), family)
        assert art.shape == (160, 160) and art.dtype == np.uint8
        assert art.mean() > 120 and art.min() < 130
        assert np.array_equal(art, draw(rgb, np.random.default_rng(1), family))


def test_any_folder_of_pictures_is_training_data(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for group in ("a", "b"):
        for k in range(3):
            (tmp_path / group).mkdir(exist_ok=True)
            picture = rng.integers(0, 255, (80, 90, 3), np.uint8)
            cv2.imwrite(str(tmp_path / group / f"{k}.png"), picture)
    found = listed(tmp_path)
    assert {p.group for p in found} == {"a", "b"} and len(found) == 6


def test_pictures_without_company_are_trained_on_warped_copies() -> None:
    pictures = few_pictures()
    pictures.partners = [[] for _ in pictures.files]
    words: dict[str, Any] = {
        "self_share": 0.5,
        "natural_share": 0.5,
        "warp_reach": 0.2,
        "crop_least": 0.9,
    }
    assert make_batch(pictures, 4, 64, 1, **words).self_count == 4


def test_export_agrees_with_pytorch(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = dataclasses.replace(load_config("scft"), key_width=16, width=64)
    method = method_of("scft")
    worst = export(method, method.build(config), config, {}, tmp_path)
    assert worst["colour"] < 1e-3
    assert worst["colour shipped"] < LARGEST_SHIPPED
    assert (tmp_path / "manifest.json").exists()


def test_a_trained_network_goes_on_with_the_larger_pictures() -> None:
    stages = ((0.0, 128, 16, 0.6), (0.5, 192, 10, 0.7), (0.75, 256, 8, 0.8))
    assert later(stages) == ((0.0, 192, 10, 0.7), (0.5, 256, 8, 0.8))
    assert later(stages[:1]) == stages[:1]
