"""What the program's own measures are held to is what measures.py says today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training import measures
from training.tests.make_measures import FOLDER, drawing_of, figures, read

KNOWN: list[dict[str, Any]] = json.loads(Path(FOLDER, "measures.json").read_text())


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known['output']} {known['target']}")
def test_the_known_figures_are_what_is_measured(known: dict[str, Any]) -> None:
    target = read(known["target"])
    for name, value in figures(read(known["output"]), target, drawing_of(target)).items():
        assert value == pytest.approx(known[name], abs=5e-4), name


def test_growing_goes_ring_by_ring_from_the_first_neighbour_in_reading_order() -> None:
    labels = np.zeros((3, 5), np.int32)
    labels[0, 0], labels[2, 4] = 1, 2
    assert measures.grown(labels).tolist() == [
        [1, 1, 1, 2, 2],
        [1, 1, 1, 2, 2],
        [1, 1, 1, 2, 2],
    ]
