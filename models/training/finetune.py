"""Adapts `inkwash` to one title from 1 to 10 of its coloured pages, in minutes on a CPU.

    python -m training.finetune ~/pages --id my-comic --title "My comic" --pack my-comic.zip
    inkwash models add my-comic.zip

Every page is cut into panels-sized squares, all of them references to each other. With
`--judge FOLDER` (other coloured pages of the title, not trained on) the card says what was gained.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .config import load_config
from .data import SUFFIXES, PictureSet, decode, drawn, resized
from .evaluate import Figures, judged, shipped, table
from .export import export, pack
from .graphs import method_of
from .places import HERE, RUNS
from .shipped import network_of
from .train import train

LEAST_PAGES, MOST_PAGES = 1, 10
SQUARES = 24  # cut from each page to train on
JUDGED = 12  # and to judge by
STEPS = 90  # of a handful of pages; three times as many were worse on other pages of the title


def page_squares(
    rgb: NDArray[np.uint8], count: int, rng: np.random.Generator
) -> list[NDArray[np.uint8]]:
    """Squares of a third to nine tenths of a page's shorter side, anywhere on it."""
    h, w = rgb.shape[:2]
    side = min(h, w)
    cuts = []
    for _ in range(count):
        s = int(rng.integers(int(side * 0.33), int(side * 0.9)))
        y, x = int(rng.integers(h - s + 1)), int(rng.integers(w - s + 1))
        cuts.append(np.ascontiguousarray(rgb[y : y + s, x : x + s]))
    return cuts


def pages_of(
    folder: Path, size: int, variants: int, count: int, device: torch.device
) -> PictureSet:
    """`count` squares of each coloured page in `folder`, one group, drawn in `variants` ways."""
    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)
    images, lines, files = [], [], []
    for path in paths:
        rgb = decode(path.read_bytes())
        seed = int(hashlib.sha256(path.name.encode()).hexdigest()[:12], 16)
        rng = np.random.default_rng(seed)
        for cut in page_squares(rgb, count, rng):
            images.append(resized(cut, size))
            lines.append(drawn(cut, size, variants, rng))
            files.append(path.name)
    if not images:
        raise FileNotFoundError(f"{folder} has no pictures; expected {sorted(SUFFIXES)}")
    single = len(paths) == 1
    partners = [
        [j for j in range(len(files)) if j != i and (single or files[j] != files[i])]
        for i in range(len(files))
    ]
    planes = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous()
    arts = torch.from_numpy(np.stack(lines))
    return PictureSet(planes.to(device), arts.to(device), files, ["title"] * len(files), partners)


def judge(
    models: dict[str, Path], unseen_pages: Path, known_pages: Path, size: int
) -> tuple[Figures, dict[str, int]]:
    """Squares of unseen pages, each coloured from a square of a known page: the card's figures."""
    cpu = torch.device("cpu")
    pages = pages_of(unseen_pages, size, 1, JUDGED, cpu)
    known = pages_of(known_pages, size, 1, JUDGED, cpu)
    every = PictureSet(
        torch.cat([pages.images, known.images]),
        torch.cat([pages.lines[:, :1], known.lines[:, :1]]),
        pages.files + known.files,
        pages.groups + known.groups,
        [list(range(len(pages.files), len(pages.files) + len(known.files)))] * len(pages.files)
        + [[]] * len(known.files),
    )
    methods = {name: shipped(folder) for name, folder in models.items()}
    return judged(methods, every, ("cross",), None)


def adapt(
    pages: Path,
    run: Path,
    own: dict[str, str],
    minutes: float,
    *,
    base: Path = HERE.parent / "inkwash",
    device: torch.device | None = None,
    precision: str | None = None,
) -> tuple[Path, dict[str, int]]:
    """Trains the model in folder `base` on the coloured pages in `pages`, `minutes` at most, and
    exports it.

    `own`: id, title and licence for its manifest. -> its folder, inside `run`, and what the
    manifest says of the training.
    """
    config = load_config("title")
    device = device or torch.device("cpu")
    known = pages_of(pages, config.cache_size, config.line_variants, SQUARES, device)
    start = network_of(base, config)
    train(config, known, None, run, minutes, device, start=start, steps=STEPS, precision=precision)
    saved = torch.load(run / "last.pt", map_location="cpu")
    method = method_of(config.method)
    model = method.build(config)
    model.load_state_dict(saved["ema"])
    training = {
        "steps": saved["step"],
        "minutes": round(saved["spent_s"] / 60),
        "pages": len(set(known.files)),
    }
    export(method, model, config, training, run / "model", own)
    return run / "model", training


CARD = """# {title}

`inkwash` adapted to one title: {pages} coloured pages, {minutes} minutes of training from version
{base} of the shipped model. Rights in these weights follow the rights in the pages; they are meant
for drawings of the same title. What the shipped model's card says of its data and biases holds
here too.

Unseen pages of the title, each with a part of a known page as reference:

<!-- figures -->
{figures}
<!-- /figures -->
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("pages", type=Path, help="folder of 1 to 10 coloured pages")
    parser.add_argument("--id", required=True, help="what the model is called in the shell")
    parser.add_argument("--title", required=True, help="what it is called in the window")
    parser.add_argument("--pack", type=Path, required=True, help="model pack to write")
    parser.add_argument("--judge", type=Path, help="folder of other coloured pages")
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--base", type=Path, default=HERE.parent / "inkwash")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--precision",
        choices=("fp32", "bf16", "fp16"),
        help="if not given: bf16 on a GPU, fp32 else",
    )
    words = parser.parse_args()
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", words.id):
        parser.error("--id: small letters, digits and hyphens, at most 32")
    found = [p for p in words.pages.iterdir() if p.suffix.lower() in SUFFIXES]
    if not LEAST_PAGES <= len(found) <= MOST_PAGES:
        parser.error(f"{words.pages}: {len(found)} pictures; 1 to 10 coloured pages are wanted")

    own = {"id": words.id, "title": words.title, "licence": "as the pages it was adapted to"}
    folder, training = adapt(
        words.pages,
        RUNS / words.id,
        own,
        words.minutes,
        base=words.base,
        device=torch.device(words.device),
        precision=words.precision,
    )
    figures = "Not judged: no other pages were given."
    if words.judge is not None:
        models = {"shipped": words.base, words.id: folder}
        size = load_config("title").cache_size
        figures = table(*judge(models, words.judge, words.pages, size))
        print(figures)
    version = json.loads((words.base / "manifest.json").read_text())["version"]
    text = CARD.format(
        title=words.title,
        pages=training["pages"],
        minutes=training["minutes"],
        base=version,
        figures=figures,
    )
    (folder / "CARD.md").write_text(text)
    pack(folder, words.pack)
    print(f"{words.pack}: {training['steps']} steps")


if __name__ == "__main__":
    main()
