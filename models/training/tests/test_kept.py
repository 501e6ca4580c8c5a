"""What kept lessons promise."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.config import load_config
from training.kept import PARTS, Lessons, opened
from training.recipes import recipe_for
from training.recipes.inkwash import another_page_only
from training.tests.test_training import few_pictures, seeded

CPU = torch.device("cpu")
SIDE = 64


def some(count: int = 6) -> Lessons:
    """Whose lessons are their targets, and whose drawings are their targets' red."""
    target = torch.randint(256, (count, 3, SIDE // 2, SIDE // 2), generator=seeded())
    lesson = target.to(torch.uint8)
    large = lesson.repeat_interleave(2, 2).repeat_interleave(2, 3)
    return Lessons(large[:, :1].clone(), large, large.flip(0).clone(), lesson, CPU)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    some().save(tmp_path / "some.npz")
    again = opened(tmp_path / "some.npz", CPU)
    assert all(torch.equal(getattr(again, name), getattr(some(), name)) for name in PARTS)


def test_other_files_are_no_lessons(tmp_path: Path) -> None:
    known = {name: getattr(some(), name).numpy() for name in PARTS}
    wrongs = [
        {name: known[name] for name in PARTS[:3]},
        known | {"lesson": known["target"]},
        known | {"sketch": known["sketch"].astype(np.float32)},
        {name: known[name][:0] for name in PARTS},
    ]
    for k, wrong in enumerate(wrongs):
        path = tmp_path / f"{k}.npz"
        np.savez(path, **wrong)
        with pytest.raises(ValueError, match="no lessons"):
            opened(path, CPU)


def test_a_lesson_is_mirrored_with_its_drawing_and_not_with_its_reference() -> None:
    config = load_config("inkwash")
    options = config.options | {"frame_share": 0.0}
    batch = some().batch(24, options, 5)
    assert batch.lesson is not None
    assert torch.equal(batch.sketch, batch.target[:, :1])
    assert torch.equal(batch.lesson, batch.target[:, :, ::2, ::2])
    known = some().reference[:, :, ::2, ::2].float() / 255
    of = [(known - page[:, ::2, ::2]).abs().amax((1, 2, 3)).min() for page in batch.references[0]]
    mirrored = torch.stack(of) > 0
    assert 0 < mirrored.sum() < 24


def test_a_run_learns_from_kept_lessons_in_place_of_teachers(tmp_path: Path) -> None:
    some().save(tmp_path / "some.npz")
    config = load_config("inkwash")
    config = replace(config, options=config.options | {"teachers": {}, "kept_share": 1.0})
    recipe = recipe_for(config, None, CPU)
    recipe.keep(tmp_path / "some.npz")
    batch = recipe.batch(few_pictures(4), 2, SIDE, 0.8, 1)
    assert another_page_only(batch).all() and batch.lesson is not None
    terms = recipe.terms(batch, dict.fromkeys(config.begins, True), 0)
    assert terms["teach"] > 0.01
    assert all(bool(term.isfinite()) for term in terms.values())


def test_what_kept_lessons_never_show_is_shown_as_often_as_without_them(tmp_path: Path) -> None:
    some().save(tmp_path / "some.npz")
    config = load_config("inkwash")
    options = config.options | {"teachers": {}, "kept_share": 0.5, "second_share": 0.4}
    recipe = recipe_for(replace(config, options=options), None, CPU)
    pictures = few_pictures(4)
    seconds = []
    for keeps in (False, True):
        if keeps:
            recipe.keep(tmp_path / "some.npz")
        batches = [recipe.batch(pictures, 2, SIDE, 0.8, seed) for seed in range(60)]
        seconds.append(sum(len(batch.references) > 1 for batch in batches))
    assert seconds[0] > 10 and abs(seconds[0] - seconds[1]) < 10


def test_a_method_without_teachers_keeps_no_lessons(tmp_path: Path) -> None:
    recipe = recipe_for(load_config("scft"), None, CPU)
    with pytest.raises(ValueError, match="no teachers"):
        recipe.keep(tmp_path / "some.npz")
