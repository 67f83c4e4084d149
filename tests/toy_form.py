"""The smallest room: one player, one decision, each action's payoff a number of the file.

A model's body is `{player: NAME, actions: {ACTION: NUMBER, ...}}`. The best action is taken; each
of several best ones is an equilibrium of its own. Outcomes are `P(m.ACTION)` and `E(m.PLAYER)`;
`play: {m.choose: ACTION}` commits. `P(m.ACTION, given=m.OTHER)` is impossible, so it is NaN.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenbin.errors import Problem, ScenarioError
from tenbin.forms import room
from tenbin.forms.contract import Certificate, SolverOptions, Status
from tenbin.run import resolve
from tenbin.scenario.expressions import evaluate, parse_expression
from tenbin.scenario.language import Array, Expression, Numbers, OutcomeCall

TIE = 1e-9


@dataclass(frozen=True)
class ToyModel:
    name: str
    player: str
    actions: dict[str, Expression]
    concept: str = "best"
    form: str = "toy"

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(item.names for item in self.actions.values()))

    @property
    def links(self) -> tuple[OutcomeCall, ...]:
        return tuple(call for item in self.actions.values() for call in item.calls)

    @property
    def size(self) -> dict[str, int]:
        return {"terminal_nodes": len(self.actions)}


@dataclass(frozen=True)
class ToyGame:
    model: ToyModel
    payoffs: Array
    """[W, A]"""


@dataclass(frozen=True)
class ToySolution:
    chosen: NDArray[np.intp]
    found: NDArray[np.bool_]
    status: NDArray[np.int8]
    complete: NDArray[np.bool_]
    method: str = "comparison"
    flags: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


class ToyRoom:
    name = "toy"
    concepts = ("best", "timid", "wrong")
    sample = 0
    unit_concepts = ()
    searches: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.solved: list[tuple[str, int]] = []
        """Every call of `solve`: the model, the number of worlds."""

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> ToyModel:
        entry = scenario.models[model]
        actions: dict[str, Expression] = {}
        for action, text in entry.body["actions"].items():
            expression, problems = parse_expression(text, entry.place_of("actions", action))
            if expression is None:
                raise ScenarioError(problems)
            if play.get("choose", action) == action:
                actions[action] = expression
        return ToyModel(model, entry.body["player"], actions, entry.concept or "best")

    def check_call(self, model: ToyModel, call: OutcomeCall) -> list[Problem]:
        known = (model.player,) if call.function == "E" else tuple(model.actions)
        named = str(call.arguments[0])
        if named in known or call.function == "P":
            return []
        return [Problem(call.place, f"'{model.name}' has no '{named}'", named, known)]

    def is_probability(self, call: OutcomeCall) -> bool:
        return call.function == "P"

    def check_numbers(
        self, model: ToyModel, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> list[Problem]:
        return []

    def uncompiled(self, models: list[ToyModel]) -> dict[str, float]:
        return {}

    def bind(
        self, model: ToyModel, numbers: Numbers, outcomes: dict[OutcomeCall, Array], worlds: int
    ) -> ToyGame:
        columns = [
            np.broadcast_to(evaluate(item, numbers, outcomes), worlds)
            for item in model.actions.values()
        ]
        return ToyGame(model, np.stack(columns, axis=1))

    def solve(self, game: ToyGame, options: SolverOptions) -> ToySolution:
        payoffs = game.payoffs
        self.solved.append((game.model.name, len(payoffs)))
        finite = np.isfinite(payoffs).all(axis=1)
        order = np.argsort(-np.where(finite[:, None], payoffs, 0.0), axis=1, kind="stable")
        chosen = order[:, :2] if options.concept != "wrong" else order[:, ::-1][:, :1]
        ranked = np.take_along_axis(payoffs, chosen, axis=1)
        found = (ranked >= ranked[:, :1] - TIE) & finite[:, None]
        status = np.where(finite, Status.SOLVED, Status.NOT_FINITE).astype(np.int8)
        if options.concept == "timid":
            status = np.where(finite, Status.MAX_STEPS_REACHED, status).astype(np.int8)
        ties = {"tie": found.sum(axis=1) > 1}
        return ToySolution(chosen, found, status, finite, flags=ties)

    def certify(self, game: ToyGame, solution: ToySolution, options: SolverOptions) -> Certificate:
        taken = np.take_along_axis(game.payoffs, solution.chosen, axis=1)
        residual = game.payoffs.max(axis=1, keepdims=True) - taken
        margin = np.sort(game.payoffs, axis=1)[:, -1:] - np.sort(game.payoffs, axis=1)[:, :1]
        margin = np.broadcast_to(margin, residual.shape)
        return Certificate(residual, np.zeros_like(residual), margin, residual <= options.tolerance)

    def outcome(self, game: ToyGame, solution: ToySolution, call: OutcomeCall) -> Array:
        if call.given is not None:
            return np.full(solution.found.shape, np.nan)
        if call.function == "E":
            return np.take_along_axis(game.payoffs, solution.chosen, axis=1)
        names = list(game.model.actions)
        action = str(call.arguments[0])
        if action not in names:
            return np.zeros(solution.found.shape)
        return (solution.chosen == names.index(action)).astype(np.float64)

    def scale(self, game: ToyGame, call: OutcomeCall) -> float | Array:
        return 1.0 if call.function == "P" else np.maximum(np.ptp(game.payoffs, axis=1), 1e-12)


@contextmanager
def toy_room() -> Iterator[ToyRoom]:
    """The toy as the room of the form `toy`, for as long as the context lasts."""
    module, toy = ModuleType("tenbin.forms.toy.room"), ToyRoom()
    module.__dict__["ROOM"] = toy
    sys.modules["tenbin.forms.toy"] = ModuleType("tenbin.forms.toy")
    sys.modules["tenbin.forms.toy.room"] = module
    room.cache_clear()
    discovered, resolve.find_rooms = resolve.find_rooms, lambda: ("toy", "tree")
    try:
        yield toy
    finally:
        resolve.find_rooms = discovered
        del sys.modules["tenbin.forms.toy"], sys.modules["tenbin.forms.toy.room"]
        room.cache_clear()
