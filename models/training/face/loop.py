"""What both stages' loops share: the clock, checkpoints, averages, the log."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

SHEET_EVERY_S = 120
SAVE_EVERY_S = 150
LOG_EVERY = 50


def averaged(ema: nn.Module, model: nn.Module, decay: float) -> None:
    """ema <- decay * ema + (1 - decay) * model, buffers of numbers too."""
    slow = [*ema.parameters(), *(b for b in ema.buffers() if b.is_floating_point())]
    fast = [*model.parameters(), *(b for b in model.buffers() if b.is_floating_point())]
    with torch.no_grad():
        torch._foreach_mul_(slow, decay)
        torch._foreach_add_(slow, [f.detach() for f in fast], alpha=1 - decay)


def channels_last(module: nn.Module) -> None:
    """Lays convolution weights out as half-precision kernels like them."""
    for parameter in module.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)


def optimizer(
    parameters: Iterable[nn.Parameter], rate: float, betas: tuple[float, float], decay: float
) -> torch.optim.AdamW:
    listed = list(parameters)
    fused = {"fused": True} if listed[0].is_cuda else {}
    return torch.optim.AdamW(listed, rate, betas, weight_decay=decay, **fused)


def set_rate(chosen: torch.optim.Optimizer, rate: float) -> None:
    for group in chosen.param_groups:
        group["lr"] = rate


def cosine(share: float, step: int, final: float = 0.02, warmup: int = 200) -> float:
    """Factor of the learning rate at a share of the budget."""
    fall = final + (1 - final) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, share)))
    return fall * min(1.0, (step + 1) / warmup)


def setup(device: torch.device, seed: int) -> torch.Generator:
    """Fixed seed, fast single precision; the generator lives on the device."""
    torch.manual_seed(seed)
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    return torch.Generator(device).manual_seed(seed)


def write_sheet(rows: list[list[Tensor]], path: Path) -> None:
    """Rows of pictures [3 or 1, H, W] in [0, 1], all of one size, as one picture file."""
    lines = [torch.cat([p.float().cpu().expand(3, -1, -1) for p in row], dim=2) for row in rows]
    whole = torch.cat(lines, dim=1).clamp(0, 1)
    array = (whole.permute(1, 2, 0).numpy()[:, :, ::-1] * 255 + 0.5).astype(np.uint8)
    cv2.imwrite(str(path), array)


class Run:
    """One stage's progress: `minutes` of wall clock in all, resumed from <stage>.pt.

    `began` (time.monotonic) lets loading the data count as part of the budget.
    """

    def __init__(
        self,
        folder: Path,
        stage: str,
        minutes: float,
        keep: dict[str, Any],
        terms: tuple[str, ...],
        began: float,
    ) -> None:
        self.folder, self.stage, self.keep = folder, stage, keep
        self.columns = ["step", "minutes", "rate", *terms]
        self.budget_s = minutes * 60
        self.step, self.spent_before, self.began = 0, 0.0, began
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{stage}.pt"
        if self.path.exists():
            device = next(iter(keep.values())).parameters()
            saved = torch.load(self.path, map_location=next(device).device)
            for name, part in keep.items():
                part.load_state_dict(saved[name])
            self.step, self.spent_before = saved["step"], saved["spent_s"]
        self.sheet_at, self.saved_at = self.spent_s, self.spent_s
        self.sums: dict[str, Tensor] = {}
        self.counts: dict[str, int] = {}
        self.bar = tqdm(total=int(self.budget_s), unit="s", mininterval=5)

    @property
    def spent_s(self) -> float:
        return self.spent_before + time.monotonic() - self.began

    @property
    def share(self) -> float:
        return min(1.0, self.spent_s / self.budget_s)

    @property
    def over(self) -> bool:
        return self.spent_s >= self.budget_s

    def note(self, terms: dict[str, Tensor], rate: float) -> None:
        """Counts a step; every fiftieth is logged, and only then is the device waited for."""
        for name, value in terms.items():
            value = value.detach().float()
            self.sums[name] = self.sums[name] + value if name in self.sums else value
            self.counts[name] = self.counts.get(name, 0) + 1
        self.step += 1
        if self.step % LOG_EVERY and not self.over:
            return
        means = {name: float(total) / self.counts[name] for name, total in self.sums.items()}
        if not all(math.isfinite(value) for value in means.values()):
            raise FloatingPointError(f"{self.stage}: step {self.step}: {means}")
        row: dict[str, Any] = {"step": self.step, "minutes": round(self.spent_s / 60, 2)}
        row |= {"rate": f"{rate:.2e}"} | {name: f"{value:.5f}" for name, value in means.items()}
        path = self.folder / f"{self.stage}-losses.csv"
        fresh = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, self.columns, restval="")
            if fresh:
                writer.writeheader()
            writer.writerow(row)
        self.bar.update(min(int(self.spent_s), int(self.budget_s)) - self.bar.n)
        self.bar.set_postfix(step=self.step, **{k: f"{v:.3g}" for k, v in means.items()})
        self.sums, self.counts = {}, {}

    def sheet_due(self) -> bool:
        if self.over or self.spent_s - self.sheet_at > SHEET_EVERY_S:
            self.sheet_at = self.spent_s
            return True
        return False

    def save(self, always: bool = False) -> None:
        """Writes <stage>.pt whole or not at all, when it is due."""
        if not always and not self.over and self.spent_s - self.saved_at < SAVE_EVERY_S:
            return
        self.saved_at = self.spent_s
        state = {name: part.state_dict() for name, part in self.keep.items()}
        state |= {"step": self.step, "spent_s": self.spent_s}
        part = self.path.with_suffix(".tmp")
        torch.save(state, part)
        part.replace(self.path)
