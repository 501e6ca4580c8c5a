"""The training loop all models share. Read it top to bottom.

python -m training.train scft --minutes 90
python -m training.train scft --minutes 90 --data ~/my-pictures --run mine
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from .config import Config, Stage, load_config
from .data import PictureSet, load
from .networks.squeezenet import SqueezeNet
from .places import RUNS, SHARED, SQUEEZENET
from .protocol import trials
from .recipes import recipe_for
from .recipes.base import Recipe
from .shipped import network_of
from .threads import CoreSharer

SHEET_EVERY_S = 360
SAVE_EVERY_S = 240


def precision_on(device: torch.device) -> str:
    """bf16 on a GPU. A CPU has fp32: the slopes of convolutions in bf16 are not always finite there
    (PyTorch 2.15), and hardly sooner ready."""
    return "bf16" if device.type == "cuda" else "fp32"


def autocast(precision: str, device: torch.device) -> AbstractContextManager[Any]:
    if precision == "fp32":
        return nullcontext()
    kind = torch.bfloat16 if precision == "bf16" else torch.float16
    return torch.autocast(device.type, dtype=kind)


def averaged(ema: nn.Module, model: nn.Module, decay: float) -> None:
    slow: list[torch.Tensor] = list(ema.parameters())
    fast: list[torch.Tensor] = list(model.parameters())
    with torch.no_grad():
        torch._foreach_mul_(slow, decay)
        torch._foreach_add_(slow, fast, alpha=1 - decay)


def later(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages of a network that is trained already: without the first, smallest pictures, which
    would only make it forget the fine ones."""
    if len(stages) == 1:
        return stages
    begin = stages[1][0]
    return tuple(((s[0] - begin) / (1 - begin), *s[1:]) for s in stages[1:])


def check(
    recipe: Recipe, model: nn.Module, pictures: PictureSet, path: Path, limit: int = 32
) -> dict[str, float]:
    """Mean PSNR on val, same and cross, and a sheet: drawing, reference, result, target."""
    device = recipe.device
    figures, rows = {}, []
    for kind in ("same", "cross"):
        scores = []
        for k, trial in enumerate(trials(pictures, kind, limit)):
            with torch.no_grad():
                made = recipe.colour(model, trial.sketch.to(device), trial.reference.to(device))
            made = made.float().cpu()
            error = float(((made - trial.target.cpu()) ** 2).mean())
            scores.append(-10 * math.log10(max(error, 1e-10)))
            if k % 3 == 0:
                sketch = trial.sketch.cpu().expand(-1, 3, -1, -1)
                row = torch.cat([sketch, trial.reference.cpu(), made, trial.target.cpu()], dim=3)
                rows.append(row[0])
        figures[kind] = float(np.mean(scores))
    half = len(rows) // 2
    sheet = torch.cat([torch.cat(rows[:half], dim=1), torch.cat(rows[half : 2 * half], dim=1)], 2)
    array = (sheet.permute(1, 2, 0).numpy()[:, :, ::-1] * 255 + 0.5).astype(np.uint8)
    cv2.imwrite(str(path), array)
    return figures


def train(
    config: Config,
    pictures: PictureSet,
    held_out: PictureSet | None,
    run: Path,
    minutes: float,
    device: torch.device,
    *,
    start: nn.Module | None = None,
    size: int | None = None,
    steps: int | None = None,
    rate: float | None = None,
    precision: str | None = None,
    lessons: Path | None = None,
) -> None:
    """Trains for `minutes` of wall clock, all calls of one run together; resumes `run`.

    `start` is a generator to begin a new run from, `rate` another learning rate than the config's;
    `held_out` is what sheets are made of, `lessons` a file that lessons.py wrote. With `steps` the
    schedule follows them, and the run ends with them if `minutes` last. `precision` is
    `precision_on` the device if not given.
    """
    precision = precision or precision_on(device)
    torch.manual_seed(config.seed)
    run.mkdir(parents=True, exist_ok=True)
    # Without the loss network's weights the terms that need them are left out.
    features = SqueezeNet(SQUEEZENET).to(device) if SQUEEZENET.exists() else None

    recipe = recipe_for(config, features, device)
    if lessons is not None:
        recipe.keep(lessons)
    generator, discriminator = recipe.generator, recipe.discriminator
    last = run / "last.pt"
    if start is not None:
        generator.load_state_dict(start.state_dict())
    elif not last.exists():
        recipe.begin()
    ema = copy.deepcopy(generator).eval()
    on_gpu = device.type == "cuda"
    words: dict[str, Any] = {"fused": True} if on_gpu else {}
    if on_gpu:
        torch.backends.cudnn.benchmark = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cuda.matmul.allow_tf32 = True
    stages, top_rate = config.stages_on(device.type), rate or config.rate_on(device.type)
    if start is not None:
        stages = later(stages)
    g_optimizer = torch.optim.AdamW(generator.parameters(), top_rate, (0.9, 0.99), **words)
    scaler = torch.cuda.amp.GradScaler(enabled=precision == "fp16")
    keep: dict[str, Any] = {
        "generator": generator,
        "ema": ema,
        "g_optimizer": g_optimizer,
        "scaler": scaler,
    }
    d_optimizer: torch.optim.Optimizer | None = None
    if discriminator is not None:
        d_optimizer = torch.optim.AdamW(
            discriminator.parameters(), config.discriminator_rate, (0.5, 0.99), **words
        )
        keep |= {"discriminator": discriminator, "d_optimizer": d_optimizer}
    step, spent_s, seen = 0, 0.0, 0
    if last.exists():
        saved = torch.load(last, map_location=device)
        for name, part in keep.items():
            part.load_state_dict(saved[name])
        step, spent_s, seen = saved["step"], saved["spent_s"], saved["seen"]

    def save() -> None:
        state = {name: part.state_dict() for name, part in keep.items()}
        state |= {"step": step, "spent_s": spent_s, "seen": seen, "config": vars(config)}
        torch.save(state, run / "last.tmp")
        (run / "last.tmp").replace(last)

    budget_s = minutes * 60
    last_sheet = last_save = spent_s
    columns = ["step", "minutes", "size", "rate", *recipe.terms_logged, "disc"]
    log_path = run / "losses.csv"
    fresh = not log_path.exists()
    with (
        log_path.open("a", newline="") as log_file,
        tqdm(total=int(budget_s), unit="s", mininterval=5) as bar,
    ):
        log = csv.DictWriter(log_file, columns, restval="")
        if fresh:
            log.writeheader()
        sums: dict[str, list[torch.Tensor]] = {}
        began = time.monotonic() - spent_s
        cores = CoreSharer()
        while spent_s < budget_s and (steps is None or step < steps):
            if device.type == "cpu":
                cores.adjust()

            # where in the schedule we are: everything follows the share of the budget spent
            share = spent_s / budget_s if steps is None else step / steps
            _, px, count, crop_least = [s for s in stages if s[0] <= share][-1]
            px = size or px
            on = {name: share >= begin for name, begin in config.begins.items()}
            cosine = 0.5 + 0.5 * math.cos(math.pi * share)
            rate_now = top_rate * (config.final_rate + (1 - config.final_rate) * cosine)
            rate_now *= min(1, (step + 1) / config.warmup_steps)
            for group in g_optimizer.param_groups:
                group["lr"] = rate_now

            batch = recipe.batch(pictures, count, px, crop_least, config.seed * 1_000_003 + step)

            # the generator's step
            if discriminator is not None:
                discriminator.requires_grad_(False)
            with autocast(precision, device):
                terms = recipe.terms(batch, on, step)
            total = torch.stack([config.weights[n] * t for n, t in terms.items()]).sum()
            g_optimizer.zero_grad(set_to_none=True)
            scaler.scale(total).backward()
            scaler.unscale_(g_optimizer)
            nn.utils.clip_grad_norm_(generator.parameters(), 30.0)
            scaler.step(g_optimizer)
            averaged(ema, generator, min(config.ema, (1 + step) / (10 + step)))
            for name, term in terms.items():
                sums.setdefault(name, []).append(term.detach())  # read later: reading waits

            # the discriminator's step
            if discriminator is not None and d_optimizer is not None and on["adv"]:
                discriminator.requires_grad_(True)
                with autocast(precision, device):
                    worth = recipe.critic(batch)
                if worth is not None:
                    d_optimizer.zero_grad(set_to_none=True)
                    scaler.scale(worth).backward()
                    scaler.step(d_optimizer)
                    sums.setdefault("disc", []).append(worth.detach())
            scaler.update()

            step += 1
            seen += count
            now = time.monotonic() - began
            bar.update(min(int(now), int(budget_s)) - bar.n)
            spent_s = now
            if step % 50 == 0:
                means = {n: round(float(torch.stack(v).mean()), 5) for n, v in sums.items()}
                if not all(math.isfinite(mean) for mean in means.values()):
                    raise FloatingPointError(f"a loss is not finite near step {step}: {means}")
                bar.set_postfix(step=step, px=px, **{n: f"{v:.3g}" for n, v in means.items()})
                clock = {"step": step, "minutes": round(spent_s / 60, 2), "size": px}
                log.writerow(clock | {"rate": f"{rate_now:.2e}"} | means)
                log_file.flush()
                sums = {}
            over = spent_s >= budget_s or step == steps
            sheet_due = spent_s - last_sheet > SHEET_EVERY_S or over
            if sheet_due and held_out is not None:
                last_sheet = spent_s
                figures = check(recipe, ema, held_out, run / f"sheet-{step:06d}.png")
                with (run / "val.csv").open("a") as file:
                    minute = spent_s / 60
                    file.write(
                        f"{step},{minute:.1f},{figures['same']:.3f},{figures['cross']:.3f}\n"
                    )
            if spent_s - last_save > SAVE_EVERY_S or over:
                last_save = spent_s
                save()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("config", help="a file in configs/, without .py")
    parser.add_argument("--minutes", type=float, default=90, help="wall clock for the whole run")
    parser.add_argument("--data", type=Path, default=SHARED, help="any folder of pictures")
    parser.add_argument("--run", default=None, help="name of the run folder; resumes it")
    parser.add_argument("--from", dest="start", type=Path, help="model folder to begin from")
    parser.add_argument("--lessons", type=Path, help="what training.lessons wrote")
    parser.add_argument("--steps", type=int, default=None, help="let the schedule follow steps")
    parser.add_argument("--rate", type=float, default=None, help="highest learning rate")
    parser.add_argument("--size", type=int, default=None, help="one size instead of the stages'")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--precision",
        choices=("fp32", "bf16", "fp16"),
        help="if not given: bf16 on a GPU, fp32 else",
    )
    words = parser.parse_args()
    config = load_config(words.config)
    device = torch.device(words.device)
    val_data = SHARED if SHARED.exists() else words.data
    train(
        config,
        load(words.data, "train", config.cache_size, config.line_variants, device),
        load(val_data, "val", 256, 1, torch.device("cpu")),
        RUNS / (words.run or words.config),
        words.minutes,
        device,
        start=network_of(words.start, config) if words.start else None,
        size=words.size,
        steps=words.steps,
        rate=words.rate,
        precision=words.precision,
        lessons=words.lessons,
    )


if __name__ == "__main__":
    main()
