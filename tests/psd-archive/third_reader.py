"""Compares what `compare.mjs --dump DIR` wrote with psd-tools (pip install psd-tools numpy): layer names, places, looks,
pixels with masks, and Inkwash's composite with the one each file carries.

    python tests/psd-archive/third_reader.py DIR
"""

import json
import logging
import sys
from pathlib import Path

import numpy as np
from psd_tools import PSDImage
from psd_tools.constants import BlendMode

logging.disable(logging.CRITICAL)


def on_grey(rgba):
    alpha = rgba[..., 3:].astype(np.float64) / 255
    return rgba[..., :3] * alpha + 128 * (1 - alpha)


def to_bytes(array):
    """psd-tools gives 0-1 floats; 32-bit files hold linear light."""
    return np.clip(np.round(array * 255), 0, 255).astype(np.uint8)


def srgb(linear):
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def pixels_of(layer, depth):
    """RGBA of a layer, its mask multiplied in; None when it has no pixels."""
    colour = layer.numpy("color")
    if colour is None or colour.size == 0:
        return None
    if depth == 32:
        colour = srgb(colour)
    if colour.shape[2] == 1:
        colour = np.repeat(colour, 3, axis=2)
    shape = layer.numpy("shape")
    alpha = shape if shape is not None else np.ones(colour.shape[:2] + (1,))
    return to_bytes(np.concatenate([colour[..., :3], alpha], axis=2))


def flat(layers):
    for layer in layers:
        yield layer
        if layer.is_group():
            yield from flat(layer)


def ours(layers):
    for layer in layers:
        yield layer
        yield from ours(layer.get("children", []))


def compare(folder):
    about = json.loads((folder / "document.json").read_text())
    psd = PSDImage.open(about["file"])
    mine, theirs = list(ours(about["layers"])), list(flat(psd))
    problems, notes = [], []
    if theirs and [m["name"] for m in mine] != [t.name for t in theirs]:
        return [f"names {[m['name'] for m in mine]} / {[t.name for t in theirs]}"], notes
    for m, t in zip(mine, theirs):
        if abs(round(m["opacity"] * 255) - t.opacity) > 0 and "iOpa" not in str(list(t.tagged_blocks.keys())):
            fill = t.tagged_blocks.get_data("BLEND_FILL_OPACITY", 255)
            if abs(m["opacity"] * 255 - t.opacity * fill / 255) > 1:
                problems.append(f"{m['name']}: opacity {m['opacity']} / {t.opacity}")
        if m["visible"] != t.visible:
            problems.append(f"{m['name']}: visible {m['visible']}")
        if m["clipped"] != t.clipping:
            problems.append(f"{m['name']}: clipped {m['clipped']}")
        through = t.blend_mode == BlendMode.PASS_THROUGH
        if m["kind"] == "group" and m["passThrough"] != through:
            problems.append(f"{m['name']}: pass through {m['passThrough']}")
        if not through and m["blend"].replace("-", "_") != t.blend_mode.name.lower():
            problems.append(f"{m['name']}: blend {m['blend']} / {t.blend_mode.name}")
        if m["kind"] == "group":
            continue
        if t.width == 0 or t.height == 0 or t._record.width == 0 or t._record.height == 0:
            continue
        rgba = np.frombuffer((folder / m["pixels"]).read_bytes(), np.uint8).reshape(m["height"], m["width"], 4)
        want = pixels_of(t, psd.depth)
        if want is None:
            continue
        record = t._record
        if (m["x"], m["y"], m["width"], m["height"]) != (record.left, record.top, record.width, record.height):
            problems.append(f"{m['name']}: lies at {m['x']},{m['y']}")
            continue
        if want.shape != rgba.shape:
            notes.append(f"{m['name']}: psd-tools gives {want.shape}")
            continue
        if t.mask is not None and not t.mask.disabled or any(p.mask for p in parents(t)):
            want = want.copy()
            want[..., 3] = np.minimum(want[..., 3], rgba[..., 3])
        apart = np.abs(on_grey(rgba) - on_grey(want)).mean()
        if apart > 1:
            problems.append(f"{m['name']}: differs by {apart:.2f}")
    flat_rgba = np.frombuffer((folder / "flat.rgba").read_bytes(), np.uint8).reshape(about["height"], about["width"], 4)
    composite = psd.numpy()
    if composite is not None and psd.depth != 32 and psd.has_preview():
        if composite.shape[2] < 3:
            composite = np.concatenate([np.repeat(composite[..., :1], 3, 2), composite[..., 1:]], 2)
        if composite.shape[2] == 3:
            composite = np.concatenate([composite, np.ones(composite.shape[:2] + (1,))], 2)
        want = to_bytes(composite[..., :4])
        white = lambda rgba: rgba[..., :3] * (rgba[..., 3:] / 255.0) + 255 - rgba[..., 3:]
        apart = np.abs(white(flat_rgba.astype(float)) - white(want.astype(float))).mean()
        losses = " (" + about["notes"][0][-60:] + ")" if about["notes"] else ""
        if apart > 1:
            notes.append(f"composite differs by {apart:.2f} from the file's own{losses}")
    return problems, notes


def parents(layer):
    while layer.parent is not None and layer.parent.kind != "psdimage":
        layer = layer.parent
        yield layer


bad = same = unreadable = 0
for place in sorted(Path(sys.argv[1]).iterdir()):
    try:
        problems, notes = compare(place)
    except Exception as error:  # whatever a reader makes of a file that is malformed on purpose
        unreadable += 1
        print(f"{place.name}: psd-tools can't: {type(error).__name__} {error}"[:200])
        continue
    bad += bool(problems)
    same += not problems
    for line in problems:
        print(f"{place.name}: DIFFERS {line}")
    for line in notes:
        print(f"{place.name}: {line}")
print(f"{same} the same in psd-tools, {bad} differ, {unreadable} it can't open")
sys.exit(1 if bad else 0)
