"""The same scenario with some of its numbers fixed in every world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tenbin.errors import TenbinError, nearest
from tenbin.scenario.objects import Scenario

__all__ = ["with_numbers"]

_SECTIONS = ("uncertainties", "constants", "derived", "levers")


def with_numbers(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """A scenario in which the named numbers are constants; policies no longer set them.

    It keeps the path of the one it was made of, and none of its files.

    Parameters
    ----------
    scenario
        Any scenario.
    values
        Value by name of an uncertainty, a constant, a derived number or a lever.

    Raises
    ------
    TenbinError
        If there is no such number.
    ScenarioError
        If the scenario cannot do without the number's freedom, `rises(outcome, name)` for one.
    """
    for name in values:
        if name not in scenario.number_names:
            guess = nearest(name, tuple(scenario.number_names))
            hint = f" Did you mean '{guess}'?" if guess else ""
            raise TenbinError(f"there is no number '{name}' in the scenario.{hint}")
    data: dict[str, Any] = dict(scenario.data)
    constants = {name: _constant(data, name, value) for name, value in values.items()}
    for section in _SECTIONS:
        kept = {key: item for key, item in data.get(section, {}).items() if key not in values}
        data[section] = {**kept, **constants} if section == "constants" else kept
    data["policies"] = {
        policy: {key: item for key, item in (given or {}).items() if key not in values}
        for policy, given in data.get("policies", {}).items()
    }
    data["correlations"] = [
        item for item in data.get("correlations", []) if not set(item["between"]) & set(values)
    ]
    fixed = Scenario.from_dict({key: item for key, item in data.items() if item})
    return replace(fixed, path=scenario.path)


def _constant(data: Mapping[str, Any], name: str, value: float) -> dict[str, Any]:
    """The constant that takes a number's place, with its unit and title."""
    for section in _SECTIONS:
        given = data.get(section, {}).get(name)
        if isinstance(given, Mapping):
            kept = {key: given[key] for key in ("unit", "title") if key in given}
            return {"value": value, **kept}
    return {"value": value}
