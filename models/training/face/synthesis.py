"""Stage II: vectors to photographs, the encoders frozen.

The generator sees vectors as the program will make them: a drawing's own, its projection onto the
bank (without the person herself), anything between, and parts of several people in one face.
Where lines were bent the photograph is bent alike, so that without refinement lines decide.
"""

from __future__ import annotations

import copy
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..filters import blur
from ..networks.squeezenet import Lpips, SqueezeNet
from ..train import autocast
from .bank import Bank, build
from .batches import Batch, Draw, make
from .components import trained
from .data import Faces
from .loop import Run, averaged, channels_last, cosine, optimizer, set_rate, setup, write_sheet
from .manifold import projected
from .networks import Components, Critic, Painter
from .sketches import BAD, FAIR, REAL, Random, standard
from .windows import INNER, PARTS, WORK, cut, mask_of

BATCH = 24
LARGE_BATCH = 12
RATE = 4e-4
CRITIC_RATE = 4e-4
EMA = 0.998
ADVERSARY_FROM = 0.08  # share of the budget
LARGE_FROM = 0.66
WEIGHTS = {
    "l1": 6.0,
    "low": 4.0,  # blurred: colours of large areas
    "lpips": 4.0,
    "adv": 0.7,
    "match": 3.0,
    "keep": 12.0,
    "large": 1.0,
}
EXACT, FULL = 0.45, 0.2  # shares of faces with no, and with full projection of all parts
MIXED = 0.25  # share of faces in which one part is another person's
TRUST = 0.65  # by how much a wholly projected face counts less against its photograph
CROP = 256


class Perceptual(nn.Module):
    """LPIPS at full and half size. A random offset: the network's strides would print a grid."""

    def __init__(self, weights: Path, device: torch.device) -> None:
        super().__init__()
        features = SqueezeNet(weights / "squeezenet_v1.1_notop.pth").to(device)
        self.lpips = Lpips(features, weights / "richzhang_PerceptualSimilarity_squeeze.pth")
        self.lpips.heads = [head.to(device) for head in self.lpips.heads]
        self.requires_grad_(False)

    def forward(self, made: Tensor, wanted: Tensor) -> Tensor:
        """[N]"""
        x, y = random.randrange(8), random.randrange(8)
        h, w = made.shape[2] - 8, made.shape[3] - 8
        a, b = (p[:, :, y : y + h, x : x + w] for p in (made, wanted))
        half = self.lpips(F.avg_pool2d(a, 2), F.avg_pool2d(b, 2))
        return 0.7 * self.lpips(a, b) + 0.3 * half


def perceptual_of(data: Path, device: torch.device) -> Perceptual | None:
    """Without the loss network's weights its term is left out."""
    weights = data / "weights"
    return Perceptual(weights, device) if weights.exists() else None


@torch.no_grad()
def seen_vectors(
    components: Components, bank: Bank, faces: Faces, batch: Batch, rng: Random, precision: str
) -> tuple[dict[str, Tensor], Tensor]:
    """Vectors of a batch, blended with their projections; and how much, [N] the mean of parts."""
    n = len(batch.index)
    with autocast(precision, batch.photo.device):
        exact = components.encode(cut(batch.sketch))
    excluded = bank.excluded(faces.persons[batch.index])
    kind = torch.rand(n, 1, device=rng.device, generator=rng)
    blend = torch.rand(n, len(PARTS), device=rng.device, generator=rng)
    blend = torch.where(kind < EXACT, torch.zeros_like(blend), blend)
    blend = torch.where(kind > 1 - FULL, torch.ones_like(blend), blend)
    vectors = {}
    for k, part in enumerate(PARTS):
        v = exact[part].float()
        w = blend[:, k : k + 1]
        vectors[part] = w * projected(v, bank.vectors[part], excluded) + (1 - w) * v
    return vectors, blend.mean(1)


def of(samples: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean; samples [N, ...], weight [N]."""
    each = samples.flatten(1).mean(1) if samples.ndim > 1 else samples
    return (each * weight).mean()


def refit(vector: Tensor, other: Tensor) -> Tensor:
    """Another vector for the same part: half-way at random to another face's."""
    way = torch.rand(len(vector), 1, device=vector.device)
    return vector + (other - vector) * (0.3 + 0.7 * way)


def fooled(judged: list[list[Tensor]]) -> Tensor:
    """The generator's adversarial term (hinge)."""
    return -torch.stack([maps[-1].float().mean() for maps in judged]).mean()


def judged_loss(real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
    """The critic's (hinge)."""
    terms = [
        F.relu(1 - r[-1].float()).mean() + F.relu(1 + f[-1].float()).mean()
        for r, f in zip(real, fake, strict=True)
    ]
    return torch.stack(terms).mean()


def matching(real: list[list[Tensor]], fake: list[list[Tensor]], weight: Tensor) -> Tensor:
    """Mean absolute difference of the critic's maps of true and made pictures."""
    terms = [
        of((f.float() - r.detach().float()).abs(), weight)
        for rs, fs in zip(real, fake, strict=True)
        for r, f in zip(rs[:-1], fs[:-1], strict=True)
    ]
    return torch.stack(terms).mean()


class Stage:
    """Networks, optimizers and the terms of stage II."""

    def __init__(
        self,
        components: Components,
        bank: Bank,
        perceptual: Perceptual | None,
        precision: str,
        compiled: bool = False,
    ) -> None:
        device = bank.persons.device
        self.components, self.bank, self.perceptual = components, bank, perceptual
        self.precision, self.device = precision, device
        self.painter = Painter().to(device)
        self.standardise()
        channels_last(self.painter)
        self.ema = copy.deepcopy(self.painter).eval().requires_grad_(False)
        self.critic = Critic().to(device)
        self.large_critic = Critic(scales=2).to(device)
        channels_last(self.critic)
        channels_last(self.large_critic)
        self.optimizer = optimizer(self.painter.parameters(), RATE, (0.5, 0.99), 1e-5)
        self.critic_optimizer = optimizer(
            [*self.critic.parameters(), *self.large_critic.parameters()],
            CRITIC_RATE,
            (0.0, 0.99),
            0.0,
        )
        self.features = self.painter.features
        if compiled:
            self.features = torch.compile(self.painter.features)
        self.windows = {part: mask_of(part, 5, WORK, device) for part in INNER}

    def standardise(self) -> None:
        """Mappings see vectors with the bank's mean 0 and spread 1."""
        for part in PARTS:
            vectors = self.bank.vectors[part]
            mapping = self.painter.mappings[part]
            mapping.get_buffer("centre").copy_(vectors.mean(0))
            # one spread for all dimensions with a floor: a dead dimension must not explode
            spread = vectors.std(0)
            mapping.get_buffer("spread").copy_(spread.clamp(min=float(spread.mean()) * 0.3))

    @property
    def keep(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        return {
            "painter": self.painter,
            "ema": self.ema,
            "critic": self.critic,
            "large_critic": self.large_critic,
            "optimizer": self.optimizer,
            "critic_optimizer": self.critic_optimizer,
        }

    def mixed(self, vectors: dict[str, Tensor], rng: Random) -> tuple[dict[str, Tensor], str]:
        """One part of all faces from their neighbours in the batch; the part's name."""
        part = random.choice(INNER)
        return vectors | {part: vectors[part].roll(1, 0)}, part

    def small_step(
        self, faces: Faces, batch: Batch, rng: Random, adversary: bool, by_head: bool
    ) -> dict[str, Tensor]:
        """A step of both at 256 px; by_head: the picture is the 512 px one made small."""
        n = len(batch.index)
        vectors, blend = seen_vectors(self.components, self.bank, faces, batch, rng, self.precision)
        other, part = self.mixed(vectors, rng)
        is_mixed = torch.rand(n, device=self.device, generator=rng) < MIXED
        vectors[part] = torch.where(is_mixed[:, None], other[part], vectors[part])
        foreign = self.windows[part] * is_mixed.view(-1, 1, 1, 1).float()
        # where the sketch does not say what is shown the critic is not shown it either
        doubtful = (is_mixed | (blend > 0.45)).view(-1, 1, 1, 1)
        shown = torch.where(doubtful, torch.ones_like(batch.sketch), batch.sketch)

        with autocast(self.precision, self.device):
            features = self.features(vectors)
            if by_head:
                made = F.avg_pool2d(self.painter.synthesis.at_canvas_size(features), 2)
            else:
                made = self.painter.synthesis.at_work_size(features)
        terms: dict[str, Tensor] = {}
        trust = 1 - TRUST * blend
        compared = torch.where(foreign > 0, batch.photo, made)
        terms["l1"] = of((compared - batch.photo).abs(), trust)
        terms["low"] = of((blur(compared, 6.0) - blur(batch.photo, 6.0)).abs(), trust)
        if self.perceptual is not None:
            terms["lpips"] = of(self.perceptual(compared, batch.photo), trust)
        # another part in its place: what lies outside its window stays as it is
        quarter = max(2, n // 4)
        few = {name: v[:quarter] for name, v in vectors.items()}
        moved = random.choice(INNER)
        few[moved] = refit(few[moved], few[moved].roll(1, 0))
        with autocast(self.precision, self.device):
            again = self.painter.synthesis.at_work_size(self.painter.features(few))
            before = made[:quarter].detach()
        outside = 1 - self.windows[moved]
        terms["keep"] = ((again - before).abs() * outside).mean()
        if adversary:
            self.critic.requires_grad_(False)
            with autocast(self.precision, self.device):
                fake = self.critic(shown, made)
                with torch.no_grad():
                    real = self.critic(shown, batch.photo)
            terms["adv"] = fooled(fake)
            terms["match"] = matching(real, fake, trust * (~is_mixed).float())
        self._descend(terms)
        if adversary:
            terms["critic"] = self._criticise(self.critic, shown, batch.photo, made.detach())
        return terms

    def large_step(self, faces: Faces, batch: Batch, rng: Random) -> dict[str, Tensor]:
        """A step at 512 px, from sharp photographs; judged in a random square."""
        assert batch.large is not None
        vectors, blend = seen_vectors(self.components, self.bank, faces, batch, rng, self.precision)
        with autocast(self.precision, self.device):
            features = self.features(vectors)
            small = self.painter.synthesis.at_work_size(features)
            large = self.painter.synthesis.at_canvas_size(features)
        trust = 1 - TRUST * blend
        y, x = random.randrange(512 - CROP), random.randrange(512 - CROP)
        here = (slice(None), slice(None), slice(y, y + CROP), slice(x, x + CROP))
        made, wanted = large[here], batch.large[here]
        shown = torch.where(
            (blend > 0.45).view(-1, 1, 1, 1), torch.ones_like(batch.sketch), batch.sketch
        )
        shown = F.interpolate(shown, scale_factor=2.0, mode="bilinear", align_corners=False)[here]
        terms = {
            "l1": of((small - batch.photo).abs(), trust),
            "low": of((blur(small, 6.0) - blur(batch.photo, 6.0)).abs(), trust),
        }
        fine = WEIGHTS["l1"] * of((made - wanted).abs(), trust)
        if self.perceptual is not None:
            terms["lpips"] = of(self.perceptual(small, batch.photo), trust)
            fine = fine + WEIGHTS["lpips"] * of(self.perceptual(made, wanted), trust)
        self.large_critic.requires_grad_(False)
        with autocast(self.precision, self.device):
            fake = self.large_critic(shown, made)
            with torch.no_grad():
                real = self.large_critic(shown, wanted)
        fine = fine + WEIGHTS["adv"] * fooled(fake)
        terms["large"] = fine + WEIGHTS["match"] * matching(real, fake, trust)
        self._descend(terms)
        terms["large_critic"] = self._criticise(self.large_critic, shown, wanted, made.detach())
        return terms

    def _descend(self, terms: dict[str, Tensor]) -> None:
        total = torch.stack([WEIGHTS[name] * term for name, term in terms.items()]).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(self.painter.parameters(), 10.0)
        self.optimizer.step()

    def _criticise(self, critic: Critic, shown: Tensor, real: Tensor, fake: Tensor) -> Tensor:
        critic.requires_grad_(True)
        with autocast(self.precision, self.device):
            worth = judged_loss(critic(shown, real), critic(shown, fake))
        self.critic_optimizer.zero_grad(set_to_none=True)
        worth.backward()
        self.critic_optimizer.step()
        return worth


@torch.no_grad()
def faces_of(
    painter: Painter,
    components: Components,
    bank: Bank,
    sketch: Tensor,
    refinement: float,
    output_px: int = 256,
) -> Tensor:
    """Sketches -> faces at one refinement of all parts, as the program does it."""
    vectors = {}
    for part, vector in components.encode(cut(sketch)).items():
        near = projected(vector, bank.vectors[part])
        vectors[part] = refinement * near + (1 - refinement) * vector
    return painter(vectors, output_px)


def sheet(stage: Stage, held_out: Faces, path: Path, output_px: int) -> None:
    """Held-out people: own, fair and bad sketch, each at refinement 0, 0.5 and 1; photograph."""
    device = stage.device
    rng = torch.Generator(device).manual_seed(5)
    index = torch.arange(len(held_out), device=device)[:: max(1, len(held_out) // 8)][:8]
    columns: list[Tensor] = []
    photo = held_out.pictures[index].float() / 255
    drawings = [standard(photo)]
    for hand in (FAIR, BAD):
        drawings.append(make(held_out, index, hand, rng, clean=0.0, morphed=0.0).sketch)
    for sketch in drawings:
        columns.append(sketch)
        for refinement in (0.0, 0.5, 1.0):
            made = faces_of(stage.ema, stage.components, stage.bank, sketch, refinement, output_px)
            columns.append(F.avg_pool2d(made, output_px // 256))
    columns.append(photo)
    write_sheet([[c[k] for c in columns] for k in range(len(index))], path)


TERMS = (*WEIGHTS, "critic", "large_critic")


def train(
    faces: Faces,
    held_out: Faces,
    data: Path,
    folder: Path,
    minutes: float,
    *,
    batch: int = BATCH,
    large_batch: int = LARGE_BATCH,
    precision: str = "bf16",
    compiled: bool = False,
    seed: int = 2,
    began: float,
) -> None:
    """Trains for `minutes` in all, all calls together; leaves synthesis.pt in `folder`."""
    device = faces.pictures.device
    rng = setup(device, seed)
    random.seed(seed)
    components = trained(folder, device)
    bank = build(components, faces)
    channels_last(components)
    stage = Stage(components, bank, perceptual_of(data, device), precision, compiled)
    run = Run(folder, "synthesis", minutes, stage.keep, TERMS, began)
    draw = Draw(faces.weights, rng)
    sharp = Draw(faces.weights[faces.sharp], rng) if len(faces.sharp) else None
    while not run.over:
        rate = RATE * cosine(run.share, run.step)
        set_rate(stage.optimizer, rate)
        set_rate(stage.critic_optimizer, CRITIC_RATE * cosine(run.share, run.step, 0.1))
        fine = run.share >= LARGE_FROM and sharp is not None
        if fine and run.step % 2 == 0 and sharp is not None:
            place = sharp(large_batch)
            with torch.no_grad():
                made = make(faces, faces.sharp[place], REAL, rng, place=place, morphed=0.2)
            terms = stage.large_step(faces, made, rng)
        else:
            with torch.no_grad():
                made = make(faces, draw(batch), REAL, rng)
            terms = stage.small_step(faces, made, rng, run.share >= ADVERSARY_FROM, fine)
        averaged(stage.ema, stage.painter, min(EMA, (1 + run.step) / (10 + run.step)))
        run.note(terms, rate)
        if run.sheet_due():
            name = f"synthesis-{run.step:06d}.png"
            sheet(stage, held_out, folder / name, 512 if fine else 256)
        run.save()
    run.save(always=True)
