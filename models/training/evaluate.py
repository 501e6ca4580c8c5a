"""The cards' tables: shipped models and the three baselines on val, by the protocol of MODELS.md.

    python -m training.evaluate scft --card
    python -m training.evaluate inkwash scft nerk palette --card

Runs the ONNX files through onnxruntime, at 256 px, with fixed seeds. Several models at once share
the baselines. With `--figures FILE` what has been measured is kept, and not measured again.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

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
from .protocol import KINDS, trials

SIZE = 256
COLUMNS = {
    "psnr": ("PSNR, dB ↑", "{:.2f}"),
    "ms_ssim": ("MS-SSIM ↑", "{:.3f}"),
    "lpips": ("LPIPS ↓", "{:.3f}"),
    "regions": ("region accuracy ↑", "{:.1%}"),
    "palette": ("palette distance ↓", "{:.4f}"),
    "lines": ("line fidelity ↑", "{:.3f}"),
}


def shipped(folder: Path) -> Colorizer:
    """The model in `folder` (manifest.json beside its graphs) as a function of two pictures."""
    manifest = json.loads((folder / "manifest.json").read_text())
    sessions = {
        name: onnxruntime.InferenceSession(
            str(folder / graph["file"]), providers=["CPUExecutionProvider"]
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


def judged(
    methods: dict[str, Colorizer],
    pictures: PictureSet,
    kinds: tuple[str, ...],
    limit: int | None,
) -> tuple[Figures, dict[str, int]]:
    """-> figures[kind][method][measure], counts[kind]."""
    features = SqueezeNet(SQUEEZENET)
    lpips = Lpips(features, HEADS)
    figures: Figures = {}
    counts = {}
    for kind in kinds:
        scores: dict[str, dict[str, list[float]]] = {m: defaultdict(list) for m in methods}
        some = trials(pictures, kind, limit)
        counts[kind] = len(some)
        for trial in tqdm(some, desc=kind):
            sketch = np.ascontiguousarray(trial.sketch[0, 0].numpy())
            reference = np.ascontiguousarray(trial.reference[0].permute(1, 2, 0).numpy())
            target = np.ascontiguousarray(trial.target[0].permute(1, 2, 0).numpy())
            labels = colour_regions(target)
            for method, colorize in methods.items():
                made = colorize(sketch, reference)
                score = scores[method]
                score["palette"].append(palette_distance(made, reference))
                score["lines"].append(line_fidelity(made, sketch))
                if kind == "other":
                    continue
                score["psnr"].append(psnr(made, target))
                score["ms_ssim"].append(ms_ssim(made, target))
                with torch.no_grad():
                    planes = torch.from_numpy(made).permute(2, 0, 1)[None]
                    score["lpips"].append(float(lpips(planes, trial.target)))
                score["regions"].append(region_accuracy(made, target, labels))
        figures[kind] = {
            method: {name: float(np.mean(values)) for name, values in score.items()}
            for method, score in scores.items()
        }
    return figures, counts


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
    every = {model: shipped(folder) for model, folder in folders.items()}
    for baselines in beside.values():
        every |= baselines
    figures: Figures = {kind: {} for kind in KINDS}
    if words.figures is not None and words.figures.exists():
        figures = json.loads(words.figures.read_text())
    wanted = {name: run for name, run in every.items() if name not in figures[KINDS[0]]}
    pictures = load(words.data, "val", SIZE, 1, torch.device("cpu"))
    fresh, counts = judged(wanted, pictures, KINDS, words.limit)
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
