"""What the batches of `inkwash` promise, on tiny pictures: seconds, no data."""

from __future__ import annotations

import dataclasses

import torch

from training.config import load_config
from training.guidance import GuidedBatch, guided_batch, model_sheets, repainted, shuffled
from training.recipes.inkwash import another_page_only
from training.tests.test_training import few_pictures, seeded


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


def test_two_sheets_of_a_page_show_all_of_it_once() -> None:
    pages = torch.rand(2, 3, 8, 10, generator=seeded())
    left, right = model_sheets(pages, torch.tensor([0.3, 0.5]))
    assert torch.equal(torch.minimum(left, right), pages)
    assert torch.equal(left[0, :, :, :3], pages[0, :, :, :3]) and (left[0, :, :, 3:] == 1).all()
    assert torch.equal(right[1, :, :, 5:], pages[1, :, :, 5:]) and (right[1, :, :, :5] == 1).all()


def test_another_page_may_come_as_two_sheets_and_a_copy_never_does() -> None:
    config = load_config("inkwash")
    options = config.options | {
        "second_share": 1.0,
        "sheet_share": 1.0,
        "shuffle_share": 0.0,
        "cross_natural_share": 1.0,
    }
    batch = guided_batch(
        few_pictures(8),
        8,
        64,
        0.8,
        3,
        self_share=0.5,
        natural_share=1.0,
        warp_reach=0.2,
        options=options,
    )
    white = (batch.references == 1).all(2).float().mean((2, 3))  # [references, N]
    assert (white[:, :4] < 0.25).all()
    assert (white[:, 4:] > 0.25).all() and (batch.reference_weights[:, 4:] == 1).all()


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


def test_a_batch_may_hold_no_copies_at_all() -> None:
    config = load_config("inkwash")
    batch = guided_batch(
        few_pictures(8),
        4,
        64,
        0.8,
        3,
        self_share=0.0,
        natural_share=1.0,
        warp_reach=0.2,
        options=config.options,
    )
    assert batch.self_count == 0 and len(batch.target) == 4
