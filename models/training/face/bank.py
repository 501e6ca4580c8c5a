"""The bank: what every person of the training split looks like to the five encoders.

    python -m training.face.bank

Writes bank-vectors.bin, bank-sketches.bin and bank-table.json into the run folder:
entry i < people is person i's clean sketch, entry people + i that sketch mirrored.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..places import RUNS, SHARED
from .components import trained
from .data import Faces, load
from .networks import Components
from .sketches import standard
from .windows import LATENT, PARTS, cut

QUALITY = 24  # of the sketches' WebP
CREDITS = (
    "Face Research Lab London Set, Young Adult White Faces and Young adult composite faces "
    "(Lisa DeBruine, Benedict Jones; CC BY 4.0); official portraits of members of the "
    "US Congress (public domain)."
)


@dataclass(frozen=True)
class Bank:
    vectors: dict[str, Tensor]  # of each part [2F, 512]
    persons: Tensor  # [2F] whose they are

    def excluded(self, persons: Tensor) -> Tensor:
        """[N, 2F]: entries of these persons."""
        return persons[:, None] == self.persons[None]


@torch.no_grad()
def clean_sketches(faces: Faces, batch: int = 64) -> Tensor:
    """[F, 1, 256, 256] in [0, 1]; rounded to bytes, as the shipped files hold them."""
    chunks = [standard(part.float() / 255) for part in faces.pictures.split(batch)]
    return (torch.cat(chunks) * 255).round() / 255


@torch.no_grad()
def build(components: Components, faces: Faces, batch: int = 64) -> Bank:
    sketches = clean_sketches(faces)
    both = torch.cat([sketches, sketches.flip(3)])
    found: dict[str, list[Tensor]] = {part: [] for part in PARTS}
    for chunk in both.split(batch):
        for part, vector in components.encode(cut(chunk)).items():
            found[part].append(vector.float())
    vectors = {part: torch.cat(chunks) for part, chunks in found.items()}
    return Bank(vectors, faces.persons.repeat(2))


def quantised(
    vectors: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int8]]:
    """Per dimension: scale [D], zero [D], q [count, D] with vectors ~ q * scale + zero."""
    low, high = vectors.min(0), vectors.max(0)
    zero = ((low + high) / 2).astype(np.float32)
    scale = np.maximum((high - low) / 254, 1e-8).astype(np.float32)
    q = np.clip(np.round((vectors - zero) / scale), -127, 127).astype(np.int8)
    return scale, zero, q


def packed(bank: Bank) -> bytes:
    """bank-vectors.bin: of each part scale, zero, q."""
    blobs = []
    for part in PARTS:
        scale, zero, q = quantised(bank.vectors[part].cpu().numpy().astype(np.float32))
        blobs += [scale.astype("<f4").tobytes(), zero.astype("<f4").tobytes(), q.tobytes()]
    return b"".join(blobs)


def unpacked(blob: bytes, count: int) -> dict[str, NDArray[np.float32]]:
    """bank-vectors.bin -> of each part [count, 512]."""
    step = LATENT * 8 + count * LATENT
    if len(blob) != step * len(PARTS):
        raise ValueError(f"bank-vectors.bin has {len(blob)} bytes, not {step * len(PARTS)}")
    found = {}
    for k, part in enumerate(PARTS):
        here = blob[k * step : (k + 1) * step]
        scale, zero = np.frombuffer(here[: LATENT * 8], "<f4").reshape(2, LATENT)
        q = np.frombuffer(here[LATENT * 8 :], np.int8).reshape(count, LATENT)
        found[part] = np.asarray(q * scale + zero, np.float32)
    return found


def write(components: Components, faces: Faces, folder: Path) -> None:
    (folder / "bank-vectors.bin").write_bytes(packed(build(components, faces)))
    sketches = clean_sketches(faces)[:, 0].mul(255).round().byte().cpu().numpy()
    blobs, people, offset = [], [], 0
    for k, sketch in enumerate(sketches):
        grey = cv2.merge([sketch] * 3)
        done, blob = cv2.imencode(".webp", grey, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
        if not done:
            raise ValueError("this OpenCV can't write WebP")
        space = faces.spaces[k] or None
        people.append({"id": f"p{k + 1:04d}", "space": space, "offset": offset, "bytes": len(blob)})
        blobs.append(blob.tobytes())
        offset += len(blob)
    (folder / "bank-sketches.bin").write_bytes(b"".join(blobs))
    table = {"people": people, "credits": CREDITS}
    (folder / "bank-table.json").write_text(json.dumps(table, separators=(",", ":")) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--run", default="face")
    parser.add_argument("--limit", type=int, default=None, help="only so many faces")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    words = parser.parse_args()
    device = torch.device(words.device)
    faces = load(words.data, "train", device, variants=1, limit=words.limit, large=False)
    folder = RUNS / words.run
    write(trained(folder, device), faces, folder)
    for name in ("bank-vectors.bin", "bank-sketches.bin", "bank-table.json"):
        print(f"{name}: {(folder / name).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
