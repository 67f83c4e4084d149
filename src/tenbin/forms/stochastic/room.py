"""The room of the form `stochastic`: what run, judge, report and check reach it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenbin.errors import Problem
from tenbin.forms.contract import Certificate, Drawing, SolverOptions
from tenbin.forms.stochastic.asked import check_call, is_probability
from tenbin.forms.stochastic.bind import BoundGame, bind_stochastic, check_numbers
from tenbin.forms.stochastic.game import CONCEPTS, StochasticModel, compile_stochastic
from tenbin.forms.stochastic.tables import StochasticSolution
from tenbin.scenario.language import Array, Numbers, OutcomeCall
from tenbin.scenario.objects import Scenario

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["ROOM", "StochasticRoom"]


class StochasticRoom:
    """Discounted stochastic games with public states, counters and at most one private type."""

    name = "stochastic"
    concepts = CONCEPTS
    sample = 128

    def compile(self, scenario: Any, model: str, play: dict[str, str]) -> StochasticModel:
        """The structure of one model; `ScenarioError` with every structural problem."""
        return compile_stochastic(scenario, model, play)

    def check_call(self, model: StochasticModel, call: OutcomeCall) -> list[Problem]:
        """What is wrong with an outcome call; empty where it can be answered."""
        return check_call(model, call)

    def is_probability(self, call: OutcomeCall) -> bool:
        """Whether the outcome lies in [0, 1] by definition."""
        return is_probability(call)

    def check_numbers(
        self,
        model: StochasticModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> list[Problem]:
        """What is wrong with its numbers in some of the worlds."""
        return check_numbers(model, numbers, outcomes, worlds)

    def bind(
        self,
        model: StochasticModel,
        numbers: Numbers,
        outcomes: dict[OutcomeCall, Array],
        worlds: int,
    ) -> BoundGame:
        """The games [W] of this model."""
        return bind_stochastic(model, numbers, outcomes, worlds)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Compile the kernels, once per machine, or load them."""
        from tenbin.forms.stochastic.warm import warm_up

        warm_up(say)

    def solve(self, game: BoundGame, options: SolverOptions) -> StochasticSolution:
        """Equilibria of every world, by the concept of the options, else of the model."""
        from tenbin.forms.stochastic.solve import solve_game

        concept = options.concept or game.model.concept
        precision = options.precision if options.precision is not None else game.model.precision
        return solve_game(game.game, replace(options, concept=concept, precision=precision))

    def certify(
        self, game: BoundGame, solution: StochasticSolution, options: SolverOptions
    ) -> Certificate:
        """What the definition of the equilibrium says of a solution."""
        from tenbin.forms.stochastic.certify import certify_stochastic

        return certify_stochastic(game.game, solution, options.tolerance)

    def outcome(self, game: BoundGame, solution: StochasticSolution, call: OutcomeCall) -> Array:
        """The outcome [W, K]; NaN where it is undefined."""
        from tenbin.forms.stochastic.outcomes import stochastic_outcome

        return stochastic_outcome(game, solution, call)

    def describe(
        self,
        game: BoundGame,
        solution: StochasticSolution,
        certificate: Certificate,
        world: int,
    ) -> list[dict[str, Any]]:
        """The equilibria found in one world, as plain data."""
        from tenbin.forms.stochastic.describe import describe_equilibria

        return describe_equilibria(game, solution, certificate, world)

    def scale(self, game: BoundGame, call: OutcomeCall) -> float | Array:
        """What the tolerance of a comparison of the outcome is relative to: a number, or [W]."""
        from tenbin.forms.stochastic.outcomes import outcome_scale

        return outcome_scale(game, call)

    def draw(
        self,
        scenario: Scenario,
        game: BoundGame,
        solution: StochasticSolution,
        language: str,
        world: int = 0,
    ) -> list[Drawing]:
        """The state diagram, the curves of survival, and the record beside the model."""
        from tenbin.forms.stochastic.draw import draw_model

        return draw_model(scenario, game, solution, language, world)

    def text(
        self,
        scenario: Scenario,
        game: BoundGame,
        solution: StochasticSolution,
        language: str,
        world: int = 0,
    ) -> RenderableType:
        """The states with what is done in them, as lines for a terminal."""
        from tenbin.forms.stochastic.draw import text_model

        return text_model(scenario, game, solution, language, world)


ROOM = StochasticRoom()
