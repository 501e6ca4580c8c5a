"""What Nerk and Attentioned Deep Paint promise, on small pictures: seconds, no data."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training import losses
from training.cards import write_card, write_figures
from training.config import load_config
from training.data import make_batch
from training.evaluate import baselines_of, shipped
from training.export import LARGEST_SHIPPED, export
from training.graphs import method_of
from training.networks.nerk import BOTTLENECK, KEY_WIDTH, Nerk
from training.networks.palette import AttentionGate, PaletteNet, condition, palette_pictures
from training.palettes import band_palette, band_palettes, palette_picture
from training.pool import ImagePool
from training.recipes import recipe_for
from training.recipes.base import Recipe
from training.tests.test_training import few_pictures, seeded
from training.warp import five_point_shift, tps_grid, warp

FIXTURE = Path(__file__).resolve().parents[3] / "tests" / "fixtures" / "palettes.json"
CPU = torch.device("cpu")


def known_palettes() -> list[Any]:
    known: list[Any] = json.loads(FIXTURE.read_text())
    return known


@pytest.mark.parametrize("known", known_palettes(), ids=lambda k: k["name"])
def test_palettes_are_those_of_run_time(known: Any) -> None:
    """electron/page/palette.ts is held to the same file."""
    data = np.frombuffer(base64.b64decode(known["data"]), np.uint8)
    picture = data.reshape(known["height"], known["width"], known["channels"])
    assert band_palette(picture).tolist() == known["bands"]


def test_a_palette_painted_as_a_picture_has_the_same_palette() -> None:
    palette = band_palette(torch.randint(0, 256, (64, 64, 3), generator=seeded()).byte().numpy())
    again = band_palette(palette_picture(palette, 64, 64))
    assert [sorted(band) for band in again.tolist()] == [sorted(b) for b in palette.tolist()]


def test_the_network_sees_each_band_in_its_colours() -> None:
    flag = torch.zeros(1, 3, 64, 64)
    for band in range(4):
        flag[:, :, band * 16 : band * 16 + 16] = band / 4
    palette = band_palettes(flag)
    given = condition(torch.ones(1, 1, 64, 64), palette)
    assert given.shape == (1, 15, 64, 64)
    assert torch.equal(given[:, :3], torch.ones(1, 3, 64, 64))
    for image in given[:, 3:].split(3, dim=1):
        assert torch.allclose(image, flag * 2 - 1, atol=2 / 255)


def test_only_the_palette_of_a_reference_reaches_the_network() -> None:
    recipe = recipe_for(load_config("palette"), None, CPU)
    sketch = torch.ones(1, 1, 64, 64)
    reference = torch.rand(1, 3, 64, 64, generator=seeded()).mul(255).round() / 255
    moved = reference.flip(3)  # the same colours elsewhere in their bands
    with torch.no_grad():
        first = recipe.colour(recipe.generator, sketch, reference)
        assert torch.equal(first, recipe.colour(recipe.generator, sketch, moved))
        assert not torch.allclose(
            first, recipe.colour(recipe.generator, sketch, 1 - reference), atol=0.02
        )


def test_a_gate_can_close_a_skip() -> None:
    gate = AttentionGate(8)
    skip, gating = torch.rand(1, 8, 4, 4), torch.rand(1, 8, 4, 4)
    with torch.no_grad():
        opened = gate(skip, gating)
        assert (opened < skip).all() and (opened > 0).all()
        gate.psi.bias.fill_(-30)  # type: ignore[union-attr]
        assert gate(skip, gating).abs().max() < 1e-6


def test_the_network_takes_any_size_that_is_a_multiple_of_32() -> None:
    net = PaletteNet((8, 8, 8, 8, 8, 8)).eval()
    for h, w in ((32, 32), (64, 160)):
        assert net(torch.rand(1, 1, h, w), torch.rand(1, 4, 4, 3)).shape == (1, 3, h, w)


def test_a_pool_of_fifty_gives_back_what_it_was_given() -> None:
    pool = ImagePool(50)
    given = torch.arange(200.0).view(200, 1, 1, 1)
    out = pool.exchange(given)
    assert torch.equal(out[:50], given[:50])  # until it is full nothing is exchanged
    later = out[50:].flatten()
    older = later < given[50:].flatten()
    assert 0.3 < older.float().mean() < 0.7
    assert len(set(later.tolist()) | {float(p) for p in pool.kept}) == 200 - 50 + 50
    assert len(pool.kept) == 50
    pool.exchange(torch.zeros(2, 1, 4, 4))  # pictures of another size are another training stage
    assert len(pool.kept) == 2


def test_five_points_move_by_what_they_are_told() -> None:
    shift = five_point_shift(3, 0.4, seeded())
    assert shift.shape == (3, 5, 2) and 0.3 < shift.abs().max() <= 0.4
    grid = tps_grid(shift, 21, 21)
    corners = grid[:, [0, 0, 10, 20, 20], [0, 20, 10, 0, 20]]
    home = torch.tensor([[-1.0, -1], [1, -1], [0, 0], [-1, 1], [1, 1]])
    assert torch.allclose(corners - home, shift, atol=1e-3)
    still = tps_grid(torch.zeros(1, 5, 2), 16, 24)
    picture = torch.rand(1, 3, 16, 24)
    assert torch.allclose(warp(picture, still), picture, atol=1e-4)


def test_nerk_batches_are_warped_at_five_points() -> None:
    words: dict[str, Any] = {"self_share": 1.0, "natural_share": 1.0, "warp_reach": 0.4}
    pictures = few_pictures(size=64)
    five = make_batch(pictures, 4, 64, 1, **words, crop_least=1.0, five_points=True)
    many = make_batch(pictures, 4, 64, 1, **words, crop_least=1.0)
    assert torch.equal(five.target, many.target)
    assert not torch.equal(five.reference, many.reference)


@pytest.mark.parametrize("attention", ["positions", "channels"])
def test_attention_rows_sum_to_one(attention: str) -> None:
    model = Nerk(attention).eval()
    keys, values = model.reference(torch.rand(1, 3, 64, 96))
    colour, weights = model.colorize(torch.rand(1, 1, 32, 64), keys, values)
    assert colour.shape == (1, 3, 32, 64) and keys.shape[2] == KEY_WIDTH
    assert weights.shape[1:] == ((8, 24) if attention == "positions" else (128, 128))
    assert torch.allclose(weights.sum(2), torch.ones(weights.shape[:2]), atol=1e-5)


def test_attention_over_positions_carries_colour_to_its_place() -> None:
    torch.manual_seed(0)
    model = Nerk().eval()
    reference = torch.zeros(1, 3, 128, 128)
    reference[:, 0, :, :64] = 1
    reference[:, 2, :, 64:] = 1
    with torch.no_grad():
        maps, queries = model.colorize.encode(torch.ones(1, 1, 128, 128))
        moved = model.transferred(maps, queries, reference)
        pixels = moved[:, -48:].view(1, 3, 16, 8, 8).mean(2)
    assert moved.shape == (1, BOTTLENECK, 8, 8)
    left, right = pixels[0, :, :, :3].mean((1, 2)), pixels[0, :, :, 5:].mean((1, 2))
    assert left[0] > left[2] + 0.5 and right[2] > right[0] + 0.5


def test_the_output_that_equals_the_exemplar_is_consistent() -> None:
    model = Nerk()
    maps, queries = model.colorize.encode(torch.rand(1, 1, 64, 64))
    picture, other = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64)
    here, there = (model.transferred(maps, queries, p) for p in (picture, other))
    assert losses.texture_consistency(here, here) == 0
    assert losses.texture_consistency(here, there) > 1e-5


def trained(recipe: Recipe, only: str, steps: int) -> tuple[list[float], Tensor | None]:
    """`only` one term for some steps on one batch; its values, and the last critic's worth."""
    torch.manual_seed(0)
    on = dict.fromkeys(recipe.terms_logged, True)
    optimizer = torch.optim.AdamW(recipe.generator.parameters(), 3e-4)
    pictures = few_pictures(size=64)
    smooth = F.interpolate(torch.rand(4, 3, 4, 4), (64, 64), mode="bicubic").clamp(0, 1)
    pictures.images = (smooth * 255).byte()
    batch = recipe.batch(pictures, 2, 64, 1.0, 1)
    seen = []
    for step in range(steps):
        term = recipe.terms(batch, on, step)[only]
        seen.append(float(term.detach()))
        optimizer.zero_grad()
        term.backward()
        optimizer.step()
    return seen, recipe.critic(batch)


@pytest.mark.parametrize(
    ("method", "term"),
    [
        ("nerk", "rec"),
        ("nerk", "texture"),
        ("nerk", "adv"),
        ("palette", "rec"),
        ("palette", "adv"),
    ],
)
def test_every_loss_is_there_and_can_be_lowered(method: str, term: str) -> None:
    config = load_config(method)
    torch.manual_seed(0)
    recipe = recipe_for(config, None, CPU)
    assert set(config.weights) == set(config.begins) == set(recipe.terms_logged)
    seen, critic = trained(recipe, term, 16)
    assert seen[0] > 1e-4 and min(seen) < 0.95 * seen[0], seen
    assert critic is not None and critic > 0


def test_the_critic_teaches_the_discriminator_to_tell_them_apart() -> None:
    torch.manual_seed(0)
    recipe = recipe_for(load_config("palette"), None, CPU)
    batch = recipe.batch(few_pictures(size=64), 2, 64, 1.0, 1)
    assert recipe.discriminator is not None
    optimizer = torch.optim.AdamW(recipe.discriminator.parameters(), 1e-3)
    worths = []
    for step in range(8):
        with torch.no_grad():
            recipe.terms(batch, {"rec": True, "adv": False}, step)
        worth = recipe.critic(batch)
        assert worth is not None
        optimizer.zero_grad()
        worth.backward()
        optimizer.step()
        worths.append(float(worth.detach()))
    assert worths[-1] < 0.8 * worths[0]


@pytest.mark.parametrize("name", ["nerk", "nerk_channels", "palette"])
def test_an_export_agrees_with_pytorch_and_can_be_judged(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = load_config(name)
    method = method_of(config.method)
    worst = export(method, method.build(config), config, {}, tmp_path)
    assert worst["colour"] < 1e-3 and worst["colour shipped"] < LARGEST_SHIPPED
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["method"] == config.method
    assert manifest.get("attention") == config.options.get("attention")
    write_card(tmp_path, config, manifest)
    card = (tmp_path / "CARD.md").read_text()
    assert "$" not in card and f"{manifest['graphs']['colorize']['bytes'] / 1e6:.1f} MB" in card
    write_figures(tmp_path, "| a | table |")
    assert (
        "<!-- figures -->\n| a | table |\n<!-- /figures -->" in (tmp_path / "CARD.md").read_text()
    )
    colorize = shipped(tmp_path)
    sketch = np.ones((64, 96), np.float32)
    reference = np.random.default_rng(0).random((64, 96, 3), np.float32)
    assert colorize(sketch, reference).shape == (64, 96, 3)
    for compared in baselines_of(tmp_path).values():
        assert compared(sketch, reference).shape == (64, 96, 3)


def test_bands_are_as_high_as_the_palettes_own() -> None:
    palette = torch.arange(4.0).view(1, 4, 1, 1).expand(1, 4, 4, 3)
    rows = palette_pictures(palette, torch.zeros(1, 1, 96, 32))[0, 0, :, 0]
    assert rows.tolist() == [band for band in range(4) for _ in range(24)]
