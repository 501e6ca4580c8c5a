"""Run folder -> models/face: graphs, bank and manifest.json, checked against PyTorch.

    python -m training.face.export --to face --card

Graphs are stored in half precision and compute in single, as all models' are (training/export.py).
The export fails if they differ from PyTorch by more than 1e-3 before, or the face by more than
2/255 after, the weights are rounded.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..export import (
    LARGEST_FILE,
    LARGEST_FP32,
    LARGEST_SHIPPED,
    OPSET,
    described,
    half_weights,
    largest_differences,
    to_onnx,
)
from ..graphs.base import Graph
from ..places import RUNS, SHARED
from .bank import unpacked
from .components import trained
from .data import load
from .networks import Components, Painter
from .sketches import standard
from .windows import (
    CANVAS,
    LATENT,
    LAYERS,
    MAP_CHANNELS,
    NEIGHBOURS,
    PARTS,
    REGULARISATION,
    WINDOWS,
    WORK,
    cut,
    laid,
    mask_of,
)

LARGEST_SET = 60_000_000
BANK_FILES = ("vectors", "sketches", "table")
OUTPUT_PX = 512
LARGEST_SKETCH = 6 / 255  # a shadow under the pen need not be exact to the last step of grey


class Composer(nn.Module):
    """The synthesis graph: five maps in, a face out, the composition inside."""

    def __init__(self, painter: Painter, output_px: int) -> None:
        super().__init__()
        self.synthesis = painter.synthesis
        self.output_px = output_px
        for part in LAYERS:  # made before the tracing, so that the graph holds masks as constants
            mask_of(part, 0, WORK, torch.device("cpu"))

    def forward(
        self, left: Tensor, right: Tensor, nose: Tensor, mouth: Tensor, rest: Tensor
    ) -> Tensor:
        maps = dict(zip(PARTS, (left, right, nose, mouth, rest), strict=True))
        features = self.synthesis.features(laid(maps))
        if self.output_px == CANVAS:
            return self.synthesis.at_canvas_size(features)
        return self.synthesis.at_work_size(features)


def graphs_of(
    components: Components, painter: Painter, sketch: Tensor, output_px: int
) -> dict[str, Graph]:
    """Graphs by name; their examples come from `sketch` [2, 1, 256, 256]."""
    windows = cut(sketch)
    found: dict[str, Graph] = {}
    maps = {}
    for part in PARTS:
        side = WINDOWS[part].size
        component, mapping = components.of(part), painter.mapping(part)
        with torch.no_grad():
            vector = component.encoder(windows[part])
            maps[part] = mapping(vector)
        line: dict[str, list[int | str]] = {"sketch": ["N", 1, side, side]}
        code: dict[str, list[int | str]] = {"vector": ["N", LATENT]}
        plane: dict[str, list[int | str]] = {"map": ["N", MAP_CHANNELS, side, side]}
        sketches = [{"sketch": windows[part]}, {"sketch": windows[part][:1]}]
        vectors = [{"vector": vector}, {"vector": vector[:1]}]
        found[f"encode-{part}"] = Graph(component.encoder, line, code, sketches)
        found[f"map-{part}"] = Graph(mapping, code, plane, vectors)
        found[f"decode-{part}"] = Graph(component.decoder, code, line, vectors)
    names = {part: part.replace("-", "_") for part in PARTS}
    found["synthesise"] = Graph(
        Composer(painter, output_px),
        {
            names[part]: ["N", MAP_CHANNELS, WINDOWS[part].size, WINDOWS[part].size]
            for part in PARTS
        },
        {"face": ["N", 3, output_px, output_px]},
        [
            {names[part]: maps[part] for part in PARTS},
            {names[part]: maps[part][:1] for part in PARTS},
        ],
    )
    return found


def file_of(path: Path) -> dict[str, Any]:
    blob = path.read_bytes()
    return {"file": path.name, "sha256": hashlib.sha256(blob).hexdigest(), "bytes": len(blob)}


def export(
    components: Components,
    painter: Painter,
    sketch: Tensor,
    run: Path,
    folder: Path,
    training: dict[str, Any],
    output_px: int = OUTPUT_PX,
) -> dict[str, float]:
    """Writes the set whole or not at all; returns the largest differences measured."""
    graphs = graphs_of(components.eval(), painter.eval(), sketch, output_px)
    people = json.loads((run / "bank-table.json").read_text())["people"]
    unpacked((run / "bank-vectors.bin").read_bytes(), 2 * len(people))
    gaps: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as room:
        single, half = Path(room, "single"), Path(room, "half")
        single.mkdir()
        half.mkdir()
        for name, graph in graphs.items():
            to_onnx(copy_of(graph), single / f"{name}.onnx")
            half_weights(single / f"{name}.onnx", half / f"{name}.onnx")
            before = next(iter(largest_differences({name: graph}, single).values()))
            after = next(iter(largest_differences({name: graph}, half).values()))
            # vectors and maps are held to the same share of their own size
            if before[0] > LARGEST_FP32 * max(1.0, before[1]):
                raise AssertionError(f"{name} differs from PyTorch by {before[0]:.2e} in fp32")
            allowed = {"synthesise": LARGEST_SHIPPED}.get(name, LARGEST_SKETCH)
            if not name.startswith(("encode", "map")) and after[0] > allowed:
                raise AssertionError(f"{name} differs by {after[0] * 255:.2f}/255 as shipped")
            gaps |= {name: before[0], f"{name} shipped": after[0]}
        sizes = {name: (half / f"{name}.onnx").stat().st_size for name in graphs}
        banks = {kind: run / f"bank-{kind}.{suffix(kind)}" for kind in BANK_FILES}
        total = sum(sizes.values()) + sum(path.stat().st_size for path in banks.values())
        if max(sizes.values()) > LARGEST_FILE or total > LARGEST_SET:
            raise AssertionError(f"too large: {total} bytes in all, {sizes}")
        folder.mkdir(parents=True, exist_ok=True)
        files = [half / f"{name}.onnx" for name in graphs] + list(banks.values())
        for path in files:
            part = folder / f".{path.name}.part"
            part.write_bytes(path.read_bytes())
            part.replace(folder / path.name)
    manifest = {
        "id": "face",
        "version": "1.0.0",
        "method": "face",
        "title": "Face",
        "summary": "Makes a photograph-like face from a drawing, part by part.",
        "licence": "CC BY-SA 4.0",
        "opset": OPSET,
        "canvasPx": CANVAS,
        "workPx": WORK,
        "outputPx": output_px,
        "latent": LATENT,
        "neighbours": NEIGHBOURS,
        "regularisation": REGULARISATION,
        "parts": {name: {"x": w.x, "y": w.y, "size": w.size} for name, w in WINDOWS.items()},
        "graphs": {name: described(folder / f"{name}.onnx", g) for name, g in graphs.items()},
        "bank": {
            "count": 2 * len(people),
            "people": len(people),
            **{kind: file_of(folder / path.name) for kind, path in banks.items()},
        },
        "training": training,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return gaps


def suffix(kind: str) -> str:
    return "json" if kind == "table" else "bin"


def copy_of(graph: Graph) -> Graph:
    """Tracing must not touch the networks that are compared with."""
    return Graph(copy.deepcopy(graph.module), graph.inputs, graph.outputs, graph.examples)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--run", default="face")
    parser.add_argument("--to", type=Path, required=True, help="model folder to write")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--output", type=int, choices=(256, 512), default=OUTPUT_PX)
    parser.add_argument("--card", action="store_true", help="write CARD.md from its template")
    parser.add_argument("--compute", default="", help="what it was trained on, for the manifest")
    words = parser.parse_args()
    run = RUNS / words.run
    cpu = torch.device("cpu")
    saved = torch.load(run / "synthesis.pt", map_location=cpu)
    first = torch.load(run / "components.pt", map_location=cpu)
    painter = Painter()
    painter.load_state_dict(saved["ema"])
    compute = words.compute or f"{os.cpu_count()} cores, {platform.machine()}"
    training = {
        "steps": saved["step"],
        "minutes": round((saved["spent_s"] + first["spent_s"]) / 60),
        "componentSteps": first["step"],
        "trainSizePx": words.output,
        "compute": compute,
    }
    faces = load(words.data, "val", cpu, variants=1, limit=2, large=False)
    sketch = standard(faces.pictures.float() / 255)
    gaps = export(trained(run, cpu), painter, sketch, run, words.to, training, words.output)
    for name, gap in gaps.items():
        print(f"{name}: largest difference {gap:.2e}")
    if words.card:
        from .card import write_card

        write_card(words.to)


if __name__ == "__main__":
    main()
