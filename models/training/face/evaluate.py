"""The face card's figures and sheets, from the shipped ONNX files, on `val`.

    python -m training.face.evaluate face --card

Own sketch: the photograph's standard sketch. Fair and bad: drawings with a seed of their own, by
sketches.py's FAIR and BAD hands; a beginner's: beginners.py. Pictures are compared at 256 px.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from ..cards import write_figures
from ..networks.squeezenet import Lpips, SqueezeNet
from ..places import RUNS, SHARED
from .batches import make
from .beginners import sketches as beginners_sketches
from .data import Faces, load
from .detectors import Identity, finders, identity
from .loop import write_sheet
from .shipped import Array, ShippedFace, Vectors
from .sketches import BAD, FAIR, standard
from .windows import INNER, PARTS, WORK, inside

REFINEMENTS = (0.0, 0.5, 1.0)
SEED = 11


@dataclass
class Figures:
    """What was measured, by section."""

    own: dict[str, dict[str, float]] = field(default_factory=dict)
    found: dict[str, dict[str, float]] = field(default_factory=dict)
    sliders: dict[str, dict[str, float]] = field(default_factory=dict)
    more: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def small(face: Array) -> Array:
    """[O, O, 3] -> [256, 256, 3]"""
    if face.shape[0] == WORK:
        return face
    return np.asarray(cv2.resize(face, (WORK, WORK), interpolation=cv2.INTER_AREA), np.float32)


def sketches_of(faces: Faces) -> dict[str, NDArray[np.float32]]:
    """Of each kind [F, 256, 256], the same at every call."""
    count = len(faces)
    rng = torch.Generator().manual_seed(SEED)
    found = {"own": standard(faces.pictures.float() / 255)}
    with torch.no_grad():
        for name, hand in (("fair", FAIR), ("bad", BAD)):
            chunks = [
                make(faces, index, hand, rng, clean=0.0, morphed=0.0, bent=1.0, lighting=False)
                for index in torch.arange(count).split(26)
            ]
            # drawings are mirrored at random; the photograph they are compared with is not
            found[name] = torch.cat(
                [
                    torch.where(c.mirrored.view(-1, 1, 1, 1), c.sketch.flip(3), c.sketch)
                    for c in chunks
                ]
            )
    planes = {name: np.asarray(s[:, 0].numpy(), np.float32) for name, s in found.items()}
    return planes | {"beginner's": beginners_sketches(faces.landmarks.numpy(), SEED)}


class Measures:
    """PSNR and LPIPS of pictures [256, 256, 3] in [0, 1]."""

    def __init__(self, data: Path) -> None:
        weights = data / "weights"
        features = SqueezeNet(weights / "squeezenet_v1.1_notop.pth")
        self.lpips = Lpips(features, weights / "richzhang_PerceptualSimilarity_squeeze.pth")

    def distance(self, a: Array, b: Array) -> float:
        planes = [torch.from_numpy(x).permute(2, 0, 1)[None] for x in (a, b)]
        with torch.no_grad():
            return float(self.lpips(*planes))

    def of(self, made: Array, wanted: Array) -> dict[str, float]:
        error = float(((made - wanted) ** 2).mean())
        psnr = -10 * math.log10(max(error, 1e-10))
        return {"psnr": psnr, "lpips": self.distance(made, wanted)}


def mean_of(rows: list[dict[str, float]]) -> dict[str, float]:
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def nearest_photographs(model: ShippedFace, vectors: Vectors, people: int) -> int:
    """Whose sketch in the bank is nearest, over all parts: the person's number."""
    total = np.zeros(model.manifest["bank"]["count"], np.float64)
    for part in PARTS:
        bank = model.bank[part].numpy()
        gap = ((bank - vectors[part]) ** 2).sum(1)
        total += gap / gap.mean()
    return int(total.argmin()) % people


def slider_figures(model: ShippedFace, all_vectors: list[Vectors]) -> dict[str, dict[str, float]]:
    """Of each part's slider from 0 to 1: mean absolute change inside its window and outside."""
    found = {}
    for part in INNER:
        mask = inside(part).numpy()[0, 0] > 0
        rows = []
        for vectors in all_vectors:
            before = small(model.face(vectors))
            after = small(model.face(model.refined(vectors, {part: 1.0})))
            change = np.abs(after - before).mean(2)
            rows.append(
                {"inside": float(change[mask].mean()), "outside": float(change[~mask].mean())}
            )
        figures = mean_of(rows)
        figures["share"] = figures["outside"] / max(figures["inside"], 1e-9)
        found[part] = figures
    return found


def identity_figures(
    embed: Identity, made: dict[str, list[Array]], photos: list[Array]
) -> dict[str, float]:
    """Mean distance of an output's embedding to its person's, and of photographs of two people."""
    true = [embed(photo) for photo in photos]
    found = {}
    for name, faces in made.items():
        gaps = [
            float(np.linalg.norm(a - b))
            for a, b in ((embed(face), one) for face, one in zip(faces, true, strict=True))
            if a is not None and b is not None
        ]
        found[f"identity, {name}"] = float(np.mean(gaps)) if gaps else float("nan")
    strangers = [
        float(np.linalg.norm(a - b)) for a, b in pairwise(true) if a is not None and b is not None
    ]
    found["identity, two strangers"] = float(np.mean(strangers)) if strangers else float("nan")
    return found


def judge(
    model: ShippedFace, faces: Faces, bank_faces: Faces | None, data: Path, sheets: Path
) -> Figures:
    """Everything; sheets are written into the folder `sheets`."""
    measures, figures = Measures(data), Figures()
    photos = [
        np.ascontiguousarray(p.permute(1, 2, 0).numpy().astype(np.float32) / 255)
        for p in faces.pictures
    ]
    sketches = sketches_of(faces)
    vectors = {
        kind: [model.vectors(s) for s in tqdm(planes, desc=f"encode {kind}")]
        for kind, planes in sketches.items()
    }
    made: dict[str, dict[float, list[Array]]] = {}
    for kind in sketches:
        made[kind] = {
            r: [
                small(model.face(model.refined(v, r)))
                for v in tqdm(vectors[kind], desc=f"{kind} {r}")
            ]
            for r in REFINEMENTS
        }
    for kind in ("own", "fair"):
        for r in REFINEMENTS:
            rows = [measures.of(a, b) for a, b in zip(made[kind][r], photos, strict=True)]
            figures.own[f"{kind} sketch, refinement {r:g}"] = mean_of(rows)
    if bank_faces is not None:
        average = bank_faces.pictures.float().mean(0).permute(1, 2, 0).numpy() / 255
        rows = [measures.of(np.asarray(average, np.float32), b) for b in photos]
        figures.own["mean face"] = mean_of(rows)
        rows = []
        for v, photo in zip(vectors["own"], photos, strict=True):
            k = nearest_photographs(model, v, model.manifest["bank"]["people"])
            near = bank_faces.pictures[k].permute(1, 2, 0).numpy().astype(np.float32) / 255
            rows.append(measures.of(np.ascontiguousarray(near), photo))
        figures.own["nearest photograph of the bank"] = mean_of(rows)
    figures.sliders = slider_figures(model, vectors["own"][::5])

    pairs = [(k, (k * 7 + 3) % len(faces)) for k in range(len(faces))]
    for r in REFINEMENTS:
        gaps = [measures.distance(made["own"][r][a], made["own"][r][b]) for a, b in pairs if a != b]
        figures.more[f"diversity, refinement {r:g}"] = float(np.mean(gaps or [float("nan")]))
    gaps = [measures.distance(photos[a], photos[b]) for a, b in pairs if a != b]
    figures.more["diversity, photographs"] = float(np.mean(gaps or [float("nan")]))

    detectors = finders()
    if not detectors:
        figures.notes.append("Faces found: not measured, for want of a face detector.")
    for name, finds in detectors.items():
        for kind in made:
            figures.found[f"{kind} sketch, {name}"] = {
                f"{r:g}": float(np.mean([finds(face) for face in made[kind][r]]))
                for r in REFINEMENTS
            }
        rate = float(np.mean([finds(photo) for photo in photos]))
        figures.found[f"photographs, {name}"] = dict.fromkeys(("0", "0.5", "1"), rate)
    known = identity()
    if known is None:
        figures.notes.append("Identity: not measured, for want of a face embedding.")
    else:
        name, embed = known
        figures.notes.append(f"Identity: distance of embeddings ({name}).")
        chosen = {f"own sketch, refinement {r:g}": made["own"][r] for r in REFINEMENTS}
        figures.more |= identity_figures(embed, chosen, photos)
    write_sheets(sketches, made, photos, sheets)
    return figures


def write_sheets(
    sketches: dict[str, NDArray[np.float32]],
    made: dict[str, dict[float, list[Array]]],
    photos: list[Array],
    folder: Path,
) -> None:
    """Of each kind: sketch | refinement 0 | 0.5 | 1 | photograph, 24 people in two columns."""
    folder.mkdir(parents=True, exist_ok=True)

    def plane(picture: Array) -> torch.Tensor:
        return torch.from_numpy(picture).permute(2, 0, 1)

    for kind, drawn in sketches.items():
        rows = []
        for k in np.linspace(0, len(photos) - 1, min(24, len(photos))).astype(int):
            row = [torch.from_numpy(drawn[k])[None].expand(3, -1, -1)]
            row += [plane(made[kind][r][k]) for r in REFINEMENTS]
            rows.append([*row, plane(photos[k])])
        half = (len(rows) + 1) // 2
        pairs = [[*a, *b] for a, b in zip(rows[:half], rows[half:], strict=False)]
        name = kind.replace("'", "")
        write_sheet(pairs or rows, folder / f"sheet-{name}.png")


def speed(model_folder: Path, threads: int = 2, rounds: int = 7) -> dict[str, float]:
    """Milliseconds (median) at `threads` threads: encoders, mappings, synthesis, one part, all."""
    model = ShippedFace(model_folder, threads)
    sketch = np.ones((WORK, WORK), np.float32)
    sketch[100:102, 60:190] = 0
    times: dict[str, list[float]] = {}

    def timed(name: str, began: float) -> float:
        now = time.perf_counter()
        times.setdefault(name, []).append((now - began) * 1000)
        return now

    for _ in range(rounds):
        at = time.perf_counter()
        vectors = model.vectors(sketch)
        at = timed("five encoders", at)
        maps = {
            part.replace("-", "_"): model.run(f"map-{part}", vector=vectors[part]) for part in PARTS
        }
        at = timed("five mappings", at)
        model.run("synthesise", **maps)
        timed("synthesis", at)
    return {name: float(np.median(values)) for name, values in times.items()}


def table(figures: Figures, count: int) -> str:
    lines = [f"{count} people.", "", "| from | PSNR, dB ↑ | LPIPS ↓ |", "| --- | ---: | ---: |"]
    for name, row in figures.own.items():
        lines.append(f"| {name} | {row['psnr']:.2f} | {row['lpips']:.3f} |")
    if figures.found:
        lines += ["", "| faces found | refinement 0 | 0.5 | 1 |", "| --- | ---: | ---: | ---: |"]
        for name, row in figures.found.items():
            cells = " | ".join(f"{row[r]:.1%}" for r in ("0", "0.5", "1"))
            lines.append(f"| {name} | {cells} |")
    lines += [
        "",
        "| slider from 0 to 1 | mean change inside its window | outside | outside / inside |",
        "| --- | ---: | ---: | ---: |",
    ]
    for name, row in figures.sliders.items():
        lines.append(
            f"| {name} | {row['inside']:.4f} | {row['outside']:.4f} | {row['share']:.1%} |"
        )
    lines += ["", "| more | |", "| --- | ---: |"]
    lines += [f"| {name} | {value:.3f} |" for name, value in figures.more.items()]
    lines += ["", *figures.notes]
    lines.append("Diversity: mean LPIPS between outputs for different people.")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", type=Path, help="model folder")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--limit", type=int, default=None, help="only so many people")
    parser.add_argument("--sheets", type=Path, default=RUNS / "face-sheets")
    parser.add_argument("--card", action="store_true", help="write the figures into CARD.md")
    parser.add_argument("--speed", action="store_true", help="time the graphs at two threads too")
    words = parser.parse_args()
    cpu = torch.device("cpu")
    faces = load(words.data, "val", cpu, variants=1, limit=words.limit, large=False)
    model = ShippedFace(words.model)
    bank_faces: Faces | None = load(words.data, "train", cpu, variants=0, large=False)
    if bank_faces is not None and len(bank_faces) != model.manifest["bank"]["people"]:
        bank_faces = None  # another bank: its photographs are not here
    figures = judge(model, faces, bank_faces, words.data, words.sheets)
    text = table(figures, len(faces))
    print(text)
    (words.sheets / "figures.json").write_text(json.dumps(vars(figures), indent=1) + "\n")
    if words.speed:
        for name, value in speed(words.model).items():
            print(f"{name}: {value:.0f} ms")
    if words.card:
        write_figures(words.model, text)


if __name__ == "__main__":
    main()
