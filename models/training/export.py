"""Checkpoint -> reference.onnx, colorize.onnx, manifest.json, checked against PyTorch.

    python -m training.export scft --to ../scft

Initialisers are stored in half precision with a Cast to single precision, so that files are half
as large and every provider still computes in single precision. The export fails if the graphs
differ from PyTorch by more than 1e-3 before, or 2/255 after, the weights are rounded.
"""

from __future__ import annotations

import argparse
import hashlib
import inspect
import json
import os
import platform
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .config import Config, load_config
from .networks.scft import SCFT, STRIDE
from .places import RUNS

OPSET = 17
LARGEST_FP32 = 1e-3
LARGEST_SHIPPED = 2 / 255
LARGEST_FILE = 16 * 2**20
LARGEST_COLORIZER = 20_000_000

Arrays = dict[str, NDArray[np.float32]]


def to_onnx(
    graph: nn.Module, inputs: dict[str, torch.Tensor], axes: dict[str, dict[int, str]], path: Path
) -> None:
    """Traces `graph`; `axes` names inputs and outputs and their dynamic dimensions."""
    outputs = [name for name in axes if name not in inputs]
    words: dict[str, Any] = {}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:
        words["dynamo"] = False
    torch.onnx.export(
        graph.eval(),
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
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
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 16:
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


def run_graph(path: Path, inputs: Arrays) -> Arrays:
    """One run on the CPU provider: output name -> array."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def largest_differences(model: SCFT, folder: Path) -> dict[str, float]:
    """Largest |ONNX - PyTorch| of each output, over sizes the trace did not see."""
    worst: dict[str, float] = {}
    draw = torch.Generator().manual_seed(7)
    for batch, (h, w), (rh, rw), references in (
        (1, (256, 256), (256, 256), 1),
        (2, (128, 192), (96, 160), 1),
        (1, (64, 320), (128, 128), 3),
    ):
        sketch = torch.rand(batch, 1, h, w, generator=draw)
        sketch = (sketch > 0.1).float()
        keys, values, ours_k, ours_v = [], [], [], []
        for _ in range(references):
            reference = torch.rand(batch, 3, rh // 16, rw // 16, generator=draw)
            reference = nn.functional.interpolate(reference, scale_factor=16.0, mode="bilinear")
            with torch.no_grad():
                k, v = model.reference(reference)
            made = run_graph(folder / "reference.onnx", {"reference": reference.numpy()})
            keys.append(k)
            values.append(v)
            ours_k.append(made["keys"])
            ours_v.append(made["values"])
        all_keys, all_values = torch.cat(keys, 1), torch.cat(values, 1)
        with torch.no_grad():
            colour, attention = model.colorize(sketch, all_keys, all_values)
        made = run_graph(
            folder / "colorize.onnx",
            {
                "sketch": sketch.numpy(),
                "keys": np.concatenate(ours_k, 1),
                "values": np.concatenate(ours_v, 1),
            },
        )
        pairs = {
            "keys": (np.concatenate(ours_k, 1), all_keys),
            "values": (np.concatenate(ours_v, 1), all_values),
            "colour": (made["colour"], colour),
            "attention": (made["attention"], attention),
        }
        for name, (ours, theirs) in pairs.items():
            if ours.shape != tuple(theirs.shape):
                raise AssertionError(f"{name}: shape {ours.shape}, PyTorch {tuple(theirs.shape)}")
            gap = float(np.abs(ours - theirs.numpy()).max())
            worst[name] = max(worst.get(name, 0.0), gap)
    return worst


def trace(model: SCFT, folder: Path) -> None:
    """Both graphs in single precision into `folder`."""
    keys, values = model.reference(torch.rand(1, 3, 64, 96))
    to_onnx(
        model.reference,
        {"reference": torch.rand(1, 3, 64, 96)},
        {
            "reference": {0: "N", 2: "H", 3: "W"},
            "keys": {0: "N", 1: "T"},
            "values": {0: "N", 1: "T"},
        },
        folder / "reference.onnx",
    )
    to_onnx(
        model.colorize,
        {"sketch": torch.rand(1, 1, 80, 64), "keys": keys.detach(), "values": values.detach()},
        {
            "sketch": {0: "N", 2: "H", 3: "W"},
            "keys": {0: "N", 1: "T"},
            "values": {0: "N", 1: "T"},
            "colour": {0: "N", 2: "H", 3: "W"},
            "attention": {0: "N", 1: "Q", 2: "T"},
        },
        folder / "colorize.onnx",
    )


def described(path: Path, inputs: dict[str, list[Any]], outputs: dict[str, list[Any]]) -> Any:
    blob = path.read_bytes()
    return {
        "file": path.name,
        "sha256": hashlib.sha256(blob).hexdigest(),
        "bytes": len(blob),
        "inputs": inputs,
        "outputs": outputs,
    }


def export(model: SCFT, config: Config, training: dict[str, Any], folder: Path) -> dict[str, float]:
    """Writes the three files whole or not at all; returns the largest differences measured."""
    model = model.eval()
    with tempfile.TemporaryDirectory() as room:
        single, half = Path(room, "single"), Path(room, "half")
        single.mkdir()
        half.mkdir()
        trace(model, single)
        before = largest_differences(model, single)
        # keys and values grow with training; the colour is what has a scale, and the others are
        # held to the same share of their own
        limit_of = {name: LARGEST_FP32 for name in before}
        with torch.no_grad():
            k, v = model.reference(torch.rand(1, 3, 64, 64))
        limit_of["keys"] *= max(1.0, float(k.abs().max()))
        limit_of["values"] *= max(1.0, float(v.abs().max()))
        for name, gap in before.items():
            if gap > limit_of[name]:
                raise AssertionError(f"{name} differs from PyTorch by {gap:.2e} in fp32")
        for name in ("reference.onnx", "colorize.onnx"):
            half_weights(single / name, half / name)
        after = largest_differences(model, half)
        if after["colour"] > LARGEST_SHIPPED:
            raise AssertionError(f"colour differs by {after['colour'] * 255:.2f}/255 as shipped")
        sizes = [(half / name).stat().st_size for name in ("reference.onnx", "colorize.onnx")]
        if max(sizes) > LARGEST_FILE or sum(sizes) > LARGEST_COLORIZER:
            raise AssertionError(f"too large: {sizes}")
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("reference.onnx", "colorize.onnx"):
            part = folder / f".{name}.part"
            part.write_bytes((half / name).read_bytes())
            part.replace(folder / name)
    keys, values = ["N", "T", config.key_width], ["N", "T", config.width]
    manifest = {
        "id": "scft",
        "version": "1.0.0",
        "method": "scft",
        "title": "SCFT",
        "summary": "Colours a drawing from reference pictures by dense semantic correspondence.",
        "licence": "CC BY-SA 4.0",
        "opset": OPSET,
        "stride": STRIDE,
        "sizes": [256, 512, 768],
        "defaultSize": 256,
        "graphs": {
            "reference": described(
                folder / "reference.onnx",
                {"reference": ["N", 3, "H", "W"]},
                {"keys": keys, "values": values},
            ),
            "colorize": described(
                folder / "colorize.onnx",
                {"sketch": ["N", 1, "H", "W"], "keys": keys, "values": values},
                {"colour": ["N", 3, "H", "W"], "attention": ["N", "Q", "T"]},
            ),
        },
        "training": training,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return before | {f"{name} shipped": gap for name, gap in after.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("config")
    parser.add_argument("--run", default=None, help="run folder; the config's name by default")
    parser.add_argument("--to", type=Path, required=True, help="model folder to write")
    parser.add_argument("--compute", default="", help="what it was trained on, for the manifest")
    words = parser.parse_args()
    config = load_config(words.config)
    saved = torch.load(RUNS / (words.run or words.config) / "last.pt", map_location="cpu")
    model = SCFT(config.key_width, config.width)
    model.load_state_dict(saved["ema"])
    compute = words.compute or f"{os.cpu_count()} cores, {platform.machine()}"
    training = {
        "steps": saved["step"],
        "minutes": round(saved["spent_s"] / 60),
        "trainSizePx": max(stage[1] for stage in config.stages),
        "compute": compute,
    }
    for name, gap in export(model, config, training, words.to).items():
        print(f"{name}: largest difference {gap:.2e}")


if __name__ == "__main__":
    main()
