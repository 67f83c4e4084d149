"""Text -> `Scenario`: reading, checking, expressions, texts in several languages.

Names are imported on first use, so that whoever needs `language` alone does not pay for the reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenbin.scenario.objects import (
        Because,
        Claim,
        Constant,
        Correlation,
        Derived,
        Fact,
        Lever,
        Measure,
        ModelEntry,
        Objective,
        Player,
        Policy,
        Scenario,
        Uncertainty,
    )
    from tenbin.scenario.reading import load_scenario, read_scenario
    from tenbin.scenario.texts import Text

__all__ = [
    "Because",
    "Claim",
    "Constant",
    "Correlation",
    "Derived",
    "Fact",
    "Lever",
    "Measure",
    "ModelEntry",
    "Objective",
    "Player",
    "Policy",
    "Scenario",
    "Text",
    "Uncertainty",
    "load_scenario",
    "read_scenario",
]

_MODULES = {"Text": "texts", "load_scenario": "reading", "read_scenario": "reading"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_MODULES.get(name, 'objects')}")
    return getattr(module, name)
