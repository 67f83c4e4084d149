"""The room of the form `conflict`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rich.console import RenderableType

from tenbin.errors import Problem
from tenbin.forms.conflict.describe import describe_equilibria
from tenbin.forms.conflict.game import (
    BoundConflict,
    ConflictModel,
    bind_conflict,
    compile_conflict,
)
from tenbin.forms.conflict.outcomes import (
    check_call,
    conflict_outcome,
    is_probability,
    outcome_scale,
)
from tenbin.forms.conflict.tables import CONCEPTS, ConflictSolution
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["ROOM", "ConflictRoom"]


class ConflictRoom:
    """The graph model for conflict resolution."""

    name = "conflict"
    concepts = CONCEPTS
    sample = 0

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> ConflictModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        return compile_conflict(scenario, model, play)

    def check_call(self, model: ConflictModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: ConflictModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        return model.numbers.check(numbers, outcomes, worlds)

    def bind(
        self,
        model: ConflictModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundConflict:
        """The conflicts [W] of this model."""
        return bind_conflict(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels, once per machine, or load them."""
        from tenbin.forms.conflict.solvers.warm import warm_up

        warm_up(say)

    def solve(self, game: BoundConflict, options: SolverOptions) -> ConflictSolution:
        """All equilibria of every world, by the concept of the options, else of the model."""
        from tenbin.forms.conflict.solvers.stability import solve_stability

        concept = options.concept or game.model.concept
        return solve_stability(game.game, replace(options, concept=concept))

    def certify(
        self, game: BoundConflict, solution: ConflictSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of stability says of a solution."""
        from tenbin.forms.conflict.certify import certify_conflict

        return certify_conflict(game.game, solution, options.tolerance)

    def outcome(self, game: BoundConflict, solution: ConflictSolution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN in slots without an equilibrium."""
        return conflict_outcome(game, solution, call)

    def describe(
        self,
        game: BoundConflict,
        solution: ConflictSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """The equilibria of one world, as plain data."""
        return describe_equilibria(game, solution, certificate, world)

    def scale(self, game: BoundConflict, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Any,
        game: BoundConflict,
        solution: ConflictSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The graph of the conflict with its equilibria in one world."""
        from tenbin.forms.conflict.draw import draw_conflict

        return draw_conflict(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Any,
        game: BoundConflict,
        solution: ConflictSolution,
        language: str,
        world: int = 0,
    ) -> RenderableType:
        """The same as lines for a terminal."""
        from tenbin.forms.conflict.draw import text_conflict

        return text_conflict(scenario, game, solution, language, world)


ROOM = ConflictRoom()
