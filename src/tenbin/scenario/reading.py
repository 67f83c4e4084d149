"""The two ways to read a scenario: with its problems as data, or raising them."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from tenbin.errors import Problem, ScenarioError, in_file_order
from tenbin.scenario.build import build_scenario
from tenbin.scenario.gather import gather, gather_data
from tenbin.scenario.objects import Scenario
from tenbin.scenario.source import node_of

__all__ = ["load_data", "load_scenario", "read_data", "read_scenario", "sketch_scenario"]


def read_scenario(path: str | PathLike[str]) -> tuple[Scenario | None, list[Problem]]:
    """A scenario and everything found about it, in the order of the file.

    Parameters
    ----------
    path
        A scenario file, or a folder with a `scenario.yaml`.

    Returns
    -------
    The scenario, None where it cannot be used, and its problems; those with `warning` set do not
    make it unusable. Never raises for bad content.
    """
    return _sound(*sketch_scenario(path))


def sketch_scenario(path: str | PathLike[str]) -> tuple[Scenario | None, list[Problem]]:
    """As `read_scenario`, but a faulty scenario comes with stand-ins for what is faulty.

    Such a scenario is there for further checks and for nothing else. None where nothing can be
    made of it.
    """
    where = Path(path)
    return build_scenario(where, gather(where))


def load_scenario(path: str | PathLike[str]) -> Scenario:
    """A scenario that can be used; its warnings are in `warnings`.

    Raises
    ------
    ScenarioError
        With every problem of the scenario.
    """
    return _usable(*read_scenario(path))


def read_data(data: Mapping[str, Any]) -> tuple[Scenario | None, list[Problem]]:
    """As `read_scenario`, for plain data in the shape of the file."""
    return _sound(*build_scenario(None, gather_data(node_of(dict(data)))))


def load_data(data: Mapping[str, Any]) -> Scenario:
    """As `load_scenario`, for plain data in the shape of the file."""
    return _usable(*read_data(data))


def _sound(
    scenario: Scenario | None, problems: list[Problem]
) -> tuple[Scenario | None, list[Problem]]:
    """The scenario if its problems are mere warnings; the problems in order."""
    usable = scenario if all(problem.warning for problem in problems) else None
    return usable, in_file_order(problems)


def _usable(scenario: Scenario | None, problems: list[Problem]) -> Scenario:
    if scenario is None:
        raise ScenarioError([problem for problem in problems if not problem.warning])
    return scenario
