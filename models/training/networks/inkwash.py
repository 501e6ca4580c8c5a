"""Inkwash's own colorizer: one attention from a drawing to everything that says a colour.

Reference pictures (any number), palette colours, hint strokes and pinned pairs all become tokens
of one cross-attention at an eighth of the size. A palette colour is a flat picture, run through
the same reference graph; a hint is a place in the drawing with such a colour's value; a pin is a
place in the drawing with the value of the reference token it points at.

Attention says which patch of which picture; lookup.py fetches the picture's own pixels from there.
scene.py says what is drawn, for pages that show nothing of it again.

Shapes: N pictures of H x W pixels (drawing: multiples of 32, references: of 16), Q = H/8 * W/8
drawing tokens, T tokens of references and palette, K hints and pins, S = T + K + 1 with "none".
Ranges: a drawing is 1 on paper and 0 on ink; colours are sRGB in [0, 1]; places are (x, y) in
[-1, 1], edge to edge (grid_sample with align_corners=False).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import WAVES, Project, Residual, act, conv1, doubled, place, unit, waves, with_place
from .lookup import Lookup
from .scene import SCENE, SIDE, Guess, Scene, liveliness, resized, spread, zero
from .scft import conv3, tokens
from .tables import EXTENT, FINE, FINE_PIXELS, extent, sums_of_pictures, take_rows, tokens_at

STRIDE = 32  # a drawing's sides are multiples of it
TOKEN_STRIDE = 8
PIXELS = 3 * 2 * 2  # a token's own pixels, to be averaged: its 8x8 patch at 2x2
SWATCH = 16  # side of the flat picture that stands for a colour
LEAST_WEIGHT = 1e-30  # of a token that is to be ignored
IGNORED = 0.1  # how much the logarithm of a weight counts in how alike a token is called
LEAST_EDGE, MOST_EDGE = 0.5, 2.0  # by how much attention is blunted or sharpened
LEAST_NAMED_EDGE = 1.3  # of what is said of where a colour comes from
LEAST_CROWD, MOST_CROWD = -2.0, 8.0  # of the logarithm by which a place is asked more than others
SMALL = 1e-9  # share of attention that any place is taken to get


class ReferenceGraph(nn.Module):
    """reference -> keys [N, T, key_width], values [N, T, width + CARRIED]: what attention averages,
    then a token's half-size pixels and its place in its picture. Exported as reference.onnx."""

    def __init__(self, key_width: int, width: int) -> None:
        super().__init__()
        self.to2 = conv3(12, 32)
        self.to4 = conv3(32, 64, 2)
        self.to8 = conv3(64, 96, 2)
        self.block8 = Residual(96)
        self.to16 = conv3(96, 160, 2)
        self.mix = conv3(162, 160)
        self.block16 = Residual(160)
        self.to32 = conv3(160, 192, 2)
        self.blocks32 = nn.Sequential(Residual(192), Residual(192))
        self.up16 = conv1(192, 160)
        self.join16 = Residual(160)
        self.up = conv1(160, 96)
        self.join = Residual(96)
        self.scene = Scene(mixed=False)
        self.tell = zero(conv1(SCENE, 96))
        self.w_k = Project(96, key_width)
        self.w_v = nn.Linear(96, width - PIXELS)

    def forward(self, reference: Tensor) -> tuple[Tensor, Tensor]:
        return self.encoded(reference, self.scene(reference))

    def encoded(self, reference: Tensor, scene: Tensor | None) -> tuple[Tensor, Tensor]:
        """The same, given what `scene` makes of it; nothing for a flat picture."""
        picture = reference * 2 - 1
        x = act(self.to2(F.pixel_unshuffle(picture, 2)))
        x = act(self.to4(x))
        x = self.block8(act(self.to8(x)))
        y = act(self.to16(x))
        y = self.block16(act(self.mix(with_place(y))))
        z = self.up16(self.blocks32(act(self.to32(y))))
        y = self.join16(y + F.interpolate(z, y.shape[2:], mode="nearest"))
        x = self.join(x + doubled(self.up(y)))
        if scene is not None:
            x = x + spread(self.tell(scene), x) * liveliness(reference)
        pixels = tokens(F.pixel_unshuffle(F.avg_pool2d(picture, 4), 2))
        fine = tokens(F.pixel_unshuffle(F.avg_pool2d(picture, 2), FINE))
        carried = torch.cat([fine, tokens(extent(x.float()))], dim=2)
        values = torch.cat([self.w_v(tokens(x)).float(), pixels, carried], dim=2)
        return self.w_k(x), values


@dataclass
class Painted:
    colour: Tensor  # [N, 3, H, W], not clamped
    doubt: Tensor  # [N, 1, H, W], logarithm of the expected absolute error
    coarse: Tensor  # [N, 3, H/4, W/4], the colour without what was fetched, in -1..1
    attention: Tensor  # [N, Q, S], by which colours are mixed; the last is "none of them"
    named: Tensor  # [N, Q, S], scores of what is meant
    best: Tensor  # [N, Q], the token each place fetches from
    aims: list[Tensor]  # step by step, [N, Q, 16, 2]: half-size pixels (x, y) of its picture
    fetched: Tensor  # [N, 3, H/2, W/2], in -1..1
    trust: Tensor  # [N, 1, H/2, W/2], by how much they are the colour
    carried: Tensor  # [N, S - 1, CARRIED], what it was fetched from


class ColorizeGraph(nn.Module):
    """Drawing and tokens -> colour, confidence, attention. Exported as colorize.onnx."""

    def __init__(self, key_width: int, width: int, fetches: bool = True) -> None:
        """`fetches` False leaves the aims out: colour is only what attention averages."""
        super().__init__()
        self.fetches = fetches
        self.to2 = conv3(4, 20)
        self.to4 = conv3(20, 48, 2)
        self.to8 = conv3(48, 96, 2)
        self.to16 = conv3(96, 160, 2)
        self.mix = conv1(162, 160)
        self.block16 = Residual(160)
        self.to32 = conv3(160, 192, 2)
        self.blocks32 = nn.Sequential(Residual(192), Residual(192))
        self.whole = nn.Linear(192, 192)
        self.up16 = conv1(192, 160)
        self.join16 = Residual(160)
        self.up8 = conv1(160, 96)
        self.join8 = Residual(96, inner=64)
        self.scene = Scene(mixed=True)
        self.tell = zero(conv1(SCENE, 96))

        self.w_q = Project(96, key_width)
        self.w_h = Project(96, key_width)  # the key of a hint, from where it lies
        self.sharpness = nn.Parameter(torch.tensor(math.log(10.0)))
        self.edge_slope = nn.Parameter(torch.tensor(4.0))
        self.edge_from = nn.Parameter(torch.tensor(0.4))  # likeness at which nothing is sharpened
        self.evenness = nn.Parameter(torch.tensor(0.5))  # share by which crowded places give way
        self.hint_sharpness = nn.Parameter(torch.tensor(math.log(10.0)))
        self.hint_bias = nn.Parameter(torch.tensor(2.0))
        self.hint_reach = nn.Parameter(torch.tensor(math.log(0.5)))  # of half the longer side
        self.null_key = nn.Parameter(torch.randn(1, 1, key_width) * 0.1)
        self.null_value = nn.Parameter(torch.zeros(1, 1, width))

        self.lookup = Lookup()
        self.take = conv1(96 + width, 96)
        self.guess = Guess(width, 96)
        self.take_block = Residual(96, inner=64)
        self.down4 = conv1(96, 48)
        self.join4 = conv3(48 + 3 + 12 + 1, 48)
        self.down2 = conv1(48, 20)
        self.join2 = conv3(20 + 20 + 3 + 1, 20)
        self.paint = conv3(20, 7)
        nn.init.normal_(self.paint.weight, std=0.01)

    def drawn(self, sketch: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """-> maps at 1/2, 1/4 and 1/8."""
        x2 = act(self.to2(F.pixel_unshuffle(2 - 2 * sketch, 2)))  # paper is 0, as padding is
        x4 = act(self.to4(x2))
        x8 = act(self.to8(x4))
        x16 = act(self.to16(x8))
        x16 = self.block16(act(self.mix(with_place(x16))))
        x32 = act(self.to32(x16))
        whole = self.whole(x32.mean((2, 3)))[:, :, None, None]
        x32 = self.blocks32(x32 + whole)
        x16 = self.join16(x16 + doubled(self.up16(x32)))
        return x2, x4, self.join8(x8 + doubled(self.up8(x16)))

    def attend(
        self,
        x8: Tensor,
        keys: Tensor,
        weights: Tensor,
        sides: Tensor,
        places: Tensor,
        hint_weights: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Of references, palette, hints, pins and none, for every drawing token: attention to mix
        their colours by, and scores that say which is meant: there a mixture says nothing; both
        [N, Q, S]. And how alike references and palette are, cosines [N, Q, T]. sides [N, T, 4]: how
        many tokens lie left, right, above and below of each."""
        queries = self.w_q(x8)
        known = torch.cat([x8, waves(x8)], dim=1)
        there = F.grid_sample(known, places[:, :, None], align_corners=False, padding_mode="border")
        there = there[:, :, :, 0].transpose(1, 2)
        hint_keys = self.w_h.rows(there[:, :, :-WAVES], there[:, :, -WAVES:])

        ones = torch.ones_like(x8[:, :1])
        longer = torch.maximum(ones[:, :, :1].sum(3), ones[:, :, :, :1].sum(2))[:, :, None]
        grid = tokens(place(ones))  # [N, Q, 2]
        spans = torch.cat(
            [ones[:, :, :1].sum(3, keepdim=True), ones[:, :, :, :1].sum(2, keepdim=True)], 3
        )[:, 0] / longer[:, 0, 0].view(-1, 1, 1)
        apart = ((grid[:, :, None] - places[:, None]) * spans[:, :, None]).pow(2).sum(3)

        alike = (queries @ keys.transpose(1, 2)).float()
        counted = weights.clamp(min=LEAST_WEIGHT).log()[:, None]
        best, edge = self.edge(alike, counted)
        behind = alike - best
        to_hints = (queries @ hint_keys.transpose(1, 2)).float() * self.hint_sharpness.exp()
        to_hints = to_hints + self.hint_bias - apart / self.hint_reach.exp().pow(2)
        to_hints = to_hints + hint_weights.clamp(min=LEAST_WEIGHT).log()[:, None]
        null = (queries @ unit(self.null_key).transpose(1, 2)).float() * self.sharpness.exp()
        # Counted from the best place: passes over all pairs of places are what costs time here.
        others = torch.cat([to_hints, null], dim=2) - best * self.sharpness.exp()
        scores = torch.cat([behind * (edge * self.sharpness.exp()) + counted, others], dim=2)
        attention, lean = self.evened(torch.softmax(scores, dim=2), weights, sides)
        named = behind * (edge.clamp(min=LEAST_NAMED_EDGE) * self.sharpness.exp())
        return attention, torch.cat([named + (counted - lean), others], dim=2), alike

    def edge(self, alike: Tensor, counted: Tensor) -> tuple[Tensor, Tensor]:
        """How alike the best token is, and by how much the others fall behind it, [N, Q, 1] each.

        A reference that shows the same thing has one right place, and colours are taken from it
        alone; where all of it is only remotely alike, the mean of many places is the better guess.
        Half of that is the place's own, half the whole picture's. alike [N, Q, T], cosines; counted
        [N, 1, T], logarithms of weights.
        """
        best = (alike + IGNORED * counted).amax(2, keepdim=True)
        likeness = (best + best.mean(1, keepdim=True)) / 2
        edge = (self.edge_slope * (likeness - self.edge_from)).exp()
        return best, edge.clamp(LEAST_EDGE, MOST_EDGE)

    def evened(self, attention: Tensor, weights: Tensor, sides: Tensor) -> tuple[Tensor, Tensor]:
        """Attention [N, Q, S] after places that everybody looks at have given way to the others,
        and by how much their scores fell, [N, 1, T].

        Otherwise half a drawing takes its colour from the few places of a page that look a bit like
        everything. It is one step of a transport whose masses are only leaned to: a page need not
        show as much of everything as the other (as Zhan et al., Unbalanced Feature Transport, 2021,
        do it to the end). Palette colours, hints and none, which are no pictures, stay as they are.
        weights [N, T]; sides [N, T, 4]: how many tokens lie left, right, above and below of each.
        """
        t = weights.shape[1]
        each = torch.ones_like(attention[:, None, :, 0])  # a mean of rows, but many times as fast
        asked = (each @ attention / each.sum(2, keepdim=True))[:, 0, :t].float()
        weights = weights.float().clamp(min=LEAST_WEIGHT)
        crowd = (asked + SMALL * weights).log() - weights.log()
        asked, weights = (sums_of_pictures(x, sides) for x in (asked + SMALL * weights, weights))
        crowd = crowd - (asked + LEAST_WEIGHT).log() + (weights + LEAST_WEIGHT).log()
        crowd = crowd.clamp(LEAST_CROWD, MOST_CROWD) * (sides.sum(2) > 0)
        lean = (self.evenness.clamp(0, 1) * crowd)[:, None]
        attention = attention * F.pad((-lean).exp(), (0, attention.shape[2] - t), value=1.0)
        return attention / attention.sum(2, keepdim=True), lean

    def paint_from(
        self,
        sketch: Tensor,
        maps: tuple[Tensor, Tensor, Tensor],
        scene: Tensor,
        brought: Tensor,
        fetched: Tensor,
        trust: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """`brought` [N, Q, width], what attention averaged -> colour (not clamped), doubt, and the
        colour without what was fetched, at a quarter of the size in -1..1."""
        x2, x4, x8 = maps
        n, _, h, w = x8.shape
        brought = brought.transpose(1, 2).reshape(n, -1, h, w)
        more, guessed = self.guess(scene, brought)
        coarse = F.pixel_shuffle(brought[:, -PIXELS:], 2)  # the picture at a quarter of the size
        coarse = coarse + spread(guessed, coarse)
        x = self.take_block(act(self.take(torch.cat([x8, brought], dim=1)) + more))
        sure = trust.to(x.dtype)
        sharp = fetched.to(x.dtype)
        beside = [coarse.to(x.dtype), F.pixel_unshuffle(sharp, 2), F.avg_pool2d(sure, 2)]
        x = act(self.join4(torch.cat([x4 + doubled(self.down4(x)), *beside], dim=1)))
        x = act(self.join2(torch.cat([x2, doubled(self.down2(x)), sharp, sure], dim=1)))
        x = self.paint(x).float()
        soft = F.interpolate(coarse.float(), scale_factor=2.0, mode="bilinear")
        flat = x[:, :3] + soft + trust * (fetched - soft)
        x = torch.cat([flat, x[:, 3:]], dim=1)
        x = F.interpolate(x, scale_factor=2.0, mode="bilinear")
        # The ink is laid over the colour at full resolution: a line is as sharp as it was drawn.
        ink = 1 - sketch
        colour = x[:, :3] * (1 - ink) + (x[:, 3:6] - 1) * ink
        return (colour + 1) / 2, x[:, 6:], coarse

    def run(
        self,
        sketch: Tensor,
        keys: Tensor,
        values: Tensor,
        weights: Tensor,
        places: Tensor,
        hint_values: Tensor,
        hint_weights: Tensor,
    ) -> Painted:
        x2, x4, x8 = self.drawn(sketch)
        scene = self.scene(resized(sketch, SIDE).expand(-1, 3, -1, -1))
        maps = x2, x4, x8 + spread(self.tell(scene), x8)
        sides = values[:, :, -EXTENT:].float().floor()
        attention, named, alike = self.attend(maps[2], keys, weights, sides, places, hint_weights)
        null = self.null_value.expand(values.shape[0], -1, -1)
        width = null.shape[2]
        averaged = torch.cat([values, hint_values], dim=1)[:, :, :width]
        averaged = torch.cat([averaged, null.to(values.dtype)], dim=1)
        # A hint has no neighbours: a pin's value comes without the picture around it.
        alone = torch.cat(
            [
                hint_values[:, :, width : width + FINE_PIXELS],
                torch.zeros_like(hint_values[:, :, -EXTENT:]),
            ],
            dim=2,
        )
        nowhere = torch.zeros_like(values[:, :1, width:])
        carried = torch.cat([values[:, :, width:], alone, nowhere], dim=1).float()
        fetched, trust, best, aims = self.lookup(maps, alike, attention, carried)
        if not self.fetches:
            fetched, trust = torch.zeros_like(fetched), torch.zeros_like(trust)
        brought = attention.to(averaged.dtype) @ averaged
        colour, doubt, coarse = self.paint_from(sketch, maps, scene, brought, fetched, trust)
        carried = carried[:, :-1]
        return Painted(colour, doubt, coarse, attention, named, best, aims, fetched, trust, carried)

    def forward(
        self,
        sketch: Tensor,
        keys: Tensor,
        values: Tensor,
        weights: Tensor,
        places: Tensor,
        hint_values: Tensor,
        hint_weights: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        made = self.run(sketch, keys, values, weights, places, hint_values, hint_weights)
        # An expected error of 0.02 is full confidence, 0.3 is none, on a logarithmic scale.
        least, most = math.log(0.02), math.log(0.3)
        confidence = ((most - made.doubt) / (most - least)).clamp(0, 1)
        # A colour that is fetched comes from where it is fetched.
        named = torch.softmax(made.named, dim=2)[:, :, :-1]
        trust = tokens(F.avg_pool2d(made.trust, FINE))
        sides = take_rows(made.carried[:, :, FINE_PIXELS:].floor(), made.best)
        rows, shares = tokens_at(made.aims[-1], made.best, sides)
        named = (named * (1 - trust)).scatter_add(2, rows, trust * shares)
        return made.colour.clamp(0, 1), confidence, named


class Inkwash(nn.Module):
    """Both graphs side by side."""

    def __init__(self, key_width: int = 64, width: int = 96, fetches: bool = True) -> None:
        super().__init__()
        self.reference = ReferenceGraph(key_width, width)
        self.colorize = ColorizeGraph(key_width, width, fetches)

    def swatches(self, colours: Tensor) -> tuple[Tensor, Tensor]:
        """Colours [N, P, 3] -> keys [N, P, key_width] and values [N, P, width] of flat pictures."""
        n, p, _ = colours.shape
        flat = colours.reshape(n * p, 3, 1, 1).expand(-1, -1, SWATCH, SWATCH)
        keys, values = self.reference.encoded(
            flat.contiguous(memory_format=torch.channels_last), None
        )
        return keys.mean(1).reshape(n, p, -1), values.mean(1).reshape(n, p, -1)

    def forward(self, sketch: Tensor, reference: Tensor) -> Tensor:
        """One reference and nothing else: colour, clamped."""
        keys, values = self.reference(reference)
        n, t, _ = keys.shape
        nothing = torch.zeros(n, 1, 2, device=keys.device, dtype=keys.dtype)
        made = self.colorize.run(
            sketch,
            keys,
            values,
            torch.ones(n, t, device=keys.device, dtype=keys.dtype),
            nothing,
            torch.zeros_like(values[:, :1]),
            nothing[:, :, 0],
        )
        return made.colour.clamp(0, 1)
