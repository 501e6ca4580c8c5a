"""What adapting to one title is worth, on real pages. Minutes: only when asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training.config import load_config
from training.data import listed, read_bytes
from training.finetune import adapt, judge
from training.places import HERE, SHARED

EPISODE = "peppercarrot/ep14"  # held out: the shipped model has not seen it
UNSEEN = 2
MINUTES = 6.0


@pytest.mark.skipif("INKWASH_SLOW" not in os.environ, reason="takes minutes: set INKWASH_SLOW=1")
@pytest.mark.skipif(not (SHARED / "comic-pages.tar").exists(), reason="needs comic-pages.tar")
def test_an_adapted_model_colours_another_page_of_its_title_better(tmp_path: Path) -> None:
    pages = [p for p in listed(SHARED) if p.group == EPISODE and p.kind == "page"]
    assert len(pages) > UNSEEN
    for k, (picture, blob) in enumerate(read_bytes(SHARED, pages)):
        folder = tmp_path / ("unseen" if k < UNSEEN else "known")
        folder.mkdir(exist_ok=True)
        (folder / Path(picture.file).name).write_bytes(blob)
    own = {"id": "pepper", "title": "Pepper", "licence": "CC BY 4.0"}
    folder, training = adapt(tmp_path / "known", tmp_path / "run", own, MINUTES, precision="fp32")
    assert training["pages"] == len(pages) - UNSEEN
    models = {"shipped": HERE.parent / "inkwash", "pepper": folder}
    size = load_config("title").cache_size
    figures, counts = judge(models, tmp_path / "unseen", tmp_path / "known", size)
    print(figures, counts, training)
    shipped, adapted = figures["cross"]["shipped"], figures["cross"]["pepper"]
    assert adapted["psnr"] > shipped["psnr"]
    assert adapted["lpips"] < shipped["lpips"]
