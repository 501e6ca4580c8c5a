"""The face model's CARD.md from cards/face.md: facts of training, then evaluate's figures."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template

from ..cards import TEMPLATES


def write_card(folder: Path) -> None:
    """Writes the card of a freshly exported model, without figures."""
    manifest = json.loads((folder / "manifest.json").read_text())
    training, bank, graphs = manifest["training"], manifest["bank"], manifest["graphs"]
    size = sum(g["bytes"] for g in graphs.values())
    size += sum(bank[kind]["bytes"] for kind in ("vectors", "sketches", "table"))
    text = Template((TEMPLATES / "face.md").read_text()).substitute(
        steps=f"{training['steps']:,}",
        component_steps=f"{training['componentSteps']:,}",
        minutes=training["minutes"],
        compute=training["compute"],
        output_px=manifest["outputPx"],
        graphs=len(graphs),
        megabytes=f"{size / 1e6:.1f}",
        synthesise_megabytes=f"{graphs['synthesise']['bytes'] / 1e6:.1f}",
        people=f"{bank['people']:,}",
        count=f"{bank['count']:,}",
    )
    (folder / "CARD.md").write_text(text)
