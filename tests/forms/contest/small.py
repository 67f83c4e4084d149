"""Contests for tests: built from plain data, solved in given worlds, asked by text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.contest.certify import certify_contest
from tenbin.forms.contest.game import BoundContest
from tenbin.forms.contest.room import ROOM
from tenbin.forms.contest.tables import ContestSolution
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.objects import Scenario


def scenario(body: dict[str, Any], players: str = "AB", names: tuple[str, ...] = ()) -> Scenario:
    """A scenario with one contest `m`; `names` are numbers between 0 and 1."""
    unknown = {"range": "0..1", "source": "judgement"}
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "test",
            "players": {name: name for name in players},
            "uncertainties": dict.fromkeys((*names, "idle"), unknown),
            "models": {"m": {"form": "contest", **body}},
        }
    )


@dataclass
class Solved:
    """A contest solved and certified in some worlds."""

    bound: BoundContest
    solution: ContestSolution
    certificate: Certificate

    def ask(self, text: str) -> np.ndarray:
        """An outcome [W, K]."""
        expression, problems = parse_expression(text)
        assert expression is not None, problems
        (call,) = expression.calls
        assert not ROOM.check_call(self.bound.model, call)
        return ROOM.outcome(self.bound, self.solution, call)

    def certify(self, solution: ContestSolution, tolerance: float = 1e-6) -> Certificate:
        """What the certifier says of another solution of the same games."""
        return certify_contest(self.bound.game, solution, tolerance)


def solve(
    body: dict[str, Any], numbers: dict[str, np.ndarray] | None = None, players: str = "AB"
) -> Solved:
    """The contest `m` with these numbers, in as many worlds as they have."""
    numbers = numbers or {}
    worlds = max((len(values) for values in numbers.values()), default=1)
    model = ROOM.compile(scenario(body, players, tuple(numbers)), "m", {})
    bound = ROOM.bind(model, numbers, {}, worlds)
    solution = ROOM.solve(bound, SolverOptions())
    return Solved(bound, solution, ROOM.certify(bound, solution, SolverOptions()))


def problems_of(body: dict[str, Any], text: str, players: str = "AB") -> list[Problem]:
    """What is wrong with asking for an outcome."""
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    (call,) = expression.calls
    return ROOM.check_call(ROOM.compile(scenario(body, players), "m", {}), call)


def uniform(seed: int, worlds: int, **spans: tuple[float, float]) -> dict[str, np.ndarray]:
    """Numbers drawn evenly between their ends."""
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(low, high, worlds) for name, (low, high) in spans.items()}
