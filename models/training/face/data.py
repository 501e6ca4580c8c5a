"""Photographs of faces, decoded once and kept on the device as bytes.

`faces.tsv` says what `faces-512.tar` holds; a folder `faces/` beside it does as well.
"""

from __future__ import annotations

import csv
import os
import tarfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .polylines import drawings
from .windows import CANVAS, WORK

SHARP_IOD_PX = 110  # distance of the eyes in the source from which 512 px are more than enlarged
COLUMNS = ("file", "person", "split", "space", "source_iod_px", "landmarks68")


@dataclass(frozen=True)
class Faces:
    """One split, on one device."""

    files: list[str]
    persons: Tensor  # [F] number of the person; several faces may be one person's
    spaces: list[str]  # feminine, masculine or nothing
    landmarks: Tensor  # [F, 68, 2] px of the 512 canvas
    pictures: Tensor  # [F, 3, 256, 256] uint8 sRGB
    contours: Tensor  # [F, V, 256, 256] uint8, 255 = ink: polylines.py
    sharp: Tensor  # [S] which faces have a picture in `large`
    large: Tensor  # [S, 3, 512, 512] uint8
    weights: Tensor  # [F] how often a face is drawn in training

    def __len__(self) -> int:
        return len(self.files)


def rows_of(table: Path) -> list[dict[str, str]]:
    """faces.tsv; ValueError names what is missing."""
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    missing = [c for c in COLUMNS if rows and c not in rows[0]]
    if not rows or missing:
        raise ValueError(f"{table}: no rows, or no column {', '.join(missing)}")
    return rows


def landmarks_of(row: dict[str, str]) -> NDArray[np.float32]:
    points = [[float(v) for v in pair.split(",")] for pair in row["landmarks68"].split(";")]
    marks = np.array(points, np.float32)
    if marks.shape != (68, 2):
        raise ValueError(f"{row['file']}: {marks.shape} landmarks instead of 68 pairs")
    return marks


def read_all(folder: Path, files: list[str]) -> list[bytes]:
    archive = folder / "faces-512.tar"
    if not archive.exists():
        return [(folder / name).read_bytes() for name in files]
    with tarfile.open(archive) as tar:
        found = {}
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                found[member.name] = stream.read()
    return [found[name] for name in files]


def decoded(blob: bytes, name: str) -> NDArray[np.uint8]:
    """RGB [512, 512, 3]."""
    picture = cv2.imdecode(np.frombuffer(blob, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{name} is not a picture")
    if picture.shape[:2] != (CANVAS, CANVAS):
        picture = cv2.resize(picture, (CANVAS, CANVAS), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture[:, :, ::-1]).astype(np.uint8)


def balance(pictures: Tensor, spaces: list[str]) -> Tensor:
    """[F] weights: the darker half of the skins and the fewer women are drawn more often.

    Nine faces in ten are light; drawn evenly, dark-skinned people come out light.
    """
    cheeks = pictures[:, :, 130:165, 70:186].float().mean(dim=(1, 2, 3))
    rank = cheeks.argsort().argsort().float() / max(1, len(cheeks) - 1)
    weight = 1 + 2.5 * (1 - rank / 0.15).clamp(min=0)
    feminine = torch.tensor([s == "feminine" for s in spaces], device=weight.device)
    return weight * torch.where(feminine, 1.6, 1.0)


def load(
    folder: Path,
    split: str,
    device: torch.device,
    variants: int = 3,
    limit: int | None = None,
    large: bool = True,
) -> Faces:
    """The split's faces; decoding and contours use every core."""
    rows = [row for row in rows_of(folder / "faces.tsv") if row["split"] == split]
    if limit is not None:  # from all sources
        rows = rows[:: max(1, len(rows) // limit)][:limit]
    files = [row["file"] for row in rows]
    people = {name: k for k, name in enumerate(sorted({row["person"] for row in rows}))}
    marks = np.stack([landmarks_of(row) for row in rows])
    blobs = read_all(folder, files)
    wanted = [large and float(row["source_iod_px"]) >= SHARP_IOD_PX for row in rows]
    small = np.zeros((len(rows), WORK, WORK, 3), np.uint8)
    big: dict[int, NDArray[np.uint8]] = {}

    def one(k: int) -> None:
        picture = decoded(blobs[k], files[k])
        small[k] = cv2.resize(picture, (WORK, WORK), interpolation=cv2.INTER_AREA)
        if wanted[k]:
            big[k] = picture

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, range(len(rows))))
    sharp = sorted(big)
    pictures = torch.from_numpy(small).to(device).permute(0, 3, 1, 2).contiguous()
    spaces = [row["space"] for row in rows]
    stacked = np.stack([big[k] for k in sharp]) if sharp else np.zeros((0, 8, 8, 3), np.uint8)
    return Faces(
        files,
        torch.tensor([people[row["person"]] for row in rows], device=device),
        spaces,
        torch.from_numpy(marks).to(device),
        pictures,
        torch.from_numpy(drawings(marks, variants, 7)).to(device),
        torch.tensor(sharp, dtype=torch.long, device=device),
        torch.from_numpy(stacked).to(device).permute(0, 3, 1, 2).contiguous(),
        balance(pictures, spaces),
    )
