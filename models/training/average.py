"""The mean of several trained networks of one kind: "model soups" (Wortsman et al. 2022).

Runs that began from one network lie in one valley, and their mean is often better than the best of
them; of two that are each better at something, it is a compromise that costs no time to run.

    python -m training.average inkwash --of inkwash:1 training/runs/mine:2 --run mixed
    python -m training.export inkwash --run mixed --to mixed
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .config import Config, load_config
from .places import RUNS
from .shipped import network_of

Weights = dict[str, Tensor]


def part(text: str) -> tuple[Path, float]:
    """`folder:share`, or a folder alone, whose share is 1. Raises ValueError for anything else."""
    name, colon, share = text.rpartition(":")
    if not colon:
        return Path(text), 1.0
    weight = float(share)
    if not (name and 0 < weight < float("inf")):
        raise ValueError(f"{text}: a share is a number above 0")
    return Path(name), weight


def weights_of(folder: Path, config: Config) -> tuple[Weights, dict[str, Any]]:
    """The weights in the folder of a run, its moving average, or of a model, from its ONNX files;
    and what is known of their training: step, spent_s."""
    last = folder / "last.pt"
    if last.exists():
        saved = torch.load(last, map_location="cpu")
        return saved["ema"], {"step": saved["step"], "spent_s": saved["spent_s"]}
    return network_of(folder, config).state_dict(), {"step": 0, "spent_s": 0.0}


def mean_of(every: Sequence[tuple[Weights, float]], still: tuple[str, ...] = ()) -> Weights:
    """The weighted mean; shares need not sum to one. Parts whose names begin with one of `still`
    are the first network's alone. Raises ValueError where networks differ."""
    first = every[0][0]
    shapes = {name: value.shape for name, value in first.items()}
    for weights, _ in every:
        if {name: value.shape for name, value in weights.items()} != shapes:
            raise ValueError("networks of different shapes have no mean")
    total = sum(share for _, share in every)
    return {
        name: first[name]
        if name.startswith(still)
        else torch.stack([w[name].double() * (s / total) for w, s in every])
        .sum(0)
        .to(first[name].dtype)
        for name in first
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("config")
    parser.add_argument("--of", nargs="+", required=True, type=part, help="folder:share ...")
    parser.add_argument("--run", required=True, help="name of the run folder to write")
    parser.add_argument(
        "--still", nargs="*", default=[], help="beginnings of names: parts of the first alone"
    )
    words = parser.parse_args()
    config = load_config(words.config)
    found = [(weights_of(folder, config), share) for folder, share in words.of]
    mean = mean_of([(weights, share) for (weights, _), share in found], tuple(words.still))
    run = RUNS / words.run
    run.mkdir(parents=True)  # never over a run that is there
    known = {key: sum(facts[key] for (_, facts), _ in found) for key in ("step", "spent_s")}
    torch.save({"ema": mean} | known, run / "last.pt")


if __name__ == "__main__":
    main()
