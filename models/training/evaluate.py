"""The cards' tables: shipped models and the three baselines on val, by the protocol of MODELS.md.

    python -m training.evaluate scft --card
    python -m training.evaluate inkwash scft nerk palette --card

Runs the ONNX files through onnxruntime, at 256 px, with fixed seeds. Several models at once share
the baselines. With `--figures FILE` what has been measured is kept, and not measured again.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from .cards import write_figures
from .data import PictureSet, load
from .graphs import method_of
from .graphs.base import Colorizer
from .measures import (
    colour_regions,
    line_fidelity,
    ms_ssim,
    palette_distance,
    psnr,
    region_accuracy,
)
from .networks.squeezenet import Lpips, SqueezeNet
from .places import HEADS, HERE, SHARED, SQUEEZENET
from .protocol import KINDS, Trial, trials

SIZE = 256
COLUMNS = {
    "psnr": ("PSNR, dB ↑", "{:.2f}"),
    "ms_ssim": ("MS-SSIM ↑", "{:.3f}"),
    "lpips": ("LPIPS ↓", "{:.3f}"),
    "regions": ("region accuracy ↑", "{:.1%}"),
    "palette": ("palette distance ↓", "{:.4f}"),
    "lines": ("line fidelity ↑", "{:.3f}"),
}


def shipped(folder: Path, threads: int = 0) -> Colorizer:
    """The model in `folder` (manifest.json beside its graphs) as a function of two pictures.

    `threads` of each run; 0: as many as there are cores.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    manifest = json.loads((folder / "manifest.json").read_text())
    sessions = {
        name: onnxruntime.InferenceSession(
            str(folder / graph["file"]), options, providers=["CPUExecutionProvider"]
        )
        for name, graph in manifest["graphs"].items()
    }

    def run(name: str, inputs: dict[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
        outputs = list(manifest["graphs"][name]["outputs"])
        return dict(zip(outputs, sessions[name].run(outputs, inputs), strict=True))

    return method_of(manifest["method"]).colorizer(run, manifest)


def baselines_of(folder: Path) -> Mapping[str, Colorizer]:
    """What the model in `folder` is compared with."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return method_of(manifest["method"]).baselines


Figures = dict[str, dict[str, dict[str, float]]]
Scores = dict[str, dict[str, float]]


def scores_of(methods: dict[str, Colorizer], trial: Trial, kind: str, lpips: Lpips) -> Scores:
    """What each method makes of one trial, measured: scores[method][measure]."""
    sketch = np.ascontiguousarray(trial.sketch[0, 0].numpy())
    reference = np.ascontiguousarray(trial.reference[0].permute(1, 2, 0).numpy())
    target = np.ascontiguousarray(trial.target[0].permute(1, 2, 0).numpy())
    labels = colour_regions(target)
    scores: Scores = {}
    for method, colorize in methods.items():
        made = colorize(sketch, reference)
        score = scores[method] = {
            "palette": palette_distance(made, reference),
            "lines": line_fidelity(made, sketch),
        }
        if kind == "other":
            continue
        with torch.no_grad():
            planes = torch.from_numpy(made).permute(2, 0, 1)[None]
            score["lpips"] = float(lpips(planes, trial.target))
        score["psnr"] = psnr(made, target)
        score["ms_ssim"] = ms_ssim(made, target)
        score["regions"] = region_accuracy(made, target, labels)
    return scores


def means_of(every: list[Scores]) -> Scores:
    return {
        method: {name: float(np.mean([s[method][name] for s in every])) for name in measured}
        for method, measured in every[0].items()
    }


def loaded_lpips() -> Lpips:
    return Lpips(SqueezeNet(SQUEEZENET), HEADS)


def judged(
    methods: dict[str, Colorizer],
    pictures: PictureSet,
    kinds: tuple[str, ...],
    limit: int | None,
) -> tuple[Figures, dict[str, int]]:
    """-> figures[kind][method][measure], counts[kind]."""
    lpips = loaded_lpips()
    figures: Figures = {}
    counts = {}
    for kind in kinds:
        some = trials(pictures, kind, limit)
        counts[kind] = len(some)
        every = [scores_of(methods, trial, kind, lpips) for trial in tqdm(some, desc=kind)]
        figures[kind] = means_of(every)
    return figures, counts


@dataclass
class Bench:
    """What one process of many judges with."""

    methods: dict[str, Colorizer]
    trials: dict[str, list[Trial]]
    lpips: Lpips


_bench: Bench | None = None


def _open_bench(folders: list[Path], wanted: set[str], data: Path, limit: int | None) -> None:
    global _bench  # a worker's own, made once
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    every = {folder.name: shipped(folder, threads=1) for folder in folders}
    for folder in folders:
        every |= baselines_of(folder)
    pictures = load(data, "val", SIZE, 1, torch.device("cpu"))
    _bench = Bench(
        {name: run for name, run in every.items() if name in wanted},
        {kind: trials(pictures, kind, limit) for kind in KINDS},
        loaded_lpips(),
    )


def _score(which: tuple[str, int]) -> Scores:
    assert _bench is not None
    kind, k = which
    return scores_of(_bench.methods, _bench.trials[kind][k], kind, _bench.lpips)


def judged_by_many(
    folders: list[Path], wanted: set[str], data: Path, limit: int | None
) -> tuple[Figures, dict[str, int]]:
    """`judged` of shipped models and baselines, on all cores."""
    pictures = load(data, "val", SIZE, 1, torch.device("cpu"))
    counts = {kind: len(trials(pictures, kind, limit)) for kind in KINDS}
    work = [(kind, k) for kind in KINDS for k in range(counts[kind])]
    with ProcessPoolExecutor(
        os.cpu_count(), get_context("spawn"), _open_bench, (folders, wanted, data, limit)
    ) as pool:
        scores = list(tqdm(pool.map(_score, work, chunksize=4), total=len(work), desc="judging"))
    by_kind = {
        kind: [s for (k, _), s in zip(work, scores, strict=True) if k == kind] for kind in KINDS
    }
    return {kind: means_of(every) for kind, every in by_kind.items()}, counts


def table(figures: Figures, counts: dict[str, int]) -> str:
    """Markdown, the best of each kind and column in bold."""
    lines = ["| reference | method | " + " | ".join(t for t, _ in COLUMNS.values()) + " |"]
    lines.append("| --- | --- |" + " ---: |" * len(COLUMNS))
    for kind, methods in figures.items():
        for method, measured in methods.items():
            cells = []
            for name, (title, pattern) in COLUMNS.items():
                if name not in measured:
                    cells.append("-")
                    continue
                every = [m[name] for m in methods.values()]
                best = max(every) if "↑" in title else min(every)
                text = pattern.format(measured[name])
                cells.append(f"**{text}**" if measured[name] == best else text)
            lines.append(f"| {kind} (n = {counts[kind]}) | {method} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", nargs="+", help="ids of models, folders of --models")
    parser.add_argument("--models", type=Path, default=HERE.parent)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--limit", type=int, default=None, help="pictures of each kind")
    parser.add_argument("--card", action="store_true", help="write the tables into CARD.md")
    parser.add_argument("--figures", type=Path, default=None, help="JSON file to keep them in")
    words = parser.parse_args()
    folders = {model: words.models / model for model in words.model}
    beside = {model: baselines_of(folder) for model, folder in folders.items()}
    every = {*folders, *(name for baselines in beside.values() for name in baselines)}
    figures: Figures = {kind: {} for kind in KINDS}
    if words.figures is not None and words.figures.exists():
        figures = json.loads(words.figures.read_text())
    wanted = every - figures[KINDS[0]].keys()
    fresh, counts = judged_by_many(list(folders.values()), wanted, words.data, words.limit)
    figures = {kind: figures[kind] | fresh[kind] for kind in KINDS}
    if words.figures is not None:
        words.figures.write_text(json.dumps(figures, indent=2) + "\n")
    for model, folder in folders.items():
        names = (model, *beside[model])
        text = table({k: {n: figures[k][n] for n in names} for k in KINDS}, counts)
        print(text)
        if words.card:
            write_figures(folder, text)


if __name__ == "__main__":
    main()
