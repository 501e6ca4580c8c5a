"""Pictures, their line drawings, and training pairs.

Pictures are decoded once: squares of `size` pixels and a few line drawings each, uint8, in a
cache folder. Training batches are cut, warped and recoloured from there on the device.
"""

from __future__ import annotations

import csv
import hashlib
import os
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from .appearance import apply_appearance, random_appearance
from .lines import draw
from .places import CACHE
from .warp import five_point_shift, random_shift, tps_grid, warp

ARCHIVES = ("illustrations-asp.tar", "illustrations-other.tar", "comic-pages.tar", "line-art.tar")
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff"}
PAGE_CROPS = 6
LINES = 2  # of what lines.py draws: a cache of other drawings is made anew


@dataclass(frozen=True)
class Picture:
    file: str
    kind: str  # colour, page or lines
    group: str  # story, episode or folder: pictures that share characters
    split: str
    archive: str  # tar to read it from; empty for a plain file


def listed(data: Path) -> list[Picture]:
    """The pictures of `data`: by its table where it has one, else every picture below it."""
    table = data / "illustrations.tsv"
    if not table.exists():
        return sorted(_in_folder(data), key=lambda p: p.file)
    archive_of: dict[str, str] = {}
    for archive in ARCHIVES:
        with tarfile.open(data / archive) as tar:
            archive_of.update({name: archive for name in tar.getnames()})
    with table.open(newline="") as file:
        return [
            Picture(
                row["file"],
                row["kind"],
                f"{row['source']}/{row['group']}",
                row["split"],
                archive_of[row["file"]],
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]


def _in_folder(data: Path) -> Iterator[Picture]:
    """Group = subfolder; a file directly in `data` is a group of its own. 1 group in 20 is val."""
    for path in data.rglob("*"):
        if path.suffix.lower() not in SUFFIXES:
            continue
        name = path.relative_to(data)
        group = name.parts[0] if len(name.parts) > 1 else name.stem
        held_out = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 20 == 0
        yield Picture(str(name), "colour", group, "val" if held_out else "train", "")


def read_bytes(data: Path, pictures: Iterable[Picture]) -> Iterator[tuple[Picture, bytes]]:
    """Each picture with its encoded bytes, archive by archive."""
    for archive, members in groupby(sorted(pictures, key=_place), key=lambda p: p.archive):
        if not archive:
            for picture in members:
                yield picture, (data / picture.file).read_bytes()
            continue
        with tarfile.open(data / archive) as tar:
            for picture in members:
                member = tar.extractfile(picture.file)
                if member is None:
                    raise FileNotFoundError(f"{data / archive} holds no {picture.file}")
                yield picture, member.read()


def _place(picture: Picture) -> tuple[str, str]:
    return picture.archive, picture.file


def decode(blob: bytes) -> NDArray[np.uint8]:
    """Encoded picture -> RGB uint8, transparency laid over white."""
    decoded = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_UNCHANGED)
    if decoded is None:
        raise ValueError("not a picture OpenCV can read")
    bgr: NDArray[Any] = np.asarray(decoded)
    if bgr.dtype == np.uint16:
        bgr = (bgr >> 8).astype(np.uint8)
    if bgr.ndim == 2:
        bgr = np.repeat(bgr[:, :, None], 3, axis=2)
    if bgr.shape[2] == 4:
        alpha = bgr[:, :, 3:].astype(np.float32) / 255
        bgr = (bgr[:, :, :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)
    return np.ascontiguousarray(bgr[:, :, ::-1])


def squares(rgb: NDArray[np.uint8], kind: str, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    """The square cuts of a picture: one, two of a long one, several of a comic page."""
    h, w = rgb.shape[:2]
    side = min(h, w)
    if kind == "page":
        cuts = []
        for _ in range(PAGE_CROPS):
            s = int(rng.integers(int(side * 0.38), int(side * 0.9)))
            y, x = int(rng.integers(h - s + 1)), int(rng.integers(w - s + 1))
            cuts.append(rgb[y : y + s, x : x + s])
    elif max(h, w) <= 1.3 * side:
        y, x = (h - side) // 2, (w - side) // 2
        cuts = [rgb[y : y + side, x : x + side]]
    else:
        cuts = [rgb[:side, :side], rgb[h - side :, w - side :]]
    return [np.ascontiguousarray(cut) for cut in cuts]


def resized(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    shrink = min(picture.shape[:2]) > size
    method = cv2.INTER_AREA if shrink else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (size, size), interpolation=method), np.uint8)


def drawn(
    square: NDArray[np.uint8], size: int, variants: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Line drawings of a square: [variants, size, size].

    Lines are drawn at twice the training size, as artists draw them: larger than the model sees
    them. Shrinking then softens them exactly as it does at inference.
    """
    large = resized(square, min(2 * size, max(size, min(square.shape[:2]))))
    return np.stack([resized(draw(large, rng), size) for _ in range(variants)])


def _prepare(
    task: tuple[Picture, bytes, int, int],
) -> list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """One picture -> [(square RGB, its line drawings [V, S, S])]. Seeded by the file's name."""
    picture, blob, size, variants = task
    cv2.setNumThreads(1)
    rng = np.random.default_rng(int(hashlib.sha256(picture.file.encode()).hexdigest()[:12], 16))
    made = []
    for cut in squares(decode(blob), picture.kind, rng):
        made.append((resized(cut, size), drawn(cut, size, variants, rng)))
    return made


@dataclass
class PictureSet:
    """Squares of one split, on the device. `partners[i]`: other files of the group of square i."""

    images: Tensor  # uint8 [P, 3, S, S]
    lines: Tensor  # uint8 [P, V, S, S]
    files: list[str]
    groups: list[str]
    partners: list[list[int]]


def load(data: Path, split: str, size: int, variants: int, device: torch.device) -> PictureSet:
    """The decoded pictures of a split, from the cache or made now (minutes, once)."""
    pictures = [p for p in listed(data) if p.split == split and p.kind in ("colour", "page")]
    if not pictures:
        raise FileNotFoundError(f"{data} has no {split} pictures; expected {sorted(SUFFIXES)}")
    text = repr([data.name, [p.file for p in pictures], size, variants, LINES])
    stem = CACHE / f"{split}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    paths = [stem.with_name(stem.name + end) for end in ("-images.npy", "-lines.npy", "-names.txt")]
    if not paths[2].exists():
        _fill_cache(data, pictures, size, variants, paths)
    images = torch.from_numpy(np.load(paths[0])).permute(0, 3, 1, 2).contiguous()
    lines = torch.from_numpy(np.load(paths[1]))
    rows = [line.split("\t") for line in paths[2].read_text().splitlines()]
    files, groups = [r[0] for r in rows], [r[1] for r in rows]
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    partners = [[j for j in members[g] if files[j] != files[i]] for i, g in enumerate(groups)]
    return PictureSet(images.to(device), lines.to(device), files, groups, partners)


def _fill_cache(
    data: Path, pictures: list[Picture], size: int, variants: int, paths: list[Path]
) -> None:
    CACHE.mkdir(exist_ok=True)
    images, lines, rows = [], [], []
    ordered = sorted(pictures, key=_place)
    tasks = ((p, blob, size, variants) for p, blob in read_bytes(data, ordered))
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        made = pool.map(_prepare, tasks, chunksize=8)
        bar = tqdm(zip(ordered, made, strict=True), total=len(pictures), desc="drawing lines")
        for picture, cuts in bar:
            for image, arts in cuts:
                images.append(image)
                lines.append(arts)
                rows.append(f"{picture.file}\t{picture.group}")
    np.save(paths[0], np.stack(images))
    np.save(paths[1], np.stack(lines))
    paths[2].write_text("\n".join(rows) + "\n")  # last: its presence says the cache is whole


@dataclass
class Batch:
    """The first `self_count` pairs are augmented-self (their `grid` is known), the rest cross."""

    sketch: Tensor  # [N, 1, H, W], 1 paper
    reference: Tensor  # [N, 3, H, W]
    target: Tensor  # [N, 3, H, W]
    grid: Tensor  # [self_count, h, w, 2]: reference token -> place in the target
    self_count: int


def cut(pictures: Tensor, corners: Tensor, side: int, size: int) -> Tensor:
    """Crops of `side` pixels at `corners` [N, 2], scaled to `size`: float [N, C, size, size]."""
    if not len(pictures):
        return torch.zeros(0, pictures.shape[1], size, size, device=pictures.device)
    device = pictures.device
    along = torch.arange(side, device=device)
    corners = corners.to(device)
    rows = (corners[:, :1] + along)[:, :, None]
    columns = (corners[:, 1:] + along)[:, None]
    which = torch.arange(len(pictures), device=device)[:, None, None]
    stack = pictures[which, :, rows, columns].permute(0, 3, 1, 2).float() / 255
    if side == size:
        return stack
    shape = (size, size)
    return F.interpolate(stack, shape, mode="bilinear", align_corners=False, antialias=True)


def make_batch(
    pictures: PictureSet,
    count: int,
    size: int,
    seed: int,
    *,
    self_share: float,
    natural_share: float,
    warp_reach: float,
    crop_least: float,
    five_points: bool = False,
) -> Batch:
    """One training batch; the same arguments give the same batch.

    `five_points`: references are warped at the corners and the middle only, each by `warp_reach`.
    """
    generator = torch.Generator().manual_seed(seed)
    device = pictures.images.device
    cached = pictures.images.shape[-1]

    def rand(*shape: int) -> Tensor:
        return torch.rand(*shape, generator=generator)

    def crops_of(source: Tensor, corners: Tensor, side: int) -> Tensor:
        return cut(source, corners, side, size).contiguous(memory_format=torch.channels_last)

    paired = any(pictures.partners)  # a folder of single pictures has no other page to offer
    self_count = round(count * self_share) if paired else count
    index = torch.randint(len(pictures.files), (count,), generator=generator)
    partner = index.clone()
    for k in range(self_count, count):
        while not pictures.partners[int(index[k])]:
            index[k] = int(torch.randint(len(pictures.files), (1,), generator=generator))
        others = pictures.partners[int(index[k])]
        partner[k] = others[int(torch.randint(len(others), (1,), generator=generator))]

    side = int(cached * (crop_least + (1 - crop_least) * float(rand(1))))
    corners = (rand(count, 2) * (cached - side + 1)).long()
    on = index.to(device)
    variant = torch.randint(pictures.lines.shape[1], (count,), generator=generator).to(device)
    target = crops_of(pictures.images[on], corners, side)
    sketch = crops_of(pictures.lines[on, variant][:, None], corners, side)

    cross = slice(self_count, count)
    other_side = int(cached * (crop_least + (1 - crop_least) * float(rand(1))))
    other_corners = (rand(count, 2) * (cached - other_side + 1)).long()
    other = crops_of(pictures.images[partner[cross].to(device)], other_corners[cross], other_side)

    mirrored = (rand(count) < 0.5).to(device).view(-1, 1, 1, 1)
    target = torch.where(mirrored, target.flip(3), target)
    sketch = torch.where(mirrored, sketch.flip(3), sketch)

    # a(.): one change of colour a pair, shared by target and reference.
    matrix, offset = random_appearance(count, natural_share, generator)
    matrix, offset = matrix.to(device), offset.to(device)
    target = apply_appearance(target, matrix, offset)
    other = apply_appearance(other, matrix[cross], offset[cross])

    # s(.): the self references. The token grid is the pixel grid seen at token centres.
    if five_points:
        shift = five_point_shift(self_count, warp_reach, generator).to(device)
    else:
        shift = random_shift(self_count, warp_reach, 0.15, generator).to(device)
    full = tps_grid(shift, size, size)
    warped = warp(target[:self_count], full)
    tokens = F.avg_pool2d(full.permute(0, 3, 1, 2), 16)
    # Token centres lie half a token inside the picture; stretch so that -1 and 1 mean the first
    # and last token, which is what grid_sample(align_corners=True) on a token map wants.
    stretch = size / max(size - 16, 1)
    grid = tokens.permute(0, 2, 3, 1) * stretch

    # Scanners and hands: darker and lighter lines than the cache holds.
    strength = (0.6 + 0.9 * rand(count)).view(-1, 1, 1, 1).to(device)
    sketch = (1 - (1 - sketch) * strength).clamp(0, 1)
    reference = torch.cat([warped, other])
    return Batch(sketch, reference, target, grid, self_count)
