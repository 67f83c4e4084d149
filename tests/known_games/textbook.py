"""Solving a textbook game at one parameter point, and asking it for outcomes by their text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from tenbin.forms import room
from tenbin.forms.contract import Certificate, Solution, SolverOptions
from tenbin.scenario.expressions import evaluate
from tenbin.scenario.grammar import parse_expression
from tenbin.scenario.objects import Scenario
from tenbin.scenario.reading import load_scenario

TEXTBOOK = files("tenbin.library") / "textbook"

GAMES = tuple(sorted(path.name[:-5] for path in TEXTBOOK.iterdir() if path.name.endswith(".yaml")))


@cache
def textbook(name: str) -> Scenario:
    """A scenario of the textbook library."""
    return load_scenario(str(TEXTBOOK / f"{name}.yaml"))


def draw_numbers(name: str, worlds: int, seed: int) -> dict[str, np.ndarray]:
    """Uncertainties drawn evenly over their ranges, and the derived numbers [worlds]."""
    rng = np.random.default_rng(seed)
    spans = {u.name: (u.low, u.high) for u in textbook(name).uncertainties.values()}
    return complete(name, {n: rng.uniform(low, high, worlds) for n, (low, high) in spans.items()})


def complete(name: str, numbers: dict) -> dict:
    """The numbers with the scenario's derived numbers added."""
    found = dict(numbers)
    for derived in textbook(name).derived.values():
        found[derived.name] = evaluate(derived.expression, found)
    return found


class Solved:
    """A model of a textbook scenario, solved and certified in some worlds."""

    def __init__(self, name: str, model: str, numbers: dict, worlds: int) -> None:
        options = SolverOptions()
        self.room = room(textbook(name).models[model].form)
        compiled = self.room.compile(textbook(name), model, {})
        self.game: Any = self.room.bind(compiled, numbers, {}, worlds)
        self.solution: Solution = self.room.solve(self.game, options)
        self.certificate: Certificate = self.room.certify(self.game, self.solution, options)

    def outcome(self, text: str) -> np.ndarray:
        """An outcome [W] of the selected equilibrium, e.g. `P(radg.conflict)`."""
        expression, problems = parse_expression(text)
        assert expression is not None, problems
        (call,) = expression.calls
        assert not self.room.check_call(self.game.model, call)
        return self.room.outcome(self.game, self.solution, call)[:, 0]


@cache
def solve_point(name: str, model: str, point: tuple[tuple[str, float], ...]) -> Solved:
    """A model at one point of its uncertainties; those not given stand at their midpoints."""
    middle = {u.name: (u.low + u.high) / 2 for u in textbook(name).uncertainties.values()}
    numbers = complete(name, {**middle, **dict(point)})
    return Solved(name, model, {k: np.array([v], dtype=float) for k, v in numbers.items()}, 1)
