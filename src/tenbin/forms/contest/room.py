"""The room of the form `contest`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import RenderableType

from tenbin.errors import FormError, Problem
from tenbin.forms.contest.game import (
    CONCEPTS,
    BoundContest,
    ContestModel,
    bind_contest,
    check_numbers,
    compile_contest,
)
from tenbin.forms.contest.outcomes import (
    check_call,
    contest_outcome,
    is_probability,
    outcome_scale,
)
from tenbin.forms.contest.tables import ContestSolution
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.scenario.language import Array, Numbers, OutcomeCall

__all__ = ["ROOM", "ContestRoom"]


class ContestRoom:
    """Games of continuous effort: contests, attrition, arms races, alliances."""

    name = "contest"
    concepts = CONCEPTS
    sample = 0

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> ContestModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        return compile_contest(scenario, model, play)

    def check_call(self, model: ContestModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: ContestModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        return check_numbers(model, numbers, outcomes, worlds)

    def bind(
        self,
        model: ContestModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundContest:
        """The games [W] of this model."""
        return bind_contest(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Nothing is compiled."""

    def solve(self, game: BoundContest, options: SolverOptions) -> ContestSolution:
        """Equilibria of every world; the concept is the model's own, which shapes its file."""
        concept = game.model.concept
        if options.concept not in ("", concept):
            what = f"a contest written for '{concept}' cannot be solved as '{options.concept}'"
            raise FormError(what)
        from tenbin.forms.contest.solvers.choose import solve_contest

        return solve_contest(game.game)

    def certify(
        self, game: BoundContest, solution: ContestSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.contest.certify import certify_contest

        return certify_contest(game.game, solution, options.tolerance)

    def outcome(self, game: BoundContest, solution: ContestSolution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN where its condition is impossible."""
        return contest_outcome(game, solution, call)

    def describe(
        self,
        game: BoundContest,
        solution: ContestSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """The equilibria found in one world, as plain data."""
        from tenbin.forms.contest.describe import describe_equilibria

        return describe_equilibria(game, solution, certificate, world)

    def scale(self, game: BoundContest, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Any,
        game: BoundContest,
        solution: ContestSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The pictures of a contest and of its equilibrium in one world."""
        from tenbin.forms.contest.draw import draw_model

        return draw_model(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Any,
        game: BoundContest,
        solution: ContestSolution,
        language: str,
        world: int = 0,
    ) -> RenderableType:
        """The same as lines for a terminal."""
        from tenbin.forms.contest.text import text_model

        return text_model(scenario, game, solution, language, world)


ROOM = ContestRoom()
