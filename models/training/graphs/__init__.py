"""What the models look like once exported: their graphs, and how a card runs them."""

from __future__ import annotations

import importlib

from .base import Method


def method_of(name: str) -> Method:
    """The description of method `name`, graphs/<name>.py."""
    made: Method = importlib.import_module(f"{__name__}.{name}").METHOD
    return made
