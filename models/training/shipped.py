"""A trained network back from its ONNX files, to train on from there.

Exporting renames and transposes some weights. So a network full of known random numbers is
exported beside the shipped one: where its numbers come to lie is where the trained ones are.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .config import Config
from .export import to_onnx
from .graphs import method_of
from .graphs.base import Array


def _initialisers(path: Path) -> list[Array]:
    graph = onnx.load(str(path)).graph
    arrays = [numpy_helper.to_array(t) for t in graph.initializer]
    return [np.asarray(a, np.float32) for a in arrays if a.dtype in (np.float16, np.float32)]


def network_of(folder: Path, config: Config) -> nn.Module:
    """The generator in model folder `folder`, whose networks `config` describes.

    Raises ValueError where the files belong to another network.
    """
    manifest = json.loads((folder / "manifest.json").read_text())
    if manifest["method"] != config.method:
        raise ValueError(f"{folder} holds {manifest['method']}, not {config.method}")
    method = method_of(config.method)
    model = method.build(config)
    draw = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=draw) * 0.1)
    named = {p.detach().numpy().tobytes(): (p, False) for p in model.parameters()}
    for p in model.parameters():
        if p.ndim == 2:
            named[p.detach().numpy().T.copy().tobytes()] = (p, True)
    found: dict[nn.Parameter, torch.Tensor] = {}
    with tempfile.TemporaryDirectory() as room:
        for name, graph in method.graphs(model, config).items():
            fresh = Path(room, f"{name}.onnx")
            to_onnx(graph, fresh)
            theirs = _initialisers(folder / manifest["graphs"][name]["file"])
            ours = _initialisers(fresh)
            if [a.shape for a in ours] != [a.shape for a in theirs]:
                raise ValueError(f"{folder / name} has other weights than config {config.method}")
            for mine, trained in zip(ours, theirs, strict=True):
                if mine.tobytes() in named:
                    parameter, transposed = named[mine.tobytes()]
                    array = (trained.T if transposed else trained).copy()
                    found[parameter] = torch.from_numpy(array)
    missing = [name for name, p in model.named_parameters() if p not in found]
    if missing:
        raise ValueError(f"{folder} does not say {', '.join(missing)}")
    with torch.no_grad():
        for known, value in found.items():
            known.copy_(value.view_as(known))
    return model
