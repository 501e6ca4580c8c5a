"""Lessons painted once and kept: a drawing, another page as reference, and what teachers.py makes
of them.

Painting a lesson takes two cores longer than learning from it does: a run that keeps its lessons
sees each several times, mirrored anew and in other frames, and takes more steps than one that has
new ones painted at every step.

    python -m training.lessons inkwash --minutes 10 --to lessons.npz
    python -m training.train inkwash --from inkwash --minutes 70 --lessons lessons.npz
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from .config import Config, load_config
from .data import PictureSet, load
from .guidance import guided_batch
from .kept import Lessons
from .places import HERE, SHARED
from .teachers import Teachers

PX = 192  # side of what is kept
EACH = 4  # pairs drawn at a time
CROP_LEAST = 0.72
ALONE = {
    "drop_share": 0.0,
    "second_share": 0.0,
    "palette_share": 0.0,
    "hint_share": 0.0,
    "pin_share": 0.0,
    "frame_share": 0.0,  # laid when they are used
}


def bytes_of(picture: Tensor) -> Tensor:
    return (picture.clamp(0, 1) * 255).round().to(torch.uint8).cpu()


def kept(
    config: Config, pictures: PictureSet, minutes: float, seed: int, device: torch.device
) -> Lessons:
    """As many lessons as `minutes` give, by the teachers the config names. Raises ValueError where
    no picture has company."""
    if not any(pictures.partners):
        raise ValueError("a lesson needs two pictures of one story, in one folder")
    teachers = Teachers(config.options["teachers"], HERE.parent, device)
    every: list[list[Tensor]] = [[], [], [], []]
    end = time.monotonic() + minutes * 60
    with tqdm(unit="pair", mininterval=5) as bar:
        while not every[0] or time.monotonic() < end:
            draw = seed * 1_000_003 + len(every[0])
            batch = guided_batch(
                pictures,
                EACH,
                PX,
                CROP_LEAST,
                draw,
                self_share=0.0,
                natural_share=config.natural_share,
                warp_reach=config.warp_reach,
                options=config.options | ALONE,
            )
            sketch, reference = batch.sketch, batch.references[0]
            generator = torch.Generator().manual_seed(draw)
            lesson = teachers.lesson(sketch, reference, config.options["lesson_moved"], generator)
            for parts, made in zip(every, (sketch, batch.target, reference, lesson), strict=True):
                parts.append(bytes_of(made))
            bar.update(EACH)
    drawings, targets, pages, lessons = (torch.cat(parts) for parts in every)
    return Lessons(drawings, targets, pages, lessons, torch.device("cpu"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("config")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--to", type=Path, required=True, help="the file to write, .npz")
    parser.add_argument("--data", type=Path, default=SHARED, help="any folder of pictures")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other pairs")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    words = parser.parse_args()
    config, device = load_config(words.config), torch.device(words.device)
    pictures = load(words.data, "train", config.cache_size, config.line_variants, device)
    made = kept(config, pictures, words.minutes, words.seed, device)
    made.save(words.to)
    print(f"{len(made.sketch)} lessons in {words.to}")


if __name__ == "__main__":
    main()
