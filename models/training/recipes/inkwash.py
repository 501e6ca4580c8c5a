"""The objective of `inkwash`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..data import PictureSet
from ..guidance import GuidedBatch, guided_batch
from ..kept import Lessons, opened
from ..losses import log_error, lost_lines, off_colour, palette_gap, structure
from ..networks.efficientnet import pretrained
from ..networks.inkwash import TOKEN_STRIDE, Inkwash, Painted
from ..networks.scft import tokens
from ..networks.squeezenet import Lpips, SqueezeNet
from ..networks.tables import to_rows
from ..places import HEADS, HERE
from ..teachers import Teachers
from .base import Recipe

SPREAD = 0.1  # deviation of a colour around a token's, sRGB
AIM_WITHIN = 24.0  # half-size pixels; colours from farther off than that say nothing
AIM_NEAR = 4.0  # half-size pixels within which distances count in full
STEPS = (0.4, 0.6, 0.8, 1.0)  # how much each step of an aim counts
# What kept lessons never show is drawn the oftener beside them: a run without forgot, in an hour,
# to tell two references apart.
GUIDES = ("second_share", "hint_share", "pin_share", "palette_share")
OUTLIER = 0.05  # likelihood of any colour where no token has it


def mixture(attention: Tensor, target: Tensor, offered: Tensor) -> Tensor:
    """Mean negative log likelihood of every place's colour under the colours it attends to.

    attention [N, Q, T + 1], the last for none; target [N, Q, 3]; offered [N, T, 3].
    """
    apart = torch.cdist(target, offered).pow(2)
    alike = torch.exp(apart / (-2 * SPREAD**2))
    likely = (attention[:, :, :-1] * alike).sum(2) + OUTLIER * attention[:, :, -1]
    return -(likely + 1e-4).log().mean()


def flow(attention: Tensor, grid: Tensor, holds: Tensor) -> Tensor:
    """Cross-entropy of the attention to each token of a warped copy, where it came from.

    attention [N, Q, T], T and Q of pictures of one size; grid [N, h, w, 2]; holds [N].
    """
    n, h, w, _ = grid.shape
    column = ((grid[..., 0] + 1) * (w / 2) - 0.5).round().long()
    row = ((grid[..., 1] + 1) * (h / 2) - 0.5).round().long()
    inside = (column >= 0) & (column < w) & (row >= 0) & (row < h) & holds[:, None, None]
    place = (row.clamp(0, h - 1) * w + column.clamp(0, w - 1)).flatten(1)
    token = torch.arange(h * w, device=grid.device).expand(n, -1)
    rows = torch.arange(n, device=grid.device)[:, None]
    found = attention[rows, place, token]
    missing = -(found + 1e-5).log() * inside.flatten(1)
    return missing.sum() / inside.sum().clamp(min=1)


def another_page_only(batch: GuidedBatch) -> Tensor:
    """Which pictures [N] have another page as reference and nothing else to go by."""
    rest = batch.reference_weights[1:].sum(0) + batch.palette_weights + batch.hint_weights.sum(1)
    cross = torch.arange(len(rest), device=rest.device) >= batch.self_count
    return (batch.reference_weights[0] > 0) & (rest == 0) & cross


class InkwashRecipe(Recipe):
    terms_logged: ClassVar[tuple[str, ...]] = (
        "rec",
        "log",
        "low",
        "coarse",
        "match",
        "flow",
        "aim",
        "fetched",
        "obey",
        "doubt",
        "lpips",
        "structure",
        "near",
        "lines",
        "palette",
        "offered",
        "teach",
    )

    def __init__(self, config: Any, features: SqueezeNet | None, device: torch.device) -> None:
        super().__init__(config, features, device)
        generator = Inkwash(config.key_width, config.width, config.options["fetches"])
        self.generator: Inkwash = generator.to(memory_format=torch.channels_last).to(device)
        learns = config.options
        self.generator.reference.requires_grad_(learns["reference_learns"])
        scene_learns = learns["reference_learns"] and learns["reference_scene_learns"]
        self.generator.reference.scene.encoder.requires_grad_(scene_learns)
        self.generator.colorize.scene.encoder.requires_grad_(learns["drawing_scene_learns"])
        self.lpips = Lpips(features, HEADS) if features is not None else None
        names = config.options["teachers"]
        self.teachers = Teachers(names, HERE.parent, device) if names else None
        self.kept: Lessons | None = None

    def begin(self) -> None:
        known = pretrained()
        for scene in (self.generator.reference.scene, self.generator.colorize.scene):
            scene.encoder.load_state_dict(known)

    def keep(self, lessons: Path) -> None:
        self.kept, self.teachers = opened(lessons, self.device), None

    def batch(
        self, pictures: PictureSet, count: int, px: int, crop_least: float, seed: int
    ) -> GuidedBatch:
        config, options = self.config, self.config.options
        if self.kept is not None:
            share = options["kept_share"]
            if self.kept.turn(share, seed):
                return self.kept.batch(count, options, seed)
            options = options | {name: min(1.0, options[name] / (1 - share)) for name in GUIDES}
        return guided_batch(
            pictures,
            count,
            px,
            crop_least,
            seed,
            self_share=config.self_share,
            natural_share=config.natural_share,
            warp_reach=config.warp_reach,
            options=options,
        )

    def painted(self, batch: GuidedBatch) -> Painted:
        """The generator on a batch: encode, lay all tokens side by side, colour."""
        model = self.generator
        count, n = batch.references.shape[:2]
        keys, values = model.reference(batch.references.flatten(0, 1))
        t = keys.shape[1]
        keys, values = (x.view(count, n, t, -1).unbind(0) for x in (keys, values))
        colours = torch.cat([batch.palette, batch.hint_colours], dim=1)
        swatch_keys, swatch_values = model.swatches(colours)
        p = batch.palette.shape[1]
        pins = values[0][torch.arange(n, device=self.device)[:, None], batch.pinned.clamp(min=0)]
        hint_values = torch.where((batch.pinned >= 0)[:, :, None], pins, swatch_values[:, p:])
        weights = torch.cat(
            [
                *(w[:, None].expand(-1, t) for w in batch.reference_weights),
                batch.palette_weights[:, None].expand(-1, p),
            ],
            dim=1,
        )
        return model.colorize.run(
            batch.sketch,
            torch.cat([*keys, swatch_keys[:, :p]], dim=1),
            torch.cat([*values, swatch_values[:, :p]], dim=1),
            weights,
            batch.places,
            hint_values,
            batch.hint_weights,
        )

    def terms(self, batch: GuidedBatch, on: dict[str, bool], step: int) -> dict[str, Tensor]:
        made = self.painted(batch)
        draw = torch.Generator().manual_seed(step)
        colour, target = made.colour.float(), batch.target
        error = (colour - target).abs()
        mine, theirs = F.avg_pool2d(colour, TOKEN_STRIDE), F.avg_pool2d(target, TOKEN_STRIDE)
        terms = {"rec": error.mean(), "low": (mine - theirs).abs().mean()}
        if on["log"]:
            terms["log"] = log_error(colour.clamp(0, 1), target)
        if on["coarse"]:
            unfetched = (F.avg_pool2d(made.coarse.float(), 2) + 1) / 2
            terms["coarse"] = (unfetched - theirs).abs().mean()
        if on["match"]:
            small = F.avg_pool2d(batch.references.flatten(0, 1), TOKEN_STRIDE)
            offered = tokens(small).view(*batch.references.shape[:2], -1, 3).transpose(0, 1)
            colours = [offered.flatten(1, 2), batch.palette, batch.hint_colours]
            terms["match"] = mixture(made.attention, tokens(theirs), torch.cat(colours, dim=1))
        if on["flow"] and batch.self_count:
            n, t = batch.self_count, batch.grid.shape[1] * batch.grid.shape[2]
            holds = batch.true_grid & (batch.reference_weights[0, :n] > 0)
            terms["flow"] = flow(made.attention[:n, :, :t], batch.grid, holds)
        if on["aim"] and batch.self_count:
            terms["aim"], terms["fetched"] = self.aimed(made, batch)
        if on["obey"]:
            at = F.grid_sample(colour, batch.places[:, :, None], align_corners=False)[..., 0]
            gap = (at.transpose(1, 2) - batch.hint_colours).abs().mean(2) * batch.hint_weights
            terms["obey"] = gap.sum() / batch.hint_weights.sum().clamp(min=1)
        if on["doubt"]:
            doubt = made.doubt.float().clamp(-6, 1)
            expected = error.detach().mean(1, keepdim=True)
            terms["doubt"] = (expected * (-doubt).exp() + doubt).mean()
        if on["lpips"] and self.lpips is not None:
            side = int(colour.shape[3] * self.config.options["lpips_side"])
            y, x = (
                int(torch.randint(colour.shape[3] - side + 1, (1,), generator=draw))
                for _ in range(2)
            )
            there = (..., slice(y, y + side), slice(x, x + side))
            terms["lpips"] = self.lpips(colour[there], target[there]).mean()
        if on["structure"]:
            terms["structure"] = structure(colour, target)
        if on["near"]:
            terms["near"] = off_colour(colour, target)
        if on["lines"]:
            terms["lines"] = lost_lines(colour, batch.sketch)
        if on["palette"]:
            terms["palette"] = palette_gap(colour, target, draw)
        plain = another_page_only(batch)
        if plain.any():
            if on["offered"]:
                offered = palette_gap(colour[plain], batch.references[0][plain], draw)
                terms["offered"] = offered * plain.float().mean()
            lesson = self.lesson(batch, plain, draw) if on["teach"] else None
            if lesson is not None:
                off = (F.avg_pool2d(colour[plain], 2) - lesson).abs().mean()
                terms["teach"] = off * plain.float().mean()
        return terms

    def lesson(
        self, batch: GuidedBatch, plain: Tensor, generator: torch.Generator
    ) -> Tensor | None:
        """What teachers paint of those pictures that `plain` [N] names, if there are any."""
        if batch.lesson is not None:
            return batch.lesson[plain]
        if self.teachers is None:
            return None
        sketch, reference = batch.sketch[plain], batch.references[0][plain]
        return self.teachers.lesson(
            sketch, reference, self.config.options["lesson_moved"], generator
        )

    def aimed(self, made: Painted, batch: GuidedBatch) -> tuple[Tensor, Tensor]:
        """How far from the true place of a warped copy pixels are fetched, in half-size pixels, and
        how far their colours are from the target's; where the right patch was looked at."""
        n, t = batch.self_count, batch.grid.shape[1] * batch.grid.shape[2]
        source = to_rows(batch.source.permute(0, 3, 1, 2))  # [n, Q, 16, 2]
        there = (
            to_rows(batch.found[:, None].float())[..., 0]
            * batch.reference_weights[0, :n, None, None]
        )
        there = there * (made.best[:n] < t)[:, :, None]
        apart = [(aim[:n] - source).abs().sum(3) for aim in made.aims]
        # Where a drawing shows nothing to aim by, the distance is noise: large ones count less.
        gaps = [AIM_NEAR * (gap / AIM_NEAR).log1p() for gap in apart]
        total = there.sum().clamp(min=1)
        aim = torch.stack(
            [(gap * there).sum() / total * by for gap, by in zip(gaps, STEPS, strict=True)]
        ).mean()
        there = there * (apart[-1].detach() < AIM_WITHIN)
        total = there.sum().clamp(min=1)
        wanted = to_rows(F.avg_pool2d(batch.target[:n], 2) * 2 - 1)
        colours = (to_rows(made.fetched[:n]) - wanted).abs().mean(3) / 2
        return aim, (colours * there).sum() / total

    def colour(self, generator: nn.Module, sketch: Tensor, reference: Tensor) -> Tensor:
        made: Tensor = generator(sketch, reference)
        return made


RECIPE = InkwashRecipe
