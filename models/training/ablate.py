"""Which ideas of `inkwash` pay: short runs of equal steps, each without one of them.

    python -m training.ablate --steps 1500 --device cuda --table runs/ablations.md
    python -m training.ablate no-flow no-shuffle --steps 1500
    python -m training.ablate --shipped              # minutes on a CPU, trains nothing

Every run is judged on `val` by the network as it was trained. What a variant lacks is all that sets
it apart: same seed, same schedule, same pictures. `--shipped` instead switches parts of the shipped
network off, one at a time: what the others would have learned without it is not seen there.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from .config import Config, load_config
from .data import PictureSet, load
from .evaluate import COLUMNS, judged
from .graphs.base import Array, Colorizer
from .networks.inkwash import Inkwash
from .networks.ways import Refine
from .places import HERE, RUNS, SHARED
from .shipped import network_of
from .train import train

SHOWN = ("psnr", "ms_ssim", "lpips", "regions", "palette")
SIZE, COUNT, CROP = 128, 32, 0.6
MINUTES = 60.0  # a run that takes longer than that is stuck


def without(config: Config, *terms: str, **options: object) -> Config:
    weights = {name: 0.0 if name in terms else w for name, w in config.weights.items()}
    return dataclasses.replace(config, weights=weights, options=config.options | options)


def variants(config: Config) -> dict[str, Config]:
    """name -> config; the first is the whole method."""
    return {
        "whole": config,
        "no-fetch": without(config, "aim", "fetched", fetches=False),
        "no-match": without(config, "match"),
        "no-flow": without(config, "flow"),
        "no-low": without(config, "low"),
        "no-coarse": without(config, "coarse"),
        "no-lpips": without(config, "lpips"),
        "no-near": without(config, "near"),
        "no-lines": without(config, "lines"),
        "no-offered": without(config, "offered"),
        "no-teach": without(config, "teach", teachers={}),
        "no-shuffle": without(config, shuffle_share=0.0),
        "no-zoom": without(config, zoom_share=0.0),
        "no-drop": without(config, drop_share=0.0),
        "no-second": without(config, second_share=0.0),
        "only-self": dataclasses.replace(config, self_share=1.0),
        "only-cross": dataclasses.replace(config, self_share=0.0),
        "natural-colours": dataclasses.replace(
            config,
            natural_share=1.0,
            options=config.options | {"cross_natural_share": 1.0},
        ),
    }


def _silent(*layers: nn.Module) -> None:
    with torch.no_grad():
        for layer in layers:
            for parameter in layer.parameters():
                parameter.zero_()


def _unsettled(model: Inkwash) -> None:
    settle = model.colorize.lookup.settle.settle
    _silent(settle)
    with torch.no_grad():
        assert settle.bias is not None
        settle.bias[0] = 20.0  # each place's own way alone


def _unrefined(model: Inkwash) -> None:
    for refine in model.colorize.lookup.refine:
        assert isinstance(refine, Refine)
        _silent(refine.step)


def _unseen(model: Inkwash) -> None:
    told = model.colorize.guess
    _silent(model.reference.tell, model.colorize.tell, told.features, told.colour)


def _unguessed(model: Inkwash) -> None:
    _silent(model.colorize.guess.features, model.colorize.guess.colour)


def _bluntly(model: Inkwash) -> None:
    with torch.no_grad():
        model.colorize.edge_slope.zero_()


def _unevened(model: Inkwash) -> None:
    with torch.no_grad():
        model.colorize.evenness.zero_()


def _unfetched(model: Inkwash) -> None:
    model.colorize.fetches = False


PARTS: dict[str, Callable[[Inkwash], None]] = {
    "whole": lambda model: None,
    "without fetched pixels": _unfetched,
    "aims not settled with neighbours": _unsettled,
    "aims not refined": _unrefined,
    "aims not corrected": lambda model: _silent(model.colorize.lookup.correct),
    "one sharpness for all": _bluntly,
    "crowded places keep all": _unevened,
    "scenes only in queries and keys": _unguessed,
    "without scenes": _unseen,
    "without the drawing's mean": lambda model: _silent(model.colorize.whole),
}


def switched_off(folder: Path, held_out: PictureSet, limit: int) -> str:
    """The table of the model in `folder` with each of its parts off."""
    config = load_config("inkwash")
    trained = network_of(folder, config)
    methods = {}
    for name, switch_off in PARTS.items():
        model = copy.deepcopy(trained).eval()
        assert isinstance(model, Inkwash)
        switch_off(model)
        methods[name] = colorizer(model, torch.device("cpu"))
    figures, _ = judged(methods, held_out, ("same", "cross"), limit)
    return table({name: {kind: figures[kind][name] for kind in figures} for name in methods})


def colorizer(model: Inkwash, device: torch.device) -> Colorizer:
    def colorize(sketch: Array, reference: Array) -> Array:
        drawn = torch.from_numpy(sketch)[None, None].to(device)
        given = torch.from_numpy(reference.transpose(2, 0, 1).copy())[None].to(device)
        with torch.no_grad():
            made = model(drawn, given)
        return np.ascontiguousarray(made[0].float().cpu().permute(1, 2, 0).numpy())

    return colorize


def table(rows: dict[str, dict[str, dict[str, float]]]) -> str:
    heads = [COLUMNS[name][0] for name in SHOWN]
    lines = [
        "| variant | " + " | ".join(f"{k} {h}" for k in ("same", "cross") for h in heads) + " |"
    ]
    lines.append("| --- |" + " ---: |" * (2 * len(heads)))
    for name, kinds in rows.items():
        cells = [COLUMNS[m][1].format(kinds[k][m]) for k in ("same", "cross") for m in SHOWN]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("variant", nargs="*", help="those to run; all by default")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--limit", type=int, default=96, help="pictures of each kind to judge by")
    parser.add_argument("--figures", type=Path, default=RUNS / "ablations.json")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--shipped", action="store_true", help="switch parts off instead")
    words = parser.parse_args()
    torch.set_num_threads(2)
    if words.shipped:
        every_val = load(SHARED, "val", 256, 1, torch.device("cpu"))
        print(switched_off(HERE.parent / "inkwash", every_val, words.limit))
        return
    device = torch.device(words.device)
    stages = ((0.0, SIZE, COUNT, CROP),)
    base = load_config("inkwash")
    base = dataclasses.replace(base, stages=stages, cuda_stages=stages)
    # The finished network would teach what its parts are to show.
    others = {k: n for k, n in base.options["teachers"].items() if k != base.method}
    base = without(base, teachers=others)
    every = variants(base)
    pictures = load(SHARED, "train", base.cache_size, base.line_variants, device)
    held_out = load(SHARED, "val", 256, 1, torch.device("cpu"))
    for name in words.variant or every:
        run = RUNS / f"ablation-{name}"
        config = every[name]
        train(config, pictures, None, run, MINUTES, device, steps=words.steps)
        model = Inkwash(config.key_width, config.width, config.options["fetches"])
        model.load_state_dict(torch.load(run / "last.pt", map_location="cpu")["ema"])
        paint = colorizer(model.to(device).eval(), device)
        figures, _ = judged({name: paint}, held_out, ("same", "cross"), words.limit)
        known = json.loads(words.figures.read_text()) if words.figures.exists() else {}
        known[name] = {kind: figures[kind][name] for kind in figures}
        words.figures.write_text(json.dumps(known, indent=2) + "\n")
        print(table(known))


if __name__ == "__main__":
    main()
