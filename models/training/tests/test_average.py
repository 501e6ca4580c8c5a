"""What the mean of networks promises."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from training.average import mean_of, part, weights_of
from training.config import load_config


def test_the_mean_counts_each_network_by_its_share() -> None:
    a = {"weight": torch.tensor([0.0, 4.0])}
    b = {"weight": torch.tensor([4.0, 0.0])}
    assert torch.equal(mean_of([(a, 3.0), (b, 1.0)])["weight"], torch.tensor([1.0, 3.0]))


def test_parts_that_keep_still_are_the_first_networks() -> None:
    a = {"find.weight": torch.zeros(1), "paint.weight": torch.zeros(1)}
    b = {"find.weight": torch.ones(1), "paint.weight": torch.ones(1)}
    mean = mean_of([(a, 1.0), (b, 1.0)], ("find.",))
    assert (float(mean["find.weight"]), float(mean["paint.weight"])) == (0.0, 0.5)


def test_networks_of_other_shapes_have_no_mean() -> None:
    with pytest.raises(ValueError, match="different shapes"):
        mean_of([({"a": torch.zeros(2)}, 1.0), ({"a": torch.zeros(3)}, 1.0)])


def test_parts_are_folders_with_shares() -> None:
    assert part("runs/a:2.5") == (Path("runs/a"), 2.5)
    assert part("runs/a") == (Path("runs/a"), 1.0)
    for wrong in ("runs/a:-1", "runs/a:nan", ":2", "runs/a:much"):
        with pytest.raises(ValueError):
            part(wrong)


def test_of_a_run_its_moving_average_is_taken(tmp_path: Path) -> None:
    ema, fast = {"w": torch.ones(1)}, {"w": torch.zeros(1)}
    saved = {"ema": ema, "generator": fast, "step": 40, "spent_s": 90.0}
    torch.save(saved, tmp_path / "last.pt")
    weights, facts = weights_of(tmp_path, load_config("inkwash"))
    assert torch.equal(weights["w"], ema["w"])
    assert facts == {"step": 40, "spent_s": 90.0}
