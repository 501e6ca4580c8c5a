"""A model's CARD.md from its template in cards/: words about a network, facts of its training.

The templates tell of the shared data and credit its artists; a model of other pictures needs words
of its own.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any

from .config import Config
from .places import HERE

TEMPLATES = HERE / "cards"
SHARED_TEXTS = ("data", "measured", "credits")
FIGURES = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def write_card(folder: Path, config: Config, manifest: dict[str, Any]) -> None:
    """Writes the card of a freshly exported model, without figures, where it has a template."""
    template = TEMPLATES / f"{config.method}.md"
    if template.exists():
        text = Template(template.read_text()).substitute(facts(config, manifest))
        (folder / "CARD.md").write_text(text)


def write_figures(folder: Path, table: str) -> None:
    """Puts evaluate's table between the card's marks."""
    card = folder / "CARD.md"
    card.write_text(FIGURES.sub(lambda m: f"{m[1]}{table}\n{m[2]}", card.read_text()))


def facts(config: Config, manifest: dict[str, Any]) -> dict[str, str]:
    """What a template may name."""
    training = manifest["training"]
    known = {name: (TEMPLATES / f"{name}.md").read_text().strip() for name in SHARED_TEXTS}
    known |= {name: str(value) for name, value in config.options.items()}
    files = [f"`{g['file']}` {g['bytes'] / 1e6:.1f} MB" for g in manifest["graphs"].values()]
    stages = [
        f"{count} pairs a step at {px} px" + (f" from {begin:.0%} of the time" if begin else "")
        for begin, px, count, _ in config.stages
    ]
    return known | {
        "files": ", ".join(files),
        "steps": f"{training.get('steps', 0):,}",
        "minutes": str(training.get("minutes", 0)),
        "compute": str(training.get("compute", "")),
        "stages": ", ".join(stages),
        "self_share": f"{config.self_share:.0%}",
        "warp_reach": str(config.warp_reach),
        "adversary": f"{config.begins.get('adv', 0):.0%}",
        "ema": str(config.ema),
    }
