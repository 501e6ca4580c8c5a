"""The shipped face model run as the program runs it: ONNX graphs, quantised bank, projection."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from .bank import unpacked
from .finish import finished
from .manifold import projected
from .windows import PARTS, cut

Array = NDArray[np.float32]
Vectors = dict[str, Array]


class ShippedFace:
    """Model folder -> functions of one sketch."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self.folder = folder
        self.manifest = json.loads((folder / "manifest.json").read_text())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.sessions = {
            name: onnxruntime.InferenceSession(
                str(folder / graph["file"]), options, providers=["CPUExecutionProvider"]
            )
            for name, graph in self.manifest["graphs"].items()
        }
        bank = self.manifest["bank"]
        blob = (folder / bank["vectors"]["file"]).read_bytes()
        self.bank = {k: torch.from_numpy(v) for k, v in unpacked(blob, bank["count"]).items()}

    def run(self, name: str, **inputs: Array) -> Array:
        made = self.sessions[name].run(None, inputs)[0]
        return np.asarray(made, np.float32)

    def vectors(self, sketch: Array) -> Vectors:
        """Sketch [256, 256] -> of each part [1, 512]."""
        windows = cut(torch.from_numpy(np.ascontiguousarray(sketch))[None, None])
        return {
            part: self.run(f"encode-{part}", sketch=np.ascontiguousarray(windows[part].numpy()))
            for part in PARTS
        }

    def refined(self, vectors: Vectors, refinement: dict[str, float] | float) -> Vectors:
        """r * projected + (1 - r) * own, r for all parts or of each."""
        found = {}
        for part, vector in vectors.items():
            r = refinement if isinstance(refinement, float) else refinement.get(part, 0.0)
            near = projected(torch.from_numpy(vector), self.bank[part]).numpy()
            found[part] = np.asarray(r * near + (1 - r) * vector, np.float32)
        return found

    def face(self, vectors: Vectors) -> Array:
        """-> [O, O, 3] sRGB in [0, 1]."""
        maps = {
            part.replace("-", "_"): self.run(f"map-{part}", vector=vectors[part]) for part in PARTS
        }
        return finished(self.run("synthesise", **maps)[0].transpose(1, 2, 0))

    def drawn(self, vectors: Vectors) -> dict[str, Array]:
        """What the vectors say as lines: of each part [S, S]."""
        return {part: self.run(f"decode-{part}", vector=vectors[part])[0, 0] for part in PARTS}
