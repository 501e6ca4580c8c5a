"""Writes tests/fixtures/measures: small pictures and what measures.py makes of them.

    python -m training.tests.make_measures

tests/unit/quality/agreement.test.ts holds the program's own measures to the same figures, and
test_measures.py holds these to themselves.
"""

from __future__ import annotations

import json

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from .. import measures
from ..networks.squeezenet import Lpips, SqueezeNet
from ..places import HEADS, ROOT, SQUEEZENET

FIXTURES = ROOT / "tests" / "fixtures"
FOLDER = FIXTURES / "measures"
# output, target: a bent copy, two pages of a story, two stories; sizes even and odd
PAIRS = (
    ("rabbit-1-bent", "rabbit-1", (200, 200)),
    ("conscience-2", "conscience-1", (201, 183)),
    ("pepper-1", "sindi-2", (187, 176)),
)


def floats(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(picture.astype(np.float32) / 255, np.float32)


def figures(
    output: NDArray[np.uint8], target: NDArray[np.uint8], lines: NDArray[np.uint8]
) -> dict[str, float]:
    """Every measure but LPIPS, of bytes."""
    a, b = floats(output), floats(target)
    areas = measures.colour_regions(b)
    return {
        "psnr": measures.psnr(a, b),
        "msSsim": measures.ms_ssim(a, b),
        "areas": int(areas.max()),
        "regionAccuracy": measures.region_accuracy(a, b, areas),
        "paletteDistance": measures.palette_distance(a, b),
        "lineFidelity": measures.line_fidelity(a, floats(lines)),
    }


def read(name: str) -> NDArray[np.uint8]:
    picture = cv2.imread(str(FOLDER / f"{name}.png"), cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(FOLDER / f"{name}.png")
    return np.ascontiguousarray(picture[:, :, ::-1]).astype(np.uint8)


def drawing_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Stands for a line drawing: the picture in grey, the same bytes for everyone."""
    wide = picture.astype(np.uint32)
    return np.asarray((wide[:, :, 0] + 2 * wide[:, :, 1] + wide[:, :, 2]) >> 2, np.uint8)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    lpips = Lpips(SqueezeNet(SQUEEZENET), HEADS)

    def planes(picture: NDArray[np.uint8]) -> torch.Tensor:
        return torch.from_numpy(picture.transpose(2, 0, 1)[None].astype(np.float32) / 255)

    known = []
    for output, target, (width, height) in PAIRS:
        for name in (output, target):
            picture = cv2.imread(str(FIXTURES / "pairs" / f"{name}.webp"), cv2.IMREAD_COLOR)
            if picture is None:
                raise FileNotFoundError(f"{name}.webp")
            small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(FOLDER / f"{name}.png"), small, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        a, b = read(output), read(target)
        made = figures(a, b, drawing_of(b))
        with torch.no_grad():
            made["lpips"] = float(lpips(planes(a), planes(b))[0])
        known.append({"output": output, "target": target} | made)
    (FOLDER / "measures.json").write_text(json.dumps(known, indent=2) + "\n")


if __name__ == "__main__":
    main()
