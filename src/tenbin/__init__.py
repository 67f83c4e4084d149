"""tenbin weighs a strategic argument: games solved in many worlds, claims judged.

Names are imported on first use, so that `tenbin --help` does not pay for reading a scenario.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenbin.errors import Problem, ScenarioError, TenbinError
    from tenbin.scenario import Scenario, Text, load_scenario, read_scenario

__version__ = "0.1.0"

__all__ = [
    "Problem",
    "Scenario",
    "ScenarioError",
    "TenbinError",
    "Text",
    "__version__",
    "load_scenario",
    "read_scenario",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name in ("Problem", "ScenarioError", "TenbinError"):
        return getattr(import_module("tenbin.errors"), name)
    if name in __all__:
        return getattr(import_module("tenbin.scenario"), name)
    raise AttributeError(f"module 'tenbin' has no attribute '{name}'")
