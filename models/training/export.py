"""Checkpoint -> graphs, manifest.json, and on request a model pack, checked against PyTorch.

    python -m training.export scft --to scft
    python -m training.export inkwash --run mine --to mine --id mine --pack mine.zip

Initialisers are stored in half precision with a Cast to single precision, so that files are half
as large and every provider still computes in single precision. The export fails if the graphs
differ from PyTorch by more than 1e-3 before, or 2/255 after, the weights are rounded. A method that
chooses one token among many (`Method.chooses`) may choose another of two alike for a difference in
the last bit: its graphs are held to PyTorch with the rounded weights, but for one pixel in a
thousand, and what the rounding itself changes is held to 2/255 on average.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import inspect
import json
import os
import platform
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

from .cards import write_card
from .config import Config, load_config
from .graphs import method_of
from .graphs.base import Array, Graph, Method
from .places import RUNS

OPSET = 17
LARGEST_FP32 = 1e-3
LARGEST_SHIPPED = 2 / 255
LEAST_HALVED = 16  # numbers of an initialiser that is worth storing in half precision
MOST_CHOICES = 0.999
LARGEST_FILE = 16 * 2**20
LARGEST_COLORIZER = 20_000_000


def to_onnx(graph: Graph, path: Path) -> None:
    """Traces `graph` on its first example."""
    axes = {
        name: {k: size for k, size in enumerate(shape) if isinstance(size, str)}
        for name, shape in (graph.inputs | graph.outputs).items()
    }
    words: dict[str, Any] = {}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        words["dynamo"] = False
    torch.onnx.export(
        graph.module.eval(),
        tuple(graph.examples[0].values()),
        str(path),
        input_names=list(graph.inputs),
        output_names=list(graph.outputs),
        dynamic_axes=axes,
        opset_version=OPSET,
        **words,
    )
    onnx.checker.check_model(onnx.load(str(path)))


def half_weights(source: Path, path: Path) -> None:
    """Rewrites every fp32 initialiser of more than a few numbers as fp16 and a Cast to fp32."""
    model = onnx.load(str(source))
    graph = model.graph
    kept, casts = [], []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < LEAST_HALVED:
            kept.append(tensor)
            continue
        half = numpy_helper.to_array(tensor).astype(np.float16)
        stored = f"{tensor.name}_fp16"
        kept.append(numpy_helper.from_array(half, stored))
        casts.append(helper.make_node("Cast", [stored], [tensor.name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.initializer[:]
    del graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(casts + nodes)
    model.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def run_graph(path: Path, inputs: dict[str, Array]) -> dict[str, Array]:
    """One run on the CPU provider: output name -> array."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def largest_differences(
    graphs: dict[str, Graph], folder: Path, share: float = 1.0
) -> dict[str, tuple[float, float]]:
    """Of each output: largest |ONNX - PyTorch| over all examples, and its own largest value.

    With a `share` below one: the difference that so many of the numbers stay under.
    """
    worst: dict[str, tuple[float, float]] = {}
    for name, graph in graphs.items():
        for example in graph.examples:
            with torch.no_grad():
                made = graph.module(*example.values())
            theirs = made if isinstance(made, tuple) else (made,)
            arrays = {k: v.numpy() for k, v in example.items()}
            ours = run_graph(folder / f"{name}.onnx", arrays)
            for output, expected in zip(graph.outputs, theirs, strict=True):
                shape = ours[output].shape
                if shape != tuple(expected.shape):
                    raise AssertionError(f"{output}: shape {shape}, PyTorch {expected.shape}")
                gap = float(np.quantile(np.abs(ours[output] - expected.numpy()), share))
                gap_before, size = worst.get(output, (0.0, 0.0))
                worst[output] = max(gap, gap_before), max(size, float(expected.abs().max()))
    return worst


def by_rounding(
    method: Method, model: torch.nn.Module, rounded: dict[str, Graph], config: Config
) -> float:
    """Mean |change of colour| that rounding the weights makes, on the graphs' own examples."""
    exact = method.graphs(model.eval(), config)["colorize"]
    gaps = []
    for example in rounded["colorize"].examples:
        with torch.no_grad():
            a, b = (g.module(*example.values())[0] for g in (exact, rounded["colorize"]))
        gaps.append(float((a - b).abs().mean()))
    return float(np.mean(gaps))


def described(path: Path, graph: Graph) -> dict[str, Any]:
    blob = path.read_bytes()
    return {
        "file": path.name,
        "sha256": hashlib.sha256(blob).hexdigest(),
        "bytes": len(blob),
        "inputs": graph.inputs,
        "outputs": graph.outputs,
    }


def export(
    method: Method,
    model: torch.nn.Module,
    config: Config,
    training: dict[str, Any],
    folder: Path,
    words: dict[str, Any] | None = None,
) -> dict[str, float]:
    """Writes the files whole or not at all; returns the largest differences measured.

    `words` replaces words of the manifest (id, title, summary).
    """
    rounded = copy.deepcopy(model).eval() if method.chooses else model.eval()
    if method.chooses:
        with torch.no_grad():
            for parameter in rounded.parameters():
                if parameter.numel() >= LEAST_HALVED:
                    parameter.copy_(parameter.half().float())
    share = MOST_CHOICES if method.chooses else 1.0
    graphs = method.graphs(rounded, config)
    with tempfile.TemporaryDirectory() as room:
        single, half = Path(room, "single"), Path(room, "half")
        single.mkdir()
        half.mkdir()
        for name, graph in graphs.items():
            to_onnx(graph, single / f"{name}.onnx")
            half_weights(single / f"{name}.onnx", half / f"{name}.onnx")
        before = largest_differences(graphs, single, share)
        for name, (gap, size) in before.items():
            # tokens grow with training; they are held to the same share of their own size
            if gap > LARGEST_FP32 * max(1.0, size):
                raise AssertionError(f"{name} differs from PyTorch by {gap:.2e} in fp32")
        after = largest_differences(graphs, half, share)
        if after["colour"][0] > LARGEST_SHIPPED:
            raise AssertionError(f"colour differs by {after['colour'][0] * 255:.2f}/255 as shipped")
        sizes = [(half / f"{name}.onnx").stat().st_size for name in graphs]
        if max(sizes) > LARGEST_FILE or sum(sizes) > LARGEST_COLORIZER:
            raise AssertionError(f"too large: {sizes}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in graphs:
            part = folder / f".{name}.part"
            part.write_bytes((half / f"{name}.onnx").read_bytes())
            part.replace(folder / f"{name}.onnx")
    manifest = {
        "id": method.id,
        "version": "1.0.0",
        "method": method.id,
        "title": method.title,
        "summary": method.summary,
        "licence": "CC BY-SA 4.0",
        "opset": OPSET,
        "stride": method.stride,
        "tokenStride": method.token_stride,
        "sizes": method.sizes,
        "defaultSize": method.default_size,
        **method.extra,
        **method.of_config(config),
        "graphs": {name: described(folder / f"{name}.onnx", g) for name, g in graphs.items()},
        "training": training,
    }
    manifest |= words or {}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    shipped = {f"{name} shipped": gap for name, (gap, _) in after.items()}
    if method.chooses:
        shipped["colour by rounding, mean"] = by_rounding(method, model, graphs, config)
    return {name: gap for name, (gap, _) in before.items()} | shipped


def pack(folder: Path, path: Path) -> None:
    """The model in `folder` as one file that `inkwash models add` installs."""
    names = ["manifest.json", *sorted(p.name for p in folder.glob("*.onnx")), "CARD.md"]
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            if (folder / name).exists():
                archive.write(folder / name, name)
    part.replace(path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("config")
    parser.add_argument("--run", default=None, help="run folder; the config's name by default")
    parser.add_argument("--to", type=Path, required=True, help="model folder to write")
    parser.add_argument("--id", default=None, help="the model's own id; the method's by default")
    parser.add_argument("--title", default=None)
    parser.add_argument(
        "--card", action="store_true", help="write CARD.md from its template, for the shared data"
    )
    parser.add_argument("--pack", type=Path, default=None, help="also write a model pack")
    parser.add_argument("--compute", default="", help="what it was trained on, for the manifest")
    words = parser.parse_args()
    if words.id is not None and not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", words.id):
        parser.error("--id: small letters, digits and hyphens, at most 32")
    config = load_config(words.config)
    saved = torch.load(RUNS / (words.run or words.config) / "last.pt", map_location="cpu")
    method = method_of(config.method)
    model = method.build(config)
    model.load_state_dict(saved["ema"])
    compute = words.compute or f"{os.cpu_count()} cores, {platform.machine()}"
    training = {
        "steps": saved["step"],
        "minutes": round(saved["spent_s"] / 60),
        "trainSizePx": max(stage[1] for stage in config.stages),
        "compute": compute,
    }
    own = {k: v for k, v in {"id": words.id, "title": words.title}.items() if v}
    for name, gap in export(method, model, config, training, words.to, own).items():
        print(f"{name}: largest difference {gap:.2e}")
    if words.card:
        write_card(words.to, config, json.loads((words.to / "manifest.json").read_text()))
    if words.pack is not None:
        pack(words.to, words.pack)


if __name__ == "__main__":
    main()
