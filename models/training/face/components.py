"""Stage I: five auto-encoders that write back the sketch they are shown, whatever its hand.

Input and target are the same drawing. Taught to mend drawings here, the vectors would hold what a
face should look like instead of what was drawn, and refinement would have nothing left to do.
"""

from __future__ import annotations

import copy
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ..train import autocast
from .batches import Draw, make
from .data import Faces
from .loop import Run, averaged, channels_last, cosine, optimizer, set_rate, setup, write_sheet
from .networks import Components
from .sketches import ANY, BAD, FAIR, grown
from .windows import PARTS, cut, laid

BATCH = 96
RATE = 1.2e-3
EMA = 0.998
INK = 5.0  # weight of a pixel of full ink; blank paper has 1
NEAR = 1.5  # and of paper close to it
ABSOLUTE = 1.0  # weight of the mean absolute difference beside the cross entropy
NOISE = 0.04  # of a vector's own spread: near vectors are near drawings


def sketch_loss(logits: Tensor, sketch: Tensor) -> Tensor:
    """Cross entropy and absolute difference, both weighted towards ink, which is rare."""
    ink = 1 - sketch
    weight = 1 + INK * ink + NEAR * (grown(ink, 5) - ink)
    entropy = F.binary_cross_entropy_with_logits(logits, ink, reduction="none")
    gap = (torch.sigmoid(logits) - ink).abs()
    return (weight * (entropy + ABSOLUTE * gap)).sum() / weight.sum()


def terms_of(model: Components, sketch: Tensor, precision: str) -> dict[str, Tensor]:
    """The loss of every part, by its name."""
    windows = cut(sketch)
    losses = {}
    for part in PARTS:
        component = model.of(part)
        seen = windows[part].contiguous(memory_format=torch.channels_last)
        with autocast(precision, sketch.device):
            vector = component.encoder(seen)
            spread = vector.detach().float().std(0, keepdim=True)
            noisy = vector + NOISE * spread * torch.randn_like(vector)
            logits = component.decoder.logits(noisy)
        losses[part] = sketch_loss(logits.float(), windows[part])
    return losses


@torch.no_grad()
def read_back(model: Components, sketch: Tensor) -> Tensor:
    """Sketches as their vectors say them, windows laid over the remainder."""
    vectors = model.encode(cut(sketch))
    return laid({part: model.of(part).decoder(vectors[part]) for part in PARTS})


def sheet(model: Components, held_out: Faces, path: Path) -> None:
    """Eight people: fair drawing, read back, bad drawing, read back."""
    device = held_out.pictures.device
    rng = torch.Generator(device).manual_seed(5)
    index = torch.arange(len(held_out), device=device)[:: max(1, len(held_out) // 8)][:8]
    columns = []
    for hand in (FAIR, BAD):
        sketch = make(held_out, index, hand, rng, clean=0.0, morphed=0.0).sketch
        columns += [sketch, read_back(model, sketch)]
    write_sheet([[c[k] for c in columns] for k in range(len(index))], path)


def train(
    faces: Faces,
    held_out: Faces,
    folder: Path,
    minutes: float,
    *,
    batch: int = BATCH,
    precision: str = "bf16",
    seed: int = 1,
    began: float,
) -> None:
    """Trains for `minutes` in all, all calls together; leaves components.pt in `folder`."""
    device = faces.pictures.device
    rng = setup(device, seed)
    model = Components().to(device)
    channels_last(model)
    ema = copy.deepcopy(model).eval()
    chosen = optimizer(model.parameters(), RATE, (0.9, 0.99), 1e-5)
    keep = {"model": model, "ema": ema, "optimizer": chosen}
    run = Run(folder, "components", minutes, keep, PARTS, began)
    draw = Draw(faces.weights, rng)
    while not run.over:
        rate = RATE * cosine(run.share, run.step)
        set_rate(chosen, rate)
        with torch.no_grad():
            sketch = make(faces, draw(batch), ANY, rng).sketch
        terms = terms_of(model, sketch, precision)
        chosen.zero_grad(set_to_none=True)
        torch.stack(list(terms.values())).sum().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        chosen.step()
        averaged(ema, model, min(EMA, (1 + run.step) / (10 + run.step)))
        run.note(terms, rate)
        if run.sheet_due():
            sheet(ema, held_out, folder / f"components-{run.step:06d}.png")
        run.save()
    run.save(always=True)


def trained(folder: Path, device: torch.device) -> Components:
    """The averaged networks of a finished stage I, frozen."""
    path = folder / "components.pt"
    if not path.exists():
        raise FileNotFoundError(f"{path}: train the components first")
    model = Components().to(device)
    model.load_state_dict(torch.load(path, map_location=device)["ema"])
    return model.eval().requires_grad_(False)
