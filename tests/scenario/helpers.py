"""Small scenarios as data, and their problems."""

from __future__ import annotations

from typing import Any

from tenbin.errors import Problem
from tenbin.scenario import Scenario
from tenbin.scenario.reading import read_data

BASE: dict[str, Any] = {
    "tenbin": 1,
    "title": "A test",
    "players": {"A": "The first", "B": "The second"},
    "models": {"m": {"form": "tree", "start": "x"}},
}


def scenario(**sections: Any) -> Scenario:
    """The scenario with some sections beside the basic ones."""
    found, problems = read_data({**BASE, **sections})
    assert found is not None, "\n".join(map(str, problems))
    return found


def problems(**sections: Any) -> list[Problem]:
    """What is wrong with a scenario that has these sections."""
    return read_data({**BASE, **sections})[1]


def errors(**sections: Any) -> list[str]:
    """What is wrong in words, without warnings, each behind its place."""
    return [
        f"{problem.place.source}: {problem.what}"
        for problem in problems(**sections)
        if not problem.warning
    ]
