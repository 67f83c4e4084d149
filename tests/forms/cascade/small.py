"""Cascades for tests: built from plain data, solved in given worlds, asked by text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tenbin.errors import Problem
from tenbin.forms.cascade.certify import certify_network, certify_regime
from tenbin.forms.cascade.game import BoundCascade
from tenbin.forms.cascade.room import ROOM
from tenbin.forms.cascade.tables import CascadeSolution, RegimeGame
from tenbin.forms.contract import Certificate, SolverOptions
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.objects import Scenario

LETTERS = "ABCDEFGHIJ"


def scenario(body: dict[str, Any], players: str = "ABC", names: tuple[str, ...] = ()) -> Scenario:
    """A scenario with one cascade `m`; `names` are numbers between 0 and 1."""
    unknown = {"range": "0..1", "source": "judgement"}
    return Scenario.from_dict(
        {
            "tenbin": 1,
            "title": "test",
            "players": {name: name for name in players},
            "uncertainties": dict.fromkeys((*names, "idle"), unknown),
            "models": {"m": {"form": "cascade", **body}},
        }
    )


@dataclass
class Solved:
    """A cascade solved and certified in some worlds."""

    bound: BoundCascade
    solution: CascadeSolution
    certificate: Certificate

    def ask(self, text: str) -> np.ndarray:
        """An outcome [W, K]."""
        expression, problems = parse_expression(text)
        assert expression is not None, problems
        (call,) = expression.calls
        assert not ROOM.check_call(self.bound.model, call)
        return ROOM.outcome(self.bound, self.solution, call)

    def certify(self, solution: CascadeSolution, tolerance: float = 1e-6) -> Certificate:
        """What the certifier says of another solution of the same games."""
        game = self.bound.game
        certify = certify_regime if isinstance(game, RegimeGame) else certify_network
        return certify(game, solution, tolerance)  # type: ignore[arg-type]


def solve(
    body: dict[str, Any],
    numbers: dict[str, np.ndarray] | None = None,
    players: str = "ABC",
    play: dict[str, str] | None = None,
    **options: Any,
) -> Solved:
    """The cascade `m` with these numbers, in as many worlds as they have."""
    numbers = numbers or {}
    worlds = max((len(values) for values in numbers.values()), default=1)
    model = ROOM.compile(scenario(body, players, tuple(numbers)), "m", play or {})
    bound = ROOM.bind(model, numbers, {}, worlds)
    chosen = SolverOptions(**options)
    solution = ROOM.solve(bound, chosen)
    return Solved(bound, solution, ROOM.certify(bound, solution, chosen))


def problems_of(body: dict[str, Any], text: str, players: str = "ABC") -> list[Problem]:
    """What is wrong with asking for an outcome."""
    expression, problems = parse_expression(text)
    assert expression is not None, problems
    (call,) = expression.calls
    return ROOM.check_call(ROOM.compile(scenario(body, players), "m", {}), call)


def random_network(
    rng: np.random.Generator, count: int, worlds: int
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """A network with random thresholds and sparse weights on a coarse grid, so that ties occur."""
    names = LETTERS[:count]
    numbers: dict[str, np.ndarray] = {}
    influence: dict[str, dict[str, str]] = {name: {} for name in names}
    for one in names:
        numbers[f"t{one}"] = rng.integers(0, 6, worlds) / 2.0
        for other in names:
            if one != other and rng.random() < 0.6:
                influence[one][other] = f"w{one}{other}"
                numbers[f"w{one}{other}"] = rng.integers(0, 4, worlds) / 2.0
    thresholds = {name: f"t{name}" for name in names}
    return {"thresholds": thresholds, "influence": influence, "players": list(names)}, numbers
