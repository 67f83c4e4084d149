"""Bargaining models from a few keys, bound, solved, certified and asked by text."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenbin.forms.bargaining.room import ROOM
from tenbin.forms.contract import SolverOptions
from tenbin.scenario import Scenario
from tenbin.scenario.grammar import parse_expression

PIE: dict[str, Any] = {"issues": {"pie": {}}}
OFFERS: dict[str, Any] = {**PIE, "concept": "rubinstein", "discount": {"A": "d1", "B": "d2"}}
ONCE: dict[str, Any] = {"concept": "ultimatum"}


def scenario_of(body: dict[str, Any], names: Any = (), **sections: Any) -> Scenario:
    """A scenario with one model `m` between A and B, reading the named numbers."""
    data: dict[str, Any] = {
        "tenbin": 1,
        "title": "test",
        "players": {"A": "A", "B": "B"},
        "models": {"m": {"form": "bargaining", "players": ["A", "B"], **body}},
        **sections,
    }
    if names:
        data["uncertainties"] = dict.fromkeys(names, "-99..99")
    return Scenario.from_dict(data)


class Solved:
    """A model solved and certified in as many worlds as its longest number has."""

    def __init__(self, body: dict[str, Any], **numbers: Any) -> None:
        self.worlds = max([np.size(value) for value in numbers.values()] + [1])
        self.numbers = {
            name: np.broadcast_to(np.asarray(value, dtype=float), self.worlds).copy()
            for name, value in numbers.items()
        }
        self.model = ROOM.compile(scenario_of(body, numbers), "m", {})
        self.game = ROOM.bind(self.model, self.numbers, {}, self.worlds)
        options = SolverOptions(threads=1)
        self.solution = ROOM.solve(self.game, options)
        self.certificate = ROOM.certify(self.game, self.solution, options)

    def __call__(self, text: str) -> np.ndarray:
        """An outcome [W], such as `agreement(m.pie)`."""
        return ROOM.outcome(self.game, self.solution, self.call(text))[:, 0]

    def call(self, text: str) -> Any:
        """The outcome call of a text, found in order."""
        expression, problems = parse_expression(text)
        assert expression is not None, problems
        (call,) = expression.calls
        assert ROOM.check_call(self.model, call) == []
        return call


def package(issues: int, *, typed: bool = False) -> dict[str, Any]:
    """Issues whose payoffs at share 1 are the numbers a0, b0 (and c0 to the second type), ..."""
    return {
        "issues": {
            f"i{n}": {
                "values": {
                    "A": [0, f"a{n}"],
                    "B": [0, {"eager": f"b{n}", "wary": f"c{n}"} if typed else f"b{n}"],
                }
            }
            for n in range(issues)
        }
    }


def drawn(rng: np.random.Generator, worlds: int, **spans: tuple[float, float]) -> dict[str, Any]:
    """Numbers [worlds] drawn evenly; `a=(0, 1)` draws the number a."""
    return {name: rng.uniform(low, high, worlds) for name, (low, high) in spans.items()}


def drawn_package(
    rng: np.random.Generator, worlds: int, issues: int, letters: str = "ab"
) -> dict[str, Any]:
    """The numbers of `package`, of either sign."""
    return drawn(
        rng, worlds, **{f"{letter}{n}": (-2, 2) for letter in letters for n in range(issues)}
    )
